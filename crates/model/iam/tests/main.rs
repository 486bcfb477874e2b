//! The tests of `casemate-iam`.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail loudly, and clippy.toml's exception covers test functions only"
)]

mod actions;
mod api;
mod arn;
mod containment;
mod evaluate;
mod managed;
mod needs;
mod pattern;
mod properties;
mod sample;
