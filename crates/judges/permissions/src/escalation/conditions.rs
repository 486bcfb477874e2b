//! Whether the conditions of a statement can hold.

use iam::Statement;
use iam::pattern::{Case, wildcard_matches};
use text::{PartialText, Said};

use super::names::Spelled;

/// What is known of a request before it is made.
pub(crate) struct Context {
    /// Keys with the value they have; `None` for those that the request does not carry.
    pub(crate) keys: Vec<(&'static str, Option<String>)>,
    /// A day that is past, as `2026-11-22`: requests are made later.
    pub(crate) day: &'static str,
}

/// Whether something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holds {
    No,
    Perhaps,
    Yes,
}

/// Whether all conditions of a statement hold.
///
/// Source: IAM user guide, "IAM JSON policy elements: Condition operators".
pub(crate) fn hold(
    statement: &Statement,
    context: &Context,
    spelled: &dyn Fn(&PartialText) -> Spelled,
) -> Holds {
    let each = statement.conditions.iter().map(|condition| {
        let operator = Operator::of(&condition.operator);
        let key = condition.key.to_ascii_lowercase();
        let values: Vec<Spelled> =
            condition.values.iter().map(|said| spelled(&said.value)).collect();
        if TIMES.contains(&key.as_str()) {
            return operator.holds_from(context.day, &condition.values);
        }
        match context.keys.iter().find(|(known, _)| *known == key) {
            None => Holds::Perhaps,
            Some((_, None)) => operator.holds_without_key(&values),
            Some((_, Some(value))) => operator.holds(value, &values),
        }
    });
    each.min().unwrap_or(Holds::Yes)
}

/// Keys that hold a moment of the request or shortly before it.
const TIMES: &[&str] = &["aws:currenttime", "aws:tokenissuetime"];

struct Operator {
    /// Without what stands before and behind it, in lower case.
    name: String,
    /// Whether a request without the key satisfies it.
    allows_absence: bool,
}

impl Operator {
    fn of(written: &str) -> Self {
        let written = written.to_ascii_lowercase();
        let name = written.rsplit(':').next().unwrap_or(&written);
        let base = name.strip_suffix("ifexists").unwrap_or(name);
        Self {
            name: base.to_owned(),
            allows_absence: base != name || written.starts_with("forallvalues:"),
        }
    }

    fn holds(&self, value: &str, values: &[Spelled]) -> Holds {
        let case = if self.name.contains("ignorecase") || self.name == "bool" {
            Case::Insensitive
        } else {
            Case::Sensitive
        };
        let is_pattern = self.name.contains("like") || self.name.starts_with("arn");
        let matches = |spelled: &Spelled| match (is_pattern || !spelled.is_known, case) {
            (true, case) => wildcard_matches(&spelled.text, value, case),
            (false, Case::Sensitive) => spelled.text == value,
            (false, Case::Insensitive) => spelled.text.eq_ignore_ascii_case(value),
        };
        let surely = values.iter().any(|spelled| spelled.is_known && matches(spelled));
        let perhaps = values.iter().any(matches);
        let found = match (surely, perhaps) {
            (true, _) => Holds::Yes,
            (false, true) => Holds::Perhaps,
            (false, false) => Holds::No,
        };
        match self.name.as_str() {
            "null" => match values.iter().any(|spelled| spelled.text == "true") {
                true => Holds::No,
                false => Holds::Yes,
            },
            "stringequals"
            | "stringequalsignorecase"
            | "stringlike"
            | "arnequals"
            | "arnlike"
            | "bool" => found,
            name if name.contains("not") => found.reversed(),
            _ => Holds::Perhaps,
        }
    }

    fn holds_without_key(&self, values: &[Spelled]) -> Holds {
        let is_satisfied = match self.name.as_str() {
            "null" => values.iter().any(|spelled| spelled.text == "true"),
            name => self.allows_absence || name.contains("not"),
        };
        if is_satisfied { Holds::Yes } else { Holds::No }
    }

    /// Compares a moment after `day` with those written.
    fn holds_from(&self, day: &str, values: &[Said<PartialText>]) -> Holds {
        let is_past = |said: &Said<PartialText>| {
            let written = said.value.literal().and_then(|literal| literal.get(..10));
            written.is_some_and(|written| written.as_bytes().get(4) == Some(&b'-') && written < day)
        };
        if values.is_empty() || !values.iter().all(is_past) {
            return Holds::Perhaps;
        }
        match self.name.as_str() {
            "datelessthan" | "datelessthanequals" | "dateequals" => Holds::No,
            "dategreaterthan" | "dategreaterthanequals" | "datenotequals" => Holds::Yes,
            _ => Holds::Perhaps,
        }
    }
}

impl Holds {
    pub(crate) fn reversed(self) -> Self {
        match self {
            Holds::No => Holds::Yes,
            Holds::Perhaps => Holds::Perhaps,
            Holds::Yes => Holds::No,
        }
    }
}
