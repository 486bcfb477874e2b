//! Rules on how an application is set up.
//!
//! Job: judge an application graph. Input: [`app_graph::AppGraph`] and today's date. Output:
//! findings and unknowns in a [`finding::Sink`].
//! It must never know a template format, and a rule must never call another.

mod access;
mod conditions;
mod edit;
mod encryption;
mod exposure;
mod guests;
mod helpers;
mod holders;
mod loops;
mod managed_policies;
mod openness;
mod patience;
mod principals;
mod reach;
mod rules;
pub mod runtimes;
mod secrets;
mod weight;
mod work;

pub use rules::{Check, RULES};

/// What rules may ask beside the graph.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Today, as year, month and day.
    pub today: (i16, u8, u8),
}

/// Judges a graph by every rule for which `selected` answers yes.
pub fn judge(
    graph: &app_graph::AppGraph,
    facts: &Facts,
    selected: &dyn Fn(&finding::Rule) -> bool,
    sink: &mut finding::Sink,
) {
    for check in RULES.iter().filter(|check| selected(check.rule)) {
        (check.check)(graph, facts, sink);
    }
    helpers::forget(graph, sink);
}
