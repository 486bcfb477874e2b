//! Which functions are given their least role, each with its proof.

use std::collections::{BTreeMap, BTreeSet};

use app_graph::AppGraph;
use finding::Edit;
use profile::Role;
use templates::{Files, Options, Reading};
use text::{EntityId, Loss, Problem, Sources};

use crate::access::Speech;
use crate::apply::apply;
use crate::proof;

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
            let fate = match proof::is_least(&speech, function, &access, role) {
                Ok(true) => Fate::Least,
                Ok(false) => {
                    due.insert(id.clone(), proof::needed(&speech, &access, role));
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
        let disturbed = proof::disturbed(&before, &after, &own);
        for (index, candidate) in accepted.iter().enumerate() {
            if candidate.application != application {
                continue;
            }
            let wanted = context.wanted.get(application);
            let role = wanted.and_then(|own| own.get(&candidate.function)?.as_ref().ok());
            let proven = match (&disturbed, role) {
                (Some(other), _) => Err(format!("`{other}` would change too")),
                (None, Some(role)) => proof::proven(&before, &after, &candidate.function, role),
                (None, None) => Err("it has no role".to_owned()),
            };
            if let Err(why) = proven {
                refused.insert(index, why);
            }
        }
    }
    refused
}
