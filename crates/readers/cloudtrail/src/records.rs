//! Records as JSON, and what each says.

use std::collections::HashSet;
use std::sync::Arc;

use profile::{Caller, Event, LogPlace, Outcome};
use serde_json::{Map, Value};
use text::{Place, Problem};

use crate::calls;
use crate::limits::MOST_PROBLEMS;
use crate::splitter::{Piece, Splitter};

/// Records whose ids are kept, so that a record which two files hold counts once.
const MOST_IDS: usize = 1 << 20;

/// What is remembered from one file to the next.
#[derive(Default)]
pub(crate) struct Memory {
    calls: calls::Calls,
    ids: HashSet<String>,
}

/// The records of one file.
pub(crate) struct Trail<'a> {
    shown: Arc<str>,
    splitter: Splitter,
    reader: Reader<'a>,
}

struct Reader<'a> {
    shown: Arc<str>,
    take: &'a mut dyn FnMut(Event),
    memory: &'a mut Memory,
    /// Records that were found so far.
    count: u64,
    problems: Vec<Problem>,
    untold: usize,
}

impl<'a> Trail<'a> {
    pub(crate) fn new(shown: &str, memory: &'a mut Memory, take: &'a mut dyn FnMut(Event)) -> Self {
        let shown: Arc<str> = Arc::from(shown);
        Self {
            shown: shown.clone(),
            splitter: Splitter::default(),
            reader: Reader { shown, take, memory, count: 0, problems: Vec::new(), untold: 0 },
        }
    }

    /// Looks at more of the file's text.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        let reader = &mut self.reader;
        self.splitter.add(bytes, &mut |line, piece| reader.look_at(line, piece));
    }

    /// The text has ended, for a reason if it was not whole.
    pub(crate) fn finish(mut self, end: Option<String>) -> Vec<Problem> {
        let reader = &mut self.reader;
        self.splitter.finish(&mut |line, piece| reader.look_at(line, piece));
        let mut problems = self.reader.problems;
        let mut tell = |message: String| {
            problems.push(Problem::incomplete(message, Place::Path(self.shown.to_string())));
        };
        if self.reader.untold > 0 {
            tell(format!("{} more records cannot be read", self.reader.untold));
        }
        if let Some(why) = end {
            tell(format!("{why}; {} records before that were read", self.reader.count));
        }
        problems
    }
}

impl Reader<'_> {
    fn look_at(&mut self, line: u32, piece: Piece<'_>) {
        match piece {
            Piece::Record(text) => match serde_json::from_slice(text) {
                Ok(value) => self.record(line, value),
                Err(error) => self.mend(line, text, &error.to_string()),
            },
            Piece::Broken(text) => self.mend(line, text, "the text ends within it"),
            Piece::TooLarge => self.refuse(line, "it is too large"),
            Piece::Stray => self.refuse(line, "it is no JSON object"),
        }
    }

    /// A line that was cut takes the lines behind it along: what is whole on a line of its own is
    /// read all the same.
    fn mend(&mut self, line: u32, text: &[u8], why: &str) {
        self.refuse(line, why);
        for (at, text) in text.split(|byte| *byte == b'\n').enumerate().skip(1) {
            if let Ok(Value::Object(record)) = serde_json::from_slice(text)
                && (record.contains_key("eventName") || record.contains_key("detail"))
            {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                self.record(line.saturating_add(at), Value::Object(record));
            }
        }
    }

    fn refuse(&mut self, line: u32, why: &str) {
        if self.problems.len() >= MOST_PROBLEMS {
            self.untold += 1;
            return;
        }
        let message = format!("the record on line {line} cannot be read: {why}");
        self.problems.push(Problem::incomplete(message, Place::Path(self.shown.to_string())));
    }

    fn record(&mut self, line: u32, value: Value) {
        let Value::Object(mut record) = value else { return self.refuse(line, "it is no object") };
        // EventBridge puts a record into `detail`, `lookup-events` as a text into
        // `CloudTrailEvent`.
        if let Some(Value::Object(detail)) = record.remove("detail") {
            record = detail;
        } else if let Some(Value::String(text)) = record.get("CloudTrailEvent") {
            match serde_json::from_str(text) {
                Ok(Value::Object(inner)) => record = inner,
                _ => return self.refuse(line, "its `CloudTrailEvent` is no JSON object"),
            }
        }
        let (Some(source), Some(name)) =
            (text_at(&record, "eventSource"), text_at(&record, "eventName"))
        else {
            return self.refuse(line, "it has no `eventSource` and `eventName`");
        };
        let place = LogPlace { file: self.shown.clone(), line, record: self.count };
        self.count += 1;
        if let Some(id) = text_at(&record, "eventID")
            && self.memory.ids.len() < MOST_IDS
            && !self.memory.ids.insert(id.to_owned())
        {
            return;
        }
        let needs = self.memory.calls.needs(source, name, &record);
        (self.take)(Event {
            time: text_at(&record, "eventTime").unwrap_or_default().to_owned(),
            source: source.to_owned(),
            name: name.to_owned(),
            outcome: outcome(&record),
            caller: caller(&record),
            account: text_at(&record, "recipientAccountId").unwrap_or_default().to_owned(),
            region: text_at(&record, "awsRegion").unwrap_or_default().to_owned(),
            needs,
            place,
        });
    }
}

fn text_at<'a>(record: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    record.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// Words in the codes of calls that were not allowed.
const DENIED: &[&str] =
    &["accessdenied", "unauthorized", "notauthorized", "authorizationerror", "forbidden"];

/// Words in the codes of calls that failed before anything was allowed or denied.
const REJECTED: &[&str] = &[
    "expired",
    "invalidclienttoken",
    "unrecognizedclient",
    "signature",
    "authfailure",
    "optinrequired",
    "validation",
    "malformed",
    "missingparameter",
    "unknownparameter",
    "invalidparameter",
    "throttl",
];

fn outcome(record: &Map<String, Value>) -> Outcome {
    let Some(code) = text_at(record, "errorCode") else { return Outcome::Permitted };
    let folded: String =
        code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    match () {
        () if has(DENIED) => Outcome::Denied(code.to_owned()),
        () if has(REJECTED) => Outcome::Rejected(code.to_owned()),
        // What is asked for is not there: that is told to who may ask.
        () => Outcome::Permitted,
    }
}

/// Who called: of an assumed role its name and the session's.
///
/// Source: CloudTrail user guide, "CloudTrail userIdentity element".
fn caller(record: &Map<String, Value>) -> Caller {
    let identity = record.get("userIdentity").and_then(Value::as_object);
    let arn = identity.and_then(|identity| text_at(identity, "arn"));
    let assumed = arn.and_then(|arn| arn.split_once(":assumed-role/"));
    let names = assumed.and_then(|(_, names)| names.rsplit_once('/'));
    let other = || {
        let identity = identity?;
        ["arn", "invokedBy", "principalId", "type"].iter().find_map(|key| text_at(identity, key))
    };
    Caller {
        name: arn.or_else(other).unwrap_or_default().to_owned(),
        role: names.map(|(role, _)| role.rsplit('/').next().unwrap_or(role).to_owned()),
        session: names.map(|(_, session)| session.to_owned()),
    }
}
