use app_graph::TriggerKind;
use text::{PartialText, Setting};

use super::{Collector, as_text, declared_trigger, every, inner_trigger, state};
use crate::embedded::document_in;
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Events of a bucket's objects: to functions, queues and topics.
///
/// Source: AWS CloudFormation template reference, `AWS::S3::Bucket NotificationConfiguration`.
pub(super) fn bucket(declaration: &Declaration, collector: &mut Collector<'_>) {
    let lists = [
        ("LambdaConfigurations", "Function"),
        ("QueueConfigurations", "Queue"),
        ("TopicConfigurations", "Topic"),
    ];
    for (list, key) in lists {
        for item in every(&declaration.properties, &["NotificationConfiguration", list]) {
            let Some(target) = item.value.get(key) else { continue };
            let mut trigger = inner_trigger(declaration, TriggerKind::Bucket, &item, target.span);
            collector.set_source_self(&mut trigger, declaration);
            for rule in every(item.value, &["Filter", "S3Key", "Rules"]) {
                trigger.key_filter.extend(key_filter(rule.value));
            }
            collector.add(&trigger, target);
        }
    }
}

/// The same, as the CDK's own custom resource writes it.
pub(super) fn bucket_notifications(declaration: &Declaration, collector: &mut Collector<'_>) {
    let lists = [
        ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueArn"),
        ("TopicConfigurations", "TopicArn"),
    ];
    for (list, key) in lists {
        for item in every(&declaration.properties, &["NotificationConfiguration", list]) {
            let Some(target) = item.value.get(key) else { continue };
            let mut trigger = inner_trigger(declaration, TriggerKind::Bucket, &item, target.span);
            let bucket = declaration.properties.text_at(&["BucketName"]);
            collector.set_source(&mut trigger, bucket);
            for rule in every(item.value, &["Filter", "Key", "FilterRules"]) {
                trigger.key_filter.extend(key_filter(rule.value));
            }
            collector.add(&trigger, target);
        }
    }
}

fn key_filter(rule: &Value) -> Option<(String, Setting<PartialText>)> {
    let name = rule.get("Name").and_then(Value::as_str)?;
    Some((name.to_ascii_lowercase(), rule.text_at(&["Value"])))
}

/// A subscription of a topic; those of people and web addresses invoke nothing here.
pub(super) fn subscription(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    if is_for_people(properties) {
        return;
    }
    let mut trigger = declared_trigger(declaration, TriggerKind::Topic);
    collector.set_source(&mut trigger, properties.text_at(&["TopicArn"]));
    trigger.filter = properties.setting(&["FilterPolicy"], &as_text);
    trigger.failure_destination = redrive(properties);
    if let Some(endpoint) = properties.get("Endpoint") {
        collector.add(&trigger, endpoint);
    }
}

/// Subscriptions written in the topic itself.
pub(super) fn topic(declaration: &Declaration, collector: &mut Collector<'_>) {
    for item in declaration.properties.list_at(&["Subscription"]) {
        let Some(endpoint) = item.value.get("Endpoint") else { continue };
        if is_for_people(item.value) {
            continue;
        }
        let mut trigger = inner_trigger(declaration, TriggerKind::Topic, &item, endpoint.span);
        collector.set_source_self(&mut trigger, declaration);
        collector.add(&trigger, endpoint);
    }
}

fn is_for_people(subscription: &Value) -> bool {
    let protocol = subscription.string_at(&["Protocol"]);
    protocol.single().is_some_and(|said| {
        let people = ["email", "email-json", "sms", "http", "https", "application"];
        people.contains(&said.value.to_ascii_lowercase().as_str())
    })
}

fn redrive(properties: &Value) -> Setting<PartialText> {
    let Some(policy) = properties.get("RedrivePolicy") else { return Setting::Unset };
    match &policy.kind {
        Kind::Text(text) => match document_in(text, policy.span) {
            Some(document) => document.text_at(&["deadLetterTargetArn"]),
            None => policy.text_at(&[]),
        },
        _ => policy.text_at(&["deadLetterTargetArn"]),
    }
}

/// A rule on an event bus, or a schedule.
pub(super) fn rule(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    let has = |key: &str| !properties.at(&[key]).is_empty();
    let kind = if has("ScheduleExpression") && !has("EventPattern") {
        TriggerKind::Schedule
    } else {
        TriggerKind::EventRule
    };
    let written = properties.get("EventPattern");
    let parsed = written.and_then(|value| match &value.kind {
        Kind::Text(text) => document_in(text, value.span),
        _ => None,
    });
    let pattern = parsed.as_ref().or(written);
    for item in properties.list_at(&["Targets"]) {
        let Some(target) = item.value.get("Arn") else { continue };
        let mut trigger = inner_trigger(declaration, kind.clone(), &item, target.span);
        // The rule is what the user calls the trigger, and where it is said.
        trigger.entity.said = declaration.said;
        let source = event_source(properties, pattern, collector);
        collector.set_source(&mut trigger, source);
        trigger.enabled = state(properties, "State");
        trigger.filter = properties.setting(&["EventPattern"], &as_text);
        trigger.failure_destination = item.value.text_at(&["DeadLetterConfig", "Arn"]);
        collector.add(&trigger, target);
    }
}

/// The resource that an event pattern names, if it is declared here; else the bus; else the
/// service that sends the events.
fn event_source(
    properties: &Value,
    pattern: Option<&Value>,
    collector: &Collector<'_>,
) -> Setting<PartialText> {
    let paths: [&[&str]; 3] = [
        &["detail", "bucket", "name"],
        &["resources"],
        &["detail", "requestParameters", "bucketName"],
    ];
    if let Some(pattern) = pattern {
        for path in paths {
            for found in every(pattern, path) {
                let setting = found.value.text_at(&[]);
                let declared = setting.known_values().any(|said| {
                    let by_name = collector.directory.named("s3", &said.value);
                    collector.directory.target(&said.value).or(by_name).is_some()
                });
                if declared {
                    return setting;
                }
            }
        }
    }
    let bus = properties.text_at(&["EventBusName"]);
    if !bus.is_unset() {
        return bus;
    }
    match pattern.map(|pattern| every(pattern, &["source"])) {
        Some(sources) => match sources.first() {
            Some(found) => found.value.text_at(&[]),
            None => Setting::Unset,
        },
        None => Setting::Unset,
    }
}

/// A schedule of EventBridge Scheduler.
pub(super) fn schedule(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    for item in properties.at(&["Target"]) {
        let mut trigger = declared_trigger(declaration, TriggerKind::Schedule);
        trigger.enabled = state(properties, "State");
        trigger.failure_destination = item.value.text_at(&["DeadLetterConfig", "Arn"]);
        let Some(target) = item.value.get("Arn") else { continue };
        let called = target.as_str().is_some_and(|arn| arn.contains(":aws-sdk:"));
        let input = item.value.get("Input").filter(|_| called);
        let input = input.and_then(|input| match &input.kind {
            Kind::Text(text) => document_in(text, input.span),
            _ => Some(input.clone()),
        });
        let parameter = |name: &&str| input.as_ref()?.get(name);
        collector.add(&trigger, CALLED.iter().find_map(parameter).unwrap_or(target));
    }
}

/// Parameters of the calls that a schedule makes itself, of what they act on.
///
/// Source: EventBridge Scheduler user guide, "Using universal targets".
const CALLED: [&str; 4] = ["FunctionName", "QueueUrl", "TopicArn", "StateMachineArn"];

/// Functions that get the results and failures of another's asynchronous invocations. What goes to
/// queues, topics and buses invokes nothing by itself.
pub(super) fn destinations(declaration: &Declaration, collector: &mut Collector<'_>) {
    let properties = &declaration.properties;
    for outcome in ["OnSuccess", "OnFailure"] {
        for item in properties.at(&["DestinationConfig", outcome]) {
            let Some(target) = item.value.get("Destination") else { continue };
            let mut trigger = inner_trigger(declaration, TriggerKind::Function, &item, target.span);
            collector.set_source(&mut trigger, properties.text_at(&["FunctionName"]));
            collector.add(&trigger, target);
        }
    }
}
