//! The command as a user meets it: what it prints, writes and answers.

mod bad_input;
mod baselines;
mod command;
mod exits;
mod formats;
mod selection;
mod shows;
mod suppressions;
mod text_report;
mod webshop;
