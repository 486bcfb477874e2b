use std::rc::Rc;

use documents::Files;
use text::{Problem, Source, SourceId, Span};

use super::{arrange, library, project};
use crate::Entry;
use crate::evaluate::{Arguments, Evaluator, Value};
use crate::language::{Found, Language, Start};
use crate::sdk::go as sdk;
use crate::tree::{Module, Statement};

/// Go.
pub(crate) struct Go;

impl Language for Go {
    fn language(&self) -> profile::Language {
        profile::Language::Go
    }

    fn parse(&self, text: &str, source: SourceId, path: &str) -> (Module, Vec<Problem>) {
        super::parse(&Source::new(path, text), source)
    }

    fn start(&self, files: &Files, entry: &Entry) -> Result<Start, String> {
        project::start(files, entry)
    }

    fn find(&self, files: &Files, _entry: &Entry, from: &str, source: &str) -> Found {
        project::find(files, from, source)
    }

    fn arrange(&self, files: &Files, parsed: &[Rc<Module>]) -> Option<Vec<Statement>> {
        let text = |statement: &Statement| {
            let source = files.source(statement.span.source);
            source.map(|source| source.slice(statement.span).to_owned()).unwrap_or_default()
        };
        Some(arrange::arrange(parsed, &text))
    }

    fn member(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        at: Span,
    ) -> Option<Value> {
        match object {
            Value::Instance(class, _) if !name.starts_with("__") => {
                // A struct lends the members of what is embedded in it.
                let embedded: Vec<String> =
                    class.class.bases.iter().filter_map(super::declaration::last_name).collect();
                embedded.into_iter().filter(|field| field != name).find_map(|field| {
                    let inner = evaluator.member(object, &field, at);
                    match inner {
                        Value::Data | Value::Unknown(_) => None,
                        inner => evaluator.member_if_any(&inner, name, at),
                    }
                })
            }
            _ => sdk::member(object, name),
        }
    }

    fn call(
        &self,
        evaluator: &mut Evaluator<'_>,
        callee: &Value,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value> {
        match callee {
            // A type that is called converts.
            Value::Class(_) if arguments.names.is_empty() => arguments.positions.first().cloned(),
            Value::Foreign(name) => library::call(evaluator, name, arguments, at)
                .or_else(|| sdk::call(evaluator, callee, arguments, at))
                .or_else(|| structure(evaluator, arguments)),
            _ => sdk::call(evaluator, callee, arguments, at),
        }
    }

    /// What several results are bound to: a thing and then data, as of `client, err := …`.
    fn element(
        &self,
        _evaluator: &mut Evaluator<'_>,
        object: &Value,
        index: Option<&Value>,
        _at: Span,
    ) -> Option<Value> {
        match index {
            Some(Value::Number(0.0)) => Some(object.clone()),
            _ => Some(Value::Data),
        }
    }

    fn typed(&self, evaluator: &mut Evaluator<'_>, name: &str, _at: Span) -> Option<Value> {
        sdk::typed(evaluator, name)
    }

    fn request(&self, evaluator: &mut Evaluator<'_>, name: &str, value: &Value, at: Span) -> bool {
        sdk::request(evaluator, name, value, at)
    }

    fn hoists(&self) -> bool {
        false
    }
}

/// A struct of a library, with the fields that are set.
fn structure(evaluator: &mut Evaluator<'_>, arguments: &Arguments) -> Option<Value> {
    if arguments.names.is_empty() {
        return None;
    }
    let entries = arguments.names.iter();
    let entries = entries.map(|(name, value)| (Value::text(name.as_str()), value.clone()));
    Some(evaluator.map(entries.collect(), None))
}
