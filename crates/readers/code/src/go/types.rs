use tree_sitter::Node;

use super::Reader;
use crate::syntax::{children, field};
use crate::tree::Type;

/// The path of a slice's or array's type; its element is its argument.
pub(super) const LIST: &str = "[]";
/// The path of a map's type; key and value are its arguments.
pub(super) const MAP: &str = "map";

/// A type as it is written, pointers dropped.
pub(super) fn read(reader: &Reader<'_>, node: Node<'_>) -> Type {
    let part = |name: &str| field(node, name).map(|part| read(reader, part));
    let (path, arguments): (Vec<&str>, Vec<Type>) = match node.kind() {
        "pointer_type" | "parenthesized_type" | "negated_type" | "type_elem" => {
            if let Some(inner) = children(node).first() {
                return read(reader, *inner);
            }
            (Vec::new(), Vec::new())
        }
        "qualified_type" => (reader.syntax.text(node).split('.').collect(), Vec::new()),
        "generic_type" => {
            if let Some(mut generic) = part("type") {
                let arguments = field(node, "type_arguments").map(children).unwrap_or_default();
                generic.arguments =
                    arguments.into_iter().map(|argument| read(reader, argument)).collect();
                return generic;
            }
            (Vec::new(), Vec::new())
        }
        "slice_type" | "array_type" | "implicit_length_array_type" => {
            (vec![LIST], part("element").into_iter().collect())
        }
        "map_type" => (vec![MAP], part("key").into_iter().chain(part("value")).collect()),
        "channel_type" => (vec!["chan"], part("value").into_iter().collect()),
        "function_type" => (vec!["func"], Vec::new()),
        "struct_type" => (vec!["struct"], Vec::new()),
        "interface_type" => (vec!["interface"], Vec::new()),
        _ => (vec![reader.syntax.text(node)], Vec::new()),
    };
    let path = path.into_iter().map(str::to_owned).collect();
    Type { span: reader.syntax.span(node), path, arguments }
}
