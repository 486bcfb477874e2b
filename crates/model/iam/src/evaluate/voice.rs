use text::Unknown;

use super::answer::Answer;
use super::principal::{Caller, Named, meant};
use super::request::{Context, Request};
use super::statement::speaks;
use crate::{Effect, Policy, Statement};

/// A kind of policy that has a say in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The principal's own policies.
    Identity,
    /// The resource's policy.
    Resource,
    /// The principal's permissions boundary.
    Boundary,
    /// The policies of the session.
    Session,
    /// The service control policies of one level of the organization, counted from 0.
    ServiceControl(usize),
}

/// What the policies of one layer say about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice<'a> {
    /// The layer.
    pub layer: Layer,
    /// What they say.
    pub verdict: Verdict,
    /// The statement that says it.
    pub statement: Option<&'a Statement>,
}

/// What policies say about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A statement allows it, and none denies it.
    Allows,
    /// A statement denies it.
    Denies,
    /// None speaks of it.
    Silent,
    /// They may allow or deny it, by what is not known.
    Unknown(Unknown),
}

/// What a layer's policies answer, before it is put in words.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    pub(super) layer: Layer,
    pub(super) denies: Answer,
    pub(super) denied_by: Option<&'a Statement>,
    /// Whether they allow it; for a resource's policy whichever way it names who asks.
    pub(super) allows: Answer,
    pub(super) allowed_by: Option<&'a Statement>,
    /// Whether a resource's policy allows it to exactly who asks.
    pub(super) itself: Answer,
    /// Whether a resource's policy allows it to the role whose session asks.
    pub(super) role: Answer,
}

/// Asks the policies of a layer.
pub(super) fn hear<'a>(
    layer: Layer,
    policies: &[&'a Policy],
    request: &Request,
    context: &Context,
) -> Heard<'a> {
    let mut heard = Heard {
        layer,
        denies: Answer::No,
        denied_by: None,
        allows: Answer::No,
        allowed_by: None,
        itself: Answer::No,
        role: Answer::No,
    };
    for policy in policies {
        for statement in &policy.statements {
            let mut answer = speaks(statement, policy.version, request, context);
            let mut named = Named::Itself;
            if layer == Layer::Resource && answer != Answer::No {
                let (is_meant, how) = meant(&statement.principals, request, statement.span);
                answer = answer.and(is_meant);
                named = how;
            } else if is_about_nothing(statement) {
                let why = "the statement names no resource";
                answer = answer.and(Answer::perhaps(why, statement.span));
            }
            heard.note(statement, answer, named);
        }
        if let Some(unread) = policy.unknowns.first() {
            let perhaps = || Answer::Perhaps(unread.clone());
            heard.denies = std::mem::replace(&mut heard.denies, Answer::No).or(perhaps());
            heard.allows = std::mem::replace(&mut heard.allows, Answer::No).or(perhaps());
            heard.itself = std::mem::replace(&mut heard.itself, Answer::No).or(perhaps());
        }
    }
    heard
}

/// Only a resource's own policy may leave out what it is about.
fn is_about_nothing(statement: &Statement) -> bool {
    statement.resources.patterns.is_empty() && statement.resources.unknowns.is_empty()
}

impl<'a> Heard<'a> {
    fn note(&mut self, statement: &'a Statement, answer: Answer, named: Named) {
        let is_better = |before: &Answer| match answer {
            Answer::Yes => *before != Answer::Yes,
            Answer::Perhaps(_) => *before == Answer::No,
            Answer::No => false,
        };
        match statement.effect {
            Effect::Deny => {
                if is_better(&self.denies) {
                    self.denied_by = Some(statement);
                    self.denies = answer;
                }
            }
            Effect::Allow => {
                if named == Named::Itself && is_better(&self.itself) {
                    self.itself = answer.clone();
                }
                if named == Named::Role && is_better(&self.role) {
                    self.role = answer.clone();
                }
                if is_better(&self.allows) {
                    self.allowed_by = Some(statement);
                    self.allows = answer;
                }
            }
        }
    }

    /// Puts in words what they say.
    pub(super) fn voice(&self) -> Voice<'a> {
        let (verdict, statement) = match (&self.denies, &self.allows) {
            (Answer::Yes, _) => (Verdict::Denies, self.denied_by),
            (Answer::Perhaps(why), _) => (Verdict::Unknown(why.clone()), self.denied_by),
            (_, Answer::Yes) => (Verdict::Allows, self.allowed_by),
            (_, Answer::Perhaps(why)) => (Verdict::Unknown(why.clone()), self.allowed_by),
            _ => (Verdict::Silent, None),
        };
        Voice { layer: self.layer, verdict, statement }
    }
}

/// Whether the principal has policies of its own at all: services have none, and the root user
/// needs none.
pub(super) fn own_answer(caller: Caller<'_>, heard: &Heard<'_>) -> Answer {
    match caller {
        Caller::Root => Answer::Yes,
        Caller::Service => Answer::No,
        _ => heard.allows.clone(),
    }
}
