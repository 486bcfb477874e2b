use text::{PartialText, Said, Span, Unknown};

use crate::condition::operator::Operator;

/// A policy document: identity policy, resource policy or trust policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Policy {
    /// The version of the policy language that it is written in.
    pub version: Version,
    /// The statements, of every branch of the template's conditions.
    pub statements: Vec<Statement>,
    /// Parts of the document that could not be resolved; never silently empty.
    pub unknowns: Vec<Unknown>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// `2008-10-17`, also where none is written: `${aws:username}` is plain text.
    #[default]
    V2008,
    /// `2012-10-17`: with policy variables.
    V2012,
}

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The whole statement.
    pub span: Span,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// The template's condition under which the statement exists, in words.
    pub when: Option<text::Condition>,
    /// Allow or deny.
    pub effect: Effect,
    /// Whom it speaks of; resource and trust policies only.
    pub principals: Principals,
    /// `Action` or `NotAction`.
    pub actions: Patterns,
    /// `Resource` or `NotResource`.
    pub resources: Patterns,
    /// All must hold.
    pub conditions: Vec<Condition>,
}

/// What a statement does with a matching request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Allows it.
    Allow,
    /// Denies it, whatever else allows it.
    Deny,
}

/// Whether patterns name what is meant or what is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listing {
    /// `Action`, `Resource`: what matches.
    #[default]
    Only,
    /// `NotAction`, `NotResource`: all that does not match.
    AllExcept,
}

/// The patterns of `Action`, `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patterns {
    /// How the patterns are meant.
    pub listing: Listing,
    /// The patterns, each with its place.
    pub patterns: Vec<Said<PartialText>>,
    /// Elements that could not be resolved at all.
    pub unknowns: Vec<Unknown>,
}

/// Whom a statement of a resource or trust policy speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Principals {
    /// No `Principal` element: an identity policy.
    #[default]
    Absent,
    /// `Principal`.
    Only(Vec<Principal>),
    /// `NotPrincipal`.
    AllExcept(Vec<Principal>),
}

/// One principal of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The key it stands under.
    pub kind: PrincipalKind,
    /// The value: `*`, an account, an ARN, a service's domain.
    pub value: Said<PartialText>,
}

/// Under which key of `Principal` a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// `"Principal": "*"`.
    Everyone,
    /// `AWS`: accounts, roles, users.
    Aws,
    /// `Service`.
    Service,
    /// `Federated`: identity providers.
    Federated,
    /// `CanonicalUser`.
    CanonicalUser,
}

/// One condition of a statement: an operator applied to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Where it is written.
    pub span: Span,
    /// As written: `StringEquals`, `ForAnyValue:StringLike`, `ArnLikeIfExists`.
    pub operator: String,
    /// As written: `aws:SourceArn`.
    pub key: String,
    /// Any of them satisfies it.
    pub values: Vec<Said<PartialText>>,
}

impl Statement {
    /// Whether one of the conditions is on `key`, compared without regard to case.
    pub fn has_condition_on(&self, key: &str) -> bool {
        self.conditions.iter().any(|condition| condition.key.eq_ignore_ascii_case(key))
    }
}

impl Condition {
    /// Whether the policy language has its operator.
    pub fn has_operator(&self) -> bool {
        Operator::parse(&self.operator).is_some()
    }
}

impl Principals {
    /// The principals named, whichever way they are meant.
    pub fn named(&self) -> &[Principal] {
        match self {
            Principals::Absent => &[],
            Principals::Only(principals) | Principals::AllExcept(principals) => principals,
        }
    }
}

impl Principal {
    /// Whether this is anyone at all: `"*"` or `{"AWS": "*"}`.
    pub fn is_everyone(&self) -> bool {
        matches!(self.kind, PrincipalKind::Everyone | PrincipalKind::Aws)
            && self.value.value.literal() == Some("*")
    }
}

impl Patterns {
    /// Patterns whose text is wholly known.
    pub fn literals(&self) -> impl Iterator<Item = (&str, &Said<PartialText>)> {
        self.patterns.iter().filter_map(|said| Some((said.value.literal()?, said)))
    }
}
