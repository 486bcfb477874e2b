//! What a call needs: its actions, each on the resources that the arguments name.

use std::collections::BTreeMap;

use text::{Part, PartialText};

use super::catalog::{Authorization, Operation, Service};
use super::path::{Found, find};
use super::rows::{Binding, Condition, ROWS, Rows, Test, Use};
use super::{Call, Need, resources, tagging, tokens};
use crate::services;

/// Why nothing can be said of what a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownCall {
    /// No API has this name.
    Service(String),
    /// The API has no operation of this name.
    Operation(String),
    /// It is not known which actions the operation needs.
    Actions(String),
}

impl std::fmt::Display for UnknownCall {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Service(name) => write!(formatter, "there is no API `{name}`"),
            Self::Operation(name) => write!(formatter, "there is no operation `{name}`"),
            Self::Actions(name) => {
                write!(formatter, "which permissions `{name}` needs is not known")
            }
        }
    }
}

impl std::error::Error for UnknownCall {}

/// Returns the permissions that a call needs, each once, sorted; none for a call that every caller
/// may make.
///
/// # Errors
///
/// Returns what is not known of the call; then it may need anything.
pub fn needs(call: &Call) -> Result<Vec<Need>, UnknownCall> {
    if let Some(need) = tokens::need(call) {
        return Ok(vec![need]);
    }
    let service =
        Service::named(&call.service).ok_or_else(|| UnknownCall::Service(call.service.clone()))?;
    let unknown = || format!("{}:{}", call.service, call.operation);
    let operation =
        service.described(&call.operation).ok_or_else(|| UnknownCall::Operation(unknown()))?;
    let rows = ROWS.get(service.name);
    let has_row = rows.is_some_and(|rows| rows.uses(&operation.name).is_some());
    match &operation.authorization {
        Authorization::Public if !has_row => return Ok(Vec::new()),
        Authorization::Path(method, path) if !has_row && !has_action(service, operation) => {
            let action = format!("apigateway:{method}");
            let resource = resources::path(call, operation, path);
            return Ok(vec![Need { action, resource, is_certain: true }]);
        }
        _ => {}
    }
    let uses = uses(service, operation, rows).ok_or_else(|| UnknownCall::Actions(unknown()))?;
    let arises = |one: &Use<'_>| {
        let conditions = one.conditions.iter();
        conditions.map(|condition| holds(call, operation, condition)).min().unwrap_or(Holds::Surely)
    };
    let may_arise = |one: &&Use<'_>| arises(one) > Holds::Never;
    let mut held: Vec<&Use<'_>> = uses.iter().filter(may_arise).collect();
    if held.is_empty() {
        // Every call needs one of them: where none fits, the arguments are not known well enough.
        held = uses.iter().collect();
    }
    let tagging = tagging::uses(service, operation, call);
    let is_said = |one: &&Use<'_>| uses.iter().any(|said| said.action == one.action);
    held.extend(tagging.iter().filter(may_arise).filter(|one| !is_said(one)));
    let mut needs = BTreeMap::new();
    for one in held {
        let Some(name) = action_name(service, operation, one) else { continue };
        let Some(detail) = services::action(&name) else { continue };
        let request = resources::Request { call, operation, rows, used: one };
        let all = || vec![PartialText::known("*")];
        let found = if one.on_all { all() } else { resources::of(&request, &name, detail) };
        let action = crate::actions::canonical(&name).unwrap_or(name);
        for resource in found {
            let known = (action.clone(), resource.without_reasons());
            let new = Need { action: action.clone(), resource, is_certain: false };
            needs.entry(known).or_insert(new).is_certain |= arises(one) == Holds::Surely;
        }
    }
    Ok(needs.into_values().collect())
}

fn has_action(service: &Service, operation: &Operation) -> bool {
    service
        .prefix
        .is_some_and(|prefix| services::action(&format!("{prefix}:{}", operation.name)).is_some())
}

/// The actions of an operation: those of its row, or the one of its name.
fn uses<'row>(
    service: &Service,
    operation: &'row Operation,
    rows: Option<&Rows>,
) -> Option<Vec<Use<'row>>> {
    if let Some(uses) = rows.and_then(|rows| rows.uses(&operation.name)) {
        return Some(uses.to_vec());
    }
    if !has_action(service, operation) {
        return None;
    }
    let mut uses = vec![Use::default()];
    uses.extend(operation.members.iter().filter_map(|(member, _)| pass_role(operation, member)));
    Some(uses)
}

/// A member that names a role which the service is to assume.
///
/// Source: AWS Identity and Access Management user guide, "Grant a user permissions to pass a role
/// to an AWS service".
fn pass_role<'row>(operation: &Operation, member: &'row str) -> Option<Use<'row>> {
    let verbs =
        ["Create", "Update", "Put", "Start", "Run", "Register", "Modify", "Submit", "Import"];
    let lower = member.to_ascii_lowercase();
    let is_role = ["rolearn", "iamrole"].iter().any(|end| lower.ends_with(end)) || lower == "role";
    if !is_role || !verbs.iter().any(|verb| operation.name.starts_with(verb)) {
        return None;
    }
    let with =
        Binding { placeholder: "RoleNameWithPath", path: member.into(), form: "", default: None };
    Some(Use {
        action: Some("iam:PassRole"),
        conditions: vec![Condition { path: member, test: Test::Passed }],
        with: vec![with],
        ..Use::default()
    })
}

fn action_name(service: &Service, operation: &Operation, one: &Use<'_>) -> Option<String> {
    match one.action {
        Some(action) => Some(action.to_owned()),
        None => Some(format!("{}:{}", service.prefix?, operation.name)),
    }
}

/// Whether a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    Never,
    Perhaps,
    Surely,
}

impl From<bool> for Holds {
    fn from(holds: bool) -> Self {
        if holds { Self::Surely } else { Self::Never }
    }
}

/// Whether a condition holds for some of what its path leads to: what is not known keeps the action.
fn holds(call: &Call, operation: &Operation, condition: &Condition<'_>) -> Holds {
    let found = find(call, operation, condition.path);
    let each = found.iter().map(|found| match (found, condition.test) {
        // Most calls leave out what can be left out.
        (Found::Maybe(_), Test::Absent) => Holds::Surely,
        (Found::Maybe(_), _) => Holds::Perhaps,
        (Found::Absent, test) => Holds::from(test == Test::Absent),
        (_, Test::Absent) => Holds::Never,
        // What comes from elsewhere may be nothing.
        (Found::Text(text), Test::Passed) if is_unknown(text) => Holds::Perhaps,
        (_, Test::Passed) | (Found::Present, _) => Holds::Surely,
        (Found::Text(text), Test::Is(expected)) => match text.literal() {
            Some(text) => Holds::from(text.eq_ignore_ascii_case(expected)),
            None => Holds::Perhaps,
        },
        (Found::Text(text), Test::Begins(expected)) => begins(text, expected),
    });
    each.max().unwrap_or(Holds::Never)
}

fn is_unknown(text: &PartialText) -> bool {
    !text.parts().is_empty() && text.parts().iter().all(|part| matches!(part, Part::Unknown(_)))
}

fn begins(text: &PartialText, expected: &str) -> Holds {
    match text.parts().first() {
        Some(Part::Literal(first)) => match first.trim_start().get(..expected.len()) {
            Some(begin) => Holds::from(begin.eq_ignore_ascii_case(expected)),
            None if text.literal().is_some() => Holds::Never,
            None => Holds::Perhaps,
        },
        None => Holds::Never,
        Some(_) => Holds::Perhaps,
    }
}
