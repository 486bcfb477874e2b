use std::collections::BTreeMap;

use app_graph::{AppGraph, Arns};
use iam::pattern::{Case, comparable, intersects, wildcard_matches};
use text::{Part, PartialText};

use crate::derive::Needs;
use crate::{Activity, Evidence, LogPlace, Need, Observation, Profile, keys};

/// Objects of one bucket that are needed one by one; where logs name more, names are data and those
/// to come are not known.
const MOST_OBJECTS: usize = 3;

/// Takes note of what logs say that a function did. What its code does not say becomes a need of its
/// own; what was only tried becomes none.
pub fn observe(profile: &mut Profile, graph: &AppGraph, arns: &Arns<'_>, activity: Activity) {
    let function = graph.function(&profile.function);
    let mut beyond: BTreeMap<(&str, PartialText), Vec<&Observation>> = BTreeMap::new();
    let used = activity.observations.iter().filter(|observation| observation.was_used());
    for observation in used.filter(|used| !profile.needs.iter().any(|need| need.covers(used))) {
        let key = (observation.action.as_str(), holder(&observation.resource));
        beyond.entry(key).or_default().push(observation);
    }
    let mut needs = Needs::from(std::mem::take(&mut profile.needs));
    for ((action, holder), observations) in beyond {
        let are_many = observations.len() > MOST_OBJECTS;
        let Some(span) = function.map(|function| function.entity.said) else { continue };
        let mut add = |resource: PartialText, observations: &[&Observation]| {
            let Some(place) = first_place(observations) else { return };
            let evidence = Evidence::Observed {
                span,
                place,
                count: observations.iter().map(|observation| observation.permitted).sum(),
                last: observations.iter().map(|it| it.last.clone()).max().unwrap_or_default(),
            };
            keys::add(graph, arns, action, &resource, &evidence, &mut needs);
            needs.add(action, resource, evidence);
        };
        if are_many {
            let mut objects = holder;
            objects.push(Part::Unknown(format!("logs name {} of them", observations.len())));
            add(objects, &observations);
        } else {
            for observation in &observations {
                add(observation.resource.clone(), &[observation]);
            }
        }
    }
    profile.needs = needs.finish();
    profile.activity = Some(activity);
}

fn first_place(observations: &[&Observation]) -> Option<LogPlace> {
    observations.iter().flat_map(|observation| &observation.evidence).min().cloned()
}

/// The bucket that an object lies in, with the slash; any other resource is its own.
fn holder(resource: &PartialText) -> PartialText {
    let mut holder = PartialText::default();
    for (position, part) in resource.parts().iter().enumerate() {
        match part {
            Part::Literal(text) if position == 0 && !text.starts_with("arn:aws:s3:::") => {
                return resource.clone();
            }
            Part::Literal(text) => match text.split_once('/') {
                Some((before, _)) => {
                    holder.push(Part::Literal(format!("{before}/")));
                    return holder;
                }
                None => holder.push(part.clone()),
            },
            part => holder.push(part.clone()),
        }
    }
    resource.clone()
}

impl Profile {
    /// How often logs say that a need was used; `None` where no logs were read.
    pub fn uses_of(&self, need: &Need) -> Option<u64> {
        let observations = &self.activity.as_ref()?.observations;
        let own = observations.iter().filter(|observation| need.covers(observation));
        Some(own.map(|observation| observation.permitted).sum())
    }

    /// How often logs say that a need was refused.
    pub fn refusals_of(&self, need: &Need) -> u64 {
        let observations = self.activity.iter().flat_map(|activity| &activity.observations);
        observations.filter(|it| need.covers(it)).map(|observation| observation.denied).sum()
    }

    /// Whether the code or the templates say what was observed.
    pub fn explains(&self, observation: &Observation) -> bool {
        let said = self.needs.iter().filter(|need| need.is_said());
        said.into_iter().any(|need| need.covers(observation))
    }
}

impl Need {
    /// Whether the code or the templates say it, and not logs alone.
    pub fn is_said(&self) -> bool {
        self.evidence.iter().any(|evidence| !matches!(evidence, Evidence::Observed { .. }))
    }

    /// Whether an observation is a use of this need; where a log keeps the resource secret, any of
    /// the same action's.
    pub fn covers(&self, observation: &Observation) -> bool {
        if self.action != observation.action {
            return false;
        }
        let own = comparable(&self.resource);
        let [as_logged, as_spelled] = [&observation.arn, &observation.resource].map(comparable);
        wildcard_matches(&own, &as_logged, Case::Sensitive)
            || wildcard_matches(&own, &as_spelled, Case::Sensitive)
            || (observation.resource.unknown_reason().is_some()
                && intersects(&own, &as_spelled, Case::Sensitive))
    }
}
