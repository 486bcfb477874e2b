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

#[cfg(test)]
mod tests {
    use super::*;

    /// Edges as lines: `from -> to`, a right in brackets where it is a role's.
    fn edges(lines: &str) -> Vec<Edge> {
        let node = |name: &str| Node::Entity(EntityId::new(name));
        let edge = |line: &str| {
            let (from, rest) = line.trim().split_once(' ').unwrap();
            let (arrow, to) = rest.split_once(' ').unwrap();
            let kind = match arrow {
                "as" => EdgeKind::RunsAs,
                "reads" => EdgeKind::MayAccess(Access::Read),
                "writes" => EdgeKind::MayAccess(Access::Write),
                "feeds" => EdgeKind::Feeds,
                _ => EdgeKind::Invokes,
            };
            Edge { from: node(from), to: node(to), kind, said: None }
        };
        lines.lines().map(edge).collect()
    }

    const SHOP: &str = "take as role
        role writes jobs
        role reads stock
        jobs feeds polled
        polled invokes work
        work as worker
        worker writes sales
        stock feeds stream
        stream invokes count";

    fn check(instead: &[(&str, &[(&str, Access)])], expect: &[&str]) {
        let edges = edges(SHOP);
        let own = |list: &[(&str, Access)]| {
            list.iter().map(|(id, access)| (EntityId::new(id), *access)).collect()
        };
        let instead = instead.iter().map(|(id, list)| (EntityId::new(id), own(list))).collect();
        let take = EntityId::new("take");
        let found: Vec<&str> =
            Reach::new(&edges).of(&take, &instead).into_iter().map(EntityId::as_str).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_is_written_to_sets_off_what_it_feeds() {
        check(&[], &["jobs", "polled", "role", "sales", "stock", "work", "worker"]);
    }

    #[test]
    fn needs_stand_in_the_place_of_a_role() {
        check(&[("take", &[("stock", Access::Read)])], &["stock"]);
        check(&[("take", &[("stock", Access::Write)])], &["count", "stock", "stream"]);
        check(&[("work", &[])], &["jobs", "polled", "role", "stock", "work"]);
    }

    #[test]
    fn a_circle_ends() {
        check(&[("work", &[("jobs", Access::Full)])], &["jobs", "polled", "role", "stock", "work"]);
    }
}
