//! An answer for machines.

use iam::evaluate::{Decision, Layer, Verdict};
use serde::Serialize;
use text::{Loss, Place, Problem, Sources, Span};

use crate::{Answer, Question, Says, Speaker};

#[derive(Serialize)]
struct Report<'a> {
    /// `allowed`, `explicit-deny`, `implicit-deny`, `unknown` or `invalid`.
    decision: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    principal: &'a str,
    action: &'a str,
    resource: &'a str,
    decided_by: Option<Statement<'a>>,
    policies: Vec<Policies<'a>>,
    problems: Vec<Trouble<'a>>,
}

#[derive(Serialize)]
struct Policies<'a> {
    policies: &'static str,
    /// The organization's level, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    /// `allows`, `denies`, `silent` or `unknown`.
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    statement: Option<Statement<'a>>,
}

#[derive(Serialize)]
struct Statement<'a> {
    policies: &'static str,
    sid: Option<&'a str>,
    #[serde(flatten)]
    place: Location<'a>,
}

#[derive(Serialize)]
struct Trouble<'a> {
    message: &'a str,
    help: Option<&'a str>,
    /// Whether something was not read for it.
    incomplete: bool,
    #[serde(flatten)]
    place: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    line: Option<u32>,
    column: Option<u32>,
}

/// The answer as a JSON object.
///
/// # Errors
///
/// Only where the serializer fails.
pub fn render(question: &Question, answer: &Answer) -> serde_json::Result<String> {
    let sources = &answer.sources;
    let outcome = answer.outcome.as_ref();
    let (decision, reason) = match outcome.map(|outcome| &outcome.decision) {
        None => ("invalid", None),
        Some(Decision::Allowed) => ("allowed", None),
        Some(Decision::ExplicitDeny) => ("explicit-deny", None),
        Some(Decision::ImplicitDeny) => ("implicit-deny", None),
        Some(Decision::Unknown(why)) => ("unknown", Some(why.why.as_str())),
    };
    let decided_by = outcome.and_then(|outcome| outcome.decided_by.as_ref());
    let says = outcome.map(|outcome| outcome.says.as_slice()).unwrap_or_default();
    let report = Report {
        decision,
        reason,
        principal: &question.principal,
        action: &question.action,
        resource: &question.resource,
        decided_by: decided_by.map(|speaker| statement(speaker, sources)),
        policies: says.iter().map(|says| policies(says, sources)).collect(),
        problems: answer.problems.iter().map(|problem| trouble(problem, sources)).collect(),
    };
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}

fn policies<'a>(says: &'a Says, sources: &'a Sources) -> Policies<'a> {
    let (verdict, reason) = match &says.verdict {
        Verdict::Allows => ("allows", None),
        Verdict::Denies => ("denies", None),
        Verdict::Silent => ("silent", None),
        Verdict::Unknown(why) => ("unknown", Some(why.why.as_str())),
    };
    let level = match says.layer {
        Layer::ServiceControl(level) => Some(level + 1),
        _ => None,
    };
    let statement = says.statement.as_ref().map(|speaker| statement(speaker, sources));
    Policies { policies: layer(says.layer), level, verdict, reason, statement }
}

fn statement<'a>(speaker: &'a Speaker, sources: &'a Sources) -> Statement<'a> {
    let place = location(speaker.span, sources);
    Statement { policies: layer(speaker.layer), sid: speaker.sid.as_deref(), place }
}

fn trouble<'a>(problem: &'a Problem, sources: &'a Sources) -> Trouble<'a> {
    Trouble {
        message: &problem.message,
        help: problem.help.as_deref(),
        incomplete: problem.loss == Loss::Incomplete,
        place: match &problem.place {
            Place::Span(span) => location(*span, sources),
            Place::Path(path) => Location { file: path, line: None, column: None },
        },
    }
}

fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Identity => "identity",
        Layer::Resource => "resource",
        Layer::Boundary => "boundary",
        Layer::Session => "session",
        Layer::ServiceControl(_) => "service-control",
    }
}

fn location(span: Span, sources: &Sources) -> Location<'_> {
    let Some(source) = sources.of(span) else {
        return Location { file: "", line: None, column: None };
    };
    let position = source.position(span.start);
    Location { file: &source.path, line: Some(position.line), column: Some(position.column) }
}
