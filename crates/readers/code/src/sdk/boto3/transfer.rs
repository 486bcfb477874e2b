//! S3's managed transfers, which are no operations of their own.

use text::Span;

use crate::evaluate::{Arguments, Evaluator, Object, Value};

/// Method, its parameters in order, the operations it calls.
const METHODS: &[(&str, &[&str], &[&str])] = &[
    ("download_file", &["Bucket", "Key", "Filename", "ExtraArgs"], &["HeadObject", "GetObject"]),
    ("download_fileobj", &["Bucket", "Key", "Fileobj", "ExtraArgs"], &["HeadObject", "GetObject"]),
    ("upload_file", &["Filename", "Bucket", "Key", "ExtraArgs"], &["PutObject"]),
    ("upload_fileobj", &["Fileobj", "Bucket", "Key", "ExtraArgs"], &["PutObject"]),
    ("copy", &["CopySource", "Bucket", "Key", "ExtraArgs"], &["HeadObject", "CopyObject"]),
];

pub(super) fn is_method(name: &str) -> bool {
    METHODS.iter().any(|(known, ..)| *known == name)
}

/// Calls a transfer; `object` may be a resource that knows the bucket and the key.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    object: &Object,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let (_, parameters, operations) = METHODS.iter().find(|(known, ..)| *known == name)?;
    let known = [
        ("Bucket", object.value("BucketName").or(object.value("Name"))),
        ("Key", object.value("Key")),
    ];
    let mut values: Vec<(&str, Value)> = known
        .into_iter()
        .filter_map(|(parameter, value)| Some((parameter, value?.clone())))
        .collect();
    let is_known = |parameter: &&&str| values.iter().all(|(known, _)| *known != **parameter);
    let open: Vec<&str> = parameters.iter().filter(is_known).copied().collect();
    for (position, parameter) in open.into_iter().enumerate() {
        if let Some(value) = arguments.get(position, parameter) {
            values.push((parameter, value.clone()));
        }
    }
    if object.value("credentials").is_some() {
        return Some(Value::Null);
    }
    for operation in *operations {
        let (mut named, mut rest) = (Vec::new(), arguments.rest_unknown.clone());
        for (parameter, value) in &values {
            match (*parameter, *operation) {
                ("Filename" | "Fileobj", _) => {}
                ("CopySource", "HeadObject") => {}
                ("Bucket" | "Key", "HeadObject") if name == "copy" => {}
                ("ExtraArgs", "PutObject" | "CopyObject") => {
                    spread(evaluator, value, &mut named, &mut rest)
                }
                ("ExtraArgs", _) => {}
                (parameter, _) => named.push((parameter.to_owned(), evaluator.argument(value))),
            }
        }
        if name == "copy" && *operation == "HeadObject" {
            let source = values.iter().find(|(parameter, _)| *parameter == "CopySource");
            if let Some((_, source)) = source {
                spread(evaluator, source, &mut named, &mut rest);
            }
        }
        evaluator.api_call(at, "s3", operation, named, rest);
    }
    Some(Value::Null)
}

/// Adds the entries of a map to the arguments.
fn spread(
    evaluator: &Evaluator<'_>,
    map: &Value,
    named: &mut Vec<(String, iam::api::Argument)>,
    rest: &mut Option<String>,
) {
    match map {
        Value::Map(address) => {
            let Some(map) = evaluator.heap.map(*address) else { return };
            for (key, value) in &map.entries {
                if let Some(key) = key.literal() {
                    named.push((key.to_owned(), evaluator.argument(value)));
                }
            }
        }
        Value::Null => {}
        _ => *rest = Some("a map that is not known".to_owned()),
    }
}
