use tree_sitter::Node;

use super::{Breaks, Reader, declaration, expression, types};
use crate::syntax::{before, children, field, fields, held};
use crate::tree::{Act, Declares, Element, Expression, Form, Statement, Type};

/// The statements of a block.
pub(super) fn block(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    for child in children(node) {
        if child.kind() == "statement_list" {
            block(reader, child, body);
        } else {
            statement(reader, child, body);
        }
    }
}

/// A statement, as one or several.
pub(super) fn statement(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    if reader.syntax.enter(node) {
        read(reader, node, body);
    }
    reader.syntax.leave();
}

fn read(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let act = match node.kind() {
        "var_declaration" | "var_spec_list" | "const_declaration" => {
            children(node).into_iter().for_each(|spec| read(reader, spec, body));
            return;
        }
        "var_spec" | "const_spec" => return variables(reader, node, body),
        "type_declaration" => return declaration::declared_types(reader, node, body),
        "short_var_declaration" => return assigned(reader, node, Declares::Block, body),
        "receive_statement" => return assigned(reader, node, Declares::Block, body),
        "assignment_statement" => return assigned(reader, node, Declares::Nothing, body),
        "labeled_statement" => {
            children(node).into_iter().skip(1).for_each(|child| statement(reader, child, body));
            return;
        }
        "empty_statement" | "fallthrough_statement" | "goto_statement" | "comment" => return,
        "break_statement" => {
            // A `break` without a label that leaves a `switch` goes on behind it.
            let labelled = !children(node).is_empty();
            if !labelled && reader.breaks.last() == Some(&Breaks::Choice) {
                return;
            }
            Act::Break
        }
        "continue_statement" => Act::Break,
        "return_statement" => Act::Return(returned(reader, node)),
        "block" => Act::Block(nested(reader, Some(node))),
        "if_statement" => conditional(reader, node),
        "for_statement" => repeated(reader, node),
        "expression_switch_statement" | "type_switch_statement" | "select_statement" => {
            choice(reader, node)
        }
        "inc_statement" | "dec_statement" => {
            let Some(operand) = children(node).first().copied() else { return };
            let target = expression::read(reader, operand);
            let value = Form::Opaque("arithmetic", vec![before(&target)]);
            bound(target, Declares::Nothing, reader.syntax.expression(node, value))
        }
        "expression_statement" | "go_statement" | "defer_statement" => {
            let Some(value) = children(node).first().copied() else { return };
            match expression::panicked(reader, value) {
                Some(raised) => Act::Raise(raised),
                None => Act::Evaluate(expression::read(reader, value)),
            }
        }
        _ => Act::Evaluate(expression::read(reader, node)),
    };
    body.push(reader.syntax.statement(node, act));
}

fn bound(target: Expression, declares: Declares, value: Expression) -> Act {
    Act::Bind { target, declares, value: Some(value), declared: None }
}

fn nested(reader: &mut Reader<'_>, node: Option<Node<'_>>) -> Vec<Statement> {
    let mut body = Vec::new();
    if let Some(node) = node {
        block(reader, node, &mut body);
    }
    body
}

fn variables(reader: &mut Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    let declared = field(node, "type").map(|declared| types::read(reader, declared));
    let targets = fields(node, "name").into_iter().map(|name| expression::read(reader, name));
    let targets: Vec<Expression> = targets.collect();
    let values = field(node, "value").map(children).unwrap_or_default();
    pairs(reader, node, targets, values, Declares::Block, declared, body);
}

fn assigned(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    declares: Declares,
    body: &mut Vec<Statement>,
) {
    let Some(right) = field(node, "right") else { return };
    let targets = field(node, "left").map(children).unwrap_or_default();
    let targets: Vec<Expression> =
        targets.into_iter().map(|target| expression::read(reader, target)).collect();
    let operator = field(node, "operator").map_or("=", |operator| reader.syntax.text(operator));
    let values = if right.kind() == "expression_list" { children(right) } else { vec![right] };
    if operator == "=" || operator == ":=" {
        return pairs(reader, node, targets, values, declares, None, body);
    }
    for (target, value) in targets.into_iter().zip(values) {
        let parts = vec![before(&target), expression::read(reader, value)];
        let form =
            if operator == "+=" { Form::Joined(parts) } else { Form::Opaque("arithmetic", parts) };
        let act = bound(target, declares, reader.syntax.expression(node, form));
        body.push(reader.syntax.statement(node, act));
    }
}

/// Binds each target to its value, or all targets to the results of one call.
fn pairs(
    reader: &mut Reader<'_>,
    node: Node<'_>,
    targets: Vec<Expression>,
    values: Vec<Node<'_>>,
    declares: Declares,
    declared: Option<Type>,
    body: &mut Vec<Statement>,
) {
    if targets.is_empty() {
        for value in values {
            let act = Act::Evaluate(expression::read(reader, value));
            body.push(reader.syntax.statement(node, act));
        }
        return;
    }
    if let ([value], true) = (values.as_slice(), targets.len() > 1) {
        let results = expression::read(reader, *value);
        let targets = if matches!(results.form.as_ref(), Form::Call { .. }) {
            let elements = targets.into_iter().map(Element::One).collect();
            vec![reader.syntax.expression(node, Form::List(elements))]
        } else {
            // `value, ok := m[key]`: the second only says whether there is a first.
            targets
        };
        let mut targets = targets.into_iter();
        if let Some(target) = targets.next() {
            let value = Some(results);
            let act = Act::Bind { target, declares, value, declared };
            body.push(reader.syntax.statement(node, act));
        }
        for target in targets {
            let truth = reader.syntax.expression(node, Form::Opaque("comparison", Vec::new()));
            body.push(reader.syntax.statement(node, bound(target, declares, truth)));
        }
        return;
    }
    let mut values = values.into_iter();
    for target in targets {
        let value = values.next().map(|value| expression::read(reader, value));
        let act = Act::Bind { target, declares, value, declared: declared.clone() };
        body.push(reader.syntax.statement(node, act));
    }
}

/// What a `return` gives: one value, a list of several, or the named results.
fn returned(reader: &mut Reader<'_>, node: Node<'_>) -> Option<Expression> {
    let mut values: Vec<Expression> = Vec::new();
    if let Some(list) = children(node).first().copied() {
        let nodes = if list.kind() == "expression_list" { children(list) } else { vec![list] };
        values.extend(nodes.into_iter().map(|value| expression::read(reader, value)));
    } else if let Some(names) = reader.results.last() {
        let name = |name: &String| reader.syntax.expression(node, Form::Name(name.clone()));
        values.extend(names.iter().map(name));
    }
    if values.len() > 1 {
        let elements = values.into_iter().map(Element::One).collect();
        return Some(reader.syntax.expression(node, Form::List(elements)));
    }
    values.pop()
}

fn conditional(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let mut body = Vec::new();
    if let Some(initializer) = field(node, "initializer") {
        statement(reader, initializer, &mut body);
    }
    let test = tested(reader, node, field(node, "condition"));
    let then = nested(reader, field(node, "consequence"));
    let mut otherwise = Vec::new();
    if let Some(alternative) = field(node, "alternative") {
        statement(reader, alternative, &mut otherwise);
    }
    let choice = Act::If { test, then, otherwise };
    if body.is_empty() {
        return choice;
    }
    body.push(reader.syntax.statement(node, choice));
    Act::Block(body)
}

fn tested(reader: &mut Reader<'_>, node: Node<'_>, condition: Option<Node<'_>>) -> Expression {
    match condition {
        Some(condition) => expression::read(reader, condition),
        None => reader.syntax.expression(node, Form::Opaque("comparison", Vec::new())),
    }
}

fn repeated(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let mut before = Vec::new();
    let mut step = Vec::new();
    let (mut each, mut test) = (None, None);
    let block = field(node, "body");
    let head = children(node).into_iter().find(|child| Some(*child) != block);
    match head.map(|head| (head, head.kind())) {
        Some((clause, "for_clause")) => {
            if let Some(initializer) = field(clause, "initializer") {
                statement(reader, initializer, &mut before);
            }
            test = field(clause, "condition").map(|test| expression::read(reader, test));
            if let Some(update) = field(clause, "update") {
                statement(reader, update, &mut step);
            }
        }
        Some((clause, "range_clause")) => each = ranged(reader, clause),
        Some((condition, _)) => test = Some(expression::read(reader, condition)),
        None => {}
    }
    reader.breaks.push(Breaks::Loop);
    let mut body = nested(reader, block);
    reader.breaks.pop();
    body.append(&mut step);
    let repeats = Act::Loop { each, test, body, otherwise: Vec::new() };
    if before.is_empty() {
        return repeats;
    }
    before.push(reader.syntax.statement(node, repeats));
    Act::Block(before)
}

/// `range` goes through pairs of key and value, which is what `entries` gives.
fn ranged(reader: &mut Reader<'_>, clause: Node<'_>) -> Option<(Expression, Expression)> {
    let targets = field(clause, "left").map(children).unwrap_or_default();
    let targets = targets.into_iter().map(|target| Element::One(expression::read(reader, target)));
    let targets = Form::List(targets.collect());
    let right = field(clause, "right")?;
    let object = expression::read(reader, right);
    let entries = expression::method(reader, right, object, "entries", Vec::new());
    Some((reader.syntax.expression(clause, targets), entries))
}

/// `switch` and `select`: a chain of conditions, each of which may hold.
fn choice(reader: &mut Reader<'_>, node: Node<'_>) -> Act {
    let mut body = Vec::new();
    if let Some(initializer) = field(node, "initializer") {
        statement(reader, initializer, &mut body);
    }
    let value = field(node, "value").map(|value| held(expression::read(reader, value)));
    let value = value.map(|(held, name)| {
        body.push(held);
        name
    });
    let alias = field(node, "alias").and_then(|alias| children(alias).first().copied());
    let alias = alias.map(|alias| expression::read(reader, alias));
    reader.breaks.push(Breaks::Choice);
    let mut cases = Vec::new();
    let mut otherwise = Vec::new();
    for case in children(node) {
        let mut parts: Vec<Expression> = Vec::new();
        let mut then = Vec::new();
        match case.kind() {
            "expression_case" => {
                let values = field(case, "value").map(children).unwrap_or_default();
                parts.extend(values.into_iter().map(|value| expression::read(reader, value)));
            }
            "type_case" => then.extend(alias_of_type(reader, case, alias.as_ref(), value.as_ref())),
            "communication_case" => {
                if let Some(communication) = field(case, "communication") {
                    statement(reader, communication, &mut then);
                }
            }
            "default_case" => {
                if let (Some(alias), Some(value)) = (&alias, &value) {
                    let act = bound(alias.clone(), Declares::Block, value.clone());
                    otherwise.push(reader.syntax.statement(case, act));
                }
                let lists = children(case);
                lists.into_iter().for_each(|list| block(reader, list, &mut otherwise));
                continue;
            }
            _ => continue,
        }
        let lists = children(case).into_iter().filter(|list| list.kind() == "statement_list");
        lists.for_each(|list| block(reader, list, &mut then));
        cases.push((case, parts, then));
    }
    reader.breaks.pop();
    let first = value.filter(|_| alias.is_none());
    for (index, (case, mut parts, then)) in cases.into_iter().enumerate().rev() {
        if index == 0 {
            parts.extend(first.clone());
        }
        let test = reader.syntax.expression(case, Form::Opaque("comparison", parts));
        otherwise = vec![reader.syntax.statement(case, Act::If { test, then, otherwise })];
    }
    body.append(&mut otherwise);
    Act::Block(body)
}

/// `switch alias := value.(type)`: within a case of one type the value is of it.
fn alias_of_type(
    reader: &Reader<'_>,
    case: Node<'_>,
    alias: Option<&Expression>,
    value: Option<&Expression>,
) -> Option<Statement> {
    let (alias, value) = (alias?.clone(), value?.clone());
    let types = fields(case, "type");
    let value = match types.as_slice() {
        [only] => Expression::new(value.span, Form::Typed(value, types::read(reader, *only))),
        _ => value,
    };
    Some(reader.syntax.statement(case, bound(alias, Declares::Block, value)))
}
