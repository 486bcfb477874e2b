//! A tree in few words, for tests on its shape.

use crate::tree::{
    Act, Element, Entry, Expression, Form, Function, Imported, Module, Statement, Type,
};

/// One line for each statement of a module, indented by two where nested.
pub(crate) fn module(module: &Module) -> String {
    let mut out = String::new();
    out.extend(module.package.iter().map(|package| format!("package {package}\n")));
    statements(&module.body, 0, &mut out);
    out
}

fn statements(body: &[Statement], depth: usize, out: &mut String) {
    for statement in body {
        let mut line = |text: String| {
            out.push_str(&"  ".repeat(depth));
            out.push_str(&text);
            out.push('\n');
        };
        match &statement.act {
            Act::Import(import) => line(match &import.names {
                Imported::Nothing => format!("import {}", import.source),
                Imported::Module(name) => format!("import {} as {name}", import.source),
                Imported::Names(names) => format!("import {} {names:?}", import.source),
                Imported::All => format!("import {} *", import.source),
            }),
            Act::Export { name, value } => line(format!("export {name} = {}", of(value))),
            Act::Bind { target, value, declared, .. } => {
                let declared =
                    declared.as_ref().map_or(String::new(), |of| format!(": {}", named(of)));
                let value =
                    value.as_ref().map_or(String::new(), |value| format!(" = {}", of(value)));
                line(format!("{}{declared}{value}", of(target)));
            }
            Act::Evaluate(value) => line(of(value)),
            Act::Return(value) => {
                line(format!("return {}", value.as_ref().map_or_else(String::new, of)))
            }
            Act::Raise(value) => {
                line(format!("raise {}", value.as_ref().map_or_else(String::new, of)))
            }
            Act::Break => line("break".to_owned()),
            Act::Function(function) => {
                line(signature(function));
                statements(&function.body, depth + 1, out);
            }
            Act::Class(class) => {
                let bases: Vec<String> = class.bases.iter().map(of).collect();
                line(format!("class {}({})", class.name, bases.join(", ")));
                for field in &class.fields {
                    let declared = field
                        .declared
                        .as_ref()
                        .map_or(String::new(), |of| format!(": {}", named(of)));
                    let value = field
                        .value
                        .as_ref()
                        .map_or(String::new(), |value| format!(" = {}", of(value)));
                    let own = if field.is_static { "static " } else { "" };
                    out.push_str(&format!(
                        "{}{own}{}{declared}{value}\n",
                        "  ".repeat(depth + 1),
                        field.name
                    ));
                }
                statements(&class.body, depth + 1, out);
                for method in &class.methods {
                    out.push_str(&format!("{}{}\n", "  ".repeat(depth + 1), signature(method)));
                    statements(&method.body, depth + 2, out);
                }
            }
            Act::If { test, then, otherwise } => {
                line(format!("if {}", of(test)));
                statements(then, depth + 1, out);
                if !otherwise.is_empty() {
                    out.push_str(&format!("{}else\n", "  ".repeat(depth)));
                    statements(otherwise, depth + 1, out);
                }
            }
            Act::Loop { each, test, body, .. } => {
                let each = each.as_ref().map_or(String::new(), |(target, from)| {
                    format!(" {} in {}", of(target), of(from))
                });
                let test =
                    test.as_ref().map_or(String::new(), |test| format!(" while {}", of(test)));
                line(format!("loop{each}{test}"));
                statements(body, depth + 1, out);
            }
            Act::Try { body, handlers, finally, .. } => {
                line("try".to_owned());
                statements(body, depth + 1, out);
                for (name, body) in handlers {
                    out.push_str(&format!(
                        "{}catch {}\n",
                        "  ".repeat(depth),
                        name.as_deref().unwrap_or("_")
                    ));
                    statements(body, depth + 1, out);
                }
                if !finally.is_empty() {
                    out.push_str(&format!("{}finally\n", "  ".repeat(depth)));
                    statements(finally, depth + 1, out);
                }
            }
            Act::Block(body) => {
                line("block".to_owned());
                statements(body, depth + 1, out);
            }
        }
    }
}

fn signature(function: &Function) -> String {
    let parameter = |parameter: &crate::tree::Parameter| {
        let declared =
            parameter.declared.as_ref().map_or(String::new(), |of| format!(": {}", named(of)));
        format!("{}{declared}", of(&parameter.target))
    };
    let receiver = function
        .receiver
        .as_ref()
        .map_or(String::new(), |receiver| format!("({}) ", parameter(receiver)));
    let parameters: Vec<String> = function.parameters.iter().map(parameter).collect();
    let result = function.result.as_ref().map_or(String::new(), |of| format!(" -> {}", named(of)));
    format!("fn {receiver}{}({}){result}", function.name, parameters.join(", "))
}

fn named(of: &Type) -> String {
    let arguments: Vec<String> = of.arguments.iter().map(named).collect();
    let arguments =
        if arguments.is_empty() { String::new() } else { format!("<{}>", arguments.join(", ")) };
    format!("{}{arguments}", of.path.join("."))
}

fn of(expression: &Expression) -> String {
    let all = |values: &[Expression]| values.iter().map(of).collect::<Vec<_>>().join(", ");
    match expression.form.as_ref() {
        Form::Text(text) => format!("{text:?}"),
        Form::Number(number) => number.to_string(),
        Form::Truth(truth) => truth.to_string(),
        Form::Null => "null".to_owned(),
        Form::Joined(parts) => format!("join({})", all(parts)),
        Form::Name(name) => name.clone(),
        Form::Member { object, name } => format!("{}.{name}", of(object)),
        Form::Index { object, index } => format!("{}[{}]", of(object), of(index)),
        Form::Call { callee, arguments, construction } => {
            let new = if *construction { "new " } else { "" };
            let arguments: Vec<String> =
                arguments.iter().map(|argument| of(&argument.value)).collect();
            format!("{new}{}({})", of(callee), arguments.join(", "))
        }
        Form::List(elements) => {
            let element = |element: &Element| match element {
                Element::One(value) => of(value),
                Element::Spread(value) => format!("...{}", of(value)),
            };
            format!("[{}]", elements.iter().map(element).collect::<Vec<_>>().join(", "))
        }
        Form::Map(entries) => {
            let entry = |entry: &Entry| match entry {
                Entry::One(key, value) => format!("{}: {}", of(key), of(value)),
                Entry::Spread(value) => format!("...{}", of(value)),
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Form::Construct { of: class, fields } => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", of(value))).collect();
            format!("{}{{{}}}", named(class), fields.join(", "))
        }
        Form::Function(function) => {
            let mut body = String::new();
            statements(&function.body, 0, &mut body);
            format!("{} {{ {} }}", signature(function), body.trim_end().replace('\n', "; "))
        }
        Form::Class(class) => {
            let methods: Vec<String> =
                class.methods.iter().map(|method| signature(method)).collect();
            format!("class({}) {{ {} }}", all(&class.bases), methods.join("; "))
        }
        Form::Or(left, right) => format!("{} or {}", of(left), of(right)),
        Form::And(left, right) => format!("{} and {}", of(left), of(right)),
        Form::Conditional { test, then, otherwise } => {
            format!("{} ? {} : {}", of(test), of(then), of(otherwise))
        }
        Form::Formatted { format, values } => format!("{} % {}", of(format), of(values)),
        Form::Assign { target, value } => format!("({} = {})", of(target), of(value)),
        Form::Comprehension { element, .. } => format!("[{} for …]", of(element)),
        Form::Typed(value, class) => format!("({} as {})", of(value), named(class)),
        Form::Sequence(values) => format!("({})", all(values)),
        Form::Opaque(what, parts) => format!("<{what} {}>", all(parts)),
    }
}
