//! Java source text as a [`Module`].

mod choice;
mod class;
mod containers;
mod expression;
mod generated;
mod imports;
mod language;
mod library;
mod method;
mod project;
mod statement;
mod types;

pub(crate) use language::Java;
use text::{Problem, Source, SourceId};
use tree_sitter::Node;

use crate::syntax::{Syntax, children};
use crate::tree::{Argument, Expression, Form, Module, Passing};

/// Reads one file.
pub(crate) fn parse(source: &Source, id: SourceId) -> (Module, Vec<Problem>) {
    let mut reader = Reader { syntax: Syntax::new(source, id), breaks: Vec::new() };
    let mut module = Module { span: reader.syntax.file(), package: None, body: Vec::new() };
    if let Some(tree) = reader.syntax.tree(&tree_sitter_java::LANGUAGE.into()) {
        imports::read(&reader, tree.root_node(), &mut module);
        for node in children(tree.root_node()) {
            statement::read(&mut reader, node, &mut module.body);
        }
    }
    (module, reader.syntax.problems)
}

/// A source and where in it the reader stands.
struct Reader<'a> {
    syntax: Syntax<'a>,
    /// What `break` leaves, innermost last.
    breaks: Vec<Breaks>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Loop,
    Choice,
}

fn name(reader: &Reader<'_>, node: Node<'_>) -> Expression {
    reader.syntax.expression(node, Form::Name(reader.syntax.text(node).to_owned()))
}

fn member(object: Expression, name: &str) -> Expression {
    Expression::new(object.span, Form::Member { object, name: name.to_owned() })
}

fn positional(value: Expression) -> Argument {
    Argument { passing: Passing::Position, value }
}

#[cfg(test)]
mod tests;
