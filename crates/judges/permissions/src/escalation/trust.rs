//! Whom roles let in.

use app_graph::{AppGraph, Arns, Identity};
use iam::pattern::comparable;
use iam::{Effect, Principal, PrincipalKind, Principals, Statement};

use profile::Need;

use super::holders::World;
use super::names::{ACCOUNT, is_action};

/// How a role lets in an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// By its account: a policy of the identity has to allow it too.
    Account,
    /// By its own ARN.
    Itself,
}

/// Whether a service of the platform may assume a role.
pub(crate) fn trusts_service(role: &Identity, service: &str) -> bool {
    let is_service = |principal: &Principal| {
        principal.is_everyone()
            || principal.kind == PrincipalKind::Service
                && principal.value.value.with_holes("amazonaws.com") == service
    };
    entries(role).any(|(_, principal)| is_service(principal))
}

/// How a role lets in an identity, and the statement that says so.
pub(crate) fn trusts<'g>(
    world: &World<'g>,
    role: &'g Identity,
    identity: &Identity,
) -> Option<(Trust, &'g Statement)> {
    let own = world.names.arns(&identity.entity.id);
    let mut found = None;
    for (statement, principal) in entries(role) {
        if principal.is_everyone() {
            found = found.or(Some((Trust::Account, statement)));
        }
        if principal.kind != PrincipalKind::Aws {
            continue;
        }
        let text = world.names.spelled(&principal.value.value, None).text;
        if own.contains(&text) {
            return Some((Trust::Itself, statement));
        }
        let is_number = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number
            || text == ACCOUNT.to_string()
            || text == format!("arn:aws:iam::{ACCOUNT}:root")
        {
            found = found.or(Some((Trust::Account, statement)));
        }
    }
    found
}

/// Whether a need is to assume a role of the graph that lets in the identity by its own ARN: within
/// an account no policy of the identity has to allow that too.
///
/// Source: AWS Identity and Access Management user guide, "Policy evaluation logic".
pub(crate) fn is_trusted(
    graph: &AppGraph,
    arns: &Arns<'_>,
    identity: &Identity,
    need: &Need,
) -> bool {
    if need.action != "sts:AssumeRole" {
        return false;
    }
    let Some((role, _)) = arns.entity_of(&need.resource) else { return false };
    let role = graph.identities.iter().find(|identity| identity.entity.id == role.id);
    let own = arns.of(&identity.entity.id).map(comparable);
    role.into_iter().flat_map(entries).any(|(_, principal)| {
        let named = comparable(&arns.spelled(&principal.value.value));
        principal.kind == PrincipalKind::Aws && Some(named) == own
    })
}

/// Who may assume a role, with the statement that says so.
fn entries(role: &Identity) -> impl Iterator<Item = (&Statement, &Principal)> {
    let statements = role.trust.iter().flat_map(|trust| &trust.statements);
    let allowing = statements.filter(|statement| {
        statement.effect == Effect::Allow
            && statement.actions.literals().any(|(action, _)| is_action(action, "sts:AssumeRole"))
    });
    allowing.flat_map(|statement| {
        let named: &[Principal] = match &statement.principals {
            Principals::Only(principals) => principals,
            Principals::Absent | Principals::AllExcept(_) => &[],
        };
        named.iter().map(move |principal| (statement, principal))
    })
}
