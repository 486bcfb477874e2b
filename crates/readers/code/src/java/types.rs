use tree_sitter::Node;

use super::Reader;
use crate::syntax::children;
use crate::tree::{Expression, Form, Type};

/// The path of an array's type; its element is its argument.
const LIST: &str = "[]";

/// A type as it is written; `var` says none.
pub(super) fn read(reader: &Reader<'_>, node: Node<'_>) -> Option<Type> {
    let span = reader.syntax.span(node);
    let parts = children(node);
    match node.kind() {
        "generic_type" => {
            let mut of = read(reader, *parts.first()?)?;
            let arguments = parts.last().copied().map(children).unwrap_or_default();
            of.arguments = arguments.into_iter().filter_map(|part| read(reader, part)).collect();
            Some(of)
        }
        "array_type" => {
            let element = read(reader, node.child_by_field_name("element")?)?;
            Some(Type { span, path: vec![LIST.to_owned()], arguments: vec![element] })
        }
        "annotated_type" | "wildcard" | "superclass" => read(reader, *parts.last()?),
        "scoped_type_identifier" => {
            let text = reader.syntax.text(node);
            let path = text.split('.').map(|segment| segment.trim().to_owned()).collect();
            Some(Type { span, path, arguments: Vec::new() })
        }
        _ => match reader.syntax.text(node) {
            "var" | "void" => None,
            text => Some(Type { span, path: vec![text.to_owned()], arguments: Vec::new() }),
        },
    }
}

/// A type as an expression: what it names.
pub(super) fn as_name(reader: &Reader<'_>, node: Node<'_>) -> Expression {
    let span = reader.syntax.span(node);
    let mut path = read(reader, node).map(|of| of.path).unwrap_or_default().into_iter();
    let first = Expression::new(span, Form::Name(path.next().unwrap_or_default()));
    path.fold(first, |object, name| super::member(object, &name))
}
