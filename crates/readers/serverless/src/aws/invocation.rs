//! How functions are invoked beside their events: URLs, destinations, provisioned instances.
//!
//! Source: the Serverless Framework's `lib/plugins/aws/package/compile/functions.js` and guide.

use super::super::service::FunctionEntry;
use super::template::{Origin, Template};
use super::write::{At, is_intrinsic, is_on, label};
use super::{Aws, naming};
use documents::value::{Kind, Value};

/// Adds a function's URL, its handling of asynchronous events and its provisioned instances.
pub(super) fn add(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    origin: &Origin,
    template: &mut Template,
) {
    add_url(function, origin, template);
    add_event_configuration(aws, function, origin, template);
    add_provisioned_concurrency(function, origin, template);
}

fn derived(origin: &Origin, said: text::Span, extent: text::Span, type_name: &str) -> Origin {
    let name = origin.name.clone();
    Origin { name, type_name: type_name.to_owned(), said, extent, insertion: None }
}

fn add_url(function: &FunctionEntry, origin: &Origin, template: &mut Template) {
    let Some(member) = function.value.member("url").filter(|url| is_on(Some(&url.value))) else {
        return;
    };
    let url = &member.value;
    let at = At(member.key_span);
    let id = naming::function_id(&function.key);
    let origin = derived(origin, member.key_span, url.span, "url");
    // `url: true` and a mapping without an authorizer leave it open.
    let auth_type = match (&url.kind, url.get("authorizer").filter(|value| !value.is_null())) {
        (Kind::Unknown(_), _) => url.clone(),
        (_, None) => At(url.span).text("NONE"),
        (_, Some(authorizer)) => match authorizer.as_str() {
            Some(word) if word.eq_ignore_ascii_case("aws_iam") => {
                Value::text("AWS_IAM", authorizer.span)
            }
            _ => authorizer.clone(),
        },
    };
    let cors = url.get("cors").filter(|cors| is_on(Some(cors))).map(url_cors);
    let is_open = auth_type.as_str() == Some("NONE");
    let invoke_mode = match url.get("invokeMode") {
        Some(mode) => Some(mode.clone()),
        None => is_on(url.get("stream")).then(|| at.text("RESPONSE_STREAM")),
    };
    let properties = at
        .properties()
        .set("AuthType", auth_type)
        .set("TargetFunctionArn", at.attribute(&id, "Arn"))
        .set_some("Cors", cors)
        .set_some("InvokeMode", invoke_mode);
    let normalized = naming::normalized(&function.key);
    template.add(
        &format!("{normalized}LambdaFunctionUrl"),
        "AWS::Lambda::Url",
        properties.build(),
        &origin,
    );
    if is_open {
        let permission = at
            .properties()
            .set("FunctionName", at.attribute(&id, "Arn"))
            .set("Action", at.text("lambda:InvokeFunctionUrl"))
            .set("Principal", at.text("*"))
            .set("FunctionUrlAuthType", at.text("NONE"));
        template.add(
            &format!("{normalized}LambdaPermissionFnUrl"),
            "AWS::Lambda::Permission",
            permission.build(),
            &origin,
        );
    }
}

fn url_cors(cors: &Value) -> Value {
    let at = At(cors.span);
    let or = |name: &str, default: &[&str]| match cors.get(name) {
        Some(value) => (!value.is_null()).then(|| value.clone()),
        None => Some(at.texts(default)),
    };
    if matches!(cors.kind, Kind::Unknown(_)) {
        return cors.clone();
    }
    let headers =
        ["Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token"];
    at.properties()
        .set_some("AllowOrigins", or("allowedOrigins", &["*"]))
        .set_some("AllowHeaders", or("allowedHeaders", &headers))
        .set_some("AllowMethods", or("allowedMethods", &["*"]))
        .take("AllowCredentials", cors, "allowCredentials")
        .take("ExposeHeaders", cors, "exposedResponseHeaders")
        .take("MaxAge", cors, "maxAge")
        .build()
}

fn add_event_configuration(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    origin: &Origin,
    template: &mut Template,
) {
    let own = &function.value;
    let members = ["destinations", "maximumEventAge", "maximumRetryAttempts"];
    let mut first = members.iter().filter_map(|key| own.member(key));
    let Some(first) = first.find(|member| !member.value.is_null()) else { return };
    let at = At(first.key_span);
    let mut config = at.properties();
    let destinations = own.get("destinations");
    for (key, name) in [("OnSuccess", "onSuccess"), ("OnFailure", "onFailure")] {
        let said = destinations.and_then(|all| all.get(name)).filter(|value| !value.is_null());
        if let Some(destination) = said {
            let arn = destination_arn(aws, destination);
            allow_destination(function, destination, &arn, template);
            config = config.set(key, At(destination.span).map([("Destination", arn)]));
        }
    }
    let config = match destinations {
        Some(all) if matches!(all.kind, Kind::Unknown(_)) => Some(all.clone()),
        _ => Some(config.build()).filter(|config| !config.members().is_empty()),
    };
    let properties = at
        .properties()
        .set("FunctionName", at.reference(&naming::function_id(&function.key)))
        .set("Qualifier", at.text("$LATEST"))
        .set_some("DestinationConfig", config)
        .take("MaximumEventAgeInSeconds", own, "maximumEventAge")
        .take("MaximumRetryAttempts", own, "maximumRetryAttempts");
    let origin = derived(origin, first.key_span, first.value.span, "destinations");
    template.add(
        &format!("{}LambdaEvConf", naming::normalized(&function.key)),
        "AWS::Lambda::EventInvokeConfig",
        properties.build(),
        &origin,
    );
}

/// A destination's ARN: of a function of the service, as written, or of a `type` and `arn`.
fn destination_arn(aws: &Aws<'_>, destination: &Value) -> Value {
    match destination.as_str().filter(|_| destination.tag.is_none()) {
        Some(key) if !key.contains(':') && aws.function(key).is_some() => {
            At(destination.span).attribute(&naming::function_id(key), "Arn")
        }
        _ => destination.get("arn").unwrap_or(destination).clone(),
    }
}

fn allow_destination(
    function: &FunctionEntry,
    destination: &Value,
    arn: &Value,
    template: &mut Template,
) {
    let kind = destination.get("type").and_then(Value::as_str);
    let text = arn.as_str().unwrap_or_default();
    let action = match kind {
        Some("sns") => "sns:Publish",
        Some("sqs") => "sqs:SendMessage",
        Some("eventBus") => "events:PutEvents",
        Some("function") => "lambda:InvokeFunction",
        _ if text.contains(":sns:") => "sns:Publish",
        _ if text.contains(":sqs:") => "sqs:SendMessage",
        _ if text.contains(":event-bus/") => "events:PutEvents",
        _ => "lambda:InvokeFunction",
    };
    template.allow(&function.key, &[action], vec![arn.clone()], At(destination.span));
}

fn add_provisioned_concurrency(function: &FunctionEntry, origin: &Origin, template: &mut Template) {
    let own = &function.value;
    let Some(member) = own.member("provisionedConcurrency") else { return };
    let value = &member.value;
    if value.is_null() || matches!(&value.kind, Kind::Number(number) if &**number == "0") {
        return;
    }
    let amount = value.get("executions").filter(|_| !is_intrinsic(value)).unwrap_or(value);
    let at = At(member.key_span);
    let normalized = naming::normalized(&function.key);
    let id = naming::function_id(&function.key);
    let version = format!("{normalized}LambdaVersion");
    let origin = derived(origin, member.key_span, value.span, "provisionedConcurrency");
    let properties = at.map([("FunctionName", at.reference(&id))]);
    template.add(&version, "AWS::Lambda::Version", properties, &origin);
    let config = At(value.span).map([("ProvisionedConcurrentExecutions", amount.clone())]);
    let properties = at
        .properties()
        .set("FunctionName", at.reference(&id))
        .set("FunctionVersion", at.attribute(&version, "Version"))
        .set("Name", at.text("provisioned"))
        .set("ProvisionedConcurrencyConfig", config);
    let alias = format!("{normalized}ProvConcLambdaAlias");
    template.add(&alias, "AWS::Lambda::Alias", properties.build(), &origin);
}

/// The reference or ARN under which a function of the service or another one is named: by key,
/// logical id, ARN or intrinsic.
pub(super) fn function_reference(aws: &Aws<'_>, named: &Value) -> Value {
    match named.as_str().filter(|_| named.tag.is_none()) {
        Some(name) if name.contains(':') => named.clone(),
        Some(name) => {
            let id = match aws.function(name) {
                Some(_) => naming::function_id(name),
                None => label(named),
            };
            At(named.span).attribute(&id, "Arn")
        }
        None => named.clone(),
    }
}
