use text::{Part, PartialText, Span};

use super::evaluator::{Evaluator, State};
use documents::value::{Kind, Member, Value};

/// Properties whose JSON may be written as a text.
///
/// Source: CloudFormation template reference: these properties are of the type Json.
const JSON_PROPERTIES: [&str; 8] = [
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "KeyPolicy",
    "ResourcePolicy",
    "Policy",
    "AccessPolicies",
    "FileSystemPolicy",
    "RegistryPolicyText",
];

/// Whether the property's text is a document.
pub(super) fn is_json_property(key: &str) -> bool {
    JSON_PROPERTIES.contains(&key)
}

impl Evaluator<'_> {
    /// The tree of a JSON text, with the places of its values where these can be found again;
    /// `None` where it is none. `raw` is what is written, `evaluated` what it gives.
    pub(super) fn json_tree(&self, raw: &Value, evaluated: &Value, state: &State) -> Option<Value> {
        let Kind::Text(text) = &evaluated.kind else { return None };
        match text.parts().first() {
            Some(Part::Literal(literal)) if literal.trim_start().starts_with(['{', '[']) => {}
            _ => return None,
        }
        self.written_tree(raw, state).or_else(|| tree_of_parts(text, evaluated))
    }

    /// The tree of a text that is written in one piece, perhaps with the names of `Sub` in it.
    fn written_tree(&self, raw: &Value, state: &State) -> Option<Value> {
        let (written, is_sub) = match (raw.tag.as_deref(), raw.members()) {
            (Some("!Sub"), _) => (raw, true),
            (None, [member]) if &*member.key == "Fn::Sub" && member.value.tag.is_none() => {
                (&member.value, true)
            }
            (None, []) => (raw, false),
            _ => return None,
        };
        // Further names are rare here; they go the other way.
        let text = written.as_str()?;
        let source = self.context.files.source(written.span.source)?;
        let mut tree = documents::parse_embedded_json(text, written.span.source)?;
        let map = Places::new(text, source.slice(written.span), written.span);
        map.relocate(&mut tree);
        if is_sub {
            self.substitute_texts(&mut tree, state);
        }
        Some(tree)
    }

    fn substitute_texts(&self, value: &mut Value, state: &State) {
        match &mut value.kind {
            Kind::Text(text) => {
                let literal = text.literal().filter(|literal| literal.contains("${"));
                if let Some(literal) = literal.map(str::to_owned) {
                    *value = self.substituted(&literal, value.span, &[], value.span, state);
                }
            }
            Kind::List(items) => {
                items.iter_mut().for_each(|item| self.substitute_texts(item, state));
            }
            Kind::Map(members) => {
                members.iter_mut().for_each(|member| {
                    self.substitute_texts(&mut member.value, state);
                });
            }
            _ => {}
        }
    }
}

/// Where the bytes of a text stand in the source.
struct Places {
    /// For each byte of the text, its offset in the source; empty if they cannot be found.
    offsets: Vec<u32>,
    whole: Span,
}

impl Places {
    /// Aligns a text with the source it was read from: both have the same letters but for white
    /// space, escapes and doubled quotes.
    fn new(text: &str, written: &str, whole: Span) -> Self {
        let nowhere = Self { offsets: Vec::new(), whole };
        let bytes = text.as_bytes();
        let source = written.as_bytes();
        let Some(first) = text.trim_start().bytes().next() else { return nowhere };
        let Some(mut at) = source.iter().position(|byte| *byte == first) else { return nowhere };
        let mut offsets = Vec::with_capacity(bytes.len() + 1);
        for byte in bytes {
            let here = whole.start.saturating_add(at as u32);
            if byte.is_ascii_whitespace() {
                offsets.push(here);
                continue;
            }
            loop {
                let next = source.get(at + 1);
                match source.get(at) {
                    Some(b'\\') if matches!(next, Some(b'n' | b't' | b'r')) && *byte != b'\\' => {
                        at += 2;
                    }
                    // An escaped quote or slash, or the end of a line in double quotes.
                    Some(b'\\') if next == Some(byte) => {
                        at += 1;
                        break;
                    }
                    Some(found) if found == byte => break,
                    Some(found) if found.is_ascii_whitespace() || *found == b'\\' => at += 1,
                    _ => return nowhere,
                }
            }
            offsets.push(whole.start.saturating_add(at as u32));
            at += 1;
            if *byte == b'\'' && source.get(at) == Some(&b'\'') {
                at += 1;
            }
        }
        offsets.push(whole.start.saturating_add(at as u32));
        Self { offsets, whole }
    }

    fn span(&self, span: Span) -> Span {
        let start = self.offsets.get(span.start as usize).copied();
        let last = (span.end as usize).checked_sub(1);
        let end = last.and_then(|last| self.offsets.get(last)).map(|last| last + 1);
        match (start, end) {
            (Some(start), Some(end)) => Span { source: self.whole.source, start, end },
            _ => self.whole,
        }
    }

    fn relocate(&self, value: &mut Value) {
        value.span = self.span(value.span);
        match &mut value.kind {
            Kind::List(items) => items.iter_mut().for_each(|item| self.relocate(item)),
            Kind::Map(members) => {
                for Member { key_span, value, .. } in members {
                    *key_span = self.span(*key_span);
                    self.relocate(value);
                }
            }
            _ => {}
        }
    }
}

/// Begins and ends the number of a part inside a text that is parsed as JSON.
const MARK: char = '\u{f8ff}';

/// The tree of a text with holes: each hole stands where it stood.
fn tree_of_parts(text: &PartialText, place: &Value) -> Option<Value> {
    let mut marked = String::new();
    let mut is_quoted = false;
    for (index, part) in text.parts().iter().enumerate() {
        match part {
            Part::Literal(literal) => {
                let mut is_escaped = false;
                for letter in literal.chars() {
                    match letter {
                        _ if is_escaped => is_escaped = false,
                        '\\' => is_escaped = true,
                        '"' => is_quoted = !is_quoted,
                        _ => {}
                    }
                }
                marked.push_str(literal);
            }
            _ if is_quoted => marked.push_str(&format!("{MARK}{index}{MARK}")),
            _ => marked.push_str(&format!("\"{MARK}{index}{MARK}\"")),
        }
    }
    let mut tree = documents::parse_embedded_json(&marked, place.span.source)?;
    restore(&mut tree, text, place);
    Some(tree)
}

fn restore(value: &mut Value, text: &PartialText, place: &Value) {
    value.span = place.span;
    value.origin = place.origin;
    match &mut value.kind {
        Kind::Text(inner) => {
            let Some(literal) = inner.literal().filter(|literal| literal.contains(MARK)) else {
                return;
            };
            let mut restored = PartialText::default();
            for (index, section) in literal.split(MARK).enumerate() {
                if index % 2 == 0 {
                    restored.push(Part::Literal(section.to_owned()));
                } else if let Ok(part) = section.parse::<usize>()
                    && let Some(part) = text.parts().get(part)
                {
                    restored.push(part.clone());
                }
            }
            *inner = restored;
        }
        Kind::List(items) => items.iter_mut().for_each(|item| restore(item, text, place)),
        Kind::Map(members) => {
            for member in members {
                member.key_span = place.span;
                restore(&mut member.value, text, place);
            }
        }
        _ => {}
    }
}
