//! What an intruder in a function comes to.

use app_graph::{AppGraph, Arns};
use permissions::{BlastRadius, blast_radii};
use scan::Scan;
use schemars::JsonSchema;
use serde::Serialize;
use text::EntityId;

use crate::excerpt::visible;

/// Names in a line for people.
const NAMES: usize = 6;

/// Functions and resources that a function comes to, by what it may act on and what that sets off.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BlastRadiusRow {
    /// With the roles as they are; null where the function's is not in the templates.
    pub granted: Option<Vec<ReachedRow>>,
    /// With the least role for every function whose code was read; null where this one's was not.
    pub needed: Option<Vec<ReachedRow>>,
}

/// A function or resource that is come to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReachedRow {
    /// Its id in the graph.
    pub id: String,
    /// `function`, `table`, `bucket`, …
    pub kind: &'static str,
    /// What the template calls it.
    pub name: String,
}

/// Of every function, in the order of [`Scan::functions`].
pub(super) fn all(scan: &Scan) -> impl Iterator<Item = BlastRadius> {
    scan.applications.iter().zip(&scan.access).flat_map(|(graph, access)| {
        let functions = access.iter().map(|access| (&access.profile, &access.account));
        blast_radii(graph, &Arns::new(graph), &functions.collect::<Vec<_>>())
    })
}

pub(super) fn row(graph: &AppGraph, radius: &BlastRadius) -> BlastRadiusRow {
    let rows = |ids: &Vec<EntityId>| ids.iter().filter_map(|id| reached(graph, id)).collect();
    BlastRadiusRow {
        granted: radius.granted.as_ref().map(rows),
        needed: radius.needed.as_ref().map(rows),
    }
}

fn reached(graph: &AppGraph, id: &EntityId) -> Option<ReachedRow> {
    let kind = match graph.resource(id) {
        Some(resource) => resource.kind.as_str(),
        None => "function",
    };
    Some(ReachedRow { id: id.to_string(), kind, name: graph.entity(id)?.name.clone() })
}

/// One line for people.
pub(super) fn line(graph: &AppGraph, radius: &BlastRadius) -> String {
    let reaches = match &radius.granted {
        Some(granted) => format!("{} things", granted.len()),
        None => "what its role allows, which is not in the templates".to_owned(),
    };
    let Some(needed) = &radius.needed else { return reaches };
    let names = needed.iter().take(NAMES).filter_map(|id| graph.entity(id));
    let mut names: Vec<String> = names.map(|entity| visible(&entity.name)).collect();
    if needed.len() > NAMES {
        names.push(format!("{} more", needed.len() - NAMES));
    }
    match names.is_empty() {
        true => format!("{reaches}, needs none"),
        false => format!("{reaches}, needs {}: {}", needed.len(), names.join(", ")),
    }
}
