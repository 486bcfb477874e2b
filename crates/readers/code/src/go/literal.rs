use tree_sitter::Node;

use super::{Reader, expression, types};
use crate::syntax::{children, field};
use crate::tree::{Element, Entry, Expression, Form, Type};

/// A literal with its type: a list, a map, or a struct with its fields.
pub(super) fn composite(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let of = field(node, "type").map(|of| types::read(reader, of));
    let form = match field(node, "body") {
        Some(body) => value(reader, body, of.as_ref()),
        None => Form::Opaque("syntax error", Vec::new()),
    };
    reader.syntax.expression(node, form)
}

/// A literal whose type stands nowhere near.
pub(super) fn untyped(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let form = value(reader, node, None);
    reader.syntax.expression(node, form)
}

fn value(reader: &mut Reader<'_>, body: Node<'_>, of: Option<&Type>) -> Form {
    let nodes = children(body);
    let kind = of.and_then(|of| of.path.first()).map(String::as_str);
    match (kind, of) {
        (Some(types::LIST), Some(list)) => {
            let of = list.arguments.first();
            let mut elements = Vec::new();
            for node in nodes {
                let (_, inner) = key_and_value(node);
                elements.push(Element::One(element(reader, inner, of)));
            }
            Form::List(elements)
        }
        (Some(types::MAP), Some(map)) => {
            let of = map.arguments.get(1);
            entries(reader, nodes, map.arguments.first(), of)
        }
        (_, Some(of)) if nodes.iter().all(|node| names_a_field(reader, *node)) => {
            let mut fields = Vec::new();
            for (index, node) in nodes.into_iter().enumerate() {
                let (key, inner) = key_and_value(node);
                let name = key.map_or(index.to_string(), |key| reader.syntax.text(key).to_owned());
                fields.push((name, element(reader, inner, None)));
            }
            Form::Construct { of: of.clone(), fields }
        }
        // A named map's type looks like a struct's but for its keys.
        _ => entries(reader, nodes, None, None),
    }
}

fn entries(
    reader: &mut Reader<'_>,
    nodes: Vec<Node<'_>>,
    key_type: Option<&Type>,
    of: Option<&Type>,
) -> Form {
    let mut entries = Vec::new();
    for node in nodes {
        let (key, inner) = key_and_value(node);
        let inner = element(reader, inner, of);
        let key = match key {
            Some(key) => element(reader, key, key_type),
            None => Expression::new(inner.span, Form::Opaque("index", Vec::new())),
        };
        entries.push(Entry::One(key, inner));
    }
    Form::Map(entries)
}

fn key_and_value(node: Node<'_>) -> (Option<Node<'_>>, Node<'_>) {
    (field(node, "key"), field(node, "value").unwrap_or(node))
}

fn names_a_field(reader: &Reader<'_>, node: Node<'_>) -> bool {
    field(node, "key").is_none_or(|key| {
        let text = reader.syntax.text(key);
        text.chars().all(|character| character.is_alphanumeric() || character == '_')
            && !text.starts_with(|first: char| first.is_ascii_digit())
    })
}

/// An element; one in braces alone has the type of its list or map.
fn element(reader: &mut Reader<'_>, node: Node<'_>, of: Option<&Type>) -> Expression {
    let inner = match node.kind() {
        "literal_element" => children(node).first().copied().unwrap_or(node),
        _ => node,
    };
    if inner.kind() != "literal_value" {
        return expression::read(reader, inner);
    }
    let room = reader.syntax.enter(inner);
    let form = if room { value(reader, inner, of) } else { Form::Opaque("nesting", Vec::new()) };
    reader.syntax.leave();
    reader.syntax.expression(inner, form)
}
