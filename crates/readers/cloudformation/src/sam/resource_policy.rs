//! `Auth.ResourcePolicy` of REST APIs and their events.

use text::Span;

use crate::sam::api_draft::RouteDraft;
use crate::sam::generated::{Properties, hole, member_mut, pattern, set_member, text_value};
use crate::sam::openapi::{ANY_METHOD, visit_operations};
use documents::value::{Kind, Value};

const POLICY: &str = "x-amazon-apigateway-policy";

/// Adds the statements to the definition's resource policy.
pub(super) fn add(
    definition: &mut Value,
    auth: &Value,
    routes: &[RouteDraft],
    stage: Option<&Value>,
) {
    let mut operations: Vec<(String, String)> = Vec::new();
    visit_operations(definition, &mut |path, method, _| {
        operations.push((path.to_owned(), method.to_owned()));
    });
    let mut made = Vec::new();
    for policy in auth.at(&["ResourcePolicy"]) {
        statements(policy.value, &operations, stage, &mut made);
    }
    for route in routes {
        let own: Vec<(String, String)> =
            operations.iter().filter(|(path, _)| *path == route.path).cloned().collect();
        for policy in route.auth.at(&["ResourcePolicy"]) {
            statements(policy.value, &own, stage, &mut made);
        }
    }
    let Some(first) = made.first() else { return };
    let span = first.span;
    let Some(policy) = member_mut(definition, POLICY, span) else { return };
    if policy.is_null() {
        *policy = Value::map([("Version", Value::text("2012-10-17", span))], span);
    }
    let before = policy.get("Statement").map(|statement| match &statement.kind {
        Kind::List(items) => items.clone(),
        _ => vec![statement.clone()],
    });
    let all = before.unwrap_or_default().into_iter().chain(made);
    set_member(policy, "Statement", Value::list(all, span));
}

fn statements(
    policy: &Value,
    operations: &[(String, String)],
    stage: Option<&Value>,
    made: &mut Vec<Value>,
) {
    if let Kind::Unknown(_) = policy.kind {
        made.push(policy.clone());
        return;
    }
    let resources = |span: Span| {
        let resources = operations.iter().map(|(path, method)| {
            let method =
                if method == ANY_METHOD { "*".to_owned() } else { method.to_ascii_uppercase() };
            let stage = hole(stage);
            let arn = pattern("execute-api:/${stage}/", &[("stage", &stage)]);
            let mut arn = arn;
            arn.extend(&text::PartialText::known(format!("{method}{path}")));
            text_value(arn, span)
        });
        Value::list(resources, span)
    };
    let statement = |effect: &str, principal: Value, span: Span| {
        Properties::new(span)
            .set("Effect", Value::text(effect, span))
            .set("Action", Value::text("execute-api:Invoke", span))
            .set("Resource", resources(span))
            .set("Principal", principal)
    };
    for (key, effect) in [("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")] {
        if let Some(accounts) = policy.get(key) {
            let principal = Value::map([("AWS", accounts.clone())], accounts.span);
            made.push(statement(effect, principal, accounts.span).build());
        }
    }
    let networks = [
        ("IpRangeWhitelist", "NotIpAddress", "aws:SourceIp"),
        ("IpRangeBlacklist", "IpAddress", "aws:SourceIp"),
        ("IntrinsicVpcWhitelist", "StringNotEquals", "aws:SourceVpc"),
        ("IntrinsicVpceWhitelist", "StringNotEquals", "aws:SourceVpce"),
        ("IntrinsicVpcBlacklist", "StringEquals", "aws:SourceVpc"),
        ("IntrinsicVpceBlacklist", "StringEquals", "aws:SourceVpce"),
        ("SourceVpcWhitelist", "StringNotEquals", ""),
        ("SourceVpcBlacklist", "StringEquals", ""),
    ];
    for (key, operator, condition_key) in networks {
        let Some(listed) = policy.get(key) else { continue };
        let span = listed.span;
        let endpoint = |item: &Value| item.as_str().is_some_and(|it| it.starts_with("vpce-"));
        let condition_key = match condition_key {
            "" if listed.list_at(&[]).iter().any(|item| endpoint(item.value)) => "aws:SourceVpce",
            "" => "aws:SourceVpc",
            known => known,
        };
        let condition = Value::map([(condition_key, listed.clone())], span);
        let condition = Value::map([(operator, condition)], span);
        made.push(statement("Allow", Value::text("*", span), span).build());
        let denied = statement("Deny", Value::text("*", span), span);
        made.push(denied.set("Condition", condition).build());
    }
    made.extend(policy.list_at(&["CustomStatements"]).into_iter().map(|it| it.value.clone()));
}
