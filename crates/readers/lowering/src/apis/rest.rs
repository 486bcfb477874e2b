use app_graph::{
    Api, ApiProtocol, EndpointKind, ResourceKind, Route, Trigger, TriggerKind, WebAcl,
};
use iam::Policy;
use text::{Problem, Setting};

use super::cors::Gathered;
use super::definition::Definition;
use super::integrations::{answer, kind_of, target};
use super::stages::{Stages, cache_encrypted, throttle};
use super::{Context, api_of, authorizers, trigger};
use crate::attachments::{own_condition, policy_at};
use crate::entity;
use crate::settings::{and_then, first_within, or_else, rate, unknown};
use documents::declaration::Declaration;
use documents::value::{Value, both};

/// Longest chain of parents that is followed to a resource's path.
const DEEPEST_PATH: usize = 100;

/// Source: `AWS::ApiGateway::RestApi` and what is attached to it.
pub(super) fn api(
    declaration: &Declaration,
    context: &Context<'_>,
    triggers: &mut Vec<Trigger>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let definition = Definition::new(declaration, ApiProtocol::Rest);
    definition.triggers(context, triggers);
    let stages = Stages::new(declaration, "AWS::ApiGateway::Stage", context);
    let types = ["EndpointConfiguration", "Types"];
    let endpoint = first_within(properties, &types, &|kind| kind.string_at(&[]));
    let disabled = properties.bool_at(&["DisableExecuteApiEndpoint"]);
    let disabled_in_body =
        ["x-amazon-apigateway-endpoint-configuration", "disableExecuteApiEndpoint"];
    let routes_validated = triggers.iter().filter_map(|trigger| trigger.route.as_ref());
    let routes_validated = routes_validated.map(|route| route.validation.clone());
    let methods = context.attachments.of("AWS::ApiGateway::Method", &declaration.id);
    let methods_validated = methods.iter().map(|method| validation(method, context));
    let keys = triggers.iter().filter_map(|trigger| Some(trigger.route.as_ref()?.api_key.clone()));
    let asking = methods.iter().filter(|method| !is_preflight(method));
    let asking = asking.map(|method| method.properties.bool_at(&["ApiKeyRequired"]));
    let keyed = keys.chain(asking).all(|key| key.any(|on| *on) || key.unknown().is_some());
    ResourceKind::Api(Box::new(Api {
        protocol: ApiProtocol::Rest,
        endpoint: endpoint.try_map(&endpoint_kind),
        default_endpoint_disabled: or_else(disabled, &|| {
            definition.body().map_or(Setting::Unset, |body| body.bool_at(&disabled_in_body))
        }),
        access_logs: stages.access_logs("AccessLogSetting"),
        throttle_rate: or_else(stages.setting(&throttle), &|| match keyed {
            true => plan_throttle(declaration, context),
            false => Setting::Unset,
        }),
        tracing: stages.setting(&|stage| stage.bool_at(&["TracingEnabled"])),
        web_acl: web_acl(declaration, &stages, context),
        cache: stages.setting(&|stage| stage.bool_at(&["CacheClusterEnabled"])),
        cache_encrypted: stages.setting(&cache_encrypted),
        cors: cors(declaration, &definition, context),
        default_auth: Setting::Unset,
        validation: best(routes_validated.chain(methods_validated)),
        policy: policy(properties, definition.body(), problems),
        stage: stages.first(),
        routes_unknown: definition.unknown(),
    }))
}

fn endpoint_kind(word: String) -> Result<EndpointKind, String> {
    match word.to_ascii_uppercase().as_str() {
        "EDGE" => Ok(EndpointKind::Edge),
        "REGIONAL" => Ok(EndpointKind::Regional),
        "PRIVATE" => Ok(EndpointKind::Private),
        _ => Err(format!("`{word}` is no kind of endpoint")),
    }
}

/// True if any is, unknown if any is that, else the first that was said.
fn best(settings: impl Iterator<Item = Setting<bool>>) -> Setting<bool> {
    settings.filter(|setting| !setting.is_unset()).fold(Setting::Unset, |best, next| {
        let better = best.is_unset()
            || (!best.any(|on| *on) && (next.any(|on| *on) || next.unknown().is_some()));
        if better { next } else { best }
    })
}

fn policy(properties: &Value, body: Option<&Value>, problems: &mut Vec<Problem>) -> Option<Policy> {
    let policy = policy_at(properties, "Policy", problems);
    policy.or_else(|| policy_at(body?, "x-amazon-apigateway-policy", problems))
}

/// The firewall in front of the API or of one of its stages.
fn web_acl(api: &Declaration, stages: &Stages<'_>, context: &Context<'_>) -> Setting<WebAcl> {
    let of_api = context.attachments.web_acl(api);
    if !of_api.is_unset() {
        return of_api;
    }
    let of_stages = stages.declarations().map(|stage| context.attachments.web_acl(stage));
    of_stages.into_iter().find(|acl| !acl.is_unset()).unwrap_or_default()
}

/// What a usage plan lets through: it limits callers with a key and nobody else.
///
/// Source: API Gateway developer guide, "Usage plans and API keys for REST APIs".
fn plan_throttle(api: &Declaration, context: &Context<'_>) -> Setting<u32> {
    let plans = context.attachments.of("AWS::ApiGateway::UsagePlan", &api.id).iter();
    let mut rates = plans.map(|plan| rate(&plan.properties, &["Throttle", "RateLimit"]));
    rates.find(|rate| !rate.is_unset()).unwrap_or_default()
}

fn cors(
    api: &Declaration,
    definition: &Definition<'_>,
    context: &Context<'_>,
) -> Option<app_graph::Cors> {
    let mut gathered = Gathered::default();
    // Preflight answers come first: they decide, and the others only repeat them.
    let methods = context.attachments.of("AWS::ApiGateway::Method", &api.id);
    let preflight = methods.iter().filter(|method| is_preflight(method));
    for method in preflight.chain(methods.iter().filter(|method| !is_preflight(method))) {
        for response in method.properties.list_at(&["Integration", "IntegrationResponses"]) {
            for parameters in response.value.at(&["ResponseParameters"]) {
                let when = both(response.condition.as_ref(), parameters.condition.as_ref());
                let when = both(own_condition(method, api), when.as_ref());
                gathered.headers(parameters.value, when.as_ref());
            }
        }
    }
    for response in context.attachments.of("AWS::ApiGateway::GatewayResponse", &api.id) {
        for parameters in response.properties.at(&["ResponseParameters"]) {
            let when = both(own_condition(response, api), parameters.condition.as_ref());
            gathered.headers(parameters.value, when.as_ref());
        }
    }
    definition.cors(&mut gathered);
    gathered.finish()
}

/// Whether a method only answers a browser's question for other origins.
fn is_preflight(method: &Declaration) -> bool {
    let properties = &method.properties;
    properties.string_at(&["HttpMethod"]).any(|method| method.eq_ignore_ascii_case("OPTIONS"))
        && properties.string_at(&["Integration", "Type"]).any(|kind| kind == "MOCK")
}

/// Source: `AWS::ApiGateway::Method`; `None` for answers to browsers' preflight requests.
pub(super) fn method(declaration: &Declaration, context: &Context<'_>) -> Option<Trigger> {
    if is_preflight(declaration) {
        return None;
    }
    let properties = &declaration.properties;
    let api = api_of(declaration, "RestApiId", context).map(|api| &api.id);
    let method = properties.text_at(&["HttpMethod"]);
    let method = method.known_values().next().map(|said| said.value.to_string());
    let integrations = properties.at(&["Integration"]);
    let route = Route {
        method: method.unwrap_or_else(|| "ANY".to_owned()).to_ascii_uppercase(),
        path: path(declaration, context),
        api: api.cloned(),
        auth: authorizers::route_auth(declaration, context),
        api_key: properties.bool_at(&["ApiKeyRequired"]),
        validation: validation(declaration, context),
        integration: integrations.iter().find_map(|integration| kind_of(integration.value)),
    };
    let targets = integrations.iter().map(|integration| target(integration.value, context));
    let target = targets.reduce(|first, next| if first.function.is_some() { first } else { next });
    let entity = entity(declaration);
    let answer = integrations.first().map(|integration| answer(integration.value));
    let target = target.unwrap_or_default();
    let trigger = trigger(entity, TriggerKind::RestApi, api, Some(route), target);
    Some(Trigger { answer: answer.unwrap_or_default(), ..trigger })
}

/// Whether a method's validator checks anything.
///
/// Source: `AWS::ApiGateway::RequestValidator`.
fn validation(method: &Declaration, context: &Context<'_>) -> Setting<bool> {
    and_then(method.properties.text_at(&["RequestValidatorId"]), &|said| {
        let reference = said.value.references().next();
        let validator = reference.and_then(|reference| context.directory.get(&reference.entity));
        let Some(validator) = validator else {
            return unknown("its validator is declared elsewhere", said.span);
        };
        let switch = |property: &str| validator.properties.bool_at(&[property]);
        let either =
            best([switch("ValidateRequestBody"), switch("ValidateRequestParameters")].into_iter());
        or_else(either, &|| Setting::known(false, said.span))
    })
}

/// A method's path, from its resource through all parents.
fn path(method: &Declaration, context: &Context<'_>) -> String {
    let mut pieces = Vec::new();
    let mut next = method.properties.text_at(&["ResourceId"]);
    for _ in 0..DEEPEST_PATH {
        let parent = next.known_values().find_map(|said| {
            said.value.references().find_map(|reference| context.directory.get(&reference.entity))
        });
        let resource = parent.filter(|parent| parent.kind == "AWS::ApiGateway::Resource");
        let Some(resource) = resource else {
            // The root of an API declared elsewhere has a path that nobody knows.
            let known = parent.is_some();
            return if known || pieces.is_empty() {
                format!("/{}", reversed(&pieces))
            } else {
                format!("…/{}", reversed(&pieces))
            };
        };
        let piece = resource.properties.text_at(&["PathPart"]);
        let piece = piece.known_values().next().map(|said| said.value.to_string());
        pieces.push(piece.unwrap_or_else(|| "${?}".to_owned()));
        next = resource.properties.text_at(&["ParentId"]);
    }
    format!("…/{}", reversed(&pieces))
}

fn reversed(pieces: &[String]) -> String {
    pieces.iter().rev().map(String::as_str).collect::<Vec<_>>().join("/")
}
