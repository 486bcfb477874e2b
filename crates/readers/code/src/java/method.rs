use text::Span;
use tree_sitter::Node;

use super::{Reader, class, name, statement, types};
use crate::evaluate::interfaces::abstract_body;
use crate::syntax::{children, field};
use crate::tree::{Binding, Expression, Form, Function, Parameter, Statement, Takes, Type};

/// The name of what every constructor runs first.
const INITIALIZER: &str = "{}";

/// A method or constructor.
pub(super) fn declared(reader: &mut Reader<'_>, node: Node<'_>) -> Function {
    let name = field(node, "name").map_or("", |name| reader.syntax.text(name)).to_owned();
    let taken = field(node, "parameters").map(|list| parameters(reader, list)).unwrap_or_default();
    let mut body = Vec::new();
    match field(node, "body") {
        Some(block) => body = statement::body(reader, block),
        None if node.kind() == "method_declaration" && !class::has_modifier(node, "native") => {
            body = abstract_body(reader.syntax.span(node), &taken);
        }
        None => {}
    }
    let mut function = made(reader.syntax.span(node), name, taken, body);
    function.result = field(node, "type").and_then(|result| types::read(reader, result));
    function.decorators = class::annotations(reader, node);
    if class::has_modifier(node, "static") {
        function.binding = Binding::Static;
    }
    function
}

/// A block among the members of a class.
pub(super) fn initializer(reader: &mut Reader<'_>, node: Node<'_>) -> Function {
    let body = statement::body(reader, node);
    made(reader.syntax.span(node), INITIALIZER.to_owned(), Vec::new(), body)
}

/// A method from its parts.
pub(super) fn made(
    span: Span,
    name: String,
    parameters: Vec<Parameter>,
    body: Vec<Statement>,
) -> Function {
    Function {
        span,
        name,
        parameters,
        receiver: None,
        result: None,
        decorators: Vec::new(),
        body,
        keeps_this: false,
        binding: Binding::Instance,
    }
}

/// Parameters of a method, constructor, record or lambda.
pub(super) fn parameters(reader: &Reader<'_>, list: Node<'_>) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    if list.kind() == "identifier" {
        return vec![parameter(name(reader, list), None, Takes::One)];
    }
    for node in children(list) {
        match node.kind() {
            "identifier" => parameters.push(parameter(name(reader, node), None, Takes::One)),
            "formal_parameter" => {
                let declared = field(node, "type").and_then(|of| types::read(reader, of));
                if let Some(named) = field(node, "name") {
                    parameters.push(parameter(name(reader, named), declared, Takes::One));
                }
            }
            "spread_parameter" => {
                let declarator = children(node).into_iter().last();
                if let Some(named) = declarator.and_then(|declarator| field(declarator, "name")) {
                    parameters.push(parameter(name(reader, named), None, Takes::Rest));
                }
            }
            _ => {}
        }
    }
    parameters
}

fn parameter(target: Expression, declared: Option<Type>, takes: Takes) -> Parameter {
    Parameter { target, default: None, declared, takes }
}

/// A lambda.
pub(super) fn lambda(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let (Some(list), Some(inner)) = (field(node, "parameters"), field(node, "body")) else {
        return Form::Opaque("syntax error", Vec::new());
    };
    let parameters = parameters(reader, list);
    let body = statement::body(reader, inner);
    let mut function = made(reader.syntax.span(node), String::new(), parameters, body);
    function.keeps_this = true;
    Form::Function(std::rc::Rc::new(function))
}
