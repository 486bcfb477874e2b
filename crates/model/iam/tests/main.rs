//! The tests of `casemate-iam`.
#![expect(
    clippy::indexing_slicing,
    reason = "tests fail loudly, and clippy.toml's exception covers test functions only"
)]

mod arn;
mod pattern;
