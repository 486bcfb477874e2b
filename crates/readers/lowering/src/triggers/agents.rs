use std::collections::HashMap;

use app_graph::{Integration, Route, RouteAuth, TriggerKind};
use text::{EntityId, Setting};

use super::{Collector, declared_trigger, every, inner_trigger};
use documents::declaration::{Declaration, Declared};
use documents::value::{Conditional, Value};

const GATEWAY: &str = "AWS::BedrockAgentCore::Gateway";

/// How each gateway of agents checks its callers.
pub(super) struct Gateways {
    auth: HashMap<EntityId, Setting<RouteAuth>>,
}

impl Gateways {
    /// Reads all gateways once.
    pub(super) fn new(declared: &Declared, collector: &Collector<'_>) -> Self {
        let gateways = declared.declarations.iter().filter(|found| found.kind == GATEWAY);
        let auth = gateways.map(|found| (found.id.clone(), auth(found, collector)));
        Self { auth: auth.collect() }
    }
}

/// Source: `AWS::BedrockAgentCore::Gateway` `AuthorizerType`; without an authorizer, a function
/// that sees each request first may still turn callers away.
fn auth(gateway: &Declaration, collector: &Collector<'_>) -> Setting<RouteAuth> {
    let checks = interceptors(gateway).into_iter().find(|(at_request, _)| *at_request);
    let checks = checks.and_then(|(_, function)| {
        collector.directory.function(&function.value.scalar_text().unwrap_or_default())
    });
    gateway.properties.string_at(&["AuthorizerType"]).map(|kind| match kind.as_str() {
        "NONE" if checks.is_some() => RouteAuth::Function(checks.clone()),
        "NONE" => RouteAuth::Anyone,
        "AWS_IAM" => RouteAuth::Iam,
        "CUSTOM_JWT" => RouteAuth::Token,
        _ => RouteAuth::Other(kind),
    })
}

/// Functions that see what passes a gateway, and whether they see requests.
fn interceptors(gateway: &Declaration) -> Vec<(bool, Conditional<'_>)> {
    let mut found = Vec::new();
    for interceptor in every(&gateway.properties, &["InterceptorConfigurations"]) {
        let points = every(interceptor.value, &["InterceptionPoints"]);
        let at_request = points.iter().any(|point| point.value.as_str() == Some("REQUEST"));
        let functions = every(interceptor.value, &["Interceptor", "Lambda", "Arn"]);
        found.extend(functions.into_iter().map(|function| (at_request, function)));
    }
    found
}

/// A gateway's interceptors: it asks them about every request or answer.
pub(super) fn gateway(declaration: &Declaration, collector: &mut Collector<'_>) {
    for (_, target) in interceptors(declaration) {
        let span = target.value.span;
        let mut trigger = inner_trigger(declaration, TriggerKind::Authorizer, &target, span);
        collector.set_source_self(&mut trigger, declaration);
        collector.add(&trigger, target.value);
    }
}

/// A function as a tool of agents, behind a gateway.
///
/// Source: `AWS::BedrockAgentCore::GatewayTarget`.
pub(super) fn target(
    declaration: &Declaration,
    gateways: &Gateways,
    collector: &mut Collector<'_>,
) {
    let properties: &Value = &declaration.properties;
    let path = ["TargetConfiguration", "Mcp", "Lambda", "LambdaArn"];
    for target in every(properties, &path) {
        let mut trigger = declared_trigger(declaration, TriggerKind::AgentGateway);
        collector.set_source(&mut trigger, properties.text_at(&["GatewayIdentifier"]));
        let gateway = trigger.source_entity.clone();
        let auth = gateway.as_ref().and_then(|gateway| gateways.auth.get(gateway));
        trigger.route = Some(Route {
            method: "POST".to_owned(),
            path: "/mcp".to_owned(),
            auth: auth.cloned().unwrap_or_default(),
            api: gateway,
            api_key: Setting::Unset,
            validation: Setting::Unset,
            integration: Some(Integration::Function),
        });
        collector.add(&trigger, target.value);
    }
}
