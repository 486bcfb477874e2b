//! Handlers' code: what it calls, followed from the entry point.
//!
//! Job: read the code of one function, in any of its languages, and follow it from the handler:
//! imports, calls, values. Input: [`documents::Files`] and an [`Entry`]. Output: a
//! [`profile::Behaviour`] and the problems met on the way.
//! It must never run code, guess the type of a receiver, or leave out a call without a word.
//!
//! Each language's module turns source text into one [`tree`], which is small and the same for all;
//! `evaluate` runs that tree over abstract values; `sdk` says what the names of the cloud's
//! libraries mean in each language.

mod data;
mod entry;
mod evaluate;
mod go;
mod java;
mod javascript;
mod language;
#[cfg(test)]
mod outline;
mod python;
mod reading;
mod sdk;
mod syntax;
pub mod tree;

pub use entry::Entry;
pub use reading::{read, read_all};
