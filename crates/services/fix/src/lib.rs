//! Writes least roles back into templates.
//!
//! Job: put each function's least role in the place of what its templates grant, keeping comments,
//! order and formatting, and prove before anything is written that nobody gains and nobody lacks.
//! Input: application graphs with their sources, and a [`profile::Role`] for each function.
//! Output: edits with their proof, or why there are none; roles in every format's words.
//! It must never write what it has not read back, and never narrow what it does not know.

mod access;
mod apply;
mod arns;
mod edits;
mod layout;
mod node;
mod plan;
mod proof;
mod render;
mod spelling;
mod statements;
mod wanted;
mod write;

pub use apply::{apply, diff};
pub use edits::{Change, edits};
pub use plan::{Fate, Old, Outcome, Plan, Wanted, plan};
pub use render::{Format, render};
pub use statements::{INLINE_QUOTA, MANAGED_QUOTA, size, split};
pub use wanted::{Unresolved, wanted};
