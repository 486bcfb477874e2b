//! IAM policies as data, what they allow, and the matching of actions and ARNs.
//!
//! Job: say what a policy allows. Input: policies that readers lowered, each piece with its span.
//! Output: answers about statements, patterns and actions: what a request gets
//! ([`evaluate::decide`]), and whether one policy allows more than another ([`containment::within`]).
//! It must never parse a template, and matching must never be written anywhere else.

pub mod actions;
pub mod api;
pub mod archive;
pub mod arn;
mod condition;
pub mod containment;
pub mod evaluate;
pub mod managed;
pub mod pattern;
mod piece;
mod policy;
pub mod services;
mod symbol;

pub use policy::{
    Condition, Effect, Listing, Patterns, Policy, Principal, PrincipalKind, Principals, Statement,
    Version,
};
