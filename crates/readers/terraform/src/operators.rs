//! Operators over values that may be unknown.

use hcl_edit::expr::BinaryOperator;
use text::Span;

use super::values::{self, error, is_error};
use documents::value::{Kind, Value};

/// Applies a binary operator; `&&` and `||` are decided by one side where that is enough.
pub(super) fn binary(left: &Value, operator: BinaryOperator, right: &Value, span: Span) -> Value {
    use BinaryOperator as Op;
    if is_error(left) {
        return left.clone();
    }
    let unknown = || {
        let holed = if values::has_holes(left) { left } else { right };
        Value::unknown(values::why(holed), span)
    };
    match operator {
        Op::And | Op::Or => {
            let deciding = operator == Op::Or;
            match (values::as_bool(left), values::as_bool(right)) {
                (Some(value), _) if value == deciding => values::boolean(deciding, span),
                (_, Some(value)) if value == deciding && !is_error(left) => {
                    values::boolean(deciding, span)
                }
                (Some(_), Some(_)) => values::boolean(!deciding, span),
                _ if is_error(right) => right.clone(),
                _ => unknown(),
            }
        }
        Op::Eq | Op::NotEq => {
            let wanted = operator == Op::Eq;
            if is_error(right) {
                return right.clone();
            }
            // A resource's attribute is never null.
            let null = left.is_null() || right.is_null();
            let unclear =
                matches!(left.kind, Kind::Unknown(_)) || matches!(right.kind, Kind::Unknown(_));
            if !unclear && null {
                return values::boolean((left.is_null() && right.is_null()) == wanted, span);
            }
            if values::has_holes(left) || values::has_holes(right) {
                return unknown();
            }
            let same = values::same(left, right)
                || matches!((values::as_string(left), values::as_string(right)), (Some(left), Some(right)) if left == right);
            values::boolean(same == wanted, span)
        }
        _ if is_error(right) => right.clone(),
        _ => {
            let (Some(first), Some(second)) = (values::as_number(left), values::as_number(right))
            else {
                return unknown();
            };
            match operator {
                Op::Plus => values::number(first + second, span),
                Op::Minus => values::number(first - second, span),
                Op::Mul => values::number(first * second, span),
                Op::Div if second == 0.0 => error("division by zero", span),
                Op::Div => values::number(first / second, span),
                Op::Mod if second == 0.0 => error("division by zero", span),
                Op::Mod => values::number(first % second, span),
                Op::Less => values::boolean(first < second, span),
                Op::LessEq => values::boolean(first <= second, span),
                Op::Greater => values::boolean(first > second, span),
                Op::GreaterEq => values::boolean(first >= second, span),
                Op::And | Op::Or | Op::Eq | Op::NotEq => unknown(),
            }
        }
    }
}
