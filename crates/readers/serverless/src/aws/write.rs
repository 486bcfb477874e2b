//! Values that the framework generates, written at the place they derive from.

use text::{EntityId, Part, PartialText, Pseudo, Span};

use documents::value::{Kind, Member, Value};

/// The place that generated values are written at.
#[derive(Debug, Clone, Copy)]
pub(super) struct At(pub(super) Span);

impl At {
    pub(super) fn text(self, text: &str) -> Value {
        Value::text(text, self.0)
    }

    pub(super) fn partial(self, text: PartialText) -> Value {
        Value::new(Kind::Text(text), self.0)
    }

    pub(super) fn truth(self, value: bool) -> Value {
        Value::new(Kind::Bool(value), self.0)
    }

    pub(super) fn list(self, items: impl IntoIterator<Item = Value>) -> Value {
        Value::list(items, self.0)
    }

    pub(super) fn texts(self, items: &[&str]) -> Value {
        Value::list(items.iter().map(|item| self.text(item)), self.0)
    }

    pub(super) fn map<const N: usize>(self, members: [(&str, Value); N]) -> Value {
        Value::map(members, self.0)
    }

    /// A reference to an attribute of a declaration.
    pub(super) fn attribute(self, id: &str, attribute: &str) -> Value {
        self.partial(PartialText::reference(EntityId::new(id), attribute))
    }

    /// The plain reference to a declaration.
    pub(super) fn reference(self, id: &str) -> Value {
        self.attribute(id, "Ref")
    }

    /// A text made from a pattern (see [`pattern`]).
    pub(super) fn pattern(self, text: &str, parts: &[&PartialText]) -> Value {
        self.partial(pattern(text, parts))
    }

    /// A mapping to add properties to.
    pub(super) fn properties(self) -> Properties {
        Properties { at: self, members: Vec::new() }
    }
}

/// Fills a pattern such as `arn:{partition}:s3:::{0}`: values of the deployment by name, `parts`
/// by number.
pub(super) fn pattern(text: &str, parts: &[&PartialText]) -> PartialText {
    let mut filled = PartialText::default();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push(Part::Literal(before.to_owned()));
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        match name {
            "partition" => filled.push(Part::Pseudo(Pseudo::Partition)),
            "region" => filled.push(Part::Pseudo(Pseudo::Region)),
            "account" => filled.push(Part::Pseudo(Pseudo::Account)),
            number => {
                let index = number.parse::<usize>().ok();
                if let Some(part) = index.and_then(|index| parts.get(index)) {
                    filled.extend(part);
                }
            }
        }
        rest = after;
    }
    filled.push(Part::Literal(rest.to_owned()));
    filled
}

/// A mapping under construction.
pub(super) struct Properties {
    at: At,
    members: Vec<Member>,
}

impl Properties {
    /// Adds a generated property.
    pub(super) fn set(mut self, key: &str, value: Value) -> Self {
        self.members.push(Member { key: key.into(), key_span: self.at.0, value });
        self
    }

    /// Adds a property, if there is one.
    pub(super) fn set_some(self, key: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// Takes a property over from what the author wrote, under its name in the schema.
    pub(super) fn take(self, key: &str, from: &Value, name: &str) -> Self {
        self.take_first(key, &[from], name)
    }

    /// Takes a property over from the first of several that has it.
    pub(super) fn take_first(mut self, key: &str, from: &[&Value], name: &str) -> Self {
        let member = from.iter().find_map(|value| value.member(name));
        if let Some(member) = member.filter(|member| !member.value.is_null()) {
            let value = member.value.clone();
            self.members.push(Member { key: key.into(), key_span: member.key_span, value });
        }
        self
    }

    /// What the framework writes where the author says nothing.
    pub(super) fn default(self, key: &str, kind: Kind) -> Self {
        if self.members.iter().any(|member| *member.key == *key) {
            return self;
        }
        let value = Value::new(kind, self.at.0);
        self.set(key, value)
    }

    /// The mapping.
    pub(super) fn build(self) -> Value {
        Value::new(Kind::Map(self.members), self.at.0)
    }
}

/// A text of which only the scalar counts; unknown where there is none.
pub(super) fn scalar(value: &Value) -> PartialText {
    value.scalar_text().unwrap_or_else(|| match &value.kind {
        Kind::Unknown(why) => PartialText::unknown(why.clone()),
        _ => PartialText::unknown("a text was expected here"),
    })
}

/// Whether the author switched something on: a mapping, or `true`.
pub(super) fn is_on(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !matches!(value.kind, Kind::Null | Kind::Bool(false)))
}

/// Whether a value is a CloudFormation function: tagged, or `Ref`, or `Fn::`.
pub(super) fn is_intrinsic(value: &Value) -> bool {
    value.tag.is_some()
        || matches!(value.members(), [member] if &*member.key == "Ref" || member.key.starts_with("Fn::"))
}

/// Names what a value refers to, for logical ids: the last part of an ARN, the referenced
/// resource, an import's name.
pub(super) fn label(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        let text = match &value.tag {
            Some(tag) if tag.contains("GetAtt") => text.split('.').next().unwrap_or(text),
            _ => text.rsplit(':').next().unwrap_or(text),
        };
        return match text.split_once('/') {
            // `table/Name/stream/…`, `stream/Name`
            Some((_, name)) => name.split('/').next().unwrap_or(name).to_owned(),
            None => text.to_owned(),
        };
    }
    match &value.kind {
        Kind::Text(text) => match text.sole_reference() {
            Some(reference) => reference.entity.as_str().to_owned(),
            None => text.with_holes("").rsplit([':', '/']).next().unwrap_or("").to_owned(),
        },
        Kind::List(items) => items.first().map(label).unwrap_or_default(),
        Kind::Map(members) => match members.as_slice() {
            [member] if &*member.key == "Fn::GetAtt" => {
                let name = label(&member.value);
                name.split('.').next().unwrap_or(&name).to_owned()
            }
            [member] if &*member.key == "Fn::Join" => member
                .value
                .items()
                .last()
                .and_then(|list| list.items().last())
                .map(label)
                .unwrap_or_default(),
            [member] => label(&member.value),
            _ => String::new(),
        },
        _ => String::new(),
    }
}
