use std::collections::HashMap;

use iam::Policy;
use text::{EntityId, Part, PartialText, Pseudo, Reference, Setting};

use crate::{AppGraph, Entity, IdentityKind, ResourceKind, StreamKind};

/// ARNs of a graph's entities in one spelling, so that those that policies write and those that
/// code asks for can be compared.
///
/// In that spelling an entity's ARN is written out with its name, or with a reference to the entity
/// in the name's place where the platform makes it up: `arn:aws:sqs:${Region}:${Account}:${Jobs}`.
/// The partition is always `aws`.
pub struct Arns<'a> {
    by_entity: HashMap<&'a EntityId, PartialText>,
    by_service: HashMap<&'static str, Vec<&'a Entity>>,
    names: HashMap<&'a EntityId, PartialText>,
}

impl<'a> Arns<'a> {
    /// Spells the ARNs of everything that has one.
    pub fn new(graph: &'a AppGraph) -> Self {
        let mut arns =
            Self { by_entity: HashMap::new(), by_service: HashMap::new(), names: HashMap::new() };
        for function in &graph.functions {
            arns.add(&function.entity, "lambda", "function:", Some(&function.function_name));
        }
        for resource in &graph.resources {
            if let Some((service, prefix, name)) = addressed(&resource.kind) {
                arns.add(&resource.entity, service, prefix, name);
            }
        }
        for identity in &graph.identities {
            let prefix = match identity.kind {
                IdentityKind::Role | IdentityKind::GeneratedRole => "role/",
                IdentityKind::User => "user/",
                IdentityKind::Group => "group/",
                IdentityKind::Policy => "policy/",
                IdentityKind::ServiceAccount => continue,
            };
            arns.add(&identity.entity, "iam", prefix, Some(&identity.name));
        }
        for (stand_in, entity) in &graph.stand_ins {
            if let Some(arn) = arns.by_entity.get(entity).cloned() {
                arns.by_entity.insert(stand_in, arn);
            }
        }
        arns
    }

    fn add(
        &mut self,
        entity: &'a Entity,
        service: &'static str,
        prefix: &str,
        name: Option<&Setting<PartialText>>,
    ) {
        // One name only: what depends on a condition is compared by the entity.
        let said = name.and_then(Setting::single).map(|said| &said.value);
        let known = said.filter(|name| name.unknown_reason().is_none() && !name.parts().is_empty());
        let name = match known {
            Some(name) => name.clone(),
            None => PartialText::reference(entity.id.clone(), "Ref"),
        };
        let mut arn = account_of(service);
        arn.push(Part::Literal(prefix.to_owned()));
        let path = name.parts().first();
        match path {
            // `/app/key` is `parameter/app/key`.
            Some(Part::Literal(first)) if prefix == PARAMETER => {
                arn.push(Part::Literal(first.trim_start_matches('/').to_owned()));
                name.parts().iter().skip(1).for_each(|part| arn.push(part.clone()));
            }
            _ => arn.extend(&name),
        }
        if service == "secretsmanager" {
            // The service appends six characters.
            arn.push(Part::Literal("-??????".to_owned()));
        }
        self.by_entity.insert(&entity.id, arn);
        self.names.insert(&entity.id, name);
        self.by_service.entry(service).or_default().push(entity);
    }

    /// An entity's ARN.
    pub fn of(&self, entity: &EntityId) -> Option<&PartialText> {
        self.by_entity.get(entity)
    }

    /// An entity's name, where it has one that is known; else a reference to it.
    pub fn name_of(&self, entity: &EntityId) -> Option<&PartialText> {
        self.names.get(entity)
    }

    /// An ARN or pattern of ARNs, as a policy or a need says it, in the one spelling.
    pub fn spelled(&self, arn: &PartialText) -> PartialText {
        let mut spelled = PartialText::default();
        for (position, part) in arn.parts().iter().enumerate() {
            match part {
                Part::Reference(reference) => match position {
                    0 => {
                        self.extend_with(&mut spelled, reference, &self.by_entity);
                        if &*reference.attribute == "StreamArn" {
                            spelled.push(Part::Literal("/stream/*".to_owned()));
                        }
                    }
                    _ => self.extend_with(&mut spelled, reference, &self.names),
                },
                Part::Pseudo(Pseudo::Partition) => {
                    spelled.push(Part::Literal("aws".to_owned()));
                }
                part => spelled.push(part.clone()),
            }
        }
        spelled
    }

    /// A policy with its resources and the values of its conditions in the one spelling.
    pub fn policy(&self, policy: &Policy) -> Policy {
        let mut policy = policy.clone();
        for statement in &mut policy.statements {
            let values = statement.conditions.iter_mut().flat_map(|own| &mut own.values);
            for said in statement.resources.patterns.iter_mut().chain(values) {
                said.value = self.spelled(&said.value);
            }
        }
        policy
    }

    fn extend_with(
        &self,
        spelled: &mut PartialText,
        reference: &Reference,
        known: &HashMap<&EntityId, PartialText>,
    ) {
        match known.get(&reference.entity) {
            Some(text) => spelled.extend(text),
            None => spelled.push(Part::Reference(reference.clone())),
        }
    }

    /// The entity that an ARN in the one spelling names, and what stands behind its own ARN: an
    /// object's key with its slash, an index.
    pub fn entity_of(&self, spelled: &PartialText) -> Option<(&'a Entity, PartialText)> {
        let Some(Part::Literal(begin)) = spelled.parts().first() else { return None };
        let service = begin.split(':').nth(2)?;
        self.by_service.get(service)?.iter().find_map(|entity| {
            let rest = spelled.strip_prefix(self.by_entity.get(&entity.id)?)?;
            let ends = match rest.parts().first() {
                None => true,
                Some(Part::Literal(text)) => text.starts_with(['/', ':']),
                Some(_) => false,
            };
            ends.then_some((*entity, rest))
        })
    }

    /// An ARN in the one spelling as a template writes it best: by reference to its entity.
    ///
    /// A log group is said by its name: frameworks make it, or it depends on the function whose role
    /// would refer to it.
    pub fn referring(&self, spelled: &PartialText) -> PartialText {
        let is_log = matches!(
            spelled.parts().first(),
            Some(Part::Literal(begin)) if begin.starts_with("arn:aws:logs:")
        );
        match self.entity_of(spelled).filter(|_| !is_log) {
            Some((entity, rest)) => {
                let mut referring = PartialText::reference(entity.id.clone(), "Arn");
                referring.extend(&rest);
                referring
            }
            None => spelled.clone(),
        }
    }
}

/// What a service's ARNs begin with, up to the colon behind the account.
fn account_of(service: &str) -> PartialText {
    let mut arn = PartialText::known(format!("arn:aws:{service}:"));
    if !matches!(service, "s3" | "iam") {
        arn.push(Part::Pseudo(Pseudo::Region));
    }
    arn.push(Part::Literal(":".to_owned()));
    if service != "s3" {
        arn.push(Part::Pseudo(Pseudo::Account));
    }
    arn.push(Part::Literal(":".to_owned()));
    arn
}

/// What precedes a parameter's name.
pub(crate) const PARAMETER: &str = "parameter/";

/// Service, what precedes the name in the ARN's resource part, and the name.
///
/// Source: AWS service authorization reference, "Resource types defined by …".
pub(crate) fn addressed(
    kind: &ResourceKind,
) -> Option<(&'static str, &'static str, Option<&Setting<PartialText>>)> {
    Some(match kind {
        ResourceKind::Bucket(bucket) => ("s3", "", Some(&bucket.name)),
        ResourceKind::Table(table) => ("dynamodb", "table/", Some(&table.name)),
        ResourceKind::Queue(queue) => ("sqs", "", Some(&queue.name)),
        ResourceKind::Topic(topic) => ("sns", "", Some(&topic.name)),
        ResourceKind::Stream(stream) => match stream.kind {
            StreamKind::Data => ("kinesis", "stream/", Some(&stream.name)),
            StreamKind::Delivery => ("firehose", "deliverystream/", Some(&stream.name)),
        },
        ResourceKind::EventBus(bus) => ("events", "event-bus/", Some(&bus.name)),
        ResourceKind::StateMachine(machine) => ("states", "stateMachine:", Some(&machine.name)),
        ResourceKind::LogGroup(group) => ("logs", "log-group:", Some(&group.name)),
        ResourceKind::Parameter(parameter) => ("ssm", PARAMETER, Some(&parameter.name)),
        ResourceKind::Secret(secret) => ("secretsmanager", "secret:", Some(&secret.name)),
        ResourceKind::FileSystem(_) => ("elasticfilesystem", "file-system/", None),
        ResourceKind::Cache(_) => ("elasticache", "cluster:", None),
        ResourceKind::Database(_) => ("rds", "cluster:", None),
        ResourceKind::Key(_) => ("kms", "key/", None),
        ResourceKind::UserPool(_) => ("cognito-idp", "userpool/", None),
        ResourceKind::Api(_) => ("execute-api", "", None),
        ResourceKind::GraphqlApi(_) => ("appsync", "apis/", None),
        _ => return None,
    })
}
