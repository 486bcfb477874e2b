//! What Go's own library does with values.

use text::Span;

use crate::evaluate::{Arguments, Evaluator, Value};

/// A call of the standard library; `None` for what only gives data.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let positions = &arguments.positions;
    let first = positions.first().cloned();
    let second = positions.get(1).cloned();
    match name {
        "os.Getenv" => Some(evaluator.environment_of(&first?, None)),
        "os.LookupEnv" => {
            let value = evaluator.environment_of(&first?, None);
            Some(evaluator.list(vec![value, Value::Data], None))
        }
        "os.ExpandEnv" => Some(Value::Data),
        "fmt.Sprintf" => Some(formatted(evaluator, arguments)),
        "fmt.Sprint" => Some(evaluator.joined(positions)),
        "strings.Join" => {
            let method = evaluator.member(&second?, "join", at);
            Some(evaluator.call(&method, Arguments::of([first?]), at))
        }
        "path.Join" | "filepath.Join" | "path/filepath.Join" => {
            let mut parts = Vec::new();
            for (index, part) in positions.iter().enumerate() {
                if index > 0 {
                    parts.push(Value::text("/"));
                }
                parts.push(part.clone());
            }
            Some(evaluator.joined(&parts))
        }
        "strings.ToLower" => text_method(evaluator, &first?, "toLowerCase", [], at),
        "strings.ToUpper" => text_method(evaluator, &first?, "toUpperCase", [], at),
        "strings.TrimSpace" | "strings.Clone" => first,
        "strings.Split" => text_method(evaluator, &first?, "split", [second?], at),
        "strings.TrimPrefix" => text_method(evaluator, &first?, "removeprefix", [second?], at),
        "strings.TrimSuffix" => text_method(evaluator, &first?, "removesuffix", [second?], at),
        "strings.ReplaceAll" | "strings.Replace" => {
            text_method(evaluator, &first?, "replace", [second?, positions.get(2)?.clone()], at)
        }
        "cmp.Or" => Some(Value::either(positions.iter().cloned())),
        "sync.OnceValue" => first,
        "os/exec.Command" => {
            let command = command(evaluator, positions);
            evaluator.process(at, command);
            Some(Value::Data)
        }
        "os/exec.CommandContext" => {
            let command = command(evaluator, positions.get(1..).unwrap_or_default());
            evaluator.process(at, command);
            Some(Value::Data)
        }
        _ => None,
    }
}

fn text_method<const N: usize>(
    evaluator: &mut Evaluator<'_>,
    text: &Value,
    name: &str,
    arguments: [Value; N],
    at: Span,
) -> Option<Value> {
    let method = evaluator.member(text, name, at);
    Some(evaluator.call(&method, Arguments::of(arguments), at))
}

fn command(evaluator: &mut Evaluator<'_>, words: &[Value]) -> text::PartialText {
    let mut parts = Vec::new();
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            parts.push(Value::text(" "));
        }
        parts.push(word.clone());
    }
    let command = evaluator.joined(&parts);
    evaluator.text_of(&command)
}

/// `fmt.Sprintf(format, values…)`: each verb takes the next value.
fn formatted(evaluator: &mut Evaluator<'_>, arguments: &Arguments) -> Value {
    let mut values = arguments.positions.iter();
    let format = values.next().cloned().unwrap_or_else(|| Value::text(""));
    let values = evaluator.list(values.cloned().collect(), None);
    evaluator.formatted(&format, &values)
}
