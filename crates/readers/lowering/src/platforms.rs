//! Functions and triggers of platforms that have no schema here but the neutral one,
//! `Serverless::Function` and `Serverless::Trigger`.
//!
//! Only what was said is kept: nothing is known of these platforms' defaults.

use app_graph::{
    AppGraph, Code, Function, Integration, Packaging, Route, RouteAuth, Trigger, TriggerKind,
};
use text::{EntityId, PartialText, Setting};

use super::entity;
use super::google::{memory, plain, seconds, variables};
use documents::declaration::{Declaration, Declared};

/// Adds the functions, and what triggers them.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph) {
    for declaration in &declared.declarations {
        match declaration.kind.as_str() {
            "Serverless::Function" => graph.functions.push(function(declaration)),
            "Serverless::Trigger" => graph.triggers.push(trigger(declaration)),
            _ => {}
        }
    }
}

fn function(declaration: &Declaration) -> Function {
    let properties = &declaration.properties;
    let (environment, environment_unknown) = variables(properties, &["environment"]);
    let image = properties.text_at(&["image"]);
    Function {
        function_name: properties.text_at(&["name"]),
        runtime: properties.string_at(&["runtime"]),
        handler: properties.text_at(&["handler"]),
        packaging: if image.is_unset() { Packaging::Archive } else { Packaging::Image },
        code: image.map(Code::Image),
        timeout: seconds(properties, &["timeout"]),
        memory: memory(properties, &["memory"]),
        environment,
        environment_unknown,
        ..Function::new(entity(declaration))
    }
}

fn trigger(declaration: &Declaration) -> Trigger {
    let properties = &declaration.properties;
    let word = properties.string_at(&["kind"]);
    let word = word.single().map_or("event", |said| said.value.as_str());
    let mut trigger = plain(declaration, declaration.said, kind(word));
    trigger.entity.id = declaration.id.clone();
    trigger.function = referred(&properties.text_at(&["function"]));
    trigger.enabled = properties.bool_at(&["enabled"]);
    if trigger.kind == TriggerKind::HttpApi {
        trigger.route = Some(route(declaration));
    } else {
        trigger.source = properties.text_at(&["source"]);
        trigger.source_entity = referred(&trigger.source);
    }
    trigger
}

fn referred(text: &Setting<PartialText>) -> Option<EntityId> {
    text.known_values().find_map(|said| Some(said.value.references().next()?.entity.clone()))
}

fn route(declaration: &Declaration) -> Route {
    let properties = &declaration.properties;
    let path = properties.text_at(&["path"]);
    let path = path.single().map(|said| said.value.with_holes("unknown")).unwrap_or_default();
    // Where a route is an address with a host, the path begins at its first slash.
    let path = match path.split_once('/') {
        Some((host, rest)) if host.contains('.') => rest,
        _ => path.as_str(),
    };
    let method = properties.string_at(&["method"]);
    let method = method.single().map_or_else(|| "ANY".to_owned(), |it| it.value.to_uppercase());
    Route {
        method: if method == "*" { "ANY".to_owned() } else { method },
        path: format!("/{}", path.trim_start_matches('/')),
        api: None,
        // Nothing is said where the platform makes a public address and asks nobody.
        auth: properties.string_at(&["access"]).map(|word| match word.as_str() {
            "anyone" => RouteAuth::Anyone,
            "signed" => RouteAuth::Iam,
            "key" => RouteAuth::ApiKey,
            _ => RouteAuth::Other(word),
        }),
        api_key: Setting::Unset,
        validation: Setting::Unset,
        integration: Some(Integration::Function),
    }
}

/// Kinds by the words of the Serverless Framework's providers.
fn kind(word: &str) -> TriggerKind {
    match word {
        "http" | "apigw" => TriggerKind::HttpApi,
        "schedule" | "cron" | "timer" => TriggerKind::Schedule,
        "awsSqs" | "cmq" | "queue" => TriggerKind::Queue,
        "kafka" | "ckafka" | "message_hub" => TriggerKind::SelfManagedKafka,
        "gcpPubSub" | "pubsub" => TriggerKind::PubSub,
        "oss" | "cos" | "obs" => TriggerKind::Bucket,
        "cloudant" => TriggerKind::DocumentStream,
        "sequence" => TriggerKind::Function,
        other => TriggerKind::Other(other.to_owned()),
    }
}
