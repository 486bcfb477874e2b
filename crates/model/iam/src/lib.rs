//! IAM policies as data, and the matching of actions and ARNs.
//!
//! Job: say what a policy allows. Input: policies that readers lowered, each piece with its span.
//! Output: answers about statements, patterns and actions.
//! It must never parse a template, and matching must never be written anywhere else.

pub mod actions;
pub mod api;
pub mod archive;
pub mod arn;
pub mod managed;
pub mod pattern;
mod policy;
pub mod services;

pub use policy::{
    Condition, Effect, Listing, Patterns, Policy, Principal, PrincipalKind, Principals, Statement,
};
