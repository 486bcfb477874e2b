use std::collections::HashMap;

use app_graph::{Integration, Route, RouteAuth, TriggerKind};
use text::{EntityId, PartialText, Setting};

use super::{Collector, declared_trigger, every, inner_trigger};
use documents::declaration::{Declaration, Declared};
use documents::value::{Conditional, Value};

/// A function's own address.
pub(super) fn url(declaration: &Declaration, collector: &mut Collector<'_>) {
    let trigger = declared_trigger(declaration, TriggerKind::FunctionUrl);
    if let Some(function) = declaration.properties.get("TargetFunctionArn") {
        collector.add(&trigger, function);
    }
}

/// Functions at the edge, in front of every behaviour of a distribution.
pub(super) fn distribution(declaration: &Declaration, collector: &mut Collector<'_>) {
    for behaviours in ["DefaultCacheBehavior", "CacheBehaviors"] {
        let path = ["DistributionConfig", behaviours];
        for behaviour in every(&declaration.properties, &path) {
            for association in every(behaviour.value, &["LambdaFunctionAssociations"]) {
                let Some(target) = association.value.get("LambdaFunctionARN") else { continue };
                let kind = TriggerKind::Distribution;
                let mut trigger = inner_trigger(declaration, kind, &association, target.span);
                collector.set_source_self(&mut trigger, declaration);
                trigger.enabled =
                    declaration.properties.bool_at(&["DistributionConfig", "Enabled"]);
                collector.add(&trigger, target);
            }
        }
    }
}

/// Which listeners and rules lead to a target group.
pub(super) struct Balancers<'a> {
    routes: HashMap<EntityId, Vec<Leading<'a>>>,
}

struct Leading<'a> {
    balancer: Setting<PartialText>,
    /// The rule's conditions; none for a listener's default.
    rule: Option<&'a Value>,
    auth: Setting<RouteAuth>,
}

impl<'a> Balancers<'a> {
    /// Reads listeners and their rules once.
    pub(super) fn new(declared: &'a Declared) -> Self {
        let mut listeners: HashMap<&EntityId, &Declaration> = HashMap::new();
        for declaration in &declared.declarations {
            if declaration.kind == "AWS::ElasticLoadBalancingV2::Listener" {
                listeners.insert(&declaration.id, declaration);
            }
        }
        let mut balancers = Self { routes: HashMap::new() };
        for declaration in &declared.declarations {
            let properties = &declaration.properties;
            match declaration.kind.as_str() {
                "AWS::ElasticLoadBalancingV2::Listener" => {
                    let balancer = properties.text_at(&["LoadBalancerArn"]);
                    balancers.lead(properties, "DefaultActions", None, &balancer);
                }
                "AWS::ElasticLoadBalancingV2::ListenerRule" => {
                    let listener = properties.text_at(&["ListenerArn"]);
                    let listener = listener.known_values().find_map(|said| {
                        let reference = said.value.references().next()?;
                        listeners.get(&reference.entity).copied()
                    });
                    let balancer = listener.map_or(Setting::Unset, |listener| {
                        listener.properties.text_at(&["LoadBalancerArn"])
                    });
                    balancers.lead(properties, "Actions", Some(properties), &balancer);
                }
                _ => {}
            }
        }
        balancers
    }

    fn lead(
        &mut self,
        properties: &'a Value,
        key: &str,
        rule: Option<&'a Value>,
        balancer: &Setting<PartialText>,
    ) {
        let actions = every(properties, &[key]);
        let auth = route_auth(&actions);
        for action in &actions {
            let direct = every(action.value, &["TargetGroupArn"]);
            let weighted =
                every(action.value, &["ForwardConfig", "TargetGroups", "TargetGroupArn"]);
            for group in direct.iter().chain(&weighted) {
                let Some(text) = group.value.scalar_text() else { continue };
                for reference in text.references() {
                    let leading = Leading { balancer: balancer.clone(), rule, auth: auth.clone() };
                    self.routes.entry(reference.entity.clone()).or_default().push(leading);
                }
            }
        }
    }
}

/// Whether an action in front of the target asks the caller who they are.
fn route_auth(actions: &[Conditional<'_>]) -> Setting<RouteAuth> {
    for action in actions {
        for said in action.value.string_at(&["Type"]).known_values() {
            if said.value.starts_with("authenticate-") || said.value == "jwt-validation" {
                return Setting::known(RouteAuth::Token, said.span);
            }
        }
    }
    match actions.first() {
        Some(action) => Setting::known(RouteAuth::Anyone, action.value.span),
        None => Setting::Unset,
    }
}

/// A target group with functions as targets: one trigger for each way that leads to it.
pub(super) fn target_group(
    declaration: &Declaration,
    balancers: &Balancers<'_>,
    collector: &mut Collector<'_>,
) {
    let kind = declaration.properties.string_at(&["TargetType"]);
    if !kind.any(|kind| kind == "lambda") {
        return;
    }
    let leading = balancers.routes.get(&declaration.id).map_or(&[] as &[_], Vec::as_slice);
    for item in declaration.properties.list_at(&["Targets"]) {
        let Some(target) = item.value.get("Id") else { continue };
        let mut trigger = inner_trigger(declaration, TriggerKind::LoadBalancer, &item, target.span);
        if leading.is_empty() {
            collector.add(&trigger, target);
        }
        for way in leading {
            collector.set_source(&mut trigger, way.balancer.clone());
            trigger.route = Some(Route {
                method: rule_value(way.rule, "http-request-method", "HttpRequestMethodConfig")
                    .unwrap_or_else(|| "ANY".to_owned()),
                path: rule_value(way.rule, "path-pattern", "PathPatternConfig")
                    .unwrap_or_else(|| "/*".to_owned()),
                api: trigger.source_entity.clone(),
                auth: way.auth.clone(),
                api_key: Setting::Unset,
                validation: Setting::Unset,
                integration: Some(Integration::Function),
            });
            collector.add(&trigger, target);
        }
    }
}

fn rule_value(rule: Option<&Value>, field: &str, config: &str) -> Option<String> {
    for condition in every(rule?, &["Conditions"]) {
        let named = condition.value.get("Field").and_then(Value::as_str) == Some(field);
        let plain = if named { every(condition.value, &["Values"]) } else { Vec::new() };
        let configured = every(condition.value, &[config, "Values"]);
        let values: Vec<String> = configured
            .iter()
            .chain(&plain)
            .filter_map(|found| Some(found.value.scalar_text()?.to_string()))
            .collect();
        if !values.is_empty() {
            return Some(values.join(", "));
        }
    }
    None
}
