//! Containment against the evaluation of each request of a small world.

use casemate_iam::Policy;
use casemate_iam::containment::{Counterexample, within};
use casemate_iam::evaluate::{Decision, Policies, Request, decide};
use proptest::collection::vec;
use proptest::prelude::*;
use text::PartialText;

use crate::sample::policy;

const ACTIONS: &[&str] = &["s3:GetObject", "s3:PutObject", "s3:x", "sqs:SendMessage", "iam:x"];

/// Values that the key `k` has together; `None` where it is absent.
const CONTEXTS: &[Option<&[&str]>] = &[
    None,
    Some(&["a"]),
    Some(&["b"]),
    Some(&["c"]),
    Some(&["az"]),
    Some(&["a", "b"]),
    Some(&["a", "b", "c"]),
];

fn is_allowed(policy: &Policy, action: &str, resource: &str, values: Option<&[&str]>) -> bool {
    let principal = PartialText::known("arn:aws:iam::111122223333:user/u");
    let mut request = Request::new(principal, action, PartialText::known(resource));
    for value in values.into_iter().flatten() {
        request.context.add("k", PartialText::known(*value));
    }
    request.resource_account = request.principal_account.clone();
    let policies = Policies { identity: vec![policy], ..Policies::default() };
    decide(&request, &policies).decision == Decision::Allowed
}

fn resources() -> Vec<String> {
    let mut all = vec!["*".to_owned()];
    for beginning in ["arn:a:a:", "arn:b:a:", "arn:ab:b:a"] {
        for middle in [":", "a:b", ":ab"] {
            for end in [":a", ":ab", ":b:a", ":c:", ":aba"] {
                all.push(format!("{beginning}{middle}{end}"));
            }
        }
    }
    all
}

/// The values of the key `k` under which a counterexample's conditions hold.
fn values_of(found: &Counterexample) -> Option<Vec<String>> {
    let mut values = Vec::new();
    for condition in &found.conditions {
        let said = condition.values.iter().map(|said| said.value.to_string());
        match (condition.operator.as_str(), said.collect::<Vec<_>>().as_slice()) {
            ("Null", [word]) if word == "true" => return None,
            ("StringEquals" | "StringLike", [value]) => values.push(value.replace('*', "z")),
            _ => {}
        }
    }
    if values.is_empty() {
        values.push("c".to_owned());
    }
    Some(values)
}

fn check(
    inner: &[String],
    outer: &[String],
    contexts: &[Option<&[&str]>],
) -> Result<(), TestCaseError> {
    let words =
        |statements: &[String]| policy(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    let (inner, outer) = (words(inner), words(outer));
    match within(&[&inner], &[&outer]) {
        Ok(()) => {
            for action in ACTIONS {
                for resource in resources() {
                    for values in contexts {
                        prop_assert!(
                            !is_allowed(&inner, action, &resource, *values)
                                || is_allowed(&outer, action, &resource, *values),
                            "{} on {} with {:?}",
                            action,
                            resource,
                            values
                        );
                    }
                }
            }
        }
        Err(found) => {
            prop_assert_eq!(&found.doubt, &None);
            let values = values_of(&found);
            let values: Option<Vec<&str>> =
                values.as_ref().map(|values| values.iter().map(String::as_str).collect());
            let resource = found.resource.to_string();
            let allows = |policy| is_allowed(policy, &found.action, &resource, values.as_deref());
            prop_assert!(allows(&inner), "the first allow {:?}", found);
            prop_assert!(!allows(&outer), "the second do not allow {:?}", found);
        }
    }
    Ok(())
}

fn action() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        Just("s3:GetObject".to_owned()),
        Just("s3:PutObject".to_owned()),
        Just("s3:*".to_owned()),
        Just("S3:?etObject".to_owned()),
        Just("s3:*Object".to_owned()),
        Just("sqs:Send*".to_owned()),
        "[s*?][3q*?]:[gp*?]{1,3}\\*",
    ]
}

fn resource() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        "arn:[ab*?:]{0,7}",
        "arn:[ab*]{1,2}:[ab*?]{1,2}:[ab*?]{0,1}:[ab*]{0,2}:[ab*?:]{0,4}",
        "\\*[ab*?:]{1,4}",
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let operator = prop_oneof![
        Just("StringEquals"),
        Just("StringNotEquals"),
        Just("ForAnyValue:StringEquals"),
        Just("ForAllValues:StringNotEquals"),
        Just("StringEqualsIfExists"),
        Just("StringNotEqualsIfExists"),
    ];
    let values = prop_oneof![Just("a"), Just("b"), Just("a|b")];
    prop_oneof![
        (operator, values).prop_map(|(operator, values)| format!("{operator} k {values}")),
        Just("StringLike k a*".to_owned()),
        Just("StringNotLike k a*".to_owned()),
        Just("Null k true".to_owned()),
        Just("Null k false".to_owned()),
    ]
}

/// Up to three statements in the words of [`policy`], each with fewer conditions than this.
fn statements(conditions: usize) -> impl Strategy<Value = Vec<String>> {
    let effect = prop_oneof![3 => Just("allow"), 1 => Just("deny")];
    let listing = || prop_oneof![5 => Just(""), 1 => Just("not ")];
    let actions = (listing(), vec(action(), 1..3));
    let resources = (listing(), vec(resource(), 1..3));
    let statement = (effect, actions, resources, vec(condition(), 0..conditions)).prop_map(
        |(effect, (not, actions), (but, resources), conditions)| {
            let if_any = if conditions.is_empty() { "" } else { " if " };
            let (actions, resources) = (actions.join(" "), resources.join(" "));
            let conditions = conditions.join(" and ");
            format!("{effect} {not}{actions} on {but}{resources}{if_any}{conditions}")
        },
    );
    vec(statement, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn containment_is_what_evaluation_says(
        inner in statements(1),
        outer in statements(1),
    ) {
        check(&inner, &outer, &[None])?;
    }

    #[test]
    fn containment_under_conditions_is_what_evaluation_says(
        inner in statements(3),
        outer in statements(3),
    ) {
        check(&inner, &outer, CONTEXTS)?;
    }

    #[test]
    fn policies_are_within_themselves_and_within_more(
        inner in statements(3),
        more in statements(3),
    ) {
        let allowing = more.into_iter().filter(|words| words.starts_with("allow"));
        let outer: Vec<String> = inner.iter().cloned().chain(allowing).collect();
        let (inner, outer) = (
            policy(&inner.iter().map(String::as_str).collect::<Vec<_>>()),
            policy(&outer.iter().map(String::as_str).collect::<Vec<_>>()),
        );
        prop_assert_eq!(within(&[&inner], &[&inner]), Ok(()));
        prop_assert_eq!(within(&[&inner], &[&outer]), Ok(()));
    }
}
