//! What is known of the event that a handler is called with.

use std::collections::BTreeMap;
use std::rc::Rc;

use text::PartialText;

use super::heap::{Map, Slot};
use super::{Evaluator, Value};

/// The known part of an event: members by name, or what a member is.
#[derive(Default)]
struct Part {
    members: BTreeMap<String, Part>,
    values: Vec<PartialText>,
}

impl Evaluator<'_> {
    /// The event: what the entry says of it, and data otherwise.
    pub(super) fn event(&mut self) -> Value {
        let mut event = Part::default();
        for (path, value) in &self.entry.event {
            let mut part = &mut event;
            for name in path {
                part = part.members.entry(name.clone()).or_default();
            }
            part.values.push(value.clone());
        }
        self.event_part(event)
    }

    fn event_part(&mut self, part: Part) -> Value {
        if !part.values.is_empty() {
            return Value::either(part.values.into_iter().map(Value::Text));
        }
        let mut entries = Vec::new();
        for (name, member) in part.members {
            let member = self.event_part(member);
            if name == "*" {
                return self.list(Vec::new(), Some(member));
            }
            entries.push((Value::text(name), member));
        }
        match entries.is_empty() {
            true => Value::Data,
            false => {
                let map = Map { entries, more: None, others: Some(Value::Data) };
                Value::Map(self.heap.add(Slot::Map(Rc::new(map))))
            }
        }
    }
}
