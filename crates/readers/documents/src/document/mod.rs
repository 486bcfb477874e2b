//! YAML and JSON as [`crate::value::Value`] trees with spans, tags and recovery.
//!
//! A document that breaks the rules of its format is still read as far as it can be: what was wrong
//! is a problem at its place, and everything else is kept.

mod json;
mod recovery;
mod scalar;
mod yaml;

use text::{Loss, Problem, Source, SourceId, Span};

use crate::Parsed;
use crate::value::Value;

/// Collections inside one another; what lies deeper is a problem and not read.
pub const NESTING_LIMIT: usize = 128;

/// Problems of syntax reported for one document; the rest would only repeat them.
const PROBLEM_LIMIT: usize = 20;

/// Problems kept of one document.
const KEPT_PROBLEMS: usize = 100;

/// Parses a YAML or JSON text.
pub fn parse(source: &Source, id: SourceId) -> Parsed {
    let mut parsed = parse_whole(source, id);
    if parsed.problems.len() > KEPT_PROBLEMS {
        // What was lost is said first.
        parsed.problems.sort_by_key(|problem| std::cmp::Reverse(problem.loss));
        let rest = parsed.problems.split_off(KEPT_PROBLEMS);
        let message = format!("{} more problems of this file are not listed", rest.len());
        let loss = rest.first().map_or(Loss::Nothing, |problem| problem.loss);
        let place = Span::file(id).into();
        parsed.problems.push(Problem { message, help: None, place, loss });
    }
    parsed
}

fn parse_whole(source: &Source, id: SourceId) -> Parsed {
    let text = source.text.as_str();
    let begin = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let body = text.get(begin..).unwrap_or_default();
    if body.bytes().any(|byte| byte == 0) {
        let place = Span::file(id).into();
        let problem = Problem::incomplete("this is a binary file, not a document", place);
        return Parsed { value: None, problems: vec![problem] };
    }
    match body.trim_start().as_bytes().first() {
        Some(b'{' | b'[') => {
            let parsed = json::parse(body, begin, id);
            if parsed.problems.is_empty() || source.path.ends_with(".json") {
                return parsed;
            }
            // Flow style of YAML looks like JSON and is not.
            let other = yaml::parse(body, begin, id);
            if other.problems.len() < parsed.problems.len() { other } else { parsed }
        }
        _ => recovery::parse(body, begin, id),
    }
}

/// Parses a JSON text that stands inside another document; `None` where it is no JSON.
///
/// Spans are offsets in `text` itself.
pub fn parse_embedded_json(text: &str, id: SourceId) -> Option<Value> {
    let parsed = json::parse(text, 0, id);
    if parsed.problems.is_empty() { parsed.value } else { None }
}
