use iam::Policy;
use text::{PartialText, Setting, Span};

use crate::{Entity, ManagedPolicy};

/// Someone with permissions: a role, a user, a group, a service account, or a policy on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Name, place, condition.
    pub entity: Entity,
    /// What it is.
    pub kind: IdentityKind,
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Who may assume it; its trust policy.
    pub trust: Option<Policy>,
    /// Policies written out in the templates.
    pub attached: Vec<Attached>,
    /// Managed policies by ARN or reference.
    pub managed: Vec<ManagedPolicy>,
    /// Permissions boundary.
    pub boundary: Setting<PartialText>,
}

/// What an identity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentityKind {
    /// A role declared by the author.
    Role,
    /// A role that the framework makes for one function (SAM, Serverless Framework, CDK).
    GeneratedRole,
    /// A user.
    User,
    /// A group of users.
    Group,
    /// A managed policy that is attached to none of the graph's identities.
    Policy,
    /// A service account or managed identity of another cloud.
    ServiceAccount,
}

/// A policy written out in the templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Where it is attached or declared.
    pub span: Span,
    /// How it came to be.
    pub origin: AttachedOrigin,
    /// The entity that declares it when that is not the identity itself (`AWS::IAM::Policy`).
    pub declared_by: Option<Entity>,
    /// The document.
    pub policy: Policy,
}

/// How a policy came to be attached.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AttachedOrigin {
    /// Written out as statements.
    Written,
    /// Expanded from a framework's policy template of that name (`S3ReadPolicy`).
    Template(String),
    /// Made by the framework: connectors, triggers, logging.
    Generated,
    /// A role binding of another cloud (`roles/storage.admin`).
    Binding(String),
}

impl IdentityKind {
    /// A word or two for people.
    pub fn as_str(self) -> &'static str {
        match self {
            IdentityKind::Role => "role",
            IdentityKind::GeneratedRole => "generated role",
            IdentityKind::User => "user",
            IdentityKind::Group => "group",
            IdentityKind::Policy => "policy",
            IdentityKind::ServiceAccount => "service account",
        }
    }
}
