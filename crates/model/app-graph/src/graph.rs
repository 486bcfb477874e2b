use std::collections::{BTreeMap, BTreeSet, HashMap};

use text::{EntityId, Part, PartialText, Span};

use crate::{Entity, Function, Identity, Resource, ResourceKind, Trigger};

/// One application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppGraph {
    /// What the user calls it: the service's, stack's or folder's name.
    pub name: String,
    /// The file or folder it was read from, as shown to the user.
    pub root: String,
    /// What declared it.
    pub framework: Framework,
    /// Its functions.
    pub functions: Vec<Function>,
    /// What invokes them.
    pub triggers: Vec<Trigger>,
    /// Roles, users, groups.
    pub identities: Vec<Identity>,
    /// All else.
    pub resources: Vec<Resource>,
    /// Entities whose ARN is within that of another, or the other's itself: a stage and its API, a
    /// tie between a secret and a database and the secret.
    pub stand_ins: BTreeMap<EntityId, EntityId>,
    /// Entities that another declaration refers to; policies and what attaches them not counted.
    pub referred: BTreeSet<EntityId>,
    /// Parts that were recognised and not read.
    pub not_read: Vec<NotRead>,
}

/// What declared an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Framework {
    /// AWS CloudFormation.
    CloudFormation,
    /// AWS Serverless Application Model.
    Sam,
    /// AWS Cloud Development Kit, synthesised.
    Cdk,
    /// Serverless Framework.
    Serverless,
    /// Terraform or OpenTofu.
    Terraform,
    /// Nothing: a handler's file alone.
    Code,
}

/// Something that declares infrastructure and that no reader reads yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRead {
    /// The file, as shown to the user.
    pub path: String,
    /// What it was recognised as, and what to do: "CDK application without `cdk.out`".
    pub what: String,
    /// Where it is referred to, if it is.
    pub span: Option<Span>,
}

impl Framework {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Framework::CloudFormation => "CloudFormation",
            Framework::Sam => "SAM",
            Framework::Cdk => "CDK",
            Framework::Serverless => "Serverless Framework",
            Framework::Terraform => "Terraform",
            Framework::Code => "code",
        }
    }
}

impl AppGraph {
    /// A graph without entities.
    pub fn new(name: impl Into<String>, root: impl Into<String>, framework: Framework) -> Self {
        Self {
            name: name.into(),
            root: root.into(),
            framework,
            functions: Vec::new(),
            triggers: Vec::new(),
            identities: Vec::new(),
            resources: Vec::new(),
            stand_ins: BTreeMap::new(),
            referred: BTreeSet::new(),
            not_read: Vec::new(),
        }
    }

    /// The function of that id.
    pub fn function(&self, id: &EntityId) -> Option<&Function> {
        self.functions.iter().find(|function| function.entity.id == *id)
    }

    /// The identity of that id.
    pub fn identity(&self, id: &EntityId) -> Option<&Identity> {
        self.identities.iter().find(|identity| identity.entity.id == *id)
    }

    /// The resource of that id.
    pub fn resource(&self, id: &EntityId) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.entity.id == *id)
    }

    /// The entity of that id, whatever it is.
    pub fn entity(&self, id: &EntityId) -> Option<&Entity> {
        self.entities().find(|entity| entity.id == *id)
    }

    /// Finds entities by id without a search through all; for many questions to one graph.
    pub fn index(&self) -> Index<'_> {
        Index {
            functions: self.functions.iter().map(|found| (&found.entity.id, found)).collect(),
            triggers: self.triggers.iter().map(|found| (&found.entity.id, found)).collect(),
            identities: self.identities.iter().map(|found| (&found.entity.id, found)).collect(),
            resources: self.resources.iter().map(|found| (&found.entity.id, found)).collect(),
        }
    }

    /// The log group that a function writes to, where one is declared: the one set for it, or the
    /// one named `/aws/lambda/` and the function's name.
    pub fn log_group_of(&self, function: &Function) -> Option<&Resource> {
        let groups = || {
            self.resources.iter().filter_map(|resource| match &resource.kind {
                ResourceKind::LogGroup(group) => Some((resource, group)),
                _ => None,
            })
        };
        let mut set = function.log_group.known_values().peekable();
        if set.peek().is_some() {
            return set.find_map(|said| {
                let referred = said.value.references().next();
                let mut groups = groups();
                let found = groups.find(|(resource, group)| match referred {
                    Some(reference) => resource.entity.id == reference.entity,
                    None => group.name.any(|name| *name == said.value),
                });
                found.map(|(resource, _)| resource)
            });
        }
        let named = function.function_name.known_values().map(|said| {
            let mut name = PartialText::known(LOGS);
            name.extend(&said.value);
            name
        });
        let named: Vec<PartialText> = named.collect();
        let is_its = |name: &PartialText| named.contains(name) || is_log_of(name, function);
        let found = groups().find(|(_, group)| group.name.any(is_its));
        found.map(|(resource, _)| resource)
    }

    /// Triggers of a function.
    pub fn triggers_of<'a>(&'a self, function: &'a EntityId) -> impl Iterator<Item = &'a Trigger> {
        self.triggers.iter().filter(move |trigger| trigger.function.as_ref() == Some(function))
    }

    /// Identities a function may run as: one for each branch of its `role` that is in the graph.
    pub fn identities_of(&self, function: &Function) -> Vec<&Identity> {
        let mut found = Vec::new();
        for said in function.role.known_values() {
            let Some(identity) = self.identity_named(&said.value) else { continue };
            if !found.iter().any(|other: &&Identity| other.entity.id == identity.entity.id) {
                found.push(identity);
            }
        }
        found
    }

    /// The identity that a role's text refers to, or that has the name at its end.
    fn identity_named(&self, role: &PartialText) -> Option<&Identity> {
        let referred = role.references().find_map(|reference| self.identity(&reference.entity));
        referred.or_else(|| {
            let written = role.to_string();
            let name = written.rsplit('/').next().unwrap_or(&written);
            self.identities.iter().find(|identity| {
                identity
                    .name
                    .any(|known| known.unknown_reason().is_none() && known.to_string() == name)
            })
        })
    }

    /// `Ref`, `Arn` and name of one role are one role.
    fn role_key(&self, role: &PartialText) -> String {
        match (self.identity_named(role), role.sole_reference()) {
            (Some(identity), _) => identity.entity.id.to_string(),
            (None, Some(reference)) => reference.entity.to_string(),
            (None, None) => role.to_string(),
        }
    }

    /// Functions grouped by the role they run as; the key is the reference or ARN as text.
    pub fn functions_by_role(&self) -> BTreeMap<String, Vec<&Function>> {
        let mut groups: BTreeMap<String, Vec<&Function>> = BTreeMap::new();
        for function in &self.functions {
            for said in function.role.known_values() {
                if said.value.unknown_reason().is_none() {
                    groups.entry(self.role_key(&said.value)).or_default().push(function);
                }
            }
        }
        groups
    }

    /// Every entity, in the order functions, triggers, identities, resources.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        let functions = self.functions.iter().map(|function| &function.entity);
        let triggers = self.triggers.iter().map(|trigger| &trigger.entity);
        let identities = self.identities.iter().map(|identity| &identity.entity);
        let resources = self.resources.iter().map(|resource| &resource.entity);
        functions.chain(triggers).chain(identities).chain(resources)
    }
}

/// Entities by id; see [`AppGraph::index`].
#[derive(Debug, Clone)]
pub struct Index<'a> {
    functions: HashMap<&'a EntityId, &'a Function>,
    triggers: HashMap<&'a EntityId, &'a Trigger>,
    identities: HashMap<&'a EntityId, &'a Identity>,
    resources: HashMap<&'a EntityId, &'a Resource>,
}

impl<'a> Index<'a> {
    /// The function of that id.
    pub fn function(&self, id: &EntityId) -> Option<&'a Function> {
        self.functions.get(id).copied()
    }

    /// The trigger of that id.
    pub fn trigger(&self, id: &EntityId) -> Option<&'a Trigger> {
        self.triggers.get(id).copied()
    }

    /// The identity of that id.
    pub fn identity(&self, id: &EntityId) -> Option<&'a Identity> {
        self.identities.get(id).copied()
    }

    /// The resource of that id.
    pub fn resource(&self, id: &EntityId) -> Option<&'a Resource> {
        self.resources.get(id).copied()
    }

    /// The entity of that id, whatever it is.
    pub fn entity(&self, id: &EntityId) -> Option<&'a Entity> {
        let function = self.function(id).map(|found| &found.entity);
        let trigger = || self.trigger(id).map(|found| &found.entity);
        let identity = || self.identity(id).map(|found| &found.entity);
        let resource = || self.resource(id).map(|found| &found.entity);
        function.or_else(trigger).or_else(identity).or_else(resource)
    }
}

/// Where the platform makes the log group of a function.
const LOGS: &str = "/aws/lambda/";

/// Whether a log group is named by a reference to the function.
fn is_log_of(name: &PartialText, function: &Function) -> bool {
    let [Part::Literal(prefix), Part::Reference(reference)] = name.parts() else { return false };
    prefix == LOGS && reference.entity == function.entity.id
}
