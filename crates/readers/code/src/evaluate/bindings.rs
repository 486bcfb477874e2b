//! What names, members and patterns are bound to.

use std::rc::Rc;

use text::Span;

use super::heap::Slot;
use super::scope::{Scope, ScopeKind, enclosing};
use super::value::ClassValue;
use super::{Arguments, Evaluator, Value};
use crate::tree::{Declares, Element, Entry, Expression, Form, Type};

impl Evaluator<'_> {
    /// Where the variable of a loop lives.
    pub(super) fn loop_declares(&self) -> Declares {
        match self.language.language() {
            profile::Language::Python => Declares::Function,
            _ => Declares::Block,
        }
    }

    /// Binds a target to a value.
    pub(super) fn assign(
        &mut self,
        target: &Expression,
        value: Value,
        declares: Declares,
        scope: &Rc<Scope>,
    ) {
        let at = target.span;
        match &*target.form {
            Form::Name(name) => self.bind_name(name, value, declares, scope),
            Form::Member { object, name } => {
                let object = self.evaluate(object, scope);
                self.set_member(&object, name, value);
            }
            Form::Index { object, index } => {
                let object = self.evaluate(object, scope);
                let index = self.evaluate(index, scope);
                self.set_entry(&object, index, value);
            }
            Form::List(elements) => {
                for (position, element) in elements.iter().enumerate() {
                    match element {
                        Element::One(target) => {
                            let index = Value::Number(position as f64);
                            let part = self.index(&value, &index, at);
                            self.assign(target, part, declares, scope);
                        }
                        Element::Spread(target) => {
                            let each = self.element(&value, at);
                            let rest = self.list(Vec::new(), Some(each));
                            self.assign(target, rest, declares, scope);
                        }
                    }
                }
            }
            Form::Map(entries) => {
                for entry in entries {
                    match entry {
                        Entry::One(key, target) => {
                            let key = self.evaluate(key, scope);
                            let part = match key.literal() {
                                Some(name) => self.member(&value, name, at),
                                None => self.index(&value, &key, at),
                            };
                            self.assign(target, part, declares, scope);
                        }
                        Entry::Spread(target) => {
                            self.assign(target, value.clone(), declares, scope)
                        }
                    }
                }
            }
            // A target with a default: `{ a = 1 }` is written as an assignment in the pattern.
            Form::Assign { target, value: default } => {
                let value = match value {
                    Value::Null => self.evaluate(default, scope),
                    Value::Unknown(_) => {
                        let default = self.evaluate(default, scope);
                        Value::either([value, default])
                    }
                    value => value,
                };
                self.assign(target, value, declares, scope);
            }
            Form::Typed(target, of) => {
                let value = self.with_type(value, Some(of), scope);
                self.assign(target, value, declares, scope);
            }
            _ => drop(self.evaluate(target, scope)),
        }
    }

    /// Binds a name.
    pub(super) fn bind_name(
        &mut self,
        name: &str,
        value: Value,
        declares: Declares,
        scope: &Rc<Scope>,
    ) {
        use ScopeKind::{Class, Function, Module};
        let home = match declares {
            Declares::Block => scope.clone(),
            Declares::Function => enclosing(scope, &[Function, Module, Class]),
            Declares::Module => outermost(scope),
            Declares::Nothing => match scope.find(name) {
                Some(address) => return self.write_variable(address, value),
                None if self.assign_implicit(name, &value, scope) => return,
                None => enclosing(scope, &[Function, Module, Class]),
            },
        };
        match home.own(name) {
            Some(address) => self.write_variable(address, value),
            None => self.variable(&home, name, Some(value)),
        }
    }

    fn write_variable(&mut self, address: super::heap::Address, value: Value) {
        if let Some(slot) = self.heap.slot_mut(address) {
            *slot = Slot::Variable(Some(value));
        }
    }

    /// Sets `object.name`.
    pub(crate) fn set_member(&mut self, object: &Value, name: &str, value: Value) {
        let is_certain = object.choices().len() == 1;
        for choice in object.choices() {
            match choice {
                Value::Instance(class, address) => {
                    let setter = self.class_member(class, &format!("{name}="), 0);
                    match (setter, self.frames.last().map(|frame| frame.at)) {
                        (Some((setter, _)), Some(at)) => {
                            let setter = self.bound_to(&setter, choice);
                            self.call(&setter, Arguments::of([value.clone()]), at);
                        }
                        _ => {
                            let key = Value::text(name);
                            self.write_entry(*address, key, value.clone(), is_certain);
                        }
                    }
                }
                Value::Map(address) => {
                    self.write_entry(*address, Value::text(name), value.clone(), is_certain);
                }
                Value::Class(class) => {
                    self.write_entry(class.members, Value::text(name), value.clone(), is_certain);
                }
                Value::Module(module) => {
                    let scope = module.scope.clone();
                    self.bind_name(name, value.clone(), Declares::Function, &scope);
                }
                Value::Function(closure) => self.set_function_member(closure, name, value.clone()),
                _ => {}
            }
        }
    }

    /// A value that is declared to be of a type: where the value says less than the type, an
    /// instance of the type.
    pub(super) fn with_type(
        &mut self,
        value: Value,
        of: Option<&Type>,
        scope: &Rc<Scope>,
    ) -> Value {
        let Some(of) = of else { return value };
        match value {
            Value::Unknown(_) | Value::Data => match self.instance_of(of, scope) {
                Some(instance @ (Value::Object(_) | Value::Instance(..))) => instance,
                _ => value,
            },
            // What a library gave that is not known, either.
            Value::Foreign(ref name) if name.ends_with("()") => match self.instance_of(of, scope) {
                Some(instance @ Value::Object(_)) => instance,
                _ => value,
            },
            value => value,
        }
    }

    /// An instance of a declared type, if the type is known.
    pub(super) fn instance_of(&mut self, of: &Type, scope: &Rc<Scope>) -> Option<Value> {
        let named = self.type_named(of, scope);
        self.instance_of_value(&named, of)
    }

    /// What a type's name stands for.
    pub(super) fn type_named(&mut self, of: &Type, scope: &Rc<Scope>) -> Value {
        let Some((first, rest)) = of.path.split_first() else { return Value::Data };
        let mut named = match self.variable_named(first, scope) {
            Some(value) => value,
            None => Value::foreign(first),
        };
        for name in rest {
            named = self.member(&named, name, of.span);
        }
        named
    }

    /// An instance of a class of the project. Java's are made by a framework, which runs the constructor.
    pub(super) fn instance_of_class(&mut self, class: &Rc<ClassValue>, at: Span) -> Value {
        if self.language.language() == profile::Language::Java {
            return self.construct(class, Arguments::default(), at);
        }
        self.bare_instance(class, None)
    }

    fn instance_of_value(&mut self, named: &Value, of: &Type) -> Option<Value> {
        match named {
            Value::Class(class) => Some(self.instance_of_class(&class.clone(), of.span)),
            Value::Foreign(name) => self.language.typed(self, name, of.span),
            Value::Either(choices) => {
                let instances: Vec<Value> = choices
                    .iter()
                    .filter_map(|choice| self.instance_of_value(choice, of))
                    .collect();
                (!instances.is_empty()).then(|| Value::either(instances))
            }
            _ => None,
        }
    }

    /// Makes a value visible to other modules.
    pub(super) fn export(&mut self, name: &str, value: Value, scope: &Rc<Scope>) {
        let home = outermost(scope);
        let module = self.modules.values().find(|module| Rc::ptr_eq(&module.scope, &home)).cloned();
        let Some(module) = module else { return };
        if name == "*" {
            let exports = Value::Map(module.exports);
            match &value {
                Value::Module(other) => {
                    let other = self.commonjs(other);
                    self.merge_entries(&exports, &other);
                }
                // All that a library has: asked for when it is read.
                value => self.set_entry(&exports, Value::text("*"), value.clone()),
            }
            return;
        }
        self.write_entry(module.exports, Value::text(name), value, true);
    }
}

/// The scope of the module around a scope.
fn outermost(scope: &Rc<Scope>) -> Rc<Scope> {
    let mut current = scope.clone();
    while let Some(parent) = &current.parent {
        current = parent.clone();
    }
    current
}
