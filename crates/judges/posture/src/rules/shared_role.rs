use std::collections::BTreeMap;

use app_graph::{AppGraph, Function};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{EntityId, Settled, Span};

use crate::Facts;
use crate::guests::has_rights;
use crate::rules::Check;

/// Several functions that run as one role.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "shared-role",
    summary: "several functions run as the same role",
    explanation: "A role that serves several functions grants each of them what all of them need together: whoever \
        takes over the one behind the public route holds the rights of the one that deletes records. The role that the \
        Serverless Framework makes for a whole service is reported once, and only if it may do more than write logs.\n\n\
        Give each function a role of its own: SAM does so for a function without `Role`, the Serverless \
        Framework with `serverless-iam-roles-per-function` or a function's `role`. Where the code is at hand, \
        `casemate fix` splits the role by what each function uses.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[250, 653],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/identity-and-access-management.html",
    ],
    firing: include_str!("../../fixtures/shared-role/firing.yaml"),
    clean: include_str!("../../fixtures/shared-role/clean.yaml"),
};

/// Labels on other functions; a role may serve hundreds.
const LABELS: usize = 8;

/// A role that a function may run as.
struct Use<'graph> {
    function: &'graph Function,
    span: Span,
    conditions: Vec<&'graph str>,
}

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let mut groups: BTreeMap<String, Vec<Use<'_>>> = BTreeMap::new();
    for function in &graph.functions {
        for case in function.role.cases() {
            let (role, span) = match case.value {
                Settled::Known(said) => (role_key(&said.value, &function.entity.id), said.span),
                Settled::Unknown(unknown) => {
                    (unknown_key(&unknown.why, &function.entity.id), unknown.span)
                }
                Settled::Unset => continue,
            };
            let uses = groups.entry(role).or_default();
            if !uses.iter().any(|other| other.function.entity.id == function.entity.id) {
                uses.push(Use { function, span, conditions: case.conditions });
            }
        }
    }
    let mut reported: Vec<&EntityId> = Vec::new();
    for (role, uses) in groups.iter().filter(|(_, uses)| uses.len() > 1) {
        if uses.iter().all(is_said_elsewhere) {
            report_once(graph, role, uses, sink);
            continue;
        }
        for one in uses {
            // Under another condition the same functions may share another role: the same fault.
            if !reported.contains(&&one.function.entity.id) {
                reported.push(&one.function.entity.id);
                report(graph, role, one, uses, sink);
            }
        }
    }
}

/// Whether a function says nothing of its role itself: the framework takes the service's.
fn is_said_elsewhere(one: &Use<'_>) -> bool {
    let entity = &one.function.entity;
    one.span == entity.said || !entity.extent.contains(&one.span)
}

/// A role that is said once for the whole service is one fault, however many functions it has.
fn report_once(graph: &AppGraph, role: &str, uses: &[Use<'_>], sink: &mut Sink) {
    let identity = graph.identity(&EntityId::new(role));
    // Logs of its functions alone are nothing to share.
    if identity.is_some_and(|identity| !has_rights(identity)) {
        return;
    }
    let shown = identity.map_or(role, |identity| identity.entity.name.as_str());
    let Some(first) = uses.first() else { return };
    let place = identity.map_or(first.span, |identity| identity.entity.said);
    let confidence = if identity.is_some() { Confidence::High } else { Confidence::Medium };
    let message = format!("all {} functions run as the role `{shown}`", uses.len());
    let mut finding = Finding::new(&RULE, place, message)
        .confidence(confidence)
        .cause(shown)
        .fix(Fix::advice("give each function a role of its own: `casemate fix` splits it"));
    if let Some(identity) = identity {
        finding = finding.role(&identity.entity);
    }
    for one in uses.iter().take(LABELS) {
        let entity = &one.function.entity;
        finding = finding.label(entity.said, format!("`{}` runs as it", entity.name));
    }
    sink.report(finding);
}

fn report(graph: &AppGraph, role: &str, one: &Use<'_>, uses: &[Use<'_>], sink: &mut Sink) {
    let function = &one.function.entity;
    let identity = graph.identity(&EntityId::new(role));
    let shown = identity.map_or(role, |identity| identity.entity.name.as_str());
    let others = uses.len() - 1;
    let with = match uses.iter().find(|other| other.function.entity.id != function.id) {
        Some(other) if others == 1 => format!("`{}`", other.function.entity.name),
        _ => format!("{others} other functions"),
    };
    // A role of the whole service is said once, far from each function.
    let place = if function.extent.contains(&one.span) { one.span } else { function.said };
    let (severity, confidence) = match identity {
        Some(identity) if has_rights(identity) => (Severity::Medium, Confidence::High),
        // Logs of its functions alone are little to share.
        Some(_) => (Severity::Info, Confidence::High),
        None => (Severity::Medium, Confidence::Medium),
    };
    let mut finding = Finding::new(
        &RULE,
        place,
        format!("`{}` shares the role `{shown}` with {with}", function.name),
    )
    .function(function)
    .severity(severity)
    .confidence(confidence)
    .cause(shown)
    .when(function.condition.as_deref())
    .when(one.conditions.iter().copied())
    .fix(Fix::advice("give the function a role of its own: `casemate fix` splits it"));
    if let Some(identity) = identity {
        finding = finding.role(&identity.entity);
    }
    let others = uses.iter().filter(|other| other.function.entity.id != function.id);
    for other in others.take(LABELS) {
        finding = finding.label(
            other.function.entity.said,
            format!("`{}` runs as it too", other.function.entity.name),
        );
    }
    sink.report(finding);
}

/// One text for one role, however it is referred to.
fn role_key(role: &text::PartialText, function: &EntityId) -> String {
    match (role.sole_reference(), role.unknown_reason()) {
        // `Ref`, `Arn` and `name` of one role are one role.
        (Some(reference), _) => reference.entity.to_string(),
        (None, Some(_)) => {
            let parts: Vec<String> = role.parts().iter().map(part_key).collect();
            unknown_key(&parts.concat(), function)
        }
        (None, None) => role.to_string(),
    }
}

fn part_key(part: &text::Part) -> String {
    match part {
        text::Part::Unknown(why) => format!("${{{why}}}"),
        part => {
            let mut text = text::PartialText::default();
            text.push(part.clone());
            text.to_string()
        }
    }
}

/// The same unresolved expression means the same role only within one stack or module.
fn unknown_key(why: &str, function: &EntityId) -> String {
    match function.as_str().rsplit_once('/') {
        Some((scope, _)) => format!("{scope}/{why}"),
        None => why.to_owned(),
    }
}
