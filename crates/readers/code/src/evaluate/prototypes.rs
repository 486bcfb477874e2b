//! Functions that are objects: with members of their own, and as what `new` makes instances by.

use std::rc::Rc;

use text::Span;

use super::heap::Address;
use super::scope::Scope;
use super::value::{Bound, Closure, Method};
use super::{Arguments, Evaluator, Value};
use crate::tree::{self, Expression};

/// Names a function in the scope it was made in.
pub(super) type Identity = (usize, usize);

impl Evaluator<'_> {
    /// Whether objects are maps with members, as in JavaScript.
    pub(super) fn has_plain_objects(&self) -> bool {
        matches!(
            self.language.language(),
            profile::Language::JavaScript | profile::Language::TypeScript
        )
    }

    /// The members that a function has been given, if any.
    pub(super) fn function_members(&self, closure: &Rc<Closure>) -> Option<Address> {
        self.members_of_functions.get(&identity(closure)).copied()
    }

    /// A member of a function; its `prototype` is there when it is asked for.
    pub(super) fn function_member(&mut self, closure: &Rc<Closure>, name: &str) -> Option<Value> {
        if !self.has_plain_objects() {
            return None;
        }
        let known = self.function_members(closure).and_then(|members| {
            let entries = &self.heap.map(members)?.entries;
            entries
                .iter()
                .find(|(key, _)| key.literal() == Some(name))
                .map(|(_, value)| value.clone())
        });
        if known.is_none() && name == "prototype" {
            let prototype = self.map(Vec::new(), None);
            self.set_function_member(closure, name, prototype.clone());
            return Some(prototype);
        }
        known
    }

    /// Gives a function a member.
    pub(super) fn set_function_member(&mut self, closure: &Rc<Closure>, name: &str, value: Value) {
        let members = match self.function_members(closure) {
            Some(members) => members,
            None => {
                let Value::Map(members) = self.map(Vec::new(), None) else { return };
                self.members_of_functions.insert(identity(closure), members);
                members
            }
        };
        self.write_entry(members, Value::text(name), value, true);
    }

    /// `new callee(…)`.
    pub(super) fn construction(
        &mut self,
        callee: &Expression,
        arguments: &[tree::Argument],
        scope: &Rc<Scope>,
        at: Span,
    ) -> Value {
        let callee = self.evaluate(callee, scope);
        let arguments = self.arguments(arguments, scope);
        let mut made = Vec::new();
        for choice in callee.choices() {
            made.push(match choice {
                Value::Function(closure) if !closure.function.keeps_this => {
                    self.construct_by(closure, arguments.clone(), at)
                }
                choice => self.call(choice, arguments.clone(), at),
            });
        }
        Value::either(made)
    }

    /// An object with the members of the function's prototype, which the function then sets up.
    fn construct_by(&mut self, closure: &Rc<Closure>, arguments: Arguments, at: Span) -> Value {
        let object = self.map(Vec::new(), None);
        if let Some(prototype @ Value::Map(_)) = self.function_member(closure, "prototype") {
            self.merge_entries(&object, &prototype);
        }
        let method = Method::Function(closure.clone());
        let method = Value::Bound(Rc::new(Bound { receiver: object.clone(), method }));
        let given = self.call(&method, arguments, at);
        // What it returns stands in for the object only when it is an object itself.
        let objects = given.choices().iter().filter(|choice| {
            matches!(
                choice,
                Value::Map(_) | Value::Instance(..) | Value::Object(_) | Value::Unknown(_)
            )
        });
        let objects: Vec<Value> = objects.cloned().collect();
        if objects.is_empty() { object } else { Value::either(objects.into_iter().chain([object])) }
    }

    /// What `object.name(…)` calls: a function of a plain object has the object as `this`.
    pub(super) fn called_member(&mut self, object: &Value, name: &str, at: Span) -> Value {
        if !self.has_plain_objects() {
            return self.member(object, name, at);
        }
        match (object, self.member_if_any(object, name, at)) {
            (Value::Map(_), Some(member)) => self.bound_to(&member, object),
            (Value::Map(_), None) => {
                let method = Method::Named(Rc::from(name));
                Value::Bound(Rc::new(Bound { receiver: object.clone(), method }))
            }
            _ => self.member(object, name, at),
        }
    }

    /// A key as objects have it: JavaScript's are texts.
    pub(super) fn object_key(&self, key: &Value) -> Value {
        match key {
            Value::Number(number) if self.has_plain_objects() => Value::text(number.to_string()),
            Value::Either(choices) if self.has_plain_objects() => {
                Value::either(choices.iter().map(|choice| self.object_key(choice)))
            }
            key => key.clone(),
        }
    }
}

fn identity(closure: &Rc<Closure>) -> Identity {
    (Rc::as_ptr(&closure.function) as usize, Rc::as_ptr(&closure.scope) as usize)
}
