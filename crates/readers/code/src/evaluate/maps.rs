//! Methods of dicts, maps and plain objects.

use text::Span;

use super::elements::entry_of;
use super::heap::Address;
use super::{Arguments, Evaluator, Value};

impl Evaluator<'_> {
    pub(super) fn map_method(
        &mut self,
        address: Address,
        name: &str,
        arguments: &Arguments,
        at: Span,
    ) -> Value {
        let this = Value::Map(address);
        let first = arguments.positions.first().cloned();
        let second = arguments.positions.get(1).cloned();
        match (name, first) {
            ("get" | "pop" | "getOrDefault" | "remove", Some(key)) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                let is_certain = key.literal().is_some()
                    && map.more.is_none()
                    && map.entries.iter().any(|(known, _)| *known == key);
                match entry_of(&map, &key) {
                    Some(value) if is_certain => value,
                    Some(value) => Value::either([value, second.unwrap_or(Value::Null)]),
                    None => second.unwrap_or(Value::Null),
                }
            }
            ("setdefault" | "putIfAbsent" | "computeIfAbsent", Some(key)) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                let value = match (name, second) {
                    ("computeIfAbsent", Some(function)) => {
                        self.call(&function, Arguments::of([key.clone()]), at)
                    }
                    (_, value) => value.unwrap_or(Value::Null),
                };
                let value = match entry_of(&map, &key) {
                    Some(known) => Value::either([known, value]),
                    None => value,
                };
                self.set_entry(&this, key, value.clone());
                value
            }
            ("set" | "put", Some(key)) => {
                self.set_entry(&this, key, second.unwrap_or(Value::Null));
                this
            }
            ("update" | "putAll", other) => {
                if let Some(other) = other {
                    self.merge_entries(&this, &other);
                }
                for (key, value) in arguments.names.clone() {
                    self.set_entry(&this, Value::text(key), value);
                }
                Value::Null
            }
            ("copy", _) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                self.map(map.entries, map.more)
            }
            ("keys" | "keySet", _) => {
                let each = self.element(&this, at);
                self.list(Vec::new(), Some(each))
            }
            ("values", _) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                let values = map.entries.into_iter().map(|(_, value)| value).collect();
                self.list(values, map.more)
            }
            ("items" | "entries" | "entrySet" | "popitem", _) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                let mut pairs = Vec::new();
                for (key, value) in map.entries {
                    pairs.push(self.list(vec![key, value], None));
                }
                let more = map.more.map(|value| self.list(vec![Value::Data, value], None));
                if name == "popitem" {
                    return Value::either(pairs.into_iter().chain(more));
                }
                self.list(pairs, more)
            }
            ("forEach", Some(function)) => {
                let map = self.heap.map(address).cloned().unwrap_or_default();
                let mut pairs = map.entries;
                pairs.extend(map.more.map(|value| (Value::Data, value)));
                for (key, value) in pairs {
                    self.call(&function, Arguments::of([value, key]), at);
                }
                Value::Null
            }
            ("__enter__", _) => this,
            _ => {
                self.call_back_all(arguments, at);
                Value::Data
            }
        }
    }
}
