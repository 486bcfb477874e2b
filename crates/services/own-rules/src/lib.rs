//! The user's own rules, written in Rego.
//!
//! Job: ask each policy about each application. Input: policy files, and an application in the
//! shape of the JSON report. Output: findings like those of Casemate's rules, and a problem
//! wherever a policy could not be asked or answered something else.
//! It must never let a policy's fault pass for a clean answer, nor let a policy reach the network,
//! the environment or a file.

mod answer;
mod files;
mod policy;
mod rules;

pub use files::{FilesError, matching};
pub use policy::OwnRules;
