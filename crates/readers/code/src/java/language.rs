use documents::Files;
use text::{Problem, Source, SourceId, Span};

use super::{containers, library, project};
use crate::Entry;
use crate::evaluate::{Arguments, Evaluator, Value};
use crate::language::{Found, Language, Start};
use crate::sdk::java as sdk;
use crate::tree::Module;

/// Java.
pub(crate) struct Java;

impl Language for Java {
    fn language(&self) -> profile::Language {
        profile::Language::Java
    }

    fn parse(&self, text: &str, source: SourceId, path: &str) -> (Module, Vec<Problem>) {
        super::parse(&Source::new(path, text), source)
    }

    fn start(&self, files: &Files, entry: &Entry) -> Result<Start, String> {
        project::start(files, entry)
    }

    fn find(&self, files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
        project::find(files, entry, from, source)
    }

    fn member(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        _at: Span,
    ) -> Option<Value> {
        library::member(object, name).or_else(|| sdk::member(evaluator, object, name))
    }

    fn call(
        &self,
        evaluator: &mut Evaluator<'_>,
        callee: &Value,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value> {
        library::call(evaluator, callee, arguments, at)
            .or_else(|| sdk::call(evaluator, callee, arguments, at))
    }

    /// A field and a method may have one name: what is called is the method.
    fn method(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value> {
        let Value::Instance(class, _) = object else { return None };
        let (method, _) = evaluator.class_member(class, name, 0)?;
        let method = evaluator.bound_to(&method, object);
        Some(evaluator.call(&method, arguments.clone(), at))
    }

    fn typed(&self, _evaluator: &mut Evaluator<'_>, name: &str, _at: Span) -> Option<Value> {
        sdk::typed(name)
    }

    fn run_application(&self, evaluator: &mut Evaluator<'_>, at: Span) {
        containers::run(evaluator, at);
    }

    fn load_implementations(&self, evaluator: &mut Evaluator<'_>, interface: &str, at: Span) {
        let says_so = |text: &str| {
            let heads = text
                .split('{')
                .filter(|head| head.contains("implements") || head.contains("extends"));
            heads
                .flat_map(|head| head.split(|letter: char| !letter.is_alphanumeric()))
                .any(|word| word == interface)
        };
        for class in project::classes(evaluator.files, evaluator.entry, says_so) {
            evaluator.load(&class, at);
        }
    }

    fn hoists(&self) -> bool {
        false
    }

    fn has_implicit_this(&self) -> bool {
        true
    }
}
