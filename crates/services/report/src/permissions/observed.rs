//! What logs say, for machines.

use profile::{LogPlace, UnknownEvent};
use scan::Unjoined;
use schemars::JsonSchema;
use serde::Serialize;

use super::shown;

/// What logs say of an action on a resource, against the code and the policies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ObservedRow {
    /// The action.
    pub action: String,
    /// The ARN.
    pub resource: String,
    /// Whether the code or the templates say it too.
    pub code: bool,
    /// Whether the policies allow it; null where they are not known.
    pub granted: Option<bool>,
    /// How often it was permitted.
    pub count: u64,
    /// How often it was denied; that alone makes no need.
    pub denied: u64,
    /// The first time, as the log writes it.
    pub first: String,
    /// The last time.
    pub last: String,
    /// The first few records.
    pub evidence: Vec<LogRow>,
}

/// A record's place in a log.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogRow {
    /// The file.
    pub file: String,
    /// The line on which the record begins, from 1.
    pub line: u32,
    /// The record's number in the file, from 0.
    pub record: u64,
}

/// Events of a function of which nobody knows what they needed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnknownEventRow {
    /// The service's domain.
    pub service: String,
    /// The event's name.
    pub event: String,
    /// Why it is not known.
    pub reason: String,
    /// How often.
    pub count: u64,
    /// The first record.
    pub evidence: LogRow,
}

/// Records that are of no function.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnjoinedRow {
    /// The caller's ARN, or what the log has in its place; null where records of further callers
    /// are counted together.
    pub caller: Option<String>,
    /// Why they are of no function.
    pub reason: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub evidence: Option<LogRow>,
}

pub(super) fn observed(observed: &permissions::Observed) -> ObservedRow {
    let observation = &observed.observation;
    ObservedRow {
        action: observation.action.clone(),
        resource: shown(&observation.resource),
        code: observed.is_said,
        granted: observed.is_granted,
        count: observation.permitted,
        denied: observation.denied,
        first: observation.first.clone(),
        last: observation.last.clone(),
        evidence: observation.evidence.iter().map(place).collect(),
    }
}

pub(super) fn unknown(event: &UnknownEvent) -> UnknownEventRow {
    UnknownEventRow {
        service: event.source.clone(),
        event: event.name.clone(),
        reason: event.reason.clone(),
        count: event.count,
        evidence: place(&event.evidence),
    }
}

pub(super) fn unjoined(unjoined: &Unjoined) -> Vec<UnjoinedRow> {
    let callers = unjoined.callers.iter().map(|unmatched| UnjoinedRow {
        caller: Some(unmatched.caller.name.clone()),
        reason: unmatched.reason.clone(),
        count: unmatched.count,
        evidence: Some(place(&unmatched.evidence)),
    });
    let others = (unjoined.untold > 0).then(|| UnjoinedRow {
        caller: None,
        reason: "further callers".to_owned(),
        count: unjoined.untold,
        evidence: None,
    });
    callers.chain(others).collect()
}

pub(super) fn place(place: &LogPlace) -> LogRow {
    LogRow { file: place.file.to_string(), line: place.line, record: place.record }
}
