//! Schedules, event rules, log subscriptions, device rules.

use super::{Event, add_plain};
use crate::aws::naming;
use crate::aws::template::{Origin, Template};
use crate::aws::write::{At, is_intrinsic, is_on, label, pattern, scalar};
use documents::value::{Kind, Value};

fn state(event: &Event<'_>) -> Value {
    match event.value.get("enabled").map(|value| (&value.kind, value.span)) {
        Some((Kind::Bool(false), span)) => Value::text("DISABLED", span),
        Some((Kind::Unknown(why), span)) => Value::unknown(why.clone(), span),
        _ => event.at().text("ENABLED"),
    }
}

/// The rule's target with its input.
fn target(event: &Event<'_>, id: &str) -> Value {
    let transformer = event.get("inputTransformer").map(|transformer| {
        At(transformer.span)
            .properties()
            .take("InputTemplate", transformer, "inputTemplate")
            .take("InputPathsMap", transformer, "inputPathsMap")
            .build()
    });
    let retry = event.get("retryPolicy").map(|retry| {
        At(retry.span)
            .properties()
            .take("MaximumEventAgeInSeconds", retry, "maximumEventAge")
            .take("MaximumRetryAttempts", retry, "maximumRetryAttempts")
            .build()
    });
    let dead_letters =
        event.get("deadLetterQueueArn").map(|arn| At(arn.span).map([("Arn", arn.clone())]));
    event
        .at()
        .properties()
        .set("Arn", event.arn())
        .set("Id", event.at().text(id))
        .take("Input", event.value, "input")
        .take("InputPath", event.value, "inputPath")
        .set_some("InputTransformer", transformer)
        .set_some("RetryPolicy", retry)
        .set_some("DeadLetterConfig", dead_letters)
        .build()
}

fn permit_rule(event: &Event<'_>, permission: &str, rule: &str, template: &mut Template) {
    let source = Some(("SourceArn", event.at().attribute(rule, "Arn")));
    template.permit(permission, &event.arn(), "events.amazonaws.com", source, &event.origin);
}

/// `schedule`: one rule or schedule for each of its rates.
pub(super) fn add_schedule(event: &Event<'_>, template: &mut Template) {
    let value = event.value;
    let is_settings = matches!(value.kind, Kind::Map(_)) && !is_intrinsic(value);
    let rate = if is_settings { event.get("rate") } else { Some(value) };
    let Some(rate) = rate else {
        event.problem("it names no rate", template);
        return add_plain(event, template);
    };
    let rates = match &rate.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(rate),
    };
    for rate in rates {
        let number = next_number(event, template);
        match event.get("method").and_then(Value::as_str) {
            Some("scheduler") => add_scheduler(event, rate, number, template),
            _ => add_scheduled_rule(event, rate, number, template),
        }
    }
}

fn next_number(event: &Event<'_>, template: &Template) -> usize {
    let taken = |number: &usize| {
        template.has(&format!("{}EventsRuleSchedule{number}", event.normalized))
            || template.has(&format!("{}SchedulerSchedule{number}", event.normalized))
    };
    (1..).find(|number| !taken(number)).unwrap_or(1)
}

fn add_scheduled_rule(event: &Event<'_>, rate: &Value, number: usize, template: &mut Template) {
    let id = format!("{}EventsRuleSchedule{number}", event.normalized);
    let target = target(event, &format!("{}Schedule", event.function.key));
    let properties = event
        .at()
        .properties()
        .set("ScheduleExpression", rate.clone())
        .set("State", state(event))
        .take("Name", event.value, "name")
        .take("Description", event.value, "description")
        .set("Targets", event.at().list([target]));
    template.add(&id, "AWS::Events::Rule", properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionEventsRuleSchedule{number}", event.normalized);
    permit_rule(event, &permission, &id, template);
}

fn add_scheduler(event: &Event<'_>, rate: &Value, number: usize, template: &mut Template) {
    let at = event.at();
    let target = at
        .properties()
        .set("Arn", event.arn())
        .set(
            "RoleArn",
            super::super::role::role_of(event.aws, event.function, at)
                .unwrap_or_else(|| at.text("")),
        )
        .take("Input", event.value, "input");
    let window = at.map([("Mode", at.text("OFF"))]);
    let properties = at
        .properties()
        .set("ScheduleExpression", rate.clone())
        .set("State", state(event))
        .set("FlexibleTimeWindow", window)
        .take("Name", event.value, "name")
        .take("Description", event.value, "description")
        .take("GroupName", event.value, "groupName")
        .take("ScheduleExpressionTimezone", event.value, "timezone")
        .set("Target", target.build());
    let id = format!("{}SchedulerSchedule{number}", event.normalized);
    template.add(&id, "AWS::Scheduler::Schedule", properties.build(), &event.origin);
    let source = vec![event.arn()];
    template.allow(&event.function.key, &["lambda:InvokeFunction"], source, at);
}

/// `eventBridge`: rules by schedule or pattern, on the default, a new or an existing bus.
pub(super) fn add_event_bridge(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    if !matches!(value.kind, Kind::Map(_)) {
        event.problem("it is no mapping with a `pattern` or `schedule`", template);
        return add_plain(event, template);
    }
    let bus = event.get("eventBus").map(|bus| match bus.as_str().filter(|_| bus.tag.is_none()) {
        Some(name) if !name.contains(':') && name != "default" && !name.starts_with("aws.") => {
            let id = format!("{}EventBridgeEventBus", naming::normalized_alphanumeric(name));
            let said = value.member("eventBus").map_or(event.origin.said, |member| member.key_span);
            let origin =
                Origin { name: name.to_owned(), said, extent: bus.span, ..event.origin.clone() };
            let properties = At(bus.span).map([("Name", bus.clone())]);
            template.add(&id, "AWS::Events::EventBus", properties, &origin);
            At(bus.span).reference(&id)
        }
        _ => bus.clone(),
    });
    let number = event.number;
    let key = &event.function.key;
    let name = event.get("name").cloned().unwrap_or_else(|| {
        let mut name = event.aws.named("{0}-{1}-");
        name.push(text::Part::Literal(format!("{key}-rule-{number}")));
        at.partial(name)
    });
    let id = format!(
        "{}EventBridgeRule",
        naming::normalized_alphanumeric(&scalar(&name).with_holes(""))
    );
    let id = if template.has(&id) { format!("{id}{number}{}", event.normalized) } else { id };
    let rule_pattern = event.get("pattern").map(event_pattern);
    let properties = at
        .properties()
        .set("Name", name)
        .set_some("EventBusName", bus)
        .set_some("EventPattern", rule_pattern)
        .take("ScheduleExpression", value, "schedule")
        .take("Description", value, "description")
        .set("State", state(event))
        .set("Targets", at.list([target(event, &format!("{key}-rule-{number}-target"))]));
    template.add(&id, "AWS::Events::Rule", properties.build(), &event.origin);
    let permission = format!("{}EventBridgeLambdaPermission{number}", event.normalized);
    permit_rule(event, &permission, &id, template);
}

/// A pattern with the one name that the framework writes differently.
fn event_pattern(said: &Value) -> Value {
    let mut changed = said.clone();
    if let Kind::Map(members) = &mut changed.kind {
        for member in members.iter_mut().filter(|member| &*member.key == "detailType") {
            member.key = "detail-type".into();
        }
    }
    changed
}

/// `cloudwatchEvent`: a rule on the default bus.
pub(super) fn add_cloudwatch_event(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let number = event.number;
    let id = format!("{}EventsRuleCloudWatchEvent{number}", event.normalized);
    let rule_pattern = event.get("event").cloned();
    let rule_pattern =
        rule_pattern.unwrap_or_else(|| Value::unknown("the event names no pattern", at.0));
    let target = target(event, &format!("{}CloudWatchEvent", event.function.key));
    let properties = at
        .properties()
        .set("EventPattern", rule_pattern)
        .set("State", state(event))
        .take("Name", event.value, "name")
        .take("Description", event.value, "description")
        .set("Targets", at.list([target]));
    template.add(&id, "AWS::Events::Rule", properties.build(), &event.origin);
    let permission =
        format!("{}LambdaPermissionEventsRuleCloudWatchEvent{number}", event.normalized);
    permit_rule(event, &permission, &id, template);
}

/// `cloudwatchLog`: a subscription of a log group.
pub(super) fn add_log_subscription(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let is_settings = matches!(value.kind, Kind::Map(_)) && !is_intrinsic(value);
    let group = if is_settings { event.get("logGroup").cloned() } else { Some(value.clone()) };
    let group = group.unwrap_or_else(|| Value::unknown("the event names no log group", value.span));
    let id = format!("{}LogsSubscriptionFilterCloudWatchLog{}", event.normalized, event.number);
    let filter = event.get("filter").cloned().unwrap_or_else(|| at.text(""));
    let properties = at
        .properties()
        .set("LogGroupName", group.clone())
        .set("FilterPattern", filter)
        .set("DestinationArn", event.arn());
    template.add(&id, "AWS::Logs::SubscriptionFilter", properties.build(), &event.origin);
    let permission =
        format!("{}LambdaPermissionLogsSubscriptionFilterCloudWatchLog", event.normalized);
    let source = match group.scalar_text().filter(|_| !is_intrinsic(&group)) {
        Some(name) => {
            at.pattern("arn:{partition}:logs:{region}:{account}:log-group:{0}:*", &[&name])
        }
        None => Value::unknown(
            format!("log group `{}` is named at deployment", label(&group)),
            group.span,
        ),
    };
    let principal = "logs.amazonaws.com";
    template.permit(
        &permission,
        &event.arn(),
        principal,
        Some(("SourceArn", source)),
        &event.origin,
    );
}

/// `iot`: a rule over device messages.
pub(super) fn add_iot(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let number = event.number;
    let id = format!("{}IotTopicRule{number}", event.normalized);
    let action = at.map([("Lambda", at.map([("FunctionArn", event.arn())]))]);
    let disabled = value.get("enabled").is_some_and(|it| matches!(it.kind, Kind::Bool(false)));
    let payload = at
        .properties()
        .set("RuleDisabled", at.truth(disabled))
        .take("Sql", value, "sql")
        .take("AwsIotSqlVersion", value, "sqlVersion")
        .take("Description", value, "description")
        .set("Actions", at.list([action]));
    let properties =
        at.properties().take("RuleName", value, "name").set("TopicRulePayload", payload.build());
    template.add(&id, "AWS::IoT::TopicRule", properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionIotTopicRule{number}", event.normalized);
    let rule = text::PartialText::reference(text::EntityId::new(&id), "Ref");
    let arn = at.partial(pattern("arn:{partition}:iot:{region}:{account}:rule/{0}", &[&rule]));
    let source = Some(("SourceArn", arn));
    template.permit(&permission, &event.arn(), "iot.amazonaws.com", source, &event.origin);
}

/// `iotFleetProvisioning`: the hook of a provisioning template.
pub(super) fn add_fleet_provisioning(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let id = format!("{}IotProvisioningTemplate", event.normalized);
    let enabled = value.get("enabled").is_none_or(|value| is_on(Some(value)));
    let hook = at.map([("TargetArn", event.arn()), ("PayloadVersion", at.text("2020-04-01"))]);
    let properties = at
        .properties()
        .set("Enabled", at.truth(enabled))
        .take("TemplateBody", value, "templateBody")
        .take("TemplateName", value, "templateName")
        .take("ProvisioningRoleArn", value, "provisioningRoleArn")
        .set("PreProvisioningHook", hook);
    template.add(&id, "AWS::IoT::ProvisioningTemplate", properties.build(), &event.origin);
    let permission = format!("{}LambdaPermissionIotProvisioningTemplate", event.normalized);
    template.permit(&permission, &event.arn(), "iot.amazonaws.com", None, &event.origin);
}
