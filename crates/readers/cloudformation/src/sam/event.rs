//! Events of functions and state machines, and what they invoke.

use text::{Condition, EntityId, PartialText, Span};

use crate::sam::Expansion;
use crate::sam::generated::{Properties, reference, text_value};
use documents::declaration::Declaration;
use documents::value::{Kind, Value, both};

/// One entry of `Events`.
#[derive(Debug)]
pub(super) struct Event {
    /// Logical id of what is generated for it: the owner's id and the event's.
    pub(super) name: String,
    /// Its `Type`.
    pub(super) kind: String,
    /// Its `Properties`.
    pub(super) properties: Value,
    /// Where its name is written.
    pub(super) span: Span,
    /// Beside the owner's own condition, when it exists.
    pub(super) condition: Option<Condition>,
}

/// What events invoke.
#[derive(Debug)]
pub(super) struct Invoked<'a> {
    /// The function or state machine.
    pub(super) owner: &'a Declaration,
    /// Its ARN, or its alias's.
    pub(super) arn: PartialText,
    /// Its name, or its alias's ARN.
    pub(super) name: PartialText,
    /// Its logical id, or its alias's.
    pub(super) logical_id: String,
}

impl<'a> Invoked<'a> {
    pub(super) fn function(owner: &'a Declaration, alias: Option<&EntityId>) -> Self {
        match alias {
            Some(alias) => {
                let arn = reference(alias, "Ref");
                let logical_id = alias.as_str().rsplit('/').next().unwrap_or_default().to_owned();
                Self { owner, name: arn.clone(), arn, logical_id }
            }
            None => {
                let (arn, name) = (reference(&owner.id, "Arn"), reference(&owner.id, "Ref"));
                Self { owner, arn, name, logical_id: owner.name.clone() }
            }
        }
    }

    pub(super) fn state_machine(owner: &'a Declaration, alias: Option<&EntityId>) -> Self {
        let arn = reference(alias.unwrap_or(&owner.id), "Ref");
        Self { owner, name: arn.clone(), arn, logical_id: owner.name.clone() }
    }
}

/// Every event of a declaration, with those under conditions.
pub(super) fn events_of(owner: &Declaration, expansion: &mut Expansion<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for section in owner.properties.at(&["Events"]) {
        if !matches!(section.value.kind, Kind::Map(_)) {
            expansion.lost("these events could not be resolved", section.value.span);
        }
        for member in section.value.members() {
            for case in member.value.at(&[]) {
                let Some(kind) = case.value.get("Type").and_then(Value::as_str) else {
                    let message = format!("the type of event `{}` is not known", member.key);
                    expansion.lost(message, member.key_span);
                    continue;
                };
                let properties = case.value.get("Properties").cloned();
                let nothing = || Value::new(Kind::Null, member.key_span);
                events.push(Event {
                    name: format!("{}{}", owner.name, member.key),
                    kind: kind.to_owned(),
                    properties: properties.unwrap_or_else(nothing),
                    span: member.key_span,
                    condition: both(section.condition.as_ref(), case.condition.as_ref()),
                });
            }
        }
    }
    events
}

/// A permission for a service to invoke a function, as its properties begin.
pub(super) fn permission(event: &Event, invoked: &Invoked<'_>, principal: &str) -> Properties {
    Properties::new(event.span)
        .set("Action", Value::text("lambda:InvokeFunction", event.span))
        .set("FunctionName", text_value(invoked.name.clone(), event.span))
        .set("Principal", Value::text(principal, event.span))
}

impl Event {
    /// Declares something generated for this event.
    pub(super) fn declare(
        &self,
        invoked: &Invoked<'_>,
        name: &str,
        kind: &str,
        properties: Properties,
        expansion: &mut Expansion<'_>,
    ) -> EntityId {
        let condition = self.condition.as_ref();
        expansion.declare(invoked.owner, condition, name, kind, properties.build(), self.span)
    }

    /// A property, or what says that it is missing.
    pub(super) fn required(&self, key: &str) -> Value {
        match self.properties.get(key) {
            Some(value) if !value.is_null() => value.clone(),
            _ => Value::unknown(format!("the event's `{key}` is missing"), self.span),
        }
    }
}
