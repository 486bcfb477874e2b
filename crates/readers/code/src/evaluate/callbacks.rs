//! Functions that libraries are given: they are taken as called.

use std::rc::Rc;

use text::Span;

use super::heap::Address;
use super::value::{ClassValue, Method};
use super::{Arguments, Evaluator, Value};
use crate::tree::Takes;

/// Functions are looked for this deep in lists and maps that are passed.
const DEEPEST: usize = 4;

/// Methods by which a library's class runs what a class of the project fills in.
const RUNNERS: &[&str] =
    &["start", "run", "__call__", "main", "serve", "handle", "execute", "process"];

/// A function that a library was given.
pub(super) struct Given {
    function: Value,
    /// What it may be called with.
    argument: Value,
    at: Span,
}

/// Names a function that was called back: its place, its scope and its receiver.
pub(super) type CalledBack = (Span, usize, Option<Address>);

impl Evaluator<'_> {
    /// Takes every function among the arguments as called. A library may pass on what else it was
    /// given: `starmap(work, [(client, key)])`.
    pub(crate) fn call_back_all(&mut self, arguments: &Arguments, at: Span) {
        let (mut functions, mut things) = (Vec::new(), vec![Value::Data]);
        for value in arguments.values() {
            self.collect(value, &mut functions, &mut things, 0);
        }
        let argument = Value::either(things);
        for function in functions {
            self.give(function, argument.clone(), at);
        }
    }

    /// Finds functions, and things that reach AWS, in a value.
    fn collect(
        &self,
        value: &Value,
        functions: &mut Vec<Value>,
        things: &mut Vec<Value>,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        let mut within = |value: &Value| self.collect(value, functions, things, depth + 1);
        match value {
            Value::Function(_) | Value::Bound(_) => functions.push(value.clone()),
            Value::Object(_) | Value::Instance(..) => things.push(value.clone()),
            Value::Either(choices) => choices.iter().for_each(within),
            Value::List(address) => {
                if let Some(list) = self.heap.list(*address) {
                    list.items.iter().chain(&list.more).for_each(within);
                }
            }
            Value::Map(address) => {
                if let Some(map) = self.heap.map(*address) {
                    map.entries.iter().for_each(|(_, value)| within(value));
                    map.more.iter().for_each(within);
                }
            }
            _ => {}
        }
    }

    /// Takes a function that a library was given as called with data.
    pub(crate) fn call_back(&mut self, function: &Value, at: Span) {
        self.give(function.clone(), Value::Data, at);
    }

    /// Methods of a class of the project that a library's class runs: those of a thread, a server.
    pub(super) fn run_filled_in(
        &mut self,
        instance: &Value,
        class: &Rc<ClassValue>,
        name: &str,
        at: Span,
    ) {
        if !RUNNERS.contains(&name) {
            return;
        }
        let methods = self.heap.map(class.members).cloned().unwrap_or_default();
        for (_, method) in methods.entries {
            if matches!(&method, Value::Function(closure) if closure.function.name != "constructor")
            {
                let method = self.bound_to(&method, instance);
                self.call_back(&method, at);
            }
        }
    }

    fn give(&mut self, function: Value, argument: Value, at: Span) {
        self.given.push_back(Given { function, argument, at });
        self.call_given();
    }

    /// Calls what libraries were given, unless a module is still being loaded.
    pub(super) fn call_given(&mut self) {
        while self.frames.iter().all(|frame| frame.closure.is_some()) {
            let Some(given) = self.given.pop_front() else { return };
            self.call_once(&given);
        }
    }

    /// Calls a function with what it may be called with; each function once.
    fn call_once(&mut self, given: &Given) {
        let closure = match &given.function {
            Value::Function(closure) => closure,
            Value::Bound(bound) => match &bound.method {
                Method::Function(closure) => closure,
                Method::Partial(_) => {
                    self.call(&given.function, Arguments::default(), given.at);
                    return;
                }
                _ => return,
            },
            _ => return,
        };
        let receiver = match &given.function {
            Value::Bound(bound) => match &bound.receiver {
                Value::Instance(_, address) | Value::Map(address) => Some(*address),
                _ => None,
            },
            _ => None,
        };
        let scope = Rc::as_ptr(&closure.scope) as usize;
        if !self.called_back.insert((closure.function.span, scope, receiver)) {
            return;
        }
        let parameters = closure.function.parameters.iter();
        let skipped = usize::from(receiver.is_some() && self.has_self(closure));
        let takes_one = parameters.filter(|parameter| parameter.takes == Takes::One);
        let count = takes_one.filter(|parameter| parameter.default.is_none()).count();
        let arguments = vec![given.argument.clone(); count.saturating_sub(skipped)];
        self.call(&given.function, Arguments::of(arguments), given.at);
    }
}
