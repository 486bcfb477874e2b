//! The order in which the declarations of a package take effect, whatever order they are written in.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::tree::{Act, Element, Expression, Form, Module, Statement};

/// The files of a package as one: imports, types after those they embed, functions, variables after
/// those they are made of, and what runs then.
pub(super) fn arrange(
    files: &[Rc<Module>],
    texts: &dyn Fn(&Statement) -> String,
) -> Vec<Statement> {
    let mut imports = Vec::new();
    let mut types = Vec::new();
    let mut functions = Vec::new();
    let mut variables = Vec::new();
    let mut rest = Vec::new();
    for statement in files.iter().flat_map(|file| &file.body) {
        match &statement.act {
            Act::Import(_) => imports.push(statement.clone()),
            Act::Class(_) => types.push(statement.clone()),
            Act::Function(_) => functions.push(statement.clone()),
            Act::Bind { .. } => variables.push(statement.clone()),
            _ => rest.push(statement.clone()),
        }
    }
    let mut words: HashMap<String, HashSet<String>> = HashMap::new();
    for statement in types.iter().chain(&functions).chain(&variables) {
        let used = identifiers(&texts(statement));
        for name in names(statement) {
            words.entry(name).or_default().extend(used.iter().cloned());
        }
    }
    let types = sorted(types, &words);
    let variables = sorted(variables, &words);
    let mut body = imports;
    body.extend(types);
    body.extend(functions);
    body.extend(variables);
    body.extend(rest);
    body
}

fn names(statement: &Statement) -> Vec<String> {
    fn of(target: &Expression) -> Vec<String> {
        match target.form.as_ref() {
            Form::Name(name) => vec![name.clone()],
            Form::List(elements) => elements
                .iter()
                .flat_map(|element| match element {
                    Element::One(target) | Element::Spread(target) => of(target),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
    match &statement.act {
        Act::Class(class) => vec![class.name.clone()],
        Act::Function(function) => vec![function.name.clone()],
        Act::Bind { target, .. } => of(target),
        _ => Vec::new(),
    }
}

fn identifiers(text: &str) -> HashSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Statements after those whose names they use, through functions too: who uses another also uses all
/// that the other does, and so more.
fn sorted(
    mut statements: Vec<Statement>,
    words: &HashMap<String, HashSet<String>>,
) -> Vec<Statement> {
    statements.sort_by_cached_key(|statement| {
        let own = names(statement);
        let mut used: HashSet<&str> = own.iter().map(String::as_str).collect();
        let mut waiting: Vec<&str> = own.iter().map(String::as_str).collect();
        while let Some(name) = waiting.pop() {
            for word in words.get(name).into_iter().flatten() {
                if words.contains_key(word) && used.insert(word) {
                    waiting.push(word);
                }
            }
        }
        used.len() - own.len()
    });
    statements
}
