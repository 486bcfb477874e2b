//! Single cases of the rules.
#![allow(clippy::unwrap_used, reason = "tests may fail loudly, and so may what they share")]

mod accounts;
mod escalation;
mod managed;
mod own;
mod platform;
mod sam;
mod sample;
