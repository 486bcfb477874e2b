//! How far an intruder in a function gets.

use std::collections::{BTreeSet, HashSet};

use app_graph::{Access, AppGraph, Arns, Edge, EdgeKind, Entity, Node, Reach};
use iam::pattern::{Case, comparable, intersects};
use profile::{Need, Profile};
use text::EntityId;

use crate::Account;

/// Functions and resources that a function comes to: by what it may act on, by what that sets off,
/// and so on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlastRadius {
    /// With the roles as they are; `None` where the function's is not in the graph.
    pub granted: Option<Vec<EntityId>>,
    /// With the least role for every function whose code was read; `None` where this one's was not.
    pub needed: Option<Vec<EntityId>>,
}

/// The blast radius of each function, in order.
pub fn blast_radii(
    graph: &AppGraph,
    arns: &Arns<'_>,
    functions: &[(&Profile, &Account)],
) -> Vec<BlastRadius> {
    let mut granted = graph.edges();
    let read = functions.iter().filter(|(profile, _)| profile.behaviour.is_read());
    let read: HashSet<&EntityId> = read.map(|(profile, _)| &profile.function).collect();
    let is_replaced = |edge: &Edge| {
        let is_read = matches!(&edge.from, Node::Entity(id) if read.contains(id));
        is_read && edge.kind == EdgeKind::RunsAs
    };
    let mut needed = granted.clone();
    needed.retain(|edge| !is_replaced(edge));
    for (profile, account) in functions {
        for need in &profile.needs {
            let edges = edges(graph, arns, &profile.function, need);
            // What a framework grants by itself is no edge of the role.
            if !account.missing.iter().any(|missing| missing.need == *need) {
                granted.extend(edges.iter().cloned());
            }
            needed.extend(edges);
        }
    }
    let (granted, needed) = (Reach::new(&granted), Reach::new(&needed));
    let is_thing = |id: &&EntityId| graph.function(id).is_some() || graph.resource(id).is_some();
    let listed = |found: BTreeSet<&EntityId>| found.into_iter().filter(is_thing).cloned().collect();
    let radius = |(profile, _): &(&Profile, &Account)| {
        let id = &profile.function;
        let roles = graph.function(id).map(|function| graph.identities_of(function));
        let has_role = roles.is_some_and(|roles| !roles.is_empty());
        BlastRadius {
            granted: has_role.then(|| listed(granted.of(id))),
            needed: read.contains(id).then(|| listed(needed.of(id))),
        }
    };
    functions.iter().map(radius).collect()
}

/// Edges from a function to what a need of it is about.
fn edges(graph: &AppGraph, arns: &Arns<'_>, function: &EntityId, need: &Need) -> Vec<Edge> {
    let edge = |entity: &Entity| Edge {
        from: Node::Entity(function.clone()),
        to: Node::Entity(entity.id.clone()),
        kind: EdgeKind::MayAccess(Access::of(&need.action)),
        said: None,
    };
    match arns.entity_of(&need.resource) {
        Some((entity, _)) => vec![edge(entity)],
        None => graph.entities().filter(|entity| may_be(arns, need, entity)).map(edge).collect(),
    }
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
