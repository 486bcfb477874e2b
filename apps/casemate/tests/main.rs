//! The command as a user meets it: what it prints, writes and answers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly, and so may what several of them share"
)]

mod bad_input;
mod baselines;
mod command;
mod compare;
mod evaluate;
mod exits;
mod fix;
mod formats;
mod observed;
mod own_rules;
mod paths;
mod permissions;
mod profile;
mod selection;
mod shows;
mod suppressions;
mod text_report;
mod webshop;
