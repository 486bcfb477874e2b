//! Methods that a type only declares: what implements them is looked for in the project.

use std::rc::Rc;

use text::Span;

use super::heap::Slot;
use super::value::{ClassValue, Closure};
use super::{Arguments, Evaluator, Value};
use crate::tree::{self, Act, Form};

/// The word of a body that is elsewhere; its parts are the parameters.
pub(crate) const ABSTRACT: &str = "abstract";

/// As many implementations are followed.
const MOST_IMPLEMENTATIONS: usize = 8;

impl Evaluator<'_> {
    /// A call of a method that is only declared.
    pub(super) fn call_abstract(&mut self, values: Vec<Value>) -> Value {
        let Some(frame) = self.frames.last() else { return Value::Data };
        let (Some(closure), at) = (frame.closure.clone(), frame.at) else { return Value::Data };
        let Some(interface) = closure.class.clone() else { return Value::Data };
        let name = closure.function.name.as_str();
        let mut results = Vec::new();
        let mut classes = self.implementations(&interface, name);
        if classes.is_empty() {
            // Whoever makes the instance knows classes that nothing here names.
            self.language.load_implementations(self, &interface.class.name, at);
            classes = self.implementations(&interface, name);
        }
        for class in classes {
            let instance = self.instance_of_class(&class, at);
            if let Some((method, _)) = self.class_member(&class, name, 0) {
                let method = self.bound_to(&method, &instance);
                results.push(self.call(&method, Arguments::of(values.clone()), at));
            }
        }
        if !results.is_empty() || self.told_by_types(&closure, &values, at) {
            return Value::either(results);
        }
        let why =
            format!("`{}` has no implementation of `{name}` that is known", interface.class.name);
        if iam::api::Service::is_any_operation(name) {
            self.unresolved(at, why.as_str());
        }
        Value::unknown(why)
    }

    /// Whether the types of its parameters say which operation the method stands for.
    fn told_by_types(&mut self, closure: &Rc<Closure>, values: &[Value], at: Span) -> bool {
        let parameters = closure.function.parameters.iter().zip(values);
        for (parameter, value) in parameters {
            let Some(declared) = &parameter.declared else { continue };
            if let Value::Foreign(name) = self.type_named(declared, &closure.scope)
                && self.language.request(self, &name, value, at)
            {
                return true;
            }
        }
        false
    }

    /// Classes of the project that say they implement an interface; in Go those that do.
    fn implementations(&self, interface: &Rc<ClassValue>, name: &str) -> Vec<Rc<ClassValue>> {
        let mut found: Vec<Rc<ClassValue>> = Vec::new();
        let variables = self.modules.values().flat_map(|module| module.scope.names());
        for (_, address) in variables {
            if let Some(Slot::Variable(Some(Value::Class(class)))) = self.heap.slot(address)
                && !Rc::ptr_eq(class, interface)
                && !found.iter().any(|known| Rc::ptr_eq(known, class))
                && self.implements(class, interface)
                && self
                    .class_member(class, name, 0)
                    .is_some_and(|(method, _)| !is_abstract(&method))
            {
                found.push(class.clone());
            }
        }
        found.sort_by_key(|class| class.class.span);
        found.truncate(MOST_IMPLEMENTATIONS);
        found
    }

    fn implements(&self, class: &Rc<ClassValue>, interface: &Rc<ClassValue>) -> bool {
        if self.language.language() == profile::Language::Go {
            let mut methods = interface.class.methods.iter();
            return methods.all(|method| self.class_member(class, &method.name, 0).is_some());
        }
        class.bases.iter().flat_map(Value::choices).any(|base| match base {
            Value::Class(base) => Rc::ptr_eq(base, interface) || self.implements(base, interface),
            _ => false,
        })
    }
}

fn is_abstract(method: &Value) -> bool {
    let Value::Function(closure) = method else { return false };
    body_is_abstract(&closure.function)
}

fn body_is_abstract(function: &tree::Function) -> bool {
    matches!(function.body.as_slice(), [only] if matches!(
        &only.act,
        Act::Return(Some(value)) if matches!(value.form.as_ref(), Form::Opaque(ABSTRACT, _))
    ))
}

/// The body of a method that is only declared.
pub(crate) fn abstract_body(span: Span, parameters: &[tree::Parameter]) -> Vec<tree::Statement> {
    let values = parameters.iter().map(|parameter| parameter.target.clone()).collect();
    let value = tree::Expression::new(span, Form::Opaque(ABSTRACT, values));
    vec![tree::Statement { span, act: Act::Return(Some(value)) }]
}
