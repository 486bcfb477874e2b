//! Python's comprehensions, sums of values, and context managers.

use std::rc::Rc;

use text::Span;

use super::scope::{Scope, ScopeKind};
use super::{Arguments, Evaluator, Value};
use crate::tree::{Declares, Expression};

/// A list of which all elements are known is gone through one by one up to this length.
const LONGEST_UNROLLED: usize = 8;

impl Evaluator<'_> {
    /// `[element for target in iterated if …]`.
    pub(super) fn comprehension(
        &mut self,
        element: &Expression,
        clauses: &[(Expression, Expression)],
        conditions: &[Expression],
        scope: &Rc<Scope>,
    ) -> Value {
        let inner = Scope::new(ScopeKind::Block, Some(scope.clone()));
        let Some(((target, iterated), rest)) = clauses.split_first() else {
            return self.evaluate(element, scope);
        };
        let iterated_value = self.evaluate(iterated, scope);
        let (known, more) = match rest {
            [] => self.elements(&iterated_value, iterated.span),
            _ => (Vec::new(), Some(self.element(&iterated_value, iterated.span))),
        };
        if more.is_none() && known.len() <= LONGEST_UNROLLED {
            let mut items = Vec::new();
            for item in known {
                let turn = Scope::new(ScopeKind::Block, Some(scope.clone()));
                self.assign(target, item, Declares::Block, &turn);
                for condition in conditions {
                    self.evaluate(condition, &turn);
                }
                items.push(self.evaluate(element, &turn));
            }
            return match conditions {
                [] => self.list(items, None),
                _ if items.is_empty() => self.list(items, None),
                _ => self.list(Vec::new(), Some(Value::either(items))),
            };
        }
        let each = Value::either(known.into_iter().chain(more));
        self.assign(target, each, Declares::Block, &inner);
        for (target, iterated) in rest {
            let iterated_value = self.evaluate(iterated, &inner);
            let each = self.element(&iterated_value, iterated.span);
            self.assign(target, each, Declares::Block, &inner);
        }
        for condition in conditions {
            self.evaluate(condition, &inner);
        }
        let made = self.evaluate(element, &inner);
        self.list(Vec::new(), Some(made))
    }

    /// A map from a list of keys with their values.
    pub(crate) fn map_of_pairs(&mut self, pairs: &Value, at: Span) -> Value {
        let map = self.map(Vec::new(), None);
        let (known, more) = self.elements(pairs, at);
        for pair in known {
            let key = self.index(&pair, &Value::Number(0.0), at);
            let value = self.index(&pair, &Value::Number(1.0), at);
            self.set_entry(&map, key, value);
        }
        if let Some(more) = more {
            let value = self.index(&more, &Value::Number(1.0), at);
            self.set_entry(&map, Value::Data, value);
        }
        map
    }

    /// `one + two`, whatever they are; also of maps with `|`.
    pub(super) fn added(&mut self, one: &Value, two: &Value, at: Span) -> Value {
        match (one, two) {
            (Value::List(_), _) | (_, Value::List(_)) => {
                let (mut items, more) = self.elements(one, at);
                let (others, other_more) = self.elements(two, at);
                match more {
                    None => {
                        items.extend(others);
                        self.list(items, other_more)
                    }
                    Some(more) => {
                        let rest = others.into_iter().chain(other_more).chain([more]);
                        let rest = Value::either(rest);
                        self.list(items, Some(rest))
                    }
                }
            }
            (Value::Map(_), _) => {
                let map = self.map(Vec::new(), None);
                self.merge_entries(&map, one);
                self.merge_entries(&map, two);
                map
            }
            (Value::Number(one), Value::Number(two)) => Value::Number(one + two),
            (Value::Text(_), _) | (_, Value::Text(_)) => self.joined(&[one.clone(), two.clone()]),
            (Value::Either(choices), _)
                if choices.iter().any(|choice| matches!(choice, Value::Text(_))) =>
            {
                self.joined(&[one.clone(), two.clone()])
            }
            (_, Value::Either(choices))
                if choices.iter().any(|choice| matches!(choice, Value::Text(_))) =>
            {
                self.joined(&[one.clone(), two.clone()])
            }
            (Value::Unknown(why), _) | (_, Value::Unknown(why)) => Value::Unknown(why.clone()),
            _ => Value::Data,
        }
    }

    /// What a context manager gives: itself, unless its class says otherwise.
    pub(super) fn entered(&mut self, manager: &Value, at: Span) -> Value {
        let mut entered = Vec::new();
        for choice in manager.choices() {
            entered.push(match choice {
                Value::Instance(..) => {
                    let method = ["__enter__", "__aenter__"]
                        .into_iter()
                        .find_map(|name| self.project_member(choice, name, at));
                    match method {
                        Some(method) => self.call(&method, Arguments::default(), at),
                        None => choice.clone(),
                    }
                }
                // A generator as context manager.
                Value::List(_) => self.element(choice, at),
                choice => choice.clone(),
            });
        }
        Value::either(entered)
    }

    /// Leaves a context manager.
    pub(super) fn left(&mut self, manager: &Value, at: Span) -> Value {
        for choice in manager.choices() {
            for name in ["__exit__", "__aexit__"] {
                if let Some(method) = self.project_member(choice, name, at) {
                    self.call(&method, Arguments::of([Value::Null, Value::Null, Value::Null]), at);
                }
            }
        }
        Value::Null
    }

    /// A method that a class of the project defines itself.
    pub(super) fn project_member(&mut self, object: &Value, name: &str, at: Span) -> Option<Value> {
        let Value::Instance(class, _) = object else { return None };
        self.class_member(class, name, 0)?;
        self.member_if_any(object, name, at)
    }
}
