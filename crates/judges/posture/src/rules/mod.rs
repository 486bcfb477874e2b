//! One file a rule; each registered here once.

use app_graph::AppGraph;
use finding::{Rule, Sink};

use crate::Facts;

mod default_timeout;

/// A rule and its judgement.
pub struct Check {
    /// What it is.
    pub rule: &'static Rule,
    /// Judges a graph.
    pub check: fn(&AppGraph, &Facts, &mut Sink),
}

/// Every rule, by family and then by id.
pub const RULES: &[Check] = &[
    // function
    default_timeout::CHECK,
];
