//! Members that nobody wrote: those of records, and those that Lombok's annotations make.

use std::rc::Rc;

use text::Span;
use tree_sitter::Node;

use super::{Reader, member, method};
use crate::tree::{
    Act, Binding, Class, Declares, Expression, Field, Form, Function, Parameter, Statement, Takes,
};

/// Annotations of a class that make a method reading each field.
const GETTERS: [&str; 3] = ["Data", "Getter", "Value"];
/// Annotations of a class that make a method writing each field.
const SETTERS: [&str; 2] = ["Data", "Setter"];
/// Annotations of a class that make a constructor of its fields.
const CONSTRUCTORS: [&str; 4] = ["AllArgsConstructor", "RequiredArgsConstructor", "Value", "Data"];

/// Fields, accessors and constructor of a record.
pub(super) fn record(reader: &mut Reader<'_>, node: Node<'_>, list: Node<'_>, class: &mut Class) {
    let span = reader.syntax.span(node);
    let parameters = method::parameters(reader, list);
    for parameter in &parameters {
        let Form::Name(name) = parameter.target.form.as_ref() else { continue };
        class.fields.push(Field {
            name: name.clone(),
            value: None,
            declared: parameter.declared.clone(),
            decorators: Vec::new(),
            is_static: false,
        });
        class.methods.push(Rc::new(getter(span, name.clone(), name)));
    }
    class.methods.push(Rc::new(constructor(span, parameters)));
}

/// A record's own constructor stands for the one made; one without parameters of its own is run with
/// the record's and fills the fields behind.
pub(super) fn canonical(class: &mut Class, written: &mut Function, kind: &str) {
    let made = class.methods.iter().position(|method| method.name == "constructor");
    if kind != "compact_constructor_declaration" {
        return;
    }
    if let Some(index) = made {
        let made = class.methods.remove(index);
        written.parameters.clone_from(&made.parameters);
        written.body.extend(made.body.iter().cloned());
    }
}

/// What Lombok makes for a class that is annotated so.
pub(super) fn accessors(class: &mut Class) {
    let named = |decorator: &Expression| match decorator.form.as_ref() {
        Form::Name(name) => Some(name.clone()),
        Form::Call { callee, .. } => match callee.form.as_ref() {
            Form::Name(name) => Some(name.clone()),
            _ => None,
        },
        _ => None,
    };
    let annotations: Vec<String> = class.decorators.iter().filter_map(named).collect();
    let has = |names: &[&str]| annotations.iter().any(|name| names.contains(&name.as_str()));
    let own: Vec<Field> = class.fields.iter().filter(|field| !field.is_static).cloned().collect();
    let span = class.span;
    let mut made = Vec::new();
    for field in &own {
        let field_has = |name: &str| {
            field.decorators.iter().filter_map(named).any(|annotation| annotation == name)
        };
        let capital = capitalized(&field.name);
        if has(&GETTERS) || field_has("Getter") {
            made.push(getter(span, format!("get{capital}"), &field.name));
        }
        if has(&SETTERS) || field_has("Setter") {
            let parameters = vec![parameter(span, field)];
            let mut setter = constructor(span, parameters);
            setter.name = format!("set{capital}");
            made.push(setter);
        }
    }
    let without_value = own.iter().filter(|field| field.value.is_none());
    let parameters: Vec<Parameter> = without_value.map(|field| parameter(span, field)).collect();
    if has(&CONSTRUCTORS) && !parameters.is_empty() {
        made.push(constructor(span, parameters));
    }
    for function in made {
        let written = class.methods.iter().any(|method| {
            method.name == function.name && method.parameters.len() == function.parameters.len()
        });
        if !written {
            class.methods.push(Rc::new(function));
        }
    }
}

fn capitalized(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

fn parameter(span: Span, field: &Field) -> Parameter {
    Parameter {
        target: Expression::new(span, Form::Name(field.name.clone())),
        default: None,
        declared: field.declared.clone(),
        takes: Takes::One,
    }
}

fn of_this(span: Span, name: &str) -> Expression {
    member(Expression::new(span, Form::Name("this".to_owned())), name)
}

fn getter(span: Span, name: String, field: &str) -> Function {
    let value = Some(of_this(span, field));
    method::made(span, name, Vec::new(), vec![Statement { span, act: Act::Return(value) }])
}

/// A function that puts each parameter into the field of its name.
fn constructor(span: Span, parameters: Vec<Parameter>) -> Function {
    let fill = |parameter: &Parameter| match parameter.target.form.as_ref() {
        Form::Name(name) => Some(Statement {
            span,
            act: Act::Bind {
                target: of_this(span, name),
                declares: Declares::Nothing,
                value: Some(parameter.target.clone()),
                declared: None,
            },
        }),
        _ => None,
    };
    let body = parameters.iter().filter_map(fill).collect();
    let mut function = method::made(span, "constructor".to_owned(), parameters, body);
    function.binding = Binding::Instance;
    function
}
