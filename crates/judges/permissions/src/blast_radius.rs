//! How far an intruder in a function gets.

use std::collections::{BTreeSet, HashMap};

use app_graph::{Access, AppGraph, Arns, Entity, Reach};
use iam::pattern::{Case, comparable, intersects};
use profile::{Need, Profile};
use text::EntityId;

/// Functions and resources that a function comes to: by what it may act on, by what that sets off,
/// and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlastRadius {
    /// With the roles as they are; `None` where the function's is not in the graph.
    pub granted: Option<Vec<EntityId>>,
    /// With the least role for every function whose code was read; `None` where this one's was not.
    pub needed: Option<Vec<EntityId>>,
}

/// The blast radius of each profile's function, in order.
pub fn blast_radii(graph: &AppGraph, arns: &Arns<'_>, profiles: &[&Profile]) -> Vec<BlastRadius> {
    let edges = graph.edges();
    let reach = Reach::new(&edges);
    let as_granted = HashMap::new();
    let read = profiles.iter().filter(|profile| profile.behaviour.is_read());
    let as_needed: HashMap<EntityId, Vec<(EntityId, Access)>> =
        read.map(|profile| (profile.function.clone(), touched(graph, arns, profile))).collect();
    let is_thing = |id: &&EntityId| graph.function(id).is_some() || graph.resource(id).is_some();
    let listed = |found: BTreeSet<&EntityId>| found.into_iter().filter(is_thing).cloned().collect();
    let radius = |profile: &&Profile| {
        let id = &profile.function;
        let roles = graph.function(id).map(|function| graph.identities_of(function));
        let is_granted = roles.is_some_and(|roles| !roles.is_empty());
        BlastRadius {
            granted: is_granted.then(|| listed(reach.of(id, &as_granted))),
            needed: profile.behaviour.is_read().then(|| listed(reach.of(id, &as_needed))),
        }
    };
    profiles.iter().map(radius).collect()
}

/// The entities that a function's needs are about.
fn touched(graph: &AppGraph, arns: &Arns<'_>, profile: &Profile) -> Vec<(EntityId, Access)> {
    let mut touched = Vec::new();
    for need in &profile.needs {
        let access = Access::of(&need.action);
        match arns.entity_of(&need.resource) {
            Some((entity, _)) => touched.push((entity.id.clone(), access)),
            None => {
                let may_be = graph.entities().filter(|entity| may_be(arns, need, entity));
                touched.extend(may_be.map(|entity| (entity.id.clone(), access)));
            }
        }
    }
    touched
}

/// Whether a need whose resource is not wholly known may be about an entity.
fn may_be(arns: &Arns<'_>, need: &Need, entity: &Entity) -> bool {
    let Some(arn) = arns.of(&entity.id).map(comparable) else { return false };
    let service = need.action.split(':').next().unwrap_or_default();
    let wanted = comparable(&need.resource);
    arn.split(':').nth(2) == Some(service)
        && need.is_scopable()
        && [arn.clone(), format!("{arn}/*"), format!("{arn}:*")]
            .iter()
            .any(|arn| intersects(arn, &wanted, Case::Sensitive))
}
