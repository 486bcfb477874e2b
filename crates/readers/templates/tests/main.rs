//! Behaviour of the template readers that a user relies on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod bad_input;
mod cloud_assembly;
mod discovery;
mod documents;
mod intrinsics;
mod nested_stacks;
mod rendered;
