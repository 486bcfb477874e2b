use std::fmt;

use app_graph::Trigger;
use sha2::{Digest, Sha256};
use text::{EntityId, Span, Unknown};

use crate::{Fix, Rule, Severity};

/// A fault seen before run time.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that saw it.
    pub rule: &'static Rule,
    /// How much harm it stands for in this case.
    pub severity: Severity,
    /// How certain it is.
    pub confidence: Confidence,
    /// One sentence: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// The very token that is wrong.
    pub span: Span,
    /// Other places that explain it.
    pub labels: Vec<Label>,
    /// Function concerned.
    pub function: Option<Subject>,
    /// Identity concerned: role, user or group.
    pub role: Option<Subject>,
    /// Resource concerned.
    pub resource: Option<Subject>,
    /// The template's conditions under which it holds, in words.
    pub conditions: Vec<String>,
    /// What sets it apart from other findings of this rule on the same subject.
    pub cause: Cause,
    /// The trigger that it speaks of, by which its path leads.
    pub through: Option<EntityId>,
    /// From the internet to the data, where there is such a path; filled in by the scan.
    pub path: Vec<Step>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// The page on this case, where the rule's first is on another.
    pub reference: Option<&'static str>,
}

/// How certain a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Rests on a guess, such as a name that looks like a secret's.
    Low,
    /// Likely; some fact outside the template could excuse it.
    Medium,
    /// Follows from what is written.
    High,
}

impl Confidence {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Its id in the graph.
    pub id: EntityId,
    /// What the user calls it.
    pub name: String,
}

/// Another place that explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words: "the queue's visibility timeout".
    pub text: String,
}

/// One step of the path from the internet to the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id in the graph; `None` for the internet.
    pub id: Option<EntityId>,
    /// What the user calls it.
    pub name: String,
    /// Its kind in a word: internet, route, function, role, table.
    pub kind: String,
    /// Where it was declared; `None` for the internet.
    pub span: Option<Span>,
}

/// What sets a finding apart from others of the same rule on the same subject, independent of its
/// place: the offending action, the variable's name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Cause(pub String);

/// A value that a rule needed and that stayed unknown.
#[derive(Debug, Clone)]
pub struct UnknownValue {
    /// The rule that needed it.
    pub rule: &'static Rule,
    /// Whose property it is.
    pub subject: Subject,
    /// What was asked, in a word or two: `timeout`.
    pub property: String,
    /// The reason and its place.
    pub unknown: Unknown,
}

/// Identifies a finding across runs: independent of lines and of the file's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub String);

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Finding {
    /// A finding at `span` with the rule's own severity and high confidence.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: Confidence::High,
            message: message.into(),
            span,
            labels: Vec::new(),
            function: None,
            role: None,
            resource: None,
            conditions: Vec::new(),
            cause: Cause::default(),
            through: None,
            path: Vec::new(),
            fix: None,
            reference: None,
        }
    }

    /// The page to read on.
    pub fn link(&self) -> Option<&'static str> {
        self.reference.or_else(|| self.rule.references.first().copied())
    }

    /// Sends the reader to another page than the rule's first.
    #[must_use]
    pub fn reference(mut self, page: &'static str) -> Self {
        self.reference = Some(page);
        self
    }

    /// Judges this case more or less severe than the rule does in general.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says how certain it is.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Names the function concerned.
    #[must_use]
    pub fn function(mut self, subject: impl Into<Subject>) -> Self {
        self.function = Some(subject.into());
        self
    }

    /// Names the identity concerned.
    #[must_use]
    pub fn role(mut self, subject: impl Into<Subject>) -> Self {
        self.role = Some(subject.into());
        self
    }

    /// Names the resource concerned.
    #[must_use]
    pub fn resource(mut self, subject: impl Into<Subject>) -> Self {
        self.resource = Some(subject.into());
        self
    }

    /// Names the trigger that it speaks of.
    #[must_use]
    pub fn through(mut self, trigger: &Trigger) -> Self {
        self.through = Some(trigger.entity.id.clone());
        self
    }

    /// Says what sets it apart on the same subject; not a place.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = Cause(cause.into());
        self
    }

    /// Adds another place that explains it.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds the template's conditions under which it holds.
    #[must_use]
    pub fn when<'a>(mut self, conditions: impl IntoIterator<Item = &'a str>) -> Self {
        for condition in conditions {
            // A statement and its role may exist under the same one.
            if !self.conditions.iter().any(|known| known == condition) {
                self.conditions.push(condition.to_owned());
            }
        }
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Every subject named.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        [&self.function, &self.role, &self.resource].into_iter().flatten()
    }

    /// The fingerprint: SHA-256 over rule, subjects, conditions and cause, cut to 128 bits in hex.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        let mut feed = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        feed(self.rule.id);
        for subject in [&self.function, &self.role, &self.resource] {
            feed(subject.as_ref().map_or("", |subject| subject.id.as_str()));
        }
        self.conditions.iter().for_each(|condition| feed(condition));
        feed(&self.cause.0);
        let digest = hash.finalize();
        Fingerprint(digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl From<&app_graph::Entity> for Subject {
    fn from(entity: &app_graph::Entity) -> Self {
        Self { id: entity.id.clone(), name: entity.name.clone() }
    }
}
