//! The application graph as SVG, DOT, Mermaid and JSON.

use scan::Scan;

/// The graph as SVG.
pub fn svg(_scan: &Scan) -> String {
    String::new()
}

/// The graph for Graphviz.
pub fn dot(_scan: &Scan) -> String {
    String::new()
}

/// The graph for Mermaid.
pub fn mermaid(_scan: &Scan) -> String {
    String::new()
}

/// The graph as nodes and edges.
pub fn json(_scan: &Scan) -> Result<String, serde_json::Error> {
    Ok(String::new())
}
