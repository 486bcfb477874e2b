use std::rc::Rc;

use text::PartialText;

use super::heap::Address;
use super::scope::Scope;
use crate::tree;

/// A value as far as it is known.
///
/// What can change lies in the heap; the value holds its address. Equality of functions, classes
/// and modules is identity.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// A text, known in part.
    Text(PartialText),
    /// A number.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// `None`, `null`, `undefined`, `nil`.
    Null,
    /// A list, tuple, set or array: [`super::heap::List`].
    List(Address),
    /// A dict, object or map: [`super::heap::Map`].
    Map(Address),
    /// A function of the project.
    Function(Rc<Closure>),
    /// A class of the project.
    Class(Rc<ClassValue>),
    /// An instance of a class of the project: [`super::heap::Map`] of its fields, and its class.
    Instance(Rc<ClassValue>, Address),
    /// A module of the project.
    Module(Rc<ModuleValue>),
    /// A function or foreign thing with its first arguments: a method with its receiver.
    Bound(Rc<Bound>),
    /// A name of a library that is not on disk, or a name that the language gives: `boto3.client`,
    /// `@aws-sdk/client-s3.S3Client`, `open`, `process.env`. What a call of it gave ends in `()`:
    /// `requests.Session()`.
    Foreign(Rc<str>),
    /// A thing of a cloud library: a client, command, table, paginator.
    Object(Rc<Object>),
    /// Plain data: the event, responses, parsed JSON. Nothing called on it reaches AWS.
    Data,
    /// What could not be resolved, with the reason.
    Unknown(Rc<str>),
    /// One of several.
    Either(Rc<[Value]>),
}

/// A function with the scope it was made in.
#[derive(Debug)]
pub(crate) struct Closure {
    /// Its definition.
    pub(crate) function: Rc<tree::Function>,
    /// Where its free names are found.
    pub(crate) scope: Rc<Scope>,
    /// The class whose method it is, for `super`.
    pub(crate) class: Option<Rc<ClassValue>>,
    /// Values of its parameters' defaults.
    pub(crate) defaults: Vec<Option<Value>>,
}

/// A class.
#[derive(Debug)]
pub(crate) struct ClassValue {
    /// Its definition.
    pub(crate) class: Rc<tree::Class>,
    /// Where its free names are found.
    pub(crate) scope: Rc<Scope>,
    /// What it extends.
    pub(crate) bases: Vec<Value>,
    /// Its own attributes and methods: [`super::heap::Map`].
    pub(crate) members: Address,
}

/// A module that was loaded, or is being loaded.
#[derive(Debug)]
pub(crate) struct ModuleValue {
    /// Its files.
    pub(crate) files: crate::language::ModuleFiles,
    /// Its names.
    pub(crate) scope: Rc<Scope>,
    /// What it exports by name, where exporting is said: [`super::heap::Map`].
    pub(crate) exports: Address,
    /// The beginning of its first file.
    pub(crate) span: Option<text::Span>,
}

/// Something callable with its first argument.
#[derive(Debug)]
pub(crate) struct Bound {
    /// What it is called on: `self`, `this`, a text, a list, data.
    pub(crate) receiver: Value,
    /// What is called.
    pub(crate) method: Method,
}

/// What a bound value calls.
#[derive(Debug)]
pub(crate) enum Method {
    /// A function of the project.
    Function(Rc<Closure>),
    /// A method of a text, list, map or other plain value, by name.
    Named(Rc<str>),
    /// The bases of a class, seen from one of its methods.
    Super(Rc<ClassValue>),
    /// The receiver itself, called with these arguments before others.
    Partial(Rc<Arguments>),
}

/// A thing of a cloud library. What it is and what its members do is the business of the module of
/// `sdk` that made it; the evaluator only carries it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Object {
    /// What it is, in the word of its module: `client`, `operation`, `paginator`, `resource`.
    pub(crate) kind: &'static str,
    /// The service as botocore names it; empty where there is none.
    pub(crate) service: String,
    /// The operation, the type of resource, or what else there is to name.
    pub(crate) name: String,
    /// Values it holds: identifiers, parameters.
    pub(crate) values: Vec<(String, Value)>,
}

/// The arguments of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Arguments {
    /// Those by position.
    pub(crate) positions: Vec<Value>,
    /// Those by name.
    pub(crate) names: Vec<(String, Value)>,
    /// Why there may be more, if so: "`**options`".
    pub(crate) rest_unknown: Option<String>,
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        use Value::*;
        match (self, other) {
            (Text(one), Text(two)) => one == two,
            (Number(one), Number(two)) => one == two,
            (Truth(one), Truth(two)) => one == two,
            (Null, Null) | (Data, Data) => true,
            (List(one), List(two)) | (Map(one), Map(two)) => one == two,
            (Instance(_, one), Instance(_, two)) => one == two,
            (Function(one), Function(two)) => same_closure(one, two),
            (Class(one), Class(two)) => Rc::ptr_eq(one, two),
            (Module(one), Module(two)) => Rc::ptr_eq(one, two),
            (Bound(one), Bound(two)) => {
                one.receiver == two.receiver
                    && match (&one.method, &two.method) {
                        (Method::Function(one), Method::Function(two)) => same_closure(one, two),
                        (Method::Named(one), Method::Named(two)) => one == two,
                        (Method::Super(one), Method::Super(two)) => Rc::ptr_eq(one, two),
                        (Method::Partial(one), Method::Partial(two)) => one == two,
                        _ => false,
                    }
            }
            (Foreign(one), Foreign(two)) => one == two,
            (Object(one), Object(two)) => Rc::ptr_eq(one, two) || one == two,
            // Of two unknown values the first reason is enough.
            (Unknown(_), Unknown(_)) => true,
            (Either(one), Either(two)) => one == two,
            _ => false,
        }
    }
}

fn same_closure(one: &Rc<Closure>, two: &Rc<Closure>) -> bool {
    Rc::ptr_eq(&one.function, &two.function) && Rc::ptr_eq(&one.scope, &two.scope)
}

/// As many values are told apart.
const MOST_CHOICES: usize = 24;

impl Value {
    /// A known text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Value::Text(PartialText::known(text))
    }

    /// An unresolved value.
    pub(crate) fn unknown(why: impl AsRef<str>) -> Self {
        Value::Unknown(Rc::from(why.as_ref()))
    }

    /// A foreign name.
    pub(crate) fn foreign(name: impl AsRef<str>) -> Self {
        Value::Foreign(Rc::from(name.as_ref()))
    }

    /// A function with arguments given beforehand.
    pub(crate) fn partial(function: Value, arguments: Rc<Arguments>) -> Self {
        Value::Bound(Rc::new(Bound { receiver: function, method: Method::Partial(arguments) }))
    }

    /// No value at all: what a call gives that never comes back.
    pub(crate) fn nothing() -> Self {
        Value::Either(Rc::from([]))
    }

    /// One of several values; of equal ones one is kept.
    pub(crate) fn either(values: impl IntoIterator<Item = Value>) -> Self {
        let mut choices: Vec<Value> = Vec::new();
        let mut add = |value: Value| {
            if !choices.contains(&value) {
                if choices.len() < MOST_CHOICES {
                    choices.push(value);
                } else if !choices.iter().any(|choice| matches!(choice, Value::Unknown(_))) {
                    choices.push(Value::unknown("it may be one of too many values"));
                }
            }
        };
        for value in values {
            match value {
                Value::Either(values) => values.iter().cloned().for_each(&mut add),
                value => add(value),
            }
        }
        match choices.len() {
            1 => choices.swap_remove(0),
            _ => Value::Either(choices.into()),
        }
    }

    /// Every value it may be: itself, or its choices.
    pub(crate) fn choices(&self) -> &[Value] {
        match self {
            Value::Either(choices) => choices,
            value => std::slice::from_ref(value),
        }
    }

    /// The text, if it is wholly known.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self {
            Value::Text(text) => text.literal(),
            _ => None,
        }
    }

    /// Whether it is known to hold or not, as a condition.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Value::Truth(truth) => Some(*truth),
            Value::Null => Some(false),
            Value::Number(number) => Some(*number != 0.0),
            Value::Text(text) => text.literal().map(|text| !text.is_empty()),
            Value::Function(_) | Value::Class(_) | Value::Module(_) => Some(true),
            Value::Bound(_) | Value::Object(_) => Some(true),
            Value::Either(choices) => {
                let first = choices.first()?.truth()?;
                choices.iter().all(|choice| choice.truth() == Some(first)).then_some(first)
            }
            _ => None,
        }
    }
}

impl Object {
    /// A value it holds.
    pub(crate) fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl Arguments {
    /// Arguments by position.
    pub(crate) fn of(positions: impl IntoIterator<Item = Value>) -> Self {
        Self { positions: positions.into_iter().collect(), ..Self::default() }
    }

    /// The argument at a position, or by one of its names.
    pub(crate) fn get(&self, position: usize, name: &str) -> Option<&Value> {
        self.positions.get(position).or_else(|| self.named(name))
    }

    /// The argument of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&Value> {
        self.names.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Every argument.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.positions.iter().chain(self.names.iter().map(|(_, value)| value))
    }
}
