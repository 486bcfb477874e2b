use std::collections::{BTreeSet, HashMap};

use text::EntityId;

use crate::{Access, Edge, EdgeKind, Node};

/// What can be come to from a function along the edges of its graph.
///
/// Who only reads a queue sets nothing off by it: the way ends there. Time is linear in the number
/// of edges for each question.
pub struct Reach<'a> {
    from: HashMap<&'a EntityId, Vec<(EdgeKind, &'a EntityId)>>,
}

impl<'a> Reach<'a> {
    /// Takes note of the edges.
    pub fn new(edges: &'a [Edge]) -> Self {
        let mut from: HashMap<&EntityId, Vec<(EdgeKind, &EntityId)>> = HashMap::new();
        for edge in edges {
            if let (Node::Entity(begin), Node::Entity(end)) = (&edge.from, &edge.to) {
                from.entry(begin).or_default().push((edge.kind, end));
            }
        }
        Self { from }
    }

    /// Every entity that `function` comes to, itself left out. An entity for which `instead` has an
    /// answer comes to that and to nothing by its role.
    pub fn of(
        &self,
        function: &'a EntityId,
        instead: &'a HashMap<EntityId, Vec<(EntityId, Access)>>,
    ) -> BTreeSet<&'a EntityId> {
        // Whether something can be set off there.
        let mut found: HashMap<&EntityId, bool> = HashMap::from([(function, true)]);
        let mut pending = vec![function];
        while let Some(here) = pending.pop() {
            let own = instead.get(here);
            let edges = self.from.get(here).into_iter().flatten();
            let edges = edges
                .filter(|(kind, _)| own.is_none() || *kind != EdgeKind::RunsAs)
                .map(|(kind, end)| (*end, *kind != EdgeKind::MayAccess(Access::Read)));
            let own = own.into_iter().flatten();
            let own = own.map(|(end, access)| (end, *access != Access::Read));
            for (end, sets_off) in edges.chain(own) {
                let known = found.entry(end).or_insert(false);
                if sets_off && !*known {
                    *known = true;
                    pending.push(end);
                }
            }
        }
        found.into_keys().filter(|id| *id != function).collect()
    }
}
