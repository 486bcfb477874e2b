use text::{Condition, EntityId, Span};

/// What every function, trigger, identity and resource has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Unique in the graph.
    pub id: EntityId,
    /// What the user calls it: logical id, function key, Terraform address.
    pub name: String,
    /// The declared type in the format's own words: `AWS::Lambda::Function`, `aws_lambda_function`.
    pub type_name: String,
    /// Where it is deployed; platform defaults differ.
    pub cloud: Cloud,
    /// The token that declares it: the logical id, the block's header.
    pub said: Span,
    /// The whole declaration.
    pub extent: Span,
    /// Path of the construct that made it, where a framework such as CDK records one.
    pub construct: Option<String>,
    /// The template's condition under which it exists, in words.
    pub condition: Option<Condition>,
    /// Where a property can be added to the declaration.
    pub insertion: Option<InsertionPoint>,
    /// Suppressions written in the declaration's metadata.
    pub allowances: Vec<Allowance>,
    /// Who decides how it is set up.
    pub owner: Owner,
}

/// Who decides how an entity is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Owner {
    /// The author wrote it, or what it is derived from.
    #[default]
    Author,
    /// The framework brought it along whole for work of its own (the functions behind the CDK's
    /// custom resources). It is in the graph, because what it may do is real; its settings are
    /// mended by no one but the framework.
    Framework,
}

/// A cloud whose defaults are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Google,
    /// Microsoft Azure.
    Azure,
    /// Any other.
    Other,
}

/// A place where a property can be inserted into a declaration, and how it is written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsertionPoint {
    /// Where the first property of the declaration begins (empty span).
    pub at: Span,
    /// White space in front of each property.
    pub indent: String,
    /// How a property is written.
    pub syntax: Syntax,
}

/// How a property is written in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `Timeout: 10`, CloudFormation's names.
    Yaml,
    /// `"Timeout": 10,`, CloudFormation's names.
    Json,
    /// `timeout: 10`, the Serverless Framework's names.
    ServerlessYaml,
    /// `timeout = 10`, Terraform's names.
    Hcl,
}

/// A suppression written in a declaration's metadata or in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// The rule allowed, in the words of `tool`.
    pub rule: String,
    /// The reason given.
    pub reason: Option<String>,
    /// Where it is written.
    pub span: Span,
    /// Whose rule id it is.
    pub tool: AllowanceTool,
    /// The causes it is limited to, in the words of `tool`; empty for all.
    pub only: Vec<String>,
}

/// Whose suppression it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AllowanceTool {
    /// Ours.
    Casemate,
    /// checkov's `checkov:skip=` and `Metadata.checkov.skip`.
    Checkov,
    /// cdk-nag's `Metadata.cdk_nag.rules_to_suppress`.
    CdkNag,
}

impl InsertionPoint {
    /// The text that, inserted at [`InsertionPoint::at`], adds a scalar property given by
    /// CloudFormation's name (`MemorySize`) and a value in JSON syntax.
    pub fn property(&self, name: &str, value: &str) -> String {
        let indent = &self.indent;
        match self.syntax {
            Syntax::Yaml => format!("{name}: {value}\n{indent}"),
            Syntax::Json => format!("\"{name}\": {value},\n{indent}"),
            Syntax::ServerlessYaml => {
                let mut letters = name.chars();
                let first = letters.next().map(|letter| letter.to_ascii_lowercase());
                let name: String = first.into_iter().chain(letters).collect();
                format!("{name}: {value}\n{indent}")
            }
            Syntax::Hcl => format!("{} = {value}\n{indent}", snake_case(name)),
        }
    }
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use text::SourceId;

    #[test]
    fn a_property_is_written_in_the_words_of_its_format() {
        let written = |syntax| {
            let at = Span::file(SourceId(0));
            InsertionPoint { at, indent: "  ".into(), syntax }.property("MemorySize", "512")
        };
        assert_eq!(written(Syntax::Yaml), "MemorySize: 512\n  ");
        assert_eq!(written(Syntax::Json), "\"MemorySize\": 512,\n  ");
        assert_eq!(written(Syntax::ServerlessYaml), "memorySize: 512\n  ");
        assert_eq!(written(Syntax::Hcl), "memory_size = 512\n  ");
    }
}
