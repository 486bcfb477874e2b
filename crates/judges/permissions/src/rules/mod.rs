//! One file a rule; each registered here once.

use app_graph::AppGraph;
use finding::{Rule, Sink};

use crate::Facts;

mod excess_permission;
mod missing_permission;
mod privilege_escalation;
mod unresolved_call;
mod unused_role;

/// A rule and its judgement.
pub struct Check {
    /// What it is.
    pub rule: &'static Rule,
    /// Judges a graph.
    pub check: fn(&AppGraph, &Facts<'_>, &mut Sink),
}

/// Every rule, by family and then by id.
pub const RULES: &[Check] = &[
    // identity
    excess_permission::CHECK,
    missing_permission::CHECK,
    privilege_escalation::CHECK,
    unresolved_call::CHECK,
    unused_role::CHECK,
];
