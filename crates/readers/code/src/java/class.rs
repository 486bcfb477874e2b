use std::rc::Rc;

use tree_sitter::Node;

use super::{Reader, expression, generated, member, method, positional, statement, types};
use crate::syntax::{children, field, fields};
use crate::tree::{
    Act, Argument, Class, Declares, Entry, Expression, Field, Form, Passing, Statement,
};

/// A class, interface, record or enum; the constants of an enum are made behind it.
pub(super) fn declared(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let name = field(node, "name").map_or("", |name| reader.syntax.text(name)).to_owned();
    let mut class = empty(reader, node, name);
    class.decorators = annotations(reader, node);
    for part in children(node) {
        match part.kind() {
            "superclass" => class.bases.push(types::as_name(reader, part)),
            "super_interfaces" | "extends_interfaces" => {
                let listed = children(part).into_iter().flat_map(children);
                class.bases.extend(listed.map(|base| types::as_name(reader, base)));
            }
            _ => {}
        }
    }
    if let Some(list) = field(node, "parameters") {
        generated::record(reader, node, list, &mut class);
    }
    let mut constants = Vec::new();
    if let Some(inner) = field(node, "body") {
        members(reader, inner, &mut class, &mut constants);
    }
    generated::accessors(&mut class);
    body.push(reader.syntax.statement(node, Act::Class(Rc::new(class))));
    body.append(&mut constants);
}

/// The class of `new Base(…) { … }`.
pub(super) fn anonymous(reader: &mut Reader<'_>, node: Node<'_>, base: Expression) -> Class {
    let mut class = empty(reader, node, String::new());
    class.bases.push(base);
    members(reader, node, &mut class, &mut Vec::new());
    class
}

fn empty(reader: &Reader<'_>, node: Node<'_>, name: String) -> Class {
    Class {
        span: reader.syntax.span(node),
        name,
        bases: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        decorators: Vec::new(),
        body: Vec::new(),
    }
}

fn members(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    class: &mut Class,
    constants: &mut Vec<Statement>,
) {
    let breaks = std::mem::take(&mut reader.breaks);
    for part in children(node) {
        match part.kind() {
            "field_declaration" | "constant_declaration" => fields_of(reader, part, class),
            "method_declaration" => class.methods.push(Rc::new(method::declared(reader, part))),
            "constructor_declaration" | "compact_constructor_declaration" => {
                let mut constructor = method::declared(reader, part);
                "constructor".clone_into(&mut constructor.name);
                generated::canonical(class, &mut constructor, part.kind());
                class.methods.push(Rc::new(constructor));
            }
            "static_initializer" => {
                children(part).into_iter().for_each(|block| {
                    statement::read(reader, block, &mut class.body);
                });
            }
            "enum_constant" => constants.extend(constant(reader, part, class)),
            "enum_body_declarations" => members(reader, part, class, constants),
            // What every constructor runs first.
            "block" => class.methods.push(Rc::new(method::initializer(reader, part))),
            _ => statement::read(reader, part, &mut class.body),
        }
    }
    reader.breaks = breaks;
}

fn fields_of(reader: &mut Reader<'_>, node: Node<'_>, class: &mut Class) {
    let declared = field(node, "type").and_then(|declared| types::read(reader, declared));
    let is_static = node.kind() == "constant_declaration" || has_modifier(node, "static");
    for declarator in fields(node, "declarator") {
        let Some(name) = field(declarator, "name") else { continue };
        class.fields.push(Field {
            name: reader.syntax.text(name).to_owned(),
            value: field(declarator, "value").map(|value| expression::read(reader, value)),
            declared: declared.clone(),
            decorators: annotations(reader, node),
            is_static,
        });
    }
}

/// A constant of an enum: an instance, known by its name, that is a member of the class.
fn constant(reader: &mut Reader<'_>, node: Node<'_>, class: &Class) -> Option<Statement> {
    let name = field(node, "name")?;
    let span = reader.syntax.span(node);
    let callee = Expression::new(span, Form::Name(class.name.clone()));
    let target = member(callee.clone(), reader.syntax.text(name));
    let arguments = match field(node, "arguments") {
        Some(list) => expression::arguments(reader, list),
        None => Vec::new(),
    };
    let value = Form::Call { callee, arguments, construction: true };
    let value = Some(Expression::new(span, value));
    let act = Act::Bind { target, declares: Declares::Nothing, value, declared: None };
    Some(Statement { span, act })
}

/// Whether a declaration has a modifier.
pub(super) fn has_modifier(node: Node<'_>, modifier: &str) -> bool {
    let modifiers = children(node).into_iter().find(|part| part.kind() == "modifiers");
    modifiers.is_some_and(|modifiers| {
        let mut cursor = modifiers.walk();
        modifiers.children(&mut cursor).any(|part| part.kind() == modifier)
    })
}

/// The annotations of a declaration, each as a call by its name.
pub(super) fn annotations(reader: &mut Reader<'_>, node: Node<'_>) -> Vec<Expression> {
    let modifiers = children(node).into_iter().filter(|part| part.kind() == "modifiers");
    let found = modifiers.flat_map(children).filter(|part| part.kind().ends_with("annotation"));
    let mut annotations = Vec::new();
    for annotation in found.collect::<Vec<_>>() {
        annotations.push(self::annotation(reader, annotation));
    }
    annotations
}

/// `@Name`, `@Name(value)`, `@Name(key = value)`.
pub(super) fn annotation(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    let Some(named) = field(node, "name") else {
        return reader.syntax.expression(node, Form::Opaque("syntax error", Vec::new()));
    };
    let callee = super::name(reader, named);
    let Some(list) = field(node, "arguments") else { return callee };
    let mut arguments = Vec::new();
    for argument in children(list) {
        let pair = field(argument, "key").zip(field(argument, "value"));
        arguments.push(match pair {
            Some((key, value)) => Argument {
                passing: Passing::Name(reader.syntax.text(key).to_owned()),
                value: annotated(reader, value),
            },
            None => positional(annotated(reader, argument)),
        });
    }
    reader.syntax.expression(node, Form::Call { callee, arguments, construction: false })
}

fn annotated(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    match node.kind() {
        "annotation" | "marker_annotation" => annotation(reader, node),
        "element_value_array_initializer" => {
            let mut entries: Vec<Entry> = Vec::new();
            for (index, value) in children(node).into_iter().enumerate() {
                let key = Expression::new(reader.syntax.span(value), Form::Number(index as f64));
                entries.push(Entry::One(key, annotated(reader, value)));
            }
            reader.syntax.expression(node, Form::Map(entries))
        }
        _ => expression::read(reader, node),
    }
}
