//! Requests: built, set member by member, or constructed with their first members.

use text::Span;

use super::name::Name;
use super::{BUILDER, object};
use crate::evaluate::{Arguments, Evaluator, Value};

/// Lists of structures that name resources; one alone may be passed for the list.
const LISTS: [&str; 4] = ["entries", "records", "statements", "transactItems"];

/// Sets a member of a request: a value, several that become a list, or what a function builds.
pub(super) fn set(
    evaluator: &mut Evaluator<'_>,
    request: &Value,
    field: &str,
    arguments: &Arguments,
    at: Span,
) {
    let mut values = Vec::new();
    for value in &arguments.positions {
        values.push(given(evaluator, value, at));
    }
    // Each call of `addPutItem` and the like adds one.
    let adds = field.strip_prefix("add").is_some_and(|rest| rest.starts_with(char::is_uppercase));
    let is_list = LISTS.contains(&field) && !matches!(values.first(), Some(Value::List(_)));
    let value = match values.len() {
        1 if !adds && !is_list => values.swap_remove(0),
        _ => evaluator.list(values, None),
    };
    if adds {
        let known = evaluator.index(request, &Value::text(field), at);
        if matches!(known, Value::List(_)) {
            let method = evaluator.member(&known, "add", at);
            evaluator.call(&method, Arguments::of([value]), at);
            return;
        }
        let list = evaluator.list(vec![value], None);
        return evaluator.set_entry(request, Value::text(field), list);
    }
    evaluator.set_entry(request, Value::text(field), value);
}

/// What an argument gives: what a function builds with the builder that it is passed, or itself.
pub(super) fn given(evaluator: &mut Evaluator<'_>, value: &Value, at: Span) -> Value {
    match value {
        Value::Function(_) | Value::Bound(_) => {
            let fields = evaluator.map(Vec::new(), None);
            let builder = object(BUILDER, "", vec![("fields", fields.clone())]);
            evaluator.call(value, Arguments::of([builder]), at);
            fields
        }
        // A builder that was not asked to build is built by who takes it.
        Value::Object(own) if own.kind == BUILDER => {
            own.value("fields").cloned().unwrap_or(Value::Data)
        }
        value => value.clone(),
    }
}

/// A member of a structure, under any of its spellings.
pub(super) fn entry(evaluator: &Evaluator<'_>, structure: &Value, name: &str) -> Option<Value> {
    structure.choices().iter().find_map(|choice| match choice {
        Value::Map(address) => {
            let entries = &evaluator.heap.map(*address)?.entries;
            let is_it =
                |key: &Value| key.literal().is_some_and(|key| key.eq_ignore_ascii_case(name));
            entries.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value.clone())
        }
        _ => None,
    })
}

/// `new GetObjectRequest(bucket, key)`: a request of version 1, its first members by position.
pub(super) fn constructed(
    evaluator: &mut Evaluator<'_>,
    name: &Name<'_>,
    arguments: &Arguments,
) -> Value {
    let operation = name.class.strip_suffix("Request").unwrap_or(name.class);
    let members = match (name.class, name.service()) {
        // The address of an object, within another request.
        ("S3ObjectId", _) => ["bucket", "key"].map(str::to_owned).to_vec(),
        (_, Some(service)) => positions(service, operation),
        _ => Vec::new(),
    };
    let entries = members.into_iter().zip(&arguments.positions);
    let entries = entries.map(|(member, value)| (Value::text(member), value.clone()));
    evaluator.map(entries.collect(), None)
}

/// Members that version 1 takes by position, where they are not those that are required, in order.
const POSITIONS: &[(&str, &[&str])] = &[
    ("Publish", &["TopicArn", "Message", "Subject"]),
    ("ListObjects", &["Bucket", "Prefix"]),
    ("ListObjectsV2", &["Bucket", "Prefix"]),
    ("PutObject", &["Bucket", "Key", "Body"]),
    ("HeadObject", &["Bucket", "Key"]),
    ("HeadBucket", &["Bucket"]),
    ("GetObject", &["Bucket", "Key", "VersionId"]),
    ("GeneratePresignedUrl", &["Bucket", "Key", "Method"]),
    ("SendMessageBatch", &["QueueUrl", "Entries"]),
];

/// The members of an operation's request that stand by position, in order.
pub(super) fn positions(service: &iam::api::Service, operation: &str) -> Vec<String> {
    if let Some((_, members)) = POSITIONS.iter().find(|(name, _)| *name == operation) {
        return members.iter().map(|member| (*member).to_owned()).collect();
    }
    let known = service.described(operation).map(|operation| operation.members.as_slice());
    let required = known.unwrap_or_default().iter().filter(|(_, is_required)| *is_required);
    required.map(|(name, _)| name.clone()).collect()
}
