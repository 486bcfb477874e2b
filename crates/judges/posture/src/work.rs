//! Whether a call sets something in motion that is worth protecting.

use app_graph::{AppGraph, Function, Integration, Route, Trigger};
use text::{EntityId, Settled};

use crate::exposure::{is_open_route, routes_of};
use crate::guests::has_rights;
use crate::secrets::is_secret_name;

/// Whether a route leads to more than an answer from its own code: a service, or a function that
/// may reach one. What is declared elsewhere may.
pub(crate) fn does_work(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    match (&trigger.function, route.integration) {
        (Some(id), _) => graph.function(id).is_none_or(|function| reaches_out(graph, function)),
        (None, Some(Integration::Mock | Integration::Http)) => false,
        (None, Some(Integration::Service | Integration::Function)) => true,
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
