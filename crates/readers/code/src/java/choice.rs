//! `switch`, as a chain of conditions, each of which may hold.

use std::rc::Rc;

use tree_sitter::Node;

use super::{Breaks, Reader, expression, method, name, statement, types};
use crate::syntax::{children, field, held};
use crate::tree::{Act, Declares, Expression, Form, Statement};

/// A `switch` of which nobody takes the value.
pub(super) fn statement(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    reader.breaks.push(Breaks::Choice);
    let body = chain(reader, node, Value::Dropped);
    reader.breaks.pop();
    Act::Block(body)
}

/// A `switch` that is a value: what a function without parameters returns that is called at once.
pub(super) fn value(reader: &mut Reader<'_>, node: Node<'_>) -> Form {
    let breaks = std::mem::take(&mut reader.breaks);
    let body = chain(reader, node, Value::Returned);
    reader.breaks = breaks;
    let mut function = method::made(reader.syntax.span(node), String::new(), Vec::new(), body);
    function.keeps_this = true;
    let callee = reader.syntax.expression(node, Form::Function(Rc::new(function)));
    Form::Call { callee, arguments: Vec::new(), construction: false }
}

/// What becomes of the value of an arm.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    Dropped,
    Returned,
}

fn chain(reader: &mut Reader<'_>, node: Node<'_>, value: Value) -> Vec<Statement> {
    let mut body = Vec::new();
    let condition = field(node, "condition").map(|condition| {
        let (held, name) = held(expression::read(reader, condition));
        body.push(held);
        name
    });
    let mut cases = Vec::new();
    let mut otherwise = Vec::new();
    for case in field(node, "body").map(children).unwrap_or_default() {
        let mut parts = Vec::new();
        let mut then = Vec::new();
        let mut is_default = false;
        for part in children(case) {
            match part.kind() {
                "switch_label" => {
                    is_default |= children(part).is_empty();
                    label(reader, part, condition.as_ref(), &mut parts, &mut then);
                }
                "expression_statement"
                    if value == Value::Returned && case.kind() == "switch_rule" =>
                {
                    let inner = children(part).first().copied();
                    let returned = inner.map(|inner| expression::read(reader, inner));
                    then.push(reader.syntax.statement(part, Act::Return(returned)));
                }
                _ => statement::read(reader, part, &mut then),
            }
        }
        if is_default {
            otherwise = then;
        } else {
            cases.push((case, parts, then));
        }
    }
    for (index, (case, mut parts, then)) in cases.into_iter().enumerate().rev() {
        if index == 0 {
            parts.extend(condition.clone());
        }
        let test = reader.syntax.expression(case, Form::Opaque("comparison", parts));
        otherwise = vec![reader.syntax.statement(case, Act::If { test, then, otherwise })];
    }
    body.append(&mut otherwise);
    body
}

/// What a label compares with, and the name that a pattern binds.
fn label(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    condition: Option<&Expression>,
    parts: &mut Vec<Expression>,
    then: &mut Vec<Statement>,
) {
    for part in children(node) {
        if part.kind() != "pattern" {
            parts.push(expression::read(reader, part));
            continue;
        }
        let Some(pattern) = children(part).first().copied() else { continue };
        let inner = children(pattern);
        if let ("type_pattern", [of, named], Some(condition)) =
            (pattern.kind(), inner.as_slice(), condition)
        {
            let value = match types::read(reader, *of) {
                Some(of) => reader.syntax.expression(pattern, Form::Typed(condition.clone(), of)),
                None => condition.clone(),
            };
            let act = Act::Bind {
                target: name(reader, *named),
                declares: Declares::Block,
                value: Some(value),
                declared: None,
            };
            then.push(reader.syntax.statement(pattern, act));
        }
    }
}
