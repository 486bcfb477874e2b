//! Classes of the project and their instances.

use std::rc::Rc;

use text::Span;

use super::calls::Call;
use super::scope::{Scope, ScopeKind};
use super::value::{Bound, ClassValue, Closure, Method};
use super::{Arguments, Evaluator, Value};
use crate::data::packages::{self, Knowledge};
use crate::tree::{self, Binding, Declares, Type};

/// Bases are followed this far.
pub(super) const DEEPEST_BASE: usize = 24;

impl Evaluator<'_> {
    /// A function in the scope it is made in.
    pub(super) fn closure(&mut self, function: &Rc<tree::Function>, scope: &Rc<Scope>) -> Value {
        Value::Function(Rc::new(self.new_closure(function, scope, scope, None)))
    }

    fn new_closure(
        &mut self,
        function: &Rc<tree::Function>,
        made_in: &Rc<Scope>,
        free_names: &Rc<Scope>,
        class: Option<Rc<ClassValue>>,
    ) -> Closure {
        let parameters = function.parameters.iter();
        // Python evaluates defaults once, where the function is defined; the others at each call.
        let defaults = match self.language.language() {
            profile::Language::Python => parameters
                .map(|parameter| {
                    parameter.default.as_ref().map(|default| self.evaluate(default, made_in))
                })
                .collect(),
            _ => Vec::new(),
        };
        Closure { function: function.clone(), scope: free_names.clone(), class, defaults }
    }

    /// A class with its own attributes and methods.
    pub(super) fn class(&mut self, class: &Rc<tree::Class>, scope: &Rc<Scope>) -> Value {
        let bases = class.bases.iter().map(|base| self.evaluate(base, scope)).collect();
        let Value::Map(members) = self.map(Vec::new(), None) else { return Value::Data };
        let value =
            Rc::new(ClassValue { class: class.clone(), scope: scope.clone(), bases, members });
        // Its own name is seen from its body.
        let body = Scope::new(ScopeKind::Class, Some(scope.clone()));
        for method in &class.methods {
            let closure = self.new_closure(method, &body, scope, Some(value.clone()));
            let method_value = Value::Function(Rc::new(closure));
            let method_value = self.decorated(method_value, &method.decorators, &body);
            self.variable(&body, &method.name, Some(method_value.clone()));
            let name = Value::text(method.name.as_str());
            // Of Java's methods of one name each stays.
            self.write_entry(members, name, method_value, !self.language.has_implicit_this());
        }
        if self.language.has_implicit_this() {
            self.variable(&body, "this", Some(Value::Class(value.clone())));
        }
        if !class.name.is_empty() {
            self.variable(&body, &class.name, Some(Value::Class(value.clone())));
        }
        for field in class.fields.iter().filter(|field| field.is_static) {
            if let Some(written) = &field.value {
                let written = self.evaluate(written, &body);
                let written = self.with_type(written, field.declared.as_ref(), scope);
                self.variable(&body, &field.name, Some(written.clone()));
                self.write_entry(members, Value::text(field.name.as_str()), written, true);
            }
        }
        if !class.body.is_empty() {
            let known: Vec<_> = body.names();
            self.run_body(&class.body, &body);
            for (name, address) in body.names() {
                let is_new = !known.iter().any(|(before, _)| *before == name);
                // A static block may have written a field.
                let is_field =
                    class.fields.iter().any(|field| field.is_static && *field.name == *name);
                if (is_new || is_field)
                    && let Some(super::heap::Slot::Variable(Some(bound))) =
                        self.heap.slot(address).cloned()
                {
                    self.write_entry(members, Value::text(&*name), bound, true);
                }
            }
        }
        Value::Class(value)
    }

    /// Makes an instance and runs its constructor.
    pub(crate) fn construct(
        &mut self,
        class: &Rc<ClassValue>,
        arguments: Arguments,
        at: Span,
    ) -> Value {
        let instance = self.bare_instance(class, None);
        let Value::Instance(_, address) = instance else { return instance };
        // An instance that is made within the making of one of its own class has nothing of its own.
        if self.making.iter().filter(|made| Rc::ptr_eq(made, class)).count() > 1 {
            return instance;
        }
        self.making.push(class.clone());
        let mut plain_fields = Vec::new();
        self.first_fields(class, &instance, &mut plain_fields, 0);
        self.making.pop();
        match self.class_member(class, "constructor", 0) {
            Some((constructor, _)) => {
                let method = self.bound_to(&constructor, &instance);
                self.call(&method, arguments, at);
            }
            None => {
                // Data classes, named tuples, models and records take their fields.
                for (name, value) in plain_fields.iter().zip(arguments.positions) {
                    self.write_entry(address, Value::text(name.as_str()), value, true);
                }
                for (name, value) in arguments.names {
                    self.write_entry(address, Value::text(name), value, true);
                }
                if let Some(method) = self.member_if_any(&instance, "__post_init__", at) {
                    self.call(&method, Arguments::default(), at);
                }
            }
        }
        instance
    }

    /// An instance whose fields are whatever `fields` says.
    pub(crate) fn bare_instance(&mut self, class: &Rc<ClassValue>, fields: Option<Value>) -> Value {
        match self.map(Vec::new(), fields) {
            Value::Map(address) => Value::Instance(class.clone(), address),
            other => other,
        }
    }

    /// Fields as they are before the constructor runs.
    fn first_fields(
        &mut self,
        class: &Rc<ClassValue>,
        instance: &Value,
        plain: &mut Vec<String>,
        depth: usize,
    ) {
        if depth > DEEPEST_BASE {
            return;
        }
        for base in class.bases.clone() {
            if let Value::Class(base) = base {
                self.first_fields(&base, instance, plain, depth + 1);
            }
        }
        let inner = Scope::new(ScopeKind::Function, Some(class.scope.clone()));
        self.variable(&inner, "this", Some(instance.clone()));
        for field in &class.class.fields {
            if !plain.contains(&field.name) {
                plain.push(field.name.clone());
            }
            if !field.is_static
                && let Some(written) = &field.value
            {
                let value = self.evaluate(written, &inner);
                let value = self.with_type(value, field.declared.as_ref(), &class.scope);
                self.set_member(instance, &field.name, value);
            }
        }
    }

    /// A literal of a typed structure: Go's.
    pub(super) fn construct_literal(
        &mut self,
        of: &Type,
        fields: &[(String, tree::Expression)],
        scope: &Rc<Scope>,
        at: Span,
    ) -> Value {
        let mut arguments = Arguments::default();
        for (name, value) in fields {
            let value = self.evaluate(value, scope);
            arguments.names.push((name.clone(), value));
        }
        let Some((first, rest)) = of.path.split_first() else {
            let entries =
                arguments.names.into_iter().map(|(name, value)| (Value::text(name), value));
            return self.map(entries.collect(), None);
        };
        let mut named = self.variable_named(first, scope).unwrap_or_else(|| Value::foreign(first));
        for name in rest {
            named = self.member(&named, name, of.span);
        }
        match named {
            Value::Class(class) => {
                // Fields without a name stand in the order of the declaration.
                for (name, _) in &mut arguments.names {
                    if let Ok(position) = name.parse::<usize>()
                        && let Some(field) = class.class.fields.get(position)
                    {
                        name.clone_from(&field.name);
                    }
                }
                let declared = class.class.fields.iter();
                let declared: Vec<_> = declared.filter(|field| field.declared.is_some()).collect();
                for (name, value) in &mut arguments.names {
                    if let Some(field) = declared.iter().find(|field| field.name == *name) {
                        let of = field.declared.as_ref();
                        *value = self.with_type(value.clone(), of, &class.scope);
                    }
                }
                self.construct(&class, arguments, at)
            }
            Value::Foreign(_) => match self.language.call(self, &named, &arguments, at) {
                Some(value) => value,
                None => {
                    let entries = arguments.names.into_iter();
                    self.map(
                        entries.map(|(name, value)| (Value::text(name), value)).collect(),
                        None,
                    )
                }
            },
            _ => Value::Data,
        }
    }

    /// Adds a method that stands outside its class: Go's.
    pub(super) fn attach_method(
        &mut self,
        function: &Rc<tree::Function>,
        closure: Value,
        scope: &Rc<Scope>,
    ) {
        let of = function.receiver.as_ref().and_then(|receiver| receiver.declared.as_ref());
        let Some(name) = of.and_then(|of| of.path.last()) else { return };
        if let Some(Value::Class(class)) = self.variable_named(name, scope) {
            self.write_entry(class.members, Value::text(function.name.as_str()), closure, true);
        }
    }

    /// A member of a class or of what it extends, and the class that has it.
    pub(crate) fn class_member(
        &self,
        class: &Rc<ClassValue>,
        name: &str,
        depth: usize,
    ) -> Option<(Value, Rc<ClassValue>)> {
        if depth > DEEPEST_BASE {
            return None;
        }
        let own = self.heap.map(class.members)?.entries.iter();
        if let Some((_, value)) = own.clone().find(|(key, _)| key.literal() == Some(name)) {
            return Some((value.clone(), class.clone()));
        }
        class.bases.iter().flat_map(Value::choices).find_map(|base| match base {
            Value::Class(base) => self.class_member(base, name, depth + 1),
            _ => None,
        })
    }

    /// The foreign names that a class extends, those of its bases too.
    pub(crate) fn foreign_bases(&self, class: &ClassValue) -> Vec<Rc<str>> {
        let mut names = Vec::new();
        let mut waiting: Vec<Value> = class.bases.clone();
        let mut left = DEEPEST_BASE;
        while let Some(base) = waiting.pop() {
            left = left.saturating_sub(1);
            match base {
                _ if left == 0 => break,
                Value::Foreign(name) => names.push(name),
                Value::Class(base) => waiting.extend(base.bases.clone()),
                Value::Either(choices) => waiting.extend(choices.iter().cloned()),
                _ => {}
            }
        }
        names
    }

    /// A field that is only declared: an instance of its type.
    pub(super) fn declared_field(&mut self, class: &Rc<ClassValue>, name: &str) -> Option<Value> {
        let mut waiting = vec![class.clone()];
        let mut left = DEEPEST_BASE;
        while let Some(class) = waiting.pop() {
            left = left.checked_sub(1)?;
            if let Some(field) = class.class.fields.iter().find(|field| field.name == name) {
                let declared = field.declared.as_ref()?;
                return Some(self.instance_of(declared, &class.scope).unwrap_or(Value::Data));
            }
            waiting.extend(class.bases.iter().filter_map(|base| match base {
                Value::Class(base) => Some(base.clone()),
                _ => None,
            }));
        }
        None
    }

    /// A member of a class with the receiver it is called on.
    pub(crate) fn bound_to(&self, member: &Value, receiver: &Value) -> Value {
        match member {
            Value::Function(closure) => {
                let receiver = match (closure.function.binding, receiver) {
                    (Binding::Static, _) => return member.clone(),
                    (Binding::Class, Value::Instance(class, _)) => Value::Class(class.clone()),
                    _ => receiver.clone(),
                };
                let method = Method::Function(closure.clone());
                Value::Bound(Rc::new(Bound { receiver, method }))
            }
            Value::Either(choices) => {
                Value::either(choices.iter().map(|choice| self.bound_to(choice, receiver)))
            }
            value => value.clone(),
        }
    }

    /// What decorators make of a function or class.
    pub(super) fn decorated(
        &mut self,
        value: Value,
        decorators: &[tree::Expression],
        scope: &Rc<Scope>,
    ) -> Value {
        // Java's annotations are read by others; they make nothing of what they stand at.
        if self.language.language() == profile::Language::Java {
            return value;
        }
        let mut value = value;
        for written in decorators.iter().rev() {
            let decorator = self.evaluate(written, scope);
            value = self.decorate(&decorator, value, written.span);
        }
        value
    }

    fn decorate(&mut self, decorator: &Value, value: Value, at: Span) -> Value {
        match decorator {
            // A decorator of the project makes what it returns.
            Value::Function(_) | Value::Bound(_) | Value::Class(_) | Value::Instance(..) => {
                let made = self.call(decorator, Arguments::of([value.clone()]), at);
                match made {
                    Value::Null | Value::Data | Value::Unknown(_) => value,
                    made => made,
                }
            }
            Value::Foreign(_) | Value::Object(_) => {
                let arguments = Arguments::of([value.clone()]);
                if let Some(made) = self.language.call(self, decorator, &arguments, at) {
                    return match made {
                        Value::Data | Value::Null => value,
                        made => made,
                    };
                }
                if let Value::Foreign(name) = decorator
                    && let Knowledge::Unknown(package) =
                        packages::knowledge(self.language.language(), name)
                {
                    self.unknown_package(at, &package);
                }
                if let Value::Foreign(name) = decorator
                    && crate::data::registers(name)
                {
                    self.call_back(&value, at);
                }
                value
            }
            _ => value,
        }
    }

    /// Binds `this` and `super` for a call of a method.
    pub(super) fn bind_receiver(&mut self, call: &Call<'_>, scope: &Rc<Scope>) {
        let Some(receiver) = &call.receiver else {
            if let (true, Some(class)) = (self.language.has_implicit_this(), &call.closure.class) {
                self.variable(scope, "this", Some(Value::Class(class.clone())));
            }
            return;
        };
        if call.closure.function.keeps_this {
            return;
        }
        self.variable(scope, "this", Some(receiver.clone()));
        if let Some(class) = &call.closure.class {
            let method = Method::Super(class.clone());
            let bound = Value::Bound(Rc::new(Bound { receiver: receiver.clone(), method }));
            self.variable(scope, "super", Some(bound));
        }
        if let Some(target) = call.closure.function.receiver.as_ref() {
            self.assign(&target.target, receiver.clone(), Declares::Block, scope);
        }
    }
}
