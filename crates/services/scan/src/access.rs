use app_graph::{AppGraph, Arns};
use documents::Files;
use permissions::{Account, Facts};
use profile::{Profile, Role};
use text::Problem;

use crate::behaviour;

/// What one function needs, is granted, and should be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionAccess {
    /// What it needs, with evidence.
    pub profile: Profile,
    /// What it needs against what it is granted.
    pub account: Account,
    /// The least role.
    pub role: Role,
}

/// Reads the code of a graph's functions and derives their profiles.
pub(crate) fn facts<'a>(files: &Files, graph: &'a AppGraph) -> (Facts<'a>, Vec<Problem>) {
    let (behaviours, problems) = behaviour::read(files, graph);
    let arns = Arns::new(graph);
    let functions = graph.functions.iter().zip(behaviours);
    let profiles = functions
        .map(|(function, behaviour)| profile::derive(graph, &arns, function, behaviour))
        .collect();
    (Facts { profiles, arns }, problems)
}

/// What each function needs against what it is granted.
pub(crate) fn of_functions(graph: &AppGraph, facts: Facts<'_>) -> Vec<FunctionAccess> {
    let Facts { profiles, arns } = facts;
    let functions = graph.functions.iter().zip(profiles);
    functions
        .map(|(function, profile)| FunctionAccess {
            account: Account::new(graph, &arns, function, &profile),
            role: profile::least_role(&arns, &profile),
            profile,
        })
        .collect()
}
