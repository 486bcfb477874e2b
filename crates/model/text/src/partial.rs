use std::fmt;
use std::sync::Arc;

/// Names one entity of an application graph; unique there, stable between runs.
///
/// Shape: the scopes it lies in and its own name, joined with `/`: `Table`, `Orders/Table` in the
/// nested stack `Orders`, `module.orders.aws_dynamodb_table.this` in Terraform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub Arc<str>);

impl EntityId {
    /// Makes an id from its text.
    pub fn new(id: impl AsRef<str>) -> Self {
        Self(Arc::from(id.as_ref()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntityId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One attribute of another entity: `!GetAtt Table.Arn`, `aws_sqs_queue.jobs.url`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The entity referred to.
    pub entity: EntityId,
    /// The attribute in CloudFormation's words (`Arn`, `Name`, …); `Ref` for the plain reference.
    pub attribute: Arc<str>,
}

/// A value every deployment has and no template says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pseudo {
    /// The account or project deployed into.
    Account,
    /// The region deployed into.
    Region,
    /// The partition: `aws`, `aws-cn`, `aws-us-gov`.
    Partition,
    /// The stack's name.
    Stack,
    /// The stack's identifier.
    StackId,
    /// The partition's domain: `amazonaws.com`.
    DomainSuffix,
    /// The stage or environment, where the framework has one and it was not given.
    Stage,
}

impl fmt::Display for Pseudo {
    /// The name CloudFormation has for it, where it has one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Pseudo::Account => "AWS::AccountId",
            Pseudo::Region => "AWS::Region",
            Pseudo::Partition => "AWS::Partition",
            Pseudo::Stack => "AWS::StackName",
            Pseudo::StackId => "AWS::StackId",
            Pseudo::DomainSuffix => "AWS::URLSuffix",
            Pseudo::Stage => "stage",
        })
    }
}

/// One piece of a [`PartialText`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Text as it will be.
    Literal(String),
    /// An attribute of another entity.
    Reference(Reference),
    /// A value of the deployment.
    Pseudo(Pseudo),
    /// What could not be resolved, with the reason.
    Unknown(String),
}

/// A text of which some parts are decided only at deployment.
///
/// Adjacent literals are always merged, so a wholly known text is one part (or none, when empty).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PartialText(Vec<Part>);

impl PartialText {
    /// A wholly known text.
    pub fn known(text: impl Into<String>) -> Self {
        let mut partial = Self::default();
        partial.push(Part::Literal(text.into()));
        partial
    }

    /// A reference and nothing else.
    pub fn reference(entity: EntityId, attribute: &str) -> Self {
        Self(vec![Part::Reference(Reference { entity, attribute: Arc::from(attribute) })])
    }

    /// A value that is unknown as a whole.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self(vec![Part::Unknown(why.into())])
    }

    /// Appends a part, merging literals.
    pub fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (_, Part::Literal(text)) if text.is_empty() => {}
            (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
            (_, part) => self.0.push(part),
        }
    }

    /// Appends another text.
    pub fn extend(&mut self, other: &PartialText) {
        other.0.iter().for_each(|part| self.push(part.clone()));
    }

    /// The parts in order.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The text, if all of it is known.
    pub fn literal(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The reference, if the text is one and nothing else.
    pub fn sole_reference(&self) -> Option<&Reference> {
        match self.0.as_slice() {
            [Part::Reference(reference)] => Some(reference),
            _ => None,
        }
    }

    /// Every reference in the text.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.0.iter().filter_map(|part| match part {
            Part::Reference(reference) => Some(reference),
            _ => None,
        })
    }

    /// The first reason for which a part is unknown.
    pub fn unknown_reason(&self) -> Option<&str> {
        self.0.iter().find_map(|part| match part {
            Part::Unknown(why) => Some(why.as_str()),
            _ => None,
        })
    }

    /// The text without the reasons for its unknown parts, those side by side as one: the same for
    /// all texts of which the same is known.
    pub fn without_reasons(&self) -> PartialText {
        let mut plain = Self::default();
        for part in &self.0 {
            match (plain.0.last(), part) {
                (Some(Part::Unknown(_)), Part::Unknown(_)) => {}
                (_, Part::Unknown(_)) => plain.push(Part::Unknown(String::new())),
                (_, part) => plain.push(part.clone()),
            }
        }
        plain
    }

    /// Whether one of the literal parts contains `needle`.
    pub fn has_literal(&self, needle: &str) -> bool {
        self.0.iter().any(|part| matches!(part, Part::Literal(text) if text.contains(needle)))
    }

    /// What stands behind `prefix`, if the text begins with it part for part.
    pub fn strip_prefix(&self, prefix: &PartialText) -> Option<PartialText> {
        let mut rest = PartialText::default();
        let mut own = self.0.iter();
        let mut wanted = prefix.0.iter().peekable();
        while let Some(expected) = wanted.next() {
            match (own.next()?, expected) {
                (Part::Literal(text), Part::Literal(begin)) if wanted.peek().is_none() => {
                    rest.push(Part::Literal(text.strip_prefix(begin.as_str())?.to_owned()));
                }
                (part, expected) if part == expected => {}
                _ => return None,
            }
        }
        own.for_each(|part| rest.push(part.clone()));
        Some(rest)
    }

    /// The text with `hole` in place of each part that is not known.
    pub fn with_holes(&self, hole: &str) -> String {
        self.0.iter().map(|part| if let Part::Literal(text) = part { text } else { hole }).collect()
    }
}

impl fmt::Display for PartialText {
    /// Shows known parts as they are and the others as CloudFormation's `Sub` would: `${Table.Arn}`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(text) => formatter.write_str(text)?,
                Part::Reference(reference) if &*reference.attribute == "Ref" => {
                    write!(formatter, "${{{}}}", reference.entity)?;
                }
                Part::Reference(reference) => {
                    write!(formatter, "${{{}.{}}}", reference.entity, reference.attribute)?;
                }
                Part::Pseudo(pseudo) => write!(formatter, "${{{pseudo}}}")?,
                Part::Unknown(_) => formatter.write_str("${?}")?,
            }
        }
        Ok(())
    }
}
