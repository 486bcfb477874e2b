//! The tables kept by hand: what operations need that are not named as their action, and which
//! arguments name resources.
//!
//! `data/operations.txt`: a line `API OPERATION…` (with wildcards), and below it, indented, one line
//! for each action: `none`, `same` (the action of the operation's name) or `prefix:Action`, behind
//! it `of TYPE` (the resource type), `on *` (no resource), `if PATH`, `if PATH=TEXT` or `if
//! PATH^BEGIN` (only where that was passed), `unless PATH`, `with PLACEHOLDER=PATH`.
//!
//! `data/bindings.txt`: lines `API PLACEHOLDER=PATH…` or `API.Operation PLACEHOLDER=PATH…`.
//!
//! A path is as `find` takes it, several apart by commas are tried in turn, and one that begins with
//! `'` is the text itself. `:FORM` behind it says how the text names the resource, and
//! `|TEXT` what holds where nothing was passed. Lines with `#` name the source of those below.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::pattern::{Case, wildcard_matches};

const OPERATIONS: &str = include_str!("../../data/operations.txt");
const BINDINGS: &str = include_str!("../../data/bindings.txt");

/// One action that an operation needs.
#[derive(Debug, Default, Clone)]
pub(super) struct Use<'row> {
    /// The action; `None` for the one of the operation's name.
    pub(super) action: Option<&'row str>,
    /// The resource type to which it is limited.
    pub(super) of: Option<String>,
    /// Whether no resource can be named.
    pub(super) on_all: bool,
    pub(super) conditions: Vec<Condition<'row>>,
    pub(super) with: Vec<Binding<'row>>,
}

/// What a call must pass for an action to be needed.
#[derive(Debug, Clone)]
pub(super) struct Condition<'row> {
    pub(super) path: &'row str,
    pub(super) test: Test<'row>,
}

/// What is asked of an argument.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Test<'row> {
    /// Something is passed.
    Passed,
    /// Nothing is passed.
    Absent,
    /// It is this text, without regard to case.
    Is(&'row str),
    /// It begins with this text, without regard to case.
    Begins(&'row str),
}

/// Which argument fills a placeholder of an ARN's format.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Binding<'row> {
    pub(super) placeholder: &'row str,
    pub(super) path: Cow<'row, str>,
    pub(super) form: &'row str,
    pub(super) default: Option<&'row str>,
}

/// The rows of one API.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) operations: Vec<(Vec<&'static str>, Vec<Use<'static>>)>,
    /// Bindings of an operation, or where it is empty, of all.
    pub(super) bindings: Vec<(&'static str, Binding<'static>)>,
}

impl Rows {
    /// What an operation needs; `None` where no row says it.
    pub(super) fn uses(&self, operation: &str) -> Option<&[Use<'static>]> {
        let names = |patterns: &[&str]| {
            patterns.iter().any(|pattern| wildcard_matches(pattern, operation, Case::Sensitive))
        };
        let (_, uses) = self.operations.iter().find(|(patterns, _)| names(patterns))?;
        Some(uses)
    }

    /// The binding of a placeholder, the operation's own before the API's.
    pub(super) fn binding(&self, operation: &str, placeholder: &str) -> Option<&Binding<'static>> {
        let of = |owner: &str| {
            self.bindings
                .iter()
                .find(|(name, binding)| *name == owner && binding.placeholder == placeholder)
        };
        of(operation).or_else(|| of("")).map(|(_, binding)| binding)
    }
}

pub(super) static ROWS: LazyLock<BTreeMap<&'static str, Rows>> = LazyLock::new(|| {
    let mut rows = BTreeMap::new();
    read_operations(OPERATIONS, &mut rows);
    read_bindings(BINDINGS, &mut rows);
    rows
});

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

fn read_operations(text: &'static str, rows: &mut BTreeMap<&'static str, Rows>) {
    let mut api = "";
    for line in lines(text) {
        let mut words = line.split_whitespace();
        if line.starts_with(' ') {
            let last = rows.get_mut(api).and_then(|rows| rows.operations.last_mut());
            if let (Some((_, uses)), Some(one)) = (last, read_use(words)) {
                uses.push(one);
            }
        } else if let Some(name) = words.next() {
            api = name;
            rows.entry(api).or_default().operations.push((words.collect(), Vec::new()));
        }
    }
}

/// Reads one action; `None` for the word `none`.
fn read_use(mut words: impl Iterator<Item = &'static str>) -> Option<Use<'static>> {
    let action = match words.next()? {
        "none" => return None,
        "same" => None,
        action => Some(action),
    };
    let mut one = Use { action, ..Use::default() };
    while let (Some(keyword), Some(word)) = (words.next(), words.next()) {
        match keyword {
            "of" => one.of = Some(word.replace('_', " ")),
            "on" => one.on_all = true,
            "with" => one.with.extend(read_binding(word)),
            _ => {
                one.conditions.push(condition(keyword, word));
            }
        }
    }
    Some(one)
}

fn condition(keyword: &str, word: &'static str) -> Condition<'static> {
    if keyword == "unless" {
        Condition { path: word, test: Test::Absent }
    } else if let Some((path, text)) = word.split_once('=') {
        Condition { path, test: Test::Is(text) }
    } else if let Some((path, text)) = word.split_once('^') {
        Condition { path, test: Test::Begins(text) }
    } else {
        Condition { path: word, test: Test::Passed }
    }
}

fn read_bindings(text: &'static str, rows: &mut BTreeMap<&'static str, Rows>) {
    for line in lines(text) {
        let mut words = line.split_whitespace();
        let owner = words.next().unwrap_or_default();
        let (api, operation) = owner.split_once('.').unwrap_or((owner, ""));
        let bindings = words.filter_map(read_binding).map(|binding| (operation, binding));
        rows.entry(api).or_default().bindings.extend(bindings);
    }
}

fn read_binding(word: &'static str) -> Option<Binding<'static>> {
    let (placeholder, source) = word.split_once('=')?;
    let (source, default) = match source.split_once('|') {
        Some((source, default)) => (source, Some(default)),
        None => (source, None),
    };
    // The last one: the name of a client's address has one too.
    let (path, form) = source.rsplit_once(':').unwrap_or((source, ""));
    Some(Binding { placeholder, path: path.into(), form, default })
}

#[cfg(test)]
mod tests;
