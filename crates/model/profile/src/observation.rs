use std::sync::Arc;

use iam::api::Need;
use text::{EntityId, PartialText};

/// One call as a log recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, as written: `2026-10-27T08:00:00Z`.
    pub time: String,
    /// The service's domain: `s3.amazonaws.com`.
    pub source: String,
    /// The event's name, often the operation's: `Invoke20150331`.
    pub name: String,
    /// What it needed, with ARNs as the log says them; or why that is not known.
    pub needs: Result<Vec<Need>, String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Who called.
    pub caller: Caller,
    /// The account called in; empty where the log does not say it.
    pub account: String,
    /// The region called in; empty where the log does not say it.
    pub region: String,
    /// Where it is recorded.
    pub place: LogPlace,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was permitted, whether or not it succeeded then.
    Permitted,
    /// It was not permitted, with the error's code: it grants nothing.
    Denied(String),
    /// It failed before anyone asked whether it is permitted, with the error's code: a signature
    /// that has expired, a parameter that is missing.
    Rejected(String),
}

/// Who made a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller {
    /// The ARN, or what the log has in its place.
    pub name: String,
    /// The name of the role that was assumed.
    pub role: Option<String>,
    /// The session's name; for a Lambda function that is the function's.
    pub session: Option<String>,
}

/// A record's place in a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogPlace {
    /// The file, as shown to the user.
    pub file: Arc<str>,
    /// Its line, from 1.
    pub line: u32,
    /// Its number among the file's records, from 0.
    pub record: u64,
}

/// What one function did, as logs say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The function.
    pub function: EntityId,
    /// What it used, sorted by action and resource.
    pub observations: Vec<Observation>,
    /// Events of which nobody knows what they needed.
    pub unknown: Vec<UnknownEvent>,
}

/// An action that a function used on a resource, or tried to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The action in AWS's own spelling.
    pub action: String,
    /// The ARN as the log says it.
    pub arn: PartialText,
    /// The same in the spelling of [`app_graph::Arns`], so that it can be compared with needs and
    /// policies.
    pub resource: PartialText,
    /// How often it was permitted.
    pub permitted: u64,
    /// How often it was denied.
    pub denied: u64,
    /// The first time, as the log writes it.
    pub first: String,
    /// The last time.
    pub last: String,
    /// The first few records.
    pub evidence: Vec<LogPlace>,
}

/// Events of which nobody knows what they needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    /// The service's domain.
    pub source: String,
    /// The event's name.
    pub name: String,
    /// Why.
    pub reason: String,
    /// How often.
    pub count: u64,
    /// The first record.
    pub evidence: LogPlace,
}

/// Events whose caller is none of the functions, or may be several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The caller.
    pub caller: Caller,
    /// Why: "no function has this name or runs as this role".
    pub reason: String,
    /// How many.
    pub count: u64,
    /// The first record.
    pub evidence: LogPlace,
}

impl Observation {
    /// Whether it was permitted at least once; what was only tried grants nothing.
    pub fn was_used(&self) -> bool {
        self.permitted > 0
    }
}

impl Activity {
    /// Nothing was observed.
    pub fn none(function: EntityId) -> Self {
        Self { function, observations: Vec::new(), unknown: Vec::new() }
    }
}
