//! What a finding means in its application: the way from the outside through it to data.

use app_graph::{AppGraph, Index, Node, Paths, Trigger};
use finding::{Finding, Step};

/// Gives each finding the shortest way through its function, else through its role or resource.
pub(crate) fn attach(graph: &AppGraph, findings: &mut [Finding]) {
    if findings.is_empty() {
        return;
    }
    let index = graph.index();
    let paths = graph.paths();
    for finding in findings {
        finding.path = way(&index, &paths, finding).unwrap_or_default();
    }
}

fn way(index: &Index<'_>, paths: &Paths, finding: &Finding) -> Option<Vec<Step>> {
    let path = finding.subjects().find_map(|subject| paths.through(&subject.id))?;
    Some(path.nodes().map(|node| step(index, node)).collect())
}

fn step(index: &Index<'_>, node: &Node) -> Step {
    let Node::Entity(id) = node else {
        return Step {
            id: None,
            name: "internet".to_owned(),
            kind: "anyone".to_owned(),
            span: None,
        };
    };
    let (name, kind) = match (index.trigger(id), index.resource(id), index.function(id)) {
        (Some(trigger), _, _) => (trigger_name(trigger), trigger.kind.as_str()),
        (_, Some(resource), _) => (resource.entity.name.clone(), resource.kind.as_str()),
        (_, _, Some(function)) => (function.entity.name.clone(), "function"),
        _ => {
            let identity = index.identity(id);
            let name = identity.map_or(id.to_string(), |identity| identity.entity.name.clone());
            (name, identity.map_or("role", |identity| identity.kind.as_str()))
        }
    };
    let span = index.entity(id).map(|entity| entity.said);
    Step { id: Some(id.clone()), name, kind: kind.to_owned(), span }
}

fn trigger_name(trigger: &Trigger) -> String {
    match &trigger.route {
        Some(route) => format!("{} {}", route.method, route.path).trim().to_owned(),
        None => trigger.kind.as_str().to_owned(),
    }
}
