//! Functions over texts and numbers; texts known in part stay so where that is possible.

use data_encoding::BASE64;
use text::{Part, PartialText};

use super::Call;
use crate::values::{self, error};
use documents::value::{Kind, Value};

/// Longest text that a function makes, in bytes.
const LONGEST: usize = 1 << 20;

pub(super) fn call(call: &Call<'_>) -> Option<Value> {
    Some(match evaluate(call)? {
        Ok(value) | Err(value) => value,
    })
}

fn evaluate(call: &Call<'_>) -> Option<Result<Value, Value>> {
    Some(match call.name {
        "lower" => mapped(call, &|text| text.to_lowercase()),
        "upper" => mapped(call, &|text| text.to_uppercase()),
        "title" => mapped(call, &title),
        "trimspace" => call.string(0).map(|text| values::string(text.trim(), call.span)),
        "chomp" => call
            .string(0)
            .map(|text| values::string(text.trim_end_matches(['\n', '\r']), call.span)),
        "trim" => trim(call, &|text, set| text.trim_matches(|c| set.contains(c)).to_owned()),
        "trimprefix" => {
            trim(call, &|text, prefix| text.strip_prefix(prefix).unwrap_or(text).to_owned())
        }
        "trimsuffix" => {
            trim(call, &|text, suffix| text.strip_suffix(suffix).unwrap_or(text).to_owned())
        }
        "startswith" | "endswith" | "strcontains" => test(call),
        "replace" => replace(call),
        "split" => split(call),
        "join" => join(call),
        "format" => format(call, call.arguments),
        "formatlist" => format_list(call),
        "substr" => substring(call),
        "strrev" => mapped(call, &|text| text.chars().rev().collect()),
        "indent" => call.number(0).and_then(|count| {
            let text = call.arguments.get(1).and_then(values::as_text);
            let text = text.ok_or_else(|| error("a text was expected", call.span))?;
            let spaces = " ".repeat(count.clamp(0.0, 200.0) as usize);
            Ok(each_literal(&text, &|literal| literal.replace('\n', &format!("\n{spaces}")), call))
        }),
        "base64encode" | "textencodebase64" => {
            call.string(0).map(|text| values::string(BASE64.encode(text.as_bytes()), call.span))
        }
        "base64decode" => call.string(0).and_then(|text| {
            let bytes =
                BASE64.decode(text.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            bytes
                .map(|text| values::string(text, call.span))
                .ok_or_else(|| error("the text is no base64 of a text", call.span))
        }),
        "urlencode" => call.string(0).map(|text| values::string(percent(&text), call.span)),
        "abs" => call.number(0).map(|number| values::number(number.abs(), call.span)),
        "ceil" => call.number(0).map(|number| values::number(number.ceil(), call.span)),
        "floor" => call.number(0).map(|number| values::number(number.floor(), call.span)),
        "signum" => call.number(0).map(|number| values::number(number.signum(), call.span)),
        "pow" => call
            .number(0)
            .and_then(|base| Ok(values::number(base.powf(call.number(1)?), call.span))),
        "log" => call
            .number(0)
            .and_then(|number| Ok(values::number(number.log(call.number(1)?), call.span))),
        "parseint" => call.string(0).and_then(|text| {
            let radix = call.number(1)?.clamp(2.0, 36.0) as u32;
            i64::from_str_radix(&text, radix)
                .map(|number| values::number(number as f64, call.span))
                .map_err(|_| error("the text is no number", call.span))
        }),
        "md5" | "sha1" | "sha256" | "sha512" | "base64sha256" | "base64sha512" | "base64gzip"
        | "uuidv5" | "rsadecrypt" | "formatdate" | "timeadd" | "timecmp" => {
            Ok(call.unknown(std::format!("`{}` is not computed", call.name)))
        }
        _ => return None,
    })
}

fn each_literal(text: &PartialText, change: &dyn Fn(&str) -> String, call: &Call<'_>) -> Value {
    let mut changed = PartialText::default();
    for part in text.parts() {
        changed.push(match part {
            Part::Literal(literal) => Part::Literal(change(literal)),
            part => part.clone(),
        });
    }
    Value::new(Kind::Text(changed), call.span)
}

/// Changes the known parts; the holes stay.
fn mapped(call: &Call<'_>, change: &dyn Fn(&str) -> String) -> Result<Value, Value> {
    let argument = call.arguments.first().ok_or_else(|| error("no text", call.span))?;
    match values::as_text(argument) {
        Some(text) => Ok(each_literal(&text, change, call)),
        None => Err(call.passed_or_error(argument)),
    }
}

fn title(text: &str) -> String {
    let mut begins = true;
    let letters = text.chars().map(|letter| {
        let changed = if begins { letter.to_ascii_uppercase() } else { letter };
        begins = !letter.is_alphanumeric();
        changed
    });
    letters.collect()
}

fn trim(call: &Call<'_>, change: &dyn Fn(&str, &str) -> String) -> Result<Value, Value> {
    let (text, set) = (call.string(0)?, call.string(1)?);
    Ok(values::string(change(&text, &set), call.span))
}

fn test(call: &Call<'_>) -> Result<Value, Value> {
    let needle = call.string(1)?;
    let text = call.arguments.first().and_then(values::as_text);
    let text = text.ok_or_else(|| error("a text was expected", call.span))?;
    let holds = match (call.name, text.literal(), text.parts()) {
        ("startswith", Some(text), _) => text.starts_with(&needle),
        ("endswith", Some(text), _) => text.ends_with(&needle),
        (_, Some(text), _) => text.contains(&needle),
        ("startswith", None, [Part::Literal(first), ..]) if first.len() >= needle.len() => {
            first.starts_with(&needle)
        }
        ("strcontains", None, _) if text.has_literal(&needle) => true,
        _ => return Ok(call.unknown(std::format!("`{text}` is known only at deployment"))),
    };
    Ok(values::boolean(holds, call.span))
}

fn replace(call: &Call<'_>) -> Result<Value, Value> {
    let (wanted, with) = (call.string(1)?, call.string(2)?);
    if wanted.len() > 1 && wanted.starts_with('/') && wanted.ends_with('/') {
        let pattern = wanted.get(1..wanted.len() - 1).unwrap_or_default();
        return super::patterns::replaced(call, pattern, &with);
    }
    if wanted.is_empty() {
        return call.arguments.first().cloned().ok_or_else(|| error("no text", call.span));
    }
    mapped(call, &|text| {
        let replaced = text.replace(&wanted, &with);
        if replaced.len() > LONGEST { text.to_owned() } else { replaced }
    })
}

fn split(call: &Call<'_>) -> Result<Value, Value> {
    let separator = call.string(0)?;
    let argument = call.arguments.get(1).ok_or_else(|| error("no text", call.span))?;
    let Some(text) = values::as_text(argument) else { return Err(call.passed_or_error(argument)) };
    if matches!(argument.kind, Kind::Unknown(_)) {
        return Err(call.passed_or_error(argument));
    }
    // A hole is taken to have no separator within it where the text around it has some.
    if text.literal().is_none() && (separator.is_empty() || !text.has_literal(&separator)) {
        return Ok(call.unknown(std::format!("`{text}` is known only at deployment")));
    }
    let mut items = vec![PartialText::default()];
    for part in text.parts() {
        match part {
            Part::Literal(literal) => {
                let pieces: Vec<&str> = match separator.is_empty() {
                    true => literal.split("").filter(|piece| !piece.is_empty()).collect(),
                    false => literal.split(&separator).collect(),
                };
                for (index, piece) in pieces.into_iter().enumerate() {
                    if index > 0 {
                        items.push(PartialText::default());
                    }
                    if let Some(last) = items.last_mut() {
                        last.push(Part::Literal(piece.to_owned()));
                    }
                }
            }
            part => {
                if let Some(last) = items.last_mut() {
                    last.push(part.clone());
                }
            }
        }
    }
    let items = items.into_iter().map(|text| Value::new(Kind::Text(text), call.span));
    Ok(call.list(items.collect()))
}

fn join(call: &Call<'_>) -> Result<Value, Value> {
    let separator = call.string(0)?;
    let mut text = PartialText::default();
    let mut first = true;
    for argument in call.arguments.iter().skip(1) {
        let items = match &argument.kind {
            Kind::List(items) => items.as_slice(),
            _ => std::slice::from_ref(argument),
        };
        for item in items.iter().filter(|item| !item.is_null()) {
            if !first {
                text.push(Part::Literal(separator.clone()));
            }
            first = false;
            match values::as_text(item) {
                Some(part) => text.extend(&part),
                None => text.push(Part::Unknown(values::why(item))),
            }
        }
    }
    Ok(Value::new(Kind::Text(text), call.span))
}

fn format(call: &Call<'_>, arguments: &[Value]) -> Result<Value, Value> {
    let pattern = call.string(0)?;
    let mut text = PartialText::default();
    let mut given = arguments.iter().skip(1);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(Part::Literal(letter.to_string()));
            continue;
        }
        let mut flags = String::new();
        let verb = loop {
            match letters.next() {
                Some(flag) if "+-# 0123456789.[]".contains(flag) => flags.push(flag),
                other => break other,
            }
        };
        match verb {
            Some('%') => text.push(Part::Literal("%".to_owned())),
            Some(verb) => match given.next() {
                Some(value) => text.extend(&formatted(verb, &flags, value)),
                None => return Err(error("`format` has too few arguments", call.span)),
            },
            None => return Err(error("the format ends within a verb", call.span)),
        }
    }
    Ok(Value::new(Kind::Text(text), call.span))
}

fn formatted(verb: char, flags: &str, value: &Value) -> PartialText {
    let text = match (verb, values::as_text(value)) {
        ('q', Some(_)) => values::to_json(value),
        (_, Some(text)) => text,
        (_, None) => values::to_json(value),
    };
    let Some(literal) = text.literal() else { return text };
    let width = flags.trim_start_matches(['+', '-', '#', ' ', '0']);
    let (width, precision) = width.split_once('.').unwrap_or((width, ""));
    let width = width.parse::<usize>().unwrap_or(0).min(256);
    let literal = match (verb, precision.parse::<usize>(), literal.parse::<f64>()) {
        ('f', precision, Ok(number)) => {
            std::format!("{number:.*}", precision.unwrap_or(6).min(20))
        }
        ('x', _, Ok(number)) => std::format!("{:x}", number as i64),
        _ => literal.to_owned(),
    };
    let padding = width.saturating_sub(literal.chars().count());
    let padded = match flags {
        flags if flags.starts_with('-') => std::format!("{literal}{}", " ".repeat(padding)),
        flags if flags.starts_with('0') => std::format!("{}{literal}", "0".repeat(padding)),
        _ => std::format!("{}{literal}", " ".repeat(padding)),
    };
    PartialText::known(padded)
}

fn format_list(call: &Call<'_>) -> Result<Value, Value> {
    let length = call.arguments.iter().skip(1).filter_map(|argument| match &argument.kind {
        Kind::List(items) => Some(items.len()),
        _ => None,
    });
    let Some(length) = length.max() else {
        return Ok(call.list(vec![format(call, call.arguments)?]));
    };
    let mut items = Vec::new();
    for index in 0..length {
        let row: Vec<Value> = call
            .arguments
            .iter()
            .map(|argument| match &argument.kind {
                Kind::List(items) => items.get(index).cloned().unwrap_or_else(|| argument.clone()),
                _ => argument.clone(),
            })
            .collect();
        items.push(format(call, &row)?);
    }
    Ok(call.list(items))
}

fn substring(call: &Call<'_>) -> Result<Value, Value> {
    let text = call.string(0)?;
    let (offset, length) = (call.number(1)?, call.number(2)?);
    let count = text.chars().count() as f64;
    let start = if offset < 0.0 { (count + offset).max(0.0) } else { offset };
    let length = if length < 0.0 { count } else { length };
    let part: String = text.chars().skip(start as usize).take(length as usize).collect();
    Ok(values::string(part, call.span))
}

fn percent(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            byte => encoded.push_str(&std::format!("%{byte:02X}")),
        }
    }
    encoded
}
