mod meaning;

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use iam::arn::Arn;
use iam::pattern::{Case, has_wildcard, wildcard_matches};
use iam::{Effect, Listing, Statement};
use text::{EntityId, Part, PartialText, Pseudo, Reference, Setting, Span};

use self::meaning::{LOGGING, PUBLIC, access, foreign_access, foreign_service, managed_policy};
use crate::arns::{PARAMETER, addressed};
use crate::{Access, AppGraph, AttachedOrigin, Entity, Identity};

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
    /// What an action lets its holder do: `s3:GetObject` reads.
    pub fn of(action: &str) -> Self {
        access(action, action.split_once(':').map_or(action, |(_, verb)| verb))
    }

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
mod tests;
