//! Whether a call sets something in motion that is worth protecting.

use app_graph::{
    AppGraph, Distribution, Entity, Function, Integration, LoadBalancer, ResourceKind, Route,
    Trigger,
};
use text::{EntityId, PartialText, Said, Settled};

use crate::exposure::{is_open_route, names_url, routes_of};
use crate::guests::has_rights;
use crate::secrets::is_secret_name;

/// Whether a route leads to more than an answer from its own code: a service, a server elsewhere
/// or in a private network, or a function that may reach one. What is declared elsewhere may.
pub(crate) fn does_work(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    match (&trigger.function, route.integration) {
        (Some(id), _) => graph.function(id).is_none_or(|function| reaches_out(graph, function)),
        (None, Some(Integration::Mock)) => false,
        (None, Some(Integration::Service(_) | Integration::Function | Integration::Http)) => true,
        (None, None) => trigger.other_target.is_some(),
    }
}

/// Whether a function has rights on something, a secret to use, or a private network around it.
pub(crate) fn reaches_out(graph: &AppGraph, function: &Function) -> bool {
    let identities = graph.identities_of(function);
    let role_is_elsewhere = identities.is_empty()
        && function.role.cases().iter().any(|case| !matches!(case.value, Settled::Unset));
    role_is_elsewhere
        || identities.into_iter().any(has_rights)
        || function.network.cases().iter().any(|case| !matches!(case.value, Settled::Unset))
        || function.environment.iter().any(|variable| is_secret_name(&variable.name.value))
}

/// Whether a request by this method changes something, or may.
pub(crate) fn writes(route: &Route) -> bool {
    !matches!(route.method.as_str(), "GET" | "HEAD" | "OPTIONS")
}

/// The first route of an API on which strangers set something in motion.
pub(crate) fn open_work<'graph>(
    graph: &'graph AppGraph,
    api: &'graph EntityId,
) -> Option<(&'graph Trigger, &'graph Route)> {
    routes_of(graph, api).find(|(trigger, route)| {
        writes(route) && is_open_route(graph, trigger, route) && does_work(graph, trigger, route)
    })
}

/// Whether calls of an API change something beyond its functions' own code.
pub(crate) fn api_works(graph: &AppGraph, api: &EntityId) -> bool {
    routes_of(graph, api).any(|(trigger, route)| writes(route) && does_work(graph, trigger, route))
}

/// The same of a load balancer; one that leads to no function of the graph may change anything.
pub(crate) fn balancer_works(graph: &AppGraph, entity: &Entity, balancer: &LoadBalancer) -> bool {
    let leads_to_function = routes_of(graph, &entity.id).next().is_some();
    balancer.leads_elsewhere || !leads_to_function || api_works(graph, &entity.id)
}

/// The same of a distribution: by its origins, and by the functions that run in it.
pub(crate) fn distribution_works(
    graph: &AppGraph,
    entity: &Entity,
    distribution: &Distribution,
) -> bool {
    let runs_idle = |trigger: &Trigger| {
        let function = trigger.function.as_ref().and_then(|id| graph.function(id));
        function.is_some_and(|function| !reaches_out(graph, function))
    };
    let mut inside =
        graph.triggers.iter().filter(|trigger| trigger.source_entity.as_ref() == Some(&entity.id));
    let is_idle = |origin: &Said<PartialText>| {
        let Some(reference) = origin.value.references().next() else { return false };
        let behind = graph.functions.iter().find(|it| names_url(graph, reference, it));
        if let Some(function) = behind {
            return !reaches_out(graph, function);
        }
        match graph.resource(&reference.entity).map(|resource| &resource.kind) {
            Some(ResourceKind::Api(api)) => {
                api.routes_unknown.is_none() && !api_works(graph, &reference.entity)
            }
            _ => false,
        }
    };
    distribution.origins.is_empty()
        || !distribution.origins.iter().all(is_idle)
        || !inside.all(runs_idle)
}
