//! DynamoDB by tables: the enhanced client of version 2, the document API and the mapper of version 1.

use std::rc::Rc;

use iam::api::Service;
use text::Span;

use super::requests::given;
use super::{MAPPER, TABLE, TABLES, object};
use crate::evaluate::{Arguments, Evaluator, Object, Value};
use crate::sdk::request;
use crate::tree::{Expression, Form, Passing};

/// Methods of a mapper and the operations that they may call.
const MAPPED: &[(&str, &[&str])] = &[
    ("save", &["UpdateItem", "PutItem"]),
    ("load", &["GetItem"]),
    ("delete", &["DeleteItem"]),
    ("query", &["Query"]),
    ("queryPage", &["Query"]),
    ("scan", &["Scan"]),
    ("scanPage", &["Scan"]),
    ("parallelScan", &["Scan"]),
    ("batchLoad", &["BatchGetItem"]),
    ("batchSave", &["BatchWriteItem"]),
    ("batchDelete", &["BatchWriteItem"]),
    ("batchWrite", &["BatchWriteItem"]),
    ("transactionWrite", &["TransactWriteItems"]),
    ("transactionLoad", &["TransactGetItems"]),
];

/// A method of a table, of what gives tables, or of a mapper.
pub(super) fn method(
    evaluator: &mut Evaluator<'_>,
    of: &Rc<Object>,
    service: &Service,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let first = arguments.positions.first().cloned();
    match (of.kind, name) {
        (TABLES, "table" | "getTable") => {
            return object(TABLE, "dynamodb", vec![("TableName", first.unwrap_or(Value::Data))]);
        }
        (TABLE, "index" | "getIndex") => {
            let table = of.value("TableName").cloned().unwrap_or(Value::Data);
            let index = first.unwrap_or(Value::Data);
            return object(TABLE, "dynamodb", vec![("TableName", table), ("IndexName", index)]);
        }
        (TABLE, "tableName" | "getTableName") => {
            return of.value("TableName").cloned().unwrap_or(Value::Data);
        }
        (MAPPER, _) => {
            let operations = MAPPED.iter().find(|(method, _)| *method == name);
            let table = first.as_ref().map(|first| table_of_class(evaluator, first));
            for operation in operations.map(|(_, operations)| *operations).unwrap_or_default() {
                tell(evaluator, service, operation, table.clone(), None, at);
            }
        }
        (TABLE, _) => {
            let operation = name.strip_suffix("WithResponse").unwrap_or(name);
            let operation = match operation {
                "describe" | "delete" => format!("{operation}Table"),
                other => other.to_owned(),
            };
            // What the request's builder runs over may call, too.
            first.iter().for_each(|first| drop(given(evaluator, first, at)));
            let table = Some(of.value("TableName").cloned().unwrap_or(Value::Data));
            let index = of.value("IndexName").cloned();
            tell(evaluator, service, &operation, table, index, at);
        }
        _ => {
            let request = first.map(|first| given(evaluator, &first, at));
            if let Some(operation) = service.described(name) {
                let tables = request.map(|request| tables_within(evaluator, &request));
                let request = batch(evaluator, tables.unwrap_or_default());
                request::tell(evaluator, service, operation, Some(&request), at);
            }
        }
    }
    evaluator.call_back_all(arguments, at);
    Value::Data
}

fn tell(
    evaluator: &mut Evaluator<'_>,
    service: &Service,
    operation: &str,
    table: Option<Value>,
    index: Option<Value>,
    at: Span,
) {
    let Some(operation) = service.described(operation) else { return };
    let mut entries = Vec::new();
    entries.extend(table.map(|table| (Value::text("TableName"), table)));
    entries.extend(index.map(|index| (Value::text("IndexName"), index)));
    let request = evaluator.map(entries, None);
    request::tell(evaluator, service, operation, Some(&request), at);
}

/// The items of a batch by their tables, as the API has them.
fn batch(evaluator: &mut Evaluator<'_>, tables: Vec<Value>) -> Value {
    if tables.is_empty() {
        return Value::unknown("the tables of the batch are not known");
    }
    let entries = tables.into_iter().map(|table| (table, Value::Data)).collect();
    let items = evaluator.map(entries, None);
    evaluator.map(vec![(Value::text("RequestItems"), items)], None)
}

/// The names of all tables that a request mentions.
fn tables_within(evaluator: &Evaluator<'_>, request: &Value) -> Vec<Value> {
    let mut names: Vec<Value> = Vec::new();
    let mut waiting = vec![(request.clone(), 0)];
    while let Some((value, depth)) = waiting.pop() {
        if depth > 6 {
            continue;
        }
        match &value {
            Value::Object(own) if own.kind == TABLE => {
                let name = own.value("TableName").cloned().unwrap_or(Value::Data);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            Value::List(address) => {
                let list = evaluator.heap.list(*address).into_iter();
                let items = list.flat_map(|list| list.items.iter().chain(&list.more));
                waiting.extend(items.map(|item| (item.clone(), depth + 1)));
            }
            Value::Map(address) => {
                let entries = evaluator.heap.map(*address).into_iter().flat_map(|map| &map.entries);
                waiting.extend(entries.map(|(_, item)| (item.clone(), depth + 1)));
            }
            Value::Either(choices) => {
                waiting.extend(choices.iter().map(|choice| (choice.clone(), depth + 1)));
            }
            _ => {}
        }
    }
    names
}

/// The table that a class is annotated with: `@DynamoDBTable(tableName = "…")`.
fn table_of_class(evaluator: &Evaluator<'_>, value: &Value) -> Value {
    let class = match value {
        Value::Class(class) | Value::Instance(class, _) => class,
        Value::List(address) => {
            let list = evaluator.heap.list(*address);
            let first = list.and_then(|list| list.items.first().or(list.more.as_ref()));
            return first.map_or(Value::Data, |first| table_of_class(evaluator, first));
        }
        _ => return Value::unknown("the class of the item is not known"),
    };
    let named = |decorator: &Expression| -> Option<Value> {
        let Form::Call { callee, arguments, .. } = decorator.form.as_ref() else { return None };
        let Form::Name(name) = callee.form.as_ref() else { return None };
        let table = arguments
            .iter()
            .find(|argument| argument.passing == Passing::Name("tableName".to_owned()))?;
        match (name.as_str(), table.value.form.as_ref()) {
            ("DynamoDBTable", Form::Text(table)) => Some(Value::text(table.as_str())),
            _ => None,
        }
    };
    let table = class.class.decorators.iter().find_map(named);
    table.unwrap_or_else(|| Value::unknown("the class is annotated with no table that is known"))
}
