//! Which functions are given their least role, each with its proof.

use std::collections::{BTreeMap, BTreeSet};

use app_graph::{AppGraph, Function};
use finding::Edit;
use iam::Policy;
use iam::containment::{Counterexample, within};
use profile::{Coverage, Profile, Role};
use templates::{Files, Options, Reading};
use text::{EntityId, Loss, Problem, Sources};

use crate::access::{Access, Speech};
use crate::apply::apply;

/// What is to be written, and what became of each function.
#[derive(Debug, Default)]
pub struct Plan {
    /// Old and new text of each file that changes, by its path as shown to the user.
    pub files: BTreeMap<String, (String, String)>,
    /// What became of each function that has a role to be given.
    pub outcomes: Vec<Outcome>,
}

/// What became of one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Index of its application.
    pub application: usize,
    /// The function.
    pub function: EntityId,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a function's permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// They are narrowed to the least role: proven to be no more than before, and enough.
    Narrowed,
    /// They are the least already.
    Least,
    /// They are left as they are, and why.
    Left(String),
}

/// The least role of each function, or why it is not to be narrowed.
pub type Wanted = BTreeMap<EntityId, Result<Role, String>>;

/// What the files were read as before.
#[derive(Debug, Clone, Copy)]
pub struct Old<'a> {
    /// The applications.
    pub applications: &'a [AppGraph],
    /// What was wrong.
    pub problems: &'a [Problem],
}

/// Whether functions are narrowed that call what could not be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// They are left as they are.
    Refused,
    /// They are narrowed to what is known, by their author's word.
    Accepted,
}

/// The least role of a function, unless its profile may not hold all that it needs.
pub fn wanted(profile: &Profile, role: &Role, unresolved: Unresolved) -> Result<Role, String> {
    match &profile.behaviour.coverage {
        Coverage::Read(_) => {}
        Coverage::NotRead(why) => return Err(format!("its code was not read: {why}")),
        Coverage::Unsupported(language) => return Err(format!("no reader reads `{language}`")),
    }
    let open = &profile.behaviour.unresolved;
    match (open.first(), unresolved) {
        (Some(first), Unresolved::Refused) => Err(match open.len() {
            1 => format!("`{}` is not resolved: {}", first.call, first.reason),
            count => format!(
                "`{}` is not resolved: {}; and {} more",
                first.call,
                first.reason,
                count - 1
            ),
        }),
        _ => Ok(role.clone()),
    }
}

/// Plans to give each function the role wanted for it; `wanted` has a map for each application.
///
/// Whatever is written was read again first: nobody may do more than before, everyone may do what
/// their role says, and nothing else changed. A function of which one of these is not proven is left
/// as it is, with the reason.
pub fn plan(files: &Files, options: &Options, old: Old<'_>, wanted: &[Wanted]) -> Plan {
    let sources = files.sources();
    let mut plan = Plan::default();
    let mut candidates = Vec::new();
    for (application, (graph, wanted)) in old.applications.iter().zip(wanted).enumerate() {
        let speech = Speech::new(graph);
        let mut due = BTreeMap::new();
        for (id, role) in wanted {
            let Some(function) = graph.function(id) else { continue };
            let role = match role {
                Ok(role) => role,
                Err(why) => {
                    let fate = Fate::Left(why.clone());
                    plan.outcomes.push(Outcome { application, function: id.clone(), fate });
                    continue;
                }
            };
            let access = speech.access(function);
            let fate = match judge(&speech, function, &access, role) {
                Ok(true) => Fate::Least,
                Ok(false) => {
                    due.insert(id.clone(), needed(&speech, &access, role));
                    continue;
                }
                Err(why) => Fate::Left(why),
            };
            plan.outcomes.push(Outcome { application, function: id.clone(), fate });
        }
        for change in crate::edits(graph, &sources, &due) {
            let function = change.function;
            match change.edits {
                Ok(edits) => candidates.push(Candidate { application, function, edits }),
                Err(why) => {
                    let fate = Fate::Left(why);
                    plan.outcomes.push(Outcome { application, function, fate });
                }
            }
        }
    }
    let context = Context { files, options, old, wanted, sources: &sources };
    settle(&context, candidates, &mut plan);
    plan.outcomes.sort_by(|first, second| {
        (first.application, &first.function).cmp(&(second.application, &second.function))
    });
    plan
}

/// Whether a function has the least role already; an error says why it is not narrowed.
fn judge(
    speech: &Speech<'_>,
    function: &Function,
    access: &Access,
    role: &Role,
) -> Result<bool, String> {
    let identities = speech.graph.identities_of(function);
    if identities.is_empty() {
        // Whoever makes the edits says why there is nothing to compare.
        return Ok(false);
    }
    let wanted = speech.role(role);
    let platform: Vec<&Policy> = access.platform.iter().collect();
    let is_shared = identities.iter().any(|identity| {
        let users = speech.graph.functions.iter().filter(|other| {
            let own = speech.graph.identities_of(other);
            own.iter().any(|own| own.entity.id == identity.entity.id)
        });
        users.count() > 1
    });
    let mut least = vec![&wanted];
    least.extend(&platform);
    let is_least = access.unread.is_empty() && within(&access.all(), &least).is_ok();
    is_granted(access, &wanted)?;
    Ok(is_least && (!is_shared || access.policies.is_empty()))
}

/// The role without what the managed policies that stay allow anyway.
fn needed(speech: &Speech<'_>, access: &Access, role: &Role) -> Role {
    let stays: Vec<&Policy> = access.basics.iter().collect();
    let is_left = |grant: &&profile::Grant| {
        let alone = speech.role(&Role { grants: vec![(*grant).clone()] });
        within(&[&alone], &stays).is_err()
    };
    Role { grants: role.grants.iter().filter(is_left).cloned().collect() }
}

/// That everything a role allows is allowed today; an error names what is not.
fn is_granted(access: &Access, wanted: &Policy) -> Result<(), String> {
    let certain = access.certain();
    let certain: Vec<&Policy> = certain.iter().collect();
    let Err(found) = within(&[wanted], &certain) else { return Ok(()) };
    if let Some(unread) = access.unread.first() {
        return Err(format!("what `{unread}` allows is not known: it cannot be compared"));
    }
    if let Some(why) = &access.unknown {
        return Err(format!("a part of its policies is not known: {why}"));
    }
    Err(match &found.doubt {
        Some(doubt) => format!("its policies cannot be compared: {}", doubt.why),
        None => format!("it needs {}, which it is not granted today", shown(&found)),
    })
}

fn shown(found: &Counterexample) -> String {
    format!("`{}` on `{}`", found.action, found.resource)
}

struct Candidate {
    application: usize,
    function: EntityId,
    edits: Vec<Edit>,
}

struct Context<'a> {
    files: &'a Files,
    options: &'a Options,
    old: Old<'a>,
    wanted: &'a [Wanted],
    sources: &'a Sources,
}

/// Takes the candidates that can be written together and hold when read again.
fn settle(context: &Context<'_>, candidates: Vec<Candidate>, plan: &mut Plan) {
    let mut accepted: Vec<Candidate> = Vec::new();
    let mut edits: Vec<Edit> = Vec::new();
    for mut candidate in candidates {
        let sources = context.sources;
        candidate.edits.retain(|edit| {
            sources.of(edit.span).is_none_or(|source| source.slice(edit.span) != edit.replacement)
        });
        if candidate.edits.is_empty() {
            // It says the same as the role, as far as the format can.
            let Candidate { application, function, .. } = candidate;
            plan.outcomes.push(Outcome { application, function, fate: Fate::Least });
            continue;
        }
        let together: Vec<Edit> = edits.iter().chain(&candidate.edits).cloned().collect();
        match apply(context.sources, &together) {
            Ok(_) => {
                edits = together;
                accepted.push(candidate);
            }
            Err(why) => plan.leave(candidate, why),
        }
    }
    while !accepted.is_empty() {
        let edits: Vec<Edit> = accepted.iter().flat_map(|own| own.edits.iter().cloned()).collect();
        let refused = match written(context, &edits) {
            Ok((files, again)) => match refused(context, &accepted, &again) {
                refused if refused.is_empty() => {
                    plan.files = files;
                    for candidate in accepted.drain(..) {
                        let Candidate { application, function, .. } = candidate;
                        let fate = Fate::Narrowed;
                        plan.outcomes.push(Outcome { application, function, fate });
                    }
                    return;
                }
                refused => refused,
            },
            Err(why) => (0..accepted.len()).map(|index| (index, why.clone())).collect(),
        };
        for (index, candidate) in std::mem::take(&mut accepted).into_iter().enumerate() {
            match refused.get(&index) {
                Some(why) => plan.leave(candidate, why.clone()),
                None => accepted.push(candidate),
            }
        }
    }
}

impl Plan {
    fn leave(&mut self, candidate: Candidate, why: String) {
        let Candidate { application, function, .. } = candidate;
        self.outcomes.push(Outcome { application, function, fate: Fate::Left(why) });
    }
}

type Texts = BTreeMap<String, (String, String)>;

/// The new texts, and what they are read as.
fn written(context: &Context<'_>, edits: &[Edit]) -> Result<(Texts, Reading), String> {
    let mut files = BTreeMap::new();
    let mut changed = Vec::new();
    for (id, text) in apply(context.sources, edits)? {
        let source = context.sources.get(id).ok_or("a file is gone")?;
        let path = context.files.path_of(&source.path).ok_or("a file lies elsewhere")?;
        changed.push((path.to_owned(), text.clone()));
        files.insert(source.path.clone(), (source.text.clone(), text));
    }
    let again = templates::read(&context.files.changed(changed), context.options);
    let lost = |problems: &[Problem]| {
        problems.iter().filter(|problem| problem.loss == Loss::Incomplete).count()
    };
    if lost(&again.problems) > lost(context.old.problems) {
        return Err("the new text cannot be read back".to_owned());
    }
    Ok((files, again))
}

/// The candidates, by number, of which the new text does not prove what it should.
fn refused(
    context: &Context<'_>,
    accepted: &[Candidate],
    again: &Reading,
) -> BTreeMap<usize, String> {
    let mut refused = BTreeMap::new();
    for (application, old) in context.old.applications.iter().enumerate() {
        let own: BTreeSet<&EntityId> = accepted
            .iter()
            .filter(|candidate| candidate.application == application)
            .map(|candidate| &candidate.function)
            .collect();
        let same = |graph: &&AppGraph| graph.root == old.root && graph.name == old.name;
        let Some(new) = again.applications.iter().find(same) else {
            for (index, candidate) in accepted.iter().enumerate() {
                if candidate.application == application {
                    refused.insert(index, "the new text is another application".to_owned());
                }
            }
            continue;
        };
        let (before, after) = (Speech::new(old), Speech::new(new));
        let disturbed = disturbed(&before, &after, &own);
        for (index, candidate) in accepted.iter().enumerate() {
            if candidate.application != application {
                continue;
            }
            let wanted = context.wanted.get(application);
            let role = wanted.and_then(|own| own.get(&candidate.function)?.as_ref().ok());
            let proven = match (&disturbed, role) {
                (Some(other), _) => Err(format!("`{other}` would change too")),
                (None, Some(role)) => proven(&before, &after, &candidate.function, role),
                (None, None) => Err("it has no role".to_owned()),
            };
            if let Err(why) = proven {
                refused.insert(index, why);
            }
        }
    }
    refused
}

/// That a function may do no more than before, and all that its role says.
fn proven(
    before: &Speech<'_>,
    after: &Speech<'_>,
    function: &EntityId,
    role: &Role,
) -> Result<(), String> {
    let own = |speech: &Speech<'_>| speech.graph.function(function).map(|own| speech.access(own));
    let (Some(old), Some(new)) = (own(before), own(after)) else {
        return Err("the new text has lost the function".to_owned());
    };
    if let Some(unread) = new.unread.first() {
        return Err(format!("`{unread}` would stay attached"));
    }
    if let Some(why) = &new.unknown {
        return Err(format!("a part of the new policies is not known: {why}"));
    }
    let wanted = after.role(role);
    within(&[&wanted], &new.certain().iter().collect::<Vec<_>>())
        .map_err(|found| format!("the new role would lack {}", shown(&found)))?;
    // What the framework adds to every role of its own is no more than a function needs to run.
    let written: Vec<&Policy> = new.policies.iter().collect();
    let certain = old.certain();
    within(&written, &certain.iter().collect::<Vec<_>>())
        .map_err(|found| format!("the new role would add {}", shown(&found)))
}

/// A function that is not among those to be changed and whose permissions changed.
fn disturbed(
    before: &Speech<'_>,
    after: &Speech<'_>,
    changed: &BTreeSet<&EntityId>,
) -> Option<EntityId> {
    let others = before.graph.functions.iter().filter(|own| !changed.contains(&own.entity.id));
    let mut disturbed = others.filter(|function| {
        let Some(new) = after.graph.function(&function.entity.id) else { return true };
        said(&before.access(function)) != said(&after.access(new))
    });
    disturbed.next().map(|function| function.entity.id.clone())
}

/// Policies as text, without their places.
fn said(access: &Access) -> Vec<String> {
    let mut said: Vec<String> = access.unread.clone();
    for statement in access.all().into_iter().flat_map(|policy| &policy.statements) {
        let texts = |patterns: &iam::Patterns| {
            patterns.patterns.iter().map(|said| said.value.to_string()).collect::<Vec<_>>()
        };
        said.push(format!(
            "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            statement.effect,
            statement.when,
            statement.actions.listing,
            texts(&statement.actions),
            statement.resources.listing,
            texts(&statement.resources),
            statement
                .conditions
                .iter()
                .map(|own| (
                    &own.operator,
                    &own.key,
                    own.values.iter().map(|said| said.value.to_string()).collect::<Vec<_>>()
                ))
                .collect::<Vec<_>>(),
        ));
    }
    said
}
