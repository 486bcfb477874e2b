use app_graph::{Answer, Integration, Unmapped};
use text::{EntityId, Part, PartialText};

use super::Context;
use crate::settings::{last_segment, texts};
use documents::value::{Kind, Value};

/// What a route leads to.
#[derive(Debug, Clone, Default)]
pub(super) struct Target {
    /// The function, where it is one of this application.
    pub(super) function: Option<EntityId>,
    /// Another declared resource: a queue, a state machine, a table.
    pub(super) other: Option<EntityId>,
}

/// What kind of thing an integration calls; `None` where it does not say.
///
/// Source: API Gateway's API references, `PutIntegration` and `CreateIntegration`.
pub(super) fn kind_of(integration: &Value) -> Option<Integration> {
    let said = |keys: [&str; 2]| {
        let found = keys.iter().map(|key| integration.text_at(&[key]));
        let found = found.into_iter().find(|setting| !setting.is_unset())?;
        found.known_values().next().map(|said| said.value.with_holes(""))
    };
    let kind = said(["Type", "type"]).or_else(|| said(["IntegrationType", "integrationType"]))?;
    match kind.to_ascii_uppercase().as_str() {
        "MOCK" => Some(Integration::Mock),
        "HTTP" | "HTTP_PROXY" => Some(Integration::Http),
        "AWS" | "AWS_PROXY" => {
            let subtype = said(["IntegrationSubtype", "integrationSubtype"]);
            let uri = said(["Uri", "uri"]).unwrap_or_default();
            // `arn:aws:apigateway:REGION:SERVICE:action/NAME`, where functions are `lambda:path`.
            let service = uri.split(':').nth(4).unwrap_or_default();
            let is_service = subtype.is_some() || !matches!(service, "" | "lambda");
            Some(match is_service {
                true => Integration::Service(unmapped(integration)),
                false => Integration::Function,
            })
        }
        _ => None,
    }
}

/// What becomes of bodies without a template.
///
/// Source: API Gateway developer guide, "Method request behavior for payloads without mapping
/// templates".
fn unmapped(integration: &Value) -> Unmapped {
    let is = |word: &str| {
        let keys = ["PassthroughBehavior", "passthroughBehavior"];
        keys.iter()
            .any(|key| integration.string_at(&[key]).any(|said| said.eq_ignore_ascii_case(word)))
    };
    let has_templates = || {
        ["RequestTemplates", "requestTemplates"].iter().any(|key| integration.get(key).is_some())
    };
    match is("NEVER") || is("WHEN_NO_TEMPLATES") && has_templates() {
        true => Unmapped::Refused,
        false => Unmapped::PassedOn,
    }
}

/// Deepest nesting of mappings in which a service integration's resource is looked for.
const DEEPEST: usize = 6;

/// What an integration leads to: its address, in CloudFormation's or OpenAPI's spelling, or what
/// its request names.
pub(super) fn target(integration: &Value, context: &Context<'_>) -> Target {
    let addresses: Vec<_> = ["Uri", "IntegrationUri", "uri"]
        .iter()
        .flat_map(|key| texts(integration, &[key]))
        .collect();
    if let Some(function) = addresses.iter().find_map(|said| function(&said.value, context)) {
        return Target { function: Some(function), other: None };
    }
    let other = addresses.iter().find_map(|said| {
        resource(&said.value, context).or_else(|| queue_in_address(&said.value, context))
    });
    let named = || {
        let requests =
            ["RequestParameters", "RequestTemplates", "requestParameters", "requestTemplates"];
        requests.iter().find_map(|key| resource_in(integration.get(key)?, context, DEEPEST))
    };
    Target { function: None, other: other.or_else(named) }
}

/// How the caller of a function's integration gets the answer.
///
/// Source: API Gateway developer guide, "Set up asynchronous invocation of the backend Lambda
/// function" and "Stream the integration response"; `TimeoutInMillis` of its API references.
pub(super) fn answer(integration: &Value) -> Answer {
    let says = |path: &[&str], word: &str| {
        integration
            .text_at(path)
            .known_values()
            .any(|said| said.value.with_holes("").trim_matches('\'').eq_ignore_ascii_case(word))
    };
    const INVOCATION: &str = "integration.request.header.X-Amz-Invocation-Type";
    let is_event = ["RequestParameters", "requestParameters"]
        .iter()
        .any(|parameters| says(&[parameters, INVOCATION], "Event"));
    let is_stream =
        ["ResponseTransferMode", "responseTransferMode"].iter().any(|mode| says(&[mode], "STREAM"));
    match (is_event, is_stream) {
        (true, _) => Answer::NotAwaited,
        (false, true) => Answer::Streamed,
        (false, false) => {
            let waits = ["TimeoutInMillis", "timeoutInMillis"]
                .iter()
                .find_map(|key| Some(integration.u32_at(&[key]).single()?.value));
            waits.map_or(Answer::Usual, Answer::Within)
        }
    }
}

/// The function behind a text: its ARN, its name, a reference, or an invocation address such as
/// `arn:aws:apigateway:…:lambda:path/2015-03-31/functions/ARN/invocations`.
pub(super) fn function(text: &PartialText, context: &Context<'_>) -> Option<EntityId> {
    let mut address = PartialText::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => {
                let literal = literal.strip_suffix("/invocations").unwrap_or(literal);
                address.push(Part::Literal(literal.to_owned()));
            }
            part => address.push(part.clone()),
        }
    }
    context.directory.function(&address)
}

/// A declared resource that a text names, other than the role under which it is called.
fn resource(text: &PartialText, context: &Context<'_>) -> Option<EntityId> {
    let mut references = text.references();
    references.find_map(|reference| {
        let declaration = context.directory.get(&reference.entity)?;
        let service = !declaration.kind.starts_with("AWS::IAM::")
            && !declaration.kind.starts_with("AWS::ApiGateway")
            && declaration.kind != "AWS::EC2::VPC";
        service.then(|| declaration.id.clone())
    })
}

/// The queue at the end of `arn:aws:apigateway:…:sqs:path/ACCOUNT/NAME`.
fn queue_in_address(text: &PartialText, context: &Context<'_>) -> Option<EntityId> {
    let name = last_segment(text, &['/']);
    let queue = text.has_literal(":sqs:path/").then(|| context.directory.named("sqs", &name));
    queue.flatten().map(|queue| queue.id.clone())
}

/// Members of a request's JSON that name a resource, with its service in ARNs.
///
/// Source: API references of these services.
const NAMING: &[(&str, &str)] = &[
    ("\"TableName\"", "dynamodb"),
    ("\"StreamName\"", "kinesis"),
    ("\"DeliveryStreamName\"", "firehose"),
    ("\"EventBusName\"", "events"),
];

/// A declared resource that a request names by its deployed name.
fn resource_named(text: &PartialText, context: &Context<'_>) -> Option<EntityId> {
    let request = text.with_holes("");
    NAMING.iter().find_map(|(key, service)| {
        let (_, behind) = request.split_once(key)?;
        let (_, quoted) = behind.split_once('"')?;
        let (name, _) = quoted.split_once('"')?;
        let named = context.directory.named(service, &PartialText::known(name))?;
        Some(named.id.clone())
    })
}

fn resource_in(value: &Value, context: &Context<'_>, depth: usize) -> Option<EntityId> {
    let depth = depth.checked_sub(1)?;
    match &value.kind {
        Kind::Text(text) => resource(text, context).or_else(|| resource_named(text, context)),
        Kind::List(items) => items.iter().find_map(|item| resource_in(item, context, depth)),
        Kind::Map(members) => {
            members.iter().find_map(|member| resource_in(&member.value, context, depth))
        }
        Kind::Branches(alternatives) => {
            alternatives.iter().find_map(|branch| resource_in(&branch.value, context, depth))
        }
        _ => None,
    }
}
