//! Managed policies of AWS's in the account: each is told once, since it is taken or left as a whole.

use std::collections::{BTreeMap, BTreeSet};

use app_graph::{AttachedOrigin, ManagedPolicy};
use iam::actions::Action;
use profile::Need;
use text::PartialText;

use crate::account::{Excess, GrantedPair, beyond};
use crate::granted::{Grant, Granted};

/// A managed policy with what it allows.
pub(crate) struct Managed<'g> {
    policy: &'g ManagedPolicy,
    name: String,
    grants: Vec<&'g Grant<'g>>,
}

/// The managed policies that an identity is allowed something by.
pub(crate) fn policies<'g>(granted: &'g Granted<'g>) -> Vec<Managed<'g>> {
    let mut found: Vec<Managed<'g>> = Vec::new();
    for grant in &granted.allowed {
        let Some(policy) = grant.managed else { continue };
        match found.last_mut() {
            Some(last) if std::ptr::eq(last.policy, policy) => last.grants.push(grant),
            _ => {
                let name = policy.name().unwrap_or_default();
                found.push(Managed { policy, name, grants: vec![grant] });
            }
        }
    }
    found
}

impl Managed<'_> {
    /// Its name on each of its resource patterns.
    pub(crate) fn granted(&self) -> Vec<GrantedPair> {
        let pair = |resource| GrantedPair {
            action: self.name.clone(),
            resource,
            span: self.policy.arn.span,
        };
        self.resources().into_iter().map(pair).collect()
    }

    /// What it grants beyond the needs.
    pub(crate) fn excess(&self, needs: &[&Need]) -> Option<Excess> {
        // What a framework adds by itself is not its author's to narrow.
        if self.policy.origin == AttachedOrigin::Generated {
            return None;
        }
        let covers = |need: &&&Need| self.grants.iter().any(|grant| grant.may_cover(need));
        let called: BTreeSet<&str> =
            needs.iter().filter(covers).map(|need| need.action.as_str()).collect();
        let all: BTreeMap<String, Action> =
            self.grants.iter().flat_map(|grant| grant.all_actions()).collect();
        if self.policy.lets_run() && is_used(&called, &all) {
            return None;
        }
        let (kind, writes) = beyond(all, &called)?;
        Some(Excess {
            action: self.name.clone(),
            resources: self.resources(),
            span: self.policy.arn.span,
            kind,
            writes,
        })
    }

    fn resources(&self) -> Vec<PartialText> {
        let patterns = self.grants.iter().flat_map(|grant| &grant.resources);
        let resources: BTreeSet<PartialText> =
            patterns.map(|pattern| pattern.written.clone()).collect();
        let all = PartialText::known("*");
        if resources.contains(&all) { vec![all] } else { resources.into_iter().collect() }
    }
}

/// Whether a policy that lets a function run does so in the way it is for: one for a network or a
/// queue allows logging too, which is not why it is attached.
fn is_used(called: &BTreeSet<&str>, all: &BTreeMap<String, Action>) -> bool {
    let is_log = |action: &str| action.starts_with("logs:");
    let is_for_logs = all.keys().all(|action| is_log(action));
    called.iter().any(|action| is_for_logs || !is_log(action))
}
