use std::rc::Rc;

use tree_sitter::Node;

use super::{Reader, statement, types};
use crate::evaluate::interfaces::abstract_body;
use crate::syntax::{children, field, fields};
use crate::tree::{
    Act, Argument, Binding, Class, Declares, Expression, Field, Form, Function, Parameter,
    Statement, Takes,
};

/// A function or method; `init`, of which a package may have several, is called where it stands.
pub(super) fn function(reader: &mut Reader<'_>, node: Node<'_>) -> Statement {
    let function = Rc::new(definition(reader, node));
    let act = if function.name == "init" && function.receiver.is_none() {
        let callee = reader.syntax.expression(node, Form::Function(function));
        let form = Form::Call { callee, arguments: Vec::<Argument>::new(), construction: false };
        Act::Evaluate(reader.syntax.expression(node, form))
    } else {
        Act::Function(function)
    };
    reader.syntax.statement(node, act)
}

/// What functions, methods and closures are.
pub(super) fn definition(reader: &mut Reader<'_>, node: Node<'_>) -> Function {
    let name = field(node, "name").map(|name| reader.syntax.text(name)).unwrap_or_default();
    let receiver = field(node, "receiver").and_then(|list| parameters(reader, list).pop());
    let taken = field(node, "parameters").map(|list| parameters(reader, list)).unwrap_or_default();
    let results = field(node, "result").map(|result| results(reader, result)).unwrap_or_default();
    let mut body = Vec::new();
    let mut names = Vec::new();
    for result in &results {
        if let Form::Name(name) = result.target.form.as_ref()
            && name != "_"
        {
            names.push(name.clone());
            let act = Act::Bind {
                target: result.target.clone(),
                declares: Declares::Block,
                value: None,
                declared: result.declared.clone(),
            };
            body.push(Statement { span: result.target.span, act });
        }
    }
    reader.results.push(names);
    // `break` does not reach out of a closure.
    let breaks = std::mem::take(&mut reader.breaks);
    if let Some(block) = field(node, "body") {
        statement::block(reader, block, &mut body);
    }
    reader.breaks = breaks;
    reader.results.pop();
    Function {
        span: reader.syntax.span(node),
        name: name.to_owned(),
        parameters: taken,
        receiver,
        result: results.into_iter().next().and_then(|result| result.declared),
        decorators: Vec::new(),
        body,
        keeps_this: node.kind() == "func_literal",
        binding: Binding::Instance,
    }
}

fn results(reader: &Reader<'_>, node: Node<'_>) -> Vec<Parameter> {
    if node.kind() == "parameter_list" {
        return parameters(reader, node);
    }
    vec![parameter(reader, node, None, node, Takes::One)]
}

fn parameters(reader: &Reader<'_>, list: Node<'_>) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for node in children(list) {
        let Some(declared) = field(node, "type") else { continue };
        let takes = match node.kind() {
            "variadic_parameter_declaration" => Takes::Rest,
            _ => Takes::One,
        };
        let names = fields(node, "name");
        if names.is_empty() {
            parameters.push(parameter(reader, node, None, declared, takes));
        }
        for name in names {
            parameters.push(parameter(reader, name, Some(name), declared, takes));
        }
    }
    parameters
}

fn parameter(
    reader: &Reader<'_>,
    place: Node<'_>,
    name: Option<Node<'_>>,
    declared: Node<'_>,
    takes: Takes,
) -> Parameter {
    let name = name.map_or("_", |name| reader.syntax.text(name)).to_owned();
    Parameter {
        target: reader.syntax.expression(place, Form::Name(name)),
        default: None,
        declared: Some(types::read(reader, declared)),
        takes,
    }
}

/// Types declared together: structs and interfaces with their parts, others with what they are as base.
pub(super) fn declared_types(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    for child in children(node) {
        let (Some(name), Some(declared)) = (field(child, "name"), field(child, "type")) else {
            continue;
        };
        let mut class = Class {
            span: reader.syntax.span(child),
            name: reader.syntax.text(name).to_owned(),
            bases: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            body: Vec::new(),
        };
        match declared.kind() {
            "struct_type" => struct_fields(reader, declared, &mut class),
            "interface_type" => interface_methods(reader, declared, &mut class),
            _ => class.bases.push(type_name(reader, declared)),
        }
        body.push(reader.syntax.statement(child, Act::Class(Rc::new(class))));
    }
}

fn struct_fields(reader: &Reader<'_>, node: Node<'_>, class: &mut Class) {
    for declaration in children(node).into_iter().flat_map(children) {
        let Some(declared) = field(declaration, "type") else { continue };
        let written = types::read(reader, declared);
        let mut names: Vec<String> = fields(declaration, "name")
            .into_iter()
            .map(|name| reader.syntax.text(name).to_owned())
            .collect();
        if names.is_empty() {
            // An embedded field is named as its type, and lends its methods.
            names.extend(written.path.last().cloned());
            class.bases.push(type_name(reader, declared));
        }
        for name in names {
            class.fields.push(Field {
                name,
                value: None,
                declared: Some(written.clone()),
                decorators: Vec::new(),
                is_static: false,
            });
        }
    }
}

fn interface_methods(reader: &mut Reader<'_>, node: Node<'_>, class: &mut Class) {
    for element in children(node) {
        if element.kind() == "method_elem" {
            let mut method = definition(reader, element);
            // A parameter needs no name there.
            for (index, parameter) in method.parameters.iter_mut().enumerate() {
                *parameter.target.form = Form::Name(format!("parameter {index}"));
            }
            method.body = abstract_body(method.span, &method.parameters);
            class.methods.push(Rc::new(method));
        } else {
            class.bases.push(type_name(reader, element));
        }
    }
}

/// A type as an expression: `s3.Client` is a member of the package `s3`.
pub(super) fn type_name(reader: &Reader<'_>, node: Node<'_>) -> Expression {
    let written = types::read(reader, node);
    let mut segments = written.path.into_iter();
    let first = Form::Name(segments.next().unwrap_or_default());
    segments.fold(Expression::new(written.span, first), |object, name| {
        Expression::new(written.span, Form::Member { object, name })
    })
}

/// The last segment of a type's name: what an embedded field is called.
pub(super) fn last_name(of: &Expression) -> Option<String> {
    match of.form.as_ref() {
        Form::Name(name) | Form::Member { name, .. } => Some(name.clone()),
        _ => None,
    }
}
