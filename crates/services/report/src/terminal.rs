//! The report for people at a terminal: worst last, next to the prompt.

use std::fmt::Write;

use finding::{Rule, Severity};
use scan::{Judged, Scan};
use text::{Loss, Place};

use crate::excerpt::{excerpt, visible};
use crate::{Group, fix, groups};

/// Most other places named in a block.
const PLACES: usize = 4;

/// How it is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences for emphasis.
    Ansi,
    /// Plain text.
    Plain,
}

/// The report as text.
pub fn render(scan: &Scan, colour: Colour) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for problem in &scan.problems {
        let word = match problem.loss {
            Loss::Incomplete => paint.bold("not read"),
            Loss::Nothing => "note".to_owned(),
        };
        let _ = writeln!(out, "{word}: {}", visible(&problem.message));
        let _ = match &problem.place {
            Place::Span(span) => {
                let (file, position) = scan.place_of(*span);
                let file = visible(file);
                writeln!(out, "  {file}:{}:{}", position.line, position.column)
            }
            Place::Path(path) => writeln!(out, "  {}", visible(path)),
        };
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  help  {}", visible(help));
        }
        out.push('\n');
    }
    for not_read in &scan.not_read {
        let _ = {
            let (what, path) = (visible(&not_read.what), visible(&not_read.path));
            writeln!(out, "{}: {what}\n  {path}\n", paint.bold("not read"))
        };
    }
    for group in groups(scan).iter().rev() {
        block(&mut out, scan, group, paint);
        out.push('\n');
    }
    summary(&mut out, scan, paint);
    out
}

fn block(out: &mut String, scan: &Scan, group: &Group<'_>, paint: Paint) {
    let Some(judged) = group.first() else { return };
    let finding = &judged.finding;
    let severity = paint.severity(finding.severity);
    let mut message = finding.message.clone();
    if !finding.conditions.is_empty() {
        let _ = write!(message, " (when {})", finding.conditions.join(" and "));
    }
    let more = group.findings.len() - 1;
    if more > 0 {
        let _ = write!(message, ", and {more} more");
    }
    let _ = writeln!(out, "{severity} {}: {}", paint.bold(finding.rule.id), visible(&message));
    let _ = writeln!(out, "  {}", visible(&place(scan, judged)));
    if let Some(source) = scan.sources.of(finding.span)
        && let Some(excerpt) = excerpt(source, finding.span)
    {
        let number = excerpt.number.to_string();
        let _ = writeln!(out, "  {number} | {}", excerpt.line);
        let margin = " ".repeat(number.len() + 5 + excerpt.indent);
        let carets = paint.caret(&"^".repeat(excerpt.width));
        let _ = writeln!(out, "{margin}{carets}");
    }
    if more > 0 {
        let shown = group.findings.iter().skip(1).take(PLACES);
        let names: Vec<String> = shown.map(|judged| brief_place(scan, group, judged)).collect();
        let rest = more.saturating_sub(PLACES);
        let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        let _ = writeln!(out, "  also  {}{rest}", visible(&names.join(", ")));
    } else if let Some(label) = finding.labels.first() {
        let (file, position) = scan.place_of(label.span);
        let _ = writeln!(
            out,
            "  with  {}:{}:{} {}",
            visible(file),
            position.line,
            position.column,
            visible(&label.text)
        );
    }
    if !finding.path.is_empty() {
        let steps: Vec<&str> = finding.path.iter().map(|step| step.name.as_str()).collect();
        let _ = writeln!(out, "  path  {}", visible(&steps.join(" → ")));
    }
    let reference = finding.link().unwrap_or_default();
    match &finding.fix {
        Some(fix) => {
            // The excerpt shows the old line already.
            let lines = fix::diff(fix, &scan.sources);
            let added: Vec<&str> = lines
                .iter()
                .filter(|(sign, _)| *sign == '+')
                .map(|(_, line)| line.trim())
                .collect();
            let added = match added.as_slice() {
                [line] => format!(": {}", paint.change('+', &format!("+ {}", visible(line)))),
                _ => String::new(),
            };
            let _ = writeln!(out, "  fix   {}{added}", visible(&fix.summary));
        }
        None if is_explained(finding.rule) => {
            let _ = writeln!(out, "  fix   casemate explain {}", finding.rule.id);
        }
        None => {}
    }
    if !reference.is_empty() {
        let _ = writeln!(out, "  see   {reference}");
    }
}

fn place(scan: &Scan, judged: &Judged) -> String {
    let (file, position) = scan.place_of(judged.finding.span);
    let graph = scan.applications.get(judged.application);
    let subject = judged.finding.subjects().next();
    let construct = graph.zip(subject).and_then(|(graph, subject)| {
        graph.entities().find(|entity| entity.id == subject.id)?.construct.as_deref()
    });
    let construct = construct.map(|path| format!(" ({path})")).unwrap_or_default();
    format!("{file}:{}:{}{construct}", position.line, position.column)
}

/// The file is named only where it is another than the block's, its folder likewise.
fn brief_place(scan: &Scan, group: &Group<'_>, judged: &Judged) -> String {
    let (file, position) = scan.place_of(judged.finding.span);
    let name = judged.finding.subjects().next().map_or("", |subject| &subject.name);
    let first = group.first().map_or("", |first| scan.file_of(first));
    let folder = first.rfind('/').and_then(|end| first.get(..=end)).unwrap_or_default();
    let file = if first == file { "" } else { file.strip_prefix(folder).unwrap_or(file) };
    format!("{file}:{} {name}", position.line).trim_start_matches(':').trim_end().to_owned()
}

fn summary(out: &mut String, scan: &Scan, paint: Paint) {
    let counts = scan.counts();
    let functions: usize = scan.applications.iter().map(|graph| graph.functions.len()).sum();
    let total: usize = counts.by_severity.values().sum();
    let severities: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .filter_map(|severity| Some(format!("{} {severity}", counts.by_severity.get(severity)?)))
        .collect();
    let severities =
        if severities.is_empty() { String::new() } else { format!(": {}", severities.join(", ")) };
    let _ = writeln!(
        out,
        "{}{severities} in {} and {}",
        paint.bold(&counted(total, "finding")),
        counted(functions, "function"),
        counted(scan.templates.len(), "template"),
    );
    let mut rest = vec![
        format!("{} suppressed", counts.suppressed),
        format!("{} fixable", counts.fixable),
        format!("{} unknown", counts.unknown),
        format!("{} not read", counts.incomplete + counts.not_read),
    ];
    if counts.baseline > 0 {
        rest.insert(1, format!("{} in the baseline", counts.baseline));
    }
    let _ = writeln!(out, "{}", rest.join(", "));
    let outcome = &scan.outcome;
    let _ = writeln!(out, "exit {}: {}", outcome.exit.code(), outcome.reason);
    let next = match scan.open().find(|judged| is_explained(judged.finding.rule)) {
        Some(worst) => format!("casemate explain {}", worst.finding.rule.id),
        None if counts.unknown > 0 => {
            "casemate scan --format json, and look at `unknowns`".to_owned()
        }
        None => "casemate graph".to_owned(),
    };
    let _ = writeln!(out, "next: {next}");
}

/// Whether `casemate explain` knows the rule: it does not know the user's own.
fn is_explained(rule: &Rule) -> bool {
    scan::rule(rule.id).is_ok()
}

pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[derive(Clone, Copy)]
pub(crate) struct Paint(pub(crate) Colour);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        match self.0 {
            Colour::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Plain => text.to_owned(),
        }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn caret(self, text: &str) -> String {
        self.with("1;31", text)
    }

    fn change(self, sign: char, text: &str) -> String {
        self.with(if sign == '-' { "31" } else { "32" }, text)
    }

    fn severity(self, severity: Severity) -> String {
        let code = match severity {
            Severity::Critical => "1;37;41",
            Severity::High => "1;31",
            Severity::Medium => "1;33",
            Severity::Low => "1;36",
            Severity::Info => "1;34",
        };
        self.with(code, severity.as_str())
    }
}
