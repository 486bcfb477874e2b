//! Go source text as a [`Module`].

mod arrange;
mod build;
mod declaration;
mod expression;
mod language;
mod library;
mod literal;
mod project;
mod statement;
mod types;

pub(crate) use language::Go;
use text::{Problem, Source, SourceId};
use tree_sitter::Node;

use crate::syntax::{Syntax, children, field, unescaped};
use crate::tree::{Act, Import, Imported, Module, Statement};

/// Reads one file.
pub(crate) fn parse(source: &Source, id: SourceId) -> (Module, Vec<Problem>) {
    let mut reader =
        Reader { syntax: Syntax::new(source, id), results: Vec::new(), breaks: Vec::new() };
    let mut module = Module { span: reader.syntax.file(), package: None, body: Vec::new() };
    if let Some(tree) = reader.syntax.tree(&tree_sitter_go::LANGUAGE.into()) {
        for node in children(tree.root_node()) {
            top_level(&mut reader, node, &mut module);
        }
    }
    (module, reader.syntax.problems)
}

/// A source and where in it the reader stands.
struct Reader<'a> {
    syntax: Syntax<'a>,
    /// The named results of each function around, innermost last.
    results: Vec<Vec<String>>,
    /// What `break` leaves, innermost last.
    breaks: Vec<Breaks>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Breaks {
    Loop,
    Choice,
}

fn top_level(reader: &mut Reader<'_>, node: Node<'_>, module: &mut Module) {
    match node.kind() {
        "package_clause" => {
            module.package =
                children(node).first().map(|name| reader.syntax.text(*name).to_owned());
        }
        "import_declaration" => imports(reader, node, &mut module.body),
        "function_declaration" | "method_declaration" => {
            module.body.push(declaration::function(reader, node));
        }
        _ => statement::statement(reader, node, &mut module.body),
    }
}

fn imports(reader: &Reader<'_>, node: Node<'_>, body: &mut Vec<Statement>) {
    for child in children(node) {
        match child.kind() {
            "import_spec_list" => imports(reader, child, body),
            "import_spec" => body.extend(import(reader, child)),
            _ => {}
        }
    }
}

fn import(reader: &Reader<'_>, node: Node<'_>) -> Option<Statement> {
    let quoted = reader.syntax.text(field(node, "path")?);
    let source = unescaped(quoted.trim_matches(['"', '`']));
    let names = match field(node, "name").map(|name| reader.syntax.text(name)) {
        Some(".") => Imported::All,
        Some("_") => Imported::Nothing,
        Some(alias) => Imported::Module(alias.to_owned()),
        None => Imported::Module(package_name(&source).to_owned()),
    };
    Some(reader.syntax.statement(node, Act::Import(Import { source, names })))
}

/// The name that a package most likely has: the last segment that is no version.
fn package_name(path: &str) -> &str {
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|digits| digits.parse::<u32>().is_ok())
    };
    let name = path.rsplit('/').find(|segment| !is_version(segment)).unwrap_or(path);
    let name = name.split_once(".v").map_or(name, |(name, _)| name);
    let name = name.strip_prefix("go-").or_else(|| name.strip_suffix("-go")).unwrap_or(name);
    name.split_once('-').map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests;
