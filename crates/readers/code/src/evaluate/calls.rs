//! Calls: of the project's functions, of libraries, and of what is not known.

use std::rc::Rc;

use text::Span;

use super::members::LONGEST_NAME;
use super::scope::{Scope, ScopeKind};
use super::value::{Closure, Method};
use super::{Arguments, DEEPEST_CALL, Evaluator, Flow, Frame, Value};
use crate::data::effects;
use crate::data::packages::{self, Knowledge};
use crate::tree::{self, Expression, Form, Parameter, Takes};

/// A function that calls itself is followed this often.
const DEEPEST_RECURSION: usize = 2;

/// One call of a function of the project.
pub(super) struct Call<'call> {
    pub(super) closure: &'call Rc<Closure>,
    pub(super) receiver: Option<Value>,
    pub(super) arguments: Arguments,
    pub(super) at: Span,
}

impl Evaluator<'_> {
    /// A call as it is written.
    pub(super) fn call_expression(
        &mut self,
        callee: &Expression,
        arguments: &[tree::Argument],
        scope: &Rc<Scope>,
        at: Span,
    ) -> Value {
        let Form::Member { object, name } = &*callee.form else {
            let callee = self.evaluate(callee, scope);
            let arguments = self.arguments(arguments, scope);
            return self.call(&callee, arguments, at);
        };
        let object = self.evaluate(object, scope);
        let arguments = self.arguments(arguments, scope);
        let mut results = Vec::new();
        for choice in object.choices() {
            results.push(match choice {
                Value::Unknown(why) => self.call_on_unknown(why, name, &arguments, at),
                choice => match self.language.method(self, choice, name, &arguments, at) {
                    Some(value) => value,
                    None => {
                        let method = self.called_member(choice, name, callee.span);
                        self.call(&method, arguments.clone(), at)
                    }
                },
            });
        }
        Value::either(results)
    }

    /// A method of something that is not known: it reaches AWS if it has the name of an operation.
    fn call_on_unknown(
        &mut self,
        why: &Rc<str>,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        if iam::api::Service::is_any_operation(name) {
            self.unresolved(at, format!("the receiver is not known: {why}"));
        }
        self.call_back_all(arguments, at);
        Value::Unknown(why.clone())
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, callee: &Value, arguments: Arguments, at: Span) -> Value {
        match callee {
            Value::Either(choices) => {
                let mut results = Vec::new();
                for choice in self.overloaded(choices, &arguments) {
                    results.push(self.call(&choice, arguments.clone(), at));
                }
                Value::either(results)
            }
            Value::Function(closure) => {
                self.call_closure(Call { closure, receiver: None, arguments, at })
            }
            Value::Bound(bound) => match &bound.method {
                Method::Function(closure) => {
                    let receiver = Some(bound.receiver.clone());
                    self.call_closure(Call { closure, receiver, arguments, at })
                }
                Method::Partial(given) => {
                    let mut all = (**given).clone();
                    all.positions.extend(arguments.positions);
                    all.names.extend(arguments.names);
                    all.rest_unknown = all.rest_unknown.or(arguments.rest_unknown);
                    self.call(&bound.receiver.clone(), all, at)
                }
                Method::Named(name) => self.call_method(&bound.receiver, name, &arguments, at),
                // Python's `super()` is the bases themselves; elsewhere it calls their constructor.
                Method::Super(_) if self.language.language() == profile::Language::Python => {
                    callee.clone()
                }
                Method::Super(_) => {
                    let constructor = self.member(callee, "constructor", at);
                    self.call(&constructor, arguments, at);
                    Value::Null
                }
            },
            Value::Class(class) => match self.language.call(self, callee, &arguments, at) {
                Some(value) => value,
                None => self.construct(class, arguments, at),
            },
            Value::Instance(..) => match self.member_if_any(callee, "__call__", at) {
                Some(method) => self.call(&method, arguments, at),
                None => Value::unknown("an instance is called"),
            },
            Value::Module(_) => match self.member_if_any(callee, "default", at) {
                Some(Value::Module(_)) | None => Value::unknown("a module is called"),
                Some(value) => self.call(&value, arguments, at),
            },
            Value::Foreign(name) => match self.language.call(self, callee, &arguments, at) {
                Some(value) => value,
                None => self.call_foreign(name, &arguments, at),
            },
            Value::Object(object) => match self.language.call(self, callee, &arguments, at) {
                Some(value) => value,
                None => {
                    Value::unknown(format!("the {} of `{}` is called", object.kind, object.service))
                }
            },
            Value::Unknown(why) => {
                self.unresolved(at, format!("what is called is not known: {why}"));
                self.call_back_all(&arguments, at);
                Value::Unknown(why.clone())
            }
            Value::Data => {
                self.call_back_all(&arguments, at);
                Value::Data
            }
            _ => Value::nothing(),
        }
    }

    /// A call of a library that is not in the project.
    fn call_foreign(&mut self, name: &Rc<str>, arguments: &Arguments, at: Span) -> Value {
        effects::tell(self, name, arguments, at);
        self.call_back_all(arguments, at);
        if let Knowledge::Unknown(package) = packages::knowledge(self.language.language(), name) {
            self.unknown_package(at, &package);
        }
        self.foreign_result(name)
    }

    /// What a call of a library gives, by name: its members may mean something.
    pub(crate) fn foreign_result(&self, name: &str) -> Value {
        match name.len() {
            0..LONGEST_NAME => Value::foreign(format!("{name}()")),
            _ => Value::Data,
        }
    }

    /// Whether the receiver is passed as the first parameter.
    pub(super) fn has_self(&self, closure: &Closure) -> bool {
        closure.class.is_some() && self.language.language() == profile::Language::Python
    }

    fn call_closure(&mut self, call: Call<'_>) -> Value {
        let function = call.closure.function.clone();
        let same = self.frames.iter().filter(|frame| {
            frame.closure.as_ref().is_some_and(|closure| Rc::ptr_eq(&closure.function, &function))
        });
        if same.count() >= DEEPEST_RECURSION {
            // What the other ways through it give is all there is.
            return Value::nothing();
        }
        if self.frames.len() >= DEEPEST_CALL {
            self.unresolved(
                call.at,
                format!("calls are not followed beyond a depth of {DEEPEST_CALL}"),
            );
            return Value::unknown("calls nest too deeply");
        }
        let scope = Scope::new(ScopeKind::Function, Some(call.closure.scope.clone()));
        self.frames.push(Frame {
            closure: Some(call.closure.clone()),
            at: call.at,
            returns: Vec::new(),
            yields: Vec::new(),
            exits: Vec::new(),
        });
        self.bind_receiver(&call, &scope);
        self.bind_parameters(&call, &scope);
        let flow = self.run_body(&function.body, &scope);
        let Some(frame) = self.frames.pop() else { return Value::Data };
        for writes in frame.exits {
            self.heap.join(writes);
        }
        if !frame.yields.is_empty() {
            return self.list(Vec::new(), Some(Value::either(frame.yields)));
        }
        let fallen = (flow != Flow::Ended).then_some(Value::Null);
        let value = Value::either(frame.returns.into_iter().chain(fallen));
        self.with_type(value, function.result.as_ref(), &call.closure.scope)
    }

    fn bind_parameters(&mut self, call: &Call<'_>, scope: &Rc<Scope>) {
        let mut arguments = call.arguments.clone();
        if let Some(receiver) = &call.receiver
            && self.has_self(call.closure)
        {
            arguments.positions.insert(0, receiver.clone());
        }
        let function = call.closure.function.clone();
        let mut positions = arguments.positions.into_iter();
        let mut names = arguments.names;
        for (index, parameter) in function.parameters.iter().enumerate() {
            let value = match parameter.takes {
                Takes::One => positions.next().or_else(|| take_named(&mut names, parameter)),
                Takes::Named => take_named(&mut names, parameter),
                Takes::Rest => {
                    let rest = positions.by_ref().collect();
                    Some(self.list(rest, None))
                }
                Takes::RestNames => {
                    let rest = std::mem::take(&mut names);
                    let entries = rest.into_iter().map(|(name, value)| (Value::text(name), value));
                    let more = arguments.rest_unknown.as_ref().map(Value::unknown);
                    Some(self.map(entries.collect(), more))
                }
            };
            let value = match value {
                Some(value) => self.with_type(value, parameter.declared.as_ref(), scope),
                None => self.default_of(call, index, parameter, scope),
            };
            self.assign(&parameter.target, value, tree::Declares::Block, scope);
        }
    }

    /// The value of a parameter without an argument.
    fn default_of(
        &mut self,
        call: &Call<'_>,
        index: usize,
        parameter: &Parameter,
        scope: &Rc<Scope>,
    ) -> Value {
        if let Some(Some(value)) = call.closure.defaults.get(index) {
            let value = value.clone();
            return self.or_spread(call, value);
        }
        if let Some(default) = &parameter.default {
            return self.evaluate(default, scope);
        }
        let declared = parameter.declared.as_ref();
        if let Some(value) = declared.and_then(|declared| self.instance_of(declared, scope)) {
            return value;
        }
        match (self.language.language(), &*parameter.target.form) {
            (profile::Language::Python, Form::Name(name)) => {
                Value::unknown(format!("parameter `{name}` of `{}`", call.closure.function.name))
            }
            _ => Value::Null,
        }
    }

    /// A default, or what a map spread over the parameters may hold.
    fn or_spread(&self, call: &Call<'_>, default: Value) -> Value {
        match &call.arguments.rest_unknown {
            Some(why) => Value::either([default, Value::unknown(format!("one of {why}"))]),
            None => default,
        }
    }
}

fn take_named(names: &mut Vec<(String, Value)>, parameter: &Parameter) -> Option<Value> {
    let Form::Name(name) = &*parameter.target.form else { return None };
    let position = names.iter().position(|(key, _)| key == name)?;
    Some(names.remove(position).1)
}
