//! What a finding means in its application: the way from the outside through it to data.

use app_graph::{AppGraph, Index, Node, Path, Paths, RouteAuth, Trigger};
use finding::{Finding, Step};
use text::EntityId;

/// Gives each finding the shortest way through the trigger that it speaks of, else through its
/// function, its role or its resource.
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
    let path = match &finding.through {
        Some(trigger) => paths.through(trigger),
        None => finding.subjects().find_map(|subject| paths.through(&subject.id)),
    }?;
    let step = |node: &Node| match node {
        Node::Entity(id) => step(index, id),
        Node::Internet => caller(index, &path),
    };
    Some(path.nodes().map(step).collect())
}

/// Who comes from the internet, by what the first trigger on the way asks for.
fn caller(index: &Index<'_>, path: &Path) -> Step {
    let trigger = path.nodes().find_map(|node| match node {
        Node::Entity(id) => index.trigger(id),
        Node::Internet => None,
    });
    let (name, kind) = match trigger.and_then(|trigger| index.asked(trigger)) {
        Some(RouteAuth::ApiKey) => ("internet (API key)", "holder of the API key"),
        Some(RouteAuth::Token) => ("internet (signed in)", "signed-in caller"),
        Some(RouteAuth::Function(_)) => {
            ("internet (checked by a function)", "caller that a function lets by")
        }
        _ => ("internet", "anyone"),
    };
    Step { id: None, name: name.to_owned(), kind: kind.to_owned(), span: None }
}

fn step(index: &Index<'_>, id: &EntityId) -> Step {
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
