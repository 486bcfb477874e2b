//! Elements of lists and entries of maps: read and written.

use text::{PartialText, Span};

use super::heap::{Address, Map};
use super::{Evaluator, Value};

impl Evaluator<'_> {
    /// What going through a value gives each time; nothing for what is empty.
    pub(crate) fn element(&mut self, iterated: &Value, at: Span) -> Value {
        let mut elements = Vec::new();
        for choice in iterated.choices() {
            match choice {
                Value::List(address) => {
                    if let Some(list) = self.heap.list(*address) {
                        elements.extend(list.items.iter().chain(&list.more).cloned());
                    }
                }
                Value::Map(address) => {
                    if let Some(map) = self.heap.map(*address) {
                        elements.extend(map.entries.iter().map(|(key, _)| key.clone()));
                        elements.extend(map.more.is_some().then_some(Value::Data));
                    }
                }
                Value::Object(_) | Value::Foreign(_) => {
                    let known = self.language.element(self, choice, None, at);
                    elements.push(known.unwrap_or(Value::Data));
                }
                Value::Instance(..) => elements.push(self.instance_element(choice, at)),
                Value::Unknown(why) => elements.push(Value::Unknown(why.clone())),
                Value::Text(_) => elements.push(Value::Text(PartialText::unknown("a character"))),
                Value::Null | Value::Number(_) | Value::Truth(_) => {}
                _ => elements.push(Value::Data),
            }
        }
        Value::either(elements)
    }

    /// What going through an instance gives: its iterator's elements.
    fn instance_element(&mut self, instance: &Value, at: Span) -> Value {
        for name in ["__iter__", "__aiter__"] {
            if let Some(method) = self.member_if_any(instance, name, at) {
                let iterator = self.call(&method, Default::default(), at);
                if !matches!(iterator, Value::Instance(..)) {
                    return self.element(&iterator, at);
                }
            }
        }
        for name in ["__next__", "__anext__"] {
            if let Some(method) = self.member_if_any(instance, name, at) {
                return self.call(&method, Default::default(), at);
            }
        }
        Value::Data
    }

    /// Elements whose position is known, and what any further one is.
    pub(crate) fn elements(&mut self, value: &Value, at: Span) -> (Vec<Value>, Option<Value>) {
        if let Value::List(address) = value
            && let Some(list) = self.heap.list(*address)
        {
            return (list.items.clone(), list.more.clone());
        }
        let each = self.element(value, at);
        (Vec::new(), (!each.choices().is_empty()).then_some(each))
    }

    /// The value of `object[index]`.
    pub(crate) fn index(&mut self, object: &Value, index: &Value, at: Span) -> Value {
        let mut found = Vec::new();
        for choice in object.choices() {
            match choice {
                Value::List(address) => found.push(self.list_item(*address, index)),
                Value::Map(address) => {
                    let map = self.heap.map(*address).cloned().unwrap_or_default();
                    let key = self.object_key(index);
                    found.push(match entry_of(&map, &key) {
                        Some(entry) => self.gotten(entry, choice, at),
                        None if self.has_plain_objects() => match key.literal() {
                            Some(name) => self.member(choice, name, at),
                            None => Value::Null,
                        },
                        None => Value::unknown("the map has no such entry that is known"),
                    });
                }
                Value::Object(_) | Value::Foreign(_) => {
                    let known = self.language.element(self, choice, Some(index), at);
                    found.push(known.unwrap_or(Value::Data));
                }
                Value::Instance(..) => {
                    let method = self.member_if_any(choice, "__getitem__", at);
                    found.push(match method {
                        Some(method) => {
                            self.call(&method, super::Arguments::of([index.clone()]), at)
                        }
                        None => match index.literal() {
                            Some(name) => self.member(choice, name, at),
                            None => Value::Data,
                        },
                    });
                }
                Value::Module(_) => match index.literal() {
                    Some(name) => found.push(self.member(choice, name, at)),
                    None => found.push(Value::unknown("a member of a module, chosen at run time")),
                },
                Value::Text(_) => found.push(Value::Text(PartialText::unknown("a part of a text"))),
                Value::Unknown(why) => found.push(Value::Unknown(why.clone())),
                Value::Null => {}
                // A type with its arguments: `list[str]`.
                Value::Class(_) | Value::Function(_) => found.push(choice.clone()),
                _ => found.push(Value::Data),
            }
        }
        Value::either(found)
    }

    fn list_item(&self, address: Address, index: &Value) -> Value {
        let Some(list) = self.heap.list(address) else { return Value::Data };
        if let Value::Number(number) = index {
            let length = list.items.len() as f64;
            let position = match (*number < 0.0, &list.more) {
                (true, None) => number + length,
                _ => *number,
            };
            if position >= 0.0
                && let Some(item) = list.items.get(position as usize)
            {
                return item.clone();
            }
            if position >= 0.0
                && let Some(more) = &list.more
            {
                return more.clone();
            }
        }
        Value::either(list.items.iter().chain(&list.more).cloned())
    }

    /// Sets `object[index]`.
    pub(crate) fn set_entry(&mut self, object: &Value, index: Value, value: Value) {
        let is_certain = object.choices().len() == 1;
        for choice in object.choices() {
            match choice {
                Value::Map(address) | Value::Instance(_, address) => {
                    let key = self.object_key(&index);
                    self.write_entry(*address, key, value.clone(), is_certain);
                }
                Value::Function(closure) => {
                    if let Some(name) = index.literal() {
                        self.set_function_member(closure, name, value.clone());
                    }
                }
                Value::List(address) => {
                    let Some(list) = self.heap.list_mut(*address) else { continue };
                    let item = match index {
                        Value::Number(number) if number >= 0.0 => {
                            list.items.get_mut(number as usize)
                        }
                        _ => None,
                    };
                    match item {
                        Some(item) if is_certain => *item = value.clone(),
                        _ => {
                            let before = list.more.take();
                            list.more =
                                Some(Value::either(before.into_iter().chain([value.clone()])));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Writes an entry of the map at an address; a key that is not known may be any.
    pub(super) fn write_entry(
        &mut self,
        address: Address,
        key: Value,
        value: Value,
        is_certain: bool,
    ) {
        let Some(map) = self.heap.map_mut(address) else { return };
        let is_key = match &key {
            Value::Text(_) | Value::Number(_) => true,
            Value::Either(choices) => {
                for choice in choices.iter() {
                    self.write_entry(address, choice.clone(), value.clone(), false);
                }
                return;
            }
            _ => false,
        };
        if !is_key {
            let before = map.more.take();
            map.more = Some(Value::either(before.into_iter().chain([value])));
            return;
        }
        match map.entries.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) if is_certain => *known = value,
            Some((_, known)) => *known = Value::either([known.clone(), value]),
            None => map.entries.push((key, value)),
        }
    }

    /// Adds all entries of another map.
    pub(crate) fn merge_entries(&mut self, object: &Value, other: &Value) {
        for choice in other.choices() {
            let map = match choice {
                Value::Map(address) | Value::Instance(_, address) => {
                    self.heap.map(*address).cloned().unwrap_or_default()
                }
                Value::Null => continue,
                Value::Foreign(_) if self.has_plain_objects() => {
                    Map { entries: vec![(Value::text("*"), choice.clone())], ..Map::default() }
                }
                _ => Map { more: Some(Value::Data), ..Map::default() },
            };
            for (key, value) in map.entries {
                self.set_entry(object, key, value);
            }
            if let Some(more) = map.more {
                self.set_entry(object, Value::Data, more);
            }
        }
    }
}

/// The entry under a key, as far as it is known; `None` where there is none.
pub(super) fn entry_of(map: &Map, key: &Value) -> Option<Value> {
    let is_key = match key {
        Value::Text(text) => {
            text.literal().is_some() || map.entries.iter().any(|(known, _)| known == key)
        }
        Value::Number(_) => true,
        _ => false,
    };
    if !is_key {
        if let Value::Either(keys) = key {
            let found: Vec<Value> = keys.iter().filter_map(|key| entry_of(map, key)).collect();
            return (!found.is_empty()).then(|| Value::either(found));
        }
        let values = map.entries.iter().map(|(_, value)| value.clone());
        let values = values.chain(map.more.clone()).chain(map.others.clone());
        let values: Vec<Value> = values.collect();
        return (!values.is_empty()).then(|| Value::either(values));
    }
    let known = map.entries.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone());
    // A key that is not a whole text may be this one.
    let partial = map.entries.iter().filter(|(known, _)| known.literal().is_none());
    let perhaps: Vec<Value> = partial
        .filter(|(known, _)| known != key && !matches!(known, Value::Number(_)))
        .map(|(_, value)| value.clone())
        .collect();
    match known {
        Some(known) => Some(Value::either([known].into_iter().chain(map.more.clone()))),
        None => {
            let others = map.more.iter().chain(&map.others).cloned();
            let values: Vec<Value> = perhaps.into_iter().chain(others).collect();
            (!values.is_empty()).then(|| Value::either(values))
        }
    }
}
