//! Rules, findings, and the sink that collects them.
//!
//! Job: the words every judge answers in. Input: what judges report. Output: findings with
//! severity, place, explanation, fix and a fingerprint.
//! It must never know a particular rule, and never drop what it was given.

mod finding;
mod fix;
mod rule;
mod sink;

pub use finding::{Cause, Confidence, Finding, Fingerprint, Label, Step, Subject, UnknownValue};
pub use fix::{Edit, Fix};
pub use rule::{Family, Owasp, Rule, Severity};
pub use sink::Sink;
