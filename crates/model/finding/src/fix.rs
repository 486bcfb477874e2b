use text::Span;

/// How to mend a finding: always a sentence, and edits where they are certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// One line in the imperative: "name the one bucket".
    pub summary: String,
    /// Replacements that mend it; empty where a person has to choose.
    pub edits: Vec<Edit>,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there then.
    pub replacement: String,
}

impl Fix {
    /// A fix in words only.
    pub fn advice(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), edits: Vec::new() }
    }

    /// A fix by one replacement.
    pub fn replace(summary: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        let edit = Edit { span, replacement: replacement.into() };
        Self { summary: summary.into(), edits: vec![edit] }
    }

    /// A fix by an edit that may not be possible in this format.
    pub fn maybe(summary: impl Into<String>, edit: Option<Edit>) -> Self {
        Self { summary: summary.into(), edits: edit.into_iter().collect() }
    }
}
