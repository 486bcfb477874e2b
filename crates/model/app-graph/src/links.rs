use std::collections::HashMap;

use text::{EntityId, PartialText, Setting, Settled, Span};

use crate::access::Targets;
use crate::graph::Index;
use crate::{AppGraph, EndpointKind, ResourceKind, RouteAuth, Trigger, TriggerKind, UrlAuth};

/// An end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Anyone.
    Internet,
    /// An entity of the graph.
    Entity(EntityId),
}

/// What an identity may do to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reads or lists.
    Read,
    /// Writes or deletes.
    Write,
    /// Both.
    ReadWrite,
    /// Anything.
    Full,
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// Anyone can reach the trigger.
    Reaches,
    /// The resource feeds the trigger.
    Feeds,
    /// The trigger invokes the function.
    Invokes,
    /// The function, state machine or pipe runs as the identity.
    RunsAs,
    /// The identity may act on the resource.
    MayAccess(Access),
}

/// One edge of the application graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Where it begins.
    pub from: Node,
    /// Where it ends.
    pub to: Node,
    /// What it says.
    pub kind: EdgeKind,
    /// What it rests on.
    pub said: Option<Span>,
}

impl AppGraph {
    /// Every edge, sorted and without repetition.
    ///
    /// Where policies with wildcards would make more than half a million of them, one resource of
    /// a service stands for all in the policies that remain.
    pub fn edges(&self) -> Vec<Edge> {
        let index = self.index();
        let mut edges = Vec::new();
        let mut add = |from: Node, to: &EntityId, kind: EdgeKind, said: Option<Span>| {
            edges.push(Edge { from, to: Node::Entity(to.clone()), kind, said });
        };
        for trigger in &self.triggers {
            let here = Node::Entity(trigger.entity.id.clone());
            let said = Some(trigger.entity.said);
            if is_open(trigger, &index) {
                add(Node::Internet, &trigger.entity.id, EdgeKind::Reaches, said);
            }
            if let Some(source) = fed_by(trigger) {
                let from = Node::Entity(source.clone());
                add(from, &trigger.entity.id, EdgeKind::Feeds, said);
            }
            for target in [&trigger.function, &trigger.other_target].into_iter().flatten() {
                add(here.clone(), target, EdgeKind::Invokes, said);
            }
        }
        let names = role_names(self);
        let functions = self.functions.iter().map(|function| (&function.entity.id, &function.role));
        let machines = self.resources.iter().filter_map(|resource| match &resource.kind {
            ResourceKind::StateMachine(machine) => Some((&resource.entity.id, &machine.role)),
            _ => None,
        });
        let pipes = self.triggers.iter().map(|trigger| (&trigger.entity.id, &trigger.role));
        for (id, role) in functions.chain(machines).chain(pipes) {
            for said in role.known_values() {
                if let Some(identity) = identity_named(&said.value, &index, &names) {
                    let from = Node::Entity(id.clone());
                    add(from, identity, EdgeKind::RunsAs, Some(said.span));
                }
            }
        }
        let targets = Targets::new(self);
        for identity in &self.identities {
            let from = Node::Entity(identity.entity.id.clone());
            for (target, (access, said)) in targets.reach(identity) {
                add(from.clone(), target, EdgeKind::MayAccess(access), said);
            }
        }
        edges.sort();
        edges.dedup();
        edges
    }
}

impl Index<'_> {
    /// The least that a trigger asks of its callers: a token, what a function lets by, or an API
    /// key only. `None` where it asks for less, for something else, or for what is not known.
    pub fn asked(&self, trigger: &Trigger) -> Option<RouteAuth> {
        let route = trigger.route.as_ref()?;
        let api = route.api.as_ref().and_then(|api| self.resource(api));
        let modes: Vec<&Setting<RouteAuth>> = match api.map(|api| &api.kind) {
            Some(ResourceKind::GraphqlApi(api)) => api.auth.iter().collect(),
            Some(ResourceKind::Api(api)) if route.auth.is_unset() => vec![&api.default_auth],
            _ => vec![&route.auth],
        };
        let mut least = Some(RouteAuth::Token);
        for case in modes.iter().flat_map(|mode| mode.cases()) {
            least = match case.value {
                Settled::Known(said) => match said.value {
                    RouteAuth::Iam | RouteAuth::Token => least,
                    RouteAuth::Function(_) if least == Some(RouteAuth::Token) => {
                        Some(said.value.clone())
                    }
                    RouteAuth::Function(_) => least,
                    RouteAuth::ApiKey => least.map(|_| RouteAuth::ApiKey),
                    _ => None,
                },
                _ => None,
            };
        }
        let has_key = least.is_none() && route.api_key.single().is_some_and(|asked| asked.value);
        if has_key { Some(RouteAuth::ApiKey) } else { least }
    }
}

/// What sends a trigger's events, where it is in the graph.
pub(crate) fn fed_by(trigger: &Trigger) -> Option<&EntityId> {
    let api = || trigger.route.as_ref().and_then(|route| route.api.as_ref());
    trigger.source_entity.as_ref().or_else(api)
}

/// Deployed names of roles, and their entities.
fn role_names(graph: &AppGraph) -> HashMap<String, &EntityId> {
    let mut names = HashMap::new();
    for identity in &graph.identities {
        for said in identity.name.known_values() {
            if said.value.unknown_reason().is_none() {
                names.entry(said.value.to_string()).or_insert(&identity.entity.id);
            }
        }
    }
    names
}

fn identity_named<'a>(
    role: &PartialText,
    index: &Index<'a>,
    names: &HashMap<String, &'a EntityId>,
) -> Option<&'a EntityId> {
    let referred = role.references().find_map(|reference| index.identity(&reference.entity));
    if let Some(identity) = referred {
        return Some(&identity.entity.id);
    }
    let written = role.to_string();
    let name = written.rsplit('/').next().unwrap_or(&written);
    names.get(name).copied()
}

/// Whether a caller needs no credential of the account to make the trigger fire. A key, a token
/// or a check by a function does not count: those are handed to strangers. What is not known
/// counts as open.
fn is_open(trigger: &Trigger, index: &Index<'_>) -> bool {
    use TriggerKind as Kind;
    let source = fed_by(trigger).and_then(|id| index.resource(id)).map(|found| &found.kind);
    match &trigger.kind {
        Kind::RestApi | Kind::HttpApi | Kind::WebSocketApi | Kind::AgentGateway => {
            let route = trigger.route.as_ref().map(|route| &route.auth);
            match source {
                Some(ResourceKind::Api(api)) => {
                    let private = always(&api.endpoint, |kind| *kind == EndpointKind::Private);
                    let auth = match route {
                        Some(auth) if !auth.is_unset() => auth,
                        _ => &api.default_auth,
                    };
                    !private && !always(auth, |auth| *auth == RouteAuth::Iam)
                }
                _ => !route.is_some_and(|auth| always(auth, |auth| *auth == RouteAuth::Iam)),
            }
        }
        Kind::FunctionUrl => {
            let function = trigger.function.as_ref().and_then(|id| index.function(id));
            let url = function.and_then(|function| function.url.as_ref());
            url.is_some_and(|url| !always(&url.auth, |auth| *auth == UrlAuth::Iam))
        }
        Kind::GraphqlApi => match source {
            Some(ResourceKind::GraphqlApi(api)) => {
                let private = always(&api.private, |private| *private);
                let signed = !api.auth.is_empty()
                    && api.auth.iter().all(|auth| always(auth, |auth| *auth == RouteAuth::Iam));
                !private && !signed
            }
            _ => true,
        },
        Kind::Authorizer => match source {
            Some(ResourceKind::Api(api)) => {
                !always(&api.endpoint, |kind| *kind == EndpointKind::Private)
            }
            Some(ResourceKind::GraphqlApi(api)) => !always(&api.private, |private| *private),
            _ => true,
        },
        Kind::LoadBalancer => match source {
            Some(ResourceKind::LoadBalancer(balancer)) => {
                !always(&balancer.public, |public| !*public)
            }
            _ => true,
        },
        Kind::UserPool => match source {
            Some(ResourceKind::UserPool(pool)) => !always(&pool.admin_creates_users, |only| *only),
            _ => true,
        },
        Kind::Distribution | Kind::Mail | Kind::VoiceSkill => true,
        _ => false,
    }
}

/// Whether the setting is known to satisfy `wanted` in every case.
fn always<T>(setting: &Setting<T>, wanted: impl Fn(&T) -> bool) -> bool {
    setting.cases().iter().all(|case| match case.value {
        Settled::Known(said) => wanted(&said.value),
        _ => false,
    })
}
