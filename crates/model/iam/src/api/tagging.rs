//! The permission to tag what a call creates.

use std::collections::BTreeSet;

use super::Call;
use super::catalog::{Operation, Service};
use super::path::{Found, find};
use super::rows::{Condition, Test, Use};
use crate::services;

/// Members that hold the tags of what is created.
const MEMBERS: [&str; 4] = ["tags", "taglist", "tagslist", "tagspecifications"];

/// What operations begin with that create something.
const VERBS: [&str; 12] = [
    "Create", "Run", "Put", "Register", "Start", "Copy", "Restore", "Import", "Request",
    "Allocate", "Submit", "Purchase",
];

/// Services whose reference does not say so, and that ask for the permission all the same: API and
/// action.
///
/// Source: each service's guide, "Grant permission to tag resources on creation" or the page of the
/// operation in its API reference.
const ASKING: [(&str, &str); 26] = [
    ("acm", "acm:AddTagsToCertificate"),
    ("apprunner", "apprunner:TagResource"),
    ("athena", "athena:TagResource"),
    ("backup", "backup:TagResource"),
    ("batch", "batch:TagResource"),
    ("bedrock", "bedrock:TagResource"),
    ("bedrock-agent", "bedrock:TagResource"),
    ("cloudwatch", "cloudwatch:TagResource"),
    ("dynamodb", "dynamodb:TagResource"),
    ("ecr", "ecr:TagResource"),
    ("ecs", "ecs:TagResource"),
    ("efs", "elasticfilesystem:TagResource"),
    ("eks", "eks:TagResource"),
    ("elbv2", "elasticloadbalancing:AddTags"),
    ("events", "events:TagResource"),
    ("firehose", "firehose:TagDeliveryStream"),
    ("glue", "glue:TagResource"),
    ("kinesis", "kinesis:TagResource"),
    ("lambda", "lambda:TagResource"),
    ("logs", "logs:TagResource"),
    ("pipes", "pipes:TagResource"),
    ("rds", "rds:AddTagsToResource"),
    ("scheduler", "scheduler:TagResource"),
    ("secretsmanager", "secretsmanager:TagResource"),
    ("sns", "sns:TagResource"),
    ("stepfunctions", "states:TagResource"),
];

/// Returns the permission, one for each type of resource that is tagged; none where the call passes
/// no tags.
pub(super) fn uses<'row>(
    service: &Service,
    operation: &'row Operation,
    call: &Call,
) -> Vec<Use<'row>> {
    let members = operation.members.iter().map(|(member, _)| member.as_str());
    let mut tags = members.filter(|name| MEMBERS.contains(&name.to_ascii_lowercase().as_str()));
    let name = &operation.name;
    let creates = VERBS.iter().any(|verb| name.starts_with(verb)) && !name.ends_with("Tags");
    let Some(member) = tags.next().filter(|_| creates) else { return Vec::new() };
    let Some(action) = action(service, operation) else { return Vec::new() };
    let used = |of: Option<String>| Use {
        action: Some(action),
        of,
        conditions: vec![Condition { path: member, test: Test::Passed }],
        ..Use::default()
    };
    let mut types = BTreeSet::new();
    if member.eq_ignore_ascii_case("TagSpecifications") {
        for found in find(call, operation, "TagSpecifications[].ResourceType") {
            match found {
                Found::Text(text) if text.literal().is_some() => {
                    types.insert(text.literal().map(str::to_owned));
                }
                _ => types.extend(created(service, action, operation)),
            }
        }
    } else {
        types.extend(created(service, action, operation));
    }
    types.into_iter().map(used).collect()
}

/// The action that tags: the one that the reference calls dependent, or the service's own.
fn action(service: &Service, operation: &Operation) -> Option<&'static str> {
    let prefix = service.prefix?;
    let own = services::action(&format!("{prefix}:{}", operation.name));
    let dependent = own.into_iter().flat_map(|own| &own.dependents).find(|action| {
        let name = action.strip_prefix(prefix).and_then(|name| name.strip_prefix(':'));
        name.is_some_and(|name| {
            ["Tag", "AddTags", "CreateTags"].iter().any(|it| name.starts_with(it))
        })
    });
    let asking = ASKING.iter().find(|(api, _)| *api == service.name);
    dependent.map(String::as_str).or(asking.map(|(_, action)| *action))
}

/// The types of resource that an operation creates and the action tags: the one that the operation's
/// name ends with, else all that it takes.
fn created(service: &Service, action: &str, operation: &Operation) -> Vec<Option<String>> {
    let Some(tagged) = services::action(action) else { return Vec::new() };
    if tagged.types.is_empty() {
        return vec![None];
    }
    let own = service.prefix.map(|prefix| format!("{prefix}:{}", operation.name));
    let own = own.and_then(|own| services::action(&own));
    let is_taken =
        |name: &String| own.is_some_and(|own| own.types.iter().any(|(it, _)| it == name));
    let fold = |name: &str| {
        let folded = name.replace(['-', '_', ' '], "").to_ascii_lowercase();
        folded.trim_end_matches('s').to_owned()
    };
    // `RestoreDBClusterFromSnapshot` creates no snapshot.
    let created = operation.name.split_once("From").map_or(&*operation.name, |(before, _)| before);
    let created = fold(created);
    let names = || tagged.types.iter().map(|(name, _)| name);
    let named = names().filter(|name| created.ends_with(&fold(name))).max_by_key(|it| it.len());
    match named {
        Some(name) => vec![Some(name.clone())],
        None => names().filter(|name| is_taken(name)).cloned().map(Some).collect(),
    }
}
