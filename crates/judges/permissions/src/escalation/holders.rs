//! Identities with all that their policies say together.

use app_graph::{AppGraph, AttachedOrigin, Function, Identity, IdentityKind, Owner};
use iam::{Effect, Listing, Patterns, Policy, Statement};
use text::{EntityId, Settled, Span, Unknown};

use super::conditions::{Context, Holds, hold};
use super::names::{ANY, Names, is_action, is_managed};
use super::techniques::{day, techniques};

/// Managed policies of AWS that give all rights, or the right to give them to oneself.
const ADMINISTRATORS: &[&str] = &["AdministratorAccess", "IAMFullAccess"];

/// Managed policies of AWS that let a function write its logs and traces, reach its network and
/// read what triggers it.
const HARMLESS: &[&str] = &[
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaENIManagementAccess",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
    "CloudWatchLambdaApplicationSignalsExecutionRolePolicy",
    "AmazonAPIGatewayPushToCloudWatchLogs",
];

/// An action that nobody spelled: what only a wildcard meets.
const ANY_ACTION: &str = "\u{e002}:\u{e002}";

/// An identity with all that its policies say together.
pub(crate) struct Holder<'g> {
    pub(crate) identity: &'g Identity,
    /// Functions that run as it.
    pub(crate) functions: Vec<&'g Function>,
    /// Managed policies declared here that are attached to it, which it may be able to rewrite.
    pub(crate) own_policies: Vec<&'g EntityId>,
    statements: Vec<&'g Statement>,
    is_administrator_by_name: bool,
    pub(crate) boundary: Boundary<'g>,
}

/// What an identity can be allowed at most.
pub(crate) enum Boundary<'g> {
    None,
    Known(&'g Policy),
    Unknown(Unknown),
}

/// A statement that allows what was asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant<'g> {
    pub(crate) statement: &'g Statement,
    /// The action as written.
    pub(crate) action: Span,
    /// Whether it holds whatever the circumstances.
    pub(crate) is_sure: bool,
}

/// Every identity of AWS that is the author's to mend, and that is no boundary of others.
pub(crate) fn holders(graph: &AppGraph) -> Vec<Holder<'_>> {
    let boundaries: Vec<&EntityId> = graph
        .identities
        .iter()
        .flat_map(|identity| identity.boundary.known_values())
        .flat_map(|said| said.value.references().map(|reference| &reference.entity))
        .collect();
    let is_judged = |identity: &&Identity| {
        identity.kind != IdentityKind::ServiceAccount
            && !(identity.kind == IdentityKind::Policy && boundaries.contains(&&identity.entity.id))
    };
    graph.identities.iter().filter(is_judged).map(|identity| holder(graph, identity)).collect()
}

fn holder<'g>(graph: &'g AppGraph, identity: &'g Identity) -> Holder<'g> {
    let attached = || identity.attached.iter();
    let managed = attached().filter_map(|attached| attached.declared_by.as_ref());
    let mut own_policies: Vec<_> =
        managed.filter(|entity| is_managed(entity)).map(|entity| &entity.id).collect();
    if identity.kind == IdentityKind::Policy {
        own_policies.push(&identity.entity.id);
    }
    let runs_as = |function: &&Function| {
        let roles = graph.identities_of(function);
        roles.iter().any(|role| role.entity.id == identity.entity.id)
    };
    Holder {
        identity,
        functions: graph.functions.iter().filter(runs_as).collect(),
        own_policies,
        statements: attached().flat_map(|attached| &attached.policy.statements).collect(),
        is_administrator_by_name: identity.managed.iter().any(|managed| {
            let arn = managed.arn.value.with_holes("");
            let name = arn.rsplit('/').next().unwrap_or(&arn);
            managed.origin != AttachedOrigin::Generated && ADMINISTRATORS.contains(&name)
        }),
        boundary: boundary(graph, identity),
    }
}

fn boundary<'g>(graph: &'g AppGraph, identity: &'g Identity) -> Boundary<'g> {
    let mut found = Boundary::None;
    for case in identity.boundary.cases() {
        match case.value {
            // Under this condition nothing bounds it.
            Settled::Unset => return Boundary::None,
            Settled::Unknown(unknown) => return Boundary::Unknown(unknown.clone()),
            Settled::Known(said) => {
                let id = said.value.references().next().map(|reference| &reference.entity);
                match id.and_then(|id| declared(graph, id)) {
                    Some(policy) => found = Boundary::Known(policy),
                    None => {
                        let why = format!("the policy `{}` is not declared here", said.value);
                        return Boundary::Unknown(Unknown::new(why, said.span));
                    }
                }
            }
        }
    }
    found
}

/// The document of a managed policy.
fn declared<'g>(graph: &'g AppGraph, id: &EntityId) -> Option<&'g Policy> {
    graph.identities.iter().find_map(|identity| {
        let is_it = identity.kind == IdentityKind::Policy && identity.entity.id == *id;
        let mut attached = identity.attached.iter();
        attached.find_map(|attached| {
            let by = attached.declared_by.as_ref().is_some_and(|entity| entity.id == *id);
            (is_it || by).then_some(&attached.policy)
        })
    })
}

/// What answers depend on beside the holder.
pub(crate) struct World<'g> {
    pub(crate) names: Names<'g>,
}

impl<'g> World<'g> {
    pub(crate) fn new(graph: &'g AppGraph) -> Self {
        Self { names: Names::new(graph) }
    }
}

impl<'g> Holder<'g> {
    /// Whether nobody but the framework can change it.
    pub(crate) fn is_frameworks(&self) -> bool {
        let policies = self.identity.attached.iter();
        let mut authors = policies.filter_map(|attached| attached.declared_by.as_ref());
        self.identity.entity.owner == Owner::Framework
            && !authors.any(|entity| entity.owner == Owner::Author)
    }

    /// What the user calls it.
    pub(crate) fn name(&self) -> &'g str {
        let name = &self.identity.entity.name;
        match (self.identity.kind, self.functions.as_slice()) {
            (IdentityKind::GeneratedRole, [only]) => &only.entity.name,
            (IdentityKind::GeneratedRole, []) => name.strip_suffix("Role").unwrap_or(name),
            _ => name,
        }
    }

    /// Whether it can do everything already.
    pub(crate) fn is_administrator(&self, world: &World<'g>) -> bool {
        if self.is_administrator_by_name {
            return matches!(self.boundary, Boundary::None);
        }
        // A wildcard less what leads back to everything is worth a look.
        let needed = techniques().iter().flat_map(|technique| &technique.on_target);
        let needed = needed.map(String::as_str).filter(|action| action.starts_with("iam:"));
        std::iter::once(ANY_ACTION)
            .chain(needed)
            .all(|action| self.allows(world, action, ANY, &[]).is_some_and(|grant| grant.is_sure))
    }

    /// What the identity is asked beside the particular keys of a technique.
    fn context(&self, world: &World<'g>, keys: &[(&'static str, Option<String>)]) -> Context {
        let mut keys = keys.to_vec();
        let arn = world.names.arns(&self.identity.entity.id).first();
        if let Some(arn) = arn.filter(|_| self.identity.kind != IdentityKind::Policy) {
            keys.push(("aws:principalarn", Some(arn.clone())));
        }
        keys.push(("aws:securetransport", Some("true".to_owned())));
        Context { keys, day: day() }
    }

    /// The statement that allows an action on a resource, if nothing denies it for sure.
    pub(crate) fn allows(
        &self,
        world: &World<'g>,
        action: &str,
        resource: &str,
        keys: &[(&'static str, Option<String>)],
    ) -> Option<Grant<'g>> {
        let context = self.context(world, keys);
        let mut grant = self.decide(world, &self.statements, action, resource, &context)?;
        if let Boundary::Known(policy) = &self.boundary {
            let statements: Vec<&Statement> = policy.statements.iter().collect();
            let within = self.decide(world, &statements, action, resource, &context)?;
            grant.is_sure &= within.is_sure;
        }
        Some(grant)
    }

    fn decide<'s>(
        &self,
        world: &World<'g>,
        statements: &[&'s Statement],
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Option<Grant<'s>> {
        let spelled = |text: &_| world.names.spelled(text, Some(self.identity));
        let mut best: Option<Grant<'s>> = None;
        let mut is_denied_perhaps = false;
        for statement in statements {
            let Some(action) = speaks_of_action(statement, action) else { continue };
            let on_resource = speaks_of_resource(statement, resource, &spelled);
            let holds = hold(statement, context, &spelled).min(on_resource);
            let is_sure = holds == Holds::Yes;
            match (statement.effect, holds) {
                (_, Holds::No) => {}
                (Effect::Deny, Holds::Yes) if statement.when.is_none() => return None,
                (Effect::Deny, _) => is_denied_perhaps = true,
                // Where it is not known what the statement is on, nothing is made up.
                (Effect::Allow, _) if on_resource != Holds::Yes => {}
                (Effect::Allow, _) => {
                    if best.is_none_or(|best| is_sure && !best.is_sure) {
                        best = Some(Grant { statement, action, is_sure });
                    }
                }
            }
        }
        best.map(|grant| Grant { is_sure: grant.is_sure && !is_denied_perhaps, ..grant })
    }

    /// Resource patterns of the statements that allow an action, each with its place.
    pub(crate) fn patterns(&self, world: &World<'g>, action: &str) -> Vec<(String, Span)> {
        let mut patterns = Vec::new();
        for statement in &self.statements {
            let is_meant = statement.effect == Effect::Allow
                && statement.resources.listing == Listing::Only
                && speaks_of_action(statement, action).is_some();
            if is_meant {
                patterns.extend(statement.resources.patterns.iter().map(|said| {
                    (world.names.spelled(&said.value, Some(self.identity)).text, said.span)
                }));
            }
        }
        patterns
    }

    /// Managed policies that are not declared here and that let it do more than its own work.
    pub(crate) fn managed_names(&self) -> Vec<String> {
        let managed = self.identity.managed.iter();
        let written = managed.filter(|managed| managed.origin != AttachedOrigin::Generated);
        let names = written.map(|managed| {
            let arn = managed.arn.value.to_string();
            arn.rsplit('/').next().unwrap_or(&arn).to_owned()
        });
        names.filter(|name| !HARMLESS.contains(&name.as_str())).collect()
    }

    /// Whether a policy says anything at all about it.
    pub(crate) fn is_allowed_anything(&self) -> bool {
        self.statements.iter().any(|statement| statement.effect == Effect::Allow)
            || self.identity.trust.is_some()
    }

    /// Whether its boundary keeps anything from it.
    pub(crate) fn is_bounded_by(&self, world: &World<'g>, policy: &'g Policy) -> bool {
        let statements: Vec<&Statement> = policy.statements.iter().collect();
        let context = self.context(world, &[]);
        let asked = [ANY_ACTION, "iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"];
        let allowed =
            |action: &&str| self.decide(world, &statements, action, ANY, &context).is_some();
        !asked.iter().all(allowed)
    }

    /// Whether an action on a resource is denied for sure.
    pub(crate) fn denies(&self, world: &World<'g>, action: &str, resource: &str) -> bool {
        let context = self.context(world, &[]);
        let spelled = |text: &_| world.names.spelled(text, Some(self.identity));
        self.statements.iter().any(|statement| {
            statement.effect == Effect::Deny
                && statement.when.is_none()
                && speaks_of_action(statement, action).is_some()
                && speaks_of_resource(statement, resource, &spelled) == Holds::Yes
                && hold(statement, &context, &spelled) == Holds::Yes
        })
    }

    /// Actions and resources that it is allowed, one for each pattern.
    pub(crate) fn samples(&self, world: &World<'g>) -> Vec<(String, String)> {
        let sample = |patterns: &'g Patterns, any: &str| -> Vec<String> {
            if patterns.listing == Listing::AllExcept {
                return vec![any.to_owned()];
            }
            let spelled = patterns
                .patterns
                .iter()
                .map(|said| world.names.spelled(&said.value, Some(self.identity)).text);
            let instance = |text: String| match text.as_str() {
                "*" => any.to_owned(),
                text => text.replace('*', ANY),
            };
            spelled.map(instance).collect()
        };
        let mut samples = Vec::new();
        for statement in self.statements.iter().filter(|it| it.effect == Effect::Allow) {
            let resources = sample(&statement.resources, ANY);
            for action in sample(&statement.actions, ANY_ACTION) {
                let pairs = resources.iter().map(|resource| (action.clone(), resource.clone()));
                samples.extend(pairs);
            }
        }
        samples
    }
}

/// The place of the action that makes the statement speak of `action`.
fn speaks_of_action(statement: &Statement, action: &str) -> Option<Span> {
    let found = statement.actions.literals().find(|(pattern, _)| is_action(pattern, action));
    match (statement.actions.listing, found) {
        (Listing::Only, found) => found.map(|(_, said)| said.span),
        (Listing::AllExcept, Some(_)) => None,
        (Listing::AllExcept, None) => {
            Some(statement.actions.patterns.first().map_or(statement.span, |said| said.span))
        }
    }
}

fn speaks_of_resource(
    statement: &Statement,
    resource: &str,
    spelled: &dyn Fn(&text::PartialText) -> super::names::Spelled,
) -> Holds {
    let patterns = statement.resources.patterns.iter();
    let each = patterns.map(|said| {
        let spelled = spelled(&said.value);
        match iam::arn::resource_matches(&spelled.text, resource) {
            true if spelled.is_known => Holds::Yes,
            true => Holds::Perhaps,
            false => Holds::No,
        }
    });
    let unknowns = statement.resources.unknowns.iter().map(|_| Holds::Perhaps);
    let found = each.chain(unknowns).max().unwrap_or(Holds::No);
    match statement.resources.listing {
        Listing::Only => found,
        Listing::AllExcept => found.reversed(),
    }
}
