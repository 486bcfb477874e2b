//! One request decided by policy files.
//!
//! Job: read the policies that have a say in a request and decide it. Input: a [`Question`].
//! Output: an [`Answer`] as text or JSON. It must never decide by policies that it could not read.

pub mod json;
mod question;
mod reading;
pub mod terminal;

pub use question::{Answer, Outcome, PolicyFiles, Question, Refusal, Says, Speaker, answer};
