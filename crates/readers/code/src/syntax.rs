//! What the readers of Go and Java share: a tree-sitter tree with its text, places and problems.

use text::{Problem, Source, SourceId, Span};
use tree_sitter::{Node, Parser, Tree};

use crate::tree::{Act, Declares, Expression, Form, Statement};

/// How deep syntax may nest before the rest is given up: everything behind recurses, too.
const NESTING_LIMIT: usize = 1_000;

/// One source under its grammar, and what was met in it.
pub(crate) struct Syntax<'a> {
    source: &'a Source,
    id: SourceId,
    depth: usize,
    too_deep: bool,
    /// What its author should know.
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Syntax<'a> {
    /// A source of which nothing was read yet.
    pub(crate) fn new(source: &'a Source, id: SourceId) -> Self {
        Self { source, id, depth: 0, too_deep: false, problems: Vec::new() }
    }

    /// Parses the source; what does not fit the grammar becomes a problem at its place.
    pub(crate) fn tree(&mut self, language: &tree_sitter::Language) -> Option<Tree> {
        let mut parser = Parser::new();
        let tree = match parser.set_language(language) {
            Ok(()) => parser.parse(&self.source.text, None),
            Err(_) => None,
        };
        match &tree {
            Some(tree) => self.report_errors(tree),
            None => self.lost("the file could not be parsed", self.file()),
        }
        tree
    }

    /// Tells the outermost errors, which the parser stepped over.
    fn report_errors(&mut self, tree: &Tree) {
        if !tree.root_node().has_error() {
            return;
        }
        let mut cursor = tree.walk();
        loop {
            let node = cursor.node();
            let faulty = node.is_error() || node.is_missing();
            if faulty {
                self.lost("syntax error: what stands here is not followed", self.span(node));
            }
            if !faulty && node.has_error() && cursor.goto_first_child() {
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn lost(&mut self, message: &str, span: Span) {
        self.problems.push(Problem::incomplete(message, span.into()));
    }

    /// The whole source.
    pub(crate) fn file(&self) -> Span {
        Span::new(self.id, 0, self.source.text.len())
    }

    /// Where a node is.
    pub(crate) fn span(&self, node: Node<'_>) -> Span {
        Span::new(self.id, node.start_byte(), node.end_byte())
    }

    /// A node's text.
    pub(crate) fn text(&self, node: Node<'_>) -> &'a str {
        self.source.text.get(node.byte_range()).unwrap_or_default()
    }

    /// An expression at a node's place.
    pub(crate) fn expression(&self, node: Node<'_>, form: Form) -> Expression {
        Expression::new(self.span(node), form)
    }

    /// A statement at a node's place.
    pub(crate) fn statement(&self, node: Node<'_>, act: Act) -> Statement {
        Statement { span: self.span(node), act }
    }

    /// Goes one level down and says whether there is room; a level entered is left by [`Self::leave`].
    pub(crate) fn enter(&mut self, node: Node<'_>) -> bool {
        self.depth += 1;
        let room = self.depth <= NESTING_LIMIT;
        if !room && !self.too_deep {
            self.too_deep = true;
            self.lost("nested too deep: what stands here is not followed", self.span(node));
        }
        room
    }

    /// Goes one level up.
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// The named children of a node, without comments.
pub(crate) fn children<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra() || child.is_error()).collect()
}

/// The child in a field.
pub(crate) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// The children in a field, separators aside.
pub(crate) fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

/// The text of a literal without its quotes, escapes resolved as C, Go and Java write them.
pub(crate) fn unescaped(quoted: &str) -> String {
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some(width @ ('x' | 'u' | 'U')) => {
                let digits = match width {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let code: String = characters.by_ref().take(digits).collect();
                text.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => text.push(other),
            None => {}
        }
    }
    text
}

/// The value that a name or member has before it is written anew; of anything larger, which would be
/// evaluated twice, nothing is known.
pub(crate) fn before(target: &Expression) -> Expression {
    let mut plain = target;
    while let Form::Member { object, .. } = plain.form.as_ref() {
        plain = object;
    }
    match plain.form.as_ref() {
        Form::Name(_) => target.clone(),
        _ => Expression::new(target.span, Form::Opaque("arithmetic", Vec::new())),
    }
}

/// Binds what a choice is made by to a name, so that each of its cases can speak of it.
pub(crate) fn held(value: Expression) -> (Statement, Expression) {
    let span = value.span;
    let name = Expression::new(span, Form::Name("switch".to_owned()));
    let (target, declares) = (name.clone(), Declares::Block);
    let act = Act::Bind { target, declares, value: Some(value), declared: None };
    (Statement { span, act }, name)
}
