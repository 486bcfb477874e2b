use std::collections::{HashMap, HashSet, VecDeque};

use text::EntityId;

use crate::links::fed_by;
use crate::{AppGraph, Edge, EdgeKind, Node, ResourceKind};

/// A way through the graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Where it begins: the internet, or what sends the events.
    pub from: Node,
    /// Each edge taken, and where it leads.
    pub steps: Vec<(EdgeKind, Node)>,
}

impl Path {
    /// Every node in order.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.from).chain(self.steps.iter().map(|(_, node)| node))
    }
}

/// The shortest ways from the outside to data, found once for a whole graph.
///
/// Time is linear in the number of edges; each answer takes no more than its own length.
#[derive(Debug)]
pub struct Paths {
    nodes: Vec<Node>,
    numbers: HashMap<Node, usize>,
    from_internet: Vec<Option<Step>>,
    from_sources: Vec<Option<Step>>,
    to_data: Vec<Option<Step>>,
    data: Vec<usize>,
    /// What feeds each trigger.
    feeders: HashMap<usize, usize>,
    forward: Neighbours,
}

/// How a search came to a node.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The search began here.
    Begin,
    /// By an edge of this kind to or from another node.
    By(EdgeKind, usize),
}

type Neighbours = Vec<Vec<(EdgeKind, usize)>>;

impl AppGraph {
    /// Finds the shortest ways from the outside to data.
    pub fn paths(&self) -> Paths {
        Paths::new(self, &self.edges())
    }

    /// The shortest way to each resource that holds data: from the internet where it leads there,
    /// else from what sends the events.
    pub fn paths_to_data(&self) -> Vec<Path> {
        self.paths().to_data()
    }

    /// The shortest way from the outside through an entity on to data; see [`Paths::through`].
    /// For several questions, ask [`AppGraph::paths`] once.
    pub fn path_through(&self, id: &EntityId) -> Option<Path> {
        self.paths().through(id)
    }
}

impl Paths {
    /// Searches the graph with its edges.
    pub fn new(graph: &AppGraph, edges: &[Edge]) -> Self {
        let mut paths = Self {
            nodes: Vec::new(),
            numbers: HashMap::new(),
            from_internet: Vec::new(),
            from_sources: Vec::new(),
            to_data: Vec::new(),
            data: Vec::new(),
            feeders: HashMap::new(),
            forward: Neighbours::new(),
        };
        let internet = paths.number(&Node::Internet);
        for entity in graph.entities() {
            paths.number(&Node::Entity(entity.id.clone()));
        }
        let mut forward: Neighbours = Vec::new();
        let mut backward: Neighbours = Vec::new();
        let mut link = |from: usize, to: usize, kind: EdgeKind| {
            let size = from.max(to) + 1;
            for neighbours in [&mut forward, &mut backward] {
                if neighbours.len() < size {
                    neighbours.resize(size, Vec::new());
                }
            }
            if let Some(neighbours) = forward.get_mut(from) {
                neighbours.push((kind, to));
            }
            if let Some(neighbours) = backward.get_mut(to) {
                neighbours.push((kind, from));
            }
        };
        let mut open = HashSet::new();
        for edge in edges {
            let from = paths.number(&edge.from);
            let to = paths.number(&edge.to);
            link(from, to, edge.kind);
            if edge.kind == EdgeKind::Reaches {
                open.insert(to);
            }
        }
        // What is reached through an API is reached by asking the API: only so does a way lead
        // through the API itself.
        for trigger in &graph.triggers {
            let number = paths.number(&Node::Entity(trigger.entity.id.clone()));
            if let Some(source) = fed_by(trigger)
                && trigger.kind.is_web()
                && open.contains(&number)
            {
                let source = paths.number(&Node::Entity(source.clone()));
                link(internet, source, EdgeKind::Reaches);
            }
        }
        // Of ways as long as each other, the one whose door asks for nothing is shown.
        let index = graph.index();
        let guarded: HashSet<usize> = graph
            .triggers
            .iter()
            .filter(|trigger| index.asked(trigger).is_some())
            .map(|trigger| paths.number(&Node::Entity(trigger.entity.id.clone())))
            .collect();
        for neighbours in forward.iter_mut().chain(&mut backward) {
            neighbours.sort_by_key(|(_, next)| guarded.contains(next));
        }
        let mut triggers = Vec::new();
        for trigger in &graph.triggers {
            let number = paths.number(&Node::Entity(trigger.entity.id.clone()));
            triggers.push(number);
            if let Some(source) = fed_by(trigger) {
                let source = paths.number(&Node::Entity(source.clone()));
                paths.feeders.insert(number, source);
            }
        }
        paths.data = graph
            .resources
            .iter()
            .filter(|resource| holds_data(&resource.kind))
            .map(|resource| paths.number(&Node::Entity(resource.entity.id.clone())))
            .collect();
        let size = paths.nodes.len();
        paths.from_internet = search(&[internet], &forward, size);
        paths.from_sources = search(&triggers, &forward, size);
        paths.to_data = search(&paths.data, &backward, size);
        paths.forward = forward;
        paths
    }

    /// The shortest way to each resource that holds data.
    pub fn to_data(&self) -> Vec<Path> {
        let ways = self.data.iter().filter_map(|data| {
            let way = self.through_number(*data)?;
            // A store that only feeds others is the begin of their ways.
            let (_, end) = way.steps.last()?;
            (self.nodes.get(*data) == Some(end)).then_some(way)
        });
        ways.collect()
    }

    /// The shortest way from the internet through an entity on to data; where none leads from the
    /// internet, from what sends the events. `None` where no data is reached.
    pub fn through(&self, id: &EntityId) -> Option<Path> {
        self.through_number(*self.numbers.get(&Node::Entity(id.clone()))?)
    }

    fn through_number(&self, number: usize) -> Option<Path> {
        let mut before =
            self.walk(&self.from_internet, number).or_else(|| self.walk_from_source(number))?;
        let (_, begin) = *before.last()?;
        if begin == number {
            before.truncate(1);
        }
        let mut after = self.walk(&self.to_data, number)?;
        // A queue that is sent to by what it feeds is no way to anywhere: the next data then.
        if after.last().is_some_and(|(_, end)| *end == begin) {
            after = self.walk_to_other(number, begin)?;
        }
        let mut nodes = before;
        nodes.reverse();
        let (from, mut steps) = self.named(&nodes)?;
        for (kind, at) in after.iter().filter_map(|(kind, at)| Some(((*kind)?, at))) {
            steps.push((kind, self.nodes.get(*at)?.clone()));
        }
        (!steps.is_empty()).then_some(Path { from, steps })
    }

    /// The walk from a node to the nearest data that is not `except`.
    fn walk_to_other(
        &self,
        number: usize,
        except: usize,
    ) -> Option<Vec<(Option<EdgeKind>, usize)>> {
        // Nothing leads back through where the way began.
        let found = search(&[number, except], &self.forward, self.nodes.len());
        let walks = self.data.iter().filter(|data| **data != except);
        let walks = walks.filter_map(|data| self.walk(&found, *data));
        let mut walk = walks
            .filter(|walk| walk.last().is_some_and(|(_, begin)| *begin == number))
            .min_by_key(Vec::len)?;
        // Turned round: each edge moves to the node that it leads to.
        walk.reverse();
        let kinds: Vec<Option<EdgeKind>> = walk.iter().map(|(kind, _)| *kind).collect();
        let kinds = std::iter::once(None).chain(kinds);
        Some(kinds.zip(walk).map(|(kind, (_, at))| (kind, at)).collect())
    }

    /// The walk back to the trigger that leads to a node, and to what feeds it.
    fn walk_from_source(&self, number: usize) -> Option<Vec<(Option<EdgeKind>, usize)>> {
        let Some(mut walked) = self.walk(&self.from_sources, number) else {
            let is_source = self.feeders.values().any(|feeder| *feeder == number);
            return is_source.then(|| vec![(None, number)]);
        };
        let (_, trigger) = walked.last()?;
        if let Some(feeder) = self.feeders.get(trigger) {
            walked.push((Some(EdgeKind::Feeds), *feeder));
        }
        Some(walked)
    }

    /// Follows a search back to where it began: the kind of the edge taken to come to each node.
    fn walk(
        &self,
        search: &[Option<Step>],
        number: usize,
    ) -> Option<Vec<(Option<EdgeKind>, usize)>> {
        let mut walked = vec![(None, number)];
        let mut here = number;
        loop {
            match (*search.get(here)?)? {
                Step::Begin => return Some(walked),
                Step::By(kind, next) => {
                    walked.push((Some(kind), next));
                    here = next;
                }
            }
        }
    }

    /// A walk from its begin on: each edge belongs to the node behind it.
    fn named(&self, walked: &[(Option<EdgeKind>, usize)]) -> Option<(Node, Vec<(EdgeKind, Node)>)> {
        let ((_, first), rest) = walked.split_first()?;
        let from = self.nodes.get(*first)?.clone();
        let mut steps = Vec::new();
        for ((kind, _), (_, at)) in walked.iter().zip(rest) {
            steps.push(((*kind)?, self.nodes.get(*at)?.clone()));
        }
        Some((from, steps))
    }

    fn number(&mut self, node: &Node) -> usize {
        if let Some(number) = self.numbers.get(node) {
            return *number;
        }
        let number = self.nodes.len();
        self.nodes.push(node.clone());
        self.numbers.insert(node.clone(), number);
        number
    }
}

fn search(begins: &[usize], neighbours: &Neighbours, size: usize) -> Vec<Option<Step>> {
    let mut found: Vec<Option<Step>> = vec![None; size];
    let mut pending = VecDeque::new();
    for begin in begins {
        if let Some(step) = found.get_mut(*begin) {
            *step = Some(Step::Begin);
            pending.push_back(*begin);
        }
    }
    while let Some(here) = pending.pop_front() {
        for (kind, next) in neighbours.get(here).map_or(&[] as &[_], Vec::as_slice) {
            if let Some(step @ None) = found.get_mut(*next) {
                *step = Some(Step::By(*kind, here));
                pending.push_back(*next);
            }
        }
    }
    found
}

/// Whether reading a resource of this kind gives an attacker data.
fn holds_data(kind: &ResourceKind) -> bool {
    matches!(
        kind,
        ResourceKind::Bucket(_)
            | ResourceKind::Table(_)
            | ResourceKind::Queue(_)
            | ResourceKind::Stream(_)
            | ResourceKind::Secret(_)
            | ResourceKind::Database(_)
            | ResourceKind::Cache(_)
            | ResourceKind::FileSystem(_)
            | ResourceKind::UserPool(_)
    )
}
