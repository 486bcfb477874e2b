use app_graph::{AppGraph, Cors, FunctionUrl, UrlAuth};
use iam::{Condition, Effect, Listing, Patterns, Principal, PrincipalKind, Principals, Statement};
use text::{EntityId, Part, PartialText, Problem, Said};

use super::apis::cors::origins_at;
use super::directory::Directory;
use super::functions::{failure_destination, or_else};
use super::policies::said_text;
use documents::declaration::{Declaration, Declared};
use documents::value::Value;

/// Adds to the functions what other declarations say of their invocation: addresses, permissions,
/// destinations of failures, warm instances.
pub(super) fn lower(
    declared: &Declared,
    directory: &Directory<'_>,
    graph: &mut AppGraph,
    _problems: &mut Vec<Problem>,
) {
    let positions: std::collections::HashMap<EntityId, usize> = graph
        .functions
        .iter()
        .enumerate()
        .map(|(position, function)| (function.entity.id.clone(), position))
        .collect();
    for declaration in &declared.declarations {
        let key = match declaration.kind.as_str() {
            "AWS::Lambda::Url" => "TargetFunctionArn",
            "AWS::Lambda::Permission"
            | "AWS::Lambda::EventInvokeConfig"
            | "AWS::Lambda::Alias"
            | "AWS::Lambda::Version" => "FunctionName",
            _ => continue,
        };
        let properties = &declaration.properties;
        for id in functions_at(properties, key, directory) {
            let position = positions.get(&id).copied();
            let Some(function) = position.and_then(|at| graph.functions.get_mut(at)) else {
                continue;
            };
            match declaration.kind.as_str() {
                "AWS::Lambda::Url" => function.url = Some(url(declaration)),
                "AWS::Lambda::Permission" => function.permissions.extend(permission(declaration)),
                "AWS::Lambda::EventInvokeConfig" => {
                    let target =
                        properties.text_at(&["DestinationConfig", "OnFailure", "Destination"]);
                    let target = failure_destination(target, directory);
                    let before = std::mem::take(&mut function.failure_destination);
                    function.failure_destination = or_else(target, before);
                    let retries = properties.u32_at(&["MaximumRetryAttempts"]);
                    let before = std::mem::take(&mut function.maximum_retries);
                    function.maximum_retries = or_else(retries, before);
                }
                _ => {
                    let path = ["ProvisionedConcurrencyConfig", "ProvisionedConcurrentExecutions"];
                    let warm = properties.u32_at(&path);
                    let before = std::mem::take(&mut function.provisioned_concurrency);
                    function.provisioned_concurrency = or_else(warm, before);
                }
            }
        }
    }
}

/// Every function that a property may name, over all branches.
pub(super) fn functions_at(
    properties: &Value,
    key: &str,
    directory: &Directory<'_>,
) -> Vec<EntityId> {
    let mut found: Vec<EntityId> = Vec::new();
    for said in properties.text_at(&[key]).known_values() {
        if let Some(function) = directory.function(&said.value)
            && !found.contains(&function)
        {
            found.push(function);
        }
    }
    found
}

fn url(declaration: &Declaration) -> FunctionUrl {
    let properties = &declaration.properties;
    FunctionUrl {
        span: declaration.said,
        auth: properties.string_at(&["AuthType"]).try_map(&|kind: String| match kind.as_str() {
            "NONE" => Ok(UrlAuth::Anyone),
            "AWS_IAM" => Ok(UrlAuth::Iam),
            _ => Err(format!("`{kind}` is no kind of authentication")),
        }),
        cors: properties.at(&["Cors"]).first().map(|found| Cors {
            span: found.value.span,
            origins: origins_at(properties, &["Cors", "AllowOrigins"]),
            credentials: properties.bool_at(&["Cors", "AllowCredentials"]),
        }),
    }
}

/// The statements that a permission adds to a function's resource policy: one for each principal
/// that it may name under the template's conditions.
///
/// Source: AWS Lambda API reference, `AddPermission`, which names the condition of each parameter.
fn permission(declaration: &Declaration) -> Vec<Statement> {
    let properties = &declaration.properties;
    let conditions = permission_conditions(properties);
    let mut statements = Vec::new();
    let principals = properties.at(&["Principal"]);
    for found in &principals {
        let value = said_text(found.value)
            .unwrap_or_else(|unknown| Said::new(PartialText::unknown(unknown.why), unknown.span));
        let kind = principal_kind(&value.value);
        statements.push(Statement {
            span: declaration.said,
            sid: None,
            when: documents::value::both(declaration.condition.as_ref(), found.condition.as_ref()),
            effect: Effect::Allow,
            principals: Principals::Only(vec![Principal { kind, value }]),
            actions: patterns(properties, "Action"),
            resources: Patterns::default(),
            conditions: conditions.clone(),
        });
    }
    if principals.is_empty() {
        let unknown = PartialText::unknown("the permission names no principal");
        let value = Said::new(unknown, declaration.said);
        statements.push(Statement {
            span: declaration.said,
            sid: None,
            when: declaration.condition.clone(),
            effect: Effect::Allow,
            principals: Principals::Only(vec![Principal { kind: PrincipalKind::Aws, value }]),
            actions: patterns(properties, "Action"),
            resources: Patterns::default(),
            conditions,
        });
    }
    statements
}

fn patterns(properties: &Value, key: &str) -> Patterns {
    let mut patterns = Patterns { listing: Listing::Only, ..Patterns::default() };
    for item in properties.list_at(&[key]) {
        match said_text(item.value) {
            Ok(said) => patterns.patterns.push(said),
            Err(unknown) => patterns.unknowns.push(unknown),
        }
    }
    patterns
}

fn principal_kind(principal: &PartialText) -> PrincipalKind {
    let last = principal.parts().last();
    let service = match last {
        Some(Part::Literal(text)) => {
            text == "alexa-appkit.amazon.com"
                || text.ends_with(".amazonaws.com")
                || text.ends_with(".amazonaws.com.cn")
                || text.ends_with(".amazon.com")
        }
        Some(Part::Pseudo(text::Pseudo::DomainSuffix)) => true,
        _ => false,
    };
    match principal.literal() {
        Some("*") => PrincipalKind::Everyone,
        _ if service => PrincipalKind::Service,
        _ => PrincipalKind::Aws,
    }
}

const PERMISSION_CONDITIONS: [(&str, &str, &str); 6] = [
    ("SourceArn", "ArnLike", "aws:SourceArn"),
    ("SourceAccount", "StringEquals", "aws:SourceAccount"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
];

fn permission_conditions(properties: &Value) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for (property, operator, key) in PERMISSION_CONDITIONS {
        let found = properties.at(&[property]);
        let Some(first) = found.first() else { continue };
        let values = found.iter().map(|found| {
            said_text(found.value).unwrap_or_else(|unknown| {
                Said::new(PartialText::unknown(unknown.why), unknown.span)
            })
        });
        conditions.push(Condition {
            span: first.value.span,
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: values.collect(),
        });
    }
    conditions
}
