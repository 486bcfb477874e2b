//! The template under construction, with where each resource comes from.

use std::collections::HashMap;

use app_graph::InsertionPoint;
use text::{PartialText, Problem, Span};

use super::write::At;
use documents::value::{Kind, Value};

/// What a generated resource derives from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// What the user calls it.
    pub(super) name: String,
    /// What the author wrote: `function`, `http`, `provider`.
    pub(super) type_name: String,
    /// The token that asks for it.
    pub(super) said: Span,
    /// All of what asks for it.
    pub(super) extent: Span,
    /// Where a property can be added.
    pub(super) insertion: Option<InsertionPoint>,
}

/// A resource that the framework generates.
pub(super) struct Resource {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) properties: Value,
    pub(super) condition: Option<Value>,
    pub(super) origin: Origin,
}

/// The resources that the framework generates, and what the service's role must allow for them.
#[derive(Default)]
pub(super) struct Template {
    pub(super) resources: Vec<Resource>,
    by_id: HashMap<String, usize>,
    pub(super) problems: Vec<Problem>,
    /// Statements for the functions' role, with the function's key they are for.
    pub(super) statements: Vec<(String, Value)>,
    /// Statements that plugins add to those of the provider.
    pub(super) provider_statements: Vec<Value>,
}

impl Origin {
    pub(super) fn at(&self) -> At {
        At(self.said)
    }
}

impl Template {
    /// Adds a resource; of two with one id the first stays.
    pub(super) fn add(&mut self, id: &str, kind: &str, properties: Value, origin: &Origin) {
        if self.by_id.contains_key(id) {
            return;
        }
        self.by_id.insert(id.to_owned(), self.resources.len());
        self.resources.push(Resource {
            id: id.to_owned(),
            kind: kind.to_owned(),
            properties,
            condition: None,
            origin: origin.clone(),
        });
    }

    /// Adds a resource under an id of its own: a number is added where it is taken.
    pub(super) fn add_numbered(
        &mut self,
        id: &str,
        kind: &str,
        properties: Value,
        origin: &Origin,
    ) {
        let free = (2..).map(|number| format!("{id}{number}"));
        let free = std::iter::once(id.to_owned()).chain(free);
        for candidate in free.take(10_000) {
            if !self.by_id.contains_key(&candidate) {
                self.add(&candidate, kind, properties, origin);
                return;
            }
        }
    }

    /// Whether a resource is there.
    pub(super) fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// A resource, to be changed.
    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Resource> {
        let index = *self.by_id.get(id)?;
        self.resources.get_mut(index)
    }

    /// A resource.
    pub(super) fn get(&self, id: &str) -> Option<&Resource> {
        self.resources.get(*self.by_id.get(id)?)
    }

    /// Allows something to the role of a function.
    pub(super) fn allow(
        &mut self,
        function: &str,
        actions: &[&str],
        resources: Vec<Value>,
        at: At,
    ) {
        self.statements.push((function.to_owned(), allowing(actions, resources, at)));
    }

    /// Allows something to every role that has the provider's statements.
    pub(super) fn allow_all(&mut self, actions: &[&str], resources: Vec<Value>, at: At) {
        self.provider_statements.push(allowing(actions, resources, at));
    }

    /// Lets a principal invoke a function.
    pub(super) fn permit(
        &mut self,
        id: &str,
        function: &Value,
        principal: &str,
        source: Option<(&str, Value)>,
        origin: &Origin,
    ) {
        let at = origin.at();
        let properties = at
            .properties()
            .set("FunctionName", function.clone())
            .set("Action", at.text("lambda:InvokeFunction"))
            .set("Principal", at.text(principal));
        let properties = match source {
            Some((key, value)) => properties.set(key, value),
            None => properties,
        };
        self.add_numbered(id, "AWS::Lambda::Permission", properties.build(), origin);
    }
}

fn allowing(actions: &[&str], resources: Vec<Value>, at: At) -> Value {
    at.map([
        ("Effect", at.text("Allow")),
        ("Action", at.texts(actions)),
        ("Resource", at.list(resources)),
    ])
}

/// Appends an item to the list at a key of a resource's properties, which is made if missing.
pub(super) fn append(properties: &mut Value, key: &str, item: Value) {
    let span = item.span;
    let Kind::Map(members) = &mut properties.kind else { return };
    if !members.iter().any(|member| &*member.key == key) {
        let value = Value::list([], span);
        members.push(documents::value::Member { key: key.into(), key_span: span, value });
    }
    let member = members.iter_mut().find(|member| &*member.key == key);
    if let Some(Kind::List(items)) = member.map(|member| &mut member.value.kind) {
        items.push(item);
    }
}

/// An ARN of a function in another account or stack, or a reference to one of the service.
pub(super) fn function_arn(id: &str) -> PartialText {
    PartialText::reference(text::EntityId::new(id), "Arn")
}
