//! Who can reach what from the internet.

use app_graph::{
    Api, AppGraph, Distribution, EndpointKind, Entity, Function, LoadBalancer, ResourceKind, Route,
    RouteAuth, Trigger, TriggerKind, UrlAuth, WebAcl,
};
use iam::{Effect, Policy, Statement};
use text::{EntityId, PartialText, Reference, Said, Setting, Settled, Span};

use crate::principals;

/// Who may call a route, in one case of the template's conditions.
#[derive(Debug)]
pub(crate) enum Caller<'graph> {
    /// Anyone; the span is where that is said of this route, if it is.
    Anyone(Option<Span>),
    /// Whoever passes this check.
    Checked(&'graph RouteAuth),
    /// What was said could not be resolved.
    Unknown(&'graph text::Unknown),
}

/// Whether a stranger can make the function run without proving who they are.
pub(crate) fn is_open_to_strangers(graph: &AppGraph, function: &Function) -> bool {
    let by_url =
        function.url.as_ref().is_some_and(|url| url.auth.any(|auth| *auth == UrlAuth::Anyone));
    by_url
        || graph.triggers_of(&function.entity.id).any(|trigger| {
            trigger.route.as_ref().is_some_and(|route| is_open_route(graph, trigger, route))
        })
}

/// Whether anyone on the internet may call a route.
pub(crate) fn is_open_route(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    let is_judged = match trigger.kind {
        TriggerKind::RestApi
        | TriggerKind::HttpApi
        | TriggerKind::WebSocketApi
        | TriggerKind::AgentGateway => true,
        TriggerKind::LoadBalancer => {
            balancer_of(graph, trigger).is_some_and(|(_, balancer)| !is_internal(balancer))
        }
        _ => false,
    };
    if !is_judged {
        return false;
    }
    let api = api_of(graph, route);
    if api.is_some_and(|(_, api)| is_closed(api)) || route.api_key.any(|asked| *asked) {
        return false;
    }
    callers(route, api.map(|(_, api)| api))
        .iter()
        .any(|(_, caller)| matches!(caller, Caller::Anyone(_)))
}

/// The API a route belongs to, where it is in the graph.
pub(crate) fn api_of<'graph>(
    graph: &'graph AppGraph,
    route: &Route,
) -> Option<(&'graph Entity, &'graph Api)> {
    let resource = graph.resource(route.api.as_ref()?)?;
    match &resource.kind {
        ResourceKind::Api(api) => Some((&resource.entity, api)),
        _ => None,
    }
}

/// The load balancer that hands requests to a trigger, where it is in the graph.
pub(crate) fn balancer_of<'graph>(
    graph: &'graph AppGraph,
    trigger: &Trigger,
) -> Option<(&'graph Entity, &'graph LoadBalancer)> {
    let resource = graph.resource(trigger.source_entity.as_ref()?)?;
    match &resource.kind {
        ResourceKind::LoadBalancer(balancer) => Some((&resource.entity, balancer)),
        _ => None,
    }
}

/// Whether a balancer has no address on the internet, in any case of the template's conditions.
pub(crate) fn is_internal(balancer: &LoadBalancer) -> bool {
    let cases = balancer.public.cases();
    cases.iter().all(|case| matches!(case.value, Settled::Known(said) if !said.value))
}

/// Every API of the graph.
pub(crate) fn apis(graph: &AppGraph) -> impl Iterator<Item = (&Entity, &Api)> {
    graph.resources.iter().filter_map(|resource| match &resource.kind {
        ResourceKind::Api(api) => Some((&resource.entity, &**api)),
        _ => None,
    })
}

/// Whether a route is part of its API's definition: it is named after it then.
pub(crate) fn is_defined(trigger: &Trigger, api: &Entity) -> bool {
    let part = trigger.entity.id.as_str().strip_prefix(api.id.as_str());
    part.is_some_and(|part| part.starts_with('/'))
}

/// The routes of an API.
pub(crate) fn routes_of<'graph>(
    graph: &'graph AppGraph,
    api: &'graph EntityId,
) -> impl Iterator<Item = (&'graph Trigger, &'graph Route)> {
    graph.triggers.iter().filter_map(move |trigger| {
        let route = trigger.route.as_ref()?;
        (route.api.as_ref() == Some(api)).then_some((trigger, route))
    })
}

/// Who may call a route, for every case of the template's conditions: what the route says, or
/// else what its API says of all routes.
pub(crate) fn callers<'graph>(
    route: &'graph Route,
    api: Option<&'graph Api>,
) -> Vec<(Vec<&'graph str>, Caller<'graph>)> {
    let mut callers = Vec::new();
    for case in route.auth.cases() {
        match (caller(case.value), api) {
            (Some(caller), _) => callers.push((case.conditions, caller)),
            (None, None) => callers.push((case.conditions, Caller::Anyone(None))),
            (None, Some(api)) => {
                for default in api.default_auth.cases() {
                    let conditions =
                        case.conditions.iter().copied().chain(default.conditions).collect();
                    let caller = match caller(default.value) {
                        // That is said of the API, and of no route.
                        None | Some(Caller::Anyone(_)) => Caller::Anyone(None),
                        Some(caller) => caller,
                    };
                    callers.push((conditions, caller));
                }
            }
        }
    }
    callers
}

fn caller<'graph>(settled: Settled<'graph, RouteAuth>) -> Option<Caller<'graph>> {
    match settled {
        Settled::Unset => None,
        Settled::Known(said) if said.value == RouteAuth::Anyone => {
            Some(Caller::Anyone(Some(said.span)))
        }
        Settled::Known(said) => Some(Caller::Checked(&said.value)),
        Settled::Unknown(unknown) => Some(Caller::Unknown(unknown)),
    }
}

/// Whether strangers cannot reach the API at all: it is private in every case, or its resource
/// policy restricts who may call it.
pub(crate) fn is_closed(api: &Api) -> bool {
    let is_private = |setting: &Setting<EndpointKind>| {
        setting
            .cases()
            .iter()
            .all(|case| matches!(case.value, Settled::Known(said) if said.value == EndpointKind::Private))
    };
    is_private(&api.endpoint) || api.policy.as_ref().is_some_and(restricts)
}

/// Whether a resource policy keeps strangers out: it allows nobody without a condition that
/// binds, or it refuses callers by network.
fn restricts(policy: &Policy) -> bool {
    if policy.statements.is_empty() {
        return false;
    }
    let opens = |statement: &Statement| {
        statement.effect == Effect::Allow
            && statement.principals.named().iter().any(iam::Principal::is_everyone)
            && !principals::binds_callers(statement)
    };
    let refuses = |statement: &Statement| {
        statement.effect == Effect::Deny && principals::names_a_network(statement)
    };
    policy.statements.iter().any(refuses) || !policy.statements.iter().any(opens)
}

/// The firewalls of the distributions that have the API as an origin.
fn firewalls_before<'graph>(
    graph: &'graph AppGraph,
    api: &EntityId,
) -> impl Iterator<Item = &'graph Setting<WebAcl>> {
    graph.resources.iter().filter_map(move |resource| {
        let ResourceKind::Distribution(distribution) = &resource.kind else { return None };
        let mut origins = distribution.origins.iter().flat_map(|said| said.value.references());
        origins.any(|reference| reference.entity == *api).then_some(&distribution.web_acl)
    })
}

/// Whether a distribution with a firewall has the API as an origin.
pub(crate) fn is_behind_firewall(graph: &AppGraph, api: &EntityId) -> bool {
    firewalls_before(graph, api).any(|acl| !acl.is_unset())
}

/// Whether a firewall in front of the API limits how often a caller may ask; one whose rules are
/// not in the template may.
pub(crate) fn is_rate_limited(graph: &AppGraph, entity: &Entity, api: &Api) -> bool {
    let limits = |acl: &Setting<WebAcl>| {
        acl.cases().iter().all(|case| match case.value {
            Settled::Unset => false,
            Settled::Known(acl) => acl.value.limits_rate != Some(false),
            Settled::Unknown(_) => true,
        })
    };
    limits(&api.web_acl) || firewalls_before(graph, &entity.id).any(limits)
}

/// The entity whose declaration holds a span most closely.
pub(crate) fn declared_at(graph: &AppGraph, span: Span) -> Option<&Entity> {
    graph
        .entities()
        .filter(|entity| entity.extent.contains(&span))
        .min_by_key(|entity| entity.extent.end - entity.extent.start)
}

/// Whether a reference names the function's URL: a declaration of its own, or the function's.
pub(crate) fn names_url(graph: &AppGraph, reference: &Reference, function: &Function) -> bool {
    let Some(url) = &function.url else { return false };
    graph.entity(&reference.entity).is_some_and(|named| named.extent.contains(&url.span))
}

/// Whether a distribution hands out the files of buckets and nothing else.
pub(crate) fn is_static(graph: &AppGraph, distribution: &Distribution) -> bool {
    let is_bucket = |origin: &Said<PartialText>| {
        origin.value.has_literal(".s3")
            || origin.value.references().any(|reference| {
                let resource = graph.resource(&reference.entity);
                resource.is_some_and(|resource| matches!(resource.kind, ResourceKind::Bucket(_)))
            })
    };
    !distribution.origins.is_empty() && distribution.origins.iter().all(is_bucket)
}

/// A route as people write it.
pub(crate) fn shown(trigger: &Trigger, route: &Route) -> String {
    match trigger.kind {
        TriggerKind::WebSocketApi => route.path.clone(),
        _ if route.method.is_empty() => route.path.clone(),
        _ => format!("{} {}", route.method, route.path),
    }
}
