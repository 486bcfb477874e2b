use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use iam::arn::Arn;
use iam::pattern::{Case, has_wildcard, wildcard_matches};
use iam::{Effect, Listing, Statement};
use text::{EntityId, Part, PartialText, Pseudo, Reference, Setting, Span};

use crate::{Access, AppGraph, AttachedOrigin, Entity, Identity, ResourceKind, StreamKind};

/// Stands for what the platform appends to a name it makes up: no pattern spells it.
const MADE_UP: char = '\u{1}';

/// Candidates that wildcards of one graph's policies are compared with. An application of hundreds
/// of functions stays far below; thousands of roles that each allow everything on thousands of
/// resources would make millions of edges that tell nothing.
const MOST_CANDIDATES: usize = 500_000;

/// What can be acted on, as policies name it.
pub(crate) struct Targets<'a> {
    targets: Vec<Target<'a>>,
    by_entity: HashMap<&'a EntityId, usize>,
    by_service: HashMap<&'static str, Vec<usize>>,
    by_name: HashMap<(&'static str, String), Vec<usize>>,
    /// Log groups of the functions that run as an identity.
    logs: HashMap<&'a EntityId, Vec<usize>>,
    candidates_left: Cell<usize>,
}

struct Target<'a> {
    entity: &'a Entity,
    /// Prefix of its actions; empty where no table says it, and then only a reference reaches it.
    service: &'static str,
    /// What its ARN holds behind the fifth colon.
    resources: Vec<String>,
}

/// What an identity may do to one entity, and what that rests on.
pub(crate) type Reach<'a> = BTreeMap<&'a EntityId, (Access, Option<Span>)>;

impl<'a> Targets<'a> {
    /// Indexes functions and resources by entity, service and name.
    pub(crate) fn new(graph: &'a AppGraph) -> Self {
        let mut targets = Self {
            targets: Vec::new(),
            by_entity: HashMap::new(),
            by_service: HashMap::new(),
            by_name: HashMap::new(),
            logs: HashMap::new(),
            candidates_left: Cell::new(MOST_CANDIDATES),
        };
        for function in &graph.functions {
            let resources = names(&function.function_name, &function.entity, "function:");
            targets.add(&function.entity, "lambda", resources);
        }
        for resource in &graph.resources {
            let Some((service, prefix, name)) = addressed(&resource.kind) else {
                // No pattern can be compared with it, but a policy may refer to it.
                targets.add(&resource.entity, "", Vec::new());
                continue;
            };
            let resources = match name {
                Some(name) => names(name, &resource.entity, prefix),
                None => vec![format!("{prefix}{MADE_UP}")],
            };
            targets.add(&resource.entity, service, resources);
        }
        for (stand_in, entity) in &graph.stand_ins {
            if let Some(position) = targets.by_entity.get(entity).copied() {
                targets.by_entity.insert(stand_in, position);
            }
        }
        for function in &graph.functions {
            let group = graph.log_group_of(function).map(|group| &group.entity.id);
            let Some(group) = group.and_then(|id| targets.by_entity.get(id)).copied() else {
                continue;
            };
            for said in function.role.known_values() {
                for reference in said.value.references() {
                    targets.logs.entry(&reference.entity).or_default().push(group);
                }
            }
        }
        targets
    }

    fn add(&mut self, entity: &'a Entity, service: &'static str, resources: Vec<String>) {
        let position = self.targets.len();
        self.by_entity.insert(&entity.id, position);
        self.by_service.entry(service).or_default().push(position);
        for resource in &resources {
            self.by_name.entry((service, resource.clone())).or_default().push(position);
        }
        self.targets.push(Target { entity, service, resources });
    }

    /// Everything that an identity's policies allow, as far as it is in the graph.
    pub(crate) fn reach(&self, identity: &Identity) -> Reach<'a> {
        let mut reach = Reach::new();
        for attached in &identity.attached {
            for statement in &attached.policy.statements {
                self.allow(statement, &mut reach);
            }
        }
        for managed in &identity.managed {
            // The partition before the name may be the deployment's.
            let Some(Part::Literal(arn)) = managed.arn.value.parts().last() else { continue };
            let name = arn.rsplit(['/', ':']).next().unwrap_or(arn);
            // What a framework attaches lets the function poll what triggers it: that is an edge of
            // the trigger, and not of every queue or stream.
            if managed.origin == AttachedOrigin::Generated {
                continue;
            }
            if LOGGING.contains(&name) {
                let logs = self.logs.get(&identity.entity.id).into_iter().flatten();
                for target in logs.filter_map(|position| self.targets.get(*position)) {
                    note(&mut reach, target, Access::Write, managed.arn.span);
                }
            }
            for (service, access) in managed_policy(name) {
                for target in self.of_service(service) {
                    note(&mut reach, target, access, managed.arn.span);
                }
            }
        }
        reach
    }

    /// All of a service; but one of them stands for the rest once the candidates are used up.
    fn of_service(&self, service: &str) -> Vec<&Target<'a>> {
        let left = self.candidates_left.get();
        let all = match service {
            "*" => self.targets.len(),
            service => self.by_service.get(service).map_or(0, Vec::len),
        };
        let taken = all.min(left.max(1));
        self.candidates_left.set(left.saturating_sub(taken));
        match service {
            "*" => {
                let known = self.targets.iter().filter(|target| !target.service.is_empty());
                known.take(taken).collect()
            }
            service => {
                let positions = self.by_service.get(service);
                let positions = positions.map_or(&[] as &[usize], Vec::as_slice);
                let positions = positions.iter().take(taken);
                positions.filter_map(|position| self.targets.get(*position)).collect()
            }
        }
    }

    fn allow(&self, statement: &Statement, reach: &mut Reach<'a>) {
        if statement.effect != Effect::Allow {
            return;
        }
        let granted = Granted::new(statement);
        if statement.resources.listing == Listing::AllExcept {
            // Exceptions are rare and narrow; what is left is nearly all.
            for service in granted.services() {
                for target in self.of_service(service) {
                    granted.note(target, statement.span, reach);
                }
            }
            return;
        }
        for said in &statement.resources.patterns {
            let written = spelled(&said.value);
            let is_meant = |reference: &Reference, target: &Target<'_>| {
                let begins = said.value.parts().first();
                let is_whole = matches!(begins, Some(Part::Reference(first)) if first == reference);
                !target.service.is_empty() || is_whole || is_of_service(&written, target.entity)
            };
            let targets = said.value.references().filter_map(|reference| {
                let position = self.by_entity.get(&reference.entity)?;
                self.targets.get(*position).filter(|target| is_meant(reference, target))
            });
            let referred: Vec<_> = targets.filter(|target| granted.is_on(target)).collect();
            if !referred.is_empty() {
                referred.iter().for_each(|target| granted.note(target, said.span, reach));
                continue;
            }
            // What is referred to may lend its name only: a function to its log group.
            for service in granted.services() {
                for target in self.named(service, &written) {
                    granted.note(target, said.span, reach);
                }
            }
        }
    }

    /// Targets of a service that a resource pattern matches.
    fn named(&self, service: &str, pattern: &str) -> Vec<&Target<'a>> {
        if pattern == "*" {
            return self.of_service(service);
        }
        let Some(arn) = Arn::parse(pattern) else { return Vec::new() };
        if service != "*" && !wildcard_matches(arn.service, service, Case::Insensitive) {
            return Vec::new();
        }
        if !has_wildcard(arn.service)
            && !has_wildcard(arn.resource)
            && let Some(known) = self.by_service.keys().find(|known| **known == arn.service)
        {
            let positions = self.by_name.get(&(*known, arn.resource.to_owned()));
            if let Some(positions) = positions {
                return positions.iter().filter_map(|at| self.targets.get(*at)).collect();
            }
        }
        let service = if has_wildcard(arn.service) { service } else { arn.service };
        let matches = |target: &&Target<'a>| {
            wildcard_matches(arn.service, target.service, Case::Insensitive)
                && target.resources.iter().any(|resource| is_meant(arn.resource, resource))
        };
        self.of_service(service).into_iter().filter(matches).collect()
    }
}

/// Whether a pattern is an ARN of the service that the entity's type is named after. In an ARN of
/// another service a reference lends its name only.
fn is_of_service(pattern: &str, entity: &Entity) -> bool {
    let mut words = entity.type_name.split([':', '_']).filter(|word| !word.is_empty());
    let service = words.nth(1).unwrap_or_default();
    Arn::parse(pattern).is_some_and(|arn| arn.service.eq_ignore_ascii_case(service))
}

fn note<'a>(reach: &mut Reach<'a>, target: &Target<'a>, access: Access, span: Span) {
    let entry = reach.entry(&target.entity.id).or_insert((access, Some(span)));
    // The place is the wider one's.
    if access == Access::Full && entry.0 != access {
        entry.1 = Some(span);
    }
    entry.0 = entry.0.and(access);
}

impl Access {
    /// Both together.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            _ if self == other => self,
            (Self::Full, _) | (_, Self::Full) => Self::Full,
            _ => Self::ReadWrite,
        }
    }
}

/// What a statement's actions grant, by service.
struct Granted<'a> {
    services: BTreeMap<&'a str, Access>,
}

impl<'a> Granted<'a> {
    fn new(statement: &'a Statement) -> Self {
        let mut services: BTreeMap<&str, Access> = BTreeMap::new();
        if statement.actions.listing == Listing::AllExcept {
            services.insert("*", Access::Full);
            return Self { services };
        }
        for said in &statement.actions.patterns {
            let Some(Part::Literal(action)) = said.value.parts().first() else { continue };
            if PUBLIC.iter().any(|public| action.eq_ignore_ascii_case(public)) {
                continue;
            }
            let (service, access) = match action.split_once(':') {
                Some((service, verb)) if !has_wildcard(service) => (service, access(action, verb)),
                // Of another cloud, or all services.
                None if action != "*" => (foreign_service(action), foreign_access(action)),
                _ => ("*", Access::Full),
            };
            let entry = services.entry(service).or_insert(access);
            *entry = entry.and(access);
        }
        Self { services }
    }

    fn services(&self) -> impl Iterator<Item = &'a str> {
        self.services.keys().copied()
    }

    /// What is granted on a target, by each service named.
    fn on(&self, target: &Target<'_>) -> impl Iterator<Item = Access> {
        let services = self.services.iter().filter(|(service, _)| {
            **service == "*"
                || target.service.is_empty()
                || service.eq_ignore_ascii_case(target.service)
        });
        services.map(|(_, access)| *access)
    }

    fn is_on(&self, target: &Target<'_>) -> bool {
        self.on(target).next().is_some()
    }

    fn note<'t>(&self, target: &Target<'t>, span: Span, reach: &mut Reach<'t>) {
        self.on(target).for_each(|access| note(reach, target, access, span));
    }
}

/// Verbs that read, where AWS's own access level says otherwise or a wildcard follows.
const READING: [&str; 14] = [
    "get", "list", "describe", "batchget", "query", "scan", "receive", "head", "select", "decrypt",
    "lookup", "search", "view", "read",
];

/// Actions that hand out what is public anyway: certificates to check signatures with.
const PUBLIC: [&str; 2] = ["cognito-idp:GetSigningCertificate", "kms:GetPublicKey"];

fn access(action: &str, verb: &str) -> Access {
    let verb = verb.to_ascii_lowercase();
    if verb.starts_with('*') || verb.starts_with('?') {
        return Access::Full;
    }
    if READING.iter().any(|word| verb.starts_with(word)) {
        return Access::Read;
    }
    match iam::actions::lookup(action).map(|action| action.access()) {
        Some(iam::actions::Access::List | iam::actions::Access::Read) => Access::Read,
        _ => Access::Write,
    }
}

fn foreign_access(role: &str) -> Access {
    let role = role.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| role.contains(word));
    if says(&["viewer", "reader", "accessor", "subscriber"]) {
        Access::Read
    } else if says(&["invoker", "publisher", "creator", "writer"]) {
        Access::Write
    } else {
        Access::Full
    }
}

/// The service that a predefined role of Google's opens, in the graph's word for its resources;
/// basic roles, and those of other clouds, open what they are given on.
///
/// Source: Google Cloud IAM documentation, "IAM roles and permissions index".
fn foreign_service(role: &str) -> &str {
    let predefined = role.strip_prefix("roles/").and_then(|role| role.split_once('.'));
    match predefined.map(|(service, _)| service) {
        None => "*",
        Some("storage") => "s3",
        Some("pubsub") => "sns",
        Some("cloudfunctions" | "run") => "lambda",
        Some("secretmanager") => "secretsmanager",
        Some("datastore") => "dynamodb",
        Some("cloudsql") => "rds",
        Some("cloudkms") => "kms",
        Some("logging") => "logs",
        Some("workflows") => "states",
        Some(other) => other,
    }
}

/// AWS's managed policies that let a function write its log.
///
/// Source: AWS managed policy reference guide.
const LOGGING: &[&str] = &[
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
];

/// Services that AWS's managed policies open, by the policy's name.
///
/// Source: AWS managed policy reference guide.
fn managed_policy(name: &str) -> Vec<(&'static str, Access)> {
    let whole: &[(&str, &'static str, Access)] = &[
        ("AdministratorAccess", "*", Access::Full),
        ("PowerUserAccess", "*", Access::Full),
        ("ReadOnlyAccess", "*", Access::Read),
        ("SecretsManagerReadWrite", "secretsmanager", Access::Full),
        ("AWSLambdaSQSQueueExecutionRole", "sqs", Access::ReadWrite),
        ("AWSLambdaDynamoDBExecutionRole", "dynamodb", Access::Read),
        ("AWSLambdaKinesisExecutionRole", "kinesis", Access::Read),
        ("AWSLambda_FullAccess", "lambda", Access::Full),
        ("AWSLambdaRole", "lambda", Access::Write),
        ("AWSKeyManagementServicePowerUser", "kms", Access::Full),
    ];
    if let Some((_, service, access)) = whole.iter().find(|(known, _, _)| *known == name) {
        return vec![(service, *access)];
    }
    let families: &[(&str, &'static str)] = &[
        ("AmazonS3", "s3"),
        ("AmazonDynamoDB", "dynamodb"),
        ("AmazonSQS", "sqs"),
        ("AmazonSNS", "sns"),
        ("AmazonKinesisFirehose", "firehose"),
        ("AmazonKinesis", "kinesis"),
        ("AmazonRDS", "rds"),
        ("AmazonDocDB", "rds"),
        ("AmazonElastiCache", "elasticache"),
        ("AmazonElasticFileSystemClient", "elasticfilesystem"),
        ("AmazonElasticFileSystem", "elasticfilesystem"),
        ("AmazonEventBridge", "events"),
        ("AmazonCognitoPowerUser", "cognito-idp"),
        ("AmazonSSM", "ssm"),
        ("AWSStepFunctions", "states"),
        ("CloudWatchLogs", "logs"),
    ];
    for (family, service) in families {
        let Some(level) = name.strip_prefix(family) else { continue };
        let level = level.trim_end_matches("_v2").trim_start_matches("Client");
        return match level {
            "FullAccess" | "ReadWriteAccess" | "FullAccesswithDataPipeline" | "" => {
                vec![(service, Access::Full)]
            }
            "ReadOnlyAccess" | "ReadOnly" => vec![(service, Access::Read)],
            _ => continue,
        };
    }
    Vec::new()
}

const PARAMETER: &str = "parameter/";

/// Service, what precedes the name in the ARN's resource part, and the name.
///
/// Source: AWS service authorization reference, "Resource types defined by …".
fn addressed(
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

/// The names an entity may have, each behind `prefix`; one that the platform makes up begins with
/// the stack's.
fn names(name: &Setting<PartialText>, entity: &Entity, prefix: &str) -> Vec<String> {
    let mut names: Vec<String> = name
        .known_values()
        .filter(|said| said.value.unknown_reason().is_none())
        .map(|said| {
            let name = spelled(&said.value);
            // `/app/key` is `parameter/app/key`.
            let name = if prefix == PARAMETER { name.trim_start_matches('/') } else { &name };
            format!("{prefix}{name}")
        })
        .collect();
    if names.is_empty() {
        let stack = spelled_pseudo(Pseudo::Stack);
        names.push(format!("{prefix}{stack}-{}-{MADE_UP}", entity.name));
    }
    names
}

/// A text as it is compared: what the deployment decides is a word without the colons and slashes
/// that take ARNs apart.
fn spelled(text: &PartialText) -> String {
    let mut spelled = String::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => spelled.push_str(literal),
            Part::Pseudo(pseudo) => spelled.push_str(&spelled_pseudo(*pseudo)),
            Part::Reference(reference) => {
                spelled.push_str(&reference.entity.as_str().replace(['/', ':'], "."));
            }
            // What is not known is no known name; a wildcard would make it every name.
            Part::Unknown(_) => spelled.push('\u{2}'),
        }
    }
    spelled
}

fn spelled_pseudo(pseudo: Pseudo) -> String {
    format!("{{{pseudo:?}}}")
}

/// Whether a pattern of an ARN's resource part means this resource or something in it: an object
/// of a bucket, an index of a table, a stream of a log group, a version of a secret.
fn is_meant(pattern: &str, resource: &str) -> bool {
    if wildcard_matches(pattern, resource, Case::Sensitive) {
        return true;
    }
    let separator = if resource.contains(':') { ':' } else { '/' };
    let depth = resource.matches(separator).count();
    let end = pattern.match_indices(separator).nth(depth).map(|(end, _)| end);
    let head = end.and_then(|end| pattern.get(..end)).unwrap_or(pattern);
    wildcard_matches(head, resource, Case::Sensitive)
        // Secrets' ARNs end in six random characters.
        || (resource.starts_with("secret:")
            && wildcard_matches(head, &format!("{resource}-abcdef"), Case::Sensitive))
}

#[cfg(test)]
mod tests {
    use iam::{Patterns, Policy, Principals};
    use text::{Said, SourceId};

    use super::*;
    use crate::{Attached, Framework, IdentityKind, Queue, Resource, Secret, Table};

    fn at() -> Span {
        Span::file(SourceId(0))
    }

    fn entity(name: &str) -> Entity {
        Entity {
            cloud: crate::Cloud::Aws,
            id: EntityId::new(name),
            name: name.to_owned(),
            type_name: String::new(),
            said: at(),
            extent: at(),
            construct: None,
            condition: None,
            insertion: None,
            allowances: Vec::new(),
            owner: crate::Owner::Author,
        }
    }

    fn named(name: &str) -> Setting<PartialText> {
        Setting::known(PartialText::known(name), at())
    }

    fn patterns(texts: &[PartialText]) -> Patterns {
        let patterns = texts.iter().map(|text| Said::new(text.clone(), at())).collect();
        Patterns { patterns, ..Patterns::default() }
    }

    fn identity(name: &str, action: &str, resource: PartialText) -> Identity {
        let statement = Statement {
            span: at(),
            sid: None,
            when: None,
            effect: Effect::Allow,
            principals: Principals::Absent,
            actions: patterns(&[PartialText::known(action)]),
            resources: patterns(&[resource]),
            conditions: Vec::new(),
        };
        let policy = Policy { statements: vec![statement], unknowns: Vec::new() };
        Identity {
            entity: entity(name),
            kind: IdentityKind::Role,
            name: Setting::Unset,
            trust: None,
            attached: vec![Attached {
                name: None,
                span: at(),
                origin: AttachedOrigin::Written,
                declared_by: None,
                policy,
            }],
            managed: Vec::new(),
            boundary: Setting::Unset,
        }
    }

    fn table(name: &str, table_name: Setting<PartialText>) -> Resource {
        let table = Table {
            name: table_name,
            encryption: Setting::Unset,
            recovery: Setting::Unset,
            deletion_protection: Setting::Unset,
            keys: Vec::new(),
            stream: Setting::Unset,
            policies: Vec::new(),
        };
        Resource { entity: entity(name), kind: ResourceKind::Table(Box::new(table)) }
    }

    fn graph() -> AppGraph {
        let mut graph = AppGraph::new("shop", "", Framework::CloudFormation);
        graph.resources.push(table("Orders", named("orders")));
        graph.resources.push(table("Generated", Setting::Unset));
        let queue = Queue {
            name: named("jobs"),
            encryption: Setting::Unset,
            visibility_timeout: Setting::Unset,
            dead_letters: Setting::Unset,
            maximum_receives: Setting::Unset,
            policies: Vec::new(),
        };
        let kind = ResourceKind::Queue(Box::new(queue));
        graph.resources.push(Resource { entity: entity("Jobs"), kind });
        let secret = Secret {
            name: named("shop/key"),
            rotation: Setting::Unset,
            key: Setting::Unset,
            policies: Vec::new(),
            written_value: Setting::Unset,
            generated_field: Setting::Unset,
        };
        let kind = ResourceKind::Secret(Box::new(secret));
        graph.resources.push(Resource { entity: entity("Key"), kind });
        graph
    }

    fn check(action: &str, resource: PartialText, expect: &[(&str, Access)]) {
        let graph = graph();
        let shown = resource.to_string();
        let identity = identity("R", action, resource);
        let reach = Targets::new(&graph).reach(&identity);
        let found: Vec<(&str, Access)> =
            reach.iter().map(|(id, (access, _))| (id.as_str(), *access)).collect();
        assert_eq!(found, expect, "{action} on {shown}");
    }

    #[test]
    fn a_statement_reaches_what_it_names_and_no_more() {
        use Access::{Full, Read, Write};
        let known = PartialText::known;
        let every_table = [("Generated", Read), ("Orders", Read)];
        check("dynamodb:GetItem", known("*"), &every_table);
        check("dynamodb:Get*", known("arn:aws:dynamodb:*:*:table/*"), &every_table);
        check(
            "dynamodb:PutItem",
            known("arn:aws:dynamodb:eu-west-1:1:table/orders"),
            &[("Orders", Write)],
        );
        check(
            "dynamodb:*",
            known("arn:aws:dynamodb:*:*:table/orders/index/*"),
            &[("Orders", Full)],
        );
        check("dynamodb:*", known("arn:aws:dynamodb:*:*:table/ord*"), &[("Orders", Full)]);
        check("s3:*", known("*"), &[]);
        check("dynamodb:*", known("arn:aws:sqs:*:*:jobs"), &[]);
        check("sqs:ReceiveMessage", known("arn:aws:sqs:*:*:j?bs"), &[("Jobs", Read)]);
        check(
            "secretsmanager:GetSecretValue",
            known("arn:aws:secretsmanager:*:*:secret:shop/key-??????"),
            &[("Key", Read)],
        );
        let mut index = PartialText::reference(EntityId::new("Generated"), "Arn");
        index.push(Part::Literal("/index/*".into()));
        check("dynamodb:Query", index, &[("Generated", Read)]);
        let all = [("Generated", Full), ("Jobs", Full), ("Key", Full), ("Orders", Full)];
        check("*", known("*"), &all);
        let mut regional = known("arn:");
        regional.push(Part::Pseudo(Pseudo::Partition));
        regional.push(Part::Literal(":sqs:".into()));
        regional.push(Part::Pseudo(Pseudo::Region));
        regional.push(Part::Literal(":*:jobs".into()));
        check("sqs:SendMessage", regional, &[("Jobs", Write)]);
        let mut own = known("arn:aws:dynamodb:*:*:table/");
        own.push(Part::Pseudo(Pseudo::Stack));
        own.push(Part::Literal("-*".into()));
        check("dynamodb:PutItem", own, &[("Generated", Write)]);
    }

    #[test]
    fn an_action_that_hands_out_what_is_public_grants_nothing() {
        let grants = |action: &str| {
            let identity = identity("R", action, PartialText::known("*"));
            let statements = identity.attached.iter().flat_map(|it| &it.policy.statements);
            statements.map(|statement| Granted::new(statement).services.len()).sum::<usize>()
        };
        assert_eq!(grants("cognito-idp:GetSigningCertificate"), 0);
        assert_eq!(grants("cognito-idp:AdminGetUser"), 1);
    }

    #[test]
    fn roles_of_other_clouds_open_their_own_service() {
        let every = PartialText::known("*");
        check("roles/eventarc.eventReceiver", every.clone(), &[]);
        check("roles/pubsub.publisher", every.clone(), &[]);
        check("roles/secretmanager.secretAccessor", every.clone(), &[("Key", Access::Read)]);
        check(
            "roles/datastore.user",
            PartialText::reference(EntityId::new("Orders"), "id"),
            &[("Orders", Access::Full)],
        );
        let all = [
            ("Generated", Access::Read),
            ("Jobs", Access::Read),
            ("Key", Access::Read),
            ("Orders", Access::Read),
        ];
        check("roles/viewer", every, &all);
    }

    #[test]
    fn managed_policies_reach_whole_services() {
        use crate::ManagedPolicy;
        let graph = graph();
        for (origin, expect) in [
            (AttachedOrigin::Written, vec![("Jobs", Access::Full)]),
            (AttachedOrigin::Generated, vec![]),
        ] {
            let mut arn = PartialText::known("arn:");
            arn.push(Part::Pseudo(Pseudo::Partition));
            arn.push(Part::Literal(":iam::aws:policy/AmazonSQSFullAccess".into()));
            let mut role = identity("R", "logs:PutLogEvents", PartialText::known("*"));
            role.managed.push(ManagedPolicy { arn: Said::new(arn, at()), when: None, origin });
            let reach = Targets::new(&graph).reach(&role);
            let found: Vec<(&str, Access)> =
                reach.iter().map(|(id, (access, _))| (id.as_str(), *access)).collect();
            assert_eq!(found, expect);
        }
    }

    #[test]
    fn thousands_of_wide_roles_end_in_bounded_edges() {
        let mut graph = graph();
        for number in 0..2_000 {
            graph.resources.push(table(&format!("T{number}"), Setting::Unset));
            let role = identity(&format!("R{number}"), "*", PartialText::known("*"));
            graph.identities.push(role);
        }
        let edges = graph.edges();
        assert!(edges.len() <= MOST_CANDIDATES + 2_000);
        assert!(edges.iter().any(|edge| edge.from == crate::Node::Entity(EntityId::new("R1999"))));
    }
}
