//! Policies that others wrote, of AWS's in the account and a framework's templates: each is told
//! once, since it is taken or left as a whole.

use std::collections::{BTreeMap, BTreeSet};

use app_graph::AttachedOrigin;
use iam::actions::Action;
use profile::Need;
use text::{PartialText, Span};

use crate::account::{Excess, GrantedPair, beyond};
use crate::granted::{Grant, Granted, Package};

/// A package with what it allows.
pub(crate) struct Allowed<'g> {
    package: Package<'g>,
    grants: Vec<&'g Grant<'g>>,
}

/// The packages that an identity is allowed something by.
pub(crate) fn packages<'g>(granted: &'g Granted<'g>) -> Vec<Allowed<'g>> {
    let mut found: Vec<Allowed<'g>> = Vec::new();
    for grant in &granted.allowed {
        let Some(package) = grant.package else { continue };
        match found.last_mut() {
            Some(last) if last.package.is(package) => last.grants.push(grant),
            _ => found.push(Allowed { package, grants: vec![grant] }),
        }
    }
    found
}

/// A framework's policy templates for functions that read from what triggers them.
///
/// Source: AWS SAM developer guide, "Policy template list".
const POLLERS: &[&str] =
    &["SQSPollerPolicy", "KinesisStreamReadPolicy", "DynamoDBStreamReadPolicy"];

impl Package<'_> {
    fn is(self, other: Package<'_>) -> bool {
        match (self, other) {
            (Self::Managed(one), Package::Managed(other)) => std::ptr::eq(one, other),
            (Self::Template(_, one), Package::Template(_, other)) => std::ptr::eq(one, other),
            _ => false,
        }
    }

    fn name(self) -> String {
        match self {
            Self::Managed(policy) => policy.name().unwrap_or_default(),
            Self::Template(name, _) => name.to_owned(),
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Managed(policy) => policy.arn.span,
            Self::Template(_, attached) => attached.span,
        }
    }

    fn is_generated(self) -> bool {
        matches!(self, Self::Managed(policy) if policy.origin == AttachedOrigin::Generated)
    }

    fn lets_run(self) -> bool {
        match self {
            Self::Managed(policy) => policy.lets_run(),
            Self::Template(name, _) => POLLERS.contains(&name),
        }
    }
}

impl Allowed<'_> {
    /// Its name on each of its resource patterns.
    pub(crate) fn granted(&self) -> Vec<GrantedPair> {
        let pair = |resource| GrantedPair {
            action: self.package.name(),
            resource,
            span: self.package.span(),
        };
        self.resources().into_iter().map(pair).collect()
    }

    /// What it grants beyond the needs.
    pub(crate) fn excess(&self, needs: &[&Need]) -> Option<Excess> {
        // What a framework adds by itself is not its author's to narrow.
        if self.package.is_generated() {
            return None;
        }
        let covers = |need: &&&Need| self.grants.iter().any(|grant| grant.may_cover(need));
        let called: BTreeSet<&str> =
            needs.iter().filter(covers).map(|need| need.action.as_str()).collect();
        let all: BTreeMap<String, Action> =
            self.grants.iter().flat_map(|grant| grant.all_actions()).collect();
        if self.package.lets_run() && is_used(&called, &all) {
            return None;
        }
        let (kind, writes) = beyond(all, &called)?;
        Some(Excess {
            action: self.package.name(),
            resources: self.resources(),
            span: self.package.span(),
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
