//! Resource policies: which statements let in strangers.

use app_graph::Entity;
use finding::{Finding, Fix, Rule, Severity, Sink};
use iam::{Effect, Listing, Policy, Principals, Statement};
use text::{PartialText, Said, Span};

use crate::principals::{binds_callers, binds_sources, let_in};

/// A statement that allows something to anyone at all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening<'a> {
    /// The statement.
    pub(crate) statement: &'a Statement,
    /// Where the principal is written.
    pub(crate) principal: Span,
}

impl<'a> Opening<'a> {
    /// The actions opened, as written; `*` where all but some are.
    pub(crate) fn actions(&self) -> Vec<&'a str> {
        match self.statement.actions.listing {
            Listing::AllExcept => vec!["*"],
            Listing::Only => self.statement.actions.literals().map(|(text, _)| text).collect(),
        }
    }

    /// The first action that covers one of `concrete`, as written.
    pub(crate) fn covers(&self, concrete: &[&str]) -> Option<&'a str> {
        let covering = |pattern: &str| concrete.iter().any(|action| covers(pattern, action));
        self.actions().into_iter().find(|pattern| covering(pattern))
    }
}

/// Whether an action pattern stands for an action.
pub(crate) fn covers(pattern: &str, action: &str) -> bool {
    iam::pattern::wildcard_matches(pattern, action, iam::pattern::Case::Insensitive)
}

/// Every statement of an entity's policies that lets in anyone: an `Allow` for everyone whose
/// conditions do not tie the caller to an account, organisation, network or source.
pub(crate) fn openings<'a>(entity: &Entity, policies: &'a [Policy]) -> Vec<Opening<'a>> {
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    statements.filter(|statement| speaks_of(statement, entity)).filter_map(opening).collect()
}

/// A statement that lets in a service of the platform, on behalf of anyone who uses it.
#[derive(Debug, Clone, Copy)]
struct Deputy<'a> {
    /// The statement.
    statement: &'a Statement,
    /// The service's principal.
    service: &'a Said<PartialText>,
    /// How much it hands over of what a stranger chooses.
    severity: Severity,
}

/// Every service that an entity's policies let in without a word on whose behalf.
fn deputies<'a>(entity: &Entity, policies: &'a [Policy]) -> Vec<Deputy<'a>> {
    let statements = policies.iter().flat_map(|policy| &policy.statements);
    let unbound =
        statements.filter(|statement| speaks_of(statement, entity) && !binds_sources(statement));
    let services = unbound.flat_map(|statement| {
        let_in(statement).iter().map(move |principal| (statement, &principal.value))
    });
    let deputy = |(statement, service): (&'a Statement, &'a Said<PartialText>)| {
        let severity = match service.value.literal()? {
            "s3.amazonaws.com" => Severity::Medium,
            // A rule or a subscription of another account has more to pass.
            "events.amazonaws.com" | "sns.amazonaws.com" => Severity::Low,
            _ => return None,
        };
        Some(Deputy { statement, service, severity })
    };
    services.filter_map(deputy).collect()
}

/// Binds a service to those on whose behalf it acts.
pub(crate) fn by_source(_service: &str) -> &'static str {
    "add a condition on `aws:SourceArn` or `aws:SourceAccount`"
}

/// What a rule holds against a resource's own policies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Charge {
    /// The rule.
    pub(crate) rule: &'static Rule,
    /// What the policies are called: "queue policy".
    pub(crate) subject: &'static str,
    /// What it holds against services let in on anyone's behalf, if anything.
    pub(crate) deputies: Option<Deputies>,
    /// How severe a statement for everyone is.
    pub(crate) severity: fn(&Opening<'_>) -> Severity,
}

/// What a rule holds against services that a resource's policies let in on anyone's behalf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deputies {
    /// What they may do to the resource: "send to".
    pub(crate) may: &'static str,
    /// What to do about a service, by its principal.
    pub(crate) advice: fn(&str) -> &'static str,
}

impl Charge {
    /// Reports everyone and every deputy that an entity's policies let in.
    pub(crate) fn judge(&self, entity: &Entity, policies: &[Policy], sink: &mut Sink) {
        for opening in openings(entity, policies) {
            let actions = opening.actions();
            let listed = match actions.as_slice() {
                [] => "what is decided at deployment".to_owned(),
                actions => {
                    let quoted: Vec<_> = actions.iter().map(|it| format!("`{it}`")).collect();
                    quoted.join(", ")
                }
            };
            let message = format!("`{}` allows {listed} to everyone", entity.name);
            sink.report(
                Finding::new(self.rule, opening.principal, message)
                    .severity((self.severity)(&opening))
                    .resource(entity)
                    .when(entity.condition.as_deref())
                    .when(opening.statement.when.as_deref())
                    .cause(actions.join(" "))
                    .fix(Fix::advice(
                        "name who may, or add a condition on the source's ARN or account",
                    )),
            );
        }
        if let Some(Deputies { may, advice }) = self.deputies {
            for deputy in deputies(entity, policies) {
                let service = &deputy.service.value;
                let message =
                    format!("`{service}` may {may} `{}` on behalf of any account", entity.name);
                sink.report(
                    Finding::new(self.rule, deputy.service.span, message)
                        .severity(deputy.severity)
                        .resource(entity)
                        .when(entity.condition.as_deref())
                        .when(deputy.statement.when.as_deref())
                        .cause(service.to_string())
                        .fix(Fix::advice(advice(service.literal().unwrap_or_default()))),
                );
            }
        }
        for unknown in policies.iter().flat_map(|policy| &policy.unknowns) {
            sink.unknown(self.rule, entity, self.subject, unknown);
        }
    }
}

/// Whether a statement is on this entity: one policy may serve several, each with statements.
fn speaks_of(statement: &Statement, entity: &Entity) -> bool {
    let named = &statement.resources;
    let is_meant = |pattern: &PartialText| {
        let mut references = pattern.references().peekable();
        references.peek().is_none() || references.any(|reference| reference.entity == entity.id)
    };
    named.listing == Listing::AllExcept
        || named.patterns.is_empty()
        || named.patterns.iter().any(|said| is_meant(&said.value))
}

fn opening(statement: &Statement) -> Option<Opening<'_>> {
    if statement.effect != Effect::Allow || binds_callers(statement) {
        return None;
    }
    let principal = match &statement.principals {
        Principals::Absent => return None,
        Principals::Only(principals) => {
            principals.iter().find(|principal| principal.is_everyone())?.value.span
        }
        // Everyone but those named.
        Principals::AllExcept(principals) => {
            principals.first().map_or(statement.span, |principal| principal.value.span)
        }
    };
    Some(Opening { statement, principal })
}
