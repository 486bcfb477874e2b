//! Which cloud an entity belongs to: platform defaults differ.

use app_graph::Entity;

/// A cloud whose defaults rules know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Google,
    /// Microsoft Azure.
    Azure,
    /// Any other.
    Other,
}

impl Cloud {
    /// The cloud by the prefix of the declared type.
    pub(crate) fn of(entity: &Entity) -> Self {
        let type_name = entity.type_name.as_str();
        if type_name.starts_with("AWS::") || type_name.starts_with("aws_") {
            Cloud::Aws
        } else if type_name.starts_with("google_") || type_name.starts_with("gcp-types/") {
            Cloud::Google
        } else if type_name.starts_with("azurerm_") || type_name.starts_with("Microsoft.") {
            Cloud::Azure
        } else {
            Cloud::Other
        }
    }
}
