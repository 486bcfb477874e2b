//! Services on Google's and Microsoft's clouds, in Terraform's words.
//!
//! Source: the guides of the plugins serverless-google-cloudfunctions and
//! serverless-azure-functions; the schemas of Terraform's providers `google` and `azurerm`.

use text::{EntityId, Part, PartialText, Problem};

use super::service::{FunctionEntry, Service, merged};
use documents::Files;
use documents::declaration::{Declaration, Declared, Maker};
use documents::value::{Kind, Member, Value};

/// Declares each function as a `google_cloudfunctions_function`.
pub(super) fn declare_google(service: &Service, declared: &mut Declared) {
    for function in &service.functions {
        let own = &function.value;
        let both = [own, &service.provider];
        let mut properties = Vec::new();
        properties.push(generated("name", function_name(service, function), function));
        take(&mut properties, "entry_point", &[own], "handler");
        take(&mut properties, "runtime", &both, "runtime");
        take(&mut properties, "timeout", &both, "timeout");
        take(&mut properties, "available_memory_mb", &both, "memorySize");
        take(&mut properties, "min_instances", &[own], "minInstances");
        take(&mut properties, "max_instances", &[own], "maxInstances");
        take(&mut properties, "vpc_connector", &both, "vpc");
        take(&mut properties, "region", &[&service.provider], "region");
        take(&mut properties, "service_account_email", &both, "serviceAccountEmail");
        take(&mut properties, "service_account_email", &both, "serviceAccount");
        if let Some(environment) = environment(service, function) {
            properties.push(generated("environment_variables", environment, function));
        }
        for event in events(function, &mut declared.problems) {
            let Some(member) = event.members().first() else { continue };
            match &*member.key {
                "http" => {
                    let yes = Value::new(Kind::Bool(true), member.value.span);
                    let key_span = member.key_span;
                    properties.push(Member { key: "trigger_http".into(), key_span, value: yes });
                }
                "event" => {
                    let mut trigger = Vec::new();
                    take(&mut trigger, "event_type", &[&member.value], "eventType");
                    take(&mut trigger, "resource", &[&member.value], "resource");
                    take(&mut trigger, "failure_policy", &[&member.value], "failurePolicy");
                    properties.push(Member {
                        key: "event_trigger".into(),
                        key_span: member.key_span,
                        value: Value::new(Kind::Map(trigger), member.value.span),
                    });
                }
                other => declared.problems.push(unknown_event(function, other, event)),
            }
        }
        declared.declarations.push(declaration(
            "google_cloudfunctions_function",
            function,
            properties,
        ));
    }
}

/// Declares the service's application as an `azurerm_linux_function_app`, and each function as an
/// `azure_function` with its bindings.
pub(super) fn declare_azure(service: &Service, path: &str, files: &Files, declared: &mut Declared) {
    let provider = &service.provider;
    let route_prefix = route_prefix(path, files);
    let app = EntityId::new("function-app");
    let span = service.provider_key;
    let mut name = scalar(&service.name);
    name.push(Part::Literal("-".to_owned()));
    name.extend(&scalar(&service.stage));
    let mut properties =
        vec![Member { key: "name".into(), key_span: span, value: text_value(name, span) }];
    take(&mut properties, "location", &[provider], "region");
    take(&mut properties, "location", &[provider], "location");
    take(&mut properties, "app_settings", &[provider], "environment");
    take(&mut properties, "runtime", &[provider], "runtime");
    declared.declarations.push(Declaration {
        id: app.clone(),
        name: service.name.as_str().unwrap_or("function app").to_owned(),
        kind: "azurerm_linux_function_app".to_owned(),
        type_name: "provider".to_owned(),
        said: span,
        extent: provider.span,
        properties: Value::new(Kind::Map(properties), provider.span),
        condition: None,
        construct: None,
        insertion: None,
        allowances: Vec::new(),
        made_by: Maker::Framework,
    });
    for function in &service.functions {
        let own = &function.value;
        let both = [own, provider];
        let mut properties = vec![
            generated("name", function_name(service, function), function),
            generated(
                "function_app_id",
                text_value(PartialText::reference(app.clone(), "id"), function.key_span),
                function,
            ),
        ];
        take(&mut properties, "handler", &[own], "handler");
        take(&mut properties, "runtime", &both, "runtime");
        take(&mut properties, "timeout", &both, "timeout");
        if let Some(environment) = environment(service, function) {
            properties.push(generated("app_settings", environment, function));
        }
        let bindings: Vec<Value> =
            events(function, &mut declared.problems).filter_map(binding).collect();
        properties.push(generated("bindings", Value::list(bindings, own.span), function));
        if let Some(prefix) = &route_prefix {
            properties.push(generated("route_prefix", prefix.clone(), function));
        }
        declared.declarations.push(declaration("azure_function", function, properties));
    }
}

/// What stands in front of every route, where the `host.json` beside the service says so.
fn route_prefix(path: &str, files: &Files) -> Option<Value> {
    let host = files.resolve(path, "host.json").ok().filter(|host| files.exists(host))?;
    let parsed = files.document(&host).ok()?;
    let host = parsed.get()?.value.as_ref()?;
    let http = host.get("extensions").and_then(|extensions| extensions.get("http"));
    http.or_else(|| host.get("http"))?.get("routePrefix").cloned()
}

/// An event as a binding: its `type`, what it listens to, and its settings.
fn binding(event: &Value) -> Option<Value> {
    let members = event.members();
    let first = members.iter().find(|member| !member.key.starts_with("x-azure"))?;
    let inside = |name: &str| members.iter().find(|member| &*member.key == name);
    let nested = inside("x-azure-settings").map(|member| member.value.members());
    let direction = nested.into_iter().flatten().chain(members);
    let is_output = direction
        .clone()
        .any(|member| &*member.key == "direction" && member.value.as_str() == Some("out"));
    let suffix = if is_output { "" } else { "Trigger" };
    let kind = Value::text(format!("{}{suffix}", first.key), first.key_span);
    let mut binding = vec![Member { key: "type".into(), key_span: first.key_span, value: kind }];
    // `http: true` names nothing to listen to.
    let is_switch = matches!(first.value.kind, Kind::Bool(_));
    if first.value.scalar_text().is_some() && !is_switch {
        binding.push(Member { key: "source".into(), ..first.clone() });
    }
    for member in
        direction.filter(|member| &*member.key != "x-azure-settings" && member.key != first.key)
    {
        if !binding.iter().any(|other| other.key == member.key) {
            binding.push(member.clone());
        }
    }
    Some(Value::new(Kind::Map(binding), event.span))
}

pub(super) fn events<'a>(
    function: &'a FunctionEntry,
    problems: &mut Vec<Problem>,
) -> std::slice::Iter<'a, Value> {
    let events = function.value.get("events");
    if let Some(Value { kind: Kind::Unknown(why), span, .. }) = events {
        let message = format!("events of `{}` could not be read: {why}", function.key);
        problems.push(Problem::incomplete(message, (*span).into()));
    }
    events.map(Value::items).unwrap_or_default().iter()
}

fn unknown_event(function: &FunctionEntry, kind: &str, event: &Value) -> Problem {
    let message = format!("event `{kind}` of `{}` is not known", function.key);
    Problem::incomplete(message, event.span.into())
}

pub(super) fn take(properties: &mut Vec<Member>, key: &str, from: &[&Value], name: &str) {
    let member = from.iter().find_map(|value| value.member(name));
    if let Some(member) = member.filter(|member| !member.value.is_null())
        && !properties.iter().any(|other| &*other.key == key)
    {
        properties.push(Member { key: key.into(), ..member.clone() });
    }
}

pub(super) fn generated(key: &str, value: Value, function: &FunctionEntry) -> Member {
    Member { key: key.into(), key_span: function.key_span, value }
}

fn environment(service: &Service, function: &FunctionEntry) -> Option<Value> {
    let shared = service.provider.get("environment").filter(|value| !value.is_null());
    let own = function.value.get("environment").filter(|value| !value.is_null());
    match (shared, own) {
        (Some(shared), Some(own)) => Some(merged(shared, own)),
        (shared, own) => shared.or(own).cloned(),
    }
}

pub(super) fn function_name(service: &Service, function: &FunctionEntry) -> Value {
    if let Some(name) = function.value.get("name").filter(|name| !name.is_null()) {
        return name.clone();
    }
    let mut name = scalar(&service.name);
    name.push(Part::Literal("-".to_owned()));
    name.extend(&scalar(&service.stage));
    name.push(Part::Literal(format!("-{}", function.key)));
    text_value(name, function.key_span)
}

fn scalar(value: &Value) -> PartialText {
    value.scalar_text().unwrap_or_else(|| PartialText::unknown("it is not known"))
}

pub(super) fn text_value(text: PartialText, span: text::Span) -> Value {
    Value::new(Kind::Text(text), span)
}

pub(super) fn declaration(
    kind: &str,
    function: &FunctionEntry,
    properties: Vec<Member>,
) -> Declaration {
    let properties = match &function.value.kind {
        Kind::Unknown(why) => {
            let keys =
                ["runtime", "timeout", "environment_variables", "app_settings", "environment"];
            let unknown = keys.iter().map(|key| {
                generated(key, Value::unknown(why.clone(), function.key_span), function)
            });
            properties.into_iter().chain(unknown).collect()
        }
        _ => properties,
    };
    Declaration {
        id: EntityId::new(&function.key),
        name: function.key.clone(),
        kind: kind.to_owned(),
        type_name: "function".to_owned(),
        said: function.key_span,
        extent: function.extent(),
        properties: Value::new(Kind::Map(properties), function.value.span),
        condition: None,
        construct: None,
        insertion: None,
        allowances: Vec::new(),
        made_by: Maker::Author,
    }
}
