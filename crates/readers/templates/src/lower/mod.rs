//! Declarations in provider schemas, lowered to the application graph.

use app_graph::AppGraph;
use text::Problem;

use crate::declaration::Declared;

/// Lowers one application's declarations to its graph, with the problems met on the way.
pub fn lower(declared: &Declared) -> (AppGraph, Vec<Problem>) {
    let graph = AppGraph::new(&declared.name, &declared.root, declared.framework);
    (graph, Vec::new())
}
