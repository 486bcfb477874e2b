use app_graph::{AppGraph, Arns, Function, Identity};
use profile::Profile;

/// What rules may ask beside the graph.
pub struct Facts<'a> {
    /// Profiles of the graph's functions, in the graph's order; a function without one is not
    /// judged by its code.
    pub profiles: Vec<Profile>,
    /// ARNs of the graph's entities.
    pub arns: Arns<'a>,
}

impl<'a> Facts<'a> {
    /// Every function with its profile.
    pub(crate) fn functions<'g>(
        &'g self,
        graph: &'g AppGraph,
    ) -> impl Iterator<Item = (&'g Function, Option<&'g Profile>)> {
        graph.functions.iter().map(|function| {
            let own = |profile: &&Profile| profile.function == function.entity.id;
            (function, self.profiles.iter().find(own))
        })
    }

    /// The functions that may run as an identity, with their profiles.
    pub(crate) fn users_of<'g>(
        &'g self,
        graph: &'g AppGraph,
        identity: &'g Identity,
    ) -> impl Iterator<Item = (&'g Function, Option<&'g Profile>)> {
        self.functions(graph).filter(|(function, _)| {
            let own = graph.identities_of(function);
            own.iter().any(|own| own.entity.id == identity.entity.id)
        })
    }
}
