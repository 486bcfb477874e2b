//! Which functions are to be narrowed at all.

use profile::{Coverage, Profile, Role};

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
    let unknown = profile.activity.as_ref().and_then(|activity| activity.unknown.first());
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
        (None, Unresolved::Refused) => match unknown {
            Some(event) => Err(format!("logs tell of `{}`: {}", event.name, event.reason)),
            None => Ok(role.clone()),
        },
        (_, Unresolved::Accepted) => Ok(role.clone()),
    }
}
