use std::collections::{BTreeMap, BTreeSet};

use app_graph::Arns;
use text::PartialText;

use crate::{Basis, Evidence, Grant, GrantCondition, Need, Profile, Role};

/// The least role that lets a function do what its profile says: actions on the same resources
/// together, in the order of their names.
///
/// Every grant names an action with resources of a type that the action takes, as
/// [`iam::api::needs`] pairs them; ARNs refer to the graph's entities where they can.
pub fn least_role(arns: &Arns<'_>, profile: &Profile) -> Role {
    let mut by_resource: BTreeMap<(PartialText, Vec<GrantCondition>), Vec<&Need>> = BTreeMap::new();
    for need in &profile.needs {
        let key = (arns.referring(&need.resource), conditions(need));
        by_resource.entry(key).or_default().push(need);
    }
    // Resources on which the same actions are needed share a statement.
    let mut by_actions: BTreeMap<(Vec<String>, Vec<GrantCondition>), Grant> = BTreeMap::new();
    for ((resource, conditions), needs) in by_resource {
        let actions: BTreeSet<String> = needs.iter().map(|need| need.action.clone()).collect();
        let actions: Vec<String> = actions.into_iter().collect();
        let grant = by_actions
            .entry((actions.clone(), conditions.clone()))
            .or_insert_with(|| Grant { actions, conditions, ..Grant::default() });
        grant.resources.push(resource);
        grant.why.extend(needs.iter().flat_map(|need| &need.evidence).map(basis));
    }
    let mut grants: Vec<Grant> = by_actions.into_values().collect();
    for grant in &mut grants {
        grant.resources.sort();
        grant.why.sort();
        grant.why.dedup();
    }
    Role { grants }
}

/// What a need can be tied to beside its resource: a role is passed to one service.
fn conditions(need: &Need) -> Vec<GrantCondition> {
    let services = need.passed_to.iter().map(|service| PartialText::known(service.as_str()));
    let services: Vec<PartialText> = services.collect();
    if services.is_empty() {
        return Vec::new();
    }
    vec![GrantCondition {
        operator: "StringEquals".to_owned(),
        key: "iam:PassedToService".to_owned(),
        values: services,
    }]
}

fn basis(evidence: &Evidence) -> Basis {
    match evidence {
        Evidence::Code { span, operation, .. } => Basis { span: *span, note: operation.clone() },
        Evidence::Template { span, why } => Basis { span: *span, note: (*why).to_owned() },
        Evidence::Observed { span, count, last, .. } => {
            Basis { span: *span, note: format!("observed {count} times, last {last}") }
        }
    }
}
