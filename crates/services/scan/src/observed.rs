//! What logs say that functions did.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app_graph::AppGraph;
use permissions::Facts;
use profile::{Activity, Caller, Join, Joined, Unmatched};
use text::{Place, Problem};

use crate::outcome::counted;

/// Records that are of no function of any application.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unjoined {
    /// By caller.
    pub callers: Vec<Unmatched>,
    /// Records of further callers.
    pub untold: u64,
}

impl Unjoined {
    /// How many records they are.
    pub fn count(&self) -> u64 {
        self.callers.iter().map(|caller| caller.count).sum::<u64>() + self.untold
    }
}

/// Reads records once for all applications, and adds to each profile what they say of it.
pub(crate) fn observe(
    trail: &[PathBuf],
    applications: &[AppGraph],
    facts: &mut [Facts<'_>],
) -> (Unjoined, Vec<Problem>) {
    if trail.is_empty() {
        return (Unjoined::default(), Vec::new());
    }
    let joins = applications.iter().zip(&*facts);
    let mut joins: Vec<Join<'_>> =
        joins.map(|(graph, facts)| Join::new(graph, &facts.arns)).collect();
    let mut problems = cloudtrail::read(trail, &mut |event| {
        joins.iter_mut().for_each(|join| join.add(&event));
    });
    let mut joined: Vec<Joined> = joins.into_iter().map(Join::finish).collect();
    for ((graph, facts), joined) in applications.iter().zip(facts).zip(&mut joined) {
        let Facts { profiles, arns } = facts;
        let mut activities = std::mem::take(&mut joined.activities).into_iter().peekable();
        for profile in profiles {
            let own = activities.next_if(|activity| activity.function == profile.function);
            let activity = own.unwrap_or_else(|| Activity::none(profile.function.clone()));
            profile::observe(profile, graph, arns, activity);
        }
    }
    let unjoined = of_none(joined);
    problems.extend(note(trail, &unjoined));
    (unjoined, problems)
}

/// What no application knows; where several say why not, all their reasons.
fn of_none(joined: Vec<Joined>) -> Unjoined {
    let applications = joined.len();
    let untold = joined.iter().map(|joined| joined.untold).min().unwrap_or_default();
    let mut callers: BTreeMap<Caller, Vec<Unmatched>> = BTreeMap::new();
    for unmatched in joined.into_iter().flat_map(|joined| joined.unmatched) {
        callers.entry(unmatched.caller.clone()).or_default().push(unmatched);
    }
    let of_all = callers.into_values().filter(|reasons| reasons.len() == applications);
    let callers = of_all.filter_map(|unmatched| {
        let mut reasons: Vec<&str> = unmatched.iter().map(|it| it.reason.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let reason = reasons.join("; ");
        Some(Unmatched { reason, ..unmatched.into_iter().next()? })
    });
    Unjoined { callers: callers.collect(), untold }
}

fn note(trail: &[PathBuf], unjoined: &Unjoined) -> Option<Problem> {
    let first = unjoined.callers.first()?;
    let count = usize::try_from(unjoined.count()).unwrap_or(usize::MAX);
    let callers = unjoined.callers.len();
    let message = format!(
        "{} of {} are of no function: `{}`, {}",
        counted(count, "record"),
        counted(callers, "caller"),
        first.caller.name,
        first.reason
    );
    let place = trail.first().map(|path| path.to_string_lossy().into_owned());
    let note = Problem::advice(message, Place::Path(place.unwrap_or_default()));
    Some(note.help("`casemate permissions --observed … --format json` lists them"))
}
