//! Permissions that a function's role needs because of how the function is set up: logs, tracing,
//! private networks, file systems, polled sources, destinations, its own key.

use app_graph::{AppGraph, Arns, Cloud, Function, Tracing};
use text::{Part, PartialText, Pseudo, Span};

use crate::Evidence;
use crate::derive::Needs;
use crate::{keys, polled};

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
    for system in &function.file_systems {
        add_file_system(graph, &system.value, system.span, needs);
    }
    for trigger in graph.triggers_of(&function.entity.id) {
        polled::add(graph, arns, trigger, needs);
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

/// Mounting a file system through an access point. The template names no file system, nor the bucket
/// behind one in Amazon S3.
///
/// Source: AWS Lambda developer guide, "Configuring file system access for Lambda functions" and
/// "Configuring Amazon S3 Files access".
fn add_file_system(graph: &AppGraph, point: &PartialText, span: Span, needs: &mut Needs) {
    let declared = point.references().next();
    let declared = declared.and_then(|reference| graph.resource(&reference.entity));
    let kind = declared.map(|point| point.entity.type_name.to_ascii_lowercase());
    let in_s3 = point.has_literal(":s3files:") || kind.is_some_and(|kind| kind.contains("s3files"));
    let mut add = |action: &str, begin: &str, what: &str| {
        let mut resource = PartialText::known(begin);
        resource.push(Part::Unknown(format!("{what} is not in the template")));
        let why = "the function mounts a file system";
        needs.add(action, resource, Evidence::Template { span, why });
    };
    if in_s3 {
        for action in ["s3files:ClientMount", "s3files:ClientWrite"] {
            add(action, "arn:aws:s3files:", "the file system");
        }
        for action in ["s3:GetObject", "s3:GetObjectVersion"] {
            add(action, "arn:aws:s3:::", "the bucket");
        }
    } else {
        for action in ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"] {
            add(action, "arn:aws:elasticfilesystem:", "the file system");
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

/// Sending on what failed.
pub(crate) fn add_destination(
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
