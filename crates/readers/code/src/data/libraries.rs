//! Libraries that call AWS on behalf of who uses them, known by rows of a table.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use iam::api::Argument;
use text::Span;

use super::addresses::address_part;
use crate::evaluate::{Arguments, Evaluator, Object, Value};

const TABLE: &str = include_str!("libraries.txt");

/// One operation that a call makes.
#[derive(Debug)]
struct Row {
    service: &'static str,
    operation: &'static str,
    /// Arguments with their sources, and what else the row says.
    words: Vec<(&'static str, &'static str)>,
}

/// A member of an object that a library made, or of a class that extends a library's.
pub(crate) fn member(evaluator: &Evaluator<'_>, object: &Value, name: &str) -> Option<Value> {
    match object {
        Value::Object(object) if object.kind == "library" => {
            let name = format!("{}().{name}", object.name);
            let values = object.values.clone();
            Some(Value::Object(
                Object { kind: "library method", service: String::new(), name, values }.into(),
            ))
        }
        // An attribute, of which a member is asked.
        Value::Object(object) if object.kind == "library method" => {
            Some(Value::foreign(format!("{}.{name}", object.name)))
        }
        Value::Class(class) | Value::Instance(class, _) => {
            let bases = evaluator.foreign_bases(class);
            let called = bases.iter().map(|base| format!("{base}.{name}"));
            let name = called.into_iter().find(|name| table().contains_key(name.as_str()))?;
            let values = vec![("receiver".to_owned(), object.clone())];
            Some(Value::Object(
                Object { kind: "library method", service: String::new(), name, values }.into(),
            ))
        }
        _ => None,
    }
}

/// A call of a library's name, or of a method of its objects.
pub(crate) fn call(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let (name, made_with): (&str, &[(String, Value)]) = match callee {
        Value::Foreign(name) => (name, &[]),
        Value::Object(object) if object.kind == "library method" => (&object.name, &object.values),
        _ => return None,
    };
    let rows = table().get(name).map(Vec::as_slice).unwrap_or_default();
    let mut gives = Value::Data;
    for row in rows {
        tell(evaluator, row, arguments, made_with, at);
        if let Some(given) = row.word("gives") {
            gives = given_of(evaluator, given, made_with);
        }
    }
    if has_members(name) {
        evaluator.call_back_all(arguments, at);
        let mut values: Vec<(String, Value)> = Vec::new();
        for (position, value) in arguments.positions.iter().enumerate() {
            values.push((position.to_string(), value.clone()));
        }
        values.extend(arguments.names.iter().cloned());
        let (kind, name) = ("library", name.to_owned());
        return Some(Value::Object(Object { kind, service: String::new(), name, values }.into()));
    }
    if rows.is_empty() {
        // A method of which the table says nothing: the package's other names decide.
        let Value::Object(object) = callee else { return None };
        let name = Value::foreign(object.name.as_str());
        return Some(evaluator.call(&name, arguments.clone(), at));
    }
    evaluator.call_back_all(arguments, at);
    Some(gives)
}

/// An instance of a library's class, for what is declared to be one.
pub(crate) fn typed(name: &str) -> Option<Value> {
    let (kind, name) = ("library", has_members(name).then(|| name.to_owned())?);
    Some(Value::Object(Object { kind, name, ..Object::default() }.into()))
}

/// Whether rows are about members of what a call of this name gives.
fn has_members(name: &str) -> bool {
    let below = format!("{name}().");
    table().keys().any(|known| known.starts_with(&below))
}

fn tell(
    evaluator: &mut Evaluator<'_>,
    row: &Row,
    arguments: &Arguments,
    made_with: &[(String, Value)],
    at: Span,
) {
    if row.word("if").is_some_and(|condition| !holds(condition, arguments)) {
        return;
    }
    let mut named = Vec::new();
    for (name, source) in &row.words {
        if matches!(*name, "if" | "gives") {
            continue;
        }
        match argument(evaluator, source, arguments, made_with, at) {
            Sourced::Found(argument) => named.push(((*name).to_owned(), argument)),
            Sourced::Absent => {}
            Sourced::NoAddress => return,
        }
    }
    let rest = arguments.rest_unknown.clone();
    evaluator.api_call(at, row.service, row.operation, named, rest);
}

/// What a source of a row gives.
enum Sourced {
    Found(Argument),
    Absent,
    /// It should be an address of S3 and is none.
    NoAddress,
}

fn argument(
    evaluator: &mut Evaluator<'_>,
    source: &str,
    arguments: &Arguments,
    made_with: &[(String, Value)],
    at: Span,
) -> Sourced {
    let (function, inner) = match source.strip_suffix(')').and_then(|source| source.split_once('('))
    {
        Some((function, inner)) => (function, inner),
        None => ("", source),
    };
    let Some(value) = value(evaluator, inner, arguments, made_with, at) else {
        return Sourced::Absent;
    };
    match function {
        "bucket" | "key" => match address_part(&evaluator.text_of(&value), function == "key") {
            Some(part) => Sourced::Found(Argument::Text(part)),
            None => Sourced::NoAddress,
        },
        "table" => {
            let table = evaluator.text_of(&value);
            Sourced::Found(Argument::Map(vec![(table, Argument::Other)]))
        }
        "keys" => {
            let (known, more) = evaluator.elements(&value, at);
            let all: Vec<Value> = known.into_iter().chain(more).collect();
            let all = all.iter().flat_map(Value::choices).map(|key| evaluator.argument(key));
            Sourced::Found(Argument::List(all.collect()))
        }
        _ => Sourced::Found(evaluator.argument(&value)),
    }
}

fn value(
    evaluator: &mut Evaluator<'_>,
    source: &str,
    arguments: &Arguments,
    made_with: &[(String, Value)],
    at: Span,
) -> Option<Value> {
    if let Some(text) = source.strip_prefix('"') {
        return Some(Value::text(text.trim_end_matches('"')));
    }
    if let Some(path) = source.strip_prefix('$') {
        let mut value = find(made_with, "receiver")?.clone();
        for name in path.split('.') {
            value = evaluator.member(&value, name, at);
        }
        return Some(value);
    }
    match source.strip_prefix('^') {
        Some(source) => {
            let (position, name) = source.split_once(':')?;
            find(made_with, position).or_else(|| find(made_with, name)).cloned()
        }
        None => {
            let (position, name) = source.split_once(':')?;
            arguments.get(position.parse().ok()?, name).cloned()
        }
    }
}

fn find<'value>(values: &'value [(String, Value)], name: &str) -> Option<&'value Value> {
    values.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Whether the condition of a row holds.
fn holds(condition: &str, arguments: &Arguments) -> bool {
    let Some((function, inner)) = condition.trim_end_matches(')').split_once('(') else {
        return true;
    };
    if function == "absent" || function == "present" {
        return arguments.named(inner).is_some() == (function == "present");
    }
    let Some((position, name)) = inner.split_once(':') else { return true };
    let mode = position.parse().ok().and_then(|position| arguments.get(position, name));
    // Without a mode it reads; a mode that is not known may be any.
    let writes = match mode {
        None => Some(false),
        Some(mode) => mode.literal().map(|mode| mode.contains(['w', 'a', 'x'])),
    };
    writes.is_none_or(|writes| writes == (function == "writes"))
}

fn given_of(evaluator: &mut Evaluator<'_>, given: &str, made_with: &[(String, Value)]) -> Value {
    let class = match find(made_with, "receiver") {
        Some(Value::Class(class) | Value::Instance(class, _)) => class.clone(),
        _ => return Value::Data,
    };
    let one = evaluator.bare_instance(&class, Some(Value::Data));
    match given {
        "selves" => evaluator.list(Vec::new(), Some(one)),
        _ => one,
    }
}

impl Row {
    fn word(&self, name: &str) -> Option<&'static str> {
        self.words.iter().find(|(word, _)| *word == name).map(|(_, value)| *value)
    }
}

/// Rows by what is called.
fn table() -> &'static BTreeMap<&'static str, Vec<Row>> {
    static ROWS: OnceLock<BTreeMap<&str, Vec<Row>>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            let operation =
                |words: &mut std::str::SplitWhitespace<'static>| words.next()?.split_once('.');
            if let (Some(name), Some((service, operation))) = (words.next(), operation(&mut words))
            {
                let words = words.filter_map(|word| word.split_once('=')).collect();
                rows.entry(name).or_default().push(Row { service, operation, words });
            }
        }
        rows
    })
}

#[cfg(test)]
mod tests {
    use text::{Part, PartialText};

    use super::*;

    #[test]
    fn every_row_names_an_operation() {
        for (name, rows) in table() {
            for row in rows {
                let service = iam::api::Service::named(row.service);
                let operation = service.and_then(|service| service.operation(row.operation));
                assert_eq!(operation, Some(row.operation), "{name}");
            }
        }
        assert!(table().len() > 50);
    }

    #[test]
    fn addresses_are_taken_apart() {
        let mut address = PartialText::known("s3://bucket/in/");
        address.push(Part::Unknown("x".to_owned()));
        assert_eq!(address_part(&address, false), Some(PartialText::known("bucket")));
        assert_eq!(
            address_part(&address, true).map(|key| key.to_string()),
            Some("in/${?}".to_owned())
        );
        assert_eq!(address_part(&PartialText::known("/tmp/a"), false), None);
    }
}
