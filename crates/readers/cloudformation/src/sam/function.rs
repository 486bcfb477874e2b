//! `AWS::Serverless::Function`.

use text::{Condition, EntityId, Span};

use crate::sam::Expansion;
use crate::sam::event::{self, Invoked};
use crate::sam::generated::{
    Properties, each_case, is_true, reference, sibling, tag_list, text_value, trust,
};
use crate::sam::role::RoleDraft;
use crate::sam::{api_events, generated, invoke_config};
use crate::sam::{pull_events, push_events, rule_events};
use documents::declaration::Declaration;
use documents::value::{Kind, Member, Value};

/// Properties that the transform uses up.
const CONSUMED: &[&str] = &[
    "AssumeRolePolicyDocument",
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "AutoPublishCodeSha256",
    "CodeUri",
    "DeadLetterQueue",
    "DeploymentPreference",
    "EventInvokeConfig",
    "Events",
    "FunctionUrlConfig",
    "ImageUri",
    "InlineCode",
    "PermissionsBoundary",
    "Policies",
    "PropagateTags",
    "ProvisionedConcurrencyConfig",
    "Role",
    "RolePath",
    "Tracing",
    "VersionDeletionPolicy",
    "VersionDescription",
];

/// Expands a function with its role, alias, address, destinations and events.
pub(super) fn expand(function: Declaration, expansion: &mut Expansion<'_>) {
    if !matches!(function.properties.kind, Kind::Map(_) | Kind::Null) {
        expansion.lost("the properties of this function could not be resolved", function.said);
    }
    let mut role = RoleDraft::new();
    let mut events = Vec::new();
    std::mem::swap(&mut events, &mut expansion.made);

    let alias = declare_alias(&function, expansion);
    let invoked = Invoked::function(&function, alias.as_ref());
    declare_url(&function, &invoked, expansion);
    add_execution_policies(&function, &mut role);
    invoke_config::declare(&function, alias.is_some(), &mut role, expansion);
    for event in event::events_of(&function, expansion) {
        let known = api_events::expand_function_event(&event, &invoked, expansion)
            || pull_events::expand(&event, &invoked, &mut role, expansion)
            || rule_events::expand(&event, &invoked, expansion)
            || push_events::expand(&event, &invoked, &mut role, expansion);
        if !known {
            let message = format!("events of type `{}` are not known", event.kind);
            expansion.lost(message, event.span);
        }
    }
    let generated = std::mem::replace(&mut expansion.made, events);

    let (own_role, generated_when) = role_of(&function);
    if let Some(policies) = function.properties.member("Policies") {
        if generated_when == RoleMade::Never {
            let message = "`Policies` has no effect where `Role` is given";
            expansion.advise(message, policies.key_span);
        } else {
            let role_name = format!("{}Role", function.name);
            role.add_policies(&policies.value, &role_name, expansion);
        }
    }
    expansion.made.push(lambda_function(&function, own_role));
    let trust = function.properties.get("AssumeRolePolicyDocument").cloned();
    let trust = trust.unwrap_or_else(|| trust_of_lambda(function.said));
    match generated_when {
        RoleMade::Always => role.declare(&function, None, trust, expansion),
        RoleMade::When(condition) => role.declare(&function, Some(&condition), trust, expansion),
        RoleMade::Never => {}
    }
    expansion.made.extend(generated);
}

fn trust_of_lambda(span: Span) -> Value {
    trust("lambda.amazonaws.com", span)
}

/// When the transform makes a role.
#[derive(Debug, Clone, PartialEq, Eq)]
enum RoleMade {
    Always,
    When(Condition),
    Never,
}

/// The function's role: its own, the generated one, or each under its conditions.
fn role_of(function: &Declaration) -> (Value, RoleMade) {
    let id = sibling(&function.id, &format!("{}Role", function.name));
    let generated = |span: Span| text_value(reference(&id, "Arn"), span);
    let Some(own) = function.properties.get("Role") else {
        return (generated(function.said), RoleMade::Always);
    };
    match &own.kind {
        Kind::Null => (generated(function.said), RoleMade::Always),
        Kind::Branches(alternatives) => {
            let mut made = RoleMade::Never;
            for alternative in alternatives.iter().filter(|other| other.value.is_null()) {
                made = match made {
                    RoleMade::Never => RoleMade::When(alternative.condition.clone()),
                    _ => RoleMade::Always,
                };
            }
            let role = each_case(own, &mut |role| match &role.kind {
                Kind::Null => generated(role.span),
                _ => role.clone(),
            });
            (role, made)
        }
        _ => (own.clone(), RoleMade::Never),
    }
}

/// The `AWS::Lambda::Function` itself.
fn lambda_function(function: &Declaration, role: Value) -> Declaration {
    let from = &function.properties;
    let mut properties = Properties::new(from.span);
    for member in from.members() {
        let name = &*member.key;
        if CONSUMED.contains(&name) {
            continue;
        }
        let value = match name {
            "Tags" => tag_list(&member.value),
            "CapacityProviderConfig" => capacity_provider(&member.value),
            _ => member.value.clone(),
        };
        properties.push(Member { value, ..member.clone() });
    }
    let renamed = |key: &str, name: &str, value: Value| -> Option<Member> {
        let member = from.member(key)?;
        Some(Member { key: name.into(), key_span: member.key_span, value })
    };
    if let Some(tracing) = from.get("Tracing") {
        let mode = each_case(tracing, &mut |mode| match mode.kind {
            Kind::Null => mode.clone(),
            _ => Value::map([("Mode", mode.clone())], mode.span),
        });
        renamed("Tracing", "TracingConfig", mode).into_iter().for_each(|it| properties.push(it));
    }
    if let Some(queue) = from.get("DeadLetterQueue") {
        let config = each_case(queue, &mut |queue| match queue.kind {
            Kind::Map(_) => Properties::new(queue.span).keep(queue, &["TargetArn"]).build(),
            _ => queue.clone(),
        });
        let config = renamed("DeadLetterQueue", "DeadLetterConfig", config);
        config.into_iter().for_each(|it| properties.push(it));
    }
    if let Some(code) = code(from) {
        properties.push(code);
    }
    let properties = properties.set("Role", role).build();
    Declaration { kind: "AWS::Lambda::Function".to_owned(), properties, ..function.clone() }
}

/// The function's code. A folder or file of the project stays a text, as CloudFormation takes it
/// before packaging.
fn code(from: &Value) -> Option<Member> {
    for (key, name) in [("ImageUri", "ImageUri"), ("InlineCode", "ZipFile")] {
        if let Some(member) = from.member(key).filter(|member| !member.value.is_null()) {
            let value = Value::map([(name, member.value.clone())], member.value.span);
            return Some(Member { key: "Code".into(), key_span: member.key_span, value });
        }
    }
    let Some(member) = from.member("CodeUri").filter(|member| !member.value.is_null()) else {
        if from.get("PackageType").and_then(Value::as_str) == Some("Image") {
            return None;
        }
        // The template's own folder is packaged.
        let value = Value::text(".", from.span);
        return Some(Member { key: "Code".into(), key_span: from.span, value });
    };
    let value = each_case(&member.value, &mut stored_object);
    Some(Member { key: "Code".into(), key_span: member.key_span, value })
}

/// An object in a bucket in CloudFormation's words, from an address or a mapping.
pub(super) fn stored_object(uri: &Value) -> Value {
    match &uri.kind {
        Kind::Map(_) => Properties::new(uri.span)
            .keep_as(uri, "Bucket", "S3Bucket")
            .keep_as(uri, "Key", "S3Key")
            .keep_as(uri, "Version", "S3ObjectVersion")
            .build(),
        Kind::Text(text) => match text.literal().and_then(|text| text.strip_prefix("s3://")) {
            Some(address) => {
                let (bucket, key) = address.split_once('/').unwrap_or((address, ""));
                Properties::new(uri.span)
                    .set("S3Bucket", Value::text(bucket, uri.span))
                    .set("S3Key", Value::text(key, uri.span))
                    .build()
            }
            None => uri.clone(),
        },
        _ => uri.clone(),
    }
}

fn capacity_provider(config: &Value) -> Value {
    each_case(config, &mut |config| {
        let provider = Properties::new(config.span)
            .keep_as(config, "Arn", "CapacityProviderArn")
            .keep(
                config,
                &["PerExecutionEnvironmentMaxConcurrency", "ExecutionEnvironmentMemoryGiBPerVCpu"],
            )
            .build();
        Value::map([("LambdaManagedInstancesCapacityProviderConfig", provider)], config.span)
    })
}

/// What the function's own properties ask of its role.
fn add_execution_policies(function: &Declaration, role: &mut RoleDraft) {
    let properties = &function.properties;
    let basic = match properties.get("DurableConfig") {
        Some(config) if !config.is_null() => "AWSLambdaBasicDurableExecutionRolePolicy",
        _ => "AWSLambdaBasicExecutionRole",
    };
    role.add_managed(&format!("service-role/{basic}"), function.said);
    if let Some(tracing) = properties.get("Tracing")
        && tracing.at(&[]).iter().any(|case| case.value.as_str() != Some("Disabled"))
    {
        role.add_managed("AWSXrayWriteOnlyAccess", tracing.span);
    }
    if let Some(vpc) = properties.get("VpcConfig")
        && !vpc.at(&[]).is_empty()
    {
        role.add_managed("service-role/AWSLambdaVPCAccessExecutionRole", vpc.span);
    }
    if let Some(queue) = properties.get("DeadLetterQueue") {
        for case in queue.at(&[]) {
            let target = case.value.get("TargetArn");
            let action = match case.value.get("Type").and_then(Value::as_str) {
                Some("SQS") => "sqs:SendMessage",
                Some("SNS") => "sns:Publish",
                _ => continue,
            };
            let target = target.cloned().unwrap_or_else(|| missing("TargetArn", queue.span));
            let statement = generated::statement(&[action], vec![target], queue.span);
            role.add_generated("DeadLetterQueuePolicy", vec![statement], queue.span);
        }
    }
}

pub(super) fn missing(property: &str, span: Span) -> Value {
    Value::unknown(format!("`{property}` is missing"), span)
}

/// `AutoPublishAlias`: a version and an alias that events and addresses go through.
fn declare_alias(function: &Declaration, expansion: &mut Expansion<'_>) -> Option<EntityId> {
    let properties = &function.properties;
    let alias = properties.get("AutoPublishAlias").filter(|alias| !alias.is_null())?;
    let span = alias.span;
    let name = alias.as_str().map(str::to_owned);
    let suffix = name.unwrap_or_default().replace('-', "D").replace('_', "U");
    let function_name = text_value(reference(&function.id, "Ref"), span);
    let version = Properties::new(span)
        .set("FunctionName", function_name.clone())
        .keep_as(properties, "VersionDescription", "Description")
        .build();
    let version_name = format!("{}Version", function.name);
    let version =
        expansion.declare(function, None, &version_name, "AWS::Lambda::Version", version, span);
    let made = Properties::new(span)
        .set("Name", alias.clone())
        .set("FunctionName", function_name)
        .set("FunctionVersion", text_value(reference(&version, "Version"), span))
        .keep(properties, &["ProvisionedConcurrencyConfig"])
        .build();
    let name = format!("{}Alias{suffix}", function.name);
    Some(expansion.declare(function, None, &name, "AWS::Lambda::Alias", made, span))
}

/// `FunctionUrlConfig`: the address, and who may call it where that is anyone.
fn declare_url(function: &Declaration, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let Some(member) = function.properties.member("FunctionUrlConfig") else { return };
    for case in member.value.at(&[]) {
        let config = case.value;
        let condition = case.condition.as_ref();
        let span = member.key_span;
        let url = Properties::new(span)
            .keep(config, &["AuthType", "Cors", "InvokeMode"])
            .set("TargetFunctionArn", text_value(invoked.name.clone(), span))
            .build();
        let url = if matches!(config.kind, Kind::Unknown(_)) { config.clone() } else { url };
        let name = format!("{}Url", function.name);
        expansion.declare(function, condition, &name, "AWS::Lambda::Url", url, span);
        for auth in config.at(&["AuthType"]) {
            if auth.value.as_str() != Some("NONE") {
                continue;
            }
            let condition = documents::value::both(condition, auth.condition.as_ref());
            let span = auth.value.span;
            let public = Properties::new(span)
                .set("Action", Value::text("lambda:InvokeFunctionUrl", span))
                .set("FunctionName", text_value(invoked.name.clone(), span))
                .set("Principal", Value::text("*", span))
                .set("FunctionUrlAuthType", auth.value.clone())
                .build();
            let invoke = Properties::new(span)
                .set("Action", Value::text("lambda:InvokeFunction", span))
                .set("FunctionName", text_value(invoked.name.clone(), span))
                .set("Principal", Value::text("*", span))
                .set("InvokedViaFunctionUrl", generated::boolean(true, span))
                .build();
            let permissions =
                [("UrlPublicPermissions", public), ("URLInvokeAllowPublicAccess", invoke)];
            for (suffix, permission) in permissions {
                let name = format!("{}{suffix}", function.name);
                let kind = "AWS::Lambda::Permission";
                expansion.declare(function, condition.as_ref(), &name, kind, permission, span);
            }
        }
    }
}

/// Whether `value` is there and not switched off.
pub(super) fn switched_on(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null() && is_true(value) != Some(false))
}
