use app_graph::{Trigger, TriggerKind};
use text::Setting;

use super::{Collector, declared_trigger, every, inner_trigger};
use crate::embedded::document_in;
use documents::declaration::Declaration;
use documents::value::{Conditional, Kind, Value, both};

/// Where a type of declaration names what it invokes, and what sends the events.
struct Row {
    declaration: &'static str,
    kind: TriggerKind,
    target: &'static [&'static str],
    source: Source,
}

enum Source {
    /// The declaration itself.
    Itself,
    /// A property.
    Property(&'static [&'static str]),
}

const fn row(
    declaration: &'static str,
    kind: TriggerKind,
    target: &'static [&'static str],
    source: Source,
) -> Row {
    Row { declaration, kind, target, source }
}

/// Types whose trigger is no more than a path to the target.
///
/// Source: AWS CloudFormation template reference.
const ROWS: &[Row] = {
    use Source::{Itself, Property};
    use TriggerKind as Kind;
    const RULE: &str = "AWS::IoT::TopicRule";
    const MAIL: &str = "AWS::SES::ReceiptRule";
    const SQL: Source = Property(&["TopicRulePayload", "Sql"]);
    const LEX: &str = "LambdaCodeHook";
    &[
        row(RULE, Kind::IotRule, &["TopicRulePayload", "Actions", "Lambda", "FunctionArn"], SQL),
        row(RULE, Kind::IotRule, &["TopicRulePayload", "Actions", "Sqs", "QueueUrl"], SQL),
        row(RULE, Kind::IotRule, &["TopicRulePayload", "Actions", "Sns", "TargetArn"], SQL),
        row(RULE, Kind::IotRule, &["TopicRulePayload", "Actions", "Kinesis", "StreamName"], SQL),
        row(
            RULE,
            Kind::IotRule,
            &["TopicRulePayload", "ErrorAction", "Lambda", "FunctionArn"],
            SQL,
        ),
        row("AWS::Cognito::UserPool", Kind::UserPool, &["LambdaConfig", "*", "LambdaArn"], Itself),
        row(MAIL, Kind::Mail, &["Rule", "Actions", "LambdaAction", "FunctionArn"], Itself),
        row(MAIL, Kind::Mail, &["Rule", "Actions", "S3Action", "BucketName"], Itself),
        row(MAIL, Kind::Mail, &["Rule", "Actions", "*", "TopicArn"], Itself),
        row(
            "AWS::CodeCommit::Repository",
            Kind::Repository,
            &["Triggers", "DestinationArn"],
            Itself,
        ),
        row(
            "AWS::Logs::SubscriptionFilter",
            Kind::LogSubscription,
            &["DestinationArn"],
            Property(&["LogGroupName"]),
        ),
        row("AWS::CloudWatch::Alarm", Kind::Alarm, &["AlarmActions"], Itself),
        row("AWS::CloudWatch::Alarm", Kind::Alarm, &["OKActions"], Itself),
        row("AWS::CloudWatch::Alarm", Kind::Alarm, &["InsufficientDataActions"], Itself),
        row("AWS::CloudWatch::CompositeAlarm", Kind::Alarm, &["AlarmActions"], Itself),
        row("AWS::CloudWatch::CompositeAlarm", Kind::Alarm, &["OKActions"], Itself),
        row(
            "AWS::SecretsManager::RotationSchedule",
            Kind::SecretRotation,
            &["RotationLambdaARN"],
            Property(&["SecretId"]),
        ),
        row(
            "AWS::Lex::BotAlias",
            Kind::ChatBot,
            &[
                "BotAliasLocaleSettings",
                "BotAliasLocaleSetting",
                "CodeHookSpecification",
                LEX,
                "LambdaArn",
            ],
            Itself,
        ),
        row(
            "AWS::Lex::Bot",
            Kind::ChatBot,
            &[
                "TestBotAliasSettings",
                "BotAliasLocaleSettings",
                "BotAliasLocaleSetting",
                "CodeHookSpecification",
                LEX,
                "LambdaArn",
            ],
            Itself,
        ),
    ]
};

/// Adds the triggers of a declaration that says no more of them than what is invoked.
pub(super) fn lower(declaration: &Declaration, collector: &mut Collector<'_>) {
    for row in ROWS.iter().filter(|row| row.declaration == declaration.kind) {
        for target in every(&declaration.properties, row.target) {
            add(declaration, row.kind.clone(), &row.source, &target, collector);
        }
    }
    match declaration.kind.as_str() {
        "AWS::Cognito::UserPool" => user_pool(declaration, collector),
        "AWS::CodePipeline::Pipeline" => pipeline(declaration, collector),
        "AWS::Config::ConfigRule" => config_rule(declaration, collector),
        "AWS::KinesisFirehose::DeliveryStream" => delivery_stream(declaration, collector),
        "AWS::SSM::Document" => automation(declaration, collector),
        "AWS::S3ObjectLambda::AccessPoint" => {
            let path = [
                "ObjectLambdaConfiguration",
                "TransformationConfigurations",
                "ContentTransformation",
                "AwsLambda",
                "FunctionArn",
            ];
            other(declaration, "object transformation", &path, collector);
        }
        "AWS::Bedrock::Agent" => {
            let path = ["ActionGroups", "ActionGroupExecutor", "Lambda"];
            other(declaration, "agent", &path, collector);
        }
        _ => {}
    }
}

fn add(
    declaration: &Declaration,
    kind: TriggerKind,
    source: &Source,
    target: &documents::value::Conditional<'_>,
    collector: &mut Collector<'_>,
) {
    let mut trigger = inner_trigger(declaration, kind, target, target.value.span);
    match source {
        Source::Itself => collector.set_source_self(&mut trigger, declaration),
        Source::Property(path) => {
            let source = declaration.properties.text_at(path);
            collector.set_source(&mut trigger, source);
        }
    }
    trigger.enabled = enabled(declaration);
    collector.add(&trigger, target.value);
}

fn enabled(declaration: &Declaration) -> Setting<bool> {
    let properties = &declaration.properties;
    match declaration.kind.as_str() {
        "AWS::IoT::TopicRule" => {
            properties.bool_at(&["TopicRulePayload", "RuleDisabled"]).map(|disabled| !disabled)
        }
        "AWS::SES::ReceiptRule" => properties.bool_at(&["Rule", "Enabled"]),
        "AWS::CloudWatch::Alarm" => properties.bool_at(&["ActionsEnabled"]),
        _ => Setting::Unset,
    }
}

fn other(declaration: &Declaration, kind: &str, path: &[&str], collector: &mut Collector<'_>) {
    for target in every(&declaration.properties, path) {
        let kind = TriggerKind::Other(kind.to_owned());
        add(declaration, kind, &Source::Itself, &target, collector);
    }
}

/// Hooks whose value is the function itself.
fn user_pool(declaration: &Declaration, collector: &mut Collector<'_>) {
    for hooks in declaration.properties.at(&["LambdaConfig"]) {
        for member in hooks.value.members() {
            if &*member.key == "KMSKeyID" {
                continue;
            }
            for target in member.value.at(&[]) {
                if target.value.scalar_text().is_some() {
                    let kind = TriggerKind::UserPool;
                    add(declaration, kind, &Source::Itself, &target, collector);
                }
            }
        }
    }
}

fn pipeline(declaration: &Declaration, collector: &mut Collector<'_>) {
    for action in every(&declaration.properties, &["Stages", "Actions"]) {
        let provider = action.value.string_at(&["ActionTypeId", "Provider"]);
        if !provider.any(|provider| provider == "Lambda") {
            continue;
        }
        for target in every(action.value, &["Configuration", "FunctionName"]) {
            add(declaration, TriggerKind::Pipeline, &Source::Itself, &target, collector);
        }
    }
}

fn config_rule(declaration: &Declaration, collector: &mut Collector<'_>) {
    let owner = declaration.properties.string_at(&["Source", "Owner"]);
    if owner.any(|owner| owner == "CUSTOM_LAMBDA") {
        for target in every(&declaration.properties, &["Source", "SourceIdentifier"]) {
            add(declaration, TriggerKind::ConfigRule, &Source::Itself, &target, collector);
        }
    }
}

/// Steps of a runbook that invoke a function.
///
/// Source: AWS Systems Manager Automation runbook reference, `aws:invokeLambdaFunction`.
fn automation(declaration: &Declaration, collector: &mut Collector<'_>) {
    for content in declaration.properties.at(&["Content"]) {
        let written = match &content.value.kind {
            Kind::Text(text) => document_in(text, content.value.span),
            _ => None,
        };
        for step in every(written.as_ref().unwrap_or(content.value), &["mainSteps"]) {
            if !step.value.string_at(&["action"]).any(|action| action == "aws:invokeLambdaFunction")
            {
                continue;
            }
            for target in every(step.value, &["inputs", "FunctionName"]) {
                let condition = both(content.condition.as_ref(), step.condition.as_ref());
                let condition = both(condition.as_ref(), target.condition.as_ref());
                let target = Conditional { condition, ..target };
                let kind = TriggerKind::Other("automation".to_owned());
                add(declaration, kind, &Source::Itself, &target, collector);
            }
        }
    }
}

/// Processors of a delivery stream, whatever its destination.
fn delivery_stream(declaration: &Declaration, collector: &mut Collector<'_>) {
    for processing in every(&declaration.properties, &["*", "ProcessingConfiguration"]) {
        let enabled = processing.value.bool_at(&["Enabled"]);
        for parameter in every(processing.value, &["Processors", "Parameters"]) {
            let name = parameter.value.get("ParameterName").and_then(Value::as_str);
            let (Some("LambdaArn"), Some(target)) = (name, parameter.value.get("ParameterValue"))
            else {
                continue;
            };
            let kind = TriggerKind::DeliveryStream;
            let mut trigger = inner_trigger(declaration, kind, &parameter, target.span);
            collector.set_source_self(&mut trigger, declaration);
            trigger.enabled = enabled.clone();
            collector.add(&trigger, target);
        }
    }
}

/// A custom resource of a stack, whose service token names a function or topic.
pub(super) fn custom_resource(declaration: &Declaration, collector: &mut Collector<'_>) {
    if let Some(token) = declaration.properties.get("ServiceToken") {
        let trigger = declared_trigger(declaration, TriggerKind::CustomResource);
        collector.add(&trigger, token);
    }
}

/// An event of a framework that no provider's type stands for.
pub(super) fn framework_event(declaration: &Declaration, collector: &mut Collector<'_>) {
    let kind = declaration.kind.strip_prefix("Serverless::Event::").unwrap_or_default();
    let trigger: Trigger = declared_trigger(declaration, framework_kind(kind));
    let properties = &declaration.properties;
    match properties.get("FunctionName").or_else(|| properties.get("Function")) {
        Some(function) => collector.add(&trigger, function),
        None => collector.push(trigger),
    }
}

/// Events that other clouds' functions name as they name them.
///
/// Source: Serverless Framework documentation, events of the Google and Azure providers.
fn framework_kind(kind: &str) -> TriggerKind {
    match kind {
        "http" | "httpTrigger" | "request" => TriggerKind::HttpApi,
        "queue" | "serviceBus" => TriggerKind::Queue,
        "timer" | "schedule" => TriggerKind::Schedule,
        "blob" => TriggerKind::Bucket,
        "eventHub" => TriggerKind::Stream,
        "eventGrid" => TriggerKind::EventRule,
        "pubsub" | "pubSub" => TriggerKind::PubSub,
        other => TriggerKind::Other(other.to_owned()),
    }
}
