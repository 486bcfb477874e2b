//! What Java's own library does with values.

use std::rc::Rc;

use text::Span;

use super::containers;
use crate::evaluate::{Arguments, Evaluator, Object, Value};

/// A value that may be absent: `Optional`.
const OPTIONAL: &str = "optional";
/// The whole environment: `System.getenv()`.
const ENVIRONMENT: &str = "environment";
/// A program about to be started: `new ProcessBuilder(…)`.
const PROCESS: &str = "process builder";
/// A method of one of these.
const METHOD: &str = "library method";

fn object(kind: &'static str, name: &str, values: Vec<(String, Value)>) -> Value {
    Value::Object(Rc::new(Object { kind, service: String::new(), name: name.to_owned(), values }))
}

fn holding(kind: &'static str, value: Value) -> Value {
    object(kind, "", vec![("value".to_owned(), value)])
}

/// A member of one of the library's things.
pub(super) fn member(of: &Value, name: &str) -> Option<Value> {
    let Value::Object(own) = of else { return None };
    let is_own = matches!(own.kind, OPTIONAL | ENVIRONMENT | PROCESS);
    is_own.then(|| object(METHOD, name, vec![("of".to_owned(), of.clone())]))
}

/// A call of the standard library; `None` for what only gives data.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    match callee {
        Value::Object(own) if own.kind == METHOD => match own.value("of")? {
            Value::Object(of) => Some(method(evaluator, &of.clone(), &own.name, arguments, at)),
            _ => None,
        },
        Value::Foreign(name) => function(evaluator, name, arguments, at),
        _ => None,
    }
}

fn function(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let positions = &arguments.positions;
    let first = positions.first().cloned();
    // A class of the library by its own name, and the method: `System.getenv`.
    let start = name.find(char::is_uppercase)?;
    match name.get(start..)? {
        "System.getenv" => Some(match first {
            Some(first) => evaluator.environment_of(&first, None),
            None => object(ENVIRONMENT, "", Vec::new()),
        }),
        "String.format" => {
            let values = evaluator.list(positions.iter().skip(1).cloned().collect(), None);
            Some(evaluator.formatted(&first?, &values))
        }
        "String.join" => {
            let list = match positions.get(1..)? {
                [only @ Value::List(_)] => only.clone(),
                several => evaluator.list(several.to_vec(), None),
            };
            let join = evaluator.member(&first?, "join", at);
            Some(evaluator.call(&join, Arguments::of([list]), at))
        }
        "String"
        | "String.valueOf"
        | "String.copyValueOf"
        | "Objects.requireNonNull"
        | "Objects.toString"
        | "URI.create"
        | "URI"
        | "URL"
        | "Collections.unmodifiableList"
        | "Collections.unmodifiableMap"
        | "Collections.synchronizedList"
        | "Arrays.stream" => first,
        "Objects.requireNonNullElse" => Some(Value::either(positions.iter().cloned())),
        "Optional.of" | "Optional.ofNullable" => Some(holding(OPTIONAL, first?)),
        "Optional.empty" => Some(holding(OPTIONAL, Value::Null)),
        "HashMap"
        | "LinkedHashMap"
        | "TreeMap"
        | "ConcurrentHashMap"
        | "Hashtable"
        | "Collections.emptyMap"
        | "EnumMap" => {
            let map = evaluator.map(Vec::new(), None);
            if let Some(other @ Value::Map(_)) = first {
                evaluator.merge_entries(&map, &other);
            }
            Some(map)
        }
        "Map.of" | "Collections.singletonMap" | "ImmutableMap.of" => {
            let pairs = positions.chunks_exact(2).filter_map(|pair| match pair {
                [key, value] => Some((key.clone(), value.clone())),
                _ => None,
            });
            Some(evaluator.map(pairs.collect(), None))
        }
        "Map.copyOf" | "List.copyOf" | "Set.copyOf" => first,
        "Map.entry" | "SimpleEntry" => Some(evaluator.list(positions.clone(), None)),
        "Map.ofEntries" => {
            let map = evaluator.map(Vec::new(), None);
            for entry in positions {
                let key = evaluator.index(entry, &Value::Number(0.0), at);
                let value = evaluator.index(entry, &Value::Number(1.0), at);
                evaluator.set_entry(&map, key, value);
            }
            Some(map)
        }
        "ArrayList"
        | "LinkedList"
        | "HashSet"
        | "LinkedHashSet"
        | "TreeSet"
        | "Vector"
        | "ArrayDeque"
        | "CopyOnWriteArrayList"
        | "Collections.emptyList"
        | "Collections.emptySet" => {
            let (items, more) = match first {
                Some(other @ Value::List(_)) => evaluator.elements(&other, at),
                _ => (Vec::new(), None),
            };
            Some(evaluator.list(items, more))
        }
        "List.of"
        | "Arrays.asList"
        | "Set.of"
        | "Stream.of"
        | "Collections.singletonList"
        | "Collections.singleton"
        | "ImmutableList.of" => match positions.as_slice() {
            [only @ Value::List(_)] => Some(only.clone()),
            several => Some(evaluator.list(several.to_vec(), None)),
        },
        "ProcessBuilder" => {
            let command = match positions.as_slice() {
                [only @ Value::List(_)] => only.clone(),
                several => evaluator.list(several.to_vec(), None),
            };
            Some(holding(PROCESS, command))
        }
        "Runtime.getRuntime" => Some(holding(PROCESS, Value::Null)),
        _ => {
            containers::build(evaluator, name, at);
            run_instances(evaluator, arguments, at);
            None
        }
    }
}

/// An object that a library is given is run by it, when the library's interface is what it implements.
fn run_instances(evaluator: &mut Evaluator<'_>, arguments: &Arguments, at: Span) {
    for value in arguments.positions.iter().flat_map(Value::choices) {
        let Value::Instance(class, _) = value else { continue };
        if evaluator.foreign_bases(class).is_empty() {
            continue;
        }
        let methods: Vec<Rc<str>> = class
            .class
            .methods
            .iter()
            .filter(|method| method.name != "constructor")
            .map(|method| Rc::from(method.name.as_str()))
            .collect();
        for name in methods {
            let method = evaluator.member(value, &name, at);
            evaluator.call_back(&method, at);
        }
    }
}

fn method(
    evaluator: &mut Evaluator<'_>,
    of: &Object,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let held = of.value("value").cloned().unwrap_or(Value::Data);
    let first = arguments.positions.first().cloned();
    match (of.kind, name, first) {
        (OPTIONAL, "orElse", Some(other)) => Value::either([held, other]),
        (OPTIONAL, "orElseGet" | "or", Some(function)) => {
            let other = evaluator.call(&function, Arguments::default(), at);
            Value::either([held, other])
        }
        (OPTIONAL, "map" | "flatMap", Some(function)) => {
            let made = evaluator.call(&function, Arguments::of([held]), at);
            match made {
                Value::Object(ref own) if own.kind == OPTIONAL => made,
                made => holding(OPTIONAL, made),
            }
        }
        (OPTIONAL, "filter", Some(function)) => {
            evaluator.call(&function, Arguments::of([held]), at);
            Value::Object(Rc::new(of.clone()))
        }
        (OPTIONAL, "ifPresent" | "ifPresentOrElse", Some(function)) => {
            evaluator.call(&function, Arguments::of([held]), at);
            evaluator.call_back_all(arguments, at);
            Value::Null
        }
        (OPTIONAL, "get" | "orElseThrow" | "getAsInt", _) => held,
        (ENVIRONMENT, "get", Some(name)) => evaluator.environment_of(&name, None),
        (ENVIRONMENT, "getOrDefault", Some(name)) => {
            let default = arguments.positions.get(1).cloned();
            evaluator.environment_of(&name, default.as_ref())
        }
        (PROCESS, "exec", Some(command)) => {
            let command = command_line(evaluator, &command, at);
            evaluator.process(at, command);
            Value::Data
        }
        (PROCESS, "start", _) => {
            let command = command_line(evaluator, &held, at);
            evaluator.process(at, command);
            Value::Data
        }
        (PROCESS, "command", Some(_)) => {
            holding(PROCESS, evaluator.list(arguments.positions.clone(), None))
        }
        (PROCESS, "inheritIO" | "directory" | "redirectErrorStream" | "redirectOutput", _) => {
            Value::Object(Rc::new(of.clone()))
        }
        _ => {
            evaluator.call_back_all(arguments, at);
            Value::Data
        }
    }
}

fn command_line(evaluator: &mut Evaluator<'_>, command: &Value, at: Span) -> text::PartialText {
    let (words, more) = match command {
        Value::List(_) => evaluator.elements(command, at),
        command => (vec![command.clone()], None),
    };
    let mut parts = Vec::new();
    for (index, word) in words.into_iter().chain(more).enumerate() {
        if index > 0 {
            parts.push(Value::text(" "));
        }
        parts.push(word);
    }
    let line = evaluator.joined(&parts);
    evaluator.text_of(&line)
}
