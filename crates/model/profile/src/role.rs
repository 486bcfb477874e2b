use text::{PartialText, Span};

/// The least role of one function: its grants in order, none of them covered by another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Role {
    /// What it allows.
    pub grants: Vec<Grant>,
}

/// Actions allowed on resources, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grant {
    /// Actions in AWS's own spelling, sorted.
    pub actions: Vec<String>,
    /// ARNs, or `*` alone where the actions cannot be narrowed; sorted. An unknown part stands for
    /// any text.
    pub resources: Vec<PartialText>,
    /// All must hold.
    pub conditions: Vec<GrantCondition>,
    /// What the grant rests on.
    pub why: Vec<Basis>,
}

/// A condition of a grant: an operator applied to a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrantCondition {
    /// `StringEquals`, `ArnLike`.
    pub operator: String,
    /// `iam:PassedToService`.
    pub key: String,
    /// Any of them satisfies it.
    pub values: Vec<PartialText>,
}

/// One thing that a grant rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Basis {
    /// Where it is: a call in the code, a trigger in the template.
    pub span: Span,
    /// What it is, in a few words: "`table.get_item`", "polls the queue `Jobs`".
    pub note: String,
}
