//! Three columns for each function: what its code needs, what it is granted, and the difference.

use std::collections::{BTreeMap, BTreeSet};

use app_graph::{AppGraph, Arns, AttachedOrigin, Function, Identity};
use iam::Listing;
use iam::actions::{self, Access, Action};
use iam::pattern::{Case, wildcard_matches};
use profile::{Coverage, Need, Profile};
use text::{PartialText, Span, Unknown};

use crate::escalation::is_trusted;
use crate::granted::{Grant, Granted, Pattern};
use crate::observed::{Observed, observed};
use crate::packages;

/// What a function needs against what it is granted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// What its policies allow, statement by statement.
    pub granted: Vec<GrantedPair>,
    /// Granted and not needed.
    pub excess: Vec<Excess>,
    /// Needed and not granted: a call would be refused.
    pub missing: Vec<Missing>,
    /// What logs say it did; empty where no logs were read.
    pub observed: Vec<Observed>,
    /// Why the difference is not certain, if so; then nothing is narrowed without a person's word.
    pub doubts: Vec<Unknown>,
}

/// An action pattern on a resource pattern, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedPair {
    /// The action pattern; the name of a managed policy of AWS's stands for all that it allows.
    pub action: String,
    /// The resource pattern.
    pub resource: PartialText,
    /// Where the action is written.
    pub span: Span,
}

/// A part of what is granted that is not needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// The action pattern, as written, or the name of a managed policy of AWS's.
    pub action: String,
    /// The resource patterns it is granted on, as written.
    pub resources: Vec<PartialText>,
    /// Where it is written: the action, or the resource where that alone is too wide.
    pub span: Span,
    /// In which way.
    pub kind: ExcessKind,
    /// Whether an action that is granted and not needed changes anything.
    pub writes: bool,
}

/// In which way a grant is too wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExcessKind {
    /// None of the actions is ever called on any of the resources.
    Unused,
    /// No action has the name, so that nothing is granted.
    NoAction,
    /// Only these actions of the pattern are called.
    Actions {
        /// Actions called.
        needed: Vec<String>,
        /// How many more the pattern grants.
        others: usize,
    },
    /// Only these resources of the pattern are touched.
    Resources {
        /// Their ARNs, as needed; none where nothing under the pattern is touched.
        needed: Vec<PartialText>,
    },
}

/// A need that is not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The need.
    pub need: Need,
    /// The statement that denies it, where one does.
    pub denied_by: Option<Span>,
    /// How often logs say that it was refused.
    pub refusals: u64,
}

/// Actions that nearly every role carries for the platform's sake; a wide resource there is no news.
const PLATFORM: &[&str] = &[
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

/// What the services' guides ask for on a key that encrypts their data, some of them for calls that
/// get along with less.
const OF_KEYS: &[&str] = &[
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
];

impl Account {
    /// Compares one function's needs with the policies of the identities it may run as.
    pub fn new(graph: &AppGraph, arns: &Arns<'_>, function: &Function, profile: &Profile) -> Self {
        let identities = graph.identities_of(function);
        let mut account = Self::default();
        account.doubts.extend(doubts_about(function, profile));
        if identities.is_empty() {
            let why = match function.role.unknown() {
                Some(unknown) => unknown.why.clone(),
                None => "its role is not in the templates".to_owned(),
            };
            account.doubts.push(Unknown::new(why, function.entity.said));
        }
        let needs: Vec<&Need> = profile.needs.iter().collect();
        let mut roles: Vec<Granted<'_>> = Vec::new();
        for identity in identities {
            let role = Granted::new(arns, identity);
            account.compare(&role, &needs);
            let is_trusted = |need: &Need| is_trusted(graph, arns, identity, need);
            account.add_missing(&role, profile, &is_trusted);
            roles.push(role);
        }
        account.observed = observed(profile, &roles);
        // Of code that nobody read nobody knows what it leaves unused.
        if !profile.behaviour.is_read() {
            account.excess.clear();
        }
        account
    }

    /// What a role grants beyond the needs of all functions that share it.
    pub fn of_role(arns: &Arns<'_>, identity: &Identity, profiles: &[&Profile]) -> Self {
        let mut account = Self::default();
        let needs: Vec<&Need> = profiles.iter().flat_map(|profile| &profile.needs).collect();
        account.compare(&Granted::new(arns, identity), &needs);
        account
    }

    fn compare(&mut self, granted: &Granted<'_>, needs: &[&Need]) {
        for policy in packages::packages(granted) {
            self.granted.extend(policy.granted());
            self.excess.extend(policy.excess(needs));
        }
        for grant in granted.allowed.iter().filter(|grant| grant.package.is_none()) {
            for (action, span) in &grant.actions {
                for resource in &grant.resources {
                    let resource = resource.written.clone();
                    self.granted.push(GrantedPair {
                        action: action.clone(),
                        resource,
                        span: *span,
                    });
                }
            }
            // What a framework adds by itself is not its author's to narrow.
            if *grant.origin != AttachedOrigin::Generated {
                self.excess.extend(excess(grant, needs));
            }
        }
        self.doubts.extend(granted.unknown.iter().cloned());
    }

    fn add_missing(
        &mut self,
        granted: &Granted<'_>,
        profile: &Profile,
        is_trusted: &dyn Fn(&Need) -> bool,
    ) {
        for need in &profile.needs {
            let denied_by = granted.denies(need).map(|statement| statement.span);
            let refusals = profile.refusals_of(need);
            // A policy that is not in the templates may allow it, unless logs say that none does.
            let is_only_refused = refusals > 0 && profile.uses_of(need) == Some(0);
            let may_be_unseen = !granted.unknown.is_empty() && !is_only_refused;
            let is_refused = denied_by.is_some()
                || !(granted.may_allow(need) || may_be_unseen || is_trusted(need));
            if is_refused && (need.is_certain() || refusals > 0) {
                self.missing.push(Missing { need: need.clone(), denied_by, refusals });
            }
        }
    }
}

/// Why a function's needs may be more than those in its profile.
pub(crate) fn doubts_about(function: &Function, profile: &Profile) -> Vec<Unknown> {
    let said = function.entity.said;
    let behaviour = &profile.behaviour;
    let mut doubts: Vec<Unknown> = match &behaviour.coverage {
        Coverage::Read(_) => Vec::new(),
        Coverage::NotRead(why) => vec![Unknown::new(format!("its code was not read: {why}"), said)],
        Coverage::Unsupported(runtime) => {
            vec![Unknown::new(format!("no reader for the runtime `{runtime}`"), said)]
        }
    };
    let unresolved = behaviour.unresolved.iter();
    doubts.extend(unresolved.map(|unresolved| {
        Unknown::new(format!("`{}`: {}", unresolved.call, unresolved.reason), unresolved.span)
    }));
    let unknown = profile.activity.iter().flat_map(|activity| &activity.unknown);
    doubts.extend(unknown.map(|event| {
        let (name, source, reason) = (&event.name, &event.source, &event.reason);
        Unknown::new(format!("it was observed to call `{name}` of `{source}`: {reason}"), said)
    }));
    doubts
}

/// What one statement grants beyond the needs.
fn excess(grant: &Grant<'_>, needs: &[&Need]) -> Vec<Excess> {
    let touched: Vec<&Need> = needs.iter().filter(|need| grant.may_cover(need)).copied().collect();
    let mut found = Vec::new();
    if grant.statement.actions.listing == Listing::AllExcept {
        return excess_of_exceptions(grant, &touched).into_iter().collect();
    }
    let uses_key = touched.iter().any(|need| need.action.starts_with("kms:"));
    for (action, span) in &grant.actions {
        let is_called = |need: &&&Need| wildcard_matches(action, &need.action, Case::Insensitive);
        let called: BTreeSet<&str> =
            touched.iter().filter(is_called).map(|need| need.action.as_str()).collect();
        let is_in = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(action));
        if is_in(PLATFORM) || (uses_key && is_in(OF_KEYS)) {
            continue;
        }
        let Some((kind, writes)) = beyond(actions::matching(action), &called) else { continue };
        let resources = grant.resources.iter().map(|pattern| pattern.written.clone()).collect();
        found.push(Excess { action: action.clone(), resources, span: *span, kind, writes });
    }
    // Where nothing is called at all the actions say so already.
    if !touched.is_empty() {
        found.extend(
            grant.resources.iter().filter_map(|pattern| too_wide(grant, pattern, &touched)),
        );
    }
    found
}

/// What a statement with `NotAction` grants beyond the needs.
fn excess_of_exceptions(grant: &Grant<'_>, touched: &[&Need]) -> Option<Excess> {
    let called: BTreeSet<&str> = touched.iter().map(|need| need.action.as_str()).collect();
    let (kind, writes) = beyond(grant.all_actions(), &called)?;
    let named: Vec<&str> = grant.actions.iter().map(|(action, _)| action.as_str()).collect();
    let resources = grant.resources.iter().map(|pattern| pattern.written.clone()).collect();
    let action = format!("all but {}", named.join(", "));
    Some(Excess { action, resources, span: grant.statement.span, kind, writes })
}

/// In which way granted actions are more than those called, and whether one of the others changes
/// anything; `None` where all are called.
pub(crate) fn beyond(
    granted: impl IntoIterator<Item = (String, Action)>,
    called: &BTreeSet<&str>,
) -> Option<(ExcessKind, bool)> {
    let mut others: BTreeMap<String, Action> = granted.into_iter().collect();
    if others.is_empty() && called.is_empty() {
        return Some((ExcessKind::NoAction, false));
    }
    others.retain(|name, _| !called.contains(name.as_str()));
    let writes = others
        .values()
        .any(|action| matches!(action.access(), Access::Write | Access::PermissionsManagement));
    if called.is_empty() {
        return Some((ExcessKind::Unused, writes));
    }
    let needed = called.iter().map(|action| (*action).to_owned()).collect();
    let kind = ExcessKind::Actions { needed, others: others.len() };
    (!others.is_empty()).then_some((kind, writes))
}

/// A resource pattern that is wider than all that is touched under it.
fn too_wide(grant: &Grant<'_>, pattern: &Pattern, touched: &[&Need]) -> Option<Excess> {
    let under: Vec<&&Need> = touched.iter().filter(|need| pattern.meets(need)).collect();
    let is_platform = |need: &&&Need| PLATFORM.iter().any(|known| *known == need.action);
    if under.iter().any(|need| need.resource.unknown_reason().is_some()) {
        return None;
    }
    let needed: BTreeSet<&PartialText> = under.iter().map(|need| &need.resource).collect();
    let is_wider = match needed.first() {
        None => true,
        Some(_) => {
            pattern.is_wide()
                && !under.iter().all(is_platform)
                && needed.iter().all(|resource| !pattern.is_within(resource))
        }
    };
    is_wider.then(|| Excess {
        action: grant
            .actions
            .iter()
            .map(|(action, _)| action.as_str())
            .collect::<Vec<_>>()
            .join(", "),
        resources: vec![pattern.written.clone()],
        span: pattern.span,
        kind: ExcessKind::Resources { needed: needed.into_iter().cloned().collect() },
        writes: false,
    })
}
