//! Azure's function applications and their functions, in Terraform's words.
//!
//! Source: the schemas of `azurerm_linux_function_app`, `azurerm_windows_function_app`,
//! `azurerm_function_app` and `azurerm_function_app_function` of Terraform's provider `azurerm`;
//! the reference of Azure Functions triggers and bindings, and of `host.json`.

use app_graph::{
    AppGraph, Function, Integration, Network, Resource, ResourceKind, Route, RouteAuth, TriggerKind,
};
use text::{EntityId, PartialText, Problem, Said, Setting};

use super::entity;
use super::google::{plain, variables};
use documents::declaration::{Declaration, Declared};
use documents::value::Value;

/// Adds the function applications of Azure and what triggers their functions.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, _problems: &mut Vec<Problem>) {
    let apps = declared.declarations.iter().filter(|declaration| is_app(&declaration.kind));
    let inner: Vec<&Declaration> = declared
        .declarations
        .iter()
        .filter(|declaration| {
            matches!(declaration.kind.as_str(), "azurerm_function_app_function" | "azure_function")
        })
        .collect();
    for app in apps {
        // Functions that the service names one by one are the graph's; else the application is.
        let own = |inner: &&&Declaration| inner.kind == "azure_function" && belongs(inner, &app.id);
        let named: Vec<&&Declaration> = inner.iter().filter(own).collect();
        if named.is_empty() {
            graph.functions.push(function(app, app));
        }
        for declaration in named {
            graph.functions.push(function(declaration, app));
        }
        forget(graph, &app.id);
    }
    for declaration in inner {
        triggers(declaration, graph);
        forget(graph, &declaration.id);
    }
}

fn is_app(kind: &str) -> bool {
    kind == "azurerm_function_app"
        || kind == "azurerm_function_app_flex_consumption"
        || kind == "azurerm_linux_function_app"
        || kind == "azurerm_windows_function_app"
}

fn forget(graph: &mut AppGraph, id: &EntityId) {
    let kept =
        |resource: &Resource| resource.entity.id != *id || resource.kind != ResourceKind::Other;
    graph.resources.retain(kept);
}

fn belongs(declaration: &Declaration, app: &EntityId) -> bool {
    declaration
        .properties
        .text_at(&["function_app_id"])
        .any(|text| text.references().any(|reference| reference.entity == *app))
}

fn function(declaration: &Declaration, app: &Declaration) -> Function {
    let own = &declaration.properties;
    let shared = &app.properties;
    let (mut environment, unknown) = variables(shared, &["app_settings"]);
    let mut environment_unknown = unknown;
    if declaration.id != app.id {
        let (more, unknown) = variables(own, &["app_settings"]);
        environment.retain(|known| !more.iter().any(|other| other.name.value == known.name.value));
        environment.extend(more);
        environment_unknown = environment_unknown.or(unknown);
    }
    let network = shared.text_at(&["virtual_network_subnet_id"]).map(|subnet| Network {
        subnets: vec![Said::new(subnet, app.said)],
        security_groups: Vec::new(),
    });
    let role = match shared.text_at(&["identity", "identity_ids"]) {
        Setting::Unset => Setting::Unset,
        _ => shared.setting(&["identity", "identity_ids"], &|value| {
            let first = value.items().first().and_then(Value::scalar_text);
            first.ok_or_else(|| "the identity is not known".to_owned())
        }),
    };
    Function {
        function_name: own.text_at(&["name"]),
        runtime: runtime(own, shared),
        handler: own.text_at(&["handler"]),
        timeout: own.u32_at(&["timeout"]),
        memory: shared.u32_at(&["instance_memory_in_mb"]),
        maximum_concurrency: shared.u32_at(&["site_config", "app_scale_limit"]),
        environment,
        environment_unknown,
        network,
        role,
        ..Function::new(entity(declaration))
    }
}

/// Stack and version in one word, as people name them: `node|20`, `python|3.12`, `dotnet|8.0`.
fn runtime(own: &Value, shared: &Value) -> Setting<String> {
    for value in [own, shared] {
        let said = value.string_at(&["runtime"]);
        if !said.is_unset() {
            return said;
        }
    }
    let stacks = [
        ("node_version", "node"),
        ("python_version", "python"),
        ("dotnet_version", "dotnet"),
        ("java_version", "java"),
        ("powershell_core_version", "powershell"),
    ];
    for (name, stack) in stacks {
        let version = shared.string_at(&["site_config", "application_stack", name]);
        if !version.is_unset() {
            return version.map(|version| format!("{stack}|{}", version.trim_start_matches('~')));
        }
    }
    match shared.string_at(&["site_config", "linux_fx_version"]) {
        Setting::Unset => shared.string_at(&["app_settings", "FUNCTIONS_WORKER_RUNTIME"]),
        version => version.map(|version| version.to_lowercase()),
    }
}

fn triggers(declaration: &Declaration, graph: &mut AppGraph) {
    let properties = &declaration.properties;
    let function = match declaration.kind.as_str() {
        "azure_function" => Some(declaration.id.clone()),
        _ => {
            let app = properties.text_at(&["function_app_id"]);

            app.known_values().find_map(|said| Some(said.value.references().next()?.entity.clone()))
        }
    };
    let config = properties.get("config_json").and_then(|value| match value.as_str() {
        Some(_) => {
            value.scalar_text().and_then(|text| super::embedded::document_in(&text, value.span))
        }
        None => Some(value.clone()),
    });
    let bindings = config.as_ref().unwrap_or(properties);
    for (index, found) in bindings.list_at(&["bindings"]).into_iter().enumerate() {
        let binding = found.value;
        let Some(word) = binding.get("type").and_then(Value::as_str) else { continue };
        let Some(word) = word.strip_suffix("Trigger") else { continue };
        let mut trigger = plain(declaration, binding.span, kind(word));
        trigger.entity.id = EntityId::new(format!("{}/{word}{index}", declaration.id));
        trigger.function = function.clone();
        let sources = ["source", "queueName", "topicName", "path", "eventHubName", "schedule"];
        trigger.source = sources
            .iter()
            .map(|name| binding.text_at(&[name]))
            .find(|source: &Setting<PartialText>| !source.is_unset())
            .unwrap_or_default();
        if trigger.kind == TriggerKind::HttpApi {
            trigger.route = Some(route(binding, path(binding, declaration)));
        }
        graph.triggers.push(trigger);
    }
}

/// The path of an HTTP function: the application's prefix, and the function's name where no route
/// is said.
fn path(binding: &Value, declaration: &Declaration) -> String {
    let properties = &declaration.properties;
    let own = binding.text_at(&["route"]);
    let named = properties.text_at(&["name"]);
    let own = match (own.single(), declaration.kind.as_str()) {
        (Some(route), _) => route.value.to_string(),
        // The Serverless Framework names the function by its key in the service.
        (None, "azure_function") => declaration.name.clone(),
        (None, _) => {
            named.single().map_or_else(|| declaration.name.clone(), |name| name.value.to_string())
        }
    };
    let prefix = properties.string_at(&["route_prefix"]);
    let prefix = prefix.single().map_or("api", |prefix| prefix.value.as_str());
    let segments = [prefix, own.as_str()].map(|segment| segment.trim_matches('/'));
    let said: Vec<&str> = segments.into_iter().filter(|segment| !segment.is_empty()).collect();
    format!("/{}", said.join("/"))
}

fn route(binding: &Value, path: String) -> Route {
    let level = match binding.string_at(&["authLevel"]) {
        // The platform asks for a function key where nothing is said.
        Setting::Unset => Setting::known(RouteAuth::ApiKey, binding.span),
        level => level.map(|level| match level.to_lowercase().as_str() {
            "anonymous" => RouteAuth::Anyone,
            _ => RouteAuth::ApiKey,
        }),
    };
    let methods: Vec<String> = binding
        .list_at(&["methods"])
        .iter()
        .filter_map(|method| method.value.as_str().map(str::to_uppercase))
        .collect();
    let method = match methods.as_slice() {
        [only] => only.clone(),
        _ => "ANY".to_owned(),
    };
    Route {
        method,
        path,
        api: None,
        auth: level,
        api_key: Setting::Unset,
        validation: Setting::Unset,
        integration: Some(Integration::Function),
    }
}

fn kind(word: &str) -> TriggerKind {
    match word {
        "http" => TriggerKind::HttpApi,
        "queue" | "serviceBus" => TriggerKind::Queue,
        "blob" => TriggerKind::Bucket,
        "timer" => TriggerKind::Schedule,
        "eventHub" => TriggerKind::Stream,
        "eventGrid" => TriggerKind::EventRule,
        "cosmosDB" | "documentDB" => TriggerKind::DocumentStream,
        "kafka" => TriggerKind::SelfManagedKafka,
        other => TriggerKind::Other(other.to_owned()),
    }
}
