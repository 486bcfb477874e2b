//! `AWS::Serverless::Connector`, and `Connectors` written beside a resource's properties.

use text::{PartialText, Reference, Span};

use crate::sam::Expansion;
use crate::sam::generated::{
    Properties, document, hole, pattern, reference, sibling, sole_reference, text_value,
};
use crate::sam::policy_template::statements;
use documents::declaration::{CONNECTORS, Declaration};
use documents::value::{Member, Value};

/// Origin and licence: `data/sam-NOTICE`.
const CONNECTIONS: &str = include_str!("../../data/sam-connectors.txt");

/// A connector to be expanded.
#[derive(Debug)]
pub(super) struct Connector {
    /// The connector, or the resource beside which it is written.
    pub(super) owner: Declaration,
    /// Logical id of the connector.
    pub(super) name: String,
    /// Its source as the author describes it, or the owner.
    pub(super) source: Option<Value>,
    /// Its other properties.
    pub(super) properties: Value,
    /// Where it is written.
    pub(super) span: Span,
}

/// One end of a connection.
#[derive(Debug)]
struct End {
    kind: String,
    arn: Option<PartialText>,
    name: Option<PartialText>,
    resource_id: Option<PartialText>,
    queue_url: Option<PartialText>,
    role: Option<Value>,
    qualifier: PartialText,
}

/// Takes the connectors out of the declarations.
pub(super) fn collect(declarations: &mut [Declaration]) -> Vec<Connector> {
    let mut connectors = Vec::new();
    for declaration in declarations {
        if declaration.kind == "AWS::Serverless::Connector" {
            connectors.push(Connector {
                name: declaration.name.clone(),
                source: declaration.properties.get("Source").cloned(),
                properties: declaration.properties.clone(),
                span: declaration.said,
                owner: declaration.clone(),
            });
        }
        let Some(embedded) = declaration.properties.get(CONNECTORS) else { continue };
        let embedded: Vec<Member> = embedded.members().to_vec();
        for member in embedded {
            connectors.push(Connector {
                name: format!("{}{}", declaration.name, member.key),
                source: None,
                properties: member.value.get("Properties").cloned().unwrap_or(member.value),
                span: member.key_span,
                owner: declaration.clone(),
            });
        }
    }
    connectors
}

/// Generates what lets the source reach its destinations.
pub(super) fn expand(connector: &Connector, expansion: &mut Expansion<'_>) {
    let destinations = connector.properties.list_at(&["Destination"]);
    let several = connector.properties.get("Destination").is_some_and(|it| !it.items().is_empty());
    for (index, destination) in destinations.iter().enumerate() {
        let suffix = if several { format!("Destination{index}") } else { String::new() };
        if let Err(message) = connect(connector, destination.value, &suffix, expansion) {
            expansion.lost(message, connector.span);
        }
    }
}

fn connect(
    connector: &Connector,
    destination: &Value,
    suffix: &str,
    expansion: &mut Expansion<'_>,
) -> Result<(), String> {
    let own_id = Value::text(connector.owner.name.as_str(), connector.span);
    let described = match &connector.source {
        Some(source) => source.clone(),
        None => Properties::new(connector.span)
            .set("Id", own_id)
            .keep(
                connector
                    .properties
                    .get("SourceReference")
                    .unwrap_or(&Value::list([], connector.span)),
                &["Qualifier"],
            )
            .build(),
    };
    let far_id = destination.get("Id").and_then(Value::as_str);
    let source = end(connector, &described, far_id, expansion)?;
    let destination = end(connector, destination, None, expansion)?;
    let heading = format!("\n\nconnect {} {} ", source.kind, destination.kind);
    let Some((_, connection)) = CONNECTIONS.split_once(&heading) else {
        return Err(format!(
            "there is no connector from `{}` to `{}`",
            source.kind, destination.kind
        ));
    };
    let connection = connection.split("\n\n").next().unwrap_or_default();
    let (heading, body) = connection.split_once('\n').unwrap_or((connection, ""));
    let (manner, side) = heading.split_once(' ').unwrap_or((heading, "source"));
    let fill = |template: &str| {
        let unknown = PartialText::unknown("the connector does not say it");
        let part = |text: &Option<PartialText>| text.clone().unwrap_or_else(|| unknown.clone());
        let (source_arn, destination_arn) = (part(&source.arn), part(&destination.arn));
        let (source_id, destination_name) = (part(&source.resource_id), part(&destination.name));
        let holes: [(&str, &PartialText); 5] = [
            ("Source.Arn", &source_arn),
            ("Destination.Arn", &destination_arn),
            ("Source.ResourceId", &source_id),
            ("Destination.Name", &destination_name),
            ("Source.Qualifier", &source.qualifier),
        ];
        text_value(pattern(template, &holes), connector.span)
    };
    let mut allowed = Vec::new();
    for permission in connector.properties.list_at(&["Permissions"]) {
        let Some(word) = permission.value.as_str() else {
            return Err("the connector's permissions could not be resolved".to_owned());
        };
        let found = body
            .split("permission ")
            .find_map(|section| section.split_once('\n').filter(|(name, _)| *name == word));
        let Some((_, lines)) = found else {
            return Err(format!("this connector has no permission `{word}`"));
        };
        allowed.push((word.to_owned(), lines));
    }
    let span = connector.span;
    let holder = if side == "source" { &source } else { &destination };
    if manner == "invoke" {
        for (word, lines) in allowed {
            let name = format!("{}{word}LambdaPermission{suffix}", connector.name);
            let permission = invocation(lines, holder, &fill, span);
            declare(connector, &name, "AWS::Lambda::Permission", permission, expansion);
        }
        return Ok(());
    }
    let statements: Vec<Value> =
        allowed.iter().flat_map(|(_, lines)| statements(lines, &fill, span)).collect();
    let policy = Properties::new(span).set("PolicyDocument", document(statements, span));
    let (word, kind, key, value) = match manner {
        "queue" => {
            let url = holder.queue_url.clone().map(|url| text_value(url, span));
            ("QueuePolicy", "AWS::SQS::QueuePolicy", "Queues", url)
        }
        "topic" => {
            let arn = holder.arn.clone().map(|arn| text_value(arn, span));
            ("TopicPolicy", "AWS::SNS::TopicPolicy", "Topics", arn)
        }
        _ => ("Policy", "AWS::IAM::ManagedPolicy", "Roles", holder.role.clone()),
    };
    let Some(value) = value else {
        return Err(format!("the connector's {side} has no role, queue or topic that is known"));
    };
    let policy = policy.set(key, Value::list([value], span));
    declare(connector, &format!("{}{word}{suffix}", connector.name), kind, policy, expansion);
    Ok(())
}

fn declare(
    connector: &Connector,
    name: &str,
    kind: &str,
    properties: Properties,
    expansion: &mut Expansion<'_>,
) {
    expansion.declare(&connector.owner, None, name, kind, properties.build(), connector.span);
}

fn invocation(lines: &str, function: &End, fill: &dyn Fn(&str) -> Value, span: Span) -> Properties {
    let unknown = || PartialText::unknown("the connector does not say it");
    let arn = function.arn.clone().unwrap_or_else(unknown);
    let mut permission = Properties::new(span).set("FunctionName", text_value(arn, span));
    for line in lines.lines() {
        permission = match line.split_once(' ') {
            Some(("allow", action)) => permission.set("Action", Value::text(action, span)),
            Some(("service", service)) => permission.set("Principal", Value::text(service, span)),
            Some(("on", source)) => permission.set("SourceArn", fill(source)),
            Some(("account", account)) => permission.set("SourceAccount", fill(account)),
            _ => permission,
        };
    }
    permission
}

/// Describes one end from its logical id, or as the author describes it.
fn end(
    connector: &Connector,
    described: &Value,
    far_id: Option<&str>,
    expansion: &Expansion<'_>,
) -> Result<End, String> {
    let qualifier = described.get("Qualifier").map(|qualifier| hole(Some(qualifier)));
    let qualifier = qualifier.unwrap_or_else(|| PartialText::known("*"));
    let Some(id) = described.get("Id") else {
        let kind = described.get("Type").and_then(Value::as_str);
        let kind = kind.ok_or("an end of the connector has neither `Id` nor `Type`")?;
        let part = |key: &str| described.get(key).map(|value| hole(Some(value)));
        return Ok(End {
            kind: cloudformation_kind(kind).to_owned(),
            arn: part("Arn"),
            name: part("Name"),
            resource_id: part("ResourceId"),
            queue_url: part("QueueUrl"),
            role: described.get("RoleName").cloned(),
            qualifier,
        });
    };
    let name = id.as_str().ok_or("the connector's `Id` could not be resolved")?;
    let wanted = sibling(&connector.owner.id, name);
    let made = expansion.made.iter().find(|made| made.id == wanted);
    let made = made.ok_or_else(|| format!("the connector's `{name}` is not in the template"))?;
    let part = |attribute: &str| Some(reference(&made.id, attribute));
    let properties = &made.properties;
    let (arn, role) = match made.kind.as_str() {
        "AWS::StepFunctions::StateMachine" => (part("Ref"), properties.get("RoleArn").cloned()),
        "AWS::SNS::Topic" => (part("Ref"), None),
        "AWS::AppSync::DataSource" => (part("Ref"), properties.get("ServiceRoleArn").cloned()),
        "AWS::Events::Rule" => (part("Arn"), rule_role(properties, far_id)),
        "AWS::Lambda::Function" => (part("Arn"), properties.get("Role").cloned()),
        _ => (part("Arn"), None),
    };
    let role = role.as_ref().map(role_name);
    let resource_id = match made.kind.as_str() {
        "AWS::AppSync::GraphQLApi" => part("ApiId"),
        _ => part("Ref"),
    };
    Ok(End {
        kind: made.kind.clone(),
        arn,
        name: part("Name"),
        resource_id,
        queue_url: part("Ref"),
        role,
        qualifier,
    })
}

/// A reference to the role itself from one to its ARN.
fn role_name(role: &Value) -> Value {
    crate::sam::generated::each_case(role, &mut |role| match sole_reference(role) {
        Some(Reference { entity, .. }) => text_value(reference(entity, "Ref"), role.span),
        None => role.clone(),
    })
}

fn rule_role(rule: &Value, far_id: Option<&str>) -> Option<Value> {
    let targets = rule.list_at(&["Targets"]);
    let target = targets.iter().find(|target| {
        let entity = target.value.get("Arn").and_then(sole_reference).map(|it| &it.entity);
        entity.is_some_and(|entity| entity.as_str().rsplit('/').next() == far_id)
    });
    target.and_then(|target| target.value.get("RoleArn")).cloned()
}

fn cloudformation_kind(kind: &str) -> &str {
    match kind {
        "AWS::Serverless::Function" => "AWS::Lambda::Function",
        "AWS::Serverless::StateMachine" => "AWS::StepFunctions::StateMachine",
        "AWS::Serverless::Api" => "AWS::ApiGateway::RestApi",
        "AWS::Serverless::HttpApi" => "AWS::ApiGatewayV2::Api",
        "AWS::Serverless::SimpleTable" => "AWS::DynamoDB::Table",
        kind => kind,
    }
}
