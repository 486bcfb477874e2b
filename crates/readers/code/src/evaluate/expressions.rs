//! What an expression gives.

use std::rc::Rc;

use text::{PartialText, Span};

use super::scope::Scope;
use super::{Arguments, Evaluator, Value};
use crate::tree::{self, Element, Expression, Form, Passing};

impl Evaluator<'_> {
    /// The value of an expression.
    pub(super) fn evaluate(&mut self, expression: &Expression, scope: &Rc<Scope>) -> Value {
        let at = expression.span;
        if !self.step(at) {
            return Value::nothing();
        }
        match &*expression.form {
            Form::Text(text) => Value::text(text.as_str()),
            Form::Number(number) => Value::Number(*number),
            Form::Truth(truth) => Value::Truth(*truth),
            Form::Null => Value::Null,
            Form::Joined(parts) => {
                let parts: Vec<Value> =
                    parts.iter().map(|part| self.evaluate(part, scope)).collect();
                self.joined(&parts)
            }
            Form::Name(name) => self.name(name, scope, at),
            Form::Member { object, name } => {
                let object = self.evaluate(object, scope);
                self.member(&object, name, at)
            }
            Form::Index { object, index } => {
                let object = self.evaluate(object, scope);
                let index = self.evaluate(index, scope);
                self.index(&object, &index, at)
            }
            Form::Call { callee, arguments, construction: true } if self.has_plain_objects() => {
                self.construction(callee, arguments, scope, at)
            }
            Form::Call { callee, arguments, .. } => {
                self.call_expression(callee, arguments, scope, at)
            }
            Form::List(elements) => self.list_literal(elements, scope),
            Form::Map(entries) => self.map_literal(entries, scope),
            Form::Construct { of, fields } => self.construct_literal(of, fields, scope, at),
            Form::Function(function) => self.closure(function, scope),
            Form::Class(class) => self.class(class, scope),
            Form::Or(one, two) => {
                let one = self.evaluate(one, scope);
                match one.truth() {
                    Some(true) => one,
                    Some(false) => self.evaluate(two, scope),
                    None => {
                        let two = self.alternative(two, scope);
                        Value::either([one, two])
                    }
                }
            }
            Form::And(one, two) => {
                let one = self.evaluate(one, scope);
                match one.truth() {
                    Some(true) => self.evaluate(two, scope),
                    Some(false) => one,
                    // Where it is taken for what it gives, it gives the second.
                    None => self.alternative(two, scope),
                }
            }
            Form::Conditional { test, then, otherwise } => {
                match self.evaluate(test, scope).truth() {
                    Some(true) => self.evaluate(then, scope),
                    Some(false) => self.evaluate(otherwise, scope),
                    None => {
                        let then = self.alternative(then, scope);
                        let otherwise = self.alternative(otherwise, scope);
                        Value::either([then, otherwise])
                    }
                }
            }
            Form::Formatted { format, values } => {
                let format = self.evaluate(format, scope);
                let values = self.evaluate(values, scope);
                self.formatted(&format, &values)
            }
            Form::Assign { target, value } => {
                let value = self.evaluate(value, scope);
                self.assign(target, value.clone(), tree::Declares::Nothing, scope);
                value
            }
            Form::Comprehension { element, clauses, conditions } => {
                self.comprehension(element, clauses, conditions, scope)
            }
            Form::Typed(value, of) => {
                let value = self.evaluate(value, scope);
                self.with_type(value, Some(of), scope)
            }
            Form::Sequence(parts) => {
                let mut last = Value::Null;
                for part in parts {
                    last = self.evaluate(part, scope);
                }
                last
            }
            Form::Opaque(word, parts) => self.opaque(word, parts, scope),
        }
    }

    /// An expression that may not be evaluated at all: what it writes is possible, not certain.
    fn alternative(&mut self, expression: &Expression, scope: &Rc<Scope>) -> Value {
        self.heap.begin();
        let value = self.evaluate(expression, scope);
        let writes = self.heap.take_back();
        self.heap.join(writes);
        value
    }

    fn name(&mut self, name: &str, scope: &Rc<Scope>, at: Span) -> Value {
        if let Some(value) = self.variable_named(name, scope) {
            return value;
        }
        if self.language.has_implicit_this() {
            let member = self.implicit_member(name, scope, at);
            // Every name of Java's is declared or imported.
            return member.unwrap_or_else(|| {
                Value::unknown(format!("`{name}` is not declared in the code at hand"))
            });
        }
        if let Some(package) = self.variable_named("*", scope) {
            return self.member(&package, name, at);
        }
        match self.language.gives_name(name) {
            true => Value::foreign(name),
            false => Value::unknown(format!("the name `{name}` is not defined")),
        }
    }

    /// The value of a variable, if there is one with a value.
    pub(super) fn variable_named(&self, name: &str, scope: &Scope) -> Option<Value> {
        match self.heap.slot(scope.find(name)?)? {
            super::heap::Slot::Variable(value) => value.clone(),
            _ => None,
        }
    }

    fn list_literal(&mut self, elements: &[Element], scope: &Rc<Scope>) -> Value {
        let mut items = Vec::new();
        let mut more: Vec<Value> = Vec::new();
        for element in elements {
            match element {
                Element::One(value) => {
                    let value = self.evaluate(value, scope);
                    // Behind elements of unknown number no position is known.
                    if more.is_empty() { items.push(value) } else { more.push(value) }
                }
                Element::Spread(value) => {
                    let spread = self.evaluate(value, scope);
                    let (known, rest) = self.elements(&spread, value.span);
                    if more.is_empty() {
                        items.extend(known)
                    } else {
                        more.extend(known)
                    }
                    more.extend(rest);
                }
            }
        }
        let more = (!more.is_empty()).then(|| Value::either(more));
        self.list(items, more)
    }

    fn map_literal(&mut self, entries: &[tree::Entry], scope: &Rc<Scope>) -> Value {
        let map = self.map(Vec::new(), None);
        for entry in entries {
            match entry {
                tree::Entry::One(key, value) => {
                    let key = self.evaluate(key, scope);
                    let value = self.evaluate(value, scope);
                    self.set_entry(&map, key, value);
                }
                tree::Entry::Spread(value) => {
                    let spread = self.evaluate(value, scope);
                    self.merge_entries(&map, &spread);
                }
            }
        }
        map
    }

    /// Arguments of a call.
    pub(super) fn arguments(&mut self, written: &[tree::Argument], scope: &Rc<Scope>) -> Arguments {
        let mut arguments = Arguments::default();
        for argument in written {
            let at = argument.value.span;
            let value = self.evaluate(&argument.value, scope);
            match &argument.passing {
                Passing::Position => arguments.positions.push(value),
                Passing::Name(name) => arguments.names.push((name.clone(), value)),
                Passing::Spread => {
                    let (known, more) = self.elements(&value, at);
                    arguments.positions.extend(known);
                    if let Some(more) = more {
                        // At least one of those whose number is not known.
                        arguments.positions.push(more);
                    }
                }
                Passing::SpreadNames => self.spread_names(&mut arguments, &value, at),
            }
        }
        arguments
    }

    fn spread_names(&mut self, arguments: &mut Arguments, value: &Value, at: Span) {
        let choices = value.choices();
        for choice in choices {
            let map = match choice {
                Value::Map(address) => self.heap.map(*address).cloned(),
                Value::Null => continue,
                _ => None,
            };
            let Some(map) = map else {
                arguments.rest_unknown = Some(format!("`{}`", self.written(at)));
                continue;
            };
            for (key, value) in map.entries {
                match key.literal() {
                    // Of several maps, an argument may be that of any.
                    Some(name) => match arguments.names.iter_mut().find(|(key, _)| key == name) {
                        Some((_, known)) if choices.len() > 1 => {
                            *known = Value::either([known.clone(), value]);
                        }
                        Some((_, known)) => *known = value,
                        None => arguments.names.push((name.to_owned(), value)),
                    },
                    None => arguments.rest_unknown = Some(format!("`{}`", self.written(at))),
                }
            }
            if map.more.is_some() {
                arguments.rest_unknown = Some(format!("`{}`", self.written(at)));
            }
        }
    }

    fn opaque(&mut self, word: &str, parts: &[Expression], scope: &Rc<Scope>) -> Value {
        let values: Vec<Value> = parts.iter().map(|part| self.evaluate(part, scope)).collect();
        if word == super::interfaces::ABSTRACT {
            return self.call_abstract(values);
        }
        match (word, values.as_slice()) {
            ("equal", [one, two]) => equal(one, two).map_or(Value::Data, Value::Truth),
            ("unequal", [one, two]) => {
                equal(one, two).map_or(Value::Data, |equal| Value::Truth(!equal))
            }
            ("not", [value]) => value.truth().map_or(Value::Data, |truth| Value::Truth(!truth)),
            ("yield", values) => {
                if let Some(frame) = self.frames.last_mut() {
                    frame.yields.push(values.first().cloned().unwrap_or(Value::Null));
                }
                Value::Data
            }
            ("yield from", [value]) => {
                let each = self.element(value, place(parts));
                if let Some(frame) = self.frames.last_mut() {
                    frame.yields.push(each);
                }
                Value::Data
            }
            ("add", [one, two]) => {
                let at = place(parts);
                self.added(one, two, at)
            }
            ("map of pairs", [pairs]) => self.map_of_pairs(pairs, place(parts)),
            ("enter", [manager]) => self.entered(manager, place(parts)),
            ("exit", [manager]) => self.left(manager, place(parts)),
            ("part", [value]) => match value {
                Value::List(_) => self.element(value, place(parts)),
                Value::Unknown(why) => Value::Unknown(why.clone()),
                _ => Value::Data,
            },
            ("awaited", _) => Value::unknown("what compiled code waits for"),
            ("slice", [value, ..]) => match value {
                Value::List(_) => {
                    let each = self.element(value, place(parts));
                    self.list(Vec::new(), Some(each))
                }
                Value::Text(_) => Value::Text(PartialText::unknown("a part of a text")),
                value => value.clone(),
            },
            _ => Value::Data,
        }
    }
}

/// Where the first of several expressions is.
fn place(parts: &[Expression]) -> Span {
    parts.first().map_or_else(|| Span::file(text::SourceId(0)), |part| part.span)
}

/// Whether two values are equal, where that is certain.
fn equal(one: &Value, two: &Value) -> Option<bool> {
    match (one, two) {
        (Value::Text(one), Value::Text(two)) => Some(one.literal()? == two.literal()?),
        (Value::Number(one), Value::Number(two)) => Some(one == two),
        (Value::Truth(one), Value::Truth(two)) => Some(one == two),
        (Value::Null, Value::Null) => Some(true),
        (
            Value::Null,
            Value::Object(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::Instance(..)
            | Value::List(_)
            | Value::Map(_)
            | Value::Text(_),
        ) => Some(false),
        (
            Value::Object(_)
            | Value::Function(_)
            | Value::Class(_)
            | Value::Instance(..)
            | Value::List(_)
            | Value::Map(_)
            | Value::Text(_),
            Value::Null,
        ) => Some(false),
        _ => None,
    }
}
