use std::collections::BTreeMap;

use app_graph::{AppGraph, Arns, Entity, Function};
use iam::arn::Arn;
use iam::pattern::{Case, wildcard_matches};
use text::{EntityId, Part, PartialText, Pseudo, Setting};

use crate::{Activity, Caller, Event, Observation, Outcome, UnknownEvent, Unmatched};

/// Records that are kept for each observation.
const MOST_EVIDENCE: usize = 3;

/// Resources of one function and action that are kept apart; beyond that, those of one bucket,
/// table or path count as one.
const MOST_RESOURCES: usize = 1_000;

/// Callers without a function that are told one by one.
const MOST_CALLERS: usize = 1_000;

/// Joins what logs say to the functions of a graph, one event after the other.
///
/// A Lambda function's session of its role has the function's name: that decides, and the role
/// where several functions may have the name. Source: Lambda developer guide, "Lambda execution
/// role"; CloudTrail user guide, "CloudTrail userIdentity element".
pub struct Join<'g> {
    graph: &'g AppGraph,
    arns: &'g Arns<'g>,
    callers: BTreeMap<Caller, Result<EntityId, String>>,
    used: BTreeMap<(EntityId, String), BTreeMap<PartialText, Observation>>,
    unknown: BTreeMap<(EntityId, String, String), UnknownEvent>,
    unmatched: BTreeMap<Caller, Unmatched>,
    untold: u64,
}

/// What logs say of a graph's functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Each function of which something is known, in the graph's order.
    pub activities: Vec<Activity>,
    /// Callers that are no function of the graph, or may be several.
    pub unmatched: Vec<Unmatched>,
    /// Events of further such callers.
    pub untold: u64,
}

impl<'g> Join<'g> {
    /// Begins with nothing.
    pub fn new(graph: &'g AppGraph, arns: &'g Arns<'g>) -> Self {
        Self {
            graph,
            arns,
            callers: BTreeMap::new(),
            used: BTreeMap::new(),
            unknown: BTreeMap::new(),
            unmatched: BTreeMap::new(),
            untold: 0,
        }
    }

    /// Takes note of an event.
    pub fn add(&mut self, event: &Event) {
        let found = match self.callers.get(&event.caller) {
            Some(found) => found.clone(),
            None => {
                let found = function_of(self.graph, &event.caller);
                if self.callers.len() < MOST_CALLERS {
                    self.callers.insert(event.caller.clone(), found.clone());
                }
                found
            }
        };
        match found {
            Ok(function) => self.note(&function, event),
            Err(reason) => self.note_unmatched(event, reason),
        }
    }

    fn note_unmatched(&mut self, event: &Event, reason: String) {
        if self.unmatched.len() >= MOST_CALLERS && !self.unmatched.contains_key(&event.caller) {
            self.untold += 1;
            return;
        }
        let new = || Unmatched {
            caller: event.caller.clone(),
            reason,
            count: 0,
            evidence: event.place.clone(),
        };
        self.unmatched.entry(event.caller.clone()).or_insert_with(new).count += 1;
    }

    fn note(&mut self, function: &EntityId, event: &Event) {
        let needs = match &event.needs {
            Ok(needs) => needs,
            Err(reason) => {
                let key = (function.clone(), event.source.clone(), event.name.clone());
                let new = || UnknownEvent {
                    source: event.source.clone(),
                    name: event.name.clone(),
                    reason: reason.clone(),
                    count: 0,
                    evidence: event.place.clone(),
                };
                self.unknown.entry(key).or_insert_with(new).count += 1;
                return;
            }
        };
        let (permitted, denied) = match event.outcome {
            Outcome::Permitted => (1, 0),
            Outcome::Denied(_) => (0, 1),
            Outcome::Rejected(_) => return,
        };
        for need in needs {
            let used = self.used.entry((function.clone(), need.action.clone())).or_default();
            let mut arn = need.resource.clone();
            if used.len() >= MOST_RESOURCES && !used.contains_key(&arn) {
                arn = container(&arn);
            }
            let new = |arn: &PartialText| Observation {
                action: need.action.clone(),
                arn: arn.clone(),
                resource: spelled(self.graph, self.arns, arn, event),
                permitted: 0,
                denied: 0,
                first: event.time.clone(),
                last: event.time.clone(),
                evidence: Vec::new(),
            };
            let observation = used.entry(arn).or_insert_with_key(new);
            observation.permitted += permitted;
            observation.denied += denied;
            if event.time < observation.first {
                observation.first.clone_from(&event.time);
            }
            if event.time > observation.last {
                observation.last.clone_from(&event.time);
            }
            if observation.evidence.len() < MOST_EVIDENCE {
                observation.evidence.push(event.place.clone());
            }
        }
    }

    /// Ends.
    pub fn finish(self) -> Joined {
        let Self { graph, used, unknown, unmatched, untold, .. } = self;
        let mut activities = Vec::new();
        for function in &graph.functions {
            let id = &function.entity.id;
            let own = used.iter().filter(|((function, _), _)| function == id);
            let observations = own.flat_map(|(_, by_arn)| by_arn.values().cloned()).collect();
            let own = unknown.iter().filter(|((function, ..), _)| function == id);
            let unknown = own.map(|(_, event)| event.clone()).collect();
            let activity = Activity { function: id.clone(), observations, unknown };
            if !activity.observations.is_empty() || !activity.unknown.is_empty() {
                activities.push(activity);
            }
        }
        Joined { activities, unmatched: unmatched.into_values().collect(), untold }
    }
}

/// The function that a caller is, or why there is none.
fn function_of(graph: &AppGraph, caller: &Caller) -> Result<EntityId, String> {
    let (Some(role), Some(session)) = (&caller.role, &caller.session) else {
        return Err("it is no session of a role".to_owned());
    };
    let has_role = |function: &&Function| {
        let roles = graph.identities_of(function);
        roles.iter().any(|identity| is_named(&identity.name, &identity.entity, role))
    };
    let named = |likeness: Likeness| -> Vec<&Function> {
        let functions = graph.functions.iter();
        functions
            .filter(|it| likeness_of(&it.function_name, &it.entity, session) == likeness)
            .collect()
    };
    let surely = named(Likeness::Same);
    let perhaps = named(Likeness::Perhaps);
    let by_name = if surely.is_empty() { perhaps } else { surely };
    let both: Vec<&Function> = by_name.iter().copied().filter(|it| has_role(it)).collect();
    match (both.as_slice(), by_name.as_slice()) {
        ([only], _) | ([], [only]) => return Ok(only.entity.id.clone()),
        ([], []) => {}
        (several, all) => {
            let several = if several.is_empty() { all } else { several };
            return Err(format!("it may be {}", listed(several)));
        }
    }
    let by_role: Vec<&Function> = graph.functions.iter().filter(has_role).collect();
    match by_role.as_slice() {
        [] => Err("no function has this name or runs as this role".to_owned()),
        // Whoever may assume the role has its name too: only the session tells them apart.
        several => Err(format!("the role is that of {}, the session is not", listed(several))),
    }
}

fn listed(functions: &[&Function]) -> String {
    let names = functions.iter().map(|function| format!("`{}`", function.entity.name));
    let mut names: Vec<String> = names.collect();
    names.dedup();
    names.join(" or ")
}

/// How much a deployed name is like a declared one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likeness {
    None,
    Perhaps,
    Same,
}

fn is_named(declared: &Setting<PartialText>, entity: &Entity, deployed: &str) -> bool {
    likeness_of(declared, entity, deployed) > Likeness::None
}

fn likeness_of(declared: &Setting<PartialText>, entity: &Entity, deployed: &str) -> Likeness {
    let known = declared.known_values().map(|said| match said.value.literal() {
        Some(name) if name == deployed => Likeness::Same,
        Some(_) => Likeness::None,
        None => match wildcard_matches(&said.value.with_holes("*"), deployed, Case::Sensitive)
            && said.value.with_holes("").len() > 1
        {
            true => Likeness::Perhaps,
            false => Likeness::None,
        },
    });
    let best = known.max().unwrap_or(Likeness::None);
    let is_made_up = declared.single().is_none() && is_generated(entity, deployed);
    if is_made_up { best.max(Likeness::Perhaps) } else { best }
}

/// Whether a name is what CloudFormation makes up for an entity: the stack's name, the logical id,
/// perhaps cut, and 12 or more random letters and digits.
///
/// Source: AWS CloudFormation user guide, "Name type".
fn is_generated(entity: &Entity, deployed: &str) -> bool {
    let id = entity.id.as_str();
    let logical = id.rsplit('/').next().unwrap_or(id);
    let Some((rest, random)) = deployed.rsplit_once('-') else { return false };
    let is_random = random.len() >= 8 && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let Some((_, middle)) = rest.rsplit_once('-') else { return false };
    let is_cut = deployed.len() >= 60 && middle.len() >= 8 && logical.starts_with(middle);
    is_random && (middle == logical || is_cut)
}

/// An ARN of a log in the spelling of [`Arns`]: without the account and region deployed into, and
/// by reference where the platform made up the name.
fn spelled(graph: &AppGraph, arns: &Arns<'_>, arn: &PartialText, event: &Event) -> PartialText {
    let Some(Part::Literal(first)) = arn.parts().first() else { return arn.clone() };
    let Some(parsed) = Arn::parse(first) else { return arn.clone() };
    let mut spelled = PartialText::known(format!("arn:aws:{}:", parsed.service));
    spelled.push(match parsed.region {
        region if !region.is_empty() && region == event.region => Part::Pseudo(Pseudo::Region),
        region => Part::Literal(region.to_owned()),
    });
    spelled.push(Part::Literal(":".to_owned()));
    spelled.push(match parsed.account {
        account if !account.is_empty() && account == event.account => Part::Pseudo(Pseudo::Account),
        account => Part::Literal(account.to_owned()),
    });
    spelled.push(Part::Literal(format!(":{}", parsed.resource)));
    arn.parts().iter().skip(1).for_each(|part| spelled.push(part.clone()));
    made_up(graph, arns, &spelled).unwrap_or(spelled)
}

/// The ARN of an entity whose name the platform makes up, with what stands behind it.
fn made_up(graph: &AppGraph, arns: &Arns<'_>, spelled: &PartialText) -> Option<PartialText> {
    let text = spelled.with_holes("\u{0}");
    let mut found: Vec<PartialText> = Vec::new();
    for entity in graph.entities() {
        let Some(own) = arns.of(&entity.id) else { continue };
        let [begin @ .., Part::Reference(reference)] = own.parts() else { continue };
        if reference.entity != entity.id {
            continue;
        }
        let mut prefix = PartialText::default();
        begin.iter().for_each(|part| prefix.push(part.clone()));
        let Some(rest) = text.strip_prefix(&prefix.with_holes("\u{0}")) else { continue };
        let end = rest.find(['/', ':']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let lower = entity.id.as_str().to_lowercase();
        let logical = lower.rsplit('/').next().unwrap_or(&lower);
        // Buckets have their names in lower case, and the random end is joined by a dash too.
        let is_bucket = is_generated_lower(logical, name);
        if is_generated(entity, name) || is_bucket {
            let mut arn = own.clone();
            arn.push(Part::Literal(behind.to_owned()));
            found.push(arn);
        }
    }
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn is_generated_lower(logical: &str, deployed: &str) -> bool {
    let Some((rest, random)) = deployed.rsplit_once('-') else { return false };
    let middle = rest.rsplit_once('-').map(|(_, middle)| middle);
    random.len() >= 8 && middle == Some(logical)
}

/// What holds a resource: everything in the bucket, table or path.
fn container(arn: &PartialText) -> PartialText {
    let Some(text) = arn.literal() else { return arn.clone() };
    match text.split_once('/') {
        Some((before, _)) => PartialText::known(format!("{before}/*")),
        None => PartialText::known("*"),
    }
}
