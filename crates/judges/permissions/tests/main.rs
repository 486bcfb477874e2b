//! Single cases of the rules.

mod escalation;
mod managed;
mod own;
