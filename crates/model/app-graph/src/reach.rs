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

    /// Every entity that is come to from `function`, itself left out.
    pub fn of(&self, function: &'a EntityId) -> BTreeSet<&'a EntityId> {
        // Whether something can be set off there.
        let mut found: HashMap<&EntityId, bool> = HashMap::from([(function, true)]);
        let mut pending = vec![function];
        while let Some(here) = pending.pop() {
            for (kind, end) in self.from.get(here).into_iter().flatten() {
                let known = found.entry(end).or_insert(false);
                if *kind != EdgeKind::MayAccess(Access::Read) && !*known {
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

    fn check(lines: &str, expect: &[&str]) {
        let edges = edges(lines);
        let take = EntityId::new("take");
        let found = Reach::new(&edges).of(&take);
        let found: Vec<&str> = found.into_iter().map(EntityId::as_str).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_is_written_to_sets_off_what_it_feeds() {
        check(SHOP, &["jobs", "polled", "role", "sales", "stock", "work", "worker"]);
    }

    #[test]
    fn what_is_both_read_and_written_sets_off_too() {
        let both = format!("{SHOP}\n worker writes stock");
        let expect =
            ["count", "jobs", "polled", "role", "sales", "stock", "stream", "work", "worker"];
        check(&both, &expect);
    }

    #[test]
    fn a_circle_ends() {
        check("take writes jobs\n jobs feeds polled\n polled invokes take", &["jobs", "polled"]);
    }
}
