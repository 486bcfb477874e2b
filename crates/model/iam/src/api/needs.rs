//! What a call needs: its actions, each on the resources that the arguments name.

use text::PartialText;

use super::catalog::{Operation, Service};
use super::path::{Found, find};
use super::rows::{Binding, Condition, ROWS, Rows, Use};
use super::{Call, Need, resources};
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
    let service =
        Service::named(&call.service).ok_or_else(|| UnknownCall::Service(call.service.clone()))?;
    let unknown = || format!("{}:{}", call.service, call.operation);
    let operation =
        service.described(&call.operation).ok_or_else(|| UnknownCall::Operation(unknown()))?;
    let rows = ROWS.get(service.name);
    let uses = uses(service, operation, rows).ok_or_else(|| UnknownCall::Actions(unknown()))?;
    let mut needs = Vec::new();
    for one in &uses {
        let Some(name) = action_name(service, operation, one) else { continue };
        let Some(detail) = services::action(&name) else { continue };
        if !one.conditions.iter().all(|condition| may_hold(call, operation, condition)) {
            continue;
        }
        let request = resources::Request { call, operation, rows, used: one };
        let all = || vec![PartialText::known("*")];
        let found = if one.on_all { all() } else { resources::of(&request, &name, detail) };
        let action = crate::actions::canonical(&name).unwrap_or(name);
        needs.extend(found.into_iter().map(|resource| Need { action: action.clone(), resource }));
    }
    needs.sort();
    needs.dedup();
    Ok(needs)
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
    let detail = services::action(&format!("{}:{}", service.prefix?, operation.name))?;
    let mut uses = vec![Use::default()];
    if detail.dependents.iter().any(|action| action == "iam:PassRole") {
        uses.extend(operation.members.iter().filter_map(|(member, _)| pass_role(member)));
    }
    Some(uses)
}

/// A member that names a role to be passed.
fn pass_role(member: &str) -> Option<Use<'_>> {
    let lower = member.to_ascii_lowercase();
    if !["role", "rolearn", "iamrole", "iamrolearn"].iter().any(|end| lower.ends_with(end)) {
        return None;
    }
    let with = Binding { placeholder: "RoleNameWithPath", path: member, form: "", default: None };
    Some(Use {
        action: Some("iam:PassRole"),
        conditions: vec![Condition { path: member, text: None, passed: true }],
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

/// Whether a condition holds or may hold: what is not known keeps the action.
fn may_hold(call: &Call, operation: &Operation, condition: &Condition<'_>) -> bool {
    find(call, operation, condition.path).iter().any(|found| match (found, condition.text) {
        (Found::Maybe(_), _) => true,
        (Found::Absent, _) => !condition.passed,
        (Found::Text(text), Some(expected)) => match text.literal() {
            Some(text) => text.eq_ignore_ascii_case(expected) == condition.passed,
            None => true,
        },
        (Found::Present, Some(_)) => true,
        (Found::Text(_) | Found::Present, None) => condition.passed,
    })
}
