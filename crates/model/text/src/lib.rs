//! Where things were said, and values that are known only in part.
//!
//! Job: give every property of the application graph its place in a file ([`Span`]) and an honest
//! value ([`Setting`], [`PartialText`]): known, unknown with its reason, or branches.
//! Input: file contents handed in by readers. Output: plain data and line/column positions.
//! It must never read a file, and never turn an unknown into a default.

mod partial;
mod problem;
mod setting;
mod source;
mod span;

pub use partial::{EntityId, Part, PartialText, Pseudo, Reference};
pub use problem::{Loss, Place, Problem};
pub use setting::{Branch, Case, Condition, Setting, Settled};
pub use source::{Position, Source, Sources};
pub use span::{Said, SourceId, Span, Unknown};
