//! The ways by which one identity gets more than it has.

use std::collections::{BTreeSet, VecDeque};

use app_graph::{AppGraph, IdentityKind};
use text::{EntityId, Span};

use super::holders::{Boundary, Grant, Holder, World};
use super::names::ANY;
use super::techniques::{Kind, Technique, Yield, techniques};
use super::trust::{Trust, trusts, trusts_service};

/// One way, step by step.
#[derive(Debug, Clone)]
pub(crate) struct Path<'g> {
    pub(crate) technique: &'static Technique,
    pub(crate) target: Target<'g>,
    pub(crate) gain: Gain,
    /// Actions needed with what grants each, the one to take away first.
    pub(crate) steps: Vec<(String, Grant<'g>)>,
    /// What the target can do next, where that is what is gained.
    pub(crate) next: Option<Box<Path<'g>>>,
}

/// What a technique is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target<'g> {
    /// The holder itself, or a policy attached to it.
    Own,
    /// Whatever there is of the technique's kind.
    Any,
    /// An identity of the graph, by its position among the holders; and the function that runs as
    /// it, if that is how.
    Holder(usize, Option<&'g str>),
}

/// What is gained, the most last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gain {
    Nothing,
    /// Rights of an identity that the holder is meant to use.
    Intended,
    /// More than before: an action, as an example.
    More(String),
    /// The rights of something that is in no template.
    Undeclared,
    /// Everything.
    Administrator,
}

/// A target that is named and not declared here, so that nobody knows what it may do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Outside {
    pub(crate) span: Span,
    pub(crate) action: String,
}

/// What one identity can do by itself.
#[derive(Debug, Default)]
pub(crate) struct Ways<'g> {
    pub(crate) paths: Vec<Path<'g>>,
    pub(crate) outside: BTreeSet<Outside>,
}

/// The ways of every holder by itself, in the holders' order.
pub(crate) fn ways<'g>(
    graph: &'g AppGraph,
    world: &World<'g>,
    holders: &[Holder<'g>],
) -> Vec<Ways<'g>> {
    let administrators: Vec<bool> =
        holders.iter().map(|holder| holder.is_administrator(world)).collect();
    let mut all = Vec::new();
    for (at, holder) in holders.iter().enumerate() {
        let mut ways = Ways::default();
        if administrators.get(at) != Some(&true) && holder.is_allowed_anything() {
            let search = Search { graph, world, holders, administrators: &administrators, at };
            for technique in techniques() {
                search.apply(holder, technique, &mut ways);
            }
            search.rewrite_taken(holder, &mut ways);
        }
        all.push(ways);
    }
    all
}

/// The way over other identities to one that can become an administrator, if there is one.
pub(crate) fn chain<'g>(all: &[Ways<'g>], from: usize) -> Option<Path<'g>> {
    let mut seen = BTreeSet::from([from]);
    let mut queue: VecDeque<Vec<&Path<'g>>> = VecDeque::from([Vec::new()]);
    while let Some(steps) = queue.pop_front() {
        let at = match steps.last().map(|path| path.target) {
            None => from,
            Some(Target::Holder(at, _)) => at,
            Some(_) => continue,
        };
        let paths = all.get(at).map_or(&[] as &[Path<'g>], |ways| ways.paths.as_slice());
        if let Some(end) = paths.iter().find(|path| path.gain == Gain::Administrator)
            && !steps.is_empty()
        {
            return joined(&steps, end);
        }
        for path in paths.iter().filter(|path| path.technique.yields == Yield::Taken) {
            if let Target::Holder(next, _) = path.target
                && seen.insert(next)
            {
                let mut steps = steps.clone();
                steps.push(path);
                queue.push_back(steps);
            }
        }
    }
    None
}

fn joined<'g>(steps: &[&Path<'g>], end: &Path<'g>) -> Option<Path<'g>> {
    let mut whole = end.clone();
    for step in steps.iter().rev() {
        let next = Some(Box::new(whole));
        whole = Path { gain: Gain::Administrator, next, ..(*step).clone() };
    }
    Some(whole)
}

/// Asks what one holder can do.
struct Search<'a, 'g> {
    graph: &'g AppGraph,
    world: &'a World<'g>,
    holders: &'a [Holder<'g>],
    administrators: &'a [bool],
    at: usize,
}

type Keys = Vec<(&'static str, Option<String>)>;

impl<'g> Search<'_, 'g> {
    fn apply(&self, holder: &Holder<'g>, technique: &'static Technique, ways: &mut Ways<'g>) {
        let Some(beside) = self.needed_beside(holder, technique) else { return };
        let path = |target, gain, mut steps: Vec<_>| {
            steps.extend(beside.iter().cloned());
            Path { technique, target, gain, steps, next: None }
        };
        if technique.yields == Yield::Rewritten
            && let Some(steps) = self.own(holder).iter().find_map(|arn| {
                let is_kind = arn.contains(&format!(":{}/", kind_in_arn(technique.target)));
                if is_kind { self.on(holder, technique, holder, arn) } else { None }
            })
        {
            if !self.is_bounded(holder) {
                ways.paths.push(path(Target::Own, Gain::Administrator, steps));
            }
            return;
        }
        let anything = technique.target.arn(technique, ANY);
        if let Some(steps) = self.on(holder, technique, holder, &anything) {
            ways.paths.push(path(Target::Any, Gain::Undeclared, steps));
            return;
        }
        if technique.yields == Yield::Taken {
            for (at, function, arn) in self.candidates(technique.target) {
                let Some(target) = self.holders.get(at) else { continue };
                let Some((steps, gain)) = self.take(holder, technique, at, target, &arn) else {
                    continue;
                };
                ways.paths.push(path(Target::Holder(at, function), gain, steps));
            }
        }
        self.note_outside(holder, technique, ways);
    }

    /// What grants the actions that are needed on anything of their service.
    fn needed_beside(
        &self,
        holder: &Holder<'g>,
        technique: &Technique,
    ) -> Option<Vec<(String, Grant<'g>)>> {
        let mut found = Vec::new();
        for alternatives in &technique.and {
            let one = alternatives.split(" or ").find_map(|action| {
                let grant = self.anywhere(holder, action)?;
                Some((action.to_owned(), grant))
            });
            found.push(one?);
        }
        Some(found)
    }

    fn anywhere(&self, holder: &Holder<'g>, action: &str) -> Option<Grant<'g>> {
        let service = action.split(':').next().unwrap_or_default();
        if let Some(grant) = holder.allows(self.world, action, ANY, &[]) {
            return Some(grant);
        }
        let patterns = holder.patterns(self.world, action).into_iter();
        let mut resources = patterns
            .filter(|(text, _)| {
                iam::arn::Arn::parse(text).is_some_and(|arn| arn.service == service)
            })
            .map(|(text, _)| text.replace('*', ANY));
        resources.find_map(|resource| holder.allows(self.world, action, &resource, &[]))
    }

    /// What grants all actions needed on a target.
    fn on(
        &self,
        holder: &Holder<'g>,
        technique: &Technique,
        target: &Holder<'g>,
        arn: &str,
    ) -> Option<Vec<(String, Grant<'g>)>> {
        let keys = self.keys(technique, target);
        let grant = |action: &String| {
            Some((action.clone(), holder.allows(self.world, action, arn, &keys)?))
        };
        technique.on_target.iter().map(grant).collect()
    }

    /// What the request would carry.
    fn keys(&self, technique: &Technique, target: &Holder<'g>) -> Keys {
        let mut keys = Keys::new();
        if let Some(service) = &technique.service {
            keys.push(("iam:passedtoservice", Some(service.clone())));
        }
        if technique.id.starts_with("attach-") {
            let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
            keys.push(("iam:policyarn", Some(administrator.to_owned())));
        }
        if technique.yields == Yield::Rewritten {
            let bounds = target.identity.boundary.known_values().next();
            let bound = bounds.map(|said| self.world.names.spelled(&said.value, None).text);
            keys.push(("iam:permissionsboundary", bound));
        }
        keys
    }

    /// The ARNs of the holder and of the policies that are attached to it.
    fn own(&self, holder: &Holder<'g>) -> Vec<String> {
        let mut arns = Vec::new();
        if holder.identity.kind != IdentityKind::Policy {
            arns.extend_from_slice(self.world.names.arns(&holder.identity.entity.id));
        }
        for policy in &holder.own_policies {
            arns.extend_from_slice(self.world.names.arns(policy));
        }
        arns
    }

    /// Whether a boundary holds whatever the holder writes into its policies.
    fn is_bounded(&self, holder: &Holder<'g>) -> bool {
        let Boundary::Known(policy) = &holder.boundary else { return false };
        let bounds = holder.is_bounded_by(self.world, policy);
        let can_remove = [
            "iam:DeleteRolePermissionsBoundary",
            "iam:PutRolePermissionsBoundary",
            "iam:DeleteUserPermissionsBoundary",
            "iam:PutUserPermissionsBoundary",
        ]
        .iter()
        .any(|action| {
            let kind = if action.contains("Role") { ":role/" } else { ":user/" };
            let own = self.own(holder);
            let mut arns = own.iter().filter(|arn| arn.contains(kind));
            arns.any(|arn| holder.allows(self.world, action, arn, &[]).is_some())
        });
        bounds && !can_remove
    }

    /// Everything of a kind in the graph: the holder gained, the function it is gained by, its ARN.
    fn candidates(&self, kind: Kind) -> Vec<(usize, Option<&'g str>, String)> {
        let mut found = Vec::new();
        for (at, holder) in self.holders.iter().enumerate().filter(|(at, _)| *at != self.at) {
            let id = &holder.identity.entity.id;
            let wanted = format!(":{}/", kind_in_arn(kind));
            let arns = self.world.names.arns(id).iter();
            match kind {
                Kind::Function => {
                    for function in &holder.functions {
                        let arns = self.world.names.arns(&function.entity.id).iter();
                        let name = Some(function.entity.name.as_str());
                        found.extend(arns.map(|arn| (at, name, arn.clone())));
                    }
                }
                Kind::Role | Kind::User | Kind::Group => {
                    let arns = arns.filter(|arn| arn.contains(&wanted));
                    found.extend(arns.map(|arn| (at, None, arn.clone())));
                }
                Kind::Policy | Kind::Workload => {}
            }
        }
        found
    }

    /// What acting as `target` takes and gives.
    fn take(
        &self,
        holder: &Holder<'g>,
        technique: &Technique,
        at: usize,
        target: &Holder<'g>,
        arn: &str,
    ) -> Option<(Vec<(String, Grant<'g>)>, Gain)> {
        let granted = self.on(holder, technique, holder, arn);
        let gain = || self.gain(holder, at, target);
        if let Some(service) = &technique.service {
            return match trusts_service(target.identity, service) {
                true => Some((granted?, gain())),
                false => None,
            };
        }
        if technique.id != "assume-role" {
            return Some((granted?, gain()));
        }
        let (trust, statement) = trusts(self.world, target.identity, holder.identity)?;
        let steps = match (granted, trust) {
            (Some(steps), _) => steps,
            // Named by its own ARN it needs no policy of its own, in the same account.
            (None, Trust::Itself) if !holder.denies(self.world, "sts:AssumeRole", arn) => {
                let grant = Grant { statement, action: statement.span, is_sure: true };
                vec![("sts:AssumeRole".to_owned(), grant)]
            }
            _ => return None,
        };
        // Whoever lets it in by name means it to have these rights, if not all.
        Some((
            steps,
            match gain() {
                Gain::More(_) => Gain::Intended,
                gain => gain,
            },
        ))
    }

    fn gain(&self, holder: &Holder<'g>, at: usize, target: &Holder<'g>) -> Gain {
        if self.administrators.get(at) == Some(&true) {
            return Gain::Administrator;
        }
        let is_more = |(action, resource): &(String, String)| {
            !["logs:", "xray:"].iter().any(|mild| action.starts_with(mild))
                && target.allows(self.world, action, resource, &[]).is_some()
                && holder.allows(self.world, action, resource, &[]).is_none()
        };
        match target.samples(self.world).into_iter().find(is_more) {
            Some((action, _)) => Gain::More(action.replace(ANY, "*")),
            None => {
                let own = holder.managed_names();
                let mut theirs = target.managed_names().into_iter();
                let more = theirs.find(|name| !own.contains(name));
                more.map_or(Gain::Nothing, Gain::More)
            }
        }
    }

    /// Other identities that the holder can act as, and whose policies it can write.
    fn rewrite_taken(&self, holder: &Holder<'g>, ways: &mut Ways<'g>) {
        let taken: Vec<usize> = ways
            .paths
            .iter()
            .filter_map(|path| match path.target {
                Target::Holder(at, _) => Some(at),
                _ => None,
            })
            .collect();
        for technique in techniques().iter().filter(|it| it.yields == Yield::Rewritten) {
            for at in &taken {
                let Some(target) = self.holders.get(*at) else { continue };
                let wanted = format!(":{}/", kind_in_arn(technique.target));
                let arns = self.own(target);
                let mut arns = arns.iter().filter(|arn| arn.contains(&wanted));
                let steps = arns.find_map(|arn| self.on(holder, technique, target, arn));
                let known = ways.paths.iter().any(|path| path.technique.id == technique.id);
                if let Some(steps) = steps.filter(|_| !known && !self.is_bounded(target)) {
                    let target = Target::Holder(*at, None);
                    let gain = Gain::Administrator;
                    ways.paths.push(Path { technique, target, gain, steps, next: None });
                }
            }
        }
    }

    /// Takes note of targets that are named and not declared here.
    fn note_outside(&self, holder: &Holder<'g>, technique: &Technique, ways: &mut Ways<'g>) {
        let [first, rest @ ..] = technique.on_target.as_slice() else { return };
        if rest.iter().any(|action| self.anywhere(holder, action).is_none()) {
            return;
        }
        let keys = self.keys(technique, holder);
        for (text, span) in holder.patterns(self.world, first) {
            let resource = text.replace('*', ANY);
            let wanted = technique.target.arn(technique, "");
            let is_kind = resource.starts_with("arn:")
                && iam::arn::Arn::parse(&wanted).zip(iam::arn::Arn::parse(&resource)).is_some_and(
                    |(wanted, found)| {
                        wanted.service == found.service
                            && !found.account.starts_with("aws")
                            && found.resource.starts_with(wanted.resource)
                    },
                );
            if is_kind
                && !self.is_declared(&resource, &text)
                && holder.allows(self.world, first, &resource, &keys).is_some()
            {
                ways.outside.insert(Outside { span, action: first.clone() });
            }
        }
    }

    /// Whether something of the graph is meant by a pattern.
    fn is_declared(&self, resource: &str, pattern: &str) -> bool {
        let ids: Vec<&EntityId> = self.graph.entities().map(|entity| &entity.id).collect();
        let mut arns = ids.into_iter().flat_map(|id| self.world.names.arns(id));
        arns.any(|arn| arn == resource || iam::arn::resource_matches(pattern, arn))
    }
}

/// The word for a kind in ARNs of IAM.
fn kind_in_arn(kind: Kind) -> &'static str {
    match kind {
        Kind::Role => "role",
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Policy => "policy",
        Kind::Function | Kind::Workload => "",
    }
}
