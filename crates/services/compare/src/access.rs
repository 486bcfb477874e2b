//! Access that policies of the new state give and those of the old one did not.

use std::collections::BTreeSet;

use app_graph::{AppGraph, Arns, Identity, ManagedPolicy};
use iam::containment::within;
use iam::{Effect, Policy};
use scan::Scan;
use text::Span;

use crate::{Comparison, place};

/// Access that was not granted before, by an example.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewAccess {
    /// Who has it: a function, or an identity that no function runs as.
    pub holder: String,
    /// What the holder is.
    pub kind: &'static str,
    /// Whether the holder itself is new.
    pub is_new_holder: bool,
    /// An action that is allowed now and was not.
    pub action: String,
    /// A resource on which it is.
    pub resource: String,
    /// Conditions under which it is, as the policy writes them.
    pub conditions: Vec<String>,
    /// Where it is granted: file and line.
    pub place: String,
    /// What is not known and may decide otherwise.
    pub doubt: Option<String>,
}

/// What one holder may do.
#[derive(Default)]
struct Access {
    policies: Vec<Policy>,
    unread: Vec<(String, Span)>,
}

pub(crate) fn compare(
    old: Option<&AppGraph>,
    new: &AppGraph,
    scan: &Scan,
    comparison: &mut Comparison,
) {
    let arns = Arns::new(new);
    let old = old.map(|graph| (graph, Arns::new(graph)));
    let mut held = BTreeSet::new();
    for function in &new.functions {
        let identities = new.identities_of(function);
        held.extend(identities.iter().map(|identity| &identity.entity.id));
        let before = old.as_ref().and_then(|(graph, arns)| {
            let function = graph.function(&function.entity.id)?;
            Some(access(arns, &graph.identities_of(function)))
        });
        let who = Holder { name: &function.entity.name, kind: "function", scan };
        who.compare(before.as_ref(), &access(&arns, &identities), comparison);
    }
    for identity in new.identities.iter().filter(|own| !held.contains(&own.entity.id)) {
        let before = old
            .as_ref()
            .and_then(|(graph, arns)| Some(access(arns, &[graph.identity(&identity.entity.id)?])));
        let kind = identity.kind.as_str();
        let who = Holder { name: &identity.entity.name, kind, scan };
        who.compare(before.as_ref(), &access(&arns, &[identity]), comparison);
    }
    comparison.access.sort();
    comparison.access.dedup();
}

fn access(arns: &Arns<'_>, identities: &[&Identity]) -> Access {
    let mut access = Access::default();
    for identity in identities {
        for attached in &identity.attached {
            access.policies.push(arns.policy(&attached.policy));
        }
        for managed in &identity.managed {
            match managed.document() {
                Some(policy) => access.policies.push(policy),
                None => access.unread.push((name(managed), managed.arn.span)),
            }
        }
    }
    access
}

/// The name at the end of a managed policy's ARN.
fn name(managed: &ManagedPolicy) -> String {
    let arn = managed.arn.value.to_string();
    arn.rsplit(['/', ':']).next().unwrap_or(&arn).to_owned()
}

struct Holder<'a> {
    name: &'a str,
    kind: &'static str,
    scan: &'a Scan,
}

impl Holder<'_> {
    fn compare(&self, old: Option<&Access>, new: &Access, comparison: &mut Comparison) {
        let nothing = Access::default();
        let before = old.unwrap_or(&nothing);
        let outer: Vec<Policy> = before.policies.iter().map(known).collect();
        let outer: Vec<&Policy> = outer.iter().collect();
        for (name, span) in &new.unread {
            if before.unread.iter().any(|(known, _)| known == name) {
                continue;
            }
            comparison.access.push(NewAccess {
                action: "*".to_owned(),
                resource: "*".to_owned(),
                doubt: Some(format!("the text of the managed policy `{name}` is not known")),
                ..self.found(old.is_none(), *span)
            });
        }
        for policy in &new.policies {
            for unknown in &policy.unknowns {
                let was = before.policies.iter().flat_map(|policy| &policy.unknowns);
                if !was.into_iter().any(|other| other.why == unknown.why) {
                    let at = place(self.scan, unknown.span);
                    let why = &unknown.why;
                    let gap = format!("{at}: a policy of `{}` is not known: {why}", self.name);
                    comparison.gaps.push(gap);
                }
            }
            for inner in one_by_one(policy, &new.policies) {
                let Err(found) = within(&[&inner], &outer) else { continue };
                let span =
                    inner.statements.first().map_or(Span::file(text::SourceId(0)), |own| own.span);
                comparison.access.push(NewAccess {
                    action: found.action.clone(),
                    resource: found.resource.to_string(),
                    conditions: found.conditions.iter().map(condition).collect(),
                    doubt: found.doubt.as_ref().map(|doubt| doubt.why.clone()),
                    ..self.found(old.is_none(), span)
                });
            }
        }
    }

    fn found(&self, is_new_holder: bool, span: Span) -> NewAccess {
        NewAccess {
            holder: self.name.to_owned(),
            kind: self.kind,
            is_new_holder,
            action: String::new(),
            resource: String::new(),
            conditions: Vec::new(),
            place: place(self.scan, span),
            doubt: None,
        }
    }
}

/// A policy without the parts that could not be resolved: those are told apart.
fn known(policy: &Policy) -> Policy {
    Policy { unknowns: Vec::new(), ..policy.clone() }
}

/// Each statement that allows, with everything that denies.
fn one_by_one<'a>(policy: &'a Policy, all: &'a [Policy]) -> impl Iterator<Item = Policy> + 'a {
    let allows = policy.statements.iter().filter(|own| own.effect == Effect::Allow);
    allows.map(move |statement| {
        let denies = all.iter().flat_map(|policy| &policy.statements);
        let denies = denies.filter(|own| own.effect == Effect::Deny).cloned();
        let statements = std::iter::once(statement.clone()).chain(denies).collect();
        Policy { statements, version: policy.version, unknowns: Vec::new() }
    })
}

fn condition(condition: &iam::Condition) -> String {
    let values: Vec<String> = condition.values.iter().map(|said| said.value.to_string()).collect();
    format!("{} {} {}", condition.key, condition.operator, values.join(" or "))
}
