use std::rc::Rc;

use tree_sitter::Node;

use super::{Reader, declaration, literal, types};
use crate::syntax::{children, field, unescaped};
use crate::tree::{Argument, Element, Expression, Form, Passing, Type};

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

fn form(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let text = reader.syntax.text(node);
    let form = match node.kind() {
        "identifier" | "type_identifier" | "package_identifier" | "field_identifier"
        | "blank_identifier" | "label_name" => Form::Name(text.to_owned()),
        "parenthesized_expression" | "literal_element" | "variadic_argument" => {
            return match children(node).first() {
                Some(inner) => read(reader, *inner),
                None => reader.syntax.expression(node, Form::Null),
            };
        }
        "interpreted_string_literal" => Form::Text(unescaped(text.trim_matches('"'))),
        "raw_string_literal" => Form::Text(text.trim_matches('`').to_owned()),
        "int_literal" | "float_literal" => {
            Form::Number(text.replace('_', "").parse().unwrap_or(f64::NAN))
        }
        "true" => Form::Truth(true),
        "false" => Form::Truth(false),
        "nil" => Form::Null,
        "unary_expression" => return unary(reader, node),
        "binary_expression" => binary(reader, node),
        "selector_expression" => match (field(node, "operand"), field(node, "field")) {
            (Some(object), Some(name)) => Form::Member {
                object: read(reader, object),
                name: reader.syntax.text(name).to_owned(),
            },
            _ => other(reader, node),
        },
        "index_expression" => match (field(node, "operand"), field(node, "index")) {
            (Some(object), Some(index)) => {
                Form::Index { object: read(reader, object), index: read(reader, index) }
            }
            _ => other(reader, node),
        },
        "slice_expression" => return sliced(reader, node),
        "call_expression" => call(reader, node),
        "type_assertion_expression" | "type_conversion_expression" => {
            match (field(node, "operand"), field(node, "type")) {
                (Some(operand), Some(of)) => {
                    Form::Typed(read(reader, operand), types::read(reader, of))
                }
                _ => other(reader, node),
            }
        }
        "type_instantiation_expression" => match field(node, "type") {
            Some(of) => return declaration::type_name(reader, of),
            None => other(reader, node),
        },
        "composite_literal" => return literal::composite(reader, node),
        "literal_value" => return literal::untyped(reader, node),
        "func_literal" => Form::Function(Rc::new(declaration::definition(reader, node))),
        "qualified_type" => return declaration::type_name(reader, node),
        _ => other(reader, node),
    };
    reader.syntax.expression(node, form)
}

/// What has no form of its own: its parts only.
fn other(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let what = if node.is_error() { "syntax error" } else { "other" };
    Form::Opaque(what, children(node).into_iter().map(|child| read(reader, child)).collect())
}

fn unary(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let Some(inner) = field(node, "operand") else {
        let form = other(reader, node);
        return reader.syntax.expression(node, form);
    };
    let operand = read(reader, inner);
    let form = match (operator(reader, node), operand.form.as_ref()) {
        // A pointer is what it points to.
        ("&" | "*", _) => return operand,
        ("-", Form::Number(number)) => Form::Number(-number),
        ("!", _) => Form::Opaque("not", vec![operand]),
        ("<-", _) => Form::Opaque("channel", vec![operand]),
        _ => Form::Opaque("arithmetic", vec![operand]),
    };
    reader.syntax.expression(node, form)
}

fn binary(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    // A sum of many texts leans to the left as deep as it is long: the spine is walked, not climbed.
    let mut parts = Vec::new();
    let mut spine = node;
    let kind = operator(reader, node);
    while spine.kind() == "binary_expression" && operator(reader, spine) == kind {
        let (Some(left), Some(right)) = (field(spine, "left"), field(spine, "right")) else {
            return other(reader, node);
        };
        parts.push(read(reader, right));
        spine = left;
    }
    parts.push(read(reader, spine));
    parts.reverse();
    match kind {
        "+" if parts.iter().any(|part| matches!(part.form.as_ref(), Form::Number(_))) => {
            Form::Opaque("arithmetic", parts)
        }
        "+" => Form::Joined(parts),
        "==" if parts.len() == 2 => Form::Opaque("equal", parts),
        "!=" if parts.len() == 2 => Form::Opaque("unequal", parts),
        "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=" => Form::Opaque("comparison", parts),
        _ => Form::Opaque("arithmetic", parts),
    }
}

fn operator<'a>(reader: &Reader<'a>, node: Node<'_>) -> &'a str {
    field(node, "operator").map_or("", |operator| reader.syntax.text(operator))
}

/// `a[i:j]`, which other languages write `a.slice(i, j)`.
fn sliced(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let Some(operand) = field(node, "operand") else {
        let form = other(reader, node);
        return reader.syntax.expression(node, form);
    };
    let object = read(reader, operand);
    let bounds = [field(node, "start"), field(node, "end")];
    let bounds = bounds.into_iter().flatten().map(|bound| positional(read(reader, bound)));
    let bounds = bounds.collect();
    method(reader, node, object, "slice", bounds)
}

/// A call of a method by its name.
pub(super) fn method(
    reader: &Reader<'_>,
    node: Node<'_>,
    object: Expression,
    name: &str,
    arguments: Vec<Argument>,
) -> Expression {
    let callee = reader.syntax.expression(node, Form::Member { object, name: name.to_owned() });
    reader.syntax.expression(node, Form::Call { callee, arguments, construction: false })
}

fn positional(value: Expression) -> Argument {
    Argument { passing: Passing::Position, value }
}

/// What a `panic(…)` throws; `None` when it is none.
pub(super) fn panicked(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Option<Expression>> {
    if node.kind() != "call_expression" || reader.syntax.text(field(node, "function")?) != "panic" {
        return None;
    }
    let arguments = children(field(node, "arguments")?);
    Some(arguments.first().map(|argument| read(reader, *argument)))
}

fn call(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let (Some(function), Some(list)) = (field(node, "function"), field(node, "arguments")) else {
        return other(reader, node);
    };
    let nodes = children(list);
    if function.kind() == "identifier" {
        let name = reader.syntax.text(function);
        if let Some(form) = built_in(reader, name, &nodes) {
            return form;
        }
    }
    let callee = read(reader, function);
    let arguments = nodes.into_iter().map(|node| argument(reader, node)).collect();
    Form::Call { callee, arguments, construction: false }
}

fn argument(reader: &mut Reader<'_>, node: Node<'_>) -> Argument {
    let spread = node.kind() == "variadic_argument";
    let passing = if spread { Passing::Spread } else { Passing::Position };
    Argument { passing, value: read(reader, node) }
}

/// The language's own functions and conversions.
fn built_in(reader: &mut Reader<'_>, name: &str, nodes: &[Node<'_>]) -> Option<Form> {
    let form = match (name, nodes) {
        ("append", nodes) => {
            let mut elements = Vec::new();
            for (index, node) in nodes.iter().enumerate() {
                let value = read(reader, *node);
                let spread = index == 0 || node.kind() == "variadic_argument";
                elements.push(if spread { Element::Spread(value) } else { Element::One(value) });
            }
            Form::List(elements)
        }
        ("new", [of]) => Form::Construct { of: types::read(reader, *of), fields: Vec::new() },
        ("make", [of, ..]) => empty(types::read(reader, *of)),
        (
            "len" | "cap" | "copy" | "delete" | "close" | "clear" | "print" | "println" | "recover"
            | "min" | "max" | "complex" | "real" | "imag",
            nodes,
        ) => Form::Opaque("arithmetic", nodes.iter().map(|node| read(reader, *node)).collect()),
        (
            "string" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16"
            | "uint32" | "uint64" | "uintptr" | "float32" | "float64" | "byte" | "rune" | "bool"
            | "any",
            [value],
        ) => {
            let value = read(reader, *value);
            let of = Type { span: value.span, path: vec![name.to_owned()], arguments: Vec::new() };
            Form::Typed(value, of)
        }
        _ => return None,
    };
    Some(form)
}

/// What `make` makes.
fn empty(of: Type) -> Form {
    match of.path.first().map(String::as_str) {
        Some(types::LIST) => Form::List(Vec::new()),
        Some(types::MAP) => Form::Map(Vec::new()),
        Some("chan") => Form::Opaque("channel", Vec::new()),
        _ => Form::Construct { of, fields: Vec::new() },
    }
}
