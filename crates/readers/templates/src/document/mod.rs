//! YAML and JSON as [`crate::value::Value`] trees with spans, tags and recovery.

use text::{Source, SourceId};

use crate::files::Parsed;

/// Parses a YAML or JSON text.
pub fn parse(_source: &Source, _id: SourceId) -> Parsed {
    Parsed { value: None, problems: Vec::new() }
}
