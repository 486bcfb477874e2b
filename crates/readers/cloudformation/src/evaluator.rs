use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use app_graph::NotRead;
use text::{EntityId, PartialText, Place, Problem, Pseudo, Span};

use super::branches::relocated;
use super::nested::Child;
use super::{Context, json_texts, strings};
use documents::value::{Kind, Member, Value};

/// Values that one template may evaluate to, with its loops; what comes after is unknown.
const VALUE_LIMIT: usize = 2_000_000;

/// Evaluates the values of one template.
pub(super) struct Evaluator<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) parameters: BTreeMap<&'a str, Value>,
    /// Parameters that are not shown (`NoEcho`).
    pub(super) secrets: BTreeSet<&'a str>,
    pub(super) mappings: Option<&'a Value>,
    pub(super) conditions: HashMap<&'a str, &'a Value>,
    /// Logical ids with what stands under them.
    pub(super) resources: HashMap<String, Entry<'a>>,
    /// Whether names may be declared by a framework that knows more than the template says.
    pub(super) openness: Openness,
    /// Files of the stacks around this one.
    pub(super) ancestors: &'a [&'a str],
    pub(super) children: RefCell<HashMap<String, Child>>,
    /// Conditions whose definition is being looked at.
    pub(super) visited_conditions: RefCell<Vec<String>>,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) not_read: RefCell<Vec<NotRead>>,
    pub(super) files: RefCell<Vec<String>>,
    /// Names that nothing in the template declares, with the place of their use.
    pub(super) undeclared: RefCell<Vec<(String, Span)>>,
    pub(super) values: Cell<usize>,
}

/// A resource as it is written.
#[derive(Clone)]
pub(super) struct Entry<'a> {
    pub(super) key_span: Span,
    pub(super) value: &'a Value,
    /// Names bound by loops around it.
    pub(super) state: State,
}

/// Who else declares resources of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Openness {
    /// Nobody.
    Closed,
    /// The Serverless Application Model derives resources from those declared.
    Serverless,
    /// A framework around the template.
    Framework,
}

/// What holds where a value is evaluated.
#[derive(Clone, Default)]
pub(super) struct State {
    assumed: Option<Rc<Assumption>>,
    bound: Option<Rc<Binding>>,
}

struct Assumption {
    condition: String,
    holds: bool,
    outer: Option<Rc<Assumption>>,
}

struct Binding {
    name: String,
    value: Value,
    outer: Option<Rc<Binding>>,
}

impl State {
    /// The state in which a condition holds or not.
    pub(super) fn assuming(&self, condition: &str, holds: bool) -> State {
        let condition = condition.to_owned();
        let outer = self.assumed.clone();
        let assumed = Some(Rc::new(Assumption { condition, holds, outer }));
        State { assumed, bound: self.bound.clone() }
    }

    /// The state in which a name stands for a value.
    pub(super) fn binding(&self, name: &str, value: Value) -> State {
        let outer = self.bound.clone();
        let bound = Some(Rc::new(Binding { name: name.to_owned(), value, outer }));
        State { assumed: self.assumed.clone(), bound }
    }

    /// Whether a condition is assumed to hold or not to.
    pub(super) fn assumption(&self, condition: &str) -> Option<bool> {
        let mut next = self.assumed.as_ref();
        while let Some(assumption) = next {
            if assumption.condition == condition {
                return Some(assumption.holds);
            }
            next = assumption.outer.as_ref();
        }
        None
    }

    /// What a name is bound to.
    pub(super) fn bound(&self, name: &str) -> Option<&Value> {
        let mut next = self.bound.as_ref();
        while let Some(binding) = next {
            if binding.name == name {
                return Some(&binding.value);
            }
            next = binding.outer.as_ref();
        }
        None
    }

    /// Whether any name is bound.
    pub(super) fn has_bindings(&self) -> bool {
        self.bound.is_some()
    }
}

impl Evaluator<'_> {
    pub(super) fn incomplete(&self, message: impl Into<String>, span: Span) {
        self.problem(Problem::incomplete(message, Place::Span(span)));
    }

    fn problem(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        // One expression is evaluated once for each branch that leads to it.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    pub(super) fn entity(&self, id: &str) -> EntityId {
        EntityId::new(format!("{}{id}", self.context.scope))
    }

    /// Evaluates a value as it is written.
    pub(super) fn value(&self, value: &Value, state: &State) -> Value {
        let count = self.values.get() + 1;
        self.values.set(count);
        if count > VALUE_LIMIT {
            let why = "this template evaluates to more values than are read";
            self.incomplete(why, Span { end: value.span.start, ..value.span });
            return Value::unknown(why, value.span);
        }
        match value.tag.as_deref().and_then(|tag| tag.strip_prefix('!')) {
            Some(name) if !name.is_empty() => {
                let name = name.strip_prefix("Fn::").unwrap_or(name);
                self.call(name, value, value.span, state)
            }
            _ => self.untagged(value, state),
        }
    }

    /// Evaluates a value whose tag was already heeded.
    pub(super) fn untagged(&self, value: &Value, state: &State) -> Value {
        let kind = match &value.kind {
            Kind::Map(members) => {
                if let [member] = members.as_slice()
                    && let Some(name) = function_name(&member.key)
                {
                    // Behind a long name a tag is a call of its own.
                    if member.value.tag.is_some() {
                        let argument = self.value(&member.value, state);
                        return self.call(name, &argument, value.span, state);
                    }
                    return self.call(name, &member.value, value.span, state);
                }
                return self.map(value, members, state);
            }
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item, state));
                Kind::List(items.filter(|item| !item.is_null()).collect())
            }
            Kind::Text(text) => match text.literal() {
                Some(literal) if literal.contains("{{resolve:") => {
                    Kind::Text(strings::without_dynamic_references(text))
                }
                _ => value.kind.clone(),
            },
            kind => kind.clone(),
        };
        Value { span: value.span, origin: value.origin, tag: None, kind }
    }

    fn map(&self, value: &Value, members: &[Member], state: &State) -> Value {
        let mut evaluated: Vec<Member> = Vec::with_capacity(members.len());
        for member in members {
            if member.key.starts_with("Fn::ForEach::") {
                for repeated in self.repetitions(member, state) {
                    let value = self.value(repeated.value, &repeated.state);
                    let key = repeated.key.into();
                    evaluated.push(Member { key, key_span: repeated.key_span, value });
                }
            } else if &*member.key == "Fn::Transform" {
                let included = self.call("Transform", &member.value, member.value.span, state);
                match included.kind {
                    Kind::Map(included) => evaluated.extend(included),
                    kind => evaluated.push(Member {
                        key: member.key.clone(),
                        key_span: member.key_span,
                        value: Value { kind, ..included },
                    }),
                }
            } else {
                let key = match state.has_bindings() && member.key.contains("${") {
                    true => self.bound_key(&member.key, state).into(),
                    false => member.key.clone(),
                };
                let mut value = self.value(&member.value, state);
                if json_texts::is_json_property(&key)
                    && let Some(tree) = self.json_tree(&member.value, &value, state)
                {
                    value = tree;
                }
                evaluated.push(Member { key, key_span: member.key_span, value });
            }
        }
        Value { span: value.span, origin: value.origin, tag: None, kind: Kind::Map(evaluated) }
    }

    /// What `Ref` of a name gives.
    pub(super) fn reference(&self, name: &str, span: Span, state: &State) -> Value {
        if let Some(value) = state.bound(name) {
            return relocated(value.clone(), span);
        }
        let pseudo = match name {
            "AWS::NoValue" => return Value::new(Kind::Null, span),
            "AWS::AccountId" => Some(Pseudo::Account),
            "AWS::Region" => Some(Pseudo::Region),
            "AWS::Partition" => Some(Pseudo::Partition),
            "AWS::StackName" => Some(Pseudo::Stack),
            "AWS::StackId" => Some(Pseudo::StackId),
            "AWS::URLSuffix" => Some(Pseudo::DomainSuffix),
            _ => None,
        };
        if let Some(pseudo) = pseudo {
            let mut text = PartialText::default();
            text.push(text::Part::Pseudo(pseudo));
            return Value::new(Kind::Text(text), span);
        }
        if name.starts_with("AWS::") {
            return Value::unknown(format!("`{name}` is known only at deployment"), span);
        }
        if let Some(value) = self.parameters.get(name) {
            return relocated(value.clone(), span);
        }
        // SAM names what it derives: `MyFunction.Version`, `MyApi.Stage`.
        match name.split_once('.') {
            Some((id, attribute)) if self.openness == Openness::Serverless => {
                self.attribute(id, attribute, span, state)
            }
            _ => self.attribute(name, "Ref", span, state),
        }
    }

    /// What an attribute of a resource gives.
    pub(super) fn attribute(&self, id: &str, attribute: &str, span: Span, _state: &State) -> Value {
        if self.resources.contains_key(id) {
            if let Some(output) = attribute.strip_prefix("Outputs.")
                && let Some(value) = self.child_output(id, output, span)
            {
                return value;
            }
        } else {
            let is_derived = match self.openness {
                Openness::Closed => false,
                Openness::Framework => true,
                Openness::Serverless => self.may_be_derived(id),
            };
            if !is_derived || self.openness == Openness::Serverless {
                self.undeclared.borrow_mut().push((id.to_owned(), span));
            }
            if !is_derived {
                return Value::unknown(undeclared_reason(id), span);
            }
        }
        let text = PartialText::reference(self.entity(id), attribute);
        Value::new(Kind::Text(text), span)
    }

    /// Whether SAM may declare a resource of that name: names begin with those declared.
    pub(super) fn may_be_derived(&self, id: &str) -> bool {
        id.starts_with("Serverless")
            || self.resources.keys().any(|declared| id.starts_with(declared.as_str()))
    }
}

pub(super) fn undeclared_reason(name: &str) -> String {
    format!("`{name}` is neither a parameter nor a resource of this template")
}

/// The function's name without `Fn::`, if a mapping with this single key is a call.
pub(super) fn function_name(key: &str) -> Option<&str> {
    match key {
        "Ref" => Some(key),
        _ => key.strip_prefix("Fn::").filter(|name| !name.starts_with("ForEach::")),
    }
}
