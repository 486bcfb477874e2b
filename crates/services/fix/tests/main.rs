//! All tests of the crate.

mod cloudformation;
mod sample;
mod serverless;
mod terraform;
