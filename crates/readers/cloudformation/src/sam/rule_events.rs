//! Schedules and rules on event buses, for functions and state machines.

use text::{EntityId, PartialText, Span};

use crate::sam::Expansion;
use crate::sam::event::{Event, Invoked, permission};
use crate::sam::generated::{
    Properties, document, each_case, is_true, reference, statement, text_value, trust,
};
use crate::sam::role::generated_policy;
use documents::value::{Kind, Value};

/// What the target needs in order to be invoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Function,
    StateMachine,
}

/// Expands a schedule or rule of a function or state machine; whether the event's type is one.
pub(super) fn expand(event: &Event, invoked: &Invoked<'_>, expansion: &mut Expansion<'_>) -> bool {
    let target = match invoked.owner.kind.as_str() {
        "AWS::Serverless::StateMachine" => Target::StateMachine,
        _ => Target::Function,
    };
    match event.kind.as_str() {
        "Schedule" | "CloudWatchEvent" | "EventBridgeRule" => {
            expand_rule(event, invoked, target, expansion);
        }
        "ScheduleV2" => expand_schedule(event, invoked, target, expansion),
        _ => return false,
    }
    true
}

fn expand_rule(
    event: &Event,
    invoked: &Invoked<'_>,
    target: Target,
    expansion: &mut Expansion<'_>,
) {
    let given = &event.properties;
    let span = event.span;
    let rule_id = crate::sam::generated::sibling(&invoked.owner.id, &event.name);
    let rule_arn = text_value(reference(&rule_id, "Arn"), span);
    let target_id = given.get("Target").and_then(|target| target.get("Id")).cloned();
    let suffix = match target {
        Target::Function => "LambdaTarget",
        Target::StateMachine => "StepFunctionsTarget",
    };
    let target_id =
        target_id.unwrap_or_else(|| Value::text(format!("{}{suffix}", event.name), span));
    let role = (target == Target::StateMachine).then(|| match given.get("RoleArn") {
        Some(role) if !role.is_null() => role.clone(),
        _ => start_role(event, invoked, "events.amazonaws.com", &[], expansion),
    });
    let queue = dead_letter_queue(event, invoked, Some(&rule_arn), expansion);
    let invocation = Properties::new(span)
        .set("Arn", text_value(invoked.arn.clone(), span))
        .set("Id", target_id)
        .set_some("RoleArn", role)
        .set_some("DeadLetterConfig", queue)
        .keep(given, &["Input", "InputPath", "InputTransformer", "RetryPolicy"])
        .build();
    let name = if event.kind == "Schedule" { "Name" } else { "RuleName" };
    let rule = Properties::new(span)
        .keep_as(given, "Schedule", "ScheduleExpression")
        .keep_as(given, "Pattern", "EventPattern")
        .keep(given, &["EventBusName", "Description", "State"])
        .keep_as(given, name, "Name")
        .set_some("State", given.get("Enabled").map(state_of))
        .set("Targets", Value::list([invocation], span));
    event.declare(invoked, &event.name, "AWS::Events::Rule", rule, expansion);
    if target == Target::Function {
        let permission =
            permission(event, invoked, "events.amazonaws.com").set("SourceArn", rule_arn);
        let name = format!("{}Permission", event.name);
        event.declare(invoked, &name, "AWS::Lambda::Permission", permission, expansion);
    }
}

fn expand_schedule(
    event: &Event,
    invoked: &Invoked<'_>,
    target: Target,
    expansion: &mut Expansion<'_>,
) {
    let given = &event.properties;
    let span = event.span;
    let queue = dead_letter_queue(event, invoked, None, expansion);
    let queue_arn = queue.as_ref().and_then(|queue| queue.get("Arn")).cloned();
    let role = match given.get("RoleArn") {
        Some(role) if !role.is_null() => role.clone(),
        _ => {
            let more = queue_arn.map(|queue| {
                let send = statement(&["sqs:SendMessage"], vec![queue], span);
                generated_policy(&format!("{}SQSPolicy", event.name), vec![send], span)
            });
            let more: Vec<Value> = more.into_iter().collect();
            match target {
                Target::StateMachine => {
                    start_role(event, invoked, "scheduler.amazonaws.com", &more, expansion)
                }
                Target::Function => invoke_role(event, invoked, &more, expansion),
            }
        }
    };
    let invocation = Properties::new(span)
        .set("Arn", text_value(invoked.arn.clone(), span))
        .set("RoleArn", role)
        .set_some("DeadLetterConfig", queue)
        .keep(given, &["Input", "RetryPolicy"])
        .build();
    let mut schedule = Properties::new(span).keep(
        given,
        &[
            "ScheduleExpression",
            "FlexibleTimeWindow",
            "State",
            "Description",
            "StartDate",
            "EndDate",
            "ScheduleExpressionTimezone",
            "GroupName",
            "KmsKeyArn",
            "Name",
        ],
    );
    if given.get("FlexibleTimeWindow").is_none() {
        let off = Value::map([("Mode", Value::text("OFF", span))], span);
        schedule = schedule.set("FlexibleTimeWindow", off);
    }
    let nameless = given.get("OmitName").and_then(is_true) == Some(true);
    if given.get("Name").is_none() && !nameless {
        schedule = schedule.set("Name", Value::text(event.name.as_str(), span));
    }
    let schedule = schedule.set("Target", invocation);
    event.declare(invoked, &event.name, "AWS::Scheduler::Schedule", schedule, expansion);
}

fn invoke_role(
    event: &Event,
    invoked: &Invoked<'_>,
    more: &[Value],
    expansion: &mut Expansion<'_>,
) -> Value {
    let arn = text_value(invoked.arn.clone(), event.span);
    let invoke = statement(&["lambda:InvokeFunction"], vec![arn], event.span);
    let policy = generated_policy(&format!("{}LambdaPolicy", event.name), vec![invoke], event.span);
    role(event, invoked, "scheduler.amazonaws.com", policy, more, expansion)
}

/// The role that lets a service start the state machine an event invokes.
pub(super) fn start_role(
    event: &Event,
    invoked: &Invoked<'_>,
    service: &str,
    more: &[Value],
    expansion: &mut Expansion<'_>,
) -> Value {
    let arn = text_value(invoked.arn.clone(), event.span);
    let start = statement(&["states:StartExecution"], vec![arn], event.span);
    let name = format!("{}RoleStartExecutionPolicy", event.name);
    let policy = generated_policy(&name, vec![start], event.span);
    role(event, invoked, service, policy, more, expansion)
}

fn role(
    event: &Event,
    invoked: &Invoked<'_>,
    service: &str,
    policy: Value,
    more: &[Value],
    expansion: &mut Expansion<'_>,
) -> Value {
    let span = event.span;
    let policies = std::iter::once(policy).chain(more.iter().cloned());
    let mut role = Properties::new(span)
        .set("AssumeRolePolicyDocument", trust(service, span))
        .set("Policies", Value::list(policies, span))
        .keep(&event.properties, &["PermissionsBoundary"]);
    if event.properties.get("PermissionsBoundary").is_none()
        && invoked.owner.kind == "AWS::Serverless::StateMachine"
    {
        role = role.keep(&invoked.owner.properties, &["PermissionsBoundary"]);
    }
    let name = format!("{}Role", event.name);
    let id = event.declare(invoked, &name, "AWS::IAM::Role", role, expansion);
    text_value(reference(&id, "Arn"), span)
}

/// `DeadLetterConfig` as the target takes it; a queue is made where only its type is given. A rule
/// needs the queue's policy too.
fn dead_letter_queue(
    event: &Event,
    invoked: &Invoked<'_>,
    rule_arn: Option<&Value>,
    expansion: &mut Expansion<'_>,
) -> Option<Value> {
    let config = event.properties.get("DeadLetterConfig").filter(|config| !config.is_null())?;
    if config.get("Type").is_none() {
        let arn_only = |config: &Value| Properties::new(config.span).keep(config, &["Arn"]).build();
        return Some(each_case(config, &mut |config| match config.kind {
            Kind::Map(_) => arn_only(config),
            _ => config.clone(),
        }));
    }
    let span = config.span;
    let name = config.get("QueueLogicalId").and_then(Value::as_str);
    let name = name.map_or_else(|| format!("{}Queue", event.name), str::to_owned);
    let queue = Properties::new(span);
    let queue = event.declare(invoked, &name, "AWS::SQS::Queue", queue, expansion);
    if let Some(rule_arn) = rule_arn {
        let policy = send_policy(&queue, "events.amazonaws.com", rule_arn, span);
        let name = format!("{}QueuePolicy", event.name);
        event.declare(invoked, &name, "AWS::SQS::QueuePolicy", policy, expansion);
    }
    let arn = text_value(reference(&queue, "Arn"), span);
    Some(Value::map([("Arn", arn)], span))
}

fn send_policy(queue: &EntityId, service: &str, source_arn: &Value, span: Span) -> Properties {
    let arn = text_value(reference(queue, "Arn"), span);
    let url = text_value(reference(queue, "Ref"), span);
    queue_policy(arn, url, service, source_arn, span)
}

/// A queue's policy by which a service may send to it for one source.
pub(super) fn queue_policy(
    arn: Value,
    url: Value,
    service: &str,
    source_arn: &Value,
    span: Span,
) -> Properties {
    let source = Value::map([("aws:SourceArn", source_arn.clone())], span);
    let principal = Value::map([("Service", Value::text(service, span))], span);
    let statement = Properties::new(span)
        .set("Effect", Value::text("Allow", span))
        .set("Principal", principal)
        .set("Action", Value::text("sqs:SendMessage", span))
        .set("Resource", arn)
        .set("Condition", Value::map([("ArnEquals", source)], span))
        .build();
    Properties::new(span)
        .set("Queues", Value::list([url], span))
        .set("PolicyDocument", document(vec![statement], span))
}

/// The rule's `State` that `Enabled` stands for.
fn state_of(enabled: &Value) -> Value {
    each_case(enabled, &mut |enabled| {
        let state = match is_true(enabled) {
            Some(true) => PartialText::known("ENABLED"),
            Some(false) => PartialText::known("DISABLED"),
            None => return enabled.clone(),
        };
        Value { kind: Kind::Text(state), ..enabled.clone() }
    })
}
