//! What CommonJS and properties with getters need of the evaluator.

use std::rc::Rc;

use super::heap::Slot;
use super::scope::Scope;
use super::value::{Bound, Method};
use super::{Arguments, Evaluator, ModuleValue, Value};
use text::Span;

/// The name under which a getter is kept; no method has it.
const GETTER: &str = "get a property";

impl Value {
    /// What stands in a map for a property that a function gives.
    pub(crate) fn getter(function: Value) -> Self {
        Value::Bound(Rc::new(Bound { receiver: function, method: Method::Named(Rc::from(GETTER)) }))
    }
}

impl Evaluator<'_> {
    /// Gives a scope a name with a value.
    pub(crate) fn declare(&mut self, scope: &Scope, name: &str, value: Value) {
        self.variable(scope, name, Some(value));
    }

    /// What `require` gives for a module: `module.exports` as it is now.
    pub(crate) fn commonjs(&self, module: &ModuleValue) -> Value {
        let exports = self.heap.map(module.exports);
        let whole = exports.and_then(|map| {
            map.entries.iter().find(|(key, _)| key.literal() == Some("module.exports"))
        });
        match whole {
            Some((_, value)) => value.clone(),
            None => self.module_exports(module).unwrap_or(Value::Map(module.exports)),
        }
    }

    /// What was assigned to `module.exports`, if it is no longer the map that it was at first.
    pub(super) fn module_exports(&self, module: &ModuleValue) -> Option<Value> {
        let Some(Slot::Variable(Some(Value::Map(object)))) =
            self.heap.slot(module.scope.own("module")?)
        else {
            return None;
        };
        let entries = &self.heap.map(*object)?.entries;
        let (_, value) = entries.iter().find(|(key, _)| key.literal() == Some("exports"))?;
        (*value != Value::Map(module.exports)).then(|| value.clone())
    }

    /// The value of an entry: a getter is called.
    pub(super) fn gotten(&mut self, value: Value, receiver: &Value, at: Span) -> Value {
        match &value {
            Value::Bound(bound) if matches!(&bound.method, Method::Named(name) if &**name == GETTER) => {
                self.call(&bound.receiver.clone(), Arguments::default(), at)
            }
            Value::Function(closure)
                if closure.function.binding == crate::tree::Binding::Getter =>
            {
                let method = self.bound_to(&value, receiver);
                self.call(&method, Arguments::default(), at)
            }
            Value::Either(choices) => {
                let gotten: Vec<Value> = choices
                    .iter()
                    .map(|choice| self.gotten(choice.clone(), receiver, at))
                    .collect();
                Value::either(gotten)
            }
            _ => value,
        }
    }
}
