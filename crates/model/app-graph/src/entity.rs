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
    /// Names of the properties that are written already, in the format's own words.
    pub written: Vec<String>,
    /// Where the declaration lies in a module that only a call can be written for: each argument
    /// that the call passes on, and what the call names it. Nothing else has a place.
    pub passed: Option<Vec<(String, String)>>,
    /// The mapping that has to be written around the properties, where the declaration has none.
    pub around: Option<&'static str>,
}

/// What a property to insert holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// A scalar in JSON syntax.
    Scalar(&'a str),
    /// Properties of its own: a mapping, in HCL a block.
    Members(&'a [(&'a str, Content<'a>)]),
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
        self.member(name, Content::Scalar(value))
    }

    /// The text that, inserted at [`InsertionPoint::at`], adds a property with all that is in it,
    /// given by CloudFormation's or the format's own name.
    pub fn member(&self, name: &str, content: Content<'_>) -> String {
        self.members(&[(name, content)])
    }

    /// The text that adds several.
    pub fn members(&self, members: &[(&str, Content<'_>)]) -> String {
        let mut text = String::new();
        let mut write = |(name, content): (&str, Content<'_>)| {
            let name = self.name(name).unwrap_or_else(|| self.syntax.name(name));
            write_member(&mut text, self.syntax, &self.indent, (&name, content));
            text.push_str(if self.syntax == Syntax::Json { ",\n" } else { "\n" });
            text.push_str(&self.indent);
        };
        match self.around {
            Some(mapping) => write((mapping, Content::Members(members))),
            None => members.iter().copied().for_each(write),
        }
        text
    }

    /// Whether a property of CloudFormation's or the format's own name is written already, or has
    /// no place here.
    pub fn has(&self, name: &str) -> bool {
        self.name(name).is_none_or(|name| self.written.contains(&name))
    }

    /// What a property is called here.
    fn name(&self, name: &str) -> Option<String> {
        let name = self.syntax.name(name);
        let Some(passed) = &self.passed else { return Some(name) };
        passed.iter().find(|(own, _)| *own == name).map(|(_, outer)| outer.clone())
    }
}

impl Syntax {
    /// The format's own word for one of CloudFormation's names.
    fn name(self, name: &str) -> String {
        match self {
            Syntax::Yaml | Syntax::Json => name.to_owned(),
            Syntax::ServerlessYaml => {
                let mut letters = name.chars();
                let first = letters.next().map(|letter| letter.to_ascii_lowercase());
                first.into_iter().chain(letters).collect()
            }
            Syntax::Hcl => snake_case(name),
        }
    }
}

/// Writes a property whose first line is indented already, without a line's end.
fn write_member(
    text: &mut String,
    syntax: Syntax,
    indent: &str,
    (name, content): (&str, Content<'_>),
) {
    let name = syntax.name(name);
    let deeper = format!("{indent}  ");
    let (opening, closing) = match (syntax, content) {
        (Syntax::Yaml | Syntax::ServerlessYaml, Content::Scalar(value)) => {
            return text.push_str(&format!("{name}: {value}"));
        }
        (Syntax::Json, Content::Scalar(value)) => {
            return text.push_str(&format!("\"{name}\": {value}"));
        }
        (Syntax::Hcl, Content::Scalar(value)) => {
            return text.push_str(&format!("{name} = {value}"));
        }
        (Syntax::Yaml | Syntax::ServerlessYaml, Content::Members(_)) => (":", ""),
        (Syntax::Json, Content::Members(_)) => (": {", "}"),
        (Syntax::Hcl, Content::Members(_)) => (" {", "}"),
    };
    let Content::Members(members) = content else { return };
    if syntax == Syntax::Json {
        text.push_str(&format!("\"{name}\"{opening}"));
    } else {
        text.push_str(&format!("{name}{opening}"));
    }
    for (index, member) in members.iter().enumerate() {
        if index > 0 && syntax == Syntax::Json {
            text.push(',');
        }
        text.push_str(&format!("\n{deeper}"));
        write_member(text, syntax, &deeper, *member);
    }
    if !closing.is_empty() {
        text.push_str(&format!("\n{indent}{closing}"));
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
            point(at, syntax).property("MemorySize", "512")
        };
        assert_eq!(written(Syntax::Yaml), "MemorySize: 512\n  ");
        assert_eq!(written(Syntax::Json), "\"MemorySize\": 512,\n  ");
        assert_eq!(written(Syntax::ServerlessYaml), "memorySize: 512\n  ");
        assert_eq!(written(Syntax::Hcl), "memory_size = 512\n  ");
    }
    #[test]
    fn a_call_of_a_module_takes_the_modules_own_words_and_no_others() {
        let passed = Some(vec![("retention_in_days".into(), "logs_retention".into())]);
        let point = InsertionPoint { passed, ..point(Span::file(SourceId(0)), Syntax::Hcl) };
        assert_eq!(point.property("RetentionInDays", "365"), "logs_retention = 365\n  ");
        assert!(!point.has("RetentionInDays"));
        assert!(point.has("tracing_config"));
    }

    fn point(at: Span, syntax: Syntax) -> InsertionPoint {
        InsertionPoint {
            at,
            indent: "  ".into(),
            syntax,
            written: vec!["code_uri".into()],
            around: None,
            passed: None,
        }
    }

    #[test]
    fn a_property_with_properties_is_written_over_several_lines() {
        let written = |syntax| {
            let inner = [("Mode", Content::Scalar("1")), ("Key", Content::Scalar("\"k\""))];
            point(Span::file(SourceId(0)), syntax).member("Config", Content::Members(&inner))
        };
        assert_eq!(written(Syntax::Yaml), "Config:\n    Mode: 1\n    Key: \"k\"\n  ");
        assert_eq!(
            written(Syntax::Json),
            "\"Config\": {\n    \"Mode\": 1,\n    \"Key\": \"k\"\n  },\n  "
        );
        assert_eq!(written(Syntax::Hcl), "config {\n    mode = 1\n    key = \"k\"\n  }\n  ");
    }

    #[test]
    fn a_declaration_without_properties_gets_the_mapping_around_them() {
        let at = Span::file(SourceId(0));
        let written = |syntax| {
            let point = InsertionPoint { around: Some("Properties"), ..point(at, syntax) };
            point.members(&[("A", Content::Scalar("1")), ("B", Content::Scalar("2"))])
        };
        assert_eq!(written(Syntax::Yaml), "Properties:\n    A: 1\n    B: 2\n  ");
        assert_eq!(
            written(Syntax::Json),
            "\"Properties\": {\n    \"A\": 1,\n    \"B\": 2\n  },\n  "
        );
    }

    #[test]
    fn what_is_written_is_known_by_the_names_of_the_format() {
        let point = |syntax| point(Span::file(SourceId(0)), syntax);
        assert!(point(Syntax::Hcl).has("CodeUri"));
        assert!(!point(Syntax::Yaml).has("CodeUri"));
    }
}
