//! A comparison for machines.

use serde::Serialize;

use crate::Comparison;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    access: Vec<Access<'a>>,
    entries: Vec<Entry<'a>>,
    exposures: Vec<Exposure<'a>>,
    not_compared: &'a [String],
}

#[derive(Serialize)]
struct Access<'a> {
    holder: &'a str,
    kind: &'a str,
    new_holder: bool,
    action: &'a str,
    resource: &'a str,
    conditions: &'a [String],
    place: &'a str,
    doubt: Option<&'a str>,
}

#[derive(Serialize)]
struct Entry<'a> {
    entry: &'a str,
    target: Option<&'a str>,
    asks: &'a str,
    asked_before: Option<&'a str>,
    place: &'a str,
}

#[derive(Serialize)]
struct Exposure<'a> {
    rule: &'a str,
    message: &'a str,
    place: &'a str,
}

/// Writes a comparison as JSON; fields are added, never changed, within one `version`.
pub fn json(comparison: &Comparison) -> Result<String, serde_json::Error> {
    let access = comparison.access.iter().map(|found| Access {
        holder: &found.holder,
        kind: found.kind,
        new_holder: found.is_new_holder,
        action: &found.action,
        resource: &found.resource,
        conditions: &found.conditions,
        place: &found.place,
        doubt: found.doubt.as_deref(),
    });
    let entries = comparison.entries.iter().map(|found| Entry {
        entry: &found.entry,
        target: found.target.as_deref(),
        asks: found.asks,
        asked_before: found.asked,
        place: &found.place,
    });
    let exposures = comparison.exposures.iter().map(|found| Exposure {
        rule: found.rule,
        message: &found.message,
        place: &found.place,
    });
    let document = Document {
        version: 1,
        access: access.collect(),
        entries: entries.collect(),
        exposures: exposures.collect(),
        not_compared: &comparison.gaps,
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}
