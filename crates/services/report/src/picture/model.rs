use std::collections::{BTreeMap, BTreeSet};

use app_graph::{AppGraph, EdgeKind, ResourceKind, Trigger};
use finding::Severity;
use scan::Scan;
use text::EntityId;

/// Nodes in one column from which on it is collapsed.
const CROWDED: usize = 40;

/// Name of the node for functions without one of their own.
const OTHERS: &str = "other functions";

/// The columns of the picture, from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// Anyone.
    Internet,
    /// What invokes functions.
    Trigger,
    /// Functions.
    Function,
    /// Whom they run as.
    Role,
    /// What those may touch.
    Resource,
}

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Every node.
    Everything,
    /// Crowded columns show one node for all of a kind.
    Collapsed,
}

/// One application, ready to be laid out.
#[derive(Debug)]
pub struct Picture {
    /// The application's name and framework.
    pub title: String,
    /// The nodes; edges name them by position.
    pub nodes: Vec<Node>,
    /// The edges, each from an earlier column to a later one.
    pub edges: Vec<Line>,
}

/// A node of the picture.
#[derive(Debug)]
pub struct Node {
    /// Where it stands.
    pub column: Column,
    /// What the user calls it.
    pub name: String,
    /// What it is, in a word or two.
    pub kind: String,
    /// The entities it stands for.
    pub entities: Vec<EntityId>,
    /// The worst open finding on them.
    pub worst: Option<Severity>,
}

/// An edge of the picture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Position of the node it begins at.
    pub from: usize,
    /// Position of the node it ends at.
    pub to: usize,
    /// What it says.
    pub words: &'static str,
}

/// The picture of one application: all that stands on a path through a function.
pub fn picture(scan: &Scan, application: usize, detail: Detail) -> Picture {
    let Some(graph) = scan.applications.get(application) else {
        return Picture { title: String::new(), nodes: Vec::new(), edges: Vec::new() };
    };
    let mut builder = Builder {
        worst: worst_by_entity(scan, application),
        nodes: Vec::new(),
        by_entity: BTreeMap::new(),
        by_name: BTreeMap::new(),
    };
    let edges = graph.edges();
    let touched: BTreeSet<&EntityId> = edges.iter().filter_map(|edge| entity(&edge.to)).collect();
    let collapses = |count: usize| detail == Detail::Collapsed && count > CROWDED;
    if edges.iter().any(|edge| edge.kind == EdgeKind::Reaches) {
        builder.add(Column::Internet, "internet", "anyone", None);
    }
    let shown = shown_functions(graph, &builder.worst, collapses(graph.functions.len()));
    let collapse = collapses(graph.triggers.len());
    for trigger in &graph.triggers {
        let (name, kind) = trigger_words(graph, trigger, collapse, &shown);
        builder.add(Column::Trigger, &name, &kind, Some(&trigger.entity.id));
    }
    for function in &graph.functions {
        let id = &function.entity.id;
        if shown.contains(id) {
            builder.add(Column::Function, &function.entity.name, "function", Some(id));
        } else {
            builder.add(Column::Function, OTHERS, "without worse findings", Some(id));
        }
    }
    let roles: Vec<_> =
        graph.identities.iter().filter(|identity| touched.contains(&identity.entity.id)).collect();
    let collapse = collapses(roles.len());
    for identity in roles {
        let name = if collapse { "all roles" } else { &identity.entity.name };
        builder.add(Column::Role, name, identity.kind.as_str(), Some(&identity.entity.id));
    }
    let resources: Vec<_> =
        graph.resources.iter().filter(|resource| touched.contains(&resource.entity.id)).collect();
    let collapse = collapses(resources.len());
    for resource in resources {
        let kind = resource.kind.as_str();
        let name =
            if collapse { format!("all of kind {kind}") } else { resource.entity.name.clone() };
        builder.add(Column::Resource, &name, kind, Some(&resource.entity.id));
    }
    let mut lines = BTreeSet::new();
    for edge in &edges {
        // A resource that feeds a trigger is named in the trigger's node.
        if edge.kind == EdgeKind::Feeds {
            continue;
        }
        if let (Some(from), Some(to)) = (builder.position(&edge.from), builder.position(&edge.to)) {
            let words = crate::json::edge_words(edge.kind);
            let columns = (builder.nodes.get(from), builder.nodes.get(to));
            if matches!(columns, (Some(from), Some(to)) if from.column < to.column) {
                lines.insert(Line { from, to, words });
            }
        }
    }
    let title = format!("{} ({}, {})", graph.name, graph.framework.as_str(), graph.root);
    Picture { title, nodes: builder.nodes, edges: lines.into_iter().collect() }
}

fn entity(node: &app_graph::Node) -> Option<&EntityId> {
    match node {
        app_graph::Node::Internet => None,
        app_graph::Node::Entity(id) => Some(id),
    }
}

fn worst_by_entity(scan: &Scan, application: usize) -> BTreeMap<EntityId, Severity> {
    let mut worst: BTreeMap<EntityId, Severity> = BTreeMap::new();
    for judged in scan.open().filter(|judged| judged.application == application) {
        for subject in judged.finding.subjects() {
            let known = worst.entry(subject.id.clone()).or_insert(judged.finding.severity);
            *known = (*known).max(judged.finding.severity);
        }
    }
    worst
}

/// The functions that get a node of their own: all, or those with the worst findings.
fn shown_functions<'a>(
    graph: &'a AppGraph,
    worst: &BTreeMap<EntityId, Severity>,
    collapse: bool,
) -> BTreeSet<&'a EntityId> {
    let mut functions: Vec<&EntityId> =
        graph.functions.iter().map(|function| &function.entity.id).collect();
    if collapse {
        functions.sort_by_key(|id| std::cmp::Reverse(worst.get(*id)));
        functions.truncate(CROWDED / 2);
    }
    functions.into_iter().collect()
}

fn trigger_words(
    graph: &AppGraph,
    trigger: &Trigger,
    collapse: bool,
    shown: &BTreeSet<&EntityId>,
) -> (String, String) {
    let kind = trigger.kind.as_str().to_owned();
    if collapse {
        let target = match &trigger.function {
            Some(id) if !shown.contains(id) => OTHERS,
            Some(id) => graph.function(id).map_or(OTHERS, |function| &function.entity.name),
            None => "elsewhere",
        };
        return (format!("all to {target}"), kind);
    }
    if let Some(route) = &trigger.route {
        return (format!("{} {}", route.method, route.path).trim().to_owned(), kind);
    }
    let source = trigger.source_entity.as_ref().and_then(|id| graph.resource(id));
    match source {
        Some(source) if !matches!(source.kind, ResourceKind::Other) => {
            (source.entity.name.clone(), kind)
        }
        _ => (trigger.entity.name.clone(), kind),
    }
}

struct Builder {
    worst: BTreeMap<EntityId, Severity>,
    nodes: Vec<Node>,
    by_entity: BTreeMap<EntityId, usize>,
    by_name: BTreeMap<(Column, String, String), usize>,
}

impl Builder {
    /// Adds an entity to the node of that name and kind, or makes one. Entities of the same name
    /// and kind share a node only when they are collapsed; otherwise names are told apart by id.
    fn add(&mut self, column: Column, name: &str, kind: &str, id: Option<&EntityId>) {
        let collapsed = name.starts_with("all ") || name.starts_with("other ");
        let key = match id {
            Some(id) if !collapsed => (column, id.to_string(), kind.to_owned()),
            _ => (column, name.to_owned(), kind.to_owned()),
        };
        let position = *self.by_name.entry(key).or_insert(self.nodes.len());
        if position == self.nodes.len() {
            let (name, kind) = (name.to_owned(), kind.to_owned());
            self.nodes.push(Node { column, name, kind, entities: Vec::new(), worst: None });
        }
        if let (Some(id), Some(node)) = (id, self.nodes.get_mut(position)) {
            node.entities.push(id.clone());
            node.worst = node.worst.max(self.worst.get(id).copied());
            self.by_entity.insert(id.clone(), position);
        }
    }

    fn position(&self, node: &app_graph::Node) -> Option<usize> {
        match node {
            app_graph::Node::Internet => {
                self.nodes.iter().position(|node| node.column == Column::Internet)
            }
            app_graph::Node::Entity(id) => self.by_entity.get(id).copied(),
        }
    }
}
