//! What a function may do, as policies in one spelling.

use app_graph::{AppGraph, Arns, AttachedOrigin, Framework, Function, Identity, ManagedPolicy};
use iam::{Effect, Patterns, Policy, Statement, Version};
use profile::Role;
use text::{EntityId, Part, PartialText, Pseudo, Said, SourceId, Span};

/// What one function may do.
#[derive(Debug, Default)]
pub(crate) struct Access {
    /// Policies that are known, in one spelling.
    pub(crate) policies: Vec<Policy>,
    /// Those of them that its author did not write: what the framework adds, and managed policies
    /// that let it run.
    pub(crate) platform: Vec<Policy>,
    /// Those of the latter that stay whatever is written.
    pub(crate) basics: Vec<Policy>,
    /// Managed policies whose text is not known.
    pub(crate) unread: Vec<String>,
    /// Parts of policies that could not be resolved.
    pub(crate) unknown: Option<String>,
}

/// Spells policies of one graph so that they can be compared with those of another reading.
pub(crate) struct Speech<'a> {
    pub(crate) graph: &'a AppGraph,
    pub(crate) arns: Arns<'a>,
}

impl<'a> Speech<'a> {
    pub(crate) fn new(graph: &'a AppGraph) -> Self {
        Self { graph, arns: Arns::new(graph) }
    }

    /// What a function's identities allow.
    pub(crate) fn access(&self, function: &Function) -> Access {
        let mut access = Access::default();
        for identity in self.graph.identities_of(function) {
            self.collect(identity, &mut access);
        }
        access
    }

    fn collect(&self, identity: &Identity, access: &mut Access) {
        for attached in &identity.attached {
            let policy = self.policy(&attached.policy);
            let parts = policy.statements.iter();
            let unknown =
                parts.flat_map(|own| own.actions.unknowns.iter().chain(&own.resources.unknowns));
            let unknown = policy.unknowns.iter().chain(unknown).next();
            let unknown = unknown.map(|unknown| unknown.why.clone());
            access.unknown = access.unknown.take().or(unknown);
            match attached.origin {
                AttachedOrigin::Generated => {
                    // SAM adds it again, whatever `Policies` says.
                    if self.graph.framework == Framework::Sam {
                        access.basics.push(policy.clone());
                    }
                    access.platform.push(policy);
                }
                _ => access.policies.push(policy),
            }
        }
        for managed in &identity.managed {
            let Some(policy) = managed.document() else {
                access.unread.push(name(managed));
                continue;
            };
            let lets_run = managed.lets_run();
            if lets_run && managed.when.is_none() {
                access.basics.push(policy.clone());
            }
            match lets_run || managed.origin == AttachedOrigin::Generated {
                true => access.platform.push(policy),
                false => access.policies.push(policy),
            }
        }
    }

    fn policy(&self, policy: &Policy) -> Policy {
        let mut policy = self.arns.policy(policy);
        for statement in &mut policy.statements {
            let values = statement.conditions.iter_mut().flat_map(|own| &mut own.values);
            for said in statement.resources.patterns.iter_mut().chain(values) {
                said.value = self.with_names(&said.value);
            }
        }
        policy
    }

    /// A role as the policy that its rendering is meant to be.
    pub(crate) fn role(&self, role: &Role) -> Policy {
        let span = Span::file(SourceId(0));
        let said = |text: &PartialText| {
            let mut value = PartialText::default();
            for part in self.with_names(&self.arns.spelled(text)).parts() {
                value.push(match part {
                    Part::Unknown(_) | Part::Pseudo(Pseudo::Stage) => Part::Literal("*".to_owned()),
                    part => part.clone(),
                });
            }
            Said::new(value, span)
        };
        let statements = role.grants.iter().map(|grant| Statement {
            span: grant.why.first().map_or(span, |basis| basis.span),
            sid: None,
            when: None,
            effect: Effect::Allow,
            principals: iam::Principals::Absent,
            actions: listed(
                grant.actions.iter().map(|action| Said::new(PartialText::known(action), span)),
            ),
            resources: listed(grant.resources.iter().map(said)),
            conditions: grant
                .conditions
                .iter()
                .map(|condition| iam::Condition {
                    span,
                    operator: condition.operator.clone(),
                    key: condition.key.clone(),
                    values: condition.values.iter().map(said).collect(),
                })
                .collect(),
        });
        Policy { statements: statements.collect(), version: Version::V2012, ..Policy::default() }
    }

    /// A text in the one spelling; the name of a function that CloudFormation makes up is what it begins
    /// with, since a role cannot refer to the function that runs as it.
    fn with_names(&self, text: &PartialText) -> PartialText {
        let mut spelled = PartialText::default();
        for part in text.parts() {
            match part {
                Part::Reference(reference) if self.is_made_up(&reference.entity) => {
                    let function = self.graph.function(&reference.entity);
                    let name = function.map_or("", |function| function.entity.name.as_str());
                    spelled.push(Part::Pseudo(Pseudo::Stack));
                    spelled.push(Part::Literal(format!("-{name}-*")));
                }
                part => spelled.push(part.clone()),
            }
        }
        spelled
    }

    fn is_made_up(&self, id: &EntityId) -> bool {
        let has_stack = matches!(self.graph.framework, Framework::Sam | Framework::CloudFormation);
        has_stack && self.graph.function(id).is_some()
    }
}

impl Access {
    /// All policies.
    pub(crate) fn all(&self) -> Vec<&Policy> {
        self.policies.iter().chain(&self.platform).collect()
    }

    /// The policies less what is written under a condition of the template: what holds always.
    pub(crate) fn certain(&self) -> Vec<Policy> {
        let certain = |policy: &Policy| {
            let mut policy = policy.clone();
            policy.statements.retain(|own| own.when.is_none() || own.effect == Effect::Deny);
            policy.statements.iter_mut().for_each(|own| own.when = None);
            policy
        };
        self.all().into_iter().map(certain).collect()
    }
}

/// The name at the end of a managed policy's ARN.
fn name(managed: &ManagedPolicy) -> String {
    let arn = managed.arn.value.to_string();
    arn.rsplit(['/', ':']).next().unwrap_or(&arn).to_owned()
}

fn listed(patterns: impl IntoIterator<Item = Said<PartialText>>) -> Patterns {
    Patterns { patterns: patterns.into_iter().collect(), ..Patterns::default() }
}
