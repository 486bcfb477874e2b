use text::{Condition, Span};

use documents::value::{Alternative, Kind, Value, both};

/// Combinations of conditions that one value may have; more are unknown.
const COMBINATION_LIMIT: usize = 32;

/// Applies `combine` to every possible combination of the arguments' branches.
pub(super) fn spread(
    arguments: &[&Value],
    span: Span,
    combine: &dyn Fn(&[&Value]) -> Value,
) -> Value {
    if !arguments.iter().any(|argument| matches!(argument.kind, Kind::Branches(_))) {
        return combine(arguments);
    }
    let mut rows: Vec<(Option<Condition>, Vec<&Value>)> = vec![(None, Vec::new())];
    for argument in arguments {
        let mut alternatives = Vec::new();
        collect(argument, None, &mut alternatives);
        let mut longer = Vec::new();
        for (condition, values) in &rows {
            for (other, value) in &alternatives {
                if contradict(condition.as_deref(), other.as_deref()) {
                    continue;
                }
                let mut values = values.clone();
                values.push(value);
                longer.push((conjunction(condition.as_ref(), other.as_ref()), values));
            }
            if longer.len() > COMBINATION_LIMIT {
                return Value::unknown("too many conditions meet in this value", span);
            }
        }
        rows = longer;
    }
    let mut alternatives: Vec<Alternative> = Vec::new();
    for (condition, values) in rows {
        let value = combine(&values);
        match condition {
            Some(condition) => alternatives.push(Alternative { condition, value }),
            None => return value,
        }
    }
    Value::new(Kind::Branches(alternatives), span)
}

/// All outcomes of a value with their conditions.
fn collect<'a>(
    value: &'a Value,
    condition: Option<Condition>,
    found: &mut Vec<(Option<Condition>, &'a Value)>,
) {
    match &value.kind {
        Kind::Branches(alternatives) => {
            for alternative in alternatives {
                if !contradict(condition.as_deref(), Some(&alternative.condition)) {
                    let condition = conjunction(condition.as_ref(), Some(&alternative.condition));
                    collect(&alternative.value, condition, found);
                }
            }
        }
        _ => found.push((condition, value)),
    }
}

/// Both conditions in words, none said twice.
fn conjunction(first: Option<&Condition>, second: Option<&Condition>) -> Option<Condition> {
    match (first, second) {
        (Some(first), Some(second)) => {
            let said: Vec<&str> = first.split(" and ").collect();
            let new: Vec<&str> =
                second.split(" and ").filter(|clause| !said.contains(clause)).collect();
            if new.is_empty() {
                return Some(first.clone());
            }
            both(Some(first), Some(&Condition::from(new.join(" and "))))
        }
        (first, second) => both(first, second),
    }
}

/// Whether two conditions in words exclude one another.
fn contradict(first: Option<&str>, second: Option<&str>) -> bool {
    let (Some(first), Some(second)) = (first, second) else { return false };
    first.split(" and ").any(|clause| {
        let subject = |clause: &str| {
            let (subject, outcome) = clause.rsplit_once(" is ")?;
            Some((subject.to_owned(), outcome.to_owned()))
        };
        second.split(" and ").any(|other| match (subject(clause), subject(other)) {
            (Some((subject, outcome)), Some((other_subject, other_outcome))) => {
                subject == other_subject && outcome != other_outcome
            }
            _ => false,
        })
    })
}

/// A value that is used at another place than where it was said.
pub(super) fn relocated(mut value: Value, span: Span) -> Value {
    value.origin = value.origin.or(Some(value.span));
    value.span = span;
    value.kind = match value.kind {
        Kind::Branches(alternatives) => Kind::Branches(
            alternatives
                .into_iter()
                .map(|alternative| Alternative {
                    condition: alternative.condition,
                    value: relocated(alternative.value, span),
                })
                .collect(),
        ),
        Kind::List(items) => {
            Kind::List(items.into_iter().map(|item| relocated(item, span)).collect())
        }
        kind => kind,
    };
    value
}
