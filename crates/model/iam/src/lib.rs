//! Placeholder.

pub mod actions;
pub mod arn;
pub mod pattern;
