use std::collections::HashMap;

use text::{Loss, Part, PartialText, Source, Span};

use documents::value::{Kind, Member, Value};

/// Begins and ends the stand-in for a part that is known only at deployment: private-use
/// characters, which no real document contains.
const STAND_IN_START: char = '\u{E000}';
const STAND_IN_END: char = '\u{E001}';

/// A document written as one text (a policy, a state machine, an OpenAPI definition in JSON),
/// parsed to a tree; every place in it is the text's own. `None` where it is no document.
///
/// References inside the text stay references in the tree: each is replaced by a stand-in before
/// parsing and put back afterwards.
pub(super) fn document_in(text: &PartialText, span: Span) -> Option<Value> {
    let mut written = String::new();
    let mut parts = HashMap::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => written.push_str(literal),
            part => {
                let number = parts.len();
                written.push(STAND_IN_START);
                written.push_str(&number.to_string());
                written.push(STAND_IN_END);
                parts.insert(number.to_string(), part);
            }
        }
    }
    if !written.trim_start().starts_with(['{', '[']) && !written.contains(": ") {
        return None;
    }
    let parsed = documents::parse(&Source::new("", written), span.source);
    // Half a policy read as a whole one would be worse than none.
    if parsed.problems.iter().any(|problem| problem.loss == Loss::Incomplete) {
        return None;
    }
    let mut value = parsed.value?;
    restore(&mut value, &parts, span);
    matches!(value.kind, Kind::Map(_) | Kind::List(_)).then_some(value)
}

fn restore(value: &mut Value, parts: &HashMap<String, &Part>, span: Span) {
    value.span = span;
    value.origin = None;
    match &mut value.kind {
        Kind::Text(text) => {
            if text.has_literal(&STAND_IN_START.to_string()) {
                *text = restored(text, parts);
            }
        }
        Kind::List(items) => items.iter_mut().for_each(|item| restore(item, parts, span)),
        Kind::Map(members) => {
            for Member { key, key_span, value } in members {
                if key.contains(STAND_IN_START) {
                    *key = restored(&PartialText::known(&**key), parts).to_string().into();
                }
                *key_span = span;
                restore(value, parts, span);
            }
        }
        Kind::Branches(alternatives) => {
            alternatives.iter_mut().for_each(|branch| restore(&mut branch.value, parts, span));
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Unknown(_) => {}
    }
}

fn restored(text: &PartialText, parts: &HashMap<String, &Part>) -> PartialText {
    let mut restored = PartialText::default();
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            restored.push(part.clone());
            continue;
        };
        let mut rest = literal.as_str();
        while let Some((before, behind)) = rest.split_once(STAND_IN_START) {
            restored.push(Part::Literal(before.to_owned()));
            let Some((number, after)) = behind.split_once(STAND_IN_END) else { break };
            if let Some(part) = parts.get(number) {
                restored.push((*part).clone());
            }
            rest = after;
        }
        restored.push(Part::Literal(rest.to_owned()));
    }
    restored
}
