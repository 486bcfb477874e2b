//! All tests of the crate.
#![expect(
    clippy::expect_used,
    reason = "tests fail loudly, and clippy.toml's exception covers test functions only"
)]

mod cloudformation;
mod sample;
mod serverless;
mod terraform;
