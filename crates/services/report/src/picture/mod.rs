//! The application graph as SVG, DOT, Mermaid and JSON.

mod layout;
mod model;
mod svg;

use std::fmt::Write;

use scan::Scan;

pub use model::{Column, Detail, Node, Picture, picture};
pub use svg::{Style, draw};

/// The graph of all applications as one SVG document, one below the other.
pub fn svg(scan: &Scan) -> String {
    let pictures: Vec<Picture> = (0..scan.applications.len())
        .map(|application| picture(scan, application, Detail::Collapsed))
        .collect();
    draw(&pictures, Style::Document)
}

/// The graph for Graphviz.
pub fn dot(scan: &Scan) -> String {
    let mut out = String::from("digraph casemate {\n  rankdir=LR;\n  node [shape=box];\n");
    for application in 0..scan.applications.len() {
        let picture = picture(scan, application, Detail::Everything);
        let _ = writeln!(out, "  subgraph \"cluster_{application}\" {{");
        let _ = writeln!(out, "    label={};", quoted(&picture.title));
        for (index, node) in picture.nodes.iter().enumerate() {
            let label = quoted(&format!("{}\n{}", node.name, node.kind));
            let _ = writeln!(out, "    n{application}_{index} [label={label}];");
        }
        for edge in &picture.edges {
            let _ = writeln!(
                out,
                "    n{application}_{} -> n{application}_{} [label={}];",
                edge.from,
                edge.to,
                quoted(edge.words)
            );
        }
        out.push_str("  }\n");
    }
    out.push_str("}\n");
    out
}

/// The graph for Mermaid.
pub fn mermaid(scan: &Scan) -> String {
    let mut out = String::from("flowchart LR\n");
    for application in 0..scan.applications.len() {
        let picture = picture(scan, application, Detail::Everything);
        let title = mermaid_text(&picture.title);
        let _ = writeln!(out, "  subgraph a{application}[\"{title}\"]");
        for (index, node) in picture.nodes.iter().enumerate() {
            let text = mermaid_text(&format!("{} ({})", node.name, node.kind));
            let _ = writeln!(out, "    n{application}_{index}[\"{text}\"]");
        }
        for edge in &picture.edges {
            let (from, to) = (edge.from, edge.to);
            let words = edge.words;
            let _ = writeln!(out, "    n{application}_{from} -->|{words}| n{application}_{to}");
        }
        out.push_str("  end\n");
    }
    out
}

/// The applications with their nodes and edges as JSON, in the shapes of the JSON report.
pub fn json(scan: &Scan) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&crate::json::report(scan).applications)? + "\n")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// Mermaid's entity codes for what would end a quoted label.
fn mermaid_text(text: &str) -> String {
    text.replace('#', "#35;").replace('"', "#quot;").replace('<', "#lt;").replace('>', "#gt;")
}
