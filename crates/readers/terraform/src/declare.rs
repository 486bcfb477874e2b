//! Instances of resources as declarations.

use std::rc::Rc;

use app_graph::{InsertionPoint, Syntax};
use hcl_edit::expr::{Expression, TraversalOperator};
use text::{Condition, Part, PartialText, Span};

use super::configuration::Mode;
use super::evaluate::{BUILT_IN, Evaluator};
use super::mapping;
use super::module::{Instance, Module};
use super::syntax::{Block, Body, Expr};
use super::values;
use super::{PATH_MARK, archives, convert};
use documents::declaration::{Declaration, Maker};
use documents::value::{Alternative, Kind, Member, Value};

/// A declaration, and what it was before its arguments were renamed.
pub(super) struct Draft {
    pub(super) declaration: Declaration,
    /// Arguments in Terraform's words.
    pub(super) arguments: Value,
}

/// Declares every resource of a module and of the modules it calls.
pub(super) fn module(evaluator: &Evaluator<'_>, module: &Rc<Module>, drafts: &mut Vec<Draft>) {
    let configuration = module.configuration.clone();
    for block in &configuration.resources {
        let [kind, name] = block.labels.as_slice() else { continue };
        let Some(expansion) = evaluator.expansion(module, Mode::Managed, kind, name) else {
            continue;
        };
        for (_, instance) in &expansion.instances {
            drafts.push(draft(evaluator, instance, block));
        }
    }
    for block in &configuration.modules {
        let Some(name) = block.labels.first() else { continue };
        let Some(children) = evaluator.children(module, name) else { continue };
        for (_, child) in &children.modules {
            self::module(evaluator, child, drafts);
        }
    }
}

fn draft(evaluator: &Evaluator<'_>, instance: &Rc<Instance>, block: &Block) -> Draft {
    let scope = instance.scope(block.extent.source);
    let assumed = instance.condition.clone().unwrap_or_else(|| Condition::from(""));
    // "a or b" says nothing about either.
    let assumed = if assumed.contains(" or ") { Condition::from("") } else { assumed };
    let body = evaluator.assuming(&assumed, || evaluator.body(&block.body, &scope, block.extent));
    let resource = mapping::resource(&instance.kind);
    let kind = resource.filter(|resource| resource.merged_by.is_empty());
    let kind = kind.map_or(instance.kind.as_str(), |resource| resource.kind);
    let mut properties = match resource {
        Some(resource) => mapping::properties(evaluator, resource, &body),
        None => flattened(body.clone()),
    };
    code_path(evaluator, instance, block, &mut properties);
    let mut properties = values::finished_tree(properties);
    let mut arguments = values::finished_tree(body);
    // What a built-in module says, its caller said.
    let built_in = block.extent.source == BUILT_IN;
    let shown = if built_in { instance.module.call_block().unwrap_or(block) } else { block };
    let hands_on_policy = properties.get("PolicyDocument").is_some_and(is_of_the_caller);
    let made_by = if built_in && !hands_on_policy { Maker::Framework } else { Maker::Author };
    if built_in {
        rehome(&mut properties, shown.said);
        rehome(&mut arguments, shown.said);
    }
    Draft {
        declaration: Declaration {
            id: instance.id.clone(),
            name: instance.id.to_string(),
            kind: kind.to_owned(),
            type_name: instance.kind.clone(),
            said: shown.said,
            extent: shown.extent,
            properties,
            condition: instance.condition.clone(),
            construct: None,
            insertion: insertion(evaluator, &shown.body).map(|insertion| match built_in {
                true => InsertionPoint { passed: Some(passed(&block.body)), ..insertion },
                false => insertion,
            }),
            allowances: Vec::new(),
            made_by,
        },
        arguments,
    }
}

/// Whether what a policy of a built-in module allows is what its caller wrote.
fn is_of_the_caller(document: &Value) -> bool {
    let is_action = |key: &str| matches!(key, "Action" | "NotAction");
    match &document.kind {
        Kind::Map(members) => members.iter().any(|member| match is_action(&member.key) {
            true => member.value.span.source != BUILT_IN || is_of_the_caller(&member.value),
            false => matches!(&*member.key, "Statement") && is_of_the_caller(&member.value),
        }),
        Kind::List(items) => items.iter().any(is_of_the_caller),
        Kind::Branches(alternatives) => {
            alternatives.iter().any(|alternative| is_of_the_caller(&alternative.value))
        }
        _ => document.span.source != BUILT_IN,
    }
}

/// Where an argument can be added: in front of the first.
fn insertion(evaluator: &Evaluator<'_>, body: &Body) -> Option<InsertionPoint> {
    let first = body.attributes.iter().map(|attribute| attribute.name_span);
    let first = first.chain(body.blocks.iter().map(|block| block.header));
    let at = first.min_by_key(|span| span.start)?;
    let source = evaluator.source(at.source)?;
    let before = source.text.get(..at.start as usize)?;
    let line = before.rsplit('\n').next().unwrap_or_default();
    // `resource "a" "b" { x = 1 }` on one line has no place for another line.
    let indent = line.chars().all(char::is_whitespace).then(|| line.to_owned())?;
    let written = body.attributes.iter().map(|attribute| attribute.name.clone());
    let written =
        written.chain(body.blocks.iter().map(|block| block.said_kind().to_owned())).collect();
    let at = Span { end: at.start, ..at };
    Some(InsertionPoint { at, indent, syntax: Syntax::Hcl, written, around: None, passed: None })
}

/// Arguments that are variables of the module as they stand: their names, and the variables'.
fn passed(body: &Body) -> Vec<(String, String)> {
    let passed = body.attributes.iter().filter_map(|attribute| {
        let Expr::Hcl(Expression::Traversal(traversal)) = &attribute.expr else { return None };
        let [operator] = traversal.operators.as_slice() else { return None };
        let TraversalOperator::GetAttr(variable) = operator.value() else { return None };
        let is_variable =
            matches!(&traversal.expr, Expression::Variable(name) if name.as_str() == "var");
        is_variable.then(|| (attribute.name.clone(), variable.as_str().to_owned()))
    });
    passed.collect()
}

/// Paths of code as paths of the scan.
fn code_path(
    evaluator: &Evaluator<'_>,
    instance: &Rc<Instance>,
    block: &Block,
    properties: &mut Value,
) {
    let Kind::Map(members) = &mut properties.kind else { return };
    for member in members.iter_mut().filter(|member| matches!(&*member.key, "Code" | "Content")) {
        if let Some(code) = archives::code(evaluator, instance, block, &member.value) {
            member.value = code;
        }
    }
}

/// Blocks that stand once are mappings, not lists of one: arguments of other clouds keep
/// Terraform's names and are read by path.
pub(super) fn flattened(value: Value) -> Value {
    let kind = match value.kind {
        Kind::Map(members) => Kind::Map(
            members
                .into_iter()
                .map(|member| Member { value: flattened(member.value), ..member })
                .collect(),
        ),
        Kind::List(items) => {
            let mut items: Vec<Value> = items.into_iter().map(flattened).collect();
            match (items.len(), items.first().map(|item| &item.kind)) {
                (1, Some(Kind::Map(_))) => return items.remove(0),
                _ => Kind::List(items),
            }
        }
        Kind::Branches(alternatives) => Kind::Branches(
            alternatives
                .into_iter()
                .map(|Alternative { condition, value }| Alternative {
                    condition,
                    value: flattened(value),
                })
                .collect(),
        ),
        Kind::Text(text) if text.has_literal(&PATH_MARK.to_string()) => {
            let unmarked = text.parts().iter().map(|part| match part {
                Part::Literal(literal) => Part::Literal(literal.replace(PATH_MARK, "")),
                part => part.clone(),
            });
            let mut text = PartialText::default();
            unmarked.for_each(|part| text.push(part));
            Kind::Text(text)
        }
        kind => kind,
    };
    convert::path_as_written(Value { kind, ..value })
}

fn rehome(value: &mut Value, home: Span) {
    if value.span.source == BUILT_IN {
        value.span = home;
    }
    if value.origin.is_some_and(|origin| origin.source == BUILT_IN) {
        value.origin = None;
    }
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| rehome(item, home)),
        Kind::Map(members) => {
            for member in members {
                if member.key_span.source == BUILT_IN {
                    member.key_span = home;
                }
                rehome(&mut member.value, home);
            }
        }
        Kind::Branches(alternatives) => {
            alternatives.iter_mut().for_each(|alternative| rehome(&mut alternative.value, home));
        }
        _ => {}
    }
}
