//! Events whose source invokes the function: buckets, topics, logs, devices, user pools, skills.

use text::PartialText;

use crate::sam::event::{Event, Invoked, permission};
use crate::sam::generated::{
    Properties, boolean, hole, pattern, sole_reference, text_value, under,
};
use crate::sam::role::RoleDraft;
use crate::sam::rule_events::queue_policy;
use crate::sam::{Addition, Expansion, Manner};
use documents::value::{Kind, Value, both};

const PERMISSION: &str = "AWS::Lambda::Permission";

/// Expands an event of these kinds; whether its type is one.
pub(super) fn expand(
    event: &Event,
    invoked: &Invoked<'_>,
    role: &mut RoleDraft,
    expansion: &mut Expansion<'_>,
) -> bool {
    match event.kind.as_str() {
        "S3" => expand_bucket(event, invoked, expansion),
        "SNS" => expand_topic(event, invoked, role, expansion),
        "CloudWatchLogs" => expand_logs(event, invoked, expansion),
        "IoTRule" => expand_device_rule(event, invoked, expansion),
        "AlexaSkill" => expand_skill(event, invoked, expansion),
        "Cognito" => expand_user_pool(event, invoked, expansion),
        _ => return false,
    }
    true
}

fn expand_bucket(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let span = event.span;
    let account = text_value(pattern("${AWS::AccountId}", &[]), span);
    let allowed = permission(event, invoked, "s3.amazonaws.com").set("SourceAccount", account);
    event.declare(invoked, &format!("{}Permission", event.name), PERMISSION, allowed, expansion);
    let bucket = event.required("Bucket");
    let Some(bucket) = sole_reference(&bucket) else {
        let message = "the bucket of an S3 event is to be one of the same template";
        expansion.lost(message, bucket.span);
        return;
    };
    let condition = both(invoked.owner.condition.as_ref(), event.condition.as_ref());
    for occasion in event.properties.list_at(&["Events"]) {
        let configuration = Properties::new(span)
            .set("Event", occasion.value.clone())
            .set("Function", text_value(invoked.arn.clone(), span))
            .keep(&event.properties, &["Filter"])
            .build();
        let condition = both(condition.as_ref(), occasion.condition.as_ref());
        expansion.additions.push(Addition {
            target: bucket.entity.clone(),
            path: ["NotificationConfiguration", "LambdaConfigurations"].map(str::to_owned).into(),
            value: under(condition.as_ref(), configuration),
            manner: Manner::Append,
        });
    }
}

fn expand_user_pool(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let span = event.span;
    let pool = event.required("UserPool");
    let Some(pool) = sole_reference(&pool) else {
        let message = "the user pool of a Cognito event is to be one of the same template";
        expansion.lost(message, pool.span);
        return;
    };
    let arn = text_value(PartialText::reference(pool.entity.clone(), "Arn"), span);
    let allowed = permission(event, invoked, "cognito-idp.amazonaws.com").set("SourceArn", arn);
    let name = format!("{}CognitoPermission", invoked.logical_id);
    event.declare(invoked, &name, PERMISSION, allowed, expansion);
    for trigger in event.properties.list_at(&["Trigger"]) {
        let Some(trigger) = trigger.value.as_str() else {
            expansion.lost("this trigger could not be resolved", trigger.value.span);
            continue;
        };
        expansion.additions.push(Addition {
            target: pool.entity.clone(),
            path: ["LambdaConfig", trigger].map(str::to_owned).into(),
            value: text_value(invoked.arn.clone(), span),
            manner: Manner::Set,
        });
    }
}

fn expand_topic(
    event: &Event,
    invoked: &Invoked<'_>,
    role: &mut RoleDraft,
    expansion: &mut Expansion<'_>,
) {
    let span = event.span;
    let given = &event.properties;
    let topic = event.required("Topic");
    let subscription = |protocol: &str, endpoint: Value| {
        Properties::new(span)
            .set("Protocol", Value::text(protocol, span))
            .set("Endpoint", endpoint)
            .set("TopicArn", topic.clone())
            .keep(given, &["Region", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy"])
    };
    let kind = "AWS::SNS::Subscription";
    let through = given.get("SqsSubscription");
    if !super::function::switched_on(through) {
        let allowed =
            permission(event, invoked, "sns.amazonaws.com").set("SourceArn", topic.clone());
        let name = format!("{}Permission", event.name);
        event.declare(invoked, &name, PERMISSION, allowed, expansion);
        let subscription = subscription("lambda", text_value(invoked.arn.clone(), span));
        event.declare(invoked, &event.name, kind, subscription, expansion);
        return;
    }
    let existing = through.filter(|through| matches!(through.kind, Kind::Map(_)));
    let (arn, url) = match existing {
        Some(queue) => {
            let property = |key: &str| {
                queue.get(key).cloned().unwrap_or_else(|| {
                    Value::unknown(format!("the queue's `{key}` is missing"), queue.span)
                })
            };
            (property("QueueArn"), property("QueueUrl"))
        }
        None => {
            let name = format!("{}Queue", event.name);
            let queue = Properties::new(span);
            let queue = event.declare(invoked, &name, "AWS::SQS::Queue", queue, expansion);
            let part = |attribute| text_value(super::generated::reference(&queue, attribute), span);
            (part("Arn"), part("Ref"))
        }
    };
    let policy = queue_policy(arn.clone(), url, "sns.amazonaws.com", &topic, span);
    let policy_name = existing.and_then(|queue| queue.get("QueuePolicyLogicalId"));
    let policy_name = policy_name
        .and_then(Value::as_str)
        .map_or_else(|| format!("{}QueuePolicy", event.name), str::to_owned);
    event.declare(invoked, &policy_name, "AWS::SQS::QueuePolicy", policy, expansion);
    event.declare(invoked, &event.name, kind, subscription("sqs", arn.clone()), expansion);
    let batch_size = existing.and_then(|queue| queue.get("BatchSize")).cloned();
    let batch_size = batch_size.unwrap_or_else(|| Value::new(Kind::Number("10".into()), span));
    let mapping = Properties::new(span)
        .set("FunctionName", text_value(invoked.name.clone(), span))
        .set("EventSourceArn", arn)
        .set("BatchSize", batch_size)
        .set("Enabled", boolean(true, span));
    let name = format!("{}EventSourceMapping", event.name);
    event.declare(invoked, &name, "AWS::Lambda::EventSourceMapping", mapping, expansion);
    role.add_managed("service-role/AWSLambdaSQSQueueExecutionRole", span);
}

fn expand_logs(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let span = event.span;
    let group = event.required("LogGroupName");
    let template =
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${group}:*";
    let arn = text_value(pattern(template, &[("group", &hole(Some(&group)))]), span);
    let allowed = permission(event, invoked, "logs.amazonaws.com").set("SourceArn", arn);
    event.declare(invoked, &format!("{}Permission", event.name), PERMISSION, allowed, expansion);
    let filter = Properties::new(span)
        .set("LogGroupName", group)
        .keep(&event.properties, &["FilterPattern"])
        .set("DestinationArn", text_value(invoked.arn.clone(), span));
    event.declare(invoked, &event.name, "AWS::Logs::SubscriptionFilter", filter, expansion);
}

fn expand_device_rule(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let span = event.span;
    let action = Value::map([("FunctionArn", text_value(invoked.arn.clone(), span))], span);
    let action = Value::map([("Lambda", action)], span);
    let payload = Properties::new(span)
        .keep(&event.properties, &["Sql", "AwsIotSqlVersion"])
        .set("RuleDisabled", boolean(false, span))
        .set("Actions", Value::list([action], span))
        .build();
    let rule = Properties::new(span).set("TopicRulePayload", payload);
    let rule = event.declare(invoked, &event.name, "AWS::IoT::TopicRule", rule, expansion);
    let template = "arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/${rule}";
    let rule = PartialText::reference(rule, "Ref");
    let arn = text_value(pattern(template, &[("rule", &rule)]), span);
    let account = text_value(pattern("${AWS::AccountId}", &[]), span);
    let allowed = permission(event, invoked, "iot.amazonaws.com")
        .set("SourceArn", arn)
        .set("SourceAccount", account);
    event.declare(invoked, &format!("{}Permission", event.name), PERMISSION, allowed, expansion);
}

fn expand_skill(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) {
    let allowed = permission(event, invoked, "alexa-appkit.amazon.com").keep_as(
        &event.properties,
        "SkillId",
        "EventSourceToken",
    );
    event.declare(invoked, &format!("{}Permission", event.name), PERMISSION, allowed, expansion);
}
