//! Python's own names: builtins, `os.environ`, and what else values pass through.

use std::rc::Rc;

use text::Span;

use crate::data::libraries;
use crate::evaluate::{Arguments, Evaluator, Value};

/// The SDK for durable functions.
const DURABLE: &str = "aws_durable_execution_sdk_python.";

/// A member of one of Python's own names.
pub(super) fn member(_evaluator: &mut Evaluator<'_>, object: &Value, name: &str) -> Option<Value> {
    match object {
        Value::Foreign(foreign) => match (&**foreign, name) {
            ("typing", "TYPE_CHECKING") => Some(Value::Truth(false)),
            _ => None,
        },
        _ => None,
    }
}

/// `os.environ["NAME"]`.
pub(super) fn element(
    evaluator: &mut Evaluator<'_>,
    object: &Value,
    index: Option<&Value>,
) -> Option<Value> {
    match (object, index) {
        (Value::Foreign(name), Some(index)) if is_environment(name) => {
            Some(variable(evaluator, index, None))
        }
        _ => None,
    }
}

fn is_environment(name: &str) -> bool {
    matches!(name, "os.environ" | "environ")
}

/// A call of one of Python's own names.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    callee: &Value,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let Value::Foreign(name) = callee else { return None };
    if let Some((position, default)) = signer(name) {
        let default = Value::text(default);
        evaluator.signs_for(at, Some(arguments.get(position, "service").unwrap_or(&default)));
        return Some(Value::Data);
    }
    if DSQL.iter().any(|connector| name.strip_prefix(connector).is_some_and(connects)) {
        let user = arguments.named("user").and_then(Value::literal);
        let operation = match user {
            Some("admin") => "GenerateDbConnectAdminAuthToken",
            _ => "GenerateDbConnectAuthToken",
        };
        evaluator.api_call(at, "dsql", operation, Vec::new(), None);
        return Some(Value::Data);
    }
    let positions = arguments.positions.as_slice();
    let first = positions.first();
    let second = positions.get(1);
    Some(match (&**name, first) {
        ("os.environ.get" | "os.getenv" | "os.environ.setdefault", Some(index)) => {
            let default = arguments.get(1, "default").cloned();
            variable(evaluator, index, Some(default.unwrap_or(Value::Null)))
        }
        ("os.environ.copy" | "os.environ.items", _) => Value::Data,
        ("getattr", Some(object)) => get_attribute(evaluator, object, arguments, at),
        ("setattr", Some(object)) => {
            let name = second.and_then(Value::literal).map(str::to_owned);
            if let (Some(name), Some(value)) = (name, positions.get(2)) {
                evaluator.set_member(object, &name, value.clone());
            }
            Value::Null
        }
        ("str" | "repr" | "format", Some(value)) => match value {
            Value::Text(_) | Value::Unknown(_) => value.clone(),
            Value::Number(_) | Value::Truth(_) => evaluator.joined(std::slice::from_ref(value)),
            _ => Value::Data,
        },
        (
            "list" | "tuple" | "set" | "sorted" | "reversed" | "frozenset" | "iter"
            | "collections.deque",
            first,
        ) => {
            evaluator.call_back_all(arguments, at);
            match first {
                Some(value) => {
                    let (items, more) = evaluator.elements(value, at);
                    match &**name {
                        "list" | "tuple" => evaluator.list(items, more),
                        _ => {
                            let all: Vec<Value> = items.into_iter().chain(more).collect();
                            let more = (!all.is_empty()).then(|| Value::either(all));
                            evaluator.list(Vec::new(), more)
                        }
                    }
                }
                None => evaluator.list(Vec::new(), None),
            }
        }
        ("dict" | "collections.OrderedDict", first) => {
            let map = match first {
                Some(Value::List(_)) => {
                    let pairs = first.cloned().unwrap_or(Value::Null);
                    evaluator.map_of_pairs(&pairs, at)
                }
                first => {
                    let map = evaluator.map(Vec::new(), None);
                    if let Some(first) = first {
                        evaluator.merge_entries(&map, first);
                    }
                    map
                }
            };
            for (name, value) in &arguments.names {
                evaluator.set_entry(&map, Value::text(name.as_str()), value.clone());
            }
            map
        }
        ("collections.defaultdict", Some(factory)) => {
            let made = evaluator.call(factory, Arguments::default(), at);
            evaluator.map(Vec::new(), Some(made))
        }
        ("next" | "anext", Some(iterator)) => {
            let each = evaluator.element(iterator, at);
            Value::either([each].into_iter().chain(second.cloned()))
        }
        ("enumerate", Some(value)) => {
            let (items, more) = evaluator.elements(value, at);
            let items = items.into_iter().enumerate();
            let items: Vec<Value> = items
                .map(|(index, item)| evaluator.list(vec![Value::Number(index as f64), item], None))
                .collect();
            let more = more.map(|item| evaluator.list(vec![Value::Data, item], None));
            evaluator.list(items, more)
        }
        ("zip" | "itertools.zip_longest", Some(_)) => {
            let mut each = Vec::new();
            for value in positions {
                each.push(evaluator.element(value, at));
            }
            let tuple = evaluator.list(each, None);
            evaluator.list(Vec::new(), Some(tuple))
        }
        ("itertools.chain" | "itertools.chain.from_iterable", Some(_)) => {
            let mut each = Vec::new();
            for value in positions {
                let value = match &**name {
                    "itertools.chain" => value.clone(),
                    _ => evaluator.element(value, at),
                };
                each.push(evaluator.element(&value, at));
            }
            evaluator.list(Vec::new(), Some(Value::either(each)))
        }
        ("map" | "itertools.starmap", Some(function)) => {
            let mut each = Vec::new();
            for value in positions.iter().skip(1) {
                each.push(evaluator.element(value, at));
            }
            let made = evaluator.call(function, Arguments::of(each), at);
            evaluator.list(Vec::new(), Some(made))
        }
        ("filter", Some(function)) => {
            let each = evaluator.element(second.unwrap_or(&Value::Data), at);
            if !matches!(function, Value::Null) {
                evaluator.call(function, Arguments::of([each.clone()]), at);
            }
            evaluator.list(Vec::new(), Some(each))
        }
        ("functools.reduce", Some(function)) => {
            let each = evaluator.element(second.unwrap_or(&Value::Data), at);
            let start = positions.get(2).unwrap_or(&each).clone();
            let made = evaluator.call(function, Arguments::of([start.clone(), each]), at);
            Value::either([start, made])
        }
        ("functools.partial", Some(function)) => partial(function, arguments),
        // The SDK for durable functions passes the first parameter itself.
        (step, Some(function)) if step.starts_with(DURABLE) && step.ends_with(".durable_step") => {
            Value::partial(function.clone(), Rc::new(Arguments::of([Value::Data])))
        }
        (child, Some(function))
            if child.starts_with(DURABLE) && child.ends_with(".durable_with_child_context") =>
        {
            let context = libraries::typed("aws_durable_execution_sdk_python.DurableContext");
            let context = context.unwrap_or(Value::Data);
            Value::partial(function.clone(), Rc::new(Arguments::of([context])))
        }
        ("vars", Some(object)) => evaluator.member(object, "__dict__", at),
        ("type", Some(Value::Instance(class, _))) => Value::Class(class.clone()),
        ("copy.copy" | "copy.deepcopy" | "typing.cast" | "cast", Some(value)) => match &**name {
            "typing.cast" | "cast" => second.cloned().unwrap_or(Value::Data),
            _ => value.clone(),
        },
        (
            "asyncio.run"
            | "asyncio.create_task"
            | "asyncio.ensure_future"
            | "asyncio.wait_for"
            | "asyncio.shield",
            Some(value),
        ) => value.clone(),
        ("asyncio.gather", _) => evaluator.list(positions.to_vec(), None),
        ("asyncio.to_thread", Some(function)) => {
            let rest = Arguments {
                positions: positions.iter().skip(1).cloned().collect(),
                ..arguments.clone()
            };
            evaluator.call(function, rest, at)
        }
        (
            "threading.Thread"
            | "multiprocessing.Process"
            | "threading.Timer"
            | "Thread"
            | "Process",
            _,
        ) => {
            started(evaluator, arguments, at);
            Value::Data
        }
        ("os.path.join" | "posixpath.join", Some(_)) => {
            let mut parts = Vec::new();
            for (index, part) in positions.iter().enumerate() {
                if index > 0 {
                    parts.push(Value::text("/"));
                }
                parts.push(part.clone());
            }
            evaluator.joined(&parts)
        }
        ("importlib.import_module" | "__import__", Some(source)) => match source.literal() {
            Some(source) => {
                let source = source.to_owned();
                evaluator.load(&source, at)
            }
            None => Value::unknown("a module whose name is not known"),
        },
        ("pathlib.Path" | "Path", Some(value)) => value.clone(),
        ("contextlib.nullcontext", Some(value)) => value.clone(),
        (
            "contextlib.contextmanager" | "contextlib.asynccontextmanager" | "functools.wraps()",
            Some(value),
        ) => value.clone(),
        (submit, Some(function))
            if is_executor(submit, ".submit") || submit.ends_with(".run_in_executor") =>
        {
            let skipped = if submit.ends_with(".submit") { 1 } else { 2 };
            let function = if skipped == 1 { function } else { second? };
            let positions = positions.iter().skip(skipped).cloned().collect();
            let rest = Arguments { positions, ..arguments.clone() };
            let result = evaluator.call(function, rest, at);
            future(evaluator, result)
        }
        (mapped, Some(function)) if is_executor(mapped, ".map") => {
            let mut each = Vec::new();
            for value in positions.iter().skip(1) {
                each.push(evaluator.element(value, at));
            }
            let made = evaluator.call(function, Arguments::of(each), at);
            evaluator.list(Vec::new(), Some(made))
        }
        ("concurrent.futures.as_completed" | "concurrent.futures.wait", Some(value)) => {
            value.clone()
        }
        _ => return None,
    })
}

fn is_executor(name: &str, method: &str) -> bool {
    name.strip_suffix(method).is_some_and(|owner| {
        owner.ends_with("PoolExecutor()")
            || owner.ends_with("Pool()")
            || owner.ends_with("Executor()")
    })
}

/// A future: what it gives is taken for it.
fn future(_evaluator: &mut Evaluator<'_>, result: Value) -> Value {
    match result {
        Value::Null => Value::Data,
        result => result,
    }
}

/// A thread's function, called with the arguments given for it.
fn started(evaluator: &mut Evaluator<'_>, arguments: &Arguments, at: Span) {
    let Some(function) = arguments.named("target").or(arguments.positions.get(1)).cloned() else {
        return;
    };
    let passed = arguments.named("args").or(arguments.positions.get(3)).cloned();
    let (positions, more) = match passed {
        Some(passed) => evaluator.elements(&passed, at),
        None => (Vec::new(), None),
    };
    let mut passed = Arguments::of(positions.into_iter().chain(more));
    if let Some(Value::Map(address)) = arguments.named("kwargs")
        && let Some(map) = evaluator.heap.map(*address)
    {
        let named = map.entries.iter();
        passed.names = named
            .filter_map(|(key, value)| Some((key.literal()?.to_owned(), value.clone())))
            .collect();
    }
    evaluator.call(&function, passed, at);
}

fn get_attribute(
    evaluator: &mut Evaluator<'_>,
    object: &Value,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let name = arguments.positions.get(1).cloned().unwrap_or(Value::Null);
    let mut found = Vec::new();
    for choice in name.choices() {
        found.push(match choice.literal() {
            Some(name) => evaluator.member(object, name, at),
            None if matches!(object, Value::Data) => Value::Data,
            None => Value::unknown("an attribute whose name is known at run time only"),
        });
    }
    let found = Value::either(found);
    match (arguments.positions.get(2), &found) {
        (Some(default), Value::Unknown(_)) => default.clone(),
        (Some(default), _) => Value::either([found, default.clone()]),
        (None, _) => found,
    }
}

/// A function with arguments given beforehand.
fn partial(function: &Value, arguments: &Arguments) -> Value {
    let rest = arguments.positions.iter().skip(1).cloned().collect();
    let given = Arguments { positions: rest, ..arguments.clone() };
    Value::partial(function.clone(), Rc::new(given))
}

/// Libraries' classes that sign requests: where the service is passed, and which it is by default.
///
/// Source: opensearch-py user guide, "Using IAM authentication"; requests-aws4auth's documentation.
fn signer(name: &str) -> Option<(usize, &'static str)> {
    let (package, class) = (name.split('.').next()?, name.rsplit('.').next()?);
    match (package, class) {
        ("opensearchpy", class) if class.contains("AWSV4Signer") => Some((2, "es")),
        ("requests_aws4auth", "AWS4Auth") => Some((3, "")),
        _ => None,
    }
}

/// Libraries that sign the token with which they connect to Aurora DSQL.
///
/// Source: Amazon Aurora DSQL user guide, "Aurora DSQL connectors".
const DSQL: &[&str] = &["aurora_dsql_psycopg2.", "aurora_dsql_psycopg.", "aurora_dsql_asyncpg."];

/// Whether a name of such a library connects.
fn connects(name: &str) -> bool {
    matches!(name.rsplit('.').next(), Some("connect" | "create_pool"))
}

/// The value of an environment variable; `default` where asking for a missing one is no error.
fn variable(evaluator: &mut Evaluator<'_>, index: &Value, default: Option<Value>) -> Value {
    let mut values = Vec::new();
    for choice in index.choices() {
        let Some(name) = choice.literal() else {
            values.push(Value::unknown("an environment variable whose name is not known"));
            continue;
        };
        values.push(evaluator.environment(name, default.as_ref()));
    }
    Value::either(values)
}
