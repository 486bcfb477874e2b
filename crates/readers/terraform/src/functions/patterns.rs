//! Functions over texts by regular expressions.
//!
//! Terraform's patterns are RE2's, and so, but for rare escapes, are ours: both take linear time.

use regex::{Captures, Regex, RegexBuilder};

use super::Call;
use crate::values::{self, error};
use documents::value::{Kind, Member, Value};

/// Bytes that a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;

/// Bytes of a text that is searched or made.
const LONGEST_TEXT: usize = 1 << 20;

/// Matches of `regexall`.
const MOST_MATCHES: usize = 10_000;

pub(super) fn call(call: &Call<'_>) -> Option<Value> {
    let result = match call.name {
        "regex" => first_match(call),
        "regexall" => all_matches(call),
        _ => return None,
    };
    Some(match result {
        Ok(value) | Err(value) => value,
    })
}

/// `replace` with a pattern between slashes; `$1` and `${name}` stand for groups.
pub(super) fn replaced(call: &Call<'_>, pattern: &str, with: &str) -> Result<Value, Value> {
    let pattern = compiled(call, pattern)?;
    let text = searched(call, 0)?;
    let replaced = pattern.replace_all(&text, with);
    if replaced.len() > LONGEST_TEXT {
        return Err(call.evaluator.lost("the text is too long to evaluate", call.span));
    }
    Ok(values::string(replaced, call.span))
}

fn first_match(call: &Call<'_>) -> Result<Value, Value> {
    let (pattern, text) = (compiled(call, &call.string(0)?)?, searched(call, 1)?);
    let captures = pattern.captures(&text);
    let captures = captures.ok_or_else(|| error("the pattern does not match", call.span))?;
    Ok(matched(call, &pattern, &captures))
}

fn all_matches(call: &Call<'_>) -> Result<Value, Value> {
    let (pattern, text) = (compiled(call, &call.string(0)?)?, searched(call, 1)?);
    let matches: Vec<Value> = pattern
        .captures_iter(&text)
        .take(MOST_MATCHES + 1)
        .map(|captures| matched(call, &pattern, &captures))
        .collect();
    if matches.len() > MOST_MATCHES {
        return Err(call.unknown("the pattern matches too often"));
    }
    Ok(call.list(matches))
}

fn compiled(call: &Call<'_>, pattern: &str) -> Result<Regex, Value> {
    let pattern = RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build();
    pattern.map_err(|_| call.unknown(format!("the pattern of `{}` is not readable", call.name)))
}

fn searched(call: &Call<'_>, index: usize) -> Result<String, Value> {
    let text = call.string(index)?;
    if text.len() > LONGEST_TEXT {
        Err(call.evaluator.lost("the text is too long to evaluate", call.span))
    } else {
        Ok(text)
    }
}

/// The whole match where the pattern has no groups, else its groups by position or by name.
fn matched(call: &Call<'_>, pattern: &Regex, captures: &Captures<'_>) -> Value {
    let group = |found: Option<regex::Match<'_>>| match found {
        Some(found) => values::string(found.as_str(), call.span),
        None => Value::new(Kind::Null, call.span),
    };
    if pattern.captures_len() == 1 {
        return group(captures.get(0));
    }
    let named = pattern.capture_names().flatten().map(|name| Member {
        key: name.into(),
        key_span: call.span,
        value: group(captures.name(name)),
    });
    let named: Vec<Member> = named.collect();
    if named.is_empty() {
        return call.list(captures.iter().skip(1).map(group).collect());
    }
    Value::new(Kind::Map(named), call.span)
}
