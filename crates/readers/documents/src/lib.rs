//! Files, document trees and declarations: what every template reader shares.
//!
//! Job: read files within a root, parse YAML and JSON to [`value::Value`] trees with spans, and give
//! formats one shape to end in ([`declaration::Declared`]).
//! Input: a folder or texts in memory. Output: trees, declarations and problems at their places.
//! It must never know a template format, and never read outside the root.

pub mod declaration;
mod document;
mod files;
mod options;
pub mod value;

pub use document::{NESTING_LIMIT, parse, parse_embedded_json};
pub use files::{FileError, Files, LARGEST_FILE, Loaded, Parsed};
pub use options::Options;
