//! Values and declarations as the transform generates them.

use text::{Condition, EntityId, Part, PartialText, Pseudo, Reference, Span};

use documents::declaration::{Declaration, Maker};
use documents::value::{Alternative, Kind, Member, Value, both};

/// Properties put together one by one, some copied with their places.
#[derive(Debug)]
pub(super) struct Properties {
    members: Vec<Member>,
    span: Span,
}

impl Properties {
    pub(super) fn new(span: Span) -> Self {
        Self { members: Vec::new(), span }
    }

    pub(super) fn set(mut self, key: &str, value: Value) -> Self {
        self.members.push(Member { key: key.into(), key_span: value.span, value });
        self
    }

    pub(super) fn set_some(self, key: &str, value: Option<Value>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// Copies members of these names, as far as they are there.
    pub(super) fn keep(mut self, from: &Value, keys: &[&str]) -> Self {
        for key in keys {
            self = self.keep_as(from, key, key);
        }
        self
    }

    /// Copies one member under another name.
    pub(super) fn keep_as(mut self, from: &Value, key: &str, renamed: &str) -> Self {
        if let Some(member) = from.member(key)
            && !member.value.is_null()
        {
            self.members.push(Member { key: renamed.into(), ..member.clone() });
        }
        self
    }

    /// Adds a member as it stands.
    pub(super) fn push(&mut self, member: Member) {
        self.members.push(member);
    }

    pub(super) fn build(self) -> Value {
        Value::new(Kind::Map(self.members), self.span)
    }
}

/// Makes a declaration that stems from `owner`, under a condition more if there is one.
pub(super) fn declaration(
    owner: &Declaration,
    condition: Option<&Condition>,
    name: &str,
    kind: &str,
    properties: Value,
    span: Span,
) -> Declaration {
    Declaration {
        id: sibling(&owner.id, name),
        name: name.to_owned(),
        kind: kind.to_owned(),
        type_name: kind.to_owned(),
        said: span,
        extent: span,
        properties,
        condition: both(owner.condition.as_ref(), condition),
        construct: owner.construct.clone(),
        insertion: None,
        allowances: Vec::new(),
        made_by: Maker::Framework,
    }
}

/// The id of a declaration in the same scope.
pub(super) fn sibling(id: &EntityId, name: &str) -> EntityId {
    match id.as_str().rsplit_once('/') {
        Some((scope, _)) => EntityId::new(format!("{scope}/{name}")),
        None => EntityId::new(name),
    }
}

pub(super) fn reference(id: &EntityId, attribute: &str) -> PartialText {
    PartialText::reference(id.clone(), attribute)
}

pub(super) fn text_value(text: PartialText, span: Span) -> Value {
    Value::new(Kind::Text(text), span)
}

pub(super) fn boolean(value: bool, span: Span) -> Value {
    Value::new(Kind::Bool(value), span)
}

/// A text with `${…}` filled: pseudo parameters by themselves, the others from `holes`.
pub(super) fn pattern(template: &str, holes: &[(&str, &PartialText)]) -> PartialText {
    let mut filled = PartialText::default();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push(Part::Literal(before.to_owned()));
        let Some((name, behind)) = after.split_once('}') else {
            filled.push(Part::Literal(format!("${{{after}")));
            return filled;
        };
        match (pseudo(name), holes.iter().find(|(hole, _)| *hole == name)) {
            (Some(pseudo), _) => filled.push(Part::Pseudo(pseudo)),
            (None, Some((_, text))) => filled.extend(text),
            (None, None) => filled.push(Part::Literal(format!("${{{name}}}"))),
        }
        rest = behind;
    }
    filled.push(Part::Literal(rest.to_owned()));
    filled
}

fn pseudo(name: &str) -> Option<Pseudo> {
    match name {
        "AWS::Partition" => Some(Pseudo::Partition),
        "AWS::Region" => Some(Pseudo::Region),
        "AWS::AccountId" => Some(Pseudo::Account),
        "AWS::StackName" => Some(Pseudo::Stack),
        "AWS::StackId" => Some(Pseudo::StackId),
        "AWS::URLSuffix" => Some(Pseudo::DomainSuffix),
        _ => None,
    }
}

/// A scalar as a text for use inside another: what has no text stays unknown there.
pub(super) fn hole(value: Option<&Value>) -> PartialText {
    match value {
        Some(Value { kind: Kind::Unknown(why), .. }) => PartialText::unknown(why.clone()),
        Some(Value { kind: Kind::Branches(_), .. }) => {
            PartialText::unknown("depends on a condition of the template")
        }
        Some(value) => {
            value.scalar_text().unwrap_or_else(|| PartialText::unknown("a text was expected here"))
        }
        None => PartialText::unknown("a required property is missing"),
    }
}

/// A policy statement that allows `actions` on `resources`.
pub(super) fn statement(actions: &[&str], resources: Vec<Value>, span: Span) -> Value {
    let actions = actions.iter().map(|action| Value::text(*action, span));
    Properties::new(span)
        .set("Effect", Value::text("Allow", span))
        .set("Action", Value::list(actions, span))
        .set("Resource", Value::list(resources, span))
        .build()
}

/// A policy document of these statements.
pub(super) fn document(statements: Vec<Value>, span: Span) -> Value {
    Properties::new(span)
        .set("Version", Value::text("2012-10-17", span))
        .set("Statement", Value::list(statements, span))
        .build()
}

/// A trust policy for one service.
pub(super) fn trust(service: &str, span: Span) -> Value {
    let principal = Properties::new(span).set("Service", Value::text(service, span)).build();
    let statement = Properties::new(span)
        .set("Effect", Value::text("Allow", span))
        .set("Principal", principal)
        .set("Action", Value::text("sts:AssumeRole", span))
        .build();
    document(vec![statement], span)
}

/// Tags as CloudFormation lists them, from the mapping that SAM takes.
pub(super) fn tag_list(tags: &Value) -> Value {
    each_case(tags, &mut |tags| match &tags.kind {
        Kind::Map(members) => {
            let tags_made = members.iter().map(|member| {
                Properties::new(member.key_span)
                    .set("Key", Value::text(&*member.key, member.key_span))
                    .set("Value", member.value.clone())
                    .build()
            });
            Value::list(tags_made, tags.span)
        }
        _ => tags.clone(),
    })
}

/// Changes a value in each of its branches; what is unknown stays so.
pub(super) fn each_case(value: &Value, change: &mut dyn FnMut(&Value) -> Value) -> Value {
    match &value.kind {
        Kind::Unknown(_) => value.clone(),
        Kind::Branches(alternatives) => {
            let alternatives = alternatives.iter().map(|alternative| Alternative {
                condition: alternative.condition.clone(),
                value: each_case(&alternative.value, change),
            });
            let kind = Kind::Branches(alternatives.collect());
            Value { origin: value.origin, ..Value::new(kind, value.span) }
        }
        _ => change(value),
    }
}

/// A value that stands only under a condition.
pub(super) fn under(condition: Option<&Condition>, value: Value) -> Value {
    match condition {
        None => value,
        Some(condition) => {
            let span = value.span;
            let alternative = Alternative { condition: condition.clone(), value };
            Value::new(Kind::Branches(vec![alternative]), span)
        }
    }
}

/// Whether a value is true; `None` where that is not known or depends on conditions.
pub(super) fn is_true(value: &Value) -> Option<bool> {
    value.bool_at(&[]).single().map(|said| said.value)
}

/// The member of that key, made if there is none; `None` where the value is no mapping.
pub(super) fn member_mut<'a>(value: &'a mut Value, key: &str, span: Span) -> Option<&'a mut Value> {
    if value.is_null() {
        value.kind = Kind::Map(Vec::new());
    }
    let Kind::Map(members) = &mut value.kind else { return None };
    let position = match members.iter().position(|member| &*member.key == key) {
        Some(position) => position,
        None => {
            let value = Value::new(Kind::Null, span);
            members.push(Member { key: key.into(), key_span: span, value });
            members.len() - 1
        }
    };
    members.get_mut(position).map(|member| &mut member.value)
}

/// Sets a member, replacing what is there.
pub(super) fn set_member(value: &mut Value, key: &str, new: Value) {
    let span = new.span;
    if let Some(member) = member_mut(value, key, span) {
        *member = new;
    }
}

/// Appends an item to the list at `path` in every branch; whether every branch could take it.
pub(super) fn append_at(value: &mut Value, path: &[&str], item: &Value) -> bool {
    match &mut value.kind {
        Kind::Branches(alternatives) => {
            let mut taken = true;
            for alternative in alternatives {
                taken &= append_at(&mut alternative.value, path, item);
            }
            return taken;
        }
        Kind::Unknown(_) => return false,
        _ => {}
    }
    match path.split_first() {
        Some((key, rest)) => match member_mut(value, key, item.span) {
            Some(member) => append_at(member, rest, item),
            None => false,
        },
        None => {
            if value.is_null() {
                *value = Value::list([], item.span);
            }
            let Kind::List(items) = &mut value.kind else { return false };
            items.push(item.clone());
            true
        }
    }
}

/// Sets what stands at `path` in every branch; whether every branch could take it.
pub(super) fn set_at(value: &mut Value, path: &[&str], new: &Value) -> bool {
    match &mut value.kind {
        Kind::Branches(alternatives) if !path.is_empty() => {
            let mut taken = true;
            for alternative in alternatives {
                taken &= set_at(&mut alternative.value, path, new);
            }
            return taken;
        }
        Kind::Unknown(_) if !path.is_empty() => return false,
        _ => {}
    }
    match path.split_first() {
        Some((key, rest)) => match member_mut(value, key, new.span) {
            Some(member) => set_at(member, rest, new),
            None => false,
        },
        None => {
            *value = new.clone();
            true
        }
    }
}

/// The entity a value refers to and nothing else.
pub(super) fn sole_reference(value: &Value) -> Option<&Reference> {
    match &value.kind {
        Kind::Text(text) => text.sole_reference(),
        _ => None,
    }
}

/// A name as a piece of a logical id: letters and digits only.
pub(super) fn alphanumeric(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}
