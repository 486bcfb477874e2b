//! Google's functions, their triggers, role bindings, buckets and topics, in Terraform's words.
//!
//! Source: the schemas of `google_cloudfunctions_function`, `google_cloudfunctions2_function` and
//! the `google_*_iam_*` resources of Terraform's provider `google`.

use app_graph::{
    AppGraph, Attached, AttachedOrigin, Bucket, Code, Encryption, Function, Identity, IdentityKind,
    Integration, Network, PublicAccessBlock, Resource, ResourceKind, Route, RouteAuth, Topic,
    Trigger, TriggerKind, Variable,
};
use iam::{Effect, Patterns, Policy, Principal, PrincipalKind, Principals, Statement};
use text::{EntityId, PartialText, Problem, Said, Setting, Span, Unknown};

use super::entity;
use documents::declaration::{Declaration, Declared};
use documents::value::{Kind, Value};

/// Adds the functions, triggers and identities of Google's cloud.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, _problems: &mut Vec<Problem>) {
    let google: Vec<&Declaration> = declared
        .declarations
        .iter()
        .filter(|declaration| declaration.kind.starts_with("google_"))
        .collect();
    for declaration in &google {
        let made = match declaration.kind.as_str() {
            "google_cloudfunctions_function" => {
                function(declaration, &First, graph);
                true
            }
            "google_cloudfunctions2_function" => {
                function(declaration, &Second, graph);
                true
            }
            "google_service_account" => {
                graph.identities.push(service_account(declaration));
                true
            }
            "google_storage_bucket" => resource(graph, declaration, bucket(declaration)),
            "google_pubsub_topic" => resource(graph, declaration, topic(declaration)),
            _ => false,
        };
        if made {
            let kept = |resource: &Resource| {
                resource.entity.id != declaration.id || resource.kind != ResourceKind::Other
            };
            graph.resources.retain(kept);
        }
    }
    for declaration in google {
        binding(declaration, graph);
    }
}

fn resource(graph: &mut AppGraph, declaration: &Declaration, kind: ResourceKind) -> bool {
    graph.resources.push(Resource { entity: entity(declaration), kind });
    true
}

/// Where a generation of functions keeps its settings.
struct Paths {
    runtime: &'static [&'static str],
    entry_point: &'static [&'static str],
    timeout: &'static [&'static str],
    memory: &'static [&'static str],
    maximum: &'static [&'static str],
    minimum: &'static [&'static str],
    environment: &'static [&'static str],
    account: &'static [&'static str],
    connector: &'static [&'static str],
    bucket: &'static [&'static str],
    object: &'static [&'static str],
}

#[expect(non_upper_case_globals, reason = "named as the generations are")]
const First: Paths = Paths {
    runtime: &["runtime"],
    entry_point: &["entry_point"],
    timeout: &["timeout"],
    memory: &["available_memory_mb"],
    maximum: &["max_instances"],
    minimum: &["min_instances"],
    environment: &["environment_variables"],
    account: &["service_account_email"],
    connector: &["vpc_connector"],
    bucket: &["source_archive_bucket"],
    object: &["source_archive_object"],
};

#[expect(non_upper_case_globals, reason = "named as the generations are")]
const Second: Paths = Paths {
    runtime: &["build_config", "runtime"],
    entry_point: &["build_config", "entry_point"],
    timeout: &["service_config", "timeout_seconds"],
    memory: &["service_config", "available_memory"],
    maximum: &["service_config", "max_instance_count"],
    minimum: &["service_config", "min_instance_count"],
    environment: &["service_config", "environment_variables"],
    account: &["service_config", "service_account_email"],
    connector: &["service_config", "vpc_connector"],
    bucket: &["build_config", "source", "storage_source", "bucket"],
    object: &["build_config", "source", "storage_source", "object"],
};

fn function(declaration: &Declaration, paths: &Paths, graph: &mut AppGraph) {
    let properties = &declaration.properties;
    let (environment, environment_unknown) = variables(properties, paths.environment);
    let bucket = properties.text_at(paths.bucket);
    let object = properties.text_at(paths.object);
    let code = bucket.map(|bucket| Code::Bucket {
        bucket,
        key: object.single().map_or_else(
            || PartialText::unknown("the object is not known"),
            |object| object.value.clone(),
        ),
    });
    let network = properties.text_at(paths.connector).map(|connector| Network {
        subnets: vec![Said::new(connector, declaration.said)],
        security_groups: Vec::new(),
    });
    graph.functions.push(Function {
        function_name: properties.text_at(&["name"]),
        runtime: properties.string_at(paths.runtime),
        handler: properties.text_at(paths.entry_point),
        code,
        timeout: seconds(properties, paths.timeout),
        memory: memory(properties, paths.memory),
        maximum_concurrency: properties.u32_at(paths.maximum),
        provisioned_concurrency: properties.u32_at(paths.minimum),
        environment,
        environment_unknown,
        environment_key: properties.text_at(&["kms_key_name"]),
        network,
        role: account(properties, paths.account),
        ..Function::new(entity(declaration))
    });
    trigger(declaration, graph);
}

/// `60`, `"60"` and `"60s"`.
pub(super) fn seconds(properties: &Value, path: &[&str]) -> Setting<u32> {
    properties.string_at(path).try_map(&|text: String| {
        text.trim_end_matches('s').parse().map_err(|_| format!("`{text}` is no number of seconds"))
    })
}

/// MiB of `256`, `256M`, `256Mi`, `1Gi`, `1G`.
pub(super) fn memory(properties: &Value, path: &[&str]) -> Setting<u32> {
    properties.string_at(path).try_map(&|text: String| {
        let digits = text.trim_end_matches(|letter: char| letter.is_alphabetic());
        let unit = text.get(digits.len()..).unwrap_or_default();
        let factor = match unit {
            "" | "M" | "Mi" | "MB" => 1.0,
            "G" | "Gi" | "GB" => 1024.0,
            "k" | "Ki" => 1.0 / 1024.0,
            _ => return Err(format!("`{text}` is no amount of memory")),
        };
        let number: f64 = digits.parse().map_err(|_| format!("`{text}` is no amount of memory"))?;
        Ok((number * factor) as u32)
    })
}

/// A map of environment variables, and why it is not wholly known.
pub(super) fn variables(properties: &Value, path: &[&str]) -> (Vec<Variable>, Option<Unknown>) {
    let mut variables = Vec::new();
    let mut unknown = None;
    for found in properties.at(path) {
        match &found.value.kind {
            Kind::Unknown(why) => unknown = Some(Unknown::new(why.clone(), found.value.span)),
            Kind::Text(text) => {
                let why = format!("`{text}` is known only at deployment");
                unknown = Some(Unknown::new(why, found.value.span));
            }
            _ => {
                for member in found.value.members() {
                    variables.push(Variable {
                        name: Said::new(member.key.to_string(), member.key_span),
                        value: member.value.text_at(&[]),
                    });
                }
            }
        }
    }
    (variables, unknown)
}

/// The service account; its address leads to the account itself.
fn account(properties: &Value, path: &[&str]) -> Setting<PartialText> {
    properties.text_at(path).map(|text| match text.sole_reference() {
        Some(reference) => PartialText::reference(reference.entity.clone(), "Ref"),
        None => text,
    })
}

fn trigger(declaration: &Declaration, graph: &mut AppGraph) {
    let properties = &declaration.properties;
    let event = properties.get("event_trigger").filter(|event| !event.is_null());
    let listens = properties.bool_at(&["trigger_http"]).any(|yes| *yes);
    let second = declaration.kind == "google_cloudfunctions2_function";
    if let Some(event) = event {
        let kind = properties.string_at(&["event_trigger", "event_type"]);
        let word = kind.known_values().map(|said| said.value.clone()).next().unwrap_or_default();
        let mut trigger = plain(declaration, event.span, event_kind(&word));
        trigger.source = match properties.text_at(&["event_trigger", "pubsub_topic"]) {
            Setting::Unset => properties.text_at(&["event_trigger", "resource"]),
            topic => topic,
        };
        trigger.source_entity = trigger
            .source
            .known_values()
            .find_map(|said| Some(said.value.references().next()?.entity.clone()));
        graph.triggers.push(trigger);
    } else if listens || second {
        let span =
            properties.member("trigger_http").map_or(declaration.said, |member| member.key_span);
        let mut trigger = plain(declaration, span, TriggerKind::HttpApi);
        // Without a binding for everyone, callers need a signed token of the cloud's IAM.
        trigger.route = Some(Route {
            method: "ANY".to_owned(),
            path: "/".to_owned(),
            api: None,
            auth: Setting::known(RouteAuth::Iam, span),
            api_key: Setting::Unset,
            validation: Setting::Unset,
            integration: Some(Integration::Function),
        });
        graph.triggers.push(trigger);
    }
}

/// Source: Eventarc's and Cloud Functions' event types.
fn event_kind(word: &str) -> TriggerKind {
    if word.contains("pubsub") {
        TriggerKind::PubSub
    } else if word.contains("storage") {
        TriggerKind::Bucket
    } else if word.contains("firestore") || word.contains("datastore") {
        TriggerKind::TableStream
    } else {
        TriggerKind::Other(word.to_owned())
    }
}

/// A trigger of the declared function with nothing said yet.
pub(super) fn plain(declaration: &Declaration, said: Span, kind: TriggerKind) -> Trigger {
    let mut entity = entity(declaration);
    entity.id = EntityId::new(format!("{}/{}", declaration.id, kind.as_str()));
    entity.said = said;
    Trigger { function: Some(declaration.id.clone()), ..Trigger::new(entity, kind) }
}

fn service_account(declaration: &Declaration) -> Identity {
    Identity {
        entity: entity(declaration),
        kind: IdentityKind::ServiceAccount,
        name: declaration.properties.text_at(&["account_id"]),
        trust: None,
        attached: Vec::new(),
        managed: Vec::new(),
        boundary: Setting::Unset,
    }
}

fn bucket(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let prevention = properties.string_at(&["public_access_prevention"]);
    let blocks = prevention.map(|word| word == "enforced");
    let uniform = properties.bool_at(&["uniform_bucket_level_access"]);
    ResourceKind::Bucket(Box::new(Bucket {
        name: properties.text_at(&["name"]),
        public_access: PublicAccessBlock {
            block_acls: uniform,
            ignore_acls: Setting::Unset,
            block_policy: blocks.clone(),
            restrict: blocks,
        },
        acl: Setting::Unset,
        policies: Vec::new(),
        encryption: key(properties, &["encryption", "default_kms_key_name"]),
        versioning: properties.bool_at(&["versioning", "enabled"]),
        forgets_versions: Setting::Unset,
        website: properties.setting(&["website"], &|_| Ok(true)),
        logging: properties.setting(&["logging"], &|_| Ok(true)),
    }))
}

fn topic(declaration: &Declaration) -> ResourceKind {
    // Google encrypts every topic with a key of its own.
    let encryption = match key(&declaration.properties, &["kms_key_name"]) {
        Setting::Unset => Setting::known(Encryption::ProviderKey, declaration.said),
        encryption => encryption,
    };
    ResourceKind::Topic(Box::new(Topic {
        name: declaration.properties.text_at(&["name"]),
        encryption,
        policies: Vec::new(),
    }))
}

fn key(properties: &Value, path: &[&str]) -> Setting<Encryption> {
    properties.text_at(path).map(Encryption::CustomerKey)
}

/// A role binding: on everyone it opens a function or bucket, on a service account it is what the
/// account may do.
fn binding(declaration: &Declaration, graph: &mut AppGraph) {
    let kind = declaration.kind.as_str();
    if !kind.ends_with("_iam_member") && !kind.ends_with("_iam_binding") {
        return;
    }
    let properties = &declaration.properties;
    let role = properties.string_at(&["role"]);
    let Some(role) = role.known_values().next().cloned() else { return };
    let mut members = properties.list_at(&["member"]);
    members.extend(properties.list_at(&["members"]));
    for member in members {
        let Some(text) = member.value.scalar_text() else { continue };
        if matches!(text.literal(), Some("allUsers" | "allAuthenticatedUsers")) {
            open(declaration, member.value.span, &role, graph);
        }
        let bound = text.references().map(|reference| reference.entity.clone()).next();
        let identity = graph
            .identities
            .iter_mut()
            .find(|identity| bound.as_ref() == Some(&identity.entity.id));
        if let Some(identity) = identity {
            identity.attached.push(attached(declaration, &role, Principals::Absent));
        }
    }
}

fn attached(declaration: &Declaration, role: &Said<String>, principals: Principals) -> Attached {
    Attached {
        name: None,
        span: role.span,
        origin: AttachedOrigin::Binding(role.value.clone()),
        declared_by: Some(entity(declaration)),
        policy: policy(declaration, role, principals),
    }
}

fn policy(declaration: &Declaration, role: &Said<String>, principals: Principals) -> Policy {
    let scope = target(declaration).map(|value| (value.scalar_text(), value.span));
    let resource = match scope {
        Some((Some(text), span)) => Said::new(text, span),
        _ => Said::new(PartialText::known("*"), declaration.said),
    };
    let only = |pattern| Patterns { patterns: vec![pattern], ..Patterns::default() };
    let statement = Statement {
        span: declaration.said,
        sid: None,
        when: declaration.condition.clone(),
        effect: Effect::Allow,
        principals,
        actions: only(Said::new(PartialText::known(role.value.clone()), role.span)),
        resources: only(resource),
        conditions: Vec::new(),
    };
    Policy { statements: vec![statement], ..Policy::default() }
}

/// The argument that names what a binding is on.
fn target(declaration: &Declaration) -> Option<&Value> {
    let names = [
        "cloud_function",
        "service",
        "name",
        "bucket",
        "topic",
        "secret_id",
        "crypto_key_id",
        "subscription",
        "service_account_id",
        "project",
    ];
    names.iter().find_map(|name| declaration.properties.get(name).filter(|value| !value.is_null()))
}

fn open(declaration: &Declaration, span: Span, role: &Said<String>, graph: &mut AppGraph) {
    let Some(text) = target(declaration).and_then(Value::scalar_text) else { return };
    let refers = |id: &EntityId, name: &Setting<PartialText>| match text.references().next() {
        Some(reference) => reference.entity == *id,
        None => name.any(|name| *name == text),
    };
    let opened = graph
        .functions
        .iter()
        .find(|function| refers(&function.entity.id, &function.function_name))
        .map(|function| function.entity.id.clone());
    if let Some(function) = opened {
        for trigger in &mut graph.triggers {
            if trigger.function.as_ref() == Some(&function)
                && let Some(route) = &mut trigger.route
            {
                route.auth = Setting::known(RouteAuth::Anyone, span);
            }
        }
    }
    for resource in &mut graph.resources {
        if let ResourceKind::Bucket(bucket) = &mut resource.kind
            && refers(&resource.entity.id, &bucket.name)
        {
            let everyone = Principal {
                kind: PrincipalKind::Everyone,
                value: Said::new(PartialText::known("*"), span),
            };
            bucket.policies.push(policy(declaration, role, Principals::Only(vec![everyone])));
        }
    }
}
