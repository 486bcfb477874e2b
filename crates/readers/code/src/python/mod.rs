//! Python: its text as the tree, its imports, its own library.

mod annotations;
mod classes;
mod expressions;
mod finding;
mod library;
mod matching;
mod nesting;
mod statements;

use documents::Files;
use text::{Problem, SourceId, Span};

use crate::Entry;
use crate::data::libraries;
use crate::data::packages::{self, Knowledge};
use crate::evaluate::{Arguments, Evaluator, Value};
use crate::language::{Found, Language, ModuleFiles, Start};
use crate::sdk::boto3;
use crate::tree::Module;
use expressions::Lowering;

/// Python.
pub(crate) struct Python;

impl Language for Python {
    fn language(&self) -> profile::Language {
        profile::Language::Python
    }

    fn parse(&self, text: &str, source: SourceId, path: &str) -> (Module, Vec<Problem>) {
        let span = Span::new(source, 0, text.len());
        let mut module = Module { span, package: None, body: Vec::new() };
        if let Some(offset) = nesting::too_deep(text) {
            let at = Span::new(source, offset, offset + 1);
            let problem = Problem::incomplete("the code nests too deeply to be read", at.into());
            return (module, vec![problem]);
        }
        let parsed =
            ruff_python_parser::parse_unchecked_source(text, ruff_python_ast::PySourceType::Python);
        let mut problems: Vec<Problem> = Vec::new();
        if let Some(error) = parsed.errors().first() {
            let (start, end) = (error.location.start().to_usize(), error.location.end().to_usize());
            let message = format!("syntax error: {}", first_lower(&error.error.to_string()));
            problems.push(
                Problem::incomplete(message, Span::new(source, start, end).into())
                    .help("what the parser could not read is not followed"),
            );
        }
        let mut lowering = Lowering {
            source,
            module: finding::module_name(path),
            depth: 0,
            too_deep: Vec::new(),
            globals: Vec::new(),
            nonlocals: Vec::new(),
        };
        module.body = lowering.body(parsed.suite());
        problems.extend(lowering.too_deep.first().map(|span| {
            Problem::incomplete("the expression nests too deeply to be followed", (*span).into())
        }));
        (module, problems)
    }

    fn start(&self, files: &Files, entry: &Entry) -> Result<Start, String> {
        finding::start(files, entry)
    }

    fn find(&self, files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
        finding::find(files, entry, from, source)
    }

    fn submodule(
        &self,
        files: &Files,
        _entry: &Entry,
        module: &ModuleFiles,
        name: &str,
    ) -> Option<ModuleFiles> {
        finding::module_at(files, &format!("{}/{name}", module.key))
    }

    fn member(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        at: Span,
    ) -> Option<Value> {
        boto3::member(evaluator, object, name, at)
            .or_else(|| libraries::member(evaluator, object, name))
            .or_else(|| library::member(evaluator, object, name))
    }

    fn call(
        &self,
        evaluator: &mut Evaluator<'_>,
        callee: &Value,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value> {
        boto3::call(evaluator, callee, arguments, at)
            .or_else(|| libraries::call(evaluator, callee, arguments, at))
            .or_else(|| library::call(evaluator, callee, arguments, at))
    }

    fn element(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        index: Option<&Value>,
        at: Span,
    ) -> Option<Value> {
        boto3::element(evaluator, object, at).or_else(|| library::element(evaluator, object, index))
    }

    fn typed(&self, evaluator: &mut Evaluator<'_>, name: &str, _at: Span) -> Option<Value> {
        boto3::typed(evaluator, name).or_else(|| libraries::typed(name))
    }

    fn hoists(&self) -> bool {
        false
    }

    fn gives_name(&self, name: &str) -> bool {
        packages::knowledge(profile::Language::Python, name) == Knowledge::Harmless
            || name.starts_with("__")
    }
}

fn first_lower(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
