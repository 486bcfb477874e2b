//! What is told about the function: calls, destinations, processes, files, and what is not known.

use iam::api::{Argument, Call, SIGNED, is_signed_for};
use profile::{ApiCall, Destination, FileAccess, Process, Unresolved};
use text::{PartialText, Problem, Span};

use super::{Arguments, Evaluator, Value};

/// Something that was told, with its place.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) enum Recorded {
    Call(Span, Call),
    Destination(Span, PartialText),
    Process(Span, PartialText),
    File(Span, PartialText),
    Unresolved(Span),
    /// A package of which nothing is known, told at its first call.
    Package(String),
}

/// Texts are not followed deeper than this into lists and maps of arguments.
const DEEPEST_ARGUMENT: usize = 8;

/// An argument has as many values at most.
const LARGEST_ARGUMENT: usize = 4_000;

impl Evaluator<'_> {
    /// Tells a call of an API: `service` as botocore names it, `operation` and the arguments' names
    /// as the API does.
    pub(crate) fn api_call(
        &mut self,
        at: Span,
        service: &str,
        operation: &str,
        arguments: Vec<(String, Argument)>,
        rest_unknown: Option<String>,
    ) {
        let call = Call {
            service: service.to_owned(),
            operation: operation.to_owned(),
            arguments,
            rest_unknown,
        };
        if self.recorded.insert(Recorded::Call(at, call.clone())) {
            let through = self.through();
            self.behaviour.calls.push(ApiCall { call, span: at, through });
        }
    }

    /// Tells that requests are signed by hand for a service, where the service is known and what
    /// the requests need; else that they are not followed.
    pub(crate) fn signs_for(&mut self, at: Span, service: Option<&Value>) {
        let named = service.into_iter().flat_map(Value::choices);
        let named: Option<Vec<&str>> = named.map(Value::literal).collect();
        let named = named.unwrap_or_default();
        if named.is_empty() || !named.iter().all(|service| is_signed_for(service)) {
            let what = named.first().map_or("which API", |service| service);
            self.unresolved(at, format!("requests are signed by hand: `{what}` is not followed"));
            return;
        }
        for service in named {
            self.api_call(at, SIGNED, service, Vec::new(), None);
        }
    }

    /// Tells a host that is connected to.
    pub(crate) fn destination(&mut self, at: Span, host: PartialText) {
        if self.recorded.insert(Recorded::Destination(at, host.clone())) {
            self.behaviour.destinations.push(Destination { host, span: at });
        }
    }

    /// Tells a program that is started.
    pub(crate) fn process(&mut self, at: Span, command: PartialText) {
        if self.recorded.insert(Recorded::Process(at, command.clone())) {
            self.behaviour.processes.push(Process { command, span: at });
        }
    }

    /// Tells a file that is written.
    pub(crate) fn file_written(&mut self, at: Span, path: PartialText) {
        if self.recorded.insert(Recorded::File(at, path.clone())) {
            self.behaviour.files.push(FileAccess { path, span: at });
        }
    }

    /// Tells a call that may reach AWS and is not resolved.
    pub(crate) fn unresolved(&mut self, at: Span, reason: impl Into<String>) {
        if self.recorded.insert(Recorded::Unresolved(at)) {
            let call = self.written(at);
            self.behaviour.unresolved.push(Unresolved { span: at, call, reason: reason.into() });
        }
    }

    /// Tells, once for a package, that calls of it are not followed.
    pub(crate) fn unknown_package(&mut self, at: Span, package: &str) {
        if self.recorded.insert(Recorded::Package(package.to_owned())) {
            self.unresolved(at, format!("package `{package}` is not in the project"));
        }
    }

    /// Tells a problem of the input.
    pub(crate) fn problem(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// A value as the argument of a call.
    pub(crate) fn argument(&self, value: &Value) -> Argument {
        self.argument_at(value, 0, &mut { LARGEST_ARGUMENT })
    }

    /// `left` counts down how many values the argument may still have.
    fn argument_at(&self, value: &Value, depth: usize, left: &mut usize) -> Argument {
        *left = left.saturating_sub(1);
        if depth > DEEPEST_ARGUMENT || *left == 0 {
            return Argument::Unknown("it is too large to be followed".to_owned());
        }
        match value {
            Value::Text(text) => Argument::Text(text.clone()),
            Value::Number(_) | Value::Truth(_) | Value::Null => Argument::Other,
            Value::List(address) => {
                let Some(list) = self.heap.list(*address) else { return Argument::Other };
                let values = list.items.iter().chain(&list.more);
                Argument::List(
                    values.map(|value| self.argument_at(value, depth + 1, left)).collect(),
                )
            }
            Value::Map(address) => {
                let Some(map) = self.heap.map(*address) else { return Argument::Other };
                let mut entries = Vec::new();
                for (key, value) in &map.entries {
                    entries.push((self.text_of(key), self.argument_at(value, depth + 1, left)));
                }
                if let Some(value) = &map.more {
                    let key = PartialText::unknown("a key that is known at run time only");
                    entries.push((key, self.argument_at(value, depth + 1, left)));
                }
                Argument::Map(entries)
            }
            Value::Either(choices) => {
                let choices = choices.iter().map(|value| self.argument_at(value, depth, left));
                Argument::Either(choices.collect())
            }
            Value::Data => Argument::Unknown("data that is known at run time only".to_owned()),
            Value::Unknown(why) => Argument::Unknown(why.to_string()),
            Value::Foreign(name) => Argument::Unknown(format!("the value of `{name}`")),
            Value::Object(_) | Value::Instance(..) => Argument::Other,
            Value::Function(_) | Value::Class(_) | Value::Module(_) | Value::Bound(_) => {
                Argument::Other
            }
        }
    }

    /// Arguments by name as those of a call.
    pub(crate) fn named_arguments(&self, arguments: &Arguments) -> Vec<(String, Argument)> {
        let names = arguments.names.iter();
        names.map(|(name, value)| (name.clone(), self.argument(value))).collect()
    }

    /// A value as a text, its unknown parts with their reasons.
    pub(crate) fn text_of(&self, value: &Value) -> PartialText {
        match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => PartialText::known(number.to_string()),
            Value::Truth(truth) => PartialText::known(truth.to_string()),
            Value::Data => PartialText::unknown("data that is known at run time only"),
            Value::Unknown(why) => PartialText::unknown(why.as_ref()),
            Value::Either(choices) => {
                let reasons = choices.iter().find_map(|choice| match choice {
                    Value::Unknown(why) => Some(why.to_string()),
                    _ => None,
                });
                PartialText::unknown(reasons.unwrap_or_else(|| "one of several values".to_owned()))
            }
            Value::Foreign(name) => PartialText::unknown(format!("the value of `{name}`")),
            _ => PartialText::unknown("a value that is no text"),
        }
    }

    /// Calls that lead to the present one, outermost first.
    fn through(&self) -> Vec<Span> {
        // The handler's own frame is the first, or the second behind its module's.
        self.frames
            .iter()
            .filter(|frame| frame.closure.is_some())
            .skip(1)
            .map(|frame| frame.at)
            .collect()
    }

    /// The code at a place, cut to one line.
    pub(super) fn written(&self, at: Span) -> String {
        let code = self.code_at(at).unwrap_or_default();
        let line = code.lines().next().unwrap_or_default().trim_end();
        let short: String = line.chars().take(120).collect();
        if short.len() < code.len() { format!("{short}…") } else { short }
    }
}
