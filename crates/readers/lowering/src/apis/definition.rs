use app_graph::{ApiProtocol, Route, RouteAuth, Trigger, TriggerKind};
use text::{Setting, Unknown};

use super::cors::Gathered;
use super::integrations::{Target, answer, function, kind_of, target};
use super::{Context, part_of, trigger};
use crate::attachments::as_document;
use crate::settings::{or_else, unknown, within};
use documents::declaration::Declaration;
use documents::value::{Conditional, Kind, Member, Value, both};

/// The OpenAPI definition (2.0 or 3.0) that an API is declared with.
///
/// Source: Amazon API Gateway developer guide, "API Gateway extensions to OpenAPI".
pub(super) struct Definition<'a> {
    api: &'a Declaration,
    protocol: ApiProtocol,
    body: Option<Value>,
    unknown: Option<Unknown>,
}

impl<'a> Definition<'a> {
    /// Reads an API's `Body`.
    pub(super) fn new(api: &'a Declaration, protocol: ApiProtocol) -> Self {
        let properties = &api.properties;
        let written = properties.get("Body").filter(|body| !body.is_null());
        let body = written.and_then(as_document);
        let unknown = match (written, &body) {
            (Some(written), None) => {
                let why = match &written.kind {
                    Kind::Unknown(why) => why.clone(),
                    _ => "the definition is known only at deployment".to_owned(),
                };
                Some(Unknown::new(why, written.span))
            }
            (_, Some(body)) => unread_part(body),
            (None, None) => {
                let location = properties.get("BodyS3Location").filter(|value| !value.is_null());
                location.map(|value| Unknown::new("the definition lies in a bucket", value.span))
            }
        };
        Self { api, protocol, body, unknown }
    }

    /// The definition, where there is one.
    pub(super) fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Why the routes are not wholly known, if so.
    pub(super) fn unknown(&self) -> Option<Unknown> {
        self.unknown.clone()
    }

    /// Adds a trigger for each operation and each authorizer's function.
    pub(super) fn triggers(&self, context: &Context<'_>, triggers: &mut Vec<Trigger>) {
        let Some(body) = &self.body else { return };
        for paths in body.at(&["paths"]) {
            for path in paths.value.members() {
                for item in path.value.at(&[]) {
                    for operation in operations(item.value) {
                        let when = both(paths.condition.as_ref(), item.condition.as_ref());
                        let when = both(when.as_ref(), operation.1.condition.as_ref());
                        let trigger = self.operation(&path.key, &operation, body, context);
                        triggers.extend(trigger.map(|mut trigger| {
                            let own = trigger.entity.condition.take();
                            trigger.entity.condition = both(own.as_ref(), when.as_ref());
                            trigger
                        }));
                    }
                }
            }
        }
        for scheme in schemes(body) {
            for authorizer in scheme.value.at(&["x-amazon-apigateway-authorizer"]) {
                let uri = authorizer.value.text_at(&["authorizerUri"]);
                if uri.is_unset() {
                    continue;
                }
                let function = uri.known_values().find_map(|said| function(&said.value, context));
                let part = format!("authorizer {}", scheme.key);
                let entity = part_of(self.api, &part, scheme.key_span, scheme.value.span);
                let target = Target { function, other: None };
                let api = Some(&self.api.id);
                triggers.push(trigger(entity, TriggerKind::Authorizer, api, None, target));
            }
        }
    }

    fn operation(
        &self,
        path: &str,
        (member, operation): &(&Member, Conditional<'_>),
        body: &Value,
        context: &Context<'_>,
    ) -> Option<Trigger> {
        let operation = operation.value;
        if is_preflight(member, operation) {
            return None;
        }
        let method = match &*member.key {
            "x-amazon-apigateway-any-method" => "ANY".to_owned(),
            method => method.to_ascii_uppercase(),
        };
        // HTTP APIs spell the default route as a path.
        let path = if path == "/$default" { "$default" } else { path };
        let anyone = || Setting::known(RouteAuth::Anyone, member.key_span);
        let auth = self.auth(operation, body, context);
        let part = format!("{method} {path}");
        let integrations = operation.at(&["x-amazon-apigateway-integration"]);
        let route = Route {
            method,
            path: path.to_owned(),
            api: Some(self.api.id.clone()),
            auth: or_else(auth, &anyone),
            api_key: api_key(operation, body),
            validation: validation(operation, body),
            integration: integrations
                .iter()
                .find_map(|found| kind_of(integration(found.value, body))),
        };
        let targets =
            integrations.iter().map(|found| target(integration(found.value, body), context));
        let target =
            targets.reduce(|first, next| if first.function.is_some() { first } else { next });
        let kind = match self.protocol {
            ApiProtocol::Rest => TriggerKind::RestApi,
            ApiProtocol::Http => TriggerKind::HttpApi,
            ApiProtocol::WebSocket => TriggerKind::WebSocketApi,
        };
        let entity = part_of(self.api, &part, member.key_span, operation.span);
        let api = Some(&self.api.id);
        let answer = integrations.first().map(|found| answer(integration(found.value, body)));
        let trigger = trigger(entity, kind, api, Some(route), target.unwrap_or_default());
        Some(Trigger { answer: answer.unwrap_or_default(), ..trigger })
    }

    fn auth(&self, operation: &Value, body: &Value, context: &Context<'_>) -> Setting<RouteAuth> {
        let own = security(operation, body, context);
        let older = || {
            let kind = operation.string_at(&["x-amazon-apigateway-auth", "type"]);
            kind.map(|kind| match kind.to_ascii_uppercase().as_str() {
                "NONE" => RouteAuth::Anyone,
                "AWS_IAM" => RouteAuth::Iam,
                "COGNITO_USER_POOLS" | "JWT" => RouteAuth::Token,
                "CUSTOM" => RouteAuth::Function(None),
                _ => RouteAuth::Other(kind),
            })
        };
        or_else(or_else(own, &older), &|| self.default_auth(context))
    }

    /// Authentication of operations that say nothing: REST APIs take none from the top level.
    ///
    /// Source: Amazon API Gateway developer guide, "Important notes", on root level security.
    pub(super) fn default_auth(&self, context: &Context<'_>) -> Setting<RouteAuth> {
        match (self.protocol, &self.body) {
            (ApiProtocol::Http, Some(body)) => security(body, body, context),
            _ => Setting::Unset,
        }
    }

    /// Takes what the definition answers to browsers of other origins.
    pub(super) fn cors(&self, gathered: &mut Gathered) {
        let Some(body) = &self.body else { return };
        let configuration = body.get("x-amazon-apigateway-cors");
        gathered.configuration(configuration, "allowOrigins", "allowCredentials");
        for path in body.at(&["paths"]).iter().flat_map(|paths| paths.value.members()) {
            for item in path.value.at(&[]) {
                for (_, operation) in operations(item.value) {
                    let path = ["x-amazon-apigateway-integration", "responses"];
                    responses(operation.value, &path, gathered);
                }
            }
        }
        responses(body, &["x-amazon-apigateway-gateway-responses"], gathered);
    }
}

/// A part of the definition that was not resolved: an include, or all paths.
fn unread_part(body: &Value) -> Option<Unknown> {
    if let Some(include) = body.get("Fn::Transform") {
        return Some(Unknown::new("the definition includes another file", include.span));
    }
    let paths = body.at(&["paths"]);
    paths.iter().find_map(|found| match &found.value.kind {
        Kind::Unknown(why) => Some(Unknown::new(why.clone(), found.value.span)),
        _ => None,
    })
}

fn responses(value: &Value, path: &[&str], gathered: &mut Gathered) {
    for found in value.at(path) {
        for response in found.value.members() {
            for parameters in response.value.at(&["responseParameters"]) {
                let when = both(found.condition.as_ref(), parameters.condition.as_ref());
                gathered.headers(parameters.value, when.as_ref());
            }
        }
    }
}

/// The operations of a path, by method.
fn operations(item: &Value) -> impl Iterator<Item = (&Member, Conditional<'_>)> {
    let members = item.members().iter().filter(|member| {
        let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        methods.iter().any(|method| member.key.eq_ignore_ascii_case(method))
            || &*member.key == "x-amazon-apigateway-any-method"
    });
    members.flat_map(|member| {
        member.value.at(&[]).into_iter().map(move |operation| (member, operation))
    })
}

/// Whether an operation only answers a browser's question for other origins.
fn is_preflight(member: &Member, operation: &Value) -> bool {
    member.key.eq_ignore_ascii_case("options")
        && operation
            .string_at(&["x-amazon-apigateway-integration", "type"])
            .any(|kind| kind.eq_ignore_ascii_case("mock"))
}

/// The integration, or the shared one that it refers to.
fn integration<'v>(value: &'v Value, body: &'v Value) -> &'v Value {
    let name = value.get("$ref").and_then(Value::as_str);
    let name = name.and_then(|name| name.rsplit('/').next());
    let shared = name.and_then(|name| {
        body.get("components")?.get("x-amazon-apigateway-integrations")?.get(name)
    });
    shared.unwrap_or(value)
}

fn schemes(body: &Value) -> impl Iterator<Item = &Member> {
    let older = body.get("securityDefinitions");
    let newer = body.get("components").and_then(|components| components.get("securitySchemes"));
    older.into_iter().chain(newer).flat_map(|schemes| schemes.members())
}

fn scheme<'v>(name: &str, body: &'v Value) -> Option<&'v Value> {
    schemes(body).find(|scheme| &*scheme.key == name).map(|scheme| &scheme.value)
}

/// What the `security` of an operation or a definition asks for; `Unset` without one.
fn security(value: &Value, body: &Value, context: &Context<'_>) -> Setting<RouteAuth> {
    within(value, &["security"], &|requirements| {
        for item in requirements.items() {
            let asked = within(item, &[], &|requirement| {
                let names = requirement.members().iter();
                let mut asked = names.map(|member| scheme_auth(member, body, context));
                asked.find(|auth| !auth.is_unset()).unwrap_or_default()
            });
            if !asked.is_unset() {
                return asked;
            }
        }
        Setting::known(RouteAuth::Anyone, requirements.span)
    })
}

/// What one named scheme asks for; `Unset` for an API key, which names a customer and no caller.
fn scheme_auth(member: &Member, body: &Value, context: &Context<'_>) -> Setting<RouteAuth> {
    let name = &*member.key;
    let known = |auth| Setting::known(auth, member.key_span);
    let Some(scheme) = scheme(name, body) else {
        return match name {
            "NONE" => known(RouteAuth::Anyone),
            "AWS_IAM" => known(RouteAuth::Iam),
            "api_key" => Setting::Unset,
            _ => unknown(format!("security scheme `{name}` is not defined"), member.key_span),
        };
    };
    let kind = scheme.string_at(&["x-amazon-apigateway-authtype"]);
    if kind.any(|kind| kind.eq_ignore_ascii_case("awsSigv4")) {
        return known(RouteAuth::Iam);
    }
    if is_api_key(scheme) {
        return Setting::Unset;
    }
    let auth = within(scheme, &["x-amazon-apigateway-authorizer"], &|authorizer| {
        let uri = authorizer.text_at(&["authorizerUri"]);
        let kind = authorizer.string_at(&["type"]);
        if kind.any(|kind| matches!(kind.as_str(), "jwt" | "cognito_user_pools")) {
            return known(RouteAuth::Token);
        }
        let function = uri.known_values().find_map(|said| function(&said.value, context));
        known(RouteAuth::Function(function))
    });
    or_else(auth, &|| {
        unknown(format!("security scheme `{name}` has no authorizer"), member.key_span)
    })
}

fn is_api_key(scheme: &Value) -> bool {
    scheme.get("x-amazon-apigateway-authorizer").is_none()
        && scheme.string_at(&["type"]).any(|kind| kind == "apiKey")
        && scheme.string_at(&["name"]).any(|name| name.eq_ignore_ascii_case("x-api-key"))
}

/// Whether an operation asks for an API key.
fn api_key(operation: &Value, body: &Value) -> Setting<bool> {
    for requirement in operation.list_at(&["security"]) {
        for member in requirement.value.members() {
            let by_name = || &*member.key == "api_key";
            if scheme(&member.key, body).map_or_else(by_name, is_api_key) {
                return Setting::known(true, member.key_span);
            }
        }
    }
    Setting::Unset
}

/// Whether an operation's validator, or the definition's, checks anything.
fn validation(operation: &Value, body: &Value) -> Setting<bool> {
    let key = "x-amazon-apigateway-request-validator";
    let name = or_else(operation.string_at(&[key]), &|| body.string_at(&[key]));
    crate::settings::and_then(name, &|said| {
        let path = ["x-amazon-apigateway-request-validators", said.value.as_str()];
        let validator = within(body, &path, &|validator| {
            let body = validator.bool_at(&["validateRequestBody"]);
            let parameters = validator.bool_at(&["validateRequestParameters"]);
            let either =
                if body.any(|on| *on) { body } else { or_else(parameters, &|| body.clone()) };
            or_else(either, &|| Setting::known(false, validator.span))
        });
        or_else(validator, &|| {
            unknown(format!("validator `{}` is not defined", said.value), said.span)
        })
    })
}
