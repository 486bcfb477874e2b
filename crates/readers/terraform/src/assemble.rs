//! Resources that Terraform splits and CloudFormation does not, put together again.

use text::{Condition, EntityId, PartialText};

use super::convert;
use super::declare::Draft;
use super::mapping::{self, Resource};
use super::values;
use documents::declaration::Declaration;
use documents::value::{Alternative, Kind, Member, Value};

/// Policies that a resource carries itself and CloudFormation declares beside it:
/// type, type of the policy, property that names what it is attached to, whether that is a list.
const CARRIED_POLICIES: &[(&str, &str, &str)] = &[
    ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
    ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
];

/// Properties by which a resource may be named in place of a reference.
const NAMES: &[&str] = &[
    "BucketName",
    "RoleName",
    "UserName",
    "GroupName",
    "QueueName",
    "Name",
    "TopicName",
    "TableName",
];

/// Declarations with satellites merged onto what they belong to.
pub(super) fn assemble(drafts: Vec<Draft>) -> Vec<Declaration> {
    let (satellites, own): (Vec<Draft>, Vec<Draft>) =
        drafts.into_iter().partition(|draft| is_satellite(&draft.declaration.type_name));
    let mut declarations: Vec<Declaration> =
        own.into_iter().map(|draft| draft.declaration).collect();
    for declaration in &mut declarations {
        without_default_egress(declaration);
    }
    for satellite in satellites {
        let merged = match satellite.declaration.type_name.as_str() {
            "aws_iam_policy_attachment" => attach_policy(&satellite, &mut declarations),
            "aws_security_group_rule" => add_rule(&satellite, &mut declarations),
            kind => mapping::resource(kind)
                .is_some_and(|resource| merge(&satellite, resource, &mut declarations)),
        };
        // What it belongs to is not in this application: it stands for itself.
        if !merged {
            declarations.push(satellite.declaration);
        }
    }
    let carried: Vec<Declaration> = declarations.iter_mut().filter_map(carried_policy).collect();
    declarations.extend(carried);
    declarations
}

fn is_satellite(kind: &str) -> bool {
    matches!(kind, "aws_iam_policy_attachment" | "aws_security_group_rule")
        || mapping::resource(kind).is_some_and(|resource| !resource.merged_by.is_empty())
}

fn merge(satellite: &Draft, resource: &Resource, declarations: &mut [Declaration]) -> bool {
    let arguments = &satellite.arguments;
    let target = declarations.iter_mut().filter(|target| target.kind == resource.kind).find(|target| {
        match resource.merged_by.as_slice() {
            [by] => arguments.get(by).is_some_and(|value| names(value, target)),
            keys => keys.iter().all(|key| {
                let theirs = target.properties.get(&mapping::camel_case(key));
                let ours = arguments.get(key);
                matches!((ours, theirs), (Some(ours), Some(theirs)) if values::same(ours, theirs) || refers_alike(ours, theirs))
            }),
        }
    });
    let Some(target) = target else { return false };
    let condition = satellite.declaration.condition.as_ref();
    let added = condition.filter(|condition| target.condition.as_ref() != Some(condition));
    put_together(&mut target.properties, &satellite.declaration.properties, added);
    true
}

/// Whether both are references to one entity, whatever the attribute.
fn refers_alike(first: &Value, second: &Value) -> bool {
    match (entity(first), entity(second)) {
        (Some(first), Some(second)) => first == second,
        _ => false,
    }
}

/// The entity that a value refers to and says nothing else.
pub(super) fn entity(value: &Value) -> Option<&EntityId> {
    match &value.kind {
        Kind::Text(text) => text.sole_reference().map(|reference| &reference.entity),
        _ => None,
    }
}

/// Whether a value names a declaration: by reference, or by the name it is deployed under.
fn names(value: &Value, target: &Declaration) -> bool {
    match &value.kind {
        Kind::Text(text) => match text.sole_reference() {
            Some(reference) => reference.entity == target.id,
            None => {
                let known = text.literal().is_none_or(|text| !text.is_empty());
                known
                    && NAMES.iter().any(|name| {
                        target.properties.get(name).is_some_and(|own| own.kind == value.kind)
                    })
            }
        },
        Kind::Branches(alternatives) => {
            alternatives.iter().any(|alternative| names(&alternative.value, target))
        }
        _ => false,
    }
}

/// Adds properties: mappings are merged, lists are joined, anything else is replaced; under the
/// condition, if there is one.
fn put_together(target: &mut Value, source: &Value, condition: Option<&Condition>) {
    let Kind::Map(own) = &mut target.kind else { return };
    for Member { key, key_span, value } in source.members() {
        match own.iter_mut().find(|member| member.key == *key) {
            Some(member) => match (&mut member.value.kind, &value.kind) {
                (Kind::Map(_), Kind::Map(_)) => put_together(&mut member.value, value, condition),
                (Kind::List(items), Kind::List(more)) => {
                    items.extend(more.iter().map(|item| under(condition, item, None)));
                }
                _ => member.value = under(condition, value, Some(&member.value)),
            },
            None => {
                let value = match &value.kind {
                    Kind::List(items) => {
                        let items = items.iter().map(|item| under(condition, item, None));
                        Value { kind: Kind::List(items.collect()), ..value.clone() }
                    }
                    _ => under(condition, value, None),
                };
                own.push(Member { key: key.clone(), key_span: *key_span, value });
            }
        }
    }
}

fn under(condition: Option<&Condition>, value: &Value, otherwise: Option<&Value>) -> Value {
    let Some(condition) = condition else { return value.clone() };
    let other = match condition.strip_suffix(" is true") {
        Some(text) if !text.contains(" and ") && !text.contains(" or ") => {
            Condition::from(format!("{text} is false"))
        }
        _ => Condition::from(format!("not ({condition})")),
    };
    let otherwise = otherwise.cloned().unwrap_or_else(|| Value::new(Kind::Null, value.span));
    let alternatives = vec![
        Alternative { condition: condition.clone(), value: value.clone() },
        Alternative { condition: other, value: otherwise },
    ];
    values::branches(alternatives, value.span)
}

/// `aws_iam_policy_attachment` names roles, users and groups at once.
fn attach_policy(satellite: &Draft, declarations: &mut [Declaration]) -> bool {
    let Some(policy) = satellite.arguments.get("policy_arn") else { return false };
    let attached = Value::map(
        [("ManagedPolicyArns", Value::list([policy.clone()], policy.span))],
        policy.span,
    );
    let mut merged = false;
    for (argument, kind) in
        [("roles", "AWS::IAM::Role"), ("users", "AWS::IAM::User"), ("groups", "AWS::IAM::Group")]
    {
        for name in satellite.arguments.list_at(&[argument]) {
            let target = declarations
                .iter_mut()
                .find(|target| target.kind == kind && names(name.value, target));
            if let Some(target) = target {
                put_together(
                    &mut target.properties,
                    &attached,
                    satellite.declaration.condition.as_ref(),
                );
                merged = true;
            }
        }
    }
    merged
}

fn add_rule(satellite: &Draft, declarations: &mut [Declaration]) -> bool {
    let arguments = &satellite.arguments;
    let key = match arguments.get("type").and_then(Value::as_str) {
        Some("egress") => "SecurityGroupEgress",
        Some("ingress") => "SecurityGroupIngress",
        _ => return false,
    };
    let rules = convert::traffic(&Value::list([arguments.clone()], satellite.declaration.said));
    let target = declarations.iter_mut().find(|target| {
        target.kind == "AWS::EC2::SecurityGroup"
            && arguments.get("security_group_id").is_some_and(|value| names(value, target))
    });
    let Some(target) = target else { return false };
    let added = Value::map([(key, rules)], satellite.declaration.said);
    put_together(&mut target.properties, &added, satellite.declaration.condition.as_ref());
    true
}

/// The provider takes away the rule that lets everything out, which CloudFormation leaves.
///
/// Source: "Resource: aws_security_group" of the AWS provider's documentation.
fn without_default_egress(declaration: &mut Declaration) {
    let said = declaration.said;
    if declaration.type_name == "aws_security_group"
        && let Kind::Map(members) = &mut declaration.properties.kind
        && !members.iter().any(|member| &*member.key == "SecurityGroupEgress")
    {
        members.push(Member {
            key: "SecurityGroupEgress".into(),
            key_span: said,
            value: Value::list([], said),
        });
    }
}

/// A policy argument of a queue, topic or bucket as the declaration that CloudFormation has for it.
fn carried_policy(declaration: &mut Declaration) -> Option<Declaration> {
    let (_, kind, attached) =
        CARRIED_POLICIES.iter().find(|(kind, ..)| *kind == declaration.kind)?;
    let Kind::Map(members) = &mut declaration.properties.kind else { return None };
    let index = members.iter().position(|member| &*member.key == "Policy")?;
    let policy = members.remove(index);
    let span = policy.value.span;
    let reference = PartialText::reference(declaration.id.clone(), "Ref");
    let reference = Value::new(Kind::Text(reference), declaration.said);
    let target = match *attached {
        "Bucket" => reference,
        _ => Value::list([reference], declaration.said),
    };
    let id = EntityId::new(format!("{}/policy", declaration.id));
    Some(Declaration {
        name: declaration.name.clone(),
        id,
        kind: (*kind).to_owned(),
        extent: span,
        said: policy.key_span,
        properties: Value::map([("PolicyDocument", policy.value), (*attached, target)], span),
        insertion: None,
        ..declaration.clone()
    })
}
