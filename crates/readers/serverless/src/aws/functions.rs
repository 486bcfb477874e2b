//! Functions, their log groups and layers.
//!
//! Source: the Serverless Framework's `lib/plugins/aws/package/compile/functions.js` and guide.

use app_graph::InsertionPoint;
use text::{Part, PartialText};

use super::super::service::{FunctionEntry, merged};
use super::template::{Origin, Template};
use super::write::{At, is_intrinsic, is_on, scalar};
use super::{Aws, invocation, naming, role};
use documents::declaration::ASSET_PATH;
use documents::value::{Alternative, Kind, Member, Value};

/// Adds a function with everything that is not an event.
pub(super) fn add(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    insertion: Option<InsertionPoint>,
    template: &mut Template,
) {
    let origin = Origin {
        name: function.key.clone(),
        type_name: "function".to_owned(),
        said: function.key_span,
        extent: function.extent(),
        insertion,
    };
    let id = naming::function_id(&function.key);
    let properties = properties(aws, function, &origin, template);
    template.add(&id, "AWS::Lambda::Function", properties, &origin);
    if let Some(resource) = template.get_mut(&id) {
        resource.condition = function.value.get("condition").cloned();
    }
    let generated = |type_name: &str| Origin {
        type_name: type_name.to_owned(),
        insertion: None,
        ..origin.clone()
    };
    if !is_on(function.value.get("disableLogs")) {
        add_log_group(aws, function, &generated("log group"), template);
    }
    invocation::add(aws, function, &origin, template);
}

fn properties(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    origin: &Origin,
    template: &mut Template,
) -> Value {
    let at = origin.at();
    let (own, provider) = (&function.value, aws.provider());
    if let Kind::Unknown(why) = &own.kind {
        return unknown_properties(aws, function, why, at);
    }
    let both = [own, provider];
    let name = match own.member("name").filter(|member| !member.value.is_null()) {
        Some(member) => member.value.clone(),
        None => at.partial(aws.function_name(function)),
    };
    let mut properties = at
        .properties()
        .set("FunctionName", name)
        .take("Handler", own, "handler")
        .take_first("Runtime", &both, "runtime")
        .take_first("Timeout", &both, "timeout")
        .default("Timeout", Kind::Number("6".into()))
        .take_first("MemorySize", &both, "memorySize")
        .default("MemorySize", Kind::Number("1024".into()))
        .take("Description", own, "description")
        .take_first("KmsKeyArn", &both, "kmsKeyArn")
        .take("ReservedConcurrentExecutions", own, "reservedConcurrency")
        .take_first("Layers", &both, "layers")
        .set_some("Role", role::role_of(aws, function, at))
        .set_some("Environment", environment(aws, function))
        .set_some("VpcConfig", network(aws, function))
        .set_some("TracingConfig", tracing(aws, function))
        .set_some("Tags", tags(aws, function))
        .set_some("LoggingConfig", logging(aws, function));
    if let Some(member) = both.iter().find_map(|value| value.member("architecture")) {
        let list = Value::list([member.value.clone()], member.value.span);
        properties = properties.set("Architectures", list);
    }
    if let Some(member) = own.member("ephemeralStorageSize") {
        let size = At(member.key_span).map([("Size", member.value.clone())]);
        properties = properties.set("EphemeralStorage", size);
    }
    if let Some(system) = own.get("fileSystemConfig").filter(|system| !system.is_null()) {
        let config = At(system.span).properties().take("Arn", system, "arn").take(
            "LocalMountPath",
            system,
            "localMountPath",
        );
        properties =
            properties.set("FileSystemConfigs", Value::list([config.build()], system.span));
        if let Some(arn) = system.get("arn") {
            let said = system.get("type").and_then(Value::as_str);
            let in_s3 = said == Some("s3files") || scalar(arn).has_literal(":s3files:");
            let actions = match in_s3 {
                true => ["s3files:ClientMount", "s3files:ClientWrite"],
                false => ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            };
            template.allow(&function.key, &actions, vec![arn.clone()], At(system.span));
        }
    }
    if is_on(own.get("snapStart")) {
        let apply = at.map([("ApplyOn", at.text("PublishedVersions"))]);
        properties = properties.set("SnapStart", apply);
    }
    if let Some(member) = own.member("onError").filter(|member| !member.value.is_null()) {
        let config = At(member.value.span).map([("TargetArn", member.value.clone())]);
        properties = properties.set("DeadLetterConfig", config);
        let sns = vec![member.value.clone()];
        template.allow(&function.key, &["sns:Publish"], sns, At(member.value.span));
    }
    match own.member("image").filter(|member| !member.value.is_null()) {
        Some(image) => properties
            .set("PackageType", at.text("Image"))
            .set("Code", At(image.value.span).map([("ImageUri", image_uri(aws, &image.value))]))
            .set_some("ImageConfig", image_config(&image.value))
            .build(),
        None => properties
            .default("Runtime", Kind::Unknown("the framework's version decides on it".to_owned()))
            .set(ASSET_PATH, aws.asset(package_artifact(function), at))
            .build(),
    }
}

/// Of a function that could not be read, every property that rules ask for is unknown.
fn unknown_properties(aws: &Aws<'_>, function: &FunctionEntry, why: &str, at: At) -> Value {
    let unknown = || Value::unknown(why, at.0);
    let keys = [
        "Handler",
        "Runtime",
        "Timeout",
        "MemorySize",
        "Role",
        "KmsKeyArn",
        "Layers",
        "ReservedConcurrentExecutions",
        "VpcConfig",
        "TracingConfig",
        "DeadLetterConfig",
        "Environment",
        "Code",
    ];
    let properties = keys.iter().fold(at.properties(), |all, key| all.set(key, unknown()));
    properties.set("FunctionName", at.partial(aws.function_name(function))).build()
}

fn package_artifact(function: &FunctionEntry) -> Option<&Value> {
    function.value.get("package")?.get("artifact")
}

fn environment(aws: &Aws<'_>, function: &FunctionEntry) -> Option<Value> {
    let own = function.value.get("environment").filter(|value| !value.is_null());
    let shared = aws.provider_at(&["environment"]);
    let variables = match (shared, own) {
        (None, None) => return None,
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (Some(shared), Some(own)) => match (&shared.kind, &own.kind) {
            // What is known of either is judged, and that the rest is not known is said.
            (Kind::Unknown(_), _) => either(shared, own, "the provider's environment is not known"),
            (_, Kind::Unknown(_)) => either(own, shared, "the function's environment is not known"),
            _ => merged(shared, own),
        },
    };
    Some(At(variables.span).map([("Variables", variables)]))
}

fn either(unknown: &Value, known: &Value, why: &str) -> Value {
    let alternatives =
        [unknown, known].map(|value| Alternative { condition: why.into(), value: value.clone() });
    Value::new(Kind::Branches(alternatives.into()), known.span)
}

fn network(aws: &Aws<'_>, function: &FunctionEntry) -> Option<Value> {
    let vpc = match function.value.get("vpc") {
        Some(vpc) => vpc,
        None => aws.provider_at(&["vpc"])?,
    };
    match &vpc.kind {
        Kind::Map(_) if !is_intrinsic(vpc) => Some(
            At(vpc.span)
                .properties()
                .take("SecurityGroupIds", vpc, "securityGroupIds")
                .take("SubnetIds", vpc, "subnetIds")
                .take("Ipv6AllowedForDualStack", vpc, "ipv6AllowedForDualStack")
                .build(),
        ),
        // A function may leave the provider's network.
        Kind::Null | Kind::Bool(false) => None,
        Kind::Unknown(_) => Some(vpc.clone()),
        _ => Some(Value::unknown("the network is chosen at deployment", vpc.span)),
    }
}

fn tracing(aws: &Aws<'_>, function: &FunctionEntry) -> Option<Value> {
    let tracing = function.value.get("tracing").filter(|value| !value.is_null());
    let tracing = tracing.or_else(|| aws.provider_at(&["tracing", "lambda"]))?;
    let mode = match &tracing.kind {
        Kind::Bool(true) => Value::text("Active", tracing.span),
        Kind::Bool(false) => return None,
        _ => tracing.clone(),
    };
    Some(At(tracing.span).map([("Mode", mode)]))
}

fn tags(aws: &Aws<'_>, function: &FunctionEntry) -> Option<Value> {
    let null = Value::new(Kind::Null, function.key_span);
    let of = |value: Option<&Value>| value.cloned().unwrap_or_else(|| null.clone());
    let tags = merged(&of(aws.provider_at(&["tags"])), &of(function.value.get("tags")));
    tag_list(&tags)
}

/// Tags as CloudFormation lists them.
pub(super) fn tag_list(tags: &Value) -> Option<Value> {
    let members = tags.members();
    let items = members.iter().map(|member: &Member| {
        let at = At(member.key_span);
        at.map([("Key", at.text(&member.key)), ("Value", member.value.clone())])
    });
    (!members.is_empty()).then(|| Value::list(items, tags.span))
}

fn logging(aws: &Aws<'_>, function: &FunctionEntry) -> Option<Value> {
    let own = function.value.get("logs").filter(|logs| !logs.members().is_empty());
    let logs = own.or_else(|| aws.provider_at(&["logs", "lambda"]))?;
    let config = At(logs.span)
        .properties()
        .take("LogFormat", logs, "logFormat")
        .take("ApplicationLogLevel", logs, "applicationLogLevel")
        .take("SystemLogLevel", logs, "systemLogLevel")
        .take("LogGroup", logs, "logGroup");
    Some(config.build())
}

fn add_log_group(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    origin: &Origin,
    template: &mut Template,
) {
    let at = origin.at();
    let own = &function.value;
    if own.get("logs").and_then(|logs| logs.get("logGroup")).is_some() {
        return;
    }
    let mut name = PartialText::known("/aws/lambda/");
    name.extend(&aws.function_name(function));
    let properties = at
        .properties()
        .set("LogGroupName", at.partial(name))
        .take_first("RetentionInDays", &[own, aws.provider()], "logRetentionInDays")
        .take_first("DataProtectionPolicy", &[own, aws.provider()], "logDataProtectionPolicy");
    let id = format!("{}LogGroup", naming::normalized(&function.key));
    let keeps = |settings: &Value| settings.get("logRetentionInDays").is_some();
    if keeps(own) || keeps(aws.provider()) {
        return template.add(&id, "AWS::Logs::LogGroup", properties.build(), origin);
    }
    // Where no function says how long, the provider is the place to say it for all.
    let provider = Origin {
        insertion: aws.service.provider_insertion.clone(),
        name: origin.name.clone(),
        ..aws.provider_origin(&[], "provider")
    };
    template.add(&id, "AWS::Logs::LogGroup", properties.build(), &provider);
}

fn image_uri(aws: &Aws<'_>, image: &Value) -> Value {
    let named = match image.get("name") {
        Some(name) => Some(name),
        None => Some(image).filter(|image| image.scalar_text().is_some()),
    };
    if let Some(name) = named.and_then(Value::as_str)
        && let Some(declared) = aws.provider_at(&["ecr", "images", name])
    {
        return match declared.get("uri").or(Some(declared).filter(|it| it.as_str().is_some())) {
            Some(uri) => uri.clone(),
            // Built from a folder at deployment and referred to by its digest.
            None => {
                let pattern = "{account}.dkr.ecr.{region}.amazonaws.com/serverless-{0}-{1}@sha256:";
                let mut uri = aws.named(pattern);
                uri.push(Part::Unknown(format!("image `{name}` is built at deployment")));
                At(declared.span).partial(uri)
            }
        };
    }
    image.get("uri").or(named).cloned().unwrap_or_else(|| {
        let why = match &image.kind {
            Kind::Unknown(why) => why.clone(),
            _ => "the image is not named".to_owned(),
        };
        Value::unknown(why, image.span)
    })
}

fn image_config(image: &Value) -> Option<Value> {
    let members = image.members();
    let configured = ["command", "entryPoint", "workingDirectory"];
    members.iter().any(|member| configured.contains(&&*member.key)).then(|| {
        At(image.span)
            .properties()
            .take("Command", image, "command")
            .take("EntryPoint", image, "entryPoint")
            .take("WorkingDirectory", image, "workingDirectory")
            .build()
    })
}

/// Adds the service's own layers.
pub(super) fn add_layers(aws: &Aws<'_>, layers: &Value, template: &mut Template) {
    for member in layers.members() {
        let layer = &member.value;
        let origin = Origin {
            name: member.key.to_string(),
            type_name: "layer".to_owned(),
            said: member.key_span,
            extent: layer.span,
            insertion: None,
        };
        let at = origin.at();
        let id = format!("{}LambdaLayer", naming::normalized(&member.key));
        let name = layer.get("name").cloned().unwrap_or_else(|| at.text(&member.key));
        let path = layer.get("path").or_else(|| layer.get("package")?.get("artifact"));
        let properties = at
            .properties()
            .set("LayerName", name)
            .set(ASSET_PATH, aws.asset(path, at))
            .take("Description", layer, "description")
            .take("CompatibleRuntimes", layer, "compatibleRuntimes")
            .take("CompatibleArchitectures", layer, "compatibleArchitectures")
            .take("LicenseInfo", layer, "licenseInfo");
        template.add(&id, "AWS::Lambda::LayerVersion", properties.build(), &origin);
        for account in layer.get("allowedAccounts").map(Value::items).unwrap_or_default() {
            let properties = At(account.span)
                .properties()
                .set("Action", at.text("lambda:GetLayerVersion"))
                .set("LayerVersionArn", at.reference(&id))
                .set("Principal", account.clone());
            let account = naming::normalized_alphanumeric(&scalar(account).with_holes(""));
            template.add_numbered(
                &format!("{}{account}LambdaLayerPermission", naming::normalized(&member.key)),
                "AWS::Lambda::LayerVersionPermission",
                properties.build(),
                &origin,
            );
        }
    }
}
