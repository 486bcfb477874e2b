//! What functions may do to resources, as far as the policies written in the templates say.

use app_graph::{AppGraph, Function, Identity, Resource, ResourceKind};
use iam::{Effect, Listing, Statement};
use text::{EntityId, Part, PartialText, Pseudo, Said, Setting};

use crate::openness::covers;

/// A right that a function's identity has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant<'a> {
    /// The identity.
    pub(crate) identity: &'a Identity,
    /// The action as written.
    pub(crate) action: &'a Said<PartialText>,
    /// The resource as written.
    pub(crate) resource: &'a Said<PartialText>,
    /// The statement.
    pub(crate) statement: &'a Statement,
}

/// Statements by which a function may do one of some actions on something.
#[derive(Debug, Clone)]
pub(crate) struct Rights<'a> {
    statements: Vec<(&'a Identity, &'a Statement)>,
}

impl<'a> Rights<'a> {
    /// The rights of a function to any of `actions`, looked up once and asked often.
    pub(crate) fn of(graph: &'a AppGraph, function: &'a Function, actions: &[&str]) -> Self {
        let mut statements = Vec::new();
        for identity in graph.identities_of(function) {
            let policies = identity.attached.iter().map(|attached| &attached.policy);
            let written = policies.flat_map(|policy| &policy.statements);
            let allowing = written.filter(|statement| action_of(statement, actions).is_some());
            statements.extend(allowing.map(|statement| (identity, statement)));
        }
        Self { statements }
    }

    /// Every grant of one of `actions` on something that may be `target`; a plain `*` is left to
    /// the rules on wildcards.
    pub(crate) fn on(&self, actions: &[&str], target: Target<'_>) -> Vec<Grant<'a>> {
        let mut found = Vec::new();
        for (identity, statement) in &self.statements {
            // Most statements speak of other resources: that is the cheaper question.
            let named = statement.resources.patterns.iter();
            let mut named = named.filter(|pattern| target.is_meant_by(&pattern.value)).peekable();
            if named.peek().is_none() {
                continue;
            }
            let Some(action) = action_of(statement, actions) else { continue };
            found.extend(named.map(|resource| Grant { identity, action, resource, statement }));
        }
        found
    }
}

/// The action of a statement by which it allows one of `actions`, as written.
fn action_of<'a>(statement: &'a Statement, actions: &[&str]) -> Option<&'a Said<PartialText>> {
    if statement.effect != Effect::Allow
        || statement.actions.listing != Listing::Only
        || statement.resources.listing != Listing::Only
    {
        return None;
    }
    statement.actions.patterns.iter().find(|said| {
        let literal = said.value.literal();
        literal.is_some_and(|pattern| actions.iter().any(|action| covers(pattern, action)))
    })
}

/// A resource as policies may speak of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    /// Its id in the graph.
    pub(crate) entity: &'a EntityId,
    /// Its name when deployed.
    pub(crate) name: Option<&'a PartialText>,
    /// Whether objects lie in it, so that a pattern has a key behind the name.
    pub(crate) contents: Contents,
}

/// Whether a policy may speak of what lies in a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Patterns name the resource itself.
    Itself,
    /// Patterns name the objects in it.
    Objects,
}

impl<'a> Target<'a> {
    /// The resource as a target, for kinds that policies name by their own name.
    pub(crate) fn of(resource: &'a Resource) -> Self {
        let entity = &resource.entity.id;
        let (name, contents) = match &resource.kind {
            ResourceKind::Bucket(bucket) => (known(&bucket.name), Contents::Objects),
            ResourceKind::Table(table) => (known(&table.name), Contents::Itself),
            ResourceKind::Queue(queue) => (known(&queue.name), Contents::Itself),
            ResourceKind::Topic(topic) => (known(&topic.name), Contents::Itself),
            ResourceKind::Stream(stream) => (known(&stream.name), Contents::Itself),
            ResourceKind::EventBus(bus) => (known(&bus.name), Contents::Itself),
            ResourceKind::StateMachine(machine) => (known(&machine.name), Contents::Itself),
            ResourceKind::Secret(secret) => (known(&secret.name), Contents::Itself),
            _ => (None, Contents::Itself),
        };
        Self { entity, name, contents }
    }

    /// Whether a pattern of a policy names this resource, by reference or by name.
    pub(crate) fn is_meant_by(&self, pattern: &PartialText) -> bool {
        if self.contents == Contents::Objects && !may_name_objects(pattern) {
            return false;
        }
        if pattern.references().any(|reference| reference.entity == *self.entity) {
            return true;
        }
        let Some(name) = self.name.filter(|name| !name.parts().is_empty()) else { return false };
        let text = canonical(pattern);
        let Some(resource) =
            text.splitn(6, ':').nth(5).or_else(|| text.contains(':').then_some(""))
        else {
            return false;
        };
        let named = resource.rsplit([':']).next().unwrap_or(resource);
        let named = match self.contents {
            Contents::Objects => named.split('/').next().unwrap_or(named),
            // `table/Orders`, `event-bus/shop`, or the name alone.
            Contents::Itself => named.split('/').nth(1).unwrap_or(named),
        };
        named.chars().any(|letter| letter != '*')
            && iam::pattern::wildcard_matches(
                named,
                &canonical(name),
                iam::pattern::Case::Sensitive,
            )
    }
}

/// Whether a pattern has a key behind the bucket, or may have: the bucket's ARN alone grants nothing
/// on its objects.
fn may_name_objects(pattern: &PartialText) -> bool {
    let ends_open = match pattern.parts().last() {
        Some(Part::Literal(literal)) => literal.ends_with('*'),
        Some(Part::Unknown(_)) => true,
        _ => false,
    };
    ends_open || pattern.has_literal("/")
}

/// The part of an object pattern behind the bucket, as literal text: the key's pattern.
pub(crate) fn key_pattern(pattern: &PartialText) -> String {
    let text = canonical(pattern);
    match text.split_once('/') {
        Some((_, key)) => key.to_owned(),
        None => String::new(),
    }
}

/// A text in which every part that is decided at deployment stands as a word of its own, so that
/// two texts that deploy alike compare alike.
pub(crate) fn canonical(text: &PartialText) -> String {
    let mut words = String::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => words.push_str(literal),
            Part::Reference(reference) => {
                words.push_str(
                    &format!("{{{}.{}}}", reference.entity, reference.attribute)
                        .replace([':', '/', '*'], "_"),
                );
            }
            Part::Pseudo(Pseudo::Partition) => words.push_str("aws"),
            Part::Pseudo(pseudo) => words.push_str(&format!("{{{pseudo:?}}}")),
            Part::Unknown(why) => {
                words.push_str(&format!("{{{why}}}").replace([':', '/', '*', '?'], "_"));
            }
        }
    }
    words
}

fn known(name: &Setting<PartialText>) -> Option<&PartialText> {
    name.single().map(|said| &said.value)
}
