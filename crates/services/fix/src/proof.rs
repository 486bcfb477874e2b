//! What is proven of a function's role before and after it is written.

use std::collections::BTreeSet;

use app_graph::Function;
use iam::Policy;
use iam::containment::{Counterexample, within};
use profile::Role;
use text::{EntityId, PartialText};

use crate::access::{Access, Speech};

/// Whether a function has the least role already; an error says why it is not narrowed.
pub(crate) fn is_least(
    speech: &Speech<'_>,
    function: &Function,
    access: &Access,
    role: &Role,
) -> Result<bool, String> {
    let identities = speech.graph.identities_of(function);
    if identities.is_empty() {
        // Whoever makes the edits says why there is nothing to compare.
        return Ok(false);
    }
    let wanted = speech.role(role);
    let platform: Vec<&Policy> = access.platform.iter().collect();
    let is_shared = identities.iter().any(|identity| {
        let users = speech.graph.functions.iter().filter(|other| {
            let own = speech.graph.identities_of(other);
            own.iter().any(|own| own.entity.id == identity.entity.id)
        });
        users.count() > 1
    });
    let mut least = vec![&wanted];
    least.extend(&platform);
    let is_least = access.unread.is_empty() && within(&access.all(), &least).is_ok();
    is_granted(access, &wanted, role)?;
    Ok(is_least && (!is_shared || access.policies.is_empty()))
}

/// The role without what the managed policies that stay allow anyway.
pub(crate) fn needed(speech: &Speech<'_>, access: &Access, role: &Role) -> Role {
    let stays: Vec<&Policy> = access.basics.iter().collect();
    let is_left = |grant: &&profile::Grant| {
        let alone = speech.role(&Role { grants: vec![(*grant).clone()] });
        within(&[&alone], &stays).is_err()
    };
    Role { grants: role.grants.iter().filter(is_left).cloned().collect() }
}

/// That everything a role allows is allowed today; an error names what is not.
fn is_granted(access: &Access, wanted: &Policy, role: &Role) -> Result<(), String> {
    let certain = access.certain();
    let certain: Vec<&Policy> = certain.iter().collect();
    let Err(found) = within(&[wanted], &certain) else { return Ok(()) };
    if let Some(unread) = access.unread.first() {
        return Err(format!("what `{unread}` allows is not known: it cannot be compared"));
    }
    if let Some(why) = &access.unknown {
        return Err(format!("a part of its policies is not known: {why}"));
    }
    let open = role.grants.iter().filter(|grant| grant.actions.contains(&found.action));
    let mut open = open.flat_map(|grant| &grant.resources).filter_map(PartialText::unknown_reason);
    if let Some(why) = open.next() {
        return Err(format!(
            "it calls `{}` on more than it is granted, or on what is not known: {why}",
            found.action
        ));
    }
    Err(match &found.doubt {
        Some(doubt) => format!("its policies cannot be compared: {}", doubt.why),
        None => format!("it needs {}, which it is not granted today", shown(&found)),
    })
}

fn shown(found: &Counterexample) -> String {
    format!("`{}` on `{}`", found.action, found.resource)
}

/// That a function may do no more than before, and all that its role says.
pub(crate) fn proven(
    before: &Speech<'_>,
    after: &Speech<'_>,
    function: &EntityId,
    role: &Role,
) -> Result<(), String> {
    let own = |speech: &Speech<'_>| speech.graph.function(function).map(|own| speech.access(own));
    let (Some(old), Some(new)) = (own(before), own(after)) else {
        return Err("the new text has lost the function".to_owned());
    };
    if let Some(unread) = new.unread.first() {
        return Err(format!("`{unread}` would stay attached"));
    }
    if let Some(why) = &new.unknown {
        return Err(format!("a part of the new policies is not known: {why}"));
    }
    let wanted = after.role(role);
    within(&[&wanted], &new.certain().iter().collect::<Vec<_>>())
        .map_err(|found| format!("the new role would lack {}", shown(&found)))?;
    // What the framework adds to every role of its own is no more than a function needs to run.
    let written: Vec<&Policy> = new.policies.iter().collect();
    let certain = old.certain();
    within(&written, &certain.iter().collect::<Vec<_>>())
        .map_err(|found| format!("the new role would add {}", shown(&found)))
}

/// A function that is not among those to be changed and whose permissions changed.
pub(crate) fn disturbed(
    before: &Speech<'_>,
    after: &Speech<'_>,
    changed: &BTreeSet<&EntityId>,
) -> Option<EntityId> {
    let others = before.graph.functions.iter().filter(|own| !changed.contains(&own.entity.id));
    let mut disturbed = others.filter(|function| {
        let Some(new) = after.graph.function(&function.entity.id) else { return true };
        said(&before.access(function)) != said(&after.access(new))
    });
    disturbed.next().map(|function| function.entity.id.clone())
}

/// Policies as text, without their places.
fn said(access: &Access) -> Vec<String> {
    let mut said: Vec<String> = access.unread.clone();
    for statement in access.all().into_iter().flat_map(|policy| &policy.statements) {
        let texts = |patterns: &iam::Patterns| {
            patterns.patterns.iter().map(|said| said.value.to_string()).collect::<Vec<_>>()
        };
        said.push(format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            statement.effect,
            statement.when,
            statement.actions.listing,
            texts(&statement.actions),
            statement.resources.listing,
            texts(&statement.resources),
            statement
                .conditions
                .iter()
                .map(|own| (
                    &own.operator,
                    &own.key,
                    own.values.iter().map(|said| said.value.to_string()).collect::<Vec<_>>()
                ))
                .collect::<Vec<_>>(),
        ));
    }
    said
}
