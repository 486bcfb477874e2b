//! What the language and Node.js themselves give: modules, promises, objects, collections.

use text::Span;

use crate::evaluate::{Arguments, Evaluator, ModuleValue, Value};

/// Gives a module the names that CommonJS gives it.
pub(super) fn prepare(evaluator: &mut Evaluator<'_>, module: &ModuleValue) {
    let exports = Value::Map(module.exports);
    let object = evaluator.map(vec![(Value::text("exports"), exports.clone())], None);
    evaluator.declare(&module.scope, "module", object);
    evaluator.declare(&module.scope, "exports", exports.clone());
    evaluator.declare(&module.scope, "this", exports);
}

/// A call of a name that is nobody's in the project.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let first = || arguments.positions.first().cloned().unwrap_or(Value::Null);
    let name = name.strip_prefix("globalThis.").unwrap_or(name);
    Some(match name {
        "require" | "import" => load(evaluator, name, &first(), at),
        "module.createRequire" | "createRequire" => Value::foreign("require"),
        // Nothing here waits, so that a promise is what it promises.
        "Promise.all"
        | "Promise.resolve"
        | "Object.freeze"
        | "Object.seal"
        | "structuredClone"
        | "Object.preventExtensions"
        | "util.promisify"
        | "util.callbackify"
        | "Object"
        | "Object.setPrototypeOf"
        | "Array.of"
        | "Iterator.from" => {
            if name == "Array.of" {
                return Some(evaluator.list(arguments.positions.clone(), None));
            }
            first()
        }
        "Promise.race" | "Promise.any" => evaluator.element(&first(), at),
        "Promise.allSettled" => {
            let value = evaluator.element(&first(), at);
            let settled = vec![(Value::text("value"), value), (Value::text("status"), Value::Data)];
            let settled = evaluator.map(settled, None);
            evaluator.list(Vec::new(), Some(settled))
        }
        "Promise" => {
            let settle = Value::foreign("Promise.resolve");
            evaluator.call(&first(), Arguments::of([settle.clone(), settle]), at);
            Value::Data
        }
        "Proxy" => {
            evaluator.call_back_all(arguments, at);
            first()
        }
        "Object.assign" | "_.extend" | "lodash.assign" | "lodash.merge" => {
            let target = first();
            for source in arguments.positions.iter().skip(1) {
                evaluator.merge_entries(&target, source);
            }
            target
        }
        "Object.create" => {
            let made = evaluator.map(Vec::new(), None);
            if matches!(first(), Value::Map(_)) {
                evaluator.merge_entries(&made, &first());
            }
            made
        }
        "Object.keys" | "Object.getOwnPropertyNames" | "Reflect.ownKeys" => {
            keys(evaluator, &first())
        }
        "Object.values" => match first() {
            Value::Map(address) => {
                let map = evaluator.heap.map(address).cloned().unwrap_or_default();
                let values = map.entries.into_iter().map(|(_, value)| value).collect();
                evaluator.list(values, map.more)
            }
            other => other,
        },
        "Object.entries" => entries(evaluator, &first()),
        "Object.fromEntries" | "Map" | "WeakMap" => from_entries(evaluator, &first(), at),
        "Array.from" | "Set" | "WeakSet" => {
            let (items, more) = evaluator.elements(&first(), at);
            let list = evaluator.list(items, more);
            match arguments.positions.get(1) {
                Some(function) => {
                    let map = evaluator.member(&list, "map", at);
                    evaluator.call(&map, Arguments::of([function.clone()]), at)
                }
                None => list,
            }
        }
        "Array" => evaluator.list(Vec::new(), Some(Value::Data)),
        "Object.defineProperty" => {
            define(evaluator, arguments);
            first()
        }
        "Object.prototype.hasOwnProperty.call" | "Object.hasOwn" => Value::Data,
        "Reflect.get" => match arguments.positions.get(1).and_then(Value::literal) {
            Some(name) => evaluator.member(&first(), name, at),
            None => Value::unknown("a member that is chosen at run time"),
        },
        "String" => match first() {
            text @ Value::Text(_) => text,
            _ => Value::Data,
        },
        // What is escaped names the same as before.
        "encodeURI" | "encodeURIComponent" | "decodeURI" | "decodeURIComponent" => first(),
        "eval" | "Function" | "vm.runInThisContext" | "vm.runInNewContext" => {
            evaluator.unresolved(at, "code that is made at run time is not followed");
            Value::Data
        }
        _ => return None,
    })
}

/// A method that every value has: those of promises, which here are what they promise.
pub(super) fn method(
    evaluator: &mut Evaluator<'_>,
    object: &Value,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    if !matches!(name, "then" | "catch" | "finally" | "promise" | "bind") {
        return None;
    }
    let is_own = matches!(object, Value::Foreign(_) | Value::Instance(..) | Value::Map(_))
        && evaluator.member_if_any(object, name, at).is_some();
    if is_own || matches!(object, Value::Function(_) | Value::Bound(_) | Value::Class(_)) {
        return None;
    }
    match name {
        "then" => {
            let function = arguments.positions.first()?.clone();
            if let Some(refused) = arguments.positions.get(1) {
                evaluator.call_back_all(&Arguments::of([refused.clone()]), at);
            }
            if matches!(function, Value::Null) {
                return Some(object.clone());
            }
            Some(evaluator.call(&function, Arguments::of([object.clone()]), at))
        }
        "promise" if !matches!(object, Value::Data) => None,
        "bind" if !matches!(object, Value::Object(_)) => None,
        _ => {
            evaluator.call_back_all(arguments, at);
            Some(object.clone())
        }
    }
}

fn load(evaluator: &mut Evaluator<'_>, name: &str, source: &Value, at: Span) -> Value {
    let mut loaded = Vec::new();
    for source in source.choices() {
        let Some(source) = source.literal() else {
            evaluator.unresolved(at, "the module is known at run time only");
            loaded.push(Value::unknown("a module that is chosen at run time"));
            continue;
        };
        let module = evaluator.load(source, at);
        loaded.push(match (name, &module) {
            // A promise's `default` is the module of CommonJS itself.
            ("require", Value::Module(module)) => evaluator.commonjs(module),
            _ => module,
        });
    }
    Value::either(loaded)
}

fn keys(evaluator: &mut Evaluator<'_>, object: &Value) -> Value {
    let mut keys = Vec::new();
    let mut more = None;
    for choice in object.choices() {
        match choice {
            Value::Map(address) | Value::Instance(_, address) => {
                let map = evaluator.heap.map(*address).cloned().unwrap_or_default();
                keys.extend(map.entries.into_iter().map(|(key, _)| key));
                more = more.or(map.more.map(|_| Value::Data));
            }
            Value::Null => {}
            // All names of a library: who copies them copies the library.
            Value::Foreign(_) => keys.push(Value::text("*")),
            _ => more = Some(Value::Data),
        }
    }
    evaluator.list(keys, more)
}

fn entries(evaluator: &mut Evaluator<'_>, object: &Value) -> Value {
    let Value::Map(address) = object else { return object.clone() };
    let map = evaluator.heap.map(*address).cloned().unwrap_or_default();
    let mut pairs = Vec::new();
    for (key, value) in map.entries {
        pairs.push(evaluator.list(vec![key, value], None));
    }
    let more = map.more.map(|value| evaluator.list(vec![Value::Data, value], None));
    evaluator.list(pairs, more)
}

fn from_entries(evaluator: &mut Evaluator<'_>, pairs: &Value, at: Span) -> Value {
    let map = evaluator.map(Vec::new(), None);
    let (items, more) = match pairs {
        Value::Null => (Vec::new(), None),
        pairs => evaluator.elements(pairs, at),
    };
    for pair in items.into_iter().chain(more) {
        let key = evaluator.index(&pair, &Value::Number(0.0), at);
        let value = evaluator.index(&pair, &Value::Number(1.0), at);
        evaluator.set_entry(&map, key, value);
    }
    map
}

/// `Object.defineProperty(object, name, { get, value })`.
fn define(evaluator: &mut Evaluator<'_>, arguments: &Arguments) {
    let [object, name, descriptor, ..] = arguments.positions.as_slice() else { return };
    let Value::Map(address) = descriptor else { return };
    let map = evaluator.heap.map(*address).cloned().unwrap_or_default();
    let held = |key: &str| {
        map.entries
            .iter()
            .find(|(known, _)| known.literal() == Some(key))
            .map(|(_, value)| value.clone())
    };
    let value = match (held("value"), held("get")) {
        (Some(value), _) => value,
        // What it gives is asked for when it is read.
        (None, Some(getter)) => Value::getter(getter),
        (None, None) => return,
    };
    evaluator.set_entry(object, name.clone(), value);
}
