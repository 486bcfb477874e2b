use std::collections::BTreeSet;

use tree_sitter::Node;

use super::Reader;
use crate::syntax::children;
use crate::tree::{Act, Declares, Expression, Form, Import, Imported, Module, Statement};

/// Between the places where a name may be: the file's own package first, then those that are imported
/// whole.
pub(super) const OR: char = '|';

/// Puts first what a file's names come from: what it imports, and what else it uses by a capital name
/// and does not declare, which is of its package, of one imported whole, or of `java.lang`.
pub(super) fn read(reader: &Reader<'_>, root: Node<'_>, module: &mut Module) {
    let mut known = BTreeSet::new();
    let mut packages = Vec::new();
    for node in children(root) {
        match node.kind() {
            "package_declaration" => {
                let name = children(node).into_iter().last();
                module.package = name.map(|name| reader.syntax.text(name).to_owned());
            }
            "import_declaration" => {
                if let Some(package) = import(reader, node, &mut known, &mut module.body) {
                    packages.push(package);
                }
            }
            _ => {}
        }
    }
    packages.insert(0, module.package.clone().unwrap_or_default());
    for (name, node) in capital_names(reader, root, &mut known) {
        if known.contains(name) {
            continue;
        }
        let places = packages.iter().map(|package| match package.as_str() {
            "" => name.to_owned(),
            package => format!("{package}.{name}"),
        });
        let source = places.collect::<Vec<_>>().join(&OR.to_string());
        let names = Imported::Names(vec![(name.to_owned(), name.to_owned())]);
        module.body.push(reader.syntax.statement(node, Act::Import(Import { source, names })));
    }
}

/// One import; the package, when it is imported whole.
fn import(
    reader: &Reader<'_>,
    node: Node<'_>,
    known: &mut BTreeSet<String>,
    body: &mut Vec<Statement>,
) -> Option<String> {
    let parts = children(node);
    let path = parts.iter().find(|part| part.kind() != "asterisk")?;
    let path = reader.syntax.text(*path);
    let whole = parts.iter().any(|part| part.kind() == "asterisk");
    let segments: Vec<&str> = path.split('.').map(str::trim).collect();
    // A class is written with a capital, a package without: what follows the class lies in it.
    let class = segments.iter().position(|segment| segment.starts_with(char::is_uppercase));
    let Some(class) = class else {
        return whole.then(|| path.to_owned());
    };
    let source = segments.get(..=class).unwrap_or_default().join(".");
    let outer = segments.get(class).copied().unwrap_or_default();
    let inner = segments.get(class + 1..).unwrap_or_default();
    let mut statement = |act: Act| body.push(reader.syntax.statement(node, act));
    if whole && inner.is_empty() {
        statement(Act::Import(Import { source, names: Imported::All }));
        return None;
    }
    if known.insert(outer.to_owned()) {
        let names = Imported::Names(vec![(outer.to_owned(), outer.to_owned())]);
        statement(Act::Import(Import { source, names }));
    }
    if let Some(last) = inner.last() {
        let span = reader.syntax.span(node);
        let start = Expression::new(span, Form::Name(outer.to_owned()));
        let value = inner.iter().fold(start, |object, name| super::member(object, name));
        known.insert((*last).to_owned());
        let target = Expression::new(span, Form::Name((*last).to_owned()));
        let value = Some(value);
        statement(Act::Bind { target, declares: Declares::Block, value, declared: None });
    }
    None
}

/// Names with a capital that stand alone, each at its first place; classes that the file declares at
/// any depth are added to those that are known.
fn capital_names<'a, 't>(
    reader: &Reader<'a>,
    root: Node<'t>,
    known: &mut BTreeSet<String>,
) -> Vec<(&'a str, Node<'t>)> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind().ends_with("_declaration")
            && let Some(name) = node.child_by_field_name("name")
        {
            known.insert(reader.syntax.text(name).to_owned());
        }
        let skipped = matches!(node.kind(), "import_declaration" | "package_declaration");
        let alone = matches!(node.kind(), "identifier" | "type_identifier")
            && !matches!(cursor.field_name(), Some("field" | "name"));
        if alone {
            let text = reader.syntax.text(node);
            let is_class = text.starts_with(char::is_uppercase)
                && (text.len() == 1 || text.contains(char::is_lowercase));
            if is_class && seen.insert(text) {
                names.push((text, node));
            }
        }
        if !skipped && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return names;
            }
        }
    }
}
