use casemate_iam::{Effect, Listing, Policy, managed};
use text::{SourceId, Span};

const ROLE: Span = Span { source: SourceId(0), start: 1, end: 2 };

fn check(name: &str, expect: Option<&[(&str, &str)]>) {
    let policy = managed::policy(name, ROLE);
    let pairs = policy.as_ref().map(pairs);
    let expect = expect.map(|pairs| {
        pairs.iter().map(|(action, on)| ((*action).to_owned(), (*on).to_owned())).collect()
    });
    assert_eq!(pairs, expect, "{name}");
}

fn pairs(policy: &Policy) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for statement in &policy.statements {
        for (action, _) in statement.actions.literals() {
            for (resource, said) in statement.resources.literals() {
                assert_eq!((statement.span, said.span), (ROLE, ROLE));
                pairs.push((action.to_owned(), resource.to_owned()));
            }
        }
    }
    pairs
}

const LOGS: &[(&str, &str)] =
    &[("logs:CreateLogGroup", "*"), ("logs:CreateLogStream", "*"), ("logs:PutLogEvents", "*")];

#[test]
fn a_policy_is_found_by_its_name_whatever_its_path() {
    check("AWSLambdaBasicExecutionRole", Some(LOGS));
    check("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole", Some(LOGS));
    check("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", Some(LOGS));
    check("arn:aws-cn:iam::aws:policy/AdministratorAccess", Some(&[("*", "*")]));
}

#[test]
fn a_policy_that_is_not_in_the_table_is_unknown() {
    check("AWSLambdaBasicExecutionRoles", None);
    check("arn:aws:iam::123456789012:policy/AdministratorAccess", None);
    check("arn:aws:iam::aws:policy", None);
    check("arn:aws", None);
    check("", None);
}

#[test]
fn conditions_and_exceptions_are_kept() {
    let power_user = managed::policy("PowerUserAccess", ROLE).unwrap();
    let first = power_user.statements.first().unwrap();
    assert_eq!(first.actions.listing, Listing::AllExcept);
    assert!(first.actions.literals().any(|(action, _)| action == "iam:*"));
    let roles = managed::policy("AWSLambda_FullAccess", ROLE).unwrap();
    let passed = roles.statements.iter().flat_map(|statement| &statement.conditions);
    let passed: Vec<_> = passed
        .map(|condition| (condition.operator.as_str(), condition.key.as_str()))
        .filter(|(_, key)| *key == "iam:PassedToService")
        .collect();
    assert_eq!(passed, [("StringEquals", "iam:PassedToService")]);
}

/// The figures are those of the package's own file, counted apart from `cargo xtask data`.
#[test]
fn every_document_is_whole() {
    assert_eq!((managed::source(), managed::date()), ("moto 5.2.5", "2026-09-30"));
    assert_eq!(managed::names().count(), 1582);
    let mut statements = 0;
    let mut denials = 0;
    let mut conditions = 0;
    for name in managed::names() {
        let policy = managed::policy(name, ROLE).unwrap_or_else(|| panic!("{name} is damaged"));
        assert!(!policy.statements.is_empty(), "{name} says nothing");
        statements += policy.statements.len();
        for statement in &policy.statements {
            assert!(!statement.actions.patterns.is_empty(), "{name} names no action");
            assert!(!statement.resources.patterns.is_empty(), "{name} names no resource");
            denials += usize::from(statement.effect == Effect::Deny);
            conditions += statement.conditions.len();
        }
    }
    assert_eq!((statements, denials, conditions), (8850, 74, 5718));
}
