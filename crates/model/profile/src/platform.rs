//! Permissions that a function's role needs because of how the function is set up: logs, tracing,
//! private networks, polled sources, destinations, its own key.

use app_graph::{AppGraph, Arns, Cloud, Function, Tracing, Trigger, TriggerKind};
use text::{Part, PartialText, Pseudo, Setting, Span};

use crate::Evidence;
use crate::derive::Needs;
use crate::keys;

/// What the platform does in the role's name to poll a source.
///
/// Source: AWS Lambda developer guide, the page on each kind of event source mapping, "execution
/// role permissions".
const POLLED: &[(TriggerKind, &[&str])] = &[
    (TriggerKind::Queue, &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]),
    (
        TriggerKind::TableStream,
        &["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
    ),
    (
        TriggerKind::Stream,
        &[
            "kinesis:DescribeStream",
            "kinesis:DescribeStreamSummary",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        ],
    ),
    (
        TriggerKind::Kafka,
        &["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
    ),
    (TriggerKind::Broker, &["mq:DescribeBroker"]),
    (TriggerKind::DocumentStream, &["rds:DescribeDBClusters"]),
];

/// As [`POLLED`], for actions that take no resource.
const POLLED_ANYWHERE: &[(TriggerKind, &[&str])] = &[
    (TriggerKind::TableStream, &["dynamodb:ListStreams"]),
    (TriggerKind::Stream, &["kinesis:ListStreams"]),
    (TriggerKind::Kafka, NETWORK_OF_SOURCE),
    (TriggerKind::Broker, NETWORK_OF_SOURCE),
    (TriggerKind::DocumentStream, NETWORK_OF_SOURCE),
];

const NETWORK_OF_SOURCE: &[&str] = &[
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
];

/// Source: AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon
/// VPC", required IAM permissions; the managed policy `AWSLambdaVPCAccessExecutionRole`.
const NETWORK: &[&str] = &[
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
];

/// Source: AWS Lambda developer guide, "Visualize Lambda function invocations using AWS X-Ray".
const TRACING: &[&str] = &["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/// What sending a failed event to a destination needs, by the destination's service.
///
/// Source: AWS Lambda developer guide, "Capturing records of Lambda asynchronous invocations".
const DESTINATIONS: &[(&str, &str)] = &[
    ("sqs", "sqs:SendMessage"),
    ("sns", "sns:Publish"),
    ("lambda", "lambda:InvokeFunction"),
    ("events", "events:PutEvents"),
    ("s3", "s3:PutObject"),
];

/// Adds what `function` needs whatever its code does.
pub(crate) fn add(graph: &AppGraph, arns: &Arns<'_>, function: &Function, needs: &mut Needs) {
    if function.entity.cloud != Cloud::Aws {
        return;
    }
    let said = function.entity.said;
    add_logs(graph, function, needs);
    let mut anywhere = |actions: &[&str], span: Span, why: &'static str| {
        for action in actions {
            needs.add(action, PartialText::known("*"), Evidence::Template { span, why });
        }
    };
    if let Some(network) = function.network.known_values().next() {
        anywhere(NETWORK, network.span, "the function runs in a private network");
    }
    let mut traced = function.tracing.known_values();
    if let Some(tracing) = traced.find(|tracing| tracing.value == Tracing::Active) {
        anywhere(TRACING, tracing.span, "invocations are traced");
    }
    for trigger in graph.triggers_of(&function.entity.id) {
        add_polled(graph, arns, trigger, needs);
    }
    for key in function.environment_key.known_values() {
        let why = "a customer key encrypts the environment";
        let evidence = Evidence::Template { span: key.span, why };
        needs.add("kms:Decrypt", keys::key_arn(arns, &key.value), evidence);
    }
    for destination in function.failure_destination.known_values() {
        let Some(target) = &destination.value.target else { continue };
        add_destination(graph, arns, target, destination.span, needs);
    }
    // A destination of the framework's own making has its place at the function.
    let made = function.failure_destination.known_values();
    for made in made.filter(|made| made.value.target.is_none()) {
        if let Some(arn) = made.value.entity.as_ref().and_then(|entity| arns.of(entity)) {
            add_destination(graph, arns, &arn.clone(), said, needs);
        }
    }
}

/// Writing to its own log group.
///
/// Source: the managed policy `AWSLambdaBasicExecutionRole`, narrowed to the group.
fn add_logs(graph: &AppGraph, function: &Function, needs: &mut Needs) {
    let why = "the function writes its log";
    let evidence = Evidence::Template { span: function.entity.said, why };
    let mut group = PartialText::known("arn:aws:logs:");
    group.push(Part::Pseudo(Pseudo::Region));
    group.push(Part::Literal(":".to_owned()));
    group.push(Part::Pseudo(Pseudo::Account));
    group.push(Part::Literal(":log-group:".to_owned()));
    group.extend(&log_group(function));
    let mut streams = group.clone();
    streams.push(Part::Literal(":*".to_owned()));
    if graph.log_group_of(function).is_none() {
        needs.add("logs:CreateLogGroup", group, evidence.clone());
    }
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        needs.add(action, streams.clone(), evidence.clone());
    }
}

/// The name of the log group a function writes to. No reference to the function stands in it, since
/// the function already refers to the role whose policy says it.
fn log_group(function: &Function) -> PartialText {
    if let Some(set) = function.log_group.single() {
        return set.value.clone();
    }
    let mut name = PartialText::known("/aws/lambda/");
    match function.function_name.single() {
        Some(known) => name.extend(&known.value),
        None => {
            name.push(Part::Pseudo(Pseudo::Stack));
            name.push(Part::Literal(format!("-{}-*", function.entity.name)));
        }
    }
    name
}

/// Polling a source, and sending on what failed.
fn add_polled(graph: &AppGraph, arns: &Arns<'_>, trigger: &Trigger, needs: &mut Needs) {
    let evidence =
        Evidence::Template { span: trigger.entity.said, why: "the platform polls the source" };
    let of_kind = |table: &[(TriggerKind, &'static [&'static str])]| {
        table.iter().find(|(kind, _)| *kind == trigger.kind).map(|(_, actions)| *actions)
    };
    if let Some(actions) = of_kind(POLLED) {
        for source in sources(arns, trigger) {
            for action in actions {
                keys::add(graph, arns, action, &source, &evidence, needs);
                needs.add(action, source.clone(), evidence.clone());
            }
        }
    }
    for action in of_kind(POLLED_ANYWHERE).unwrap_or_default() {
        needs.add(action, PartialText::known("*"), evidence.clone());
    }
    let failures = trigger.stream.iter().flat_map(|stream| {
        stream.failure_destination.known_values().map(|said| (said.value.clone(), said.span))
    });
    for (target, span) in failures {
        add_destination(graph, arns, &target, span, needs);
    }
}

/// The ARNs a trigger may poll, one for each branch of the template.
fn sources(arns: &Arns<'_>, trigger: &Trigger) -> Vec<PartialText> {
    let mut sources: Vec<PartialText> =
        trigger.source.known_values().map(|said| arns.spelled(&said.value)).collect();
    if sources.is_empty() {
        let known = trigger.source_entity.as_ref().and_then(|entity| arns.of(entity));
        sources.push(match (known, &trigger.source) {
            (Some(arn), _) => arn.clone(),
            (None, Setting::Unknown(unknown)) => PartialText::unknown(&unknown.why),
            (None, _) => PartialText::unknown("the source is not said"),
        });
    }
    sources
}

fn add_destination(
    graph: &AppGraph,
    arns: &Arns<'_>,
    target: &PartialText,
    span: Span,
    needs: &mut Needs,
) {
    let arn = arns.spelled(target);
    let Some(Part::Literal(begin)) = arn.parts().first() else { return };
    let service = begin.split(':').nth(2).unwrap_or_default();
    let Some((_, action)) = DESTINATIONS.iter().find(|(known, _)| *known == service) else {
        return;
    };
    let evidence = Evidence::Template { span, why: "failed events are sent there" };
    keys::add(graph, arns, action, &arn, &evidence, needs);
    needs.add(action, arn, evidence);
}
