//! Event source mappings: queues, streams, Kafka, brokers.

use super::Event;
use crate::aws::naming;
use crate::aws::template::Template;
use crate::aws::write::{At, Properties, is_intrinsic, is_on, label};
use documents::value::{Kind, Value};

const MAPPING: &str = "AWS::Lambda::EventSourceMapping";

/// The ARN of an event given as such or under `arn`.
fn arn_of(event: &Event<'_>) -> Value {
    let value = event.value;
    if is_intrinsic(value) || !matches!(value.kind, Kind::Map(_)) {
        return value.clone();
    }
    match event.get("arn") {
        Some(arn) => arn.clone(),
        None => Value::unknown("the event names no ARN", value.span),
    }
}

/// Properties that all mappings have.
fn mapping(event: &Event<'_>) -> Properties {
    let enabled = match event.get("enabled") {
        Some(enabled) => enabled.clone(),
        None => event.at().truth(true),
    };
    let filters = event.get("filterPatterns").map(|patterns| {
        let at = At(patterns.span);
        let items = patterns.items().iter().map(|item| at.map([("Pattern", item.clone())]));
        at.map([("Filters", at.list(items))])
    });
    event
        .at()
        .properties()
        .set("FunctionName", event.arn())
        .set("Enabled", enabled)
        .take("BatchSize", event.value, "batchSize")
        .set_some("FilterCriteria", filters)
        .take("KmsKeyArn", event.value, "kmsKeyArn")
}

/// The property for partial failures of a batch.
fn response_types(event: &Event<'_>) -> Option<Value> {
    let said = event.get("functionResponseType")?;
    Some(Value::list([said.clone()], said.span))
}

fn add(event: &Event<'_>, kind: &str, name: &str, properties: Properties, template: &mut Template) {
    let name = naming::normalized_alphanumeric(name);
    let id = format!("{}EventSourceMapping{kind}{name}", event.normalized);
    template.add_numbered(&id, MAPPING, properties.build(), &event.origin);
}

/// `sqs`.
pub(super) fn add_queue(event: &Event<'_>, template: &mut Template) {
    let arn = arn_of(event);
    let scaling = event.value.member("maximumConcurrency").filter(|member| !member.value.is_null());
    let scaling = scaling
        .map(|member| At(member.key_span).map([("MaximumConcurrency", member.value.clone())]));
    let properties = mapping(event)
        .set("EventSourceArn", arn.clone())
        .take("MaximumBatchingWindowInSeconds", event.value, "maximumBatchingWindow")
        .set_some("FunctionResponseTypes", response_types(event))
        .set_some("ScalingConfig", scaling);
    add(event, "SQS", &label(&arn), properties, template);
    let actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
    template.allow(&event.function.key, &actions, vec![arn], event.at());
}

/// `stream`: tables' and data streams.
pub(super) fn add_stream(event: &Event<'_>, template: &mut Template) {
    let arn = arn_of(event);
    let said = event.get("type").and_then(Value::as_str);
    let named = said.or_else(|| arn.as_str().and_then(|arn| arn.split(':').nth(2)));
    let kind = match named {
        Some("dynamodb") => "Dynamodb",
        Some("kinesis") => "Kinesis",
        // Told by the attribute: tables have `StreamArn`.
        _ if shows(&arn, "StreamArn") => "Dynamodb",
        _ => "Kinesis",
    };
    let on_failure = event.get("destinations").and_then(|all| all.get("onFailure"));
    let destination = on_failure.map(|said| {
        let arn = said.get("arn").filter(|_| !is_intrinsic(said)).unwrap_or(said);
        let at = At(said.span);
        let action = match said.get("type").and_then(Value::as_str) {
            Some("sqs") => "sqs:SendMessage",
            Some("s3") => "s3:PutObject",
            Some("sns") => "sns:Publish",
            _ if arn.as_str().is_some_and(|arn| arn.contains(":sqs:")) => "sqs:SendMessage",
            _ => "sns:Publish",
        };
        template.allow(&event.function.key, &[action], vec![arn.clone()], at);
        at.map([("OnFailure", at.map([("Destination", arn.clone())]))])
    });
    let start = event.get("startingPosition").cloned();
    let start = start.unwrap_or_else(|| event.at().text("TRIM_HORIZON"));
    let consumer = event.value.member("consumer").filter(|member| is_on(Some(&member.value)));
    let mut source = arn.clone();
    if let (Some(member), "Kinesis") = (consumer, kind) {
        source = consumer_of(event, &arn, &member.value, template);
    }
    let properties = mapping(event)
        .set("EventSourceArn", source)
        .set("StartingPosition", start)
        .take("StartingPositionTimestamp", event.value, "startingPositionTimestamp")
        .take("MaximumBatchingWindowInSeconds", event.value, "batchWindow")
        .take("ParallelizationFactor", event.value, "parallelizationFactor")
        .take("MaximumRetryAttempts", event.value, "maximumRetryAttempts")
        .take("MaximumRecordAgeInSeconds", event.value, "maximumRecordAgeInSeconds")
        .take("BisectBatchOnFunctionError", event.value, "bisectBatchOnFunctionError")
        .take("TumblingWindowInSeconds", event.value, "tumblingWindowInSeconds")
        .set_some("DestinationConfig", destination)
        .set_some("FunctionResponseTypes", response_types(event));
    add(event, kind, &label(&arn), properties, template);
    let actions: &[&str] = match kind {
        "Dynamodb" => &[
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
            "dynamodb:DescribeStream",
            "dynamodb:ListStreams",
        ],
        _ => &[
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
        ],
    };
    template.allow(&event.function.key, actions, vec![arn], event.at());
}

/// Whether a reference to a resource contains a word.
fn shows(value: &Value, word: &str) -> bool {
    match &value.kind {
        Kind::Text(text) => text.has_literal(word),
        Kind::List(items) => items.iter().any(|item| shows(item, word)),
        Kind::Map(members) => members.iter().any(|member| shows(&member.value, word)),
        _ => false,
    }
}

/// The consumer with a throughput of its own: generated, or the one that is named.
fn consumer_of(event: &Event<'_>, stream: &Value, said: &Value, template: &mut Template) -> Value {
    let at = event.at();
    if !matches!(said.kind, Kind::Bool(true)) {
        return said.clone();
    }
    let name = format!("{}{}Consumer", event.function.key, label(stream));
    let id = format!("{}StreamConsumer", naming::normalized(&name));
    let properties = at.map([("StreamARN", stream.clone()), ("ConsumerName", at.text(&name))]);
    template.add(&id, "AWS::Kinesis::StreamConsumer", properties, &event.origin);
    let consumer = at.attribute(&id, "ConsumerARN");
    let actions = ["kinesis:SubscribeToShard"];
    template.allow(&event.function.key, &actions, vec![consumer.clone()], at);
    consumer
}

fn topic_names(event: &Event<'_>, key: &str) -> Option<Value> {
    event.get(key).map(|topic| match &topic.kind {
        Kind::List(_) => topic.clone(),
        _ => Value::list([topic.clone()], topic.span),
    })
}

fn starting_position(event: &Event<'_>) -> Value {
    let start = event.get("startingPosition").cloned();
    start.unwrap_or_else(|| event.at().text("TRIM_HORIZON"))
}

/// `msk`: managed Kafka.
pub(super) fn add_msk(event: &Event<'_>, template: &mut Template) {
    let arn = arn_of(event);
    let topic = event.get("topic").and_then(Value::as_str).unwrap_or_default();
    let consumer = event
        .get("consumerGroupId")
        .map(|group| At(group.span).map([("ConsumerGroupId", group.clone())]));
    let properties = mapping(event)
        .set("EventSourceArn", arn.clone())
        .set("StartingPosition", starting_position(event))
        .take("MaximumBatchingWindowInSeconds", event.value, "maximumBatchingWindow")
        .set_some("Topics", topic_names(event, "topic"))
        .set_some("SourceAccessConfigurations", access(event))
        .set_some("AmazonManagedKafkaEventSourceConfig", consumer);
    let topic = naming::normalized_alphanumeric(topic);
    add(event, "MSK", &format!("{}{topic}", label(&arn)), properties, template);
    let actions = ["kafka:DescribeCluster", "kafka:GetBootstrapBrokers"];
    template.allow(&event.function.key, &actions, vec![arn], event.at());
    allow_network(event, template);
}

/// `kafka`: Kafka elsewhere.
pub(super) fn add_kafka(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let topic = event.get("topic").and_then(Value::as_str).unwrap_or_default();
    let servers = event.get("bootstrapServers").cloned();
    let servers = servers.unwrap_or_else(|| Value::unknown("no servers are named", at.0));
    let endpoints = at.map([("KafkaBootstrapServers", servers)]);
    let consumer = event
        .get("consumerGroupId")
        .map(|group| At(group.span).map([("ConsumerGroupId", group.clone())]));
    let properties = mapping(event)
        .set("SelfManagedEventSource", at.map([("Endpoints", endpoints)]))
        .set("StartingPosition", starting_position(event))
        .take("MaximumBatchingWindowInSeconds", event.value, "maximumBatchingWindow")
        .set_some("Topics", topic_names(event, "topic"))
        .set_some("SourceAccessConfigurations", access(event))
        .set_some("SelfManagedKafkaEventSourceConfig", consumer);
    add(event, "Kafka", topic, properties, template);
}

/// `activemq`, `rabbitmq`.
pub(super) fn add_broker(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let arn = arn_of(event);
    let kind = if event.origin.type_name == "activemq" { "ActiveMQ" } else { "RabbitMQ" };
    let queue = event.get("queue").and_then(Value::as_str).unwrap_or_default();
    let credentials = event.get("basicAuthArn").cloned();
    let credentials = credentials.map(|uri| {
        at.list([At(uri.span).map([("Type", at.text("BASIC_AUTH")), ("URI", uri.clone())])])
    });
    let properties = mapping(event)
        .set("EventSourceArn", arn.clone())
        .take("MaximumBatchingWindowInSeconds", event.value, "maximumBatchingWindow")
        .set_some("Queues", topic_names(event, "queue"))
        .set_some("SourceAccessConfigurations", credentials);
    add(event, kind, queue, properties, template);
    template.allow(&event.function.key, &["mq:DescribeBroker"], vec![arn], at);
    if let Some(secret) = event.get("basicAuthArn") {
        let secrets = vec![secret.clone()];
        let actions = ["secretsmanager:GetSecretValue"];
        template.allow(&event.function.key, &actions, secrets, At(secret.span));
    }
    allow_network(event, template);
}

fn allow_network(event: &Event<'_>, template: &mut Template) {
    let actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeVpcs",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ];
    let at = event.at();
    template.allow(&event.function.key, &actions, vec![at.text("*")], at);
}

/// How a mapping logs in to Kafka.
fn access(event: &Event<'_>) -> Option<Value> {
    const KINDS: [(&str, &str); 8] = [
        ("vpcSubnet", "VPC_SUBNET"),
        ("vpcSecurityGroup", "VPC_SECURITY_GROUP"),
        ("saslPlainAuth", "BASIC_AUTH"),
        ("saslScram256Auth", "SASL_SCRAM_256_AUTH"),
        ("saslScram512Auth", "SASL_SCRAM_512_AUTH"),
        ("saslScram512", "SASL_SCRAM_512_AUTH"),
        ("clientCertificateTlsAuth", "CLIENT_CERTIFICATE_TLS_AUTH"),
        ("serverRootCaCertificate", "SERVER_ROOT_CA_CERTIFICATE"),
    ];
    let said = event.get("accessConfigurations").unwrap_or(event.value);
    let mut entries = Vec::new();
    for (key, kind) in KINDS {
        let Some(value) = said.get(key).filter(|value| !value.is_null()) else { continue };
        let uris = match &value.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        for uri in uris {
            let at = At(uri.span);
            entries.push(at.map([("Type", at.text(kind)), ("URI", uri.clone())]));
        }
    }
    (!entries.is_empty()).then(|| Value::list(entries, said.span))
}
