use iam::api::Argument;
use text::{PartialText, Span};

use crate::evaluate::{Evaluator, Object, Value};

/// A method of a table's batch writer.
pub(super) fn call(evaluator: &mut Evaluator<'_>, batch: &Object, name: &str, at: Span) -> Value {
    if matches!(name, "put_item" | "delete_item") && batch.value("credentials").is_none() {
        let table = batch.value("Name").map(|table| evaluator.text_of(table));
        let table = table.unwrap_or_else(|| PartialText::unknown("the table"));
        let items = Argument::Map(vec![(table, Argument::Other)]);
        let named = vec![("RequestItems".to_owned(), items)];
        evaluator.api_call(at, "dynamodb", "BatchWriteItem", named, None);
    }
    Value::Null
}
