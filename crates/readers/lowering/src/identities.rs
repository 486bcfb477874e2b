use std::collections::HashMap;

use app_graph::{AppGraph, Attached, AttachedOrigin, Identity, IdentityKind, ManagedPolicy};
use iam::Policy;
use text::{Condition, EntityId, PartialText, Problem, Said, Setting, Unknown};

use super::directory::Directory;
use super::entity;
use super::policies::{policy_when, said_text};
use documents::declaration::{
    Declaration, Declared, GENERATED_MANAGED_POLICIES, GENERATED_POLICY, Maker, POLICY_ORIGIN,
};
use documents::value::{Kind, Value, both};

/// Adds roles, users and groups with everything attached to them, and policies attached to none.
///
/// Source: AWS CloudFormation template reference, `AWS::IAM::*`.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    let mut policies = ManagedDocuments::default();
    for declaration in &declared.declarations {
        if declaration.kind == "AWS::IAM::ManagedPolicy" {
            policies.add(declaration, problems);
        }
    }
    let first = graph.identities.len();
    for declaration in &declared.declarations {
        if let Some(kind) = identity_kind(declaration) {
            let identity = identity(declaration, kind, &directory, &mut policies, problems);
            graph.identities.push(identity);
        }
    }
    let mut positions = HashMap::new();
    for (position, identity) in graph.identities.iter().enumerate().skip(first) {
        positions.insert(identity.entity.id.clone(), position);
    }
    for declaration in &declared.declarations {
        let attached = match attachment_keys(&declaration.kind) {
            None => continue,
            Some(_) if declaration.kind == "AWS::IAM::ManagedPolicy" => {
                policies.attached(declaration)
            }
            Some(_) => attached_document(declaration, problems),
        };
        let Some(attached) = attached else { continue };
        attach(declaration, attached, &directory, &positions, graph, &policies);
    }
}

fn identity_kind(declaration: &Declaration) -> Option<IdentityKind> {
    match (declaration.kind.as_str(), declaration.made_by) {
        ("AWS::IAM::Role", Maker::Framework) => Some(IdentityKind::GeneratedRole),
        ("AWS::IAM::Role", Maker::Author | Maker::Helper) => Some(IdentityKind::Role),
        ("AWS::IAM::User", _) => Some(IdentityKind::User),
        ("AWS::IAM::Group", _) => Some(IdentityKind::Group),
        _ => None,
    }
}

fn identity(
    declaration: &Declaration,
    kind: IdentityKind,
    directory: &Directory<'_>,
    policies: &mut ManagedDocuments,
    problems: &mut Vec<Problem>,
) -> Identity {
    let properties = &declaration.properties;
    let name = match kind {
        IdentityKind::User => "UserName",
        IdentityKind::Group => "GroupName",
        _ => "RoleName",
    };
    let trust = properties.member("AssumeRolePolicyDocument");
    let mut identity = Identity {
        entity: entity(declaration),
        kind,
        name: properties.text_at(&[name]),
        trust: trust.map(|member| policy_when(&member.value, None, problems)),
        attached: Vec::new(),
        managed: Vec::new(),
        boundary: properties.text_at(&["PermissionsBoundary"]),
    };
    for item in properties.list_at(&["Policies"]) {
        identity.attached.extend(inline(item.value, item.condition.as_ref(), problems));
    }
    for item in properties.list_at(&["ManagedPolicyArns"]) {
        manage(
            item.value,
            item.condition,
            AttachedOrigin::Written,
            directory,
            policies,
            &mut identity,
        );
    }
    for item in properties.list_at(&[GENERATED_MANAGED_POLICIES]) {
        manage(
            item.value,
            item.condition,
            AttachedOrigin::Generated,
            directory,
            policies,
            &mut identity,
        );
    }
    identity
}

/// An entry of `Policies`; a list in the list counts as its entries.
fn inline(value: &Value, when: Option<&Condition>, problems: &mut Vec<Problem>) -> Vec<Attached> {
    let unknown = |why: String| Attached {
        name: None,
        span: value.span,
        origin: AttachedOrigin::Written,
        declared_by: None,
        policy: Policy { unknowns: vec![Unknown::new(why, value.span)], ..Policy::default() },
    };
    match &value.kind {
        Kind::List(items) => {
            let mut attached = Vec::new();
            for item in items.iter().flat_map(|item| item.at(&[])) {
                let when = both(when, item.condition.as_ref());
                attached.extend(inline(item.value, when.as_ref(), problems));
            }
            attached
        }
        Kind::Map(_) => {
            let origin = match value.get(POLICY_ORIGIN).and_then(Value::as_str) {
                None => AttachedOrigin::Written,
                Some(GENERATED_POLICY) => AttachedOrigin::Generated,
                Some(template) => AttachedOrigin::Template(template.to_owned()),
            };
            let policy = match value.get("PolicyDocument") {
                Some(document) => policy_when(document, when, problems),
                None => {
                    let message = "a policy without `PolicyDocument` allows nothing";
                    problems.push(Problem::incomplete(message, value.span.into()));
                    let why = "the policy has no document";
                    let unknowns = vec![Unknown::new(why, value.span)];
                    Policy { unknowns, ..Policy::default() }
                }
            };
            let name = value.get("PolicyName").and_then(Value::scalar_text);
            let name = name.map(|name| name.to_string());
            vec![Attached { name, span: value.span, origin, declared_by: None, policy }]
        }
        Kind::Unknown(why) => vec![unknown(why.clone())],
        Kind::Text(text) => vec![unknown(match text.unknown_reason() {
            Some(why) => why.to_owned(),
            None => format!("`{text}` is known only at deployment"),
        })],
        _ => {
            let message = "a policy has a name and a document";
            problems.push(Problem::incomplete(message, value.span.into()));
            vec![unknown(message.to_owned())]
        }
    }
}

/// A managed policy by ARN, or the document of one that is declared here.
fn manage(
    value: &Value,
    when: Option<Condition>,
    origin: AttachedOrigin,
    directory: &Directory<'_>,
    policies: &mut ManagedDocuments,
    identity: &mut Identity,
) {
    if let Kind::List(items) = &value.kind {
        for item in items.iter().flat_map(|item| item.at(&[])) {
            let when = both(when.as_ref(), item.condition.as_ref());
            manage(item.value, when, origin.clone(), directory, policies, identity);
        }
        return;
    }
    let arn = said_text(value)
        .unwrap_or_else(|unknown| Said::new(PartialText::unknown(unknown.why), unknown.span));
    let declaration =
        directory.target(&arn.value).filter(|target| target.kind == "AWS::IAM::ManagedPolicy");
    match declaration.and_then(|declaration| policies.attached(declaration)) {
        Some(mut attached) => {
            for statement in &mut attached.policy.statements {
                statement.when = both(when.as_ref(), statement.when.as_ref());
            }
            if let Some(declaration) = declaration {
                policies.mark_used(&declaration.id);
            }
            push_once(&mut identity.attached, attached);
        }
        None => identity.managed.push(ManagedPolicy { arn, when, origin }),
    }
}

fn push_once(attached: &mut Vec<Attached>, new: Attached) {
    let id = new.declared_by.as_ref().map(|entity| &entity.id);
    let known = attached
        .iter()
        .any(|other| id.is_some() && other.declared_by.as_ref().map(|entity| &entity.id) == id);
    if !known {
        attached.push(new);
    }
}

/// Documents of managed policies that are declared here: several identities may share one.
#[derive(Default)]
struct ManagedDocuments {
    attached: HashMap<EntityId, Attached>,
    used: std::collections::HashSet<EntityId>,
}

impl ManagedDocuments {
    fn add(&mut self, declaration: &Declaration, problems: &mut Vec<Problem>) {
        if let Some(attached) = attached_document(declaration, problems) {
            self.attached.insert(declaration.id.clone(), attached);
        }
    }

    fn attached(&self, declaration: &Declaration) -> Option<Attached> {
        self.attached.get(&declaration.id).cloned()
    }

    fn mark_used(&mut self, id: &EntityId) {
        self.used.insert(id.clone());
    }
}

/// The properties by which a declared policy names its identities, with their kind in ARNs.
fn attachment_keys(kind: &str) -> Option<&'static [(&'static str, &'static str)]> {
    match kind {
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
            Some(&[("Roles", "role"), ("Users", "user"), ("Groups", "group")])
        }
        "AWS::IAM::RolePolicy" => Some(&[("RoleName", "role")]),
        "AWS::IAM::UserPolicy" => Some(&[("UserName", "user")]),
        "AWS::IAM::GroupPolicy" => Some(&[("GroupName", "group")]),
        _ => None,
    }
}

fn attached_document(declaration: &Declaration, problems: &mut Vec<Problem>) -> Option<Attached> {
    let properties = &declaration.properties;
    let when = declaration.condition.as_ref();
    let policy = match properties.get("PolicyDocument") {
        Some(document) => policy_when(document, when, problems),
        None => {
            let why = "the policy has no document";
            let unknowns = vec![Unknown::new(why, declaration.said)];
            Policy { unknowns, ..Policy::default() }
        }
    };
    let names = ["PolicyName", "ManagedPolicyName"];
    let name = names.iter().find_map(|name| properties.get(name)?.scalar_text());
    Some(Attached {
        name: Some(name.map_or_else(|| declaration.name.clone(), |name| name.to_string())),
        span: declaration.said,
        origin: match declaration.made_by {
            Maker::Author | Maker::Helper => AttachedOrigin::Written,
            Maker::Framework => AttachedOrigin::Generated,
        },
        declared_by: Some(entity(declaration)),
        policy,
    })
}

fn attach(
    declaration: &Declaration,
    attached: Attached,
    directory: &Directory<'_>,
    positions: &HashMap<EntityId, usize>,
    graph: &mut AppGraph,
    policies: &ManagedDocuments,
) {
    let mut found = policies.used.contains(&declaration.id);
    for (key, service) in attachment_keys(&declaration.kind).unwrap_or_default() {
        for item in declaration.properties.list_at(&[key]) {
            let Some(text) = item.value.scalar_text() else { continue };
            let target = directory.target(&text).or_else(|| directory.named(service, &text));
            let position = target.and_then(|target| positions.get(&target.id)).copied();
            let Some(identity) = position.and_then(|at| graph.identities.get_mut(at)) else {
                continue;
            };
            found = true;
            let mut attached = attached.clone();
            for statement in &mut attached.policy.statements {
                statement.when = both(item.condition.as_ref(), statement.when.as_ref());
            }
            push_once(&mut identity.attached, attached);
        }
    }
    if !found {
        graph.identities.push(Identity {
            entity: entity(declaration),
            kind: IdentityKind::Policy,
            name: Setting::Unset,
            trust: None,
            attached: vec![Attached { declared_by: None, ..attached }],
            managed: Vec::new(),
            boundary: Setting::Unset,
        });
    }
}
