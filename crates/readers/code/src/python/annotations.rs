use ruff_python_ast::{Expr, Operator};
use ruff_text_size::Ranged;
use text::{SourceId, Span};

use crate::tree::Type;

/// Annotations say what they mean around their argument: the argument alone counts.
const WRAPPERS: &[&str] =
    &["Optional", "Annotated", "Final", "ClassVar", "Required", "NotRequired"];

/// Annotations are not followed deeper than this.
const DEEPEST: u8 = 20;

/// The type that an annotation names; of a union the first that is not `None`.
pub(super) fn type_of(annotation: &Expr, source: SourceId) -> Option<Type> {
    type_within(annotation, source, 0)
}

fn type_within(annotation: &Expr, source: SourceId, depth: u8) -> Option<Type> {
    if depth > DEEPEST {
        return None;
    }
    let range = annotation.range();
    let span = Span::new(source, range.start().to_usize(), range.end().to_usize());
    let within = |inner: &Expr| type_within(inner, source, depth + 1);
    match annotation {
        Expr::Name(_) | Expr::Attribute(_) => {
            Some(Type { span, path: path_of(annotation)?, arguments: Vec::new() })
        }
        Expr::StringLiteral(text) => {
            let parsed = ruff_python_parser::parse_expression(text.value.to_str()).ok()?;
            let mut named = type_within(parsed.expr(), source, depth + 1)?;
            // Its places are those of the text itself.
            named.span = span;
            Some(named)
        }
        Expr::BinOp(union) if union.op == Operator::BitOr => {
            within(&union.left).or_else(|| within(&union.right))
        }
        Expr::Subscript(subscript) => {
            let path = path_of(&subscript.value)?;
            let arguments: Vec<&Expr> = match &*subscript.slice {
                Expr::Tuple(tuple) => tuple.elts.iter().collect(),
                argument => vec![argument],
            };
            let last = path.last().map(String::as_str).unwrap_or_default();
            if last == "Union" {
                return arguments.into_iter().find_map(within);
            }
            if WRAPPERS.contains(&last) {
                return arguments.into_iter().next().and_then(within);
            }
            let arguments = arguments.into_iter().filter_map(within).collect();
            Some(Type { span, path, arguments })
        }
        _ => None,
    }
}

fn path_of(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::Name(name) => Some(vec![name.id.as_str().to_owned()]),
        Expr::Attribute(attribute) => {
            let mut path = path_of(&attribute.value)?;
            path.push(attribute.attr.as_str().to_owned());
            Some(path)
        }
        _ => None,
    }
}
