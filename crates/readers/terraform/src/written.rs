//! A file's blocks as they are written, for those who edit them.

use text::{Problem, Source, SourceId, Span};

use super::syntax;

/// A block as it is written: `kind "label" "label" { … }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenBlock {
    /// Its kind: `resource`.
    pub kind: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Where the last label stands; the kind where there is none.
    pub said: Span,
    /// The whole block.
    pub extent: Span,
    /// The arguments right in it.
    pub arguments: Vec<WrittenArgument>,
    /// The blocks right in it.
    pub blocks: Vec<WrittenBlock>,
}

/// An argument as it is written: `name = expression`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenArgument {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the expression stands.
    pub span: Span,
}

/// The blocks of a `.tf` file, in order.
pub fn written_blocks(source: &Source, id: SourceId) -> Result<Vec<WrittenBlock>, Problem> {
    Ok(syntax::parse(source, id)?.blocks.into_iter().map(written).collect())
}

fn written(block: syntax::Block) -> WrittenBlock {
    let arguments = block.body.attributes.into_iter().map(|attribute| WrittenArgument {
        name: attribute.name,
        name_span: attribute.name_span,
        span: attribute.span,
    });
    WrittenBlock {
        kind: block.kind,
        labels: block.labels,
        said: block.said,
        extent: block.extent,
        arguments: arguments.collect(),
        blocks: block.body.blocks.into_iter().map(written).collect(),
    }
}

impl WrittenBlock {
    /// The argument of that name.
    pub fn argument(&self, name: &str) -> Option<&WrittenArgument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}
