//! The third column: what logs say that a function did.

use profile::{Need, Observation, Profile};

use crate::granted::Granted;

/// What logs say of an action on a resource, against the code and the policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// What the logs say.
    pub observation: Observation,
    /// Whether the code or the templates say it too.
    pub is_said: bool,
    /// Whether every role that the function may have may allow it; `None` where that is not known.
    pub is_granted: Option<bool>,
}

/// Each observation of a function, with the roles that it may have.
pub(crate) fn observed(profile: &Profile, roles: &[Granted<'_>]) -> Vec<Observed> {
    let observations = profile.activity.iter().flat_map(|activity| &activity.observations);
    let observed = observations.map(|observation| Observed {
        is_said: profile.explains(observation),
        is_granted: is_granted(observation, roles),
        observation: observation.clone(),
    });
    observed.collect()
}

fn is_granted(observation: &Observation, roles: &[Granted<'_>]) -> Option<bool> {
    let need = Need {
        action: observation.action.clone(),
        resource: observation.resource.clone(),
        passed_to: Vec::new(),
        evidence: Vec::new(),
    };
    let mut is_granted = (!roles.is_empty()).then_some(true);
    for role in roles {
        let is_denied = role.denies(&need).is_some();
        if is_denied || !role.may_allow(&need) {
            let is_certain = is_denied || role.unknown.is_empty();
            is_granted = if is_certain { return Some(false) } else { None };
        }
    }
    is_granted
}
