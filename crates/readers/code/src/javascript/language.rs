use documents::Files;
use text::{Problem, SourceId, Span};

use super::{builtins, resolve, start};
use crate::Entry;
use crate::evaluate::{Arguments, Evaluator, ModuleValue, Value};
use crate::language::{Found, Language, Start};
use crate::sdk::{javascript_libraries, javascript_v2, javascript_v3};
use crate::tree::Module;

/// JavaScript and TypeScript on Node.js.
pub(crate) struct Node;

impl Language for Node {
    fn language(&self) -> profile::Language {
        profile::Language::JavaScript
    }

    fn language_of(&self, path: &str) -> profile::Language {
        match path.ends_with("ts") || path.ends_with("tsx") {
            true => profile::Language::TypeScript,
            false => profile::Language::JavaScript,
        }
    }

    fn parse(&self, text: &str, source: SourceId, path: &str) -> (Module, Vec<Problem>) {
        super::parse(text, source, path)
    }

    fn start(&self, files: &Files, entry: &Entry) -> Result<Start, String> {
        start::start(files, entry)
    }

    fn find(&self, files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
        resolve::find(files, entry, from, source)
    }

    fn prepare(&self, evaluator: &mut Evaluator<'_>, module: &ModuleValue) {
        builtins::prepare(evaluator, module);
    }

    fn member(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        at: Span,
    ) -> Option<Value> {
        match object {
            // The default export of a library is the library.
            Value::Foreign(_) if matches!(name, "default" | "*") => Some(object.clone()),
            Value::Foreign(foreign) if is_environment(foreign) => {
                Some(evaluator.environment(name, None))
            }
            Value::Object(thing) => javascript_v3::member(thing, name)
                .or_else(|| javascript_v2::member(thing, name))
                .or_else(|| javascript_libraries::member(thing, name)),
            Value::Instance(class, _) => {
                let bases = evaluator.foreign_bases(class);
                let base = bases.iter().find_map(|base| self.typed(evaluator, base, at))?;
                evaluator.member_if_any(&base, name, at)
            }
            _ => None,
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
            Value::Foreign(name) => builtins::call(evaluator, name, arguments, at)
                .or_else(|| javascript_v3::call_name(evaluator, name, arguments, at))
                .or_else(|| javascript_v2::call_name(evaluator, name, arguments, at))
                .or_else(|| javascript_libraries::call_name(evaluator, name, arguments, at)),
            Value::Object(thing) => javascript_v3::call(evaluator, thing, arguments, at)
                .or_else(|| javascript_v2::call(evaluator, thing, arguments, at))
                .or_else(|| javascript_libraries::call(evaluator, thing, arguments, at)),
            _ => None,
        }
    }

    fn method(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value> {
        builtins::method(evaluator, object, name, arguments, at)
    }

    fn element(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        index: Option<&Value>,
        at: Span,
    ) -> Option<Value> {
        let index = index?;
        if let Some(name) = index.literal() {
            return Some(evaluator.member(object, name, at));
        }
        match object {
            Value::Foreign(name) if is_environment(name) => {
                Some(Value::unknown("an environment variable that is chosen at run time"))
            }
            Value::Object(_) | Value::Foreign(_) if matches!(index, Value::Either(_)) => {
                let names = index.choices().iter();
                let members = names.map(|name| match name.literal() {
                    Some(name) => evaluator.member(object, name, at),
                    None => Value::unknown("a member that is chosen at run time"),
                });
                Some(Value::either(members.collect::<Vec<_>>()))
            }
            Value::Object(_) => Some(Value::unknown("a member that is chosen at run time")),
            _ => None,
        }
    }

    fn typed(&self, _evaluator: &mut Evaluator<'_>, name: &str, _at: Span) -> Option<Value> {
        javascript_v3::typed(name).or_else(|| javascript_v2::typed(name))
    }
}

fn is_environment(name: &str) -> bool {
    matches!(name, "process.env" | "process.default.env" | "globalThis.process.env")
}
