//! `AWS::Serverless::SimpleTable` and `AWS::Serverless::LayerVersion`.

use crate::sam::function::stored_object;
use crate::sam::generated::{Properties, each_case, tag_list};
use documents::declaration::Declaration;
use documents::value::{Member, Value};

/// Makes an `AWS::DynamoDB::Table`.
pub(super) fn simple_table(table: Declaration) -> Declaration {
    let given = &table.properties;
    let span = table.said;
    let key = given.get("PrimaryKey");
    let name = key.and_then(|key| key.get("Name")).cloned();
    let name = name.unwrap_or_else(|| Value::text("id", span));
    let letter = match key.and_then(|key| key.get("Type")).and_then(Value::as_str) {
        Some("Number") => "N",
        Some("Binary") => "B",
        _ => "S",
    };
    let attribute = Properties::new(span)
        .set("AttributeName", name.clone())
        .set("AttributeType", Value::text(letter, span))
        .build();
    let element = Properties::new(span)
        .set("AttributeName", name)
        .set("KeyType", Value::text("HASH", span))
        .build();
    let mut properties = Properties::new(given.span)
        .set("AttributeDefinitions", Value::list([attribute], span))
        .set("KeySchema", Value::list([element], span))
        .keep(
            given,
            &[
                "PointInTimeRecoverySpecification",
                "ProvisionedThroughput",
                "SSESpecification",
                "TableName",
            ],
        )
        .set_some("Tags", given.get("Tags").map(tag_list));
    if given.get("ProvisionedThroughput").is_none() {
        properties = properties.set("BillingMode", Value::text("PAY_PER_REQUEST", span));
    }
    let properties = properties.build();
    Declaration { kind: "AWS::DynamoDB::Table".to_owned(), properties, ..table }
}

/// Makes an `AWS::Lambda::LayerVersion`. Its id keeps to the logical id, that references use; the
/// transform puts a hash behind it.
pub(super) fn layer_version(layer: Declaration) -> Declaration {
    let given = &layer.properties;
    let mut properties = Properties::new(given.span);
    for member in given.members() {
        let (key, value) = match &*member.key {
            "ContentUri" => ("Content", each_case(&member.value, &mut stored_object)),
            "RetentionPolicy" | "PublishLambdaVersion" => continue,
            key => (key, member.value.clone()),
        };
        properties.push(Member { key: key.into(), key_span: member.key_span, value });
    }
    if given.get("LayerName").is_none() {
        properties = properties.set("LayerName", Value::text(layer.name.as_str(), layer.said));
    }
    let properties = properties.build();
    Declaration { kind: "AWS::Lambda::LayerVersion".to_owned(), properties, ..layer }
}
