use tree_sitter::Node;

use super::{Breaks, Reader, choice, class, expression, member, method, name, positional, types};
use crate::syntax::{children, field, fields};
use crate::tree::{Act, Declares, Expression, Form, Statement};

/// The body of a function: a block, or an expression that is returned.
pub(super) fn body(reader: &mut Reader<'_>, node: Node<'_>) -> Vec<Statement> {
    let breaks = std::mem::take(&mut reader.breaks);
    let body = match node.kind() {
        "block" | "constructor_body" => block(reader, Some(node)),
        _ => {
            let act = Act::Return(Some(expression::read(reader, node)));
            vec![reader.syntax.statement(node, act)]
        }
    };
    reader.breaks = breaks;
    body
}

/// The statements of a block, or a single statement.
pub(super) fn block(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Vec<Statement> {
    let mut body = Vec::new();
    match node {
        Some(node) if matches!(node.kind(), "block" | "constructor_body") => {
            children(node).into_iter().for_each(|child| read(reader, child, &mut body));
        }
        Some(node) => read(reader, node, &mut body),
        None => {}
    }
    body
}

/// A statement, as one or several.
pub(super) fn read(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    if reader.syntax.enter(node) {
        statement(reader, node, body);
    }
    reader.syntax.leave();
}

fn statement(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let act = match node.kind() {
        "class_declaration"
        | "interface_declaration"
        | "enum_declaration"
        | "record_declaration" => return class::declared(reader, node, body),
        "package_declaration"
        | "import_declaration"
        | "module_declaration"
        | "annotation_type_declaration" => return,
        // A file without a class around its methods, as the newest Java has it.
        "method_declaration" => Act::Function(std::rc::Rc::new(method::declared(reader, node))),
        "local_variable_declaration" => return variables(reader, node, body),
        "labeled_statement" => {
            children(node).into_iter().skip(1).for_each(|child| read(reader, child, body));
            return;
        }
        "break_statement" => {
            let labelled = !children(node).is_empty();
            if !labelled && reader.breaks.last() == Some(&Breaks::Choice) {
                return;
            }
            Act::Break
        }
        "continue_statement" => Act::Break,
        "return_statement" | "yield_statement" => Act::Return(first(reader, node)),
        "throw_statement" => Act::Raise(first(reader, node)),
        "block" => Act::Block(block(reader, Some(node))),
        "synchronized_statement" => Act::Block(block(reader, field(node, "body"))),
        "if_statement" => Act::If {
            test: tested(reader, node),
            then: block(reader, field(node, "consequence")),
            otherwise: block(reader, field(node, "alternative")),
        },
        "while_statement" | "do_statement" => Act::Loop {
            each: None,
            test: Some(tested(reader, node)),
            body: looped(reader, field(node, "body")),
            otherwise: Vec::new(),
        },
        "for_statement" => counted(reader, node),
        "enhanced_for_statement" => each(reader, node),
        "try_statement" | "try_with_resources_statement" => tried(reader, node),
        "switch_expression" => choice::statement(reader, node),
        "explicit_constructor_invocation" => other_constructor(reader, node),
        "expression_statement" => {
            let Some(inner) = children(node).first().copied() else { return };
            match inner.kind() {
                "assignment_expression" => expression::assigned(reader, inner),
                "switch_expression" => choice::statement(reader, inner),
                _ => Act::Evaluate(expression::read(reader, inner)),
            }
        }
        _ => Act::Evaluate(expression::read(reader, node)),
    };
    body.push(reader.syntax.statement(node, act));
}

fn first(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Expression> {
    children(node).first().map(|value| expression::read(reader, *value))
}

fn tested(reader: &mut Reader<'_>, node: Node<'_>) -> Expression {
    match field(node, "condition") {
        Some(condition) => expression::read(reader, condition),
        None => reader.syntax.expression(node, Form::Truth(true)),
    }
}

fn variables(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let declared = field(node, "type").and_then(|declared| types::read(reader, declared));
    for declarator in fields(node, "declarator") {
        let Some(named) = field(declarator, "name") else { continue };
        let target = name(reader, named);
        let value = field(declarator, "value").map(|value| expression::read(reader, value));
        let act =
            Act::Bind { target, declares: Declares::Block, value, declared: declared.clone() };
        body.push(reader.syntax.statement(declarator, act));
    }
}

fn looped(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Vec<Statement> {
    reader.breaks.push(Breaks::Loop);
    let body = block(reader, node);
    reader.breaks.pop();
    body
}

fn counted(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let mut before = Vec::new();
    for initializer in fields(node, "init") {
        read(reader, initializer, &mut before);
    }
    let test = Some(tested(reader, node));
    let mut body = looped(reader, field(node, "body"));
    for update in fields(node, "update") {
        read(reader, update, &mut body);
    }
    let repeats = Act::Loop { each: None, test, body, otherwise: Vec::new() };
    before.push(reader.syntax.statement(node, repeats));
    Act::Block(before)
}

fn each(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let target = field(node, "name").map(|named| name(reader, named));
    let iterated = field(node, "value").map(|value| expression::read(reader, value));
    let body = looped(reader, field(node, "body"));
    Act::Loop { each: target.zip(iterated), test: None, body, otherwise: Vec::new() }
}

fn tried(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let mut body = Vec::new();
    for resource in field(node, "resources").map(children).unwrap_or_default() {
        resourced(reader, resource, &mut body);
    }
    body.append(&mut block(reader, field(node, "body")));
    let (mut handlers, mut finally) = (Vec::new(), Vec::new());
    for part in children(node) {
        match part.kind() {
            "catch_clause" => {
                let parameter = children(part).into_iter().find(|part| part.kind() != "block");
                let named = parameter.and_then(|parameter| field(parameter, "name"));
                let named = named.map(|named| reader.syntax.text(named).to_owned());
                handlers.push((named, block(reader, field(part, "body"))));
            }
            "finally_clause" => finally = block(reader, children(part).first().copied()),
            _ => {}
        }
    }
    Act::Try { body, handlers, otherwise: Vec::new(), finally }
}

fn resourced(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let act = match (field(node, "name"), field(node, "value")) {
        (Some(named), Some(value)) => Act::Bind {
            target: name(reader, named),
            declares: Declares::Block,
            value: Some(expression::read(reader, value)),
            declared: field(node, "type").and_then(|declared| types::read(reader, declared)),
        },
        _ => match first(reader, node) {
            Some(value) => Act::Evaluate(value),
            None => return,
        },
    };
    body.push(reader.syntax.statement(node, act));
}

/// `super(…)` and `this(…)` at the beginning of a constructor.
fn other_constructor(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let callee = match field(node, "constructor") {
        Some(constructor) => member(name(reader, constructor), "constructor"),
        None => reader.syntax.expression(node, Form::Null),
    };
    let arguments = match field(node, "arguments") {
        Some(list) => children(list)
            .into_iter()
            .map(|argument| positional(expression::read(reader, argument)))
            .collect(),
        None => Vec::new(),
    };
    let form = Form::Call { callee, arguments, construction: false };
    Act::Evaluate(reader.syntax.expression(node, form))
}
