//! What a call passes at a path: `Bucket`, `Entries[].EventBusName`, `RequestItems{}`.

use text::{Part, PartialText};

use super::catalog::Operation;
use super::{Argument, Call};

/// What lies at one place that a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// A text, as far as it is known.
    Text(PartialText),
    /// Something that is no text.
    Present,
    /// Nothing was passed.
    Absent,
    /// Something may have been passed, and what is not known, for this reason.
    Maybe(String),
}

/// Follows a path; several results where it leads through lists and alternatives, at least one.
///
/// Shape: members apart by dots; `[]` goes into every element, `{}` to every key of a map.
pub(super) fn find(call: &Call, operation: &Operation, path: &str) -> Vec<Found> {
    let (first, rest) = split(path);
    let (name, into) = step(first);
    let mut found = Vec::new();
    let passed = call.arguments.iter().filter(|(passed, _)| passed.eq_ignore_ascii_case(name));
    for (_, argument) in passed {
        enter(argument, into, rest, &mut found);
    }
    if found.is_empty() {
        found.push(match missing(call, operation, name) {
            Some(why) => Found::Maybe(why),
            None => Found::Absent,
        });
    }
    found
}

/// Why a member that the call does not list may have been passed all the same.
fn missing(call: &Call, operation: &Operation, name: &str) -> Option<String> {
    let is_passed = call.arguments.iter().any(|(passed, _)| passed.eq_ignore_ascii_case(name));
    let (_, required) =
        operation.members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name))?;
    match &call.rest_unknown {
        _ if is_passed => None,
        Some(why) => Some(why.clone()),
        None => required.then(|| format!("`{name}` was not found among the arguments")),
    }
}

#[derive(Clone, Copy)]
enum Into {
    Itself,
    Elements,
    Keys,
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)))
}

fn step(step: &str) -> (&str, Into) {
    if let Some(name) = step.strip_suffix("[]") {
        (name, Into::Elements)
    } else if let Some(name) = step.strip_suffix("{}") {
        (name, Into::Keys)
    } else {
        (step, Into::Itself)
    }
}

fn enter(argument: &Argument, into: Into, rest: Option<&str>, found: &mut Vec<Found>) {
    match (argument, into) {
        (Argument::Unknown(why), _) => found.push(Found::Maybe(why.clone())),
        (Argument::Either(several), _) => {
            several.iter().for_each(|one| enter(one, into, rest, found));
        }
        (Argument::List(elements), Into::Elements) => {
            elements.iter().for_each(|element| enter(element, Into::Itself, rest, found));
        }
        (Argument::Map(entries), Into::Keys) => {
            found.extend(entries.iter().map(|(key, _)| Found::Text(key.clone())));
        }
        // One element may stand for the list of it.
        (Argument::Map(_) | Argument::Text(_), Into::Elements) => {
            enter(argument, Into::Itself, rest, found);
        }
        (_, Into::Elements | Into::Keys) => found.push(shapeless()),
        (argument, Into::Itself) => match rest {
            Some(rest) => descend(argument, rest, found),
            None => found.push(match argument {
                Argument::Text(text) => Found::Text(text.clone()),
                _ => Found::Present,
            }),
        },
    }
}

fn descend(argument: &Argument, path: &str, found: &mut Vec<Found>) {
    let (first, rest) = split(path);
    let (name, into) = step(first);
    match argument {
        Argument::Map(entries) => {
            let before = found.len();
            for (key, value) in entries {
                match key.literal() {
                    Some(key) if key.eq_ignore_ascii_case(name) => enter(value, into, rest, found),
                    Some(_) => {}
                    None => found.push(Found::Maybe(
                        key.unknown_reason().unwrap_or("a key of the map is not known").to_owned(),
                    )),
                }
            }
            if found.len() == before {
                found.push(Found::Absent);
            }
        }
        // S3's `CopySource` may be written as one text: `bucket/key`.
        Argument::Text(text) => found.push(source(text, name)),
        _ => found.push(shapeless()),
    }
}

fn shapeless() -> Found {
    Found::Maybe("the argument has another shape than the API's".to_owned())
}

/// Takes a part out of `bucket/key?versionId=version`.
fn source(text: &PartialText, name: &str) -> Found {
    let (path, version) = split_text(&unescaped(text), "?versionId=");
    let (bucket, key) = split_text(&path, "/");
    match (name, key, version) {
        ("Bucket" | "Key", None, _) => Found::Maybe("the source is not known".to_owned()),
        ("Bucket", Some(_), _) => Found::Text(bucket),
        ("Key", Some(key), _) => Found::Text(key),
        ("VersionId", _, Some(version)) => Found::Text(version),
        ("VersionId", _, None) => Found::Absent,
        _ => shapeless(),
    }
}

/// The text whose slashes and question marks are escaped, as URLs may have them.
fn unescaped(text: &PartialText) -> PartialText {
    let mut plain = PartialText::default();
    for part in text.parts() {
        plain.push(match part {
            Part::Literal(literal) => {
                Part::Literal(literal.replace("%2F", "/").replace("%3F", "?").replace("%3D", "="))
            }
            part => part.clone(),
        });
    }
    plain
}

/// Splits a text at the first place where a literal part holds the separator; one that begins the
/// text is dropped.
pub(super) fn split_text(
    text: &PartialText,
    separator: &str,
) -> (PartialText, Option<PartialText>) {
    let (mut before, mut after) = (PartialText::default(), None::<PartialText>);
    for (place, part) in text.parts().iter().enumerate() {
        match (part, &mut after) {
            (part, Some(after)) => after.push(part.clone()),
            (Part::Literal(literal), None) => {
                let begin = if place == 0 { literal.strip_prefix(separator) } else { None };
                let literal = begin.unwrap_or(literal);
                match literal.split_once(separator) {
                    Some((left, right)) => {
                        before.push(Part::Literal(left.to_owned()));
                        after = Some(PartialText::known(right));
                    }
                    None => before.push(Part::Literal(literal.to_owned())),
                }
            }
            (part, None) => before.push(part.clone()),
        }
    }
    (before, after)
}
