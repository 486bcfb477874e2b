use app_graph::{StreamSettings, Trigger, TriggerKind};
use text::{PartialText, Setting, Span};

use super::{Collector, as_text, declared_trigger, every, state};
use crate::directory::arn_of;
use crate::functions::texts;
use documents::declaration::{Declaration, EVENT_KIND};
use documents::value::{Kind, Value};

/// A queue, stream, broker or cluster that the platform polls for a function.
///
/// Source: AWS CloudFormation template reference, `AWS::Lambda::EventSourceMapping`.
pub(super) fn mapping(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    let source = properties.text_at(&["EventSourceArn"]);
    let kind = mapping_kind(declaration, &source, collector);
    // A document database's mapping has neither tries nor an age nor a destination.
    let is_polled_log = matches!(kind.delivery(), app_graph::Delivery::Stream)
        && kind != TriggerKind::DocumentStream;
    let mut trigger = declared_trigger(declaration, kind);
    collector.set_source(&mut trigger, source);
    trigger.enabled = properties.bool_at(&["Enabled"]);
    trigger.batch_size = properties.u32_at(&["BatchSize"]);
    trigger.batching_window = properties.u32_at(&["MaximumBatchingWindowInSeconds"]);
    trigger.reports_item_failures = reports_item_failures(properties);
    trigger.filter = properties.setting(&["FilterCriteria", "Filters"], &as_text);
    trigger.stream = is_polled_log.then(|| stream(properties, declaration.said));
    trigger.access = access(properties);
    trigger.topics = texts(properties, "Topics").into_iter().map(|said| said.value).collect();
    let group = ["AmazonManagedKafkaEventSourceConfig", "ConsumerGroupId"];
    trigger.consumer_group = properties.text_at(&group);
    add_to(&trigger, properties, "FunctionName", collector);
}

fn access(properties: &Value) -> Vec<(String, PartialText)> {
    let entries = properties.list_at(&["SourceAccessConfigurations"]);
    let named = entries.iter().flat_map(|entry| {
        let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or_default();
        texts(entry.value, "URI").into_iter().map(move |uri| (kind.to_owned(), uri.value))
    });
    named.collect()
}

fn add_to(trigger: &Trigger, properties: &Value, key: &str, collector: &mut Collector<'_>) {
    match properties.get(key) {
        Some(target) => collector.add(trigger, target),
        None => collector.push(trigger.clone()),
    }
}

fn stream(settings: &Value, span: Span) -> StreamSettings {
    StreamSettings {
        span,
        failure_destination: settings.text_at(&["DestinationConfig", "OnFailure", "Destination"]),
        maximum_retries: settings.i64_at(&["MaximumRetryAttempts"]),
        maximum_age: settings.i64_at(&["MaximumRecordAgeInSeconds"]),
        bisects_on_error: settings.bool_at(&["BisectBatchOnFunctionError"]),
        parallelization: settings.u32_at(&["ParallelizationFactor"]),
    }
}

fn reports_item_failures(properties: &Value) -> Setting<bool> {
    properties.setting(&["FunctionResponseTypes"], &|value| {
        let words: Vec<&str> = match &value.kind {
            Kind::List(items) => items.iter().filter_map(Value::as_str).collect(),
            _ => value.as_str().into_iter().collect(),
        };
        Ok(words.contains(&"ReportBatchItemFailures"))
    })
}

/// Which kind of source it is: by what it refers to, by its ARN, or by settings that only one
/// kind of source has.
fn mapping_kind(
    declaration: &Declaration,
    source: &Setting<PartialText>,
    collector: &Collector<'_>,
) -> TriggerKind {
    let properties = &declaration.properties;
    // A block that the template repeats no times is an empty list.
    let is_said = |key: &str| !properties.list_at(&[key]).is_empty();
    if is_said("SelfManagedEventSource") {
        return TriggerKind::SelfManagedKafka;
    }
    if is_said("DocumentDBEventSourceConfig") {
        return TriggerKind::DocumentStream;
    }
    let kind = source.known_values().find_map(|said| source_kind(&said.value, collector));
    if let Some(kind) = kind {
        return kind;
    }
    if is_said("Queues") {
        return TriggerKind::Broker;
    }
    if is_said("Topics") || is_said("AmazonManagedKafkaEventSourceConfig") {
        return TriggerKind::Kafka;
    }
    // The framework names the kind where the author named it and only the ARN is unknown.
    let said = properties.string_at(&[EVENT_KIND]);
    let named = said.single().map_or(declaration.type_name.as_str(), |said| &said.value);
    match named.to_ascii_lowercase().as_str() {
        "sqs" => TriggerKind::Queue,
        "kinesis" => TriggerKind::Stream,
        "dynamodb" => TriggerKind::TableStream,
        "msk" => TriggerKind::Kafka,
        "mq" | "activemq" | "rabbitmq" => TriggerKind::Broker,
        "documentdb" => TriggerKind::DocumentStream,
        _ => TriggerKind::Other("event source".to_owned()),
    }
}

fn source_kind(source: &PartialText, collector: &Collector<'_>) -> Option<TriggerKind> {
    if let Some(declaration) = collector.directory.target(source) {
        return match declaration.kind.as_str() {
            "AWS::SQS::Queue" => Some(TriggerKind::Queue),
            "AWS::Kinesis::Stream" | "AWS::Kinesis::StreamConsumer" => Some(TriggerKind::Stream),
            "AWS::DynamoDB::Table" | "AWS::DynamoDB::GlobalTable" => Some(TriggerKind::TableStream),
            "AWS::MSK::Cluster" | "AWS::MSK::ServerlessCluster" => Some(TriggerKind::Kafka),
            "AWS::AmazonMQ::Broker" => Some(TriggerKind::Broker),
            "AWS::DocDB::DBCluster" => Some(TriggerKind::DocumentStream),
            _ => None,
        };
    }
    let by_attribute = source.references().find_map(|reference| match &*reference.attribute {
        "StreamArn" => Some(TriggerKind::TableStream),
        _ => None,
    });
    let by_service = arn_of(source).and_then(|arn| match arn.service.as_str() {
        "sqs" => Some(TriggerKind::Queue),
        "kinesis" => Some(TriggerKind::Stream),
        "dynamodb" => Some(TriggerKind::TableStream),
        "kafka" => Some(TriggerKind::Kafka),
        "mq" => Some(TriggerKind::Broker),
        "rds" => Some(TriggerKind::DocumentStream),
        _ => None,
    });
    by_attribute.or(by_service)
}

/// A pipe: from its source to its target, perhaps through a function that enriches.
pub(super) fn pipe(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    let mut trigger = declared_trigger(declaration, TriggerKind::Pipe);
    collector.set_source(&mut trigger, properties.text_at(&["Source"]));
    trigger.enabled = state(properties, "DesiredState");
    trigger.role = properties.text_at(&["RoleArn"]);
    let parameters = "SourceParameters";
    trigger.filter = properties.setting(&[parameters, "FilterCriteria", "Filters"], &as_text);
    // Only these sources have tries, an age and a destination.
    for streams in ["KinesisStreamParameters", "DynamoDBStreamParameters"] {
        for found in every(properties, &[parameters, streams]) {
            let mut settings = stream(found.value, declaration.said);
            settings.failure_destination = found.value.text_at(&["DeadLetterConfig", "Arn"]);
            settings.bisects_on_error = found
                .value
                .string_at(&["OnPartialBatchItemFailure"])
                .map(|word| word == "AUTOMATIC_BISECT");
            trigger.stream = Some(settings);
        }
    }
    for found in every(properties, &[parameters, "*"]) {
        if found.value.get("BatchSize").is_some() {
            trigger.batch_size = found.value.u32_at(&["BatchSize"]);
        }
    }
    for key in ["Enrichment", "Target"] {
        if let Some(target) = properties.get(key) {
            collector.add(&trigger, target);
        }
    }
}
