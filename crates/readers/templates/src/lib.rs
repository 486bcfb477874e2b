//! Templates of every format, read into the application graph.
//!
//! Job: find applications in a folder and lower each to an [`app_graph::AppGraph`].
//! Input: [`Files`] (a folder, or texts in memory) and [`Options`]. Output: a [`Reading`]: graphs,
//! problems at their places, and what was recognised and not read.
//! It must never run anything, reach a network, read outside the root, or answer with an error
//! where part of the input could be read.
//!
//! Flow: text → [`value::Value`] (document) → the format's own evaluation → [`declaration`]s in the
//! provider's schema → [`lower`] → graph. Every AWS format ends in CloudFormation's schema, so what
//! a property means is written once, in `lower`.

pub mod cdk;
pub mod cloudformation;
pub mod declaration;
pub mod document;
mod files;
mod joining;
pub mod lower;
mod reading;
pub mod sam;
pub mod serverless;
pub mod terraform;
pub mod value;

pub use files::{FileError, Files, LARGEST_FILE, Loaded, Parsed};
pub use reading::{Options, Reading, read};
