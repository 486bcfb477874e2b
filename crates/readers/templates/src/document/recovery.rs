use text::SourceId;

use super::yaml;
use crate::files::Parsed;

/// Parses YAML.
pub(super) fn parse(text: &str, begin: usize, id: SourceId) -> Parsed {
    yaml::parse(text, begin, id)
}
