//! Policies in few words: `deny not s3:Get* on {Shop.Arn}/* if StringEquals key a|b`.

use casemate_iam::{
    Condition, Effect, Listing, Patterns, Policy, Principal, PrincipalKind, Principals, Statement,
    Version,
};
use text::{EntityId, Part, PartialText, Pseudo, Reference, Said, SourceId, Span};

pub(crate) fn span() -> Span {
    Span::file(SourceId(0))
}

/// A policy of these statements, in the version with variables.
pub(crate) fn policy(statements: &[&str]) -> Policy {
    let statements = statements.iter().map(|words| statement(words)).collect();
    Policy { version: Version::V2012, statements, unknowns: Vec::new() }
}

/// `allow|deny [to|not-to PRINCIPAL…] [not] ACTION… [on [not] RESOURCE…] [if OPERATOR KEY VALUE|VALUE [and …]]`.
fn statement(words: &str) -> Statement {
    let (head, conditions) = words.split_once(" if ").unwrap_or((words, ""));
    let (head, resources) = head.split_once(" on ").unwrap_or((head, ""));
    let (effect, actions) = head.split_once(' ').unwrap();
    let (principals, actions) = match actions.split_once(" may ") {
        Some((principals, actions)) => (who(principals), actions),
        None => (Principals::Absent, actions),
    };
    let conditions = conditions.split(" and ").filter(|words| !words.is_empty());
    Statement {
        span: span(),
        sid: Some(words.to_owned()),
        when: None,
        effect: if effect == "allow" { Effect::Allow } else { Effect::Deny },
        principals,
        actions: patterns(actions),
        resources: patterns(resources),
        conditions: conditions.map(condition).collect(),
    }
}

fn who(words: &str) -> Principals {
    let principals = |words: &str| -> Vec<Principal> {
        let named = words.split(' ').map(|word| {
            let kind = match word {
                "*" => PrincipalKind::Everyone,
                word if word.ends_with(".amazonaws.com") => PrincipalKind::Service,
                _ => PrincipalKind::Aws,
            };
            Principal { kind, value: said(word) }
        });
        named.collect()
    };
    match words.strip_prefix("not ") {
        Some(words) => Principals::AllExcept(principals(words)),
        None => Principals::Only(principals(words)),
    }
}

fn patterns(words: &str) -> Patterns {
    let (listing, words) = match words.strip_prefix("not ") {
        Some(words) => (Listing::AllExcept, words),
        None => (Listing::Only, words),
    };
    let patterns = words.split(' ').filter(|word| !word.is_empty()).map(said).collect();
    Patterns { listing, patterns, unknowns: Vec::new() }
}

fn condition(words: &str) -> Condition {
    let mut words = words.split(' ');
    let (operator, key) = (words.next().unwrap(), words.next().unwrap());
    let values = words.next().unwrap_or_default().split('|').filter(|value| !value.is_empty());
    Condition {
        span: span(),
        operator: operator.to_owned(),
        key: key.to_owned(),
        values: values.map(said).collect(),
    }
}

fn said(word: &str) -> Said<PartialText> {
    Said::new(partial(word), span())
}

/// A text with `{Region}`, `{Account}`, `{?}` and `{Entity.Attribute}` in it.
pub(crate) fn partial(word: &str) -> PartialText {
    let mut text = PartialText::default();
    let mut rest = word;
    while let Some(start) = rest.find('{').filter(|at| !rest[..*at].ends_with('$')) {
        let end = start + rest[start..].find('}').unwrap();
        text.push(Part::Literal(rest[..start].to_owned()));
        text.push(match &rest[start + 1..end] {
            "Region" => Part::Pseudo(Pseudo::Region),
            "Account" => Part::Pseudo(Pseudo::Account),
            "?" => Part::Unknown("imported".to_owned()),
            reference => {
                let (entity, attribute) = reference.split_once('.').unwrap();
                let entity = EntityId::new(entity);
                Part::Reference(Reference { entity, attribute: attribute.into() })
            }
        });
        rest = &rest[end + 1..];
    }
    text.push(Part::Literal(rest.to_owned()));
    text
}
