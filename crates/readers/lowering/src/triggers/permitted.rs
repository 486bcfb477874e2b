use std::collections::{HashMap, HashSet};

use app_graph::{AppGraph, Integration, Route, TriggerKind};
use text::{EntityId, PartialText, Problem, Setting, Unknown};

use super::{Collector, declared_trigger};
use crate::directory::{Directory, arn_of};
use crate::invocations::functions_at;
use documents::declaration::{Declaration, Declared};

/// Adds triggers of which nothing but the permission is declared here: an API or bucket of another
/// stack. Runs when all other triggers are in the graph.
pub(crate) fn lower(declared: &Declared, graph: &mut AppGraph, _problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    let mut known: HashMap<EntityId, HashSet<&'static str>> = HashMap::new();
    for trigger in &graph.triggers {
        if let Some(function) = &trigger.function {
            let services = known.entry(function.clone()).or_default();
            services.extend(services_of(&trigger.kind));
        }
    }
    let mut collector = Collector::new(&directory, graph);
    for declaration in &declared.declarations {
        if declaration.kind == "AWS::Lambda::Permission" {
            permission(declaration, &known, &mut collector);
        }
    }
}

/// Services whose records Lambda fetches itself, by the function's role: a permission for one of
/// them starts nothing.
///
/// Source: AWS Lambda developer guide, "How Lambda processes records from stream and queue-based
/// event sources".
const POLLED: &[&str] = &["sqs", "dynamodb", "kinesis", "kafka", "mq", "docdb"];

fn permission(
    declaration: &Declaration,
    known: &HashMap<EntityId, HashSet<&'static str>>,
    collector: &mut Collector<'_>,
) {
    let properties = &declaration.properties;
    let principal = properties.text_at(&["Principal"]);
    let Some(service) = principal.known_values().find_map(|said| service_of(&said.value)) else {
        return;
    };
    if POLLED.contains(&service.as_str()) {
        return;
    }
    let source = properties.text_at(&["SourceArn"]);
    let kind = kind_of(&service, &source);
    for function in functions_at(properties, "FunctionName", collector.directory) {
        if known.get(&function).is_some_and(|services| services.contains(service.as_str())) {
            continue;
        }
        let mut trigger = declared_trigger(declaration, kind.clone());
        collector.set_source(&mut trigger, source.clone());
        trigger.function = Some(function);
        if service == "apigateway" {
            trigger.route = Some(route(declaration, &source, trigger.source_entity.clone()));
        }
        collector.push(trigger);
    }
}

/// The service of a principal such as `s3.amazonaws.com` or `logs.eu-west-1.amazonaws.com`.
fn service_of(principal: &PartialText) -> Option<String> {
    let written = principal.with_holes("amazonaws.com");
    let (before, _) = written.split_once(".amazon")?;
    // `lambda.alarms.cloudwatch` is named by its last part.
    if before == "lambda.alarms.cloudwatch" {
        return Some("cloudwatch".to_owned());
    }
    let service = before.split('.').next()?;
    (!service.is_empty()).then(|| service.to_owned())
}

/// Principals that invoke a function through triggers of a kind.
fn services_of(kind: &TriggerKind) -> &'static [&'static str] {
    use TriggerKind as Kind;
    match kind {
        Kind::Bucket => &["s3"],
        Kind::Topic => &["sns"],
        Kind::EventRule | Kind::Schedule => &["events", "scheduler"],
        Kind::RestApi | Kind::HttpApi | Kind::WebSocketApi => &["apigateway"],
        // The authorizer of one API does not explain why an API may call the function itself;
        // but its permission is the same, and another route would have been read.
        Kind::Authorizer => &["apigateway", "appsync", "bedrock", "bedrock-agentcore"],
        Kind::AgentGateway => &["bedrock", "bedrock-agentcore"],
        Kind::LoadBalancer => &["elasticloadbalancing"],
        Kind::UserPool => &["cognito-idp", "cognito-sync"],
        Kind::IotRule => &["iot"],
        Kind::Mail => &["ses"],
        Kind::LogSubscription => &["logs"],
        Kind::ConfigRule => &["config"],
        Kind::SecretRotation => &["secretsmanager"],
        Kind::VoiceSkill => &["alexa-appkit", "alexa-connectedhome"],
        Kind::ChatBot => &["lex", "lexv2"],
        Kind::Repository => &["codecommit"],
        Kind::Pipeline => &["codepipeline"],
        Kind::Alarm => &["cloudwatch"],
        Kind::Distribution => &["edgelambda", "replicator", "cloudfront"],
        Kind::FunctionUrl => &["cloudfront"],
        Kind::GraphqlApi => &["appsync"],
        Kind::DeliveryStream => &["firehose"],
        Kind::CustomResource => &["cloudformation"],
        Kind::StateMachine => &["states"],
        Kind::Pipe => &["pipes"],
        Kind::Other(kind) if kind == "agent" => &["bedrock"],
        _ => &[],
    }
}

fn kind_of(service: &str, source: &Setting<PartialText>) -> TriggerKind {
    use TriggerKind as Kind;
    match service {
        "s3" => Kind::Bucket,
        "sns" => Kind::Topic,
        "events" => Kind::EventRule,
        "scheduler" => Kind::Schedule,
        "apigateway" => {
            let authorizer = source.any(|arn| arn.has_literal("/authorizers/"));
            if authorizer { Kind::Authorizer } else { Kind::RestApi }
        }
        "elasticloadbalancing" => Kind::LoadBalancer,
        "cognito-idp" | "cognito-sync" => Kind::UserPool,
        "iot" => Kind::IotRule,
        "ses" => Kind::Mail,
        "logs" => Kind::LogSubscription,
        "config" => Kind::ConfigRule,
        "secretsmanager" => Kind::SecretRotation,
        "alexa-appkit" | "alexa-connectedhome" => Kind::VoiceSkill,
        "lex" | "lexv2" => Kind::ChatBot,
        "codecommit" => Kind::Repository,
        "codepipeline" => Kind::Pipeline,
        "cloudwatch" => Kind::Alarm,
        "edgelambda" | "replicator" => Kind::Distribution,
        "appsync" => Kind::GraphqlApi,
        "firehose" => Kind::DeliveryStream,
        "cloudformation" => Kind::CustomResource,
        "states" => Kind::StateMachine,
        "pipes" => Kind::Pipe,
        other => Kind::Other(other.to_owned()),
    }
}

/// The route that an API's source ARN names: `arn:aws:execute-api:…:id/stage/GET/orders`.
fn route(declaration: &Declaration, source: &Setting<PartialText>, api: Option<EntityId>) -> Route {
    let resource = source.known_values().find_map(|said| {
        let arn = arn_of(&said.value)?;
        Some(arn.resource.to_string())
    });
    let resource = resource.unwrap_or_default();
    let mut pieces = resource.splitn(4, '/').skip(2);
    let method = pieces.next().filter(|method| *method != "*").unwrap_or("ANY").to_owned();
    let path = format!("/{}", pieces.next().unwrap_or("*"));
    let why = "the API's route is not declared here";
    let unknown = Unknown::new(why, declaration.said);
    Route {
        method,
        path,
        api,
        auth: Setting::Unknown(unknown.clone()),
        api_key: Setting::Unknown(unknown.clone()),
        validation: Setting::Unknown(unknown),
        integration: Some(Integration::Function),
    }
}
