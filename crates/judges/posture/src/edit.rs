//! Edits that rules offer, written in the words of the declaration's format.

use app_graph::Entity;
use finding::Edit;

/// The edit that adds a scalar property (CloudFormation's name, value in JSON syntax), where the
/// declaration has a place for it.
pub(crate) fn add_property(entity: &Entity, name: &str, value: &str) -> Option<Edit> {
    let insertion = entity.insertion.as_ref()?;
    Some(Edit { span: insertion.at, replacement: insertion.property(name, value) })
}

/// Whether a declaration is written in HCL, where words stand in quotes.
pub(crate) fn is_hcl(entity: &Entity) -> bool {
    entity.insertion.as_ref().is_some_and(|insertion| insertion.syntax == app_graph::Syntax::Hcl)
}
