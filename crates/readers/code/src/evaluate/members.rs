//! What `object.name` is.

use std::rc::Rc;

use text::Span;

use super::elements::entry_of;
use super::heap::Slot;
use super::value::{Bound, ClassValue, Method};
use super::{Arguments, Evaluator, ModuleValue, Value};
use crate::tree::Binding;

/// Names of foreign values are not made longer than this.
pub(super) const LONGEST_NAME: usize = 160;

impl Evaluator<'_> {
    /// The value of `object.name`.
    pub(crate) fn member(&mut self, object: &Value, name: &str, at: Span) -> Value {
        if let Value::Either(choices) = object {
            let members: Vec<Value> =
                choices.iter().map(|choice| self.member(choice, name, at)).collect();
            return Value::either(members);
        }
        if let Some(value) = self.member_if_any(object, name, at) {
            return value;
        }
        match object {
            Value::Instance(class, _) | Value::Class(class) => {
                Value::unknown(format!("`{}` has no `{name}` that is known", class.class.name))
            }
            Value::Module(module) => {
                Value::unknown(format!("module `{}` has no `{name}`", module.files.key))
            }
            Value::Object(object) => Value::unknown(format!(
                "the {} of `{}` has no `{name}` that is known",
                object.kind, object.service
            )),
            Value::Foreign(foreign) if foreign.len() > LONGEST_NAME => Value::Data,
            Value::Foreign(foreign) => Value::foreign(format!("{foreign}.{name}")),
            Value::Data => Value::Data,
            Value::Unknown(why) => Value::Unknown(why.clone()),
            Value::Null => Value::nothing(),
            // What CommonJS exports is its own default for modules; nothing else has what it was not given.
            Value::Map(_) if self.has_plain_objects() && name == "default" => object.clone(),
            Value::Map(_) if self.has_plain_objects() => Value::Null,
            value => {
                let method = Method::Named(Rc::from(name));
                Value::Bound(Rc::new(Bound { receiver: value.clone(), method }))
            }
        }
    }

    /// The value of `object.name`, where it is known to have one.
    pub(crate) fn member_if_any(&mut self, object: &Value, name: &str, at: Span) -> Option<Value> {
        match object {
            Value::Instance(class, address) => {
                let fields = self.heap.map(*address)?.clone();
                let key = Value::text(name);
                if let Some((_, value)) = fields.entries.iter().find(|(known, _)| *known == key) {
                    return Some(value.clone());
                }
                self.instance_member(object, class, name, at).or(fields.more)
            }
            Value::Class(class) => {
                if let Some((member, _)) = self.class_member(class, name, 0) {
                    return Some(match &member {
                        Value::Function(closure) if closure.function.binding == Binding::Class => {
                            self.bound_to(&member, object)
                        }
                        _ => member,
                    });
                }
                if name == "__name__" || name == "name" {
                    return Some(Value::text(class.class.name.as_str()));
                }
                self.language
                    .member(self, object, name, at)
                    .or_else(|| self.foreign_member(class, name, ""))
            }
            Value::Module(module) => self.module_member(&module.clone(), name, at),
            Value::Map(address) => {
                let is_object = self.language.language() != profile::Language::Python;
                let map = self.heap.map(*address).filter(|_| is_object)?;
                let entry = entry_of(map, &Value::text(name));
                let all = || entry_of(map, &Value::text("*")).filter(|_| self.has_plain_objects());
                match (entry, all()) {
                    (Some(entry), _) => Some(self.gotten(entry, object, at)),
                    // All names of a library were copied to it.
                    (None, Some(library)) => {
                        let library = self.gotten(library, object, at);
                        Some(self.member(&library, name, at))
                    }
                    (None, None) => self.language.member(self, object, name, at),
                }
            }
            Value::Function(closure) => self.function_member(&closure.clone(), name),
            Value::Bound(bound) => match &bound.method {
                Method::Super(class) => {
                    self.base_member(&class.clone(), &bound.receiver.clone(), name, at)
                }
                _ => None,
            },
            Value::Foreign(_) | Value::Object(_) => self.language.member(self, object, name, at),
            Value::Text(_) if matches!(name, "value" | "name") => Some(object.clone()),
            _ => None,
        }
    }

    fn instance_member(
        &mut self,
        object: &Value,
        class: &Rc<ClassValue>,
        name: &str,
        at: Span,
    ) -> Option<Value> {
        if let Some((member, _)) = self.class_member(class, name, 0) {
            let bound = self.bound_to(&member, object);
            return Some(match &member {
                Value::Function(closure) if closure.function.binding == Binding::Getter => {
                    self.call(&bound, Arguments::default(), at)
                }
                _ => bound,
            });
        }
        if name == "__class__" {
            return Some(Value::Class(class.clone()));
        }
        if name == "__dict__"
            && let Value::Instance(_, address) = object
        {
            return Some(Value::Map(*address));
        }
        if let Some(value) = self.language.member(self, object, name, at) {
            return Some(value);
        }
        if let Some(value) = self.declared_field(class, name) {
            return Some(value);
        }
        if let Some((member, _)) = self.class_member(class, "__getattr__", 0) {
            let bound = self.bound_to(&member, object);
            return Some(self.call(&bound, Arguments::of([Value::text(name)]), at));
        }
        let inherited = self.foreign_member(class, name, "()")?;
        self.run_filled_in(object, class, name, at);
        Some(inherited)
    }

    /// What a class has from a foreign one that it extends.
    fn foreign_member(&self, class: &ClassValue, name: &str, call: &str) -> Option<Value> {
        let bases = self.foreign_bases(class);
        // Every class of Python has those.
        let base = bases.iter().find(|base| !matches!(&***base, "object" | "abc.ABC"))?;
        Some(Value::foreign(format!("{base}{call}.{name}")))
    }

    /// A member of the bases of a class, called on the receiver.
    fn base_member(
        &mut self,
        class: &Rc<ClassValue>,
        receiver: &Value,
        name: &str,
        at: Span,
    ) -> Option<Value> {
        let name = if name == "__init__" { "constructor" } else { name };
        for base in class.bases.iter().flat_map(Value::choices) {
            if let Value::Class(base) = base
                && let Some((member, _)) = self.class_member(base, name, 0)
            {
                let bound = self.bound_to(&member, receiver);
                return Some(match &member {
                    Value::Function(closure) if closure.function.binding == Binding::Getter => {
                        self.call(&bound, Arguments::default(), at)
                    }
                    _ => bound,
                });
            }
        }
        if let Some(known) = self.language.member(self, receiver, name, at) {
            return Some(known);
        }
        let foreign = self.foreign_member(class, name, "()");
        foreign.or(Some(Value::Data))
    }

    /// A name of a module: what it exports, what it binds, or a module below it.
    fn module_member(&mut self, module: &Rc<ModuleValue>, name: &str, at: Span) -> Option<Value> {
        let exports = self.heap.map(module.exports)?.clone();
        let key = Value::text(name);
        if let Some((_, value)) = exports.entries.iter().find(|(known, _)| *known == key) {
            return Some(self.gotten(value.clone(), &Value::Map(module.exports), at));
        }
        let whole = self.commonjs(module);
        match (name, whole == Value::Map(module.exports)) {
            ("default", true) => return Some(Value::Module(module.clone())),
            ("default", false) => return Some(whole),
            (name, false) => return Some(self.member(&whole, name, at)),
            (_, true) => {}
        }
        let all = exports.entries.iter().find(|(known, _)| known.literal() == Some("*"));
        if let Some((_, library)) = all {
            return Some(self.member(&library.clone(), name, at));
        }
        if let Some(address) = module.scope.own(name)
            && let Some(Slot::Variable(Some(value))) = self.heap.slot(address)
        {
            return Some(value.clone());
        }
        let below = self.language.submodule(self.files, self.entry, &module.files, name);
        match below {
            Some(below) => Some(match self.load_module(&below, Some(at)) {
                Ok(module) => Value::Module(module),
                Err(reason) => Value::unknown(reason),
            }),
            None => exports.more,
        }
    }

    /// What a module offers under a name, for the handler.
    pub(super) fn export_named(&mut self, value: &Value, name: &str, at: Span) -> Option<Value> {
        match value {
            Value::Either(choices) => {
                let mut found = Vec::new();
                for choice in choices.iter() {
                    found.extend(self.export_named(choice, name, at));
                }
                (!found.is_empty()).then(|| Value::either(found))
            }
            value => self.member_if_any(value, name, at),
        }
    }
}
