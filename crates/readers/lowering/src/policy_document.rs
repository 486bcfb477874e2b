use documents::value::{Kind, Member, Value};
use iam::{Listing, Policy, actions};
use text::Problem;

use crate::policies;

/// Elements of a document, a statement, and what each of them may be.
///
/// Source: IAM user guide, "Grammar of the IAM JSON policy language".
const OF_DOCUMENT: &[(&str, Shape)] =
    &[("Version", Shape::Text), ("Id", Shape::Text), ("Statement", Shape::Statements)];
const OF_STATEMENT: &[(&str, Shape)] = &[
    ("Sid", Shape::Text),
    ("Effect", Shape::Text),
    ("Principal", Shape::Principals),
    ("NotPrincipal", Shape::Principals),
    ("Action", Shape::Texts),
    ("NotAction", Shape::Texts),
    ("Resource", Shape::Texts),
    ("NotResource", Shape::Texts),
    ("Condition", Shape::Conditions),
];
/// Elements of which a statement has one at most.
const APART: &[(&str, &str)] =
    &[("Principal", "NotPrincipal"), ("Action", "NotAction"), ("Resource", "NotResource")];

/// What an element may be.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Texts,
    Statements,
    Principals,
    Conditions,
}

/// Reads a policy that stands in a file of its own, with everything that is wrong with it.
///
/// A file is judged more strictly than a policy in a template: nothing fills it in later. Unknown
/// elements and values of a wrong type are problems at their place; unknown actions are advice.
pub fn policy_document(value: &Value) -> (Policy, Vec<Problem>) {
    let mut problems = Vec::new();
    let Kind::Map(members) = &value.kind else {
        problems.push(Problem::incomplete("a policy is an object", value.span.into()));
        return (policies::policy(value, &mut Vec::new()), problems);
    };
    check_elements(members, OF_DOCUMENT, "policy", &mut problems);
    if let Some(version) = value.get("Version")
        && !matches!(version.as_str(), Some("2012-10-17" | "2008-10-17"))
    {
        let problem =
            Problem::incomplete("no such version of the policy language", version.span.into());
        problems.push(problem.help("it is `2012-10-17`, or `2008-10-17` without policy variables"));
    }
    let policy = policies::policy(value, &mut problems);
    for condition in policy.statements.iter().flat_map(|statement| &statement.conditions) {
        if !condition.has_operator() {
            let message = format!("`{}` is no condition operator", condition.operator);
            problems.push(Problem::incomplete(message, condition.span.into()));
        }
    }
    advise_on_actions(&policy, &mut problems);
    (policy, problems)
}

fn check_elements(
    members: &[Member],
    known: &[(&str, Shape)],
    whose: &str,
    problems: &mut Vec<Problem>,
) {
    for Member { key, key_span, value } in members {
        match known.iter().find(|(name, _)| name == &&**key) {
            Some((name, shape)) => check_shape(name, value, *shape, problems),
            None => {
                let message = format!("a {whose} has no element `{key}`");
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                let problem = Problem::incomplete(message, (*key_span).into());
                problems.push(problem.help(format!("it has {}", names.join(", "))));
            }
        }
    }
}

fn check_shape(name: &str, value: &Value, shape: Shape, problems: &mut Vec<Problem>) {
    let items = match &value.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let is_text = |value: &Value| matches!(value.kind, Kind::Text(_));
    let is_scalar = |value: &Value| value.scalar_text().is_some();
    let mut refuse = |what: &str, value: &Value| {
        let message = format!("`{name}` {what}");
        problems.push(Problem::incomplete(message, value.span.into()));
    };
    match shape {
        Shape::Text if !is_text(value) => refuse("is a text", value),
        Shape::Text => {}
        Shape::Texts => {
            items.iter().filter(|item| !is_text(item)).for_each(|item| {
                refuse("is a text or a list of texts", item);
            });
            if items.is_empty() {
                refuse("is empty", value);
            }
        }
        Shape::Principals => match &value.kind {
            Kind::Text(text) if text.literal() == Some("*") => {}
            Kind::Map(members) => {
                for member in members {
                    let values = match &member.value.kind {
                        Kind::List(items) => items.as_slice(),
                        _ => std::slice::from_ref(&member.value),
                    };
                    values.iter().filter(|value| !is_text(value)).for_each(|value| {
                        refuse("names texts or lists of texts", value);
                    });
                }
            }
            _ => refuse("is `*` or an object of principals", value),
        },
        Shape::Conditions => {
            if !matches!(value.kind, Kind::Map(_)) {
                return refuse("is an object of operators", value);
            }
            for operator in value.members() {
                for key in operator.value.members() {
                    let values = match &key.value.kind {
                        Kind::List(items) => items.as_slice(),
                        _ => std::slice::from_ref(&key.value),
                    };
                    values.iter().filter(|value| !is_scalar(value)).for_each(|value| {
                        refuse("compares with texts, numbers and truth values", value);
                    });
                }
            }
        }
        Shape::Statements => {
            for item in items {
                let Kind::Map(members) = &item.kind else { continue };
                check_elements(members, OF_STATEMENT, "statement", problems);
                for (one, other) in APART {
                    if item.get(one).is_some()
                        && let Some(member) = item.member(other)
                    {
                        let message = format!("a statement has `{one}` or `{other}`, not both");
                        problems.push(Problem::incomplete(message, member.key_span.into()));
                    }
                }
            }
        }
    }
}

/// Actions that the table does not know: misspelled, or newer than it.
fn advise_on_actions(policy: &Policy, problems: &mut Vec<Problem>) {
    for statement in &policy.statements {
        for (pattern, said) in statement.actions.literals() {
            if actions::matching(pattern).next().is_some() {
                continue;
            }
            let effect = match statement.actions.listing {
                Listing::Only => "it matches none that is known",
                Listing::AllExcept => "it leaves out none that is known",
            };
            let message = format!("no action `{pattern}` is known: {effect}");
            let help = format!("actions as of {}", actions::date());
            problems.push(Problem::advice(message, said.span.into()).help(help));
        }
    }
}
