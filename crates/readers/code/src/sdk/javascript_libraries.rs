//! Libraries for JavaScript that call AWS for who uses them, or hand through what they are given:
//! known by their names in a table.

use std::collections::HashMap;
use std::sync::OnceLock;

use iam::api::Argument;
use text::Span;

use super::javascript::object;
use crate::evaluate::{Arguments, Evaluator, Object, Value};

/// A thing made by such a library; its name ends in `()`, its values are what it was made with.
const MADE: &str = "thing of a library";
/// A member of such a thing.
const MEMBER: &str = "member of a library's thing";

const TABLE: &str = include_str!("javascript_libraries.txt");

/// What a call of a name does.
enum Row {
    /// Calls an operation of a service with parameters from paths.
    Call {
        service: &'static str,
        operation: &'static str,
        parameters: Vec<(&'static str, &'static str)>,
    },
    /// Gives what is at a path.
    Returns(&'static str),
}

/// What `name` of a library's thing is.
pub(crate) fn member(thing: &Object, name: &str) -> Option<Value> {
    if thing.kind != MADE {
        return None;
    }
    let name = format!("{}.{name}", thing.name);
    Some(match table().0.contains_key(name.as_str()) {
        true => object(MEMBER, "", &name, thing.values.clone()),
        false => Value::Data,
    })
}

/// What a call of a library's thing or its member gives.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    thing: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    match thing.kind {
        MEMBER => run(evaluator, &thing.name, &thing.values, arguments, at),
        MADE => {
            evaluator.call_back_all(arguments, at);
            Some(Value::Data)
        }
        _ => None,
    }
}

/// What a call of a library's name gives; `None` for names that the table does not have.
pub(crate) fn call_name(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    run(evaluator, name, &[], arguments, at)
}

fn run(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    this: &[(String, Value)],
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let (rows, makers) = table();
    let is_maker = makers.contains(name);
    let known = rows.get(name);
    if known.is_none() && !is_maker {
        return None;
    }
    let mut result = Value::Data;
    for row in known.into_iter().flatten() {
        match row {
            Row::Call { service, operation, parameters } => {
                let mut passed: Vec<(String, Argument)> = Vec::new();
                let mut is_called = true;
                for (parameter, path) in parameters {
                    let value = at_path(evaluator, path, this, arguments, at);
                    if *parameter == "if" {
                        is_called = !matches!(value, Value::Null);
                        continue;
                    }
                    passed.push(((*parameter).to_owned(), evaluator.argument(&value)));
                }
                if is_called {
                    let rest = Some(format!("parameters that `{name}` makes"));
                    evaluator.api_call(at, service, operation, passed, rest);
                }
            }
            Row::Returns(path) => result = at_path(evaluator, path, this, arguments, at),
        }
    }
    evaluator.call_back_all(arguments, at);
    if is_maker {
        let positions = arguments.positions.iter().enumerate();
        let values = positions.map(|(index, value)| (index.to_string(), value.clone()));
        return Some(object(MADE, "", &format!("{name}()"), values.collect()));
    }
    Some(result)
}

/// The value at a path: `0` is the first argument, `this.0` the first that the thing was made with.
fn at_path(
    evaluator: &mut Evaluator<'_>,
    path: &str,
    this: &[(String, Value)],
    arguments: &Arguments,
    at: Span,
) -> Value {
    let mut steps = path.split('.');
    let first = steps.next().unwrap_or_default();
    let mut value = match first {
        "this" => {
            let held = steps.next().unwrap_or_default();
            this.iter().find(|(name, _)| name == held).map(|(_, value)| value.clone())
        }
        position => position
            .parse()
            .ok()
            .and_then(|position: usize| arguments.positions.get(position).cloned()),
    }
    .unwrap_or_else(|| Value::unknown("it is not passed"));
    for step in steps {
        value = match &value {
            Value::Object(thing) if thing.kind == MADE => {
                thing.value(step).cloned().unwrap_or(Value::Data)
            }
            value => evaluator.member(&value.clone(), step, at),
        };
    }
    value
}

type Table = (HashMap<&'static str, Vec<Row>>, std::collections::HashSet<&'static str>);

/// The rows by name, and the names that make a thing of which the table has members.
fn table() -> &'static Table {
    static ROWS: OnceLock<Table> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut table = Table::default();
        for line in TABLE.lines() {
            let mut words = line.split_whitespace();
            let Some(name) = words.next().filter(|name| !name.starts_with('#')) else { continue };
            if let Some((maker, _)) = name.split_once("().") {
                table.1.insert(maker);
            }
            let row = match (words.next(), words.clone().next()) {
                (Some("returns"), Some(path)) => Row::Returns(path),
                (Some(call), _) => {
                    let Some((service, operation)) = call.split_once('.') else { continue };
                    let parameters = words.filter_map(|word| word.split_once('=')).collect();
                    Row::Call { service, operation, parameters }
                }
                _ => continue,
            };
            table.0.entry(name).or_default().push(row);
        }
        table
    })
}
