//! What one function needs, with the evidence for each need.
//!
//! Job: turn what a function's code does into its profile, and the profile into the least role.
//! Input: an [`app_graph::AppGraph`], and each function's [`Behaviour`] as readers found it.
//! Output: a [`Profile`].
//! It must never parse code, and never leave out a call that it could not resolve.

mod behaviour;
mod derive;
mod join;
mod keys;
mod least;
mod observation;
mod observed;
mod own;
mod platform;
mod polled;
mod profile;
mod role;

pub use behaviour::{
    ApiCall, Behaviour, Coverage, Destination, FileAccess, Language, Process, Unresolved,
};
pub use derive::derive;
pub use join::{Join, Joined};
pub use least::least_role;
pub use observation::{
    Activity, Caller, Event, LogPlace, Observation, Outcome, UnknownEvent, Unmatched,
};
pub use observed::observe;
pub use profile::{Evidence, Need, Profile};
pub use role::{Basis, Grant, GrantCondition, Role};
