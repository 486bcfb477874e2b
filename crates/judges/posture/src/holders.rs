//! Identities with their policies and the functions that run as them.

use std::collections::HashMap;

use app_graph::{AppGraph, Attached, AttachedOrigin, Function, Identity, IdentityKind};
use finding::Finding;
use iam::{Effect, Listing, Statement};
use text::{EntityId, PartialText, Unknown};

use crate::exposure;
use crate::openness::covers;

/// An identity and the functions that run as it.
pub(crate) struct Holder<'graph> {
    pub(crate) identity: &'graph Identity,
    pub(crate) functions: Vec<&'graph Function>,
}

/// Every identity of the graph, with the functions that run as it.
pub(crate) fn holders(graph: &AppGraph) -> Vec<Holder<'_>> {
    let mut users: HashMap<&EntityId, Vec<&Function>> = HashMap::new();
    for function in &graph.functions {
        for said in function.role.known_values() {
            let Some(reference) = said.value.sole_reference() else { continue };
            let functions = users.entry(&reference.entity).or_default();
            if !functions.iter().any(|other| other.entity.id == function.entity.id) {
                functions.push(function);
            }
        }
    }
    let of = |identity: &Identity| users.get(&identity.entity.id).cloned().unwrap_or_default();
    graph.identities.iter().map(|identity| Holder { identity, functions: of(identity) }).collect()
}

impl<'graph> Holder<'graph> {
    /// The statements that allow something, of policies that the author wrote.
    pub(crate) fn written_grants(
        &self,
    ) -> impl Iterator<Item = (&'graph Attached, &'graph Statement)> + use<'graph> {
        self.identity
            .attached
            .iter()
            .filter(|attached| attached.origin == AttachedOrigin::Written)
            .flat_map(|attached| {
                attached.policy.statements.iter().map(move |statement| (attached, statement))
            })
            .filter(|(_, statement)| statement.effect == Effect::Allow)
    }

    /// What the user calls the one who holds the permissions.
    pub(crate) fn name(&self) -> &str {
        let name = &self.identity.entity.name;
        match (self.identity.kind, self.functions.as_slice()) {
            (IdentityKind::GeneratedRole, [only]) => &only.entity.name,
            // A state machine's, named after it.
            (IdentityKind::GeneratedRole, []) => name.strip_suffix("Role").unwrap_or(name),
            _ => name,
        }
    }

    /// Whether the identity is denied an action on every resource, whatever else allows it.
    pub(crate) fn denies(&self, action: &str) -> bool {
        let policies = self.identity.attached.iter().map(|attached| &attached.policy);
        let mut statements = policies.flat_map(|policy| &policy.statements);
        statements.any(|statement| {
            statement.effect == Effect::Deny
                && statement.when.is_none()
                && statement.conditions.is_empty()
                && statement.actions.listing == Listing::Only
                && statement.actions.literals().any(|(pattern, _)| covers(pattern, action))
                && statement.resources.listing == Listing::Only
                && statement.resources.literals().any(|(pattern, _)| pattern == "*")
        })
    }

    /// Names the subjects and the conditions of a finding on this identity.
    pub(crate) fn concern(&self, finding: Finding) -> Finding {
        let entity = &self.identity.entity;
        let finding = match self.identity.kind {
            IdentityKind::Policy => finding.resource(entity),
            _ => finding.role(entity),
        };
        let finding = finding.when(entity.condition.as_deref());
        match self.functions.as_slice() {
            [only] => finding.function(&only.entity),
            _ => finding,
        }
    }

    /// Names the subjects and the conditions of a finding on one of its statements.
    pub(crate) fn concern_statement(
        &self,
        attached: &Attached,
        statement: &Statement,
        finding: Finding,
    ) -> Finding {
        let finding = self.concern(finding).when(statement.when.as_deref());
        match &attached.declared_by {
            Some(entity) => finding.resource(entity).when(entity.condition.as_deref()),
            None => finding,
        }
    }

    /// Whether a stranger can make one of the functions run with these permissions.
    pub(crate) fn is_open_to_strangers(&self, graph: &AppGraph) -> bool {
        self.functions.iter().any(|function| exposure::is_open_to_strangers(graph, function))
    }
}

/// Why a text cannot be judged at all: none of it is known.
pub(crate) fn wholly_unknown(said: &text::Said<PartialText>) -> Option<Unknown> {
    match said.value.parts() {
        [text::Part::Unknown(why)] => Some(Unknown::new(why, said.span)),
        _ => None,
    }
}
