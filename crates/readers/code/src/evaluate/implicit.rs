//! Members that are named without `this`, and methods of one name: Java's.

use std::rc::Rc;

use text::Span;

use super::classes::DEEPEST_BASE;
use super::scope::Scope;
use super::value::{ClassValue, Closure, Method};
use super::{Arguments, Evaluator, Value};
use crate::tree::{Takes, Type};

impl Evaluator<'_> {
    /// A member of `this` or of what is around it, that is named alone.
    pub(super) fn implicit_member(
        &mut self,
        name: &str,
        scope: &Rc<Scope>,
        at: Span,
    ) -> Option<Value> {
        let mut own = None;
        let mut around = Some(scope.clone());
        while let Some(scope) = around {
            if scope.own("this").is_some()
                && let Some(this) = self.variable_named("this", &scope)
            {
                if let Some(value) = self.declared_member(&this, name) {
                    return Some(value);
                }
                own = own.or(Some(this));
            }
            around = scope.parent.clone();
        }
        // What a class of a library lends is asked last: it has any name.
        self.member_if_any(&own?, name, at)
    }

    /// Sets a field of `this` or of what is around it, that is named alone; whether there is one.
    pub(super) fn assign_implicit(&mut self, name: &str, value: &Value, scope: &Rc<Scope>) -> bool {
        let mut around = self.language.has_implicit_this().then(|| scope.clone());
        while let Some(scope) = around {
            if scope.own("this").is_some()
                && let Some(this) = self.variable_named("this", &scope)
                && let Value::Instance(class, _) | Value::Class(class) = &this
                && let Some((owner, is_static)) = declaring(class, name, 0)
            {
                let home = if is_static { Value::Class(owner) } else { this };
                self.set_member(&home, name, value.clone());
                return true;
            }
            around = scope.parent.clone();
        }
        false
    }

    /// A member that a class of the project declares.
    fn declared_member(&mut self, this: &Value, name: &str) -> Option<Value> {
        match this {
            Value::Instance(class, address) => {
                let fields = self.heap.map(*address)?;
                let field = fields.entries.iter().find(|(key, _)| key.literal() == Some(name));
                if let Some((_, value)) = field {
                    return Some(value.clone());
                }
                if let Some((member, _)) = self.class_member(class, name, 0) {
                    return Some(self.bound_to(&member, this));
                }
                self.declared_field(class, name)
            }
            Value::Class(class) => match self.class_member(class, name, 0) {
                Some((member, _)) => Some(member),
                None => self.declared_field(class, name),
            },
            _ => None,
        }
    }

    /// Those of several methods that a call may mean, by the number and kinds of its arguments.
    pub(super) fn overloaded(&self, choices: &[Value], arguments: &Arguments) -> Vec<Value> {
        let are_of_one_name = choices.windows(2).all(|pair| match pair {
            [one, two] => match (closure_of(one), closure_of(two)) {
                (Some(one), Some(two)) => one.function.name == two.function.name,
                _ => false,
            },
            _ => false,
        });
        if !are_of_one_name || self.language.language() != profile::Language::Java {
            return choices.to_vec();
        }
        let mut fitting = choices.to_vec();
        for test in [takes_as_many, takes_such] {
            let kept: Vec<Value> = fitting
                .iter()
                .filter(|choice| closure_of(choice).is_some_and(|closure| test(closure, arguments)))
                .cloned()
                .collect();
            if !kept.is_empty() {
                fitting = kept;
            }
        }
        fitting
    }
}

/// The class that declares a field, of a class and what it extends, and whether the field is the
/// class's own.
fn declaring(class: &Rc<ClassValue>, name: &str, depth: usize) -> Option<(Rc<ClassValue>, bool)> {
    if let Some(field) = class.class.fields.iter().find(|field| field.name == name) {
        return Some((class.clone(), field.is_static));
    }
    class.bases.iter().flat_map(Value::choices).find_map(|base| match base {
        Value::Class(base) if depth < DEEPEST_BASE => declaring(base, name, depth + 1),
        _ => None,
    })
}

fn closure_of(value: &Value) -> Option<&Rc<Closure>> {
    match value {
        Value::Function(closure) => Some(closure),
        Value::Bound(bound) => match &bound.method {
            Method::Function(closure) => Some(closure),
            _ => None,
        },
        _ => None,
    }
}

fn takes_as_many(closure: &Rc<Closure>, arguments: &Arguments) -> bool {
    let parameters = &closure.function.parameters;
    match parameters.last().map(|parameter| parameter.takes) {
        Some(Takes::Rest) => arguments.positions.len() + 1 >= parameters.len(),
        _ => arguments.positions.len() == parameters.len(),
    }
}

fn takes_such(closure: &Rc<Closure>, arguments: &Arguments) -> bool {
    let declared = closure.function.parameters.iter().map(|parameter| parameter.declared.as_ref());
    declared.zip(&arguments.positions).all(|(declared, value)| {
        declared
            .and_then(simple_name)
            .is_none_or(|name| value.choices().iter().any(|value| fits(name, value)))
    })
}

fn simple_name(of: &Type) -> Option<&str> {
    of.path.last().map(String::as_str)
}

/// Whether a value may be passed where a type is declared.
fn fits(name: &str, value: &Value) -> bool {
    const NUMBERS: [&str; 9] =
        ["int", "long", "short", "byte", "double", "float", "Integer", "Long", "Double"];
    let is_open = name == "Object" || name.len() == 1;
    match value {
        Value::Text(_) => {
            is_open || matches!(name, "String" | "CharSequence" | "char" | "Comparable")
        }
        Value::Number(_) => is_open || NUMBERS.contains(&name),
        Value::Truth(_) => is_open || matches!(name, "boolean" | "Boolean"),
        Value::List(_) | Value::Map(_) | Value::Function(_) | Value::Object(_) => {
            name != "String" && name != "boolean" && name != "Boolean" && !NUMBERS.contains(&name)
        }
        Value::Instance(class, _) => is_open || class.class.name == name || !class.bases.is_empty(),
        _ => true,
    }
}
