//! Methods of lists, tuples, sets and arrays, and of all plain values.

use std::rc::Rc;

use text::Span;

use super::heap::Address;
use super::{Arguments, Evaluator, LONGEST_LIST, Value};

impl Evaluator<'_> {
    /// A method of a plain value, by name.
    pub(super) fn call_method(
        &mut self,
        receiver: &Value,
        name: &Rc<str>,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        match receiver {
            Value::Text(text) => self.text_method(text, name, arguments, at),
            Value::List(address) => self.list_method(*address, name, arguments, at),
            Value::Map(address) => self.map_method(*address, name, arguments, at),
            Value::Function(_) | Value::Bound(_) => {
                self.function_method(receiver, name, arguments, at)
            }
            _ => {
                self.call_back_all(arguments, at);
                Value::Data
            }
        }
    }

    /// JavaScript's `call`, `apply` and `bind`; Java's functional interfaces have one method.
    fn function_method(
        &mut self,
        function: &Value,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        let rest = || Arguments::of(arguments.positions.iter().skip(1).cloned());
        match name {
            "call" => {
                let function = self.with_this(function, arguments);
                self.call(&function, rest(), at)
            }
            "apply" if self.language.language() != profile::Language::Java => {
                let list = arguments.positions.get(1).cloned().unwrap_or(Value::Null);
                let (items, more) = self.elements(&list, at);
                let function = self.with_this(function, arguments);
                self.call(&function, Arguments::of(items.into_iter().chain(more)), at)
            }
            "bind" => self.with_this(function, arguments),
            // `accept`, `get`, `run`, `__call__`, `test`, …
            _ => self.call(function, arguments.clone(), at),
        }
    }

    /// A function with the first argument as its `this`.
    fn with_this(&self, function: &Value, arguments: &Arguments) -> Value {
        match (function, arguments.positions.first()) {
            (Value::Function(_), Some(receiver @ (Value::Instance(..) | Value::Map(_)))) => {
                self.bound_to(function, receiver)
            }
            _ => function.clone(),
        }
    }

    /// Adds to a list; where nothing is known of its end, at an unknown position.
    fn add_items(&mut self, address: Address, added: Vec<Value>, at_end: bool) {
        let Some(list) = self.heap.list_mut(address) else { return };
        if at_end && list.more.is_none() && list.items.len() + added.len() <= LONGEST_LIST {
            list.items.extend(added);
        } else if !added.is_empty() {
            let before = list.more.take();
            list.more = Some(Value::either(before.into_iter().chain(added)));
        }
    }

    fn list_method(
        &mut self,
        address: Address,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        let this = Value::List(address);
        let first = arguments.positions.first().cloned();
        match (name, first) {
            (
                "append" | "push" | "add" | "appendleft" | "unshift" | "addLast" | "addFirst"
                | "put",
                Some(_),
            ) => {
                let at_end = matches!(name, "append" | "push" | "add" | "addLast" | "put");
                self.add_items(address, arguments.positions.clone(), at_end);
                Value::Number(0.0)
            }
            ("extend" | "addAll" | "update" | "union", Some(other)) => {
                let (items, more) = self.elements(&other, at);
                self.add_items(address, items, true);
                self.add_items(address, more.into_iter().collect(), false);
                this
            }
            ("insert", _) => {
                let added = arguments.positions.get(1).cloned();
                self.add_items(address, added.into_iter().collect(), false);
                Value::Null
            }
            ("concat", Some(other)) => {
                let (mut items, more) = self.elements(&this, at);
                let (others, other_more) = self.elements(&other, at);
                let more: Vec<Value> = more.into_iter().chain(other_more).collect();
                items.extend(others);
                self.list(items, (!more.is_empty()).then(|| Value::either(more)))
            }
            (
                "pop" | "popleft" | "shift" | "poll" | "remove" | "getFirst" | "getLast" | "at"
                | "get",
                index,
            ) => match index {
                Some(index @ Value::Number(_)) => self.index(&this, &index, at),
                _ => self.element(&this, at),
            },
            ("map" | "flatMap", Some(function)) => {
                let (items, more) = self.elements(&this, at);
                let count = items.len();
                let all: Vec<Value> = items.into_iter().chain(more).collect();
                let has_more = all.len() > count;
                let mut made = Vec::new();
                for item in all {
                    let arguments = Arguments::of([item, Value::Number(0.0), this.clone()]);
                    made.push(self.call(&function, arguments, at));
                }
                if name == "flatMap" {
                    let made = Value::either(made);
                    let each = self.element(&made, at);
                    return self.list(Vec::new(), Some(each));
                }
                let more = if has_more { made.pop() } else { None };
                self.list(made, more)
            }
            (
                "forEach" | "some" | "every" | "find" | "filter" | "findIndex" | "findLast",
                Some(function),
            ) => {
                let each = self.element(&this, at);
                let arguments = Arguments::of([each.clone(), Value::Data, this.clone()]);
                self.call(&function, arguments, at);
                match name {
                    "find" | "findLast" => Value::either([each, Value::Null]),
                    "filter" => self.list(Vec::new(), Some(each)),
                    _ => Value::Data,
                }
            }
            ("reduce" | "reduceRight", Some(function)) => {
                let each = self.element(&this, at);
                let mut result = match arguments.positions.get(1) {
                    Some(first) => first.clone(),
                    None => each.clone(),
                };
                for _ in 0..2 {
                    let turn = Arguments::of([result.clone(), each.clone(), Value::Data]);
                    let next = self.call(&function, turn, at);
                    result = Value::either([result, next]);
                }
                result
            }
            ("join", separator) => {
                let separator = separator.unwrap_or_else(|| Value::text(","));
                let Value::Text(separator) = separator else { return Value::Data };
                self.text_method(&separator, "join", &Arguments::of([this]), at)
            }
            (
                "slice" | "flat" | "splice" | "stream" | "toList" | "toArray" | "subList"
                | "distinct",
                _,
            ) => {
                let each = self.element(&this, at);
                self.list(Vec::new(), Some(each))
            }
            (
                "copy" | "values" | "iterator" | "reverse" | "sort" | "sorted" | "parallel"
                | "entries" | "keys",
                _,
            ) => {
                self.call_back_all(arguments, at);
                if name == "entries" {
                    let each = self.element(&this, at);
                    let pair = self.list(vec![Value::Data, each], None);
                    return self.list(Vec::new(), Some(pair));
                }
                if name == "keys" { Value::Data } else { this }
            }
            // What a generator is entered as, or asked for.
            ("__enter__" | "__aenter__" | "next" | "__next__" | "__anext__", _) => {
                self.element(&this, at)
            }
            _ => {
                self.call_back_all(arguments, at);
                Value::Data
            }
        }
    }
}
