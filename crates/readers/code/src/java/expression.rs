use std::rc::Rc;

use tree_sitter::Node;

use super::{Reader, choice, class, method, name, positional, types};
use crate::syntax::{before, children, field, unescaped};
use crate::tree::{Act, Argument, Declares, Element, Expression, Form};

/// An expression.
pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let expression = if reader.syntax.enter(node) {
        form(reader, node)
    } else {
        reader.syntax.expression(node, Form::Opaque("nesting", Vec::new()))
    };
    reader.syntax.leave();
    expression
}

/// The arguments of a call.
pub(super) fn arguments(reader: &mut Reader<'_>, list: Node<'_>) -> Vec<Argument> {
    children(list).into_iter().map(|argument| positional(read(reader, argument))).collect()
}

fn form(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let text = reader.syntax.text(node);
    let form = match node.kind() {
        "identifier" | "this" | "super" | "type_identifier" => Form::Name(text.to_owned()),
        "scoped_identifier" | "scoped_type_identifier" | "generic_type" => {
            return types::as_name(reader, node);
        }
        "parenthesized_expression" => {
            return match children(node).first() {
                Some(inner) => read(reader, *inner),
                None => reader.syntax.expression(node, Form::Null),
            };
        }
        "string_literal" => literal(reader, node, text),
        "character_literal" => Form::Text(unescaped(text.trim_matches('\''))),
        "true" => Form::Truth(true),
        "false" => Form::Truth(false),
        "null_literal" => Form::Null,
        kind if kind.ends_with("_literal") && kind != "class_literal" => Form::Number(
            text.replace('_', "")
                .trim_end_matches(['l', 'L', 'f', 'F', 'd', 'D'])
                .parse()
                .unwrap_or(f64::NAN),
        ),
        // `Item.class` is known by the class alone.
        "class_literal" => match children(node).first() {
            Some(of) => return types::as_name(reader, *of),
            None => other(reader, node),
        },
        "field_access" => match (field(node, "object"), field(node, "field")) {
            // `Outer.this`
            (Some(_), Some(this)) if this.kind() == "this" => Form::Name("this".to_owned()),
            (Some(object), Some(named)) => Form::Member {
                object: read(reader, object),
                name: reader.syntax.text(named).to_owned(),
            },
            _ => other(reader, node),
        },
        "array_access" => match (field(node, "array"), field(node, "index")) {
            (Some(object), Some(index)) => {
                Form::Index { object: read(reader, object), index: read(reader, index) }
            }
            _ => other(reader, node),
        },
        "method_invocation" => invocation(reader, node),
        "object_creation_expression" => creation(reader, node),
        "method_reference" => reference(reader, node),
        "lambda_expression" => method::lambda(reader, node),
        "array_creation_expression" => match field(node, "value") {
            Some(values) => return read(reader, values),
            None => Form::List(Vec::new()),
        },
        "array_initializer" | "element_value_array_initializer" => {
            let values = children(node).into_iter();
            Form::List(values.map(|value| Element::One(read(reader, value))).collect())
        }
        "assignment_expression" => match assigned(reader, node) {
            Act::Bind { target, value: Some(value), .. } => Form::Assign { target, value },
            _ => other(reader, node),
        },
        "ternary_expression" => {
            let part = |name: &str| field(node, name);
            match (part("condition"), part("consequence"), part("alternative")) {
                (Some(test), Some(then), Some(otherwise)) => Form::Conditional {
                    test: read(reader, test),
                    then: read(reader, then),
                    otherwise: read(reader, otherwise),
                },
                _ => other(reader, node),
            }
        }
        "cast_expression" => match (field(node, "value"), field(node, "type")) {
            (Some(value), Some(of)) => {
                let value = read(reader, value);
                match types::read(reader, of) {
                    Some(of) => Form::Typed(value, of),
                    None => return value,
                }
            }
            _ => other(reader, node),
        },
        "instanceof_expression" => return instance_of(reader, node),
        "switch_expression" => choice::value(reader, node),
        "binary_expression" => binary(reader, node),
        "update_expression" => match children(node).first().copied() {
            Some(operand) => {
                let target = read(reader, operand);
                let value = Form::Opaque("arithmetic", vec![before(&target)]);
                Form::Assign { value: reader.syntax.expression(node, value), target }
            }
            None => other(reader, node),
        },
        "annotation" | "marker_annotation" => return class::annotation(reader, node),
        _ => other(reader, node),
    };
    reader.syntax.expression(node, form)
}

/// What has no form of its own: its parts only.
fn other(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let what = match node.kind() {
        "unary_expression" => "arithmetic",
        _ if node.is_error() => "syntax error",
        _ => "other",
    };
    Form::Opaque(what, children(node).into_iter().map(|child| read(reader, child)).collect())
}

fn literal(reader: &mut Reader<'_>, node: Node<'_>, text: &str) -> Form {
    let parts: Vec<Node<'_>> =
        children(node).into_iter().filter(|part| part.kind() == "string_interpolation").collect();
    if !parts.is_empty() {
        return Form::Joined(parts.into_iter().map(|part| read(reader, part)).collect());
    }
    match text.strip_prefix("\"\"\"").and_then(|text| text.strip_suffix("\"\"\"")) {
        Some(block) => {
            let lines = block.lines().skip(1).map(str::trim_start);
            Form::Text(unescaped(&lines.collect::<Vec<_>>().join("\n")))
        }
        None => Form::Text(unescaped(text.trim_matches('"'))),
    }
}

fn invocation(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let (Some(named), Some(list)) = (field(node, "name"), field(node, "arguments")) else {
        return other(reader, node);
    };
    let callee = match field(node, "object") {
        Some(object) => {
            let object = read(reader, object);
            let called = Form::Member { object, name: reader.syntax.text(named).to_owned() };
            let span =
                text::Span { end: reader.syntax.span(named).end, ..reader.syntax.span(node) };
            Expression::new(span, called)
        }
        None => name(reader, named),
    };
    Form::Call { callee, arguments: arguments(reader, list), construction: false }
}

fn creation(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let (Some(of), Some(list)) = (field(node, "type"), field(node, "arguments")) else {
        return other(reader, node);
    };
    let arguments = arguments(reader, list);
    let mut callee = types::as_name(reader, of);
    if let Some(body) = children(node).into_iter().find(|part| part.kind() == "class_body") {
        let class = Rc::new(class::anonymous(reader, body, callee));
        callee = reader.syntax.expression(body, Form::Class(class));
    }
    Form::Call { callee, arguments, construction: true }
}

/// `this::handle`, `Item::getId`; `Item::new` is the class.
fn reference(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let parts = children(node);
    let Some(object) = parts.first().copied() else { return other(reader, node) };
    let object = read(reader, object);
    match parts.last().filter(|last| parts.len() > 1 && last.kind() == "identifier") {
        Some(named) => Form::Member { object, name: reader.syntax.text(*named).to_owned() },
        None => *object.form,
    }
}

/// `value instanceof Type name` binds the name on the way.
fn instance_of(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let Some(left) = field(node, "left") else {
        let form = other(reader, node);
        return reader.syntax.expression(node, form);
    };
    let mut parts = vec![read(reader, left)];
    if let (Some(named), Some(of), Some(value)) =
        (field(node, "name"), field(node, "right"), parts.pop())
    {
        let value = match types::read(reader, of) {
            Some(of) => reader.syntax.expression(node, Form::Typed(value, of)),
            None => value,
        };
        let form = Form::Assign { target: name(reader, named), value };
        parts.push(reader.syntax.expression(node, form));
    }
    reader.syntax.expression(node, Form::Opaque("comparison", parts))
}

/// An assignment, as a statement.
pub(super) fn assigned(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let (Some(left), Some(right)) = (field(node, "left"), field(node, "right")) else {
        let form = other(reader, node);
        return Act::Evaluate(reader.syntax.expression(node, form));
    };
    let target = read(reader, left);
    let value = read(reader, right);
    let value = match field(node, "operator").map(|operator| reader.syntax.text(operator)) {
        Some("=") | None => value,
        Some("+=") => reader.syntax.expression(node, Form::Joined(vec![before(&target), value])),
        Some(_) => {
            let form = Form::Opaque("arithmetic", vec![before(&target), value]);
            reader.syntax.expression(node, form)
        }
    };
    Act::Bind { target, declares: Declares::Nothing, value: Some(value), declared: None }
}

fn operator<'a>(reader: &Reader<'a>, node: Node<'_>) -> &'a str {
    field(node, "operator").map_or("", |operator| reader.syntax.text(operator))
}

fn binary(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    // A sum of many texts leans to the left as deep as it is long: the spine is walked, not climbed.
    let kind = operator(reader, node);
    let mut parts = Vec::new();
    let mut spine = node;
    while spine.kind() == "binary_expression" && operator(reader, spine) == kind {
        let (Some(left), Some(right)) = (field(spine, "left"), field(spine, "right")) else {
            return other(reader, node);
        };
        parts.push(read(reader, right));
        spine = left;
    }
    parts.push(read(reader, spine));
    parts.reverse();
    let has_text = parts.iter().any(|part| matches!(part.form.as_ref(), Form::Text(_)));
    let has_number = parts.iter().any(|part| matches!(part.form.as_ref(), Form::Number(_)));
    match kind {
        "+" if has_text || !has_number => Form::Joined(parts),
        "==" if parts.len() == 2 => Form::Opaque("equal", parts),
        "!=" if parts.len() == 2 => Form::Opaque("unequal", parts),
        "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" => Form::Opaque("comparison", parts),
        _ => Form::Opaque("arithmetic", parts),
    }
}
