//! A role as policy documents, within the quotas.

use app_graph::{AppGraph, Arns};
use profile::{Grant, Role};
use text::{EntityId, PartialText};

use crate::node::Node;
use crate::spelling::Speller;
use crate::write::{Style, quoted, written};

/// Characters that all inline policies of one role may have together, white space not counted.
///
/// Source: IAM user guide, "IAM and AWS STS quotas".
pub const INLINE_QUOTA: usize = 10_240;

/// Characters that one managed policy may have, white space not counted.
///
/// Source: IAM user guide, "IAM and AWS STS quotas".
pub const MANAGED_QUOTA: usize = 6_144;

/// The version of the policy language that has variables.
const VERSION: &str = "2012-10-17";

/// Grants as a policy document.
pub(crate) fn document(grants: &[Grant]) -> Node {
    Node::map([
        ("Version", Node::known(VERSION)),
        ("Statement", Node::List(grants.iter().map(statement).collect())),
    ])
}

/// A grant as a statement.
pub(crate) fn statement(grant: &Grant) -> Node {
    let mut members = vec![
        ("Effect".to_owned(), Node::known("Allow")),
        ("Action".to_owned(), Node::one_or_list(grant.actions.iter().map(PartialText::known))),
        ("Resource".to_owned(), Node::one_or_list(grant.resources.iter().cloned())),
    ];
    if !grant.conditions.is_empty() {
        members.push(("Condition".to_owned(), conditions(grant)));
    }
    Node::Map(members)
}

/// The conditions of a grant, keys grouped by operator.
fn conditions(grant: &Grant) -> Node {
    let mut operators: Vec<(String, Vec<(String, Node)>)> = Vec::new();
    for condition in &grant.conditions {
        let key = (condition.key.clone(), Node::one_or_list(condition.values.iter().cloned()));
        match operators.iter_mut().find(|(operator, _)| *operator == condition.operator) {
            Some((_, keys)) => keys.push(key),
            None => operators.push((condition.operator.clone(), vec![key])),
        }
    }
    Node::map(operators.into_iter().map(|(operator, keys)| (operator, Node::Map(keys))))
}

/// Characters of a policy document with these grants, as IAM counts them.
pub fn size(graph: &AppGraph, arns: &Arns<'_>, grants: &[Grant]) -> usize {
    let nothing = EntityId::new("");
    let speller =
        Speller { graph, arns, function: &nothing, is_circular: &|_| false, parameters: &[] };
    let document = plain(&document(grants), &speller);
    let written = written(&document, Style::Flow, "", &speller).unwrap_or_default();
    written.chars().filter(|letter| !letter.is_whitespace()).count()
}

/// The tree with every text as IAM's own JSON has it.
pub(crate) fn plain(node: &Node, speller: &Speller<'_>) -> Node {
    match node {
        Node::Text(text) => Node::Kept(quoted(&speller.plain(text))),
        Node::List(items) => Node::List(items.iter().map(|item| plain(item, speller)).collect()),
        Node::Map(members) => {
            let plain = |(key, value): &(String, Node)| (key.clone(), plain(value, speller));
            Node::Map(members.iter().map(plain).collect())
        }
        Node::Kept(kept) => Node::Kept(kept.clone()),
    }
}

/// A role's grants in as many policies as `quota` asks for, in order. A grant that is too long for
/// a policy of its own is cut between its resources, then between its actions.
pub fn split(graph: &AppGraph, arns: &Arns<'_>, role: &Role, quota: usize) -> Vec<Vec<Grant>> {
    let mut policies: Vec<Vec<Grant>> = Vec::new();
    let mut pending: Vec<Grant> = role.grants.iter().rev().cloned().collect();
    while let Some(grant) = pending.pop() {
        if size(graph, arns, std::slice::from_ref(&grant)) > quota
            && let Some((first, second)) = halves(&grant)
        {
            pending.extend([second, first]);
            continue;
        }
        if let Some(policy) = policies.last_mut() {
            policy.push(grant);
            if size(graph, arns, policy) <= quota {
                continue;
            }
            let last = policy.pop();
            policies.extend(last.map(|grant| vec![grant]));
        } else {
            policies.push(vec![grant]);
        }
    }
    policies
}

fn halves(grant: &Grant) -> Option<(Grant, Grant)> {
    let (mut first, mut second) = (grant.clone(), grant.clone());
    if grant.resources.len() > 1 {
        second.resources = first.resources.split_off(grant.resources.len() / 2);
    } else if grant.actions.len() > 1 {
        second.actions = first.actions.split_off(grant.actions.len() / 2);
    } else {
        return None;
    }
    Some((first, second))
}
