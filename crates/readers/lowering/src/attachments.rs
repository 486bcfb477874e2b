use std::collections::{HashMap, HashSet};

use app_graph::WebAcl;
use iam::{Listing, Policy, Statement};
use text::{EntityId, PartialText, Problem, Setting};

use super::directory::Directory;
use super::firewalls::Firewalls;
use super::settings::{last_segment, texts, under};
use super::{embedded, policies};
use documents::declaration::{Declaration, Declared};
use documents::value::{Kind, Value, both};

/// Declarations that add to others: policies of buckets, routes of APIs, rules of groups.
///
/// Each row: type, property that says to what it is attached, service in ARNs under which the
/// target is also found by name. Source: AWS CloudFormation resource and property types reference.
const ATTACHED: &[(&str, &str, &str)] = &[
    ("AWS::S3::BucketPolicy", "Bucket", "s3"),
    ("AWS::SQS::QueuePolicy", "Queues", "sqs"),
    ("AWS::SQS::QueueInlinePolicy", "Queue", "sqs"),
    ("AWS::SNS::TopicPolicy", "Topics", "sns"),
    ("AWS::SNS::TopicInlinePolicy", "TopicArn", "sns"),
    ("AWS::Events::EventBusPolicy", "EventBusName", "events"),
    ("AWS::SecretsManager::ResourcePolicy", "SecretId", "secretsmanager"),
    ("AWS::SecretsManager::RotationSchedule", "SecretId", "secretsmanager"),
    ("AWS::KMS::KeyPolicy", "KeyId", "kms"),
    ("AWS::Cognito::UserPoolClient", "UserPoolId", "cognito-idp"),
    ("AWS::EC2::SecurityGroupIngress", "GroupId", "ec2"),
    ("AWS::EC2::SecurityGroupEgress", "GroupId", "ec2"),
    ("AWS::ElasticLoadBalancingV2::Listener", "LoadBalancerArn", "elasticloadbalancing"),
    ("AWS::ElasticLoadBalancingV2::ListenerRule", "ListenerArn", "elasticloadbalancing"),
    ("AWS::AppSync::ApiCache", "ApiId", "appsync"),
    ("AWS::AppSync::DataSource", "ApiId", "appsync"),
    ("AWS::AppSync::Resolver", "ApiId", "appsync"),
    ("AWS::WAFv2::WebACLAssociation", "ResourceArn", "wafv2"),
    ("AWS::WAFRegional::WebACLAssociation", "ResourceArn", "waf"),
    ("AWS::Logs::DeliverySource", "ResourceArn", "logs"),
    ("AWS::ApiGateway::Resource", "RestApiId", "apigateway"),
    ("AWS::ApiGateway::Method", "RestApiId", "apigateway"),
    ("AWS::ApiGateway::Stage", "RestApiId", "apigateway"),
    ("AWS::ApiGateway::Deployment", "RestApiId", "apigateway"),
    ("AWS::ApiGateway::GatewayResponse", "RestApiId", "apigateway"),
    ("AWS::ApiGateway::BasePathMapping", "RestApiId", "apigateway"),
    ("AWS::ApiGatewayV2::Route", "ApiId", "apigateway"),
    ("AWS::ApiGatewayV2::Stage", "ApiId", "apigateway"),
    ("AWS::ApiGatewayV2::ApiMapping", "ApiId", "apigateway"),
];

/// Which declarations are attached to which.
pub(super) struct Attachments<'a> {
    attached: HashMap<(&'static str, EntityId), Vec<&'a Declaration>>,
    orphans: HashMap<EntityId, PartialText>,
    firewalls: Firewalls,
}

/// The secret itself where a declaration ties it to a database: a reference to the tie gives the
/// secret's ARN.
///
/// Source: `AWS::SecretsManager::SecretTargetAttachment`, "Return values".
fn secret_behind<'a>(target: &'a Declaration, directory: &Directory<'a>) -> &'a Declaration {
    if target.kind != "AWS::SecretsManager::SecretTargetAttachment" {
        return target;
    }
    let said = texts(&target.properties, &["SecretId"]).into_iter().next();
    said.and_then(|said| self::target(&said.value, "secretsmanager", directory)).unwrap_or(target)
}

impl<'a> Attachments<'a> {
    /// Sorts all declarations once.
    pub(super) fn new(declared: &'a Declared, directory: &Directory<'a>) -> Self {
        let mut attached: HashMap<(&'static str, EntityId), Vec<&'a Declaration>> = HashMap::new();
        let mut orphans = HashMap::new();
        let parameters = named_by_parameter(declared);
        for declaration in &declared.declarations {
            let row = ATTACHED.iter().find(|(kind, _, _)| *kind == declaration.kind);
            if let Some((kind, property, service)) = row {
                for said in texts(&declaration.properties, &[property]) {
                    let target = target(&said.value, service, directory);
                    let target = target.map(|target| secret_behind(target, directory));
                    match target.or_else(|| parameters.get(&(service, said.value.clone())).copied())
                    {
                        Some(target) => {
                            let list = attached.entry((*kind, target.id.clone())).or_default();
                            // One policy may name one queue twice.
                            if list.last().is_none_or(|last| last.id != declaration.id) {
                                list.push(declaration);
                            }
                        }
                        None => {
                            orphans.entry(declaration.id.clone()).or_insert(said.value);
                        }
                    }
                }
            }
            if declaration.kind == "AWS::ApiGateway::UsagePlan" {
                for stage in declaration.properties.list_at(&["ApiStages"]) {
                    for said in texts(stage.value, &["ApiId"]) {
                        if let Some(api) = target(&said.value, "apigateway", directory) {
                            let key = ("AWS::ApiGateway::UsagePlan", api.id.clone());
                            attached.entry(key).or_default().push(declaration);
                        }
                    }
                }
            }
        }
        Self { attached, orphans, firewalls: Firewalls::new(declared) }
    }

    /// Declarations of that type attached to `target`.
    pub(super) fn of(&self, kind: &'static str, target: &EntityId) -> &[&'a Declaration] {
        self.attached.get(&(kind, target.clone())).map_or(&[], Vec::as_slice)
    }

    /// What a declaration names that is not declared here.
    pub(super) fn orphan(&self, declaration: &EntityId) -> Option<&PartialText> {
        self.orphans.get(declaration)
    }

    /// Policies of that type attached to `target`.
    pub(super) fn policies(
        &self,
        kind: &'static str,
        target: &Declaration,
        problems: &mut Vec<Problem>,
    ) -> Vec<Policy> {
        let attached = self.of(kind, &target.id).iter();
        attached.map(|declaration| attached_policy(declaration, Some(target), problems)).collect()
    }

    /// The web application firewall in front of `target`.
    pub(super) fn web_acl(&self, target: &Declaration) -> Setting<WebAcl> {
        let modern = self.of("AWS::WAFv2::WebACLAssociation", &target.id).first();
        if let Some(association) = modern {
            let acl = association.properties.text_at(&["WebACLArn"]);
            return under(own_condition(association, target), acl.map(|arn| self.acl(arn)));
        }
        let regional = self.of("AWS::WAFRegional::WebACLAssociation", &target.id).first();
        regional.map_or(Setting::Unset, |association| {
            let acl = association.properties.text_at(&["WebACLId"]);
            under(own_condition(association, target), acl.map(|arn| self.acl(arn)))
        })
    }

    /// The web application firewall of that ARN.
    pub(super) fn acl(&self, arn: PartialText) -> WebAcl {
        self.firewalls.acl(arn)
    }
}

/// The condition of an attachment where it is not its target's own.
pub(super) fn own_condition<'b>(
    declaration: &'b Declaration,
    target: &Declaration,
) -> Option<&'b text::Condition> {
    declaration.condition.as_ref().filter(|condition| target.condition.as_ref() != Some(condition))
}

/// The policy that a declaration attaches, each statement under the declaration's condition.
pub(super) fn attached_policy(
    declaration: &Declaration,
    target: Option<&Declaration>,
    problems: &mut Vec<Problem>,
) -> Policy {
    let properties = &declaration.properties;
    let mut policy = match declaration.kind.as_str() {
        "AWS::Events::EventBusPolicy" => policies::policy(&bus_policy(properties), problems),
        "AWS::SecretsManager::ResourcePolicy" => {
            written_policy(properties.get("ResourcePolicy"), problems)
        }
        "AWS::KMS::KeyPolicy" => written_policy(properties.get("KeyPolicy"), problems),
        _ => written_policy(properties.get("PolicyDocument"), problems),
    };
    if let Some(target) = target {
        let peers = peers(declaration, target);
        policy.statements.retain(|statement| !speaks_only_of(statement, &peers));
    }
    let condition = match target {
        Some(target) => own_condition(declaration, target),
        None => declaration.condition.as_ref(),
    };
    for statement in &mut policy.statements {
        statement.when = both(condition, statement.when.as_ref());
    }
    policy
}

/// What else the same declaration is attached to.
fn peers(declaration: &Declaration, target: &Declaration) -> HashSet<EntityId> {
    let mut peers = HashSet::new();
    for property in ["Queues", "Topics"] {
        for said in texts(&declaration.properties, &[property]) {
            peers.extend(said.value.references().map(|reference| reference.entity.clone()));
        }
    }
    peers.remove(&target.id);
    peers
}

/// Whether every resource of a statement is one of `peers`: on another resource it has no effect.
fn speaks_only_of(statement: &Statement, peers: &HashSet<EntityId>) -> bool {
    let resources = &statement.resources;
    let mut patterns = resources.patterns.iter();
    resources.listing == Listing::Only
        && resources.unknowns.is_empty()
        && !resources.patterns.is_empty()
        && patterns.all(|pattern| {
            let mut references = pattern.value.references();
            references.next().is_some_and(|reference| peers.contains(&reference.entity))
        })
}

fn written_policy(value: Option<&Value>, problems: &mut Vec<Problem>) -> Policy {
    value.map_or_else(Policy::default, |value| policies::policy(value, problems))
}

/// The policy in a property, if one is written there.
pub(super) fn policy_at(
    properties: &Value,
    property: &str,
    problems: &mut Vec<Problem>,
) -> Option<Policy> {
    let value = properties.get(property).filter(|value| !value.is_null())?;
    Some(policies::policy(value, problems))
}

/// A bus policy's statement, or the older form of action, principal and condition, as a document.
fn bus_policy(properties: &Value) -> Value {
    let span = properties.span;
    let member = |key: &str| properties.get(key).filter(|value| !value.is_null()).cloned();
    if let Some(statement) = member("Statement") {
        return Value::map([("Statement", Value::list([statement], span))], span);
    }
    let mut statement = vec![("Effect", Value::text("Allow", span))];
    if let Some(action) = member("Action") {
        statement.push(("Action", action));
    }
    if let Some(principal) = member("Principal") {
        let principal = match principal.as_str() {
            Some("*") => principal,
            _ => Value::map([("AWS", principal)], span),
        };
        statement.push(("Principal", principal));
    }
    statement.push(("Resource", Value::text("*", span)));
    if let Some(condition) = member("Condition") {
        let word = |key: &str| condition.get(key).and_then(Value::as_str).map(str::to_owned);
        if let (Some(operator), Some(key), Some(value)) =
            (word("Type"), word("Key"), condition.get("Value"))
        {
            let test = Value::map([(key, value.clone())], condition.span);
            statement.push(("Condition", Value::map([(operator, test)], condition.span)));
        }
    }
    Value::map([("Statement", Value::list([Value::map(statement, span)], span))], span)
}

fn target<'a>(
    text: &PartialText,
    service: &'static str,
    directory: &Directory<'a>,
) -> Option<&'a Declaration> {
    let by_arn = directory.target(text);
    by_arn.or_else(|| directory.named(service, text)).or_else(|| match service {
        // A queue is named by its URL too.
        "sqs" => directory.named(service, &last_segment(text, &['/'])),
        _ => None,
    })
}

/// Declarations whose names are parameters without a value: what else names the same parameter
/// means them.
fn named_by_parameter(declared: &Declared) -> HashMap<(&'static str, PartialText), &Declaration> {
    let mut named = HashMap::new();
    for declaration in &declared.declarations {
        let (property, service) = match declaration.kind.as_str() {
            "AWS::S3::Bucket" => ("BucketName", "s3"),
            "AWS::SQS::Queue" => ("QueueName", "sqs"),
            "AWS::SNS::Topic" => ("TopicName", "sns"),
            "AWS::Events::EventBus" => ("Name", "events"),
            _ => continue,
        };
        for said in texts(&declaration.properties, &[property]) {
            let reason = said.value.unknown_reason().unwrap_or_default();
            if reason.starts_with("parameter `") {
                named.entry((service, said.value)).or_insert(declaration);
            }
        }
    }
    named
}

/// The value as a tree: documents written as one text are parsed.
pub(super) fn as_document(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Text(text) => embedded::document_in(text, value.span),
        Kind::Map(_) | Kind::List(_) | Kind::Branches(_) => Some(value.clone()),
        _ => None,
    }
}
