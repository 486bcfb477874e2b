//! An answer for people at a terminal.

use std::fmt::Write;

use iam::evaluate::{Decision, Layer, Verdict};
use report::visible;
use text::{Loss, Place, Problem, Sources, Span};

use crate::{Answer, Outcome, Question, Says, Speaker};

/// Most lines of a statement that are shown.
const MOST_LINES: u32 = 12;

/// The answer as text: the decision, the statement that decided, and what each policy says.
pub fn render(question: &Question, answer: &Answer) -> String {
    let mut out = String::new();
    for problem in &answer.problems {
        write_problem(&mut out, problem, &answer.sources);
    }
    match &answer.outcome {
        Some(outcome) => write_outcome(&mut out, question, outcome, &answer.sources),
        None => out.push_str("not decided: a policy has errors\n"),
    }
    out
}

fn write_problem(out: &mut String, problem: &Problem, sources: &Sources) {
    let word = match problem.loss {
        Loss::Incomplete => "error",
        Loss::Nothing => "note",
    };
    let place = match &problem.place {
        Place::Span(span) => place(*span, sources),
        Place::Path(path) => path.clone(),
    };
    let _ = writeln!(out, "{word}: {}\n  {}", visible(&problem.message), visible(&place));
    if let Some(help) = &problem.help {
        let _ = writeln!(out, "  help  {}", visible(help));
    }
    out.push('\n');
}

fn write_outcome(out: &mut String, question: &Question, outcome: &Outcome, sources: &Sources) {
    let word = match &outcome.decision {
        Decision::Allowed => "allowed",
        Decision::ExplicitDeny => "denied by a statement",
        Decision::ImplicitDeny => "denied: not everything that must allow it does",
        Decision::Unknown(_) => "not known",
    };
    let _ = writeln!(out, "{word}");
    let (action, resource) = (visible(&question.action), visible(&question.resource));
    let _ = writeln!(out, "  {action} on {resource} for {}", visible(&question.principal));
    if let Decision::Unknown(why) = &outcome.decision {
        let _ = writeln!(out, "  because of: {}", visible(&why.why));
    }
    if let Some(speaker) = &outcome.decided_by {
        let _ = writeln!(out, "\n{}", visible(&named(speaker, sources)));
        write_lines(out, speaker.span, sources);
    }
    out.push('\n');
    for says in &outcome.says {
        let _ = writeln!(out, "{}", visible(&line(says, sources)));
    }
}

fn line(says: &Says, sources: &Sources) -> String {
    let verdict = match &says.verdict {
        Verdict::Allows => "allows",
        Verdict::Denies => "denies",
        Verdict::Silent => "does not speak of it",
        Verdict::Unknown(_) => "is not known",
    };
    let mut line = format!("{}: {verdict}", layer(says.layer));
    if let Verdict::Unknown(why) = &says.verdict {
        let _ = write!(line, " ({})", why.why);
    }
    if let Some(speaker) = &says.statement {
        let _ = write!(line, ", {}", place(speaker.span, sources));
    }
    line
}

fn named(speaker: &Speaker, sources: &Sources) -> String {
    let sid = speaker.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
    format!("{}: statement{sid} of the {}", place(speaker.span, sources), layer(speaker.layer))
}

fn layer(layer: Layer) -> String {
    match layer {
        Layer::Identity => "identity policies".to_owned(),
        Layer::Resource => "resource policy".to_owned(),
        Layer::Boundary => "permissions boundary".to_owned(),
        Layer::Session => "session policies".to_owned(),
        Layer::ServiceControl(level) => format!("service control policies, level {}", level + 1),
    }
}

fn place(span: Span, sources: &Sources) -> String {
    let Some(source) = sources.of(span) else { return String::new() };
    let position = source.position(span.start);
    format!("{}:{}:{}", source.path, position.line, position.column)
}

fn write_lines(out: &mut String, span: Span, sources: &Sources) {
    let Some(source) = sources.of(span) else { return };
    let (first, last) = (source.position(span.start).line, source.position(span.end).line);
    let shown = last.min(first.saturating_add(MOST_LINES - 1));
    let width = shown.to_string().len();
    for number in first..=shown {
        let line = source.line(number).unwrap_or_default();
        let line: String = visible(&line.replace('\t', "    ")).chars().take(110).collect();
        let _ = writeln!(out, "  {number:width$} | {line}");
    }
    if shown < last {
        let _ = writeln!(out, "  {:width$} | …", "");
    }
}
