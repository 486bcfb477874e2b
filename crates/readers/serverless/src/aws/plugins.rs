//! Plugins that declare resources of their own.
//!
//! Source: the documentation of serverless-step-functions, serverless-domain-manager and
//! serverless-associate-waf.

use text::Problem;

use super::super::variables::Resolver;
use super::Aws;
use super::events::Event;
use super::invocation::function_reference;
use super::template::{Origin, Template};
use super::write::{At, is_on, label};
use super::{constructs, naming, rest_api};
use crate::service::FunctionEntry;
use documents::value::{Kind, Member, Value};

/// Adds what the service's other plugins make of their settings.
pub(super) fn add(aws: &Aws<'_>, resolver: &mut Resolver<'_>, template: &mut Template) {
    for key in ["customDomain", "customDomains"] {
        let domains = resolver.at(&["custom", key]);
        match &domains.kind {
            Kind::List(items) => {
                for item in items {
                    add_domain(item, template);
                }
            }
            Kind::Null => {}
            _ => add_domain(&domains, template),
        }
    }
    add_web_acl(aws, &resolver.at(&["custom", "associateWaf"]), template);
    let permissions = resolver.section("lift");
    let permissions = permissions.get("automaticPermissions");
    let grants = !matches!(permissions.map(|said| &said.kind), Some(Kind::Bool(false)));
    constructs::add(&resolver.section("constructs"), grants, template);
    name_wsgi_applications(&resolver.at(&["custom", "wsgi", "app"]), template);
}

/// The handler that `serverless-wsgi` brings along serves the application that its settings name.
fn name_wsgi_applications(application: &Value, template: &mut Template) {
    if application.as_str().is_none() {
        return;
    }
    for resource in &mut template.resources {
        let Kind::Map(members) = &mut resource.properties.kind else { continue };
        let served = members.iter_mut().find(|member| {
            &*member.key == "Handler" && member.value.as_str() == Some("wsgi_handler.handler")
        });
        if let Some(handler) = served {
            handler.value = application.clone();
        }
    }
}

fn origin(name: &str, type_name: &str, said: text::Span, extent: text::Span) -> Origin {
    Origin { name: name.to_owned(), type_name: type_name.to_owned(), said, extent, insertion: None }
}

/// `stepFunctions.stateMachines`, each with a role, its events and its logs.
pub(super) fn add_state_machines(aws: &Aws<'_>, section: &Value, template: &mut Template) {
    let Some(machines) = section.get("stateMachines") else { return };
    if let Kind::Unknown(why) = &machines.kind {
        let message = format!("state machines could not be read: {why}");
        template.problems.push(Problem::incomplete(message, machines.span.into()));
    }
    for member in machines.members() {
        let machine = &member.value;
        let origin = origin(&member.key, "stateMachine", member.key_span, machine.span);
        let at = origin.at();
        let normalized = naming::normalized_alphanumeric(&member.key);
        let said_id = machine.get("id").and_then(Value::as_str);
        let said_name = machine.get("name").filter(|name| !name.is_null());
        let id = match (said_id, said_name.and_then(Value::as_str)) {
            (Some(id), _) => id.to_owned(),
            (None, Some(name)) => naming::normalized_alphanumeric(name),
            (None, None) => format!("{normalized}StepFunctionsStateMachine"),
        };
        let definition = machine.get("definition").map(|said| bound_to_functions(aws, said));
        let role = machine.get("role").filter(|role| !role.is_null()).map(|role| {
            match role.as_str().filter(|_| role.tag.is_none()) {
                Some(id) if !id.contains(':') => At(role.span).attribute(id, "Arn"),
                _ => role.clone(),
            }
        });
        let role_id = format!("{normalized}Role");
        let logging = machine.get("loggingConfig").map(|logging| {
            let destinations = logging.get("destinations").map(Value::items).unwrap_or_default();
            let destinations = destinations.iter().map(|arn| {
                let at = At(arn.span);
                at.map([("CloudWatchLogsLogGroup", at.map([("LogGroupArn", arn.clone())]))])
            });
            At(logging.span)
                .properties()
                .take("Level", logging, "level")
                .take("IncludeExecutionData", logging, "includeExecutionData")
                .set("Destinations", at.list(destinations.collect::<Vec<_>>()))
                .build()
        });
        let tracing = machine.member("tracingConfig").map(|member| {
            At(member.key_span).properties().take("Enabled", &member.value, "enabled").build()
        });
        let has_role = role.is_some();
        let properties = at
            .properties()
            .set_some("StateMachineName", said_name.cloned())
            .take("StateMachineType", machine, "type")
            .set_some("Definition", definition.clone())
            .set("RoleArn", role.unwrap_or_else(|| at.attribute(&role_id, "Arn")))
            .set_some("LoggingConfiguration", logging)
            .set_some("TracingConfiguration", tracing);
        template.add(&id, "AWS::StepFunctions::StateMachine", properties.build(), &origin);
        add_machine_routes(aws, member, &id, template);
        if !has_role {
            add_machine_role(aws, &role_id, definition.as_ref(), machine, &origin, template);
        }
    }
}

/// The `http` events of a state machine; any other is named as not read.
fn add_machine_routes(aws: &Aws<'_>, machine: &Member, id: &str, template: &mut Template) {
    let entry = FunctionEntry {
        key: machine.key.to_string(),
        key_span: machine.key_span,
        value: machine.value.clone(),
    };
    let events = machine.value.get("events").map(Value::items).unwrap_or_default();
    for (number, item) in events.iter().enumerate() {
        let Some(http) = item.member("http") else {
            let kind = item.members().first().map_or("?", |member| &*member.key);
            let message = format!("event `{kind}` of state machine `{}` is not read", entry.key);
            template.problems.push(Problem::incomplete(message, item.span.into()));
            continue;
        };
        let event = Event {
            aws,
            function: &entry,
            normalized: naming::normalized(&entry.key),
            function_id: id.to_owned(),
            value: &http.value,
            number: number + 1,
            origin: origin(&format!("{} http", entry.key), "http", http.key_span, item.span),
        };
        rest_api::add_to_state_machine(&event, template);
    }
}

/// A definition in which functions named by key or logical id are referred to by ARN.
fn bound_to_functions(aws: &Aws<'_>, said: &Value) -> Value {
    let mut bound = said.clone();
    bind(aws, &mut bound);
    bound
}

fn bind(aws: &Aws<'_>, value: &mut Value) {
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| bind(aws, item)),
        Kind::Map(members) => {
            if let [member] = members.as_slice()
                && &*member.key == "Fn::GetAtt"
                && let [name, _] = member.value.items()
                && name.as_str().is_some_and(|name| aws.function(name).is_some())
            {
                *value = function_reference(aws, name);
                return;
            }
            members.iter_mut().for_each(|member| bind(aws, &mut member.value));
        }
        Kind::Text(_) if value.tag.as_deref() == Some("!GetAtt") => {
            let key = value.as_str().and_then(|text| text.split_once('.')).map(|(key, _)| key);
            if let Some(key) = key.filter(|key| aws.function(key).is_some()) {
                *value = At(value.span).attribute(&naming::function_id(key), "Arn");
            }
        }
        _ => {}
    }
}

/// The role that the plugin generates: it may invoke what the definition names.
fn add_machine_role(
    aws: &Aws<'_>,
    id: &str,
    definition: Option<&Value>,
    machine: &Value,
    origin: &Origin,
    template: &mut Template,
) {
    let at = origin.at();
    let mut functions = Vec::new();
    if let Some(definition) = definition {
        collect_resources(definition, &mut functions);
    }
    let mut statements = Vec::new();
    if !functions.is_empty() {
        statements.push(at.map([
            ("Effect", at.text("Allow")),
            ("Action", at.texts(&["lambda:InvokeFunction"])),
            ("Resource", at.list(functions)),
        ]));
    }
    let mut policies = Vec::new();
    if !statements.is_empty() {
        policies.push(at.map([
            (
                documents::declaration::POLICY_ORIGIN,
                at.text(documents::declaration::GENERATED_POLICY),
            ),
            ("PolicyName", at.partial(aws.named("{1}-{region}-{0}-statemachine"))),
            (
                "PolicyDocument",
                at.map([("Version", at.text("2012-10-17")), ("Statement", at.list(statements))]),
            ),
        ]));
    }
    if let Some(said) = machine.get("iamRoleStatements").filter(|said| !said.is_null()) {
        policies.push(at.map([
            ("PolicyName", at.text("statements")),
            (
                "PolicyDocument",
                at.map([("Version", at.text("2012-10-17")), ("Statement", said.clone())]),
            ),
        ]));
    }
    let trust = at.map([
        ("Effect", at.text("Allow")),
        ("Principal", at.map([("Service", at.text("states.amazonaws.com"))])),
        ("Action", at.text("sts:AssumeRole")),
    ]);
    let trust = at.map([("Version", at.text("2012-10-17")), ("Statement", at.list([trust]))]);
    let properties = at.map([("AssumeRolePolicyDocument", trust), ("Policies", at.list(policies))]);
    template.add(id, "AWS::IAM::Role", properties, origin);
}

/// The functions that tasks name under `Resource`.
fn collect_resources(value: &Value, found: &mut Vec<Value>) {
    for item in value.items() {
        collect_resources(item, found);
    }
    for member in value.members() {
        match &*member.key {
            "Resource" | "FunctionName" | "FunctionName.$" => {
                let text = member.value.as_str().unwrap_or_default();
                let is_service = text.starts_with("arn:") && text.contains(":states:");
                let is_path = text.starts_with('$');
                if !is_service && !is_path {
                    found.push(member.value.clone());
                }
            }
            _ => collect_resources(&member.value, found),
        }
    }
}

/// `customDomain`: a domain and what it leads to.
fn add_domain(said: &Value, template: &mut Template) {
    // The plugin also takes a mapping by kind of API.
    for kind in ["rest", "http", "websocket"] {
        if let Some(inner) = said.get(kind) {
            add_domain_of(inner, kind, template);
        }
    }
    if said.get("domainName").is_some() || matches!(said.kind, Kind::Unknown(_)) {
        let kind = said.get("apiType").and_then(Value::as_str).unwrap_or("rest").to_lowercase();
        add_domain_of(said, &kind, template);
    }
}

fn add_domain_of(said: &Value, kind: &str, template: &mut Template) {
    if said.get("enabled").is_some_and(|value| !is_on(Some(value))) {
        return;
    }
    let name = said.get("domainName").cloned();
    let name = name.unwrap_or_else(|| Value::unknown("the domain is not named", said.span));
    let span = said.member("domainName").map_or(said.span, |member| member.key_span);
    let origin = origin(&label(&name), "customDomain", span, said.span);
    let at = origin.at();
    let policy = said.member("securityPolicy").map(|member| {
        let words = member.value.as_str().map(|word| match word.to_lowercase().as_str() {
            "tls_1_0" => "TLS_1_0".to_owned(),
            "tls_1_2" => "TLS_1_2".to_owned(),
            other => other.to_uppercase(),
        });
        words.map_or_else(|| member.value.clone(), |word| Value::text(word, member.value.span))
    });
    // The plugin's own default.
    let policy = policy.unwrap_or_else(|| at.text("TLS_1_2"));
    let endpoint = said.get("endpointType").and_then(Value::as_str).unwrap_or("EDGE");
    let endpoint = at.text(&endpoint.to_uppercase());
    let id = format!("CustomDomain{}", naming::normalized_alphanumeric(&label(&name)));
    let (api, stage) = match kind {
        "http" => ("HttpApi", "HttpApiStage"),
        "websocket" => ("WebsocketsApi", "WebsocketsDeploymentStage"),
        _ => ("ApiGatewayRestApi", "ApiGatewayStage"),
    };
    let is_rest = kind == "rest";
    let (domain_type, properties) = if is_rest {
        let types = at.map([("Types", at.list([endpoint]))]);
        let properties = at
            .properties()
            .set("DomainName", name)
            .set("SecurityPolicy", policy)
            .set("EndpointConfiguration", types);
        ("AWS::ApiGateway::DomainName", properties)
    } else {
        let configuration = at.map([("EndpointType", endpoint), ("SecurityPolicy", policy)]);
        let properties = at
            .properties()
            .set("DomainName", name)
            .set("DomainNameConfigurations", at.list([configuration]));
        ("AWS::ApiGatewayV2::DomainName", properties)
    };
    template.add_numbered(&id, domain_type, properties.build(), &origin);
    if !template.has(api) {
        return;
    }
    let base = said.get("basePath").filter(|base| base.as_str() != Some("")).cloned();
    let (mapping, properties) = if is_rest {
        let properties = at
            .properties()
            .set("DomainName", at.reference(&id))
            .set("RestApiId", at.reference(api))
            .set("Stage", at.reference(stage))
            .set_some("BasePath", base);
        ("AWS::ApiGateway::BasePathMapping", properties)
    } else {
        let properties = at
            .properties()
            .set("DomainName", at.reference(&id))
            .set("ApiId", at.reference(api))
            .set("Stage", at.reference(stage))
            .set_some("ApiMappingKey", base);
        ("AWS::ApiGatewayV2::ApiMapping", properties)
    };
    template.add_numbered(&format!("{id}Mapping"), mapping, properties.build(), &origin);
}

/// `associateWaf`: the REST API's stage behind a web ACL.
fn add_web_acl(aws: &Aws<'_>, said: &Value, template: &mut Template) {
    let Some(name) = said.get("name").filter(|name| !name.is_null()) else { return };
    if !template.has("ApiGatewayRestApi") {
        return;
    }
    let span = said.member("name").map_or(said.span, |member| member.key_span);
    let origin = origin("associateWaf", "associateWaf", span, said.span);
    let at = origin.at();
    let acl = Value::unknown(format!("web ACL `{}` exists elsewhere", label(name)), name.span);
    let api = text::PartialText::reference(text::EntityId::new("ApiGatewayRestApi"), "Ref");
    let pattern = "arn:{partition}:apigateway:{region}::/restapis/{0}/stages/{1}";
    let properties =
        at.map([("ResourceArn", at.pattern(pattern, &[&api, &aws.stage])), ("WebACLArn", acl)]);
    let kind = "AWS::WAFv2::WebACLAssociation";
    template.add("AssociateWaf", kind, properties, &origin);
}
