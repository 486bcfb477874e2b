//! Templates of every format, read into the application graph.
//!
//! Job: find applications in a folder, have each format evaluate its own, and lower each to an
//! [`app_graph::AppGraph`].
//! Input: [`Files`] (a folder, or texts in memory) and [`Options`]. Output: a [`Reading`]: graphs,
//! problems at their places, and what was recognised and not read.
//! It must never run anything, reach a network, read outside the root, or answer with an error
//! where part of the input could be read.

mod reading;

pub use documents::{Files, Options};
pub use reading::{Reading, read};
