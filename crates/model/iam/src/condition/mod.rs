//! Whether a condition of a policy holds for a request.
//!
//! Source: the AWS Identity and Access Management user guide, "IAM JSON policy elements: Condition
//! operators" and "Set operators for multi-valued context keys".

mod comparison;
pub(crate) mod operator;

use text::PartialText;

use self::operator::{Absence, Comparison, Operator, Quantifier, Sense};
use crate::evaluate::answer::Answer;
use crate::evaluate::request::{Context, Values};
use crate::{Condition, Version};

/// Tells whether a condition holds in a request's context.
pub(crate) fn holds(condition: &Condition, version: Version, context: &Context) -> Answer {
    let Some(operator) = Operator::parse(&condition.operator) else {
        let unknown = condition.values.iter().find_map(|said| said.value.unknown_reason());
        let why = match unknown {
            Some(why) => why.to_owned(),
            None => format!("`{}` is no condition operator", condition.operator),
        };
        return Answer::perhaps(why, condition.span);
    };
    let values = context.values(&condition.key);
    if operator.comparison == Comparison::Null {
        return is_absent(condition, &values);
    }
    match values {
        Values::Given(values) => compare(condition, operator, values, version, context),
        Values::Absent => Answer::known(match (operator.absence, operator.quantifier) {
            (Absence::Holds, _) | (_, Quantifier::All) => true,
            (_, Quantifier::Any) => false,
            (_, Quantifier::Single) => operator.sense == Sense::IsNot,
        }),
        Values::NotTold => {
            let why = format!("`{}` is in every request and was not told", condition.key);
            Answer::perhaps(why, condition.span)
        }
    }
}

/// `Null`: any value `true` asks for a request without the key, any other for one with it.
fn is_absent(condition: &Condition, values: &Values<'_>) -> Answer {
    let is_absent = *values == Values::Absent;
    Answer::any(condition.values.iter().map(|said| match said.value.literal() {
        Some(word) => Answer::known(word.eq_ignore_ascii_case("true") == is_absent),
        None => Answer::perhaps(format!("`{}` is known only at deployment", said.value), said.span),
    }))
}

fn compare(
    condition: &Condition,
    operator: Operator,
    values: &[PartialText],
    version: Version,
    context: &Context,
) -> Answer {
    let compares =
        |value: &PartialText| {
            Answer::any(condition.values.iter().map(|said| {
                comparison::compares(operator.comparison, said, value, version, context)
            }))
        };
    match (operator.quantifier, operator.sense) {
        (Quantifier::Single | Quantifier::Any, Sense::Is) => {
            Answer::any(values.iter().map(compares))
        }
        (Quantifier::Single | Quantifier::All, Sense::IsNot) => {
            Answer::any(values.iter().map(compares)).not()
        }
        (Quantifier::All, Sense::Is) => Answer::all(values.iter().map(compares)),
        (Quantifier::Any, Sense::IsNot) => Answer::all(values.iter().map(compares)).not(),
    }
}
