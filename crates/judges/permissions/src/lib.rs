//! Rules on what identities may do, beyond what each of their policies says by itself.
//!
//! Job: judge what the policies of an application's identities allow, against what its functions
//! need and against each other. Input: [`app_graph::AppGraph`] and [`Facts`]: the functions'
//! profiles. Output: findings and unknowns in a [`finding::Sink`], and each function's [`Account`].
//! It must never know a template format or read code, and a rule must never call another.

mod account;
mod blast_radius;
mod escalation;
mod facts;
mod granted;
mod observed;
mod packages;
mod rules;

use app_graph::AppGraph;
use finding::{Rule, Sink};

pub use account::{Account, Excess, ExcessKind, GrantedPair, Missing};
pub use blast_radius::{BlastRadius, blast_radii};
pub use facts::Facts;
pub use observed::Observed;
pub use rules::{Check, RULES};

/// Judges a graph by every rule for which `selected` answers yes.
pub fn judge(
    graph: &AppGraph,
    facts: &Facts<'_>,
    selected: &dyn Fn(&Rule) -> bool,
    sink: &mut Sink,
) {
    for check in RULES.iter().filter(|check| selected(check.rule)) {
        (check.check)(graph, facts, sink);
    }
}
