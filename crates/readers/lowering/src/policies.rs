use iam::{
    Condition, Effect, Listing, Patterns, Policy, Principal, PrincipalKind, Principals, Statement,
    Version,
};
use text::{Case, Part, PartialText, Problem, Said, Settled, Unknown};

use super::embedded::document_in;
use documents::value::{Conditional, Kind, Value, both};

/// Most statements that one statement with conditions inside is unfolded to.
const MOST_VARIANTS: usize = 64;

/// A policy document as it is written in a template: a mapping, or a text that holds one.
///
/// Statements that exist under a condition of the template (around the document, the statement, or
/// single actions and resources in it) carry it in [`Statement::when`]. What cannot be resolved is
/// in [`Policy::unknowns`] or [`Patterns::unknowns`].
/// Source: IAM user guide, "Grammar of the IAM JSON policy language".
pub(super) fn policy(value: &Value, problems: &mut Vec<Problem>) -> Policy {
    let mut policy = Policy::default();
    for document in value.at(&[]) {
        collect_document(&document, &mut policy, problems);
    }
    policy
}

/// A policy document that stands under a condition already.
pub(super) fn policy_when(
    value: &Value,
    when: Option<&text::Condition>,
    problems: &mut Vec<Problem>,
) -> Policy {
    let mut policy = policy(value, problems);
    for statement in &mut policy.statements {
        statement.when = both(when, statement.when.as_ref());
    }
    policy
}

fn collect_document(document: &Conditional<'_>, policy: &mut Policy, problems: &mut Vec<Problem>) {
    let value = document.value;
    let parsed;
    let value = match &value.kind {
        Kind::Map(_) => value,
        Kind::Text(text) => match document_in(text, value.span) {
            Some(inner) => {
                parsed = inner;
                &parsed
            }
            None if text.literal().is_some() => {
                refuse("a policy document was expected here", value, problems);
                policy.unknowns.push(Unknown::new("it is no policy document", value.span));
                return;
            }
            None => {
                policy.unknowns.push(unresolved(text, value));
                return;
            }
        },
        Kind::Unknown(why) => {
            policy.unknowns.push(Unknown::new(why.clone(), value.span));
            return;
        }
        _ => {
            refuse("a policy document was expected here", value, problems);
            policy.unknowns.push(Unknown::new("it is no policy document", value.span));
            return;
        }
    };
    if value.get("Statement").is_none() {
        refuse("a policy document without `Statement` allows nothing", value, problems);
        policy.unknowns.push(Unknown::new("the document has no `Statement`", value.span));
    }
    if value.string_at(&["Version"]).single().is_some_and(|said| said.value == "2012-10-17") {
        policy.version = Version::V2012;
    }
    for item in value.list_at(&["Statement"]) {
        let when = both(document.condition.as_ref(), item.condition.as_ref());
        collect_statement(item.value, when, policy, problems);
    }
}

fn collect_statement(
    value: &Value,
    when: Option<text::Condition>,
    policy: &mut Policy,
    problems: &mut Vec<Problem>,
) {
    match &value.kind {
        Kind::Map(_) => {}
        // Lists of statements in a list of statements: what functions that join lists leave.
        Kind::List(items) => {
            for item in items.iter().flat_map(|item| item.at(&[])) {
                let when = both(when.as_ref(), item.condition.as_ref());
                collect_statement(item.value, when, policy, problems);
            }
            return;
        }
        Kind::Unknown(why) => {
            return policy.unknowns.push(Unknown::new(why.clone(), value.span));
        }
        Kind::Text(text) if text.literal().is_none() => {
            return policy.unknowns.push(unresolved(text, value));
        }
        _ => {
            refuse("a policy's statement is a mapping", value, problems);
            return policy.unknowns.push(Unknown::new("it is no statement", value.span));
        }
    }
    let sid = value.string_at(&["Sid"]);
    let actions = patterns(value, "Action", "NotAction");
    if actions.is_empty() {
        refuse("a statement without `Action` does nothing", value, problems);
        let why = "the statement has no `Action`";
        return policy.unknowns.push(Unknown::new(why, value.span));
    }
    let resources = patterns(value, "Resource", "NotResource");
    let resources = if resources.is_empty() { vec![Alternative::default()] } else { resources };
    let principals = principals(value, &mut policy.unknowns, problems);
    let conditions = conditions(value, &mut policy.unknowns, problems);
    let variants = actions.len() * resources.len() * conditions.len() * principals.len();
    if variants > MOST_VARIANTS {
        let why = "the statement has too many conditions of the template to judge each";
        return policy.unknowns.push(Unknown::new(why, value.span));
    }
    for (effect, effect_when) in effects(value, &mut policy.unknowns, problems) {
        for (principals, principals_when) in &principals {
            for (conditions, conditions_when) in &conditions {
                for actions in &actions {
                    for resources in &resources {
                        let inner = [
                            &effect_when,
                            principals_when,
                            conditions_when,
                            &actions.when,
                            &resources.when,
                        ];
                        let when = inner
                            .into_iter()
                            .fold(when.clone(), |when, other| both(when.as_ref(), other.as_ref()));
                        policy.statements.push(Statement {
                            span: value.span,
                            sid: sid.single().map(|said| said.value.clone()),
                            when,
                            effect,
                            principals: principals.clone(),
                            actions: actions.patterns.clone(),
                            resources: resources.patterns.clone(),
                            conditions: conditions.clone(),
                        });
                    }
                }
            }
        }
    }
}

type When = Option<text::Condition>;

fn effects(
    value: &Value,
    unknowns: &mut Vec<Unknown>,
    problems: &mut Vec<Problem>,
) -> Vec<(Effect, When)> {
    let setting = value.string_at(&["Effect"]);
    let mut effects = Vec::new();
    for case in setting.cases() {
        let effect = match &case.value {
            Settled::Known(said) if said.value == "Allow" => Effect::Allow,
            Settled::Known(said) if said.value == "Deny" => Effect::Deny,
            Settled::Known(said) => {
                let message = format!("`{}` is no effect: it is `Allow` or `Deny`", said.value);
                problems.push(Problem::incomplete(message, said.span.into()));
                unknowns.push(Unknown::new("the statement's effect is wrong", said.span));
                continue;
            }
            Settled::Unknown(unknown) => {
                unknowns.push((*unknown).clone());
                continue;
            }
            Settled::Unset => {
                refuse("a statement needs `Effect`", value, problems);
                unknowns.push(Unknown::new("the statement has no `Effect`", value.span));
                continue;
            }
        };
        effects.push((effect, words(&case)));
    }
    effects
}

fn words<T>(case: &Case<'_, T>) -> When {
    (!case.conditions.is_empty()).then(|| text::Condition::from(case.conditions.join(" and ")))
}

/// The patterns that stand under one condition.
#[derive(Default)]
struct Alternative {
    when: When,
    patterns: Patterns,
}

/// The patterns of `only` and `except`, apart for each condition: statements add up, so each part
/// can be a statement of its own. Not so for exceptions, where the unconditional ones always hold.
fn patterns(statement: &Value, only: &str, except: &str) -> Vec<Alternative> {
    let mut alternatives: Vec<Alternative> = Vec::new();
    for (key, listing) in [(only, Listing::Only), (except, Listing::AllExcept)] {
        let mut group: Vec<Alternative> = Vec::new();
        for item in statement.list_at(&[key]) {
            collect_pattern(item.value, item.condition, listing, &mut group);
        }
        if listing == Listing::AllExcept && group.len() > 1 {
            let always = group.iter().position(|alternative| alternative.when.is_none());
            if let Some(always) = always {
                let always = group.swap_remove(always);
                for alternative in &mut group {
                    alternative.patterns.patterns.extend(always.patterns.patterns.iter().cloned());
                    alternative.patterns.unknowns.extend(always.patterns.unknowns.iter().cloned());
                }
            }
        }
        alternatives.extend(group);
    }
    alternatives
}

fn collect_pattern(value: &Value, when: When, listing: Listing, group: &mut Vec<Alternative>) {
    if let Kind::List(items) = &value.kind {
        for item in items.iter().flat_map(|item| item.at(&[])) {
            let when = both(when.as_ref(), item.condition.as_ref());
            collect_pattern(item.value, when, listing, group);
        }
        return;
    }
    let position = group.iter().position(|alternative| alternative.when == when);
    let position = position.unwrap_or_else(|| {
        let patterns = Patterns { listing, ..Patterns::default() };
        group.push(Alternative { when, patterns });
        group.len() - 1
    });
    let Some(alternative) = group.get_mut(position) else { return };
    match said_text(value) {
        Ok(said) => alternative.patterns.patterns.push(said),
        Err(unknown) => alternative.patterns.unknowns.push(unknown),
    }
}

/// A text with its place, or why it is none.
pub(super) fn said_text(value: &Value) -> Result<Said<PartialText>, Unknown> {
    if let Kind::Unknown(why) = &value.kind {
        return Err(Unknown::new(why.clone(), value.span));
    }
    let Some(text) = value.scalar_text() else {
        return Err(Unknown::new("a text was expected here", value.span));
    };
    match text.parts() {
        [Part::Unknown(why)] => Err(Unknown::new(why.clone(), value.span)),
        _ => Ok(Said { value: text, span: value.span, origin: value.origin }),
    }
}

fn principals(
    statement: &Value,
    unknowns: &mut Vec<Unknown>,
    problems: &mut Vec<Problem>,
) -> Vec<(Principals, When)> {
    let mut found = Vec::new();
    for (key, listing) in [("Principal", Listing::Only), ("NotPrincipal", Listing::AllExcept)] {
        for element in statement.at(&[key]) {
            let named = named_principals(element.value, unknowns, problems);
            let principals = match listing {
                Listing::Only => Principals::Only(named),
                Listing::AllExcept => Principals::AllExcept(named),
            };
            found.push((principals, element.condition));
        }
    }
    if found.is_empty() {
        found.push((Principals::Absent, None));
    }
    found
}

fn named_principals(
    element: &Value,
    unknowns: &mut Vec<Unknown>,
    problems: &mut Vec<Problem>,
) -> Vec<Principal> {
    let mut named = Vec::new();
    match &element.kind {
        Kind::Map(members) => {
            for member in members {
                let kind = match &*member.key {
                    "AWS" => PrincipalKind::Aws,
                    "Service" => PrincipalKind::Service,
                    "Federated" => PrincipalKind::Federated,
                    "CanonicalUser" => PrincipalKind::CanonicalUser,
                    "*" => PrincipalKind::Everyone,
                    other => {
                        let message = format!("`{other}` is no kind of principal");
                        problems.push(Problem::incomplete(message, member.key_span.into()));
                        unknowns.push(Unknown::new("a principal is wrong", member.key_span));
                        continue;
                    }
                };
                for item in member.value.list_at(&[]) {
                    push_principal(kind, item.value, &mut named, unknowns);
                }
            }
        }
        Kind::List(items) => {
            for item in items.iter().flat_map(|item| item.at(&[])) {
                named.extend(named_principals(item.value, unknowns, problems));
            }
        }
        _ => {
            let everyone = element.as_str() == Some("*");
            let kind = if everyone { PrincipalKind::Everyone } else { PrincipalKind::Aws };
            push_principal(kind, element, &mut named, unknowns);
        }
    }
    named
}

fn push_principal(
    kind: PrincipalKind,
    value: &Value,
    named: &mut Vec<Principal>,
    unknowns: &mut Vec<Unknown>,
) {
    let value = match said_text(value) {
        Ok(said) => said,
        Err(unknown) => {
            // Kept as a principal too, or the statement would speak of nobody.
            unknowns.push(unknown.clone());
            Said::new(PartialText::unknown(unknown.why), unknown.span)
        }
    };
    named.push(Principal { kind, value });
}

fn conditions(
    statement: &Value,
    unknowns: &mut Vec<Unknown>,
    problems: &mut Vec<Problem>,
) -> Vec<(Vec<Condition>, When)> {
    let setting = statement.setting(&["Condition"], &|value| match &value.kind {
        Kind::Map(_) => Ok(value.clone()),
        Kind::Text(text) => document_in(text, value.span)
            .ok_or_else(|| "a condition is a mapping of operators".to_owned()),
        _ => Err("a condition is a mapping of operators".to_owned()),
    });
    let mut found = Vec::new();
    for case in setting.cases() {
        let conditions = match &case.value {
            Settled::Unset => Vec::new(),
            Settled::Known(said) => condition_block(&said.value, unknowns, problems),
            Settled::Unknown(unknown) => {
                unknowns.push((*unknown).clone());
                // Some condition is there: a statement without one would be judged too harshly.
                vec![Condition {
                    span: unknown.span,
                    operator: String::new(),
                    key: String::new(),
                    values: vec![Said::new(PartialText::unknown(&*unknown.why), unknown.span)],
                }]
            }
        };
        found.push((conditions, words(&case)));
    }
    found
}

fn condition_block(
    block: &Value,
    unknowns: &mut Vec<Unknown>,
    problems: &mut Vec<Problem>,
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for operator in block.members() {
        for keys in operator.value.at(&[]) {
            if let Kind::Unknown(why) = &keys.value.kind {
                unknowns.push(Unknown::new(why.clone(), keys.value.span));
                continue;
            }
            if !matches!(keys.value.kind, Kind::Map(_)) {
                refuse("a condition operator has keys with values", keys.value, problems);
                continue;
            }
            for member in keys.value.members() {
                let mut values = Vec::new();
                for item in member.value.list_at(&[]) {
                    values.push(said_text(item.value).unwrap_or_else(|unknown| {
                        Said::new(PartialText::unknown(unknown.why), unknown.span)
                    }));
                }
                conditions.push(Condition {
                    span: member.key_span,
                    operator: operator.key.to_string(),
                    key: member.key.to_string(),
                    values,
                });
            }
        }
    }
    conditions
}

fn unresolved(text: &PartialText, value: &Value) -> Unknown {
    let why = match text.unknown_reason() {
        Some(why) => why.to_owned(),
        None => format!("`{text}` is known only at deployment"),
    };
    Unknown::new(why, value.span)
}

fn refuse(message: &str, value: &Value, problems: &mut Vec<Problem>) {
    problems.push(Problem::incomplete(message, value.span.into()));
}
