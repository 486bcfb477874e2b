//! Edits that rules offer, written in the words of the declaration's format.

use app_graph::{Content, Entity, Syntax};
use finding::Edit;
use text::{Case, Said};

/// Properties to add, in the words of each format; none where a format has no place for them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wording<'a> {
    /// CloudFormation's own types.
    pub(crate) cloudformation: &'a [(&'a str, Content<'a>)],
    /// SAM's types.
    pub(crate) sam: &'a [(&'a str, Content<'a>)],
    /// Functions of the Serverless Framework.
    pub(crate) serverless: &'a [(&'a str, Content<'a>)],
    /// Terraform's resources.
    pub(crate) terraform: &'a [(&'a str, Content<'a>)],
}

/// The edit that adds properties, where the declaration has a place for them and says nothing of
/// them yet.
pub(crate) fn add(entity: &Entity, wording: &Wording<'_>) -> Option<Edit> {
    let insertion = entity.insertion.as_ref()?;
    let properties = match insertion.syntax {
        Syntax::Yaml | Syntax::Json if entity.type_name.starts_with("AWS::Serverless::") => {
            wording.sam
        }
        Syntax::Yaml | Syntax::Json => wording.cloudformation,
        Syntax::ServerlessYaml => wording.serverless,
        Syntax::Hcl => wording.terraform,
    };
    if properties.is_empty() || properties.iter().any(|(name, _)| insertion.has(name)) {
        return None;
    }
    Some(Edit { span: insertion.at, replacement: insertion.members(properties) })
}

/// The edit that adds a scalar property (CloudFormation's name, value in JSON syntax), where the
/// declaration has a place for it.
pub(crate) fn add_property(entity: &Entity, name: &str, value: &str) -> Option<Edit> {
    let property = [(name, Content::Scalar(value))];
    let everywhere = Wording {
        cloudformation: &property,
        sam: &property,
        serverless: &property,
        terraform: &property,
    };
    add(entity, &everywhere)
}

/// The edit that puts another value in the place of one, where it is written for this declaration
/// alone and under no condition.
pub(crate) fn replace<T>(
    entity: &Entity,
    case: &Case<'_, T>,
    said: &Said<T>,
    replacement: &str,
) -> Option<Edit> {
    // What stands outside of the declaration holds for others too: global settings of a template.
    // Terraform keeps some settings of one resource in another.
    let is_own = entity.extent.contains(&said.span) && said.span != entity.said;
    let is_own = is_own || is_hcl(entity) && said.span.end > said.span.start;
    (is_own && said.origin.is_none() && case.conditions.is_empty())
        .then(|| Edit { span: said.span, replacement: replacement.to_owned() })
}

/// A word as the declaration's format writes it: in quotes but in YAML.
pub(crate) fn word(entity: &Entity, word: &str) -> String {
    match entity.insertion.as_ref().map(|insertion| insertion.syntax) {
        Some(Syntax::Yaml | Syntax::ServerlessYaml) => word.to_owned(),
        _ => format!("\"{word}\""),
    }
}

/// Whether a declaration is written in HCL.
fn is_hcl(entity: &Entity) -> bool {
    entity.insertion.as_ref().is_some_and(|insertion| insertion.syntax == Syntax::Hcl)
}

/// Whether a declaration is a function of the Serverless Framework.
pub(crate) fn is_of_the_serverless_framework(entity: &Entity) -> bool {
    entity.insertion.as_ref().is_none_or(|insertion| insertion.syntax == Syntax::ServerlessYaml)
}
