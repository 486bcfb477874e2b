//! Placeholder.

pub mod arn;
pub mod pattern;
