//! Functions over lists, sets and mappings.

use super::Call;
use crate::evaluate::put;
use crate::values::{self, error};
use documents::value::{Kind, Member, Value};

/// Most elements that `range` makes.
const LONGEST_RANGE: usize = 1_024;

pub(super) fn call(call: &Call<'_>) -> Option<Value> {
    Some(match evaluate(call)? {
        Ok(value) | Err(value) => value,
    })
}

fn evaluate(call: &Call<'_>) -> Option<Result<Value, Value>> {
    let first = call.arguments.first();
    Some(match call.name {
        "concat" => Ok(concat(call)),
        "merge" => Ok(merge(call)),
        "length" => length(call),
        "keys" => members(call, first?).map(|members| {
            let mut keys: Vec<&Member> = members.iter().collect();
            keys.sort_by(|first, second| first.key.cmp(&second.key));
            call.list(
                keys.iter().map(|member| Value::text(&*member.key, member.key_span)).collect(),
            )
        }),
        "values" => members(call, first?).map(|members| {
            let mut members: Vec<&Member> = members.iter().collect();
            members.sort_by(|first, second| first.key.cmp(&second.key));
            call.list(members.into_iter().map(|member| member.value.clone()).collect())
        }),
        "lookup" => lookup(call),
        "element" => element(call),
        "flatten" => call.items(0).map(|items| {
            let mut flat = Vec::new();
            flatten(items, 0, &mut flat);
            call.list(flat)
        }),
        "compact" => call.items(0).map(|items| {
            let kept = items.iter().filter(|item| !item.is_null() && item.as_str() != Some(""));
            call.list(kept.cloned().collect())
        }),
        "coalescelist" => {
            let found = call
                .arguments
                .iter()
                .find(|list| !list.items().is_empty() || values::has_holes(list));
            found.cloned().ok_or_else(|| error("every list is empty", call.span))
        }
        "contains" => contains(call),
        "index" => call.items(0).and_then(|items| {
            let wanted = call.arguments.get(1);
            let found = items
                .iter()
                .position(|item| wanted.is_some_and(|wanted| values::same(item, wanted)));
            found
                .map(|index| values::number(index as f64, call.span))
                .ok_or_else(|| error("the element is not in the list", call.span))
        }),
        "distinct" | "toset" => call.items(0).map(|items| Value {
            tag: first.and_then(|first| first.tag.clone()),
            ..call.list(distinct(items))
        }),
        "setunion" => sets(call, &|_, _| true, true),
        "setintersection" => {
            sets(call, &|item, others| others.iter().all(|list| within(item, list)), false)
        }
        "setsubtract" => {
            sets(call, &|item, others| !others.iter().any(|list| within(item, list)), false)
        }
        "setproduct" => product(call),
        "reverse" => call.items(0).map(|items| call.list(items.iter().rev().cloned().collect())),
        "sort" => call.items(0).map(|items| {
            let mut sorted = items.to_vec();
            sorted.sort_by_key(|item| values::as_text(item).map(|text| text.to_string()));
            call.list(sorted)
        }),
        "slice" => slice(call),
        "chunklist" => call.items(0).and_then(|items| {
            let size = call.number(1)?.max(1.0) as usize;
            Ok(call.list(items.chunks(size).map(|chunk| call.list(chunk.to_vec())).collect()))
        }),
        "zipmap" => call.items(0).and_then(|keys| {
            let items = call.items(1)?;
            let mut members = Vec::new();
            for (key, value) in keys.iter().zip(items) {
                let name = values::as_text(key).map(|text| text.to_string()).unwrap_or_default();
                put(&mut members, name, key.span, value.clone());
            }
            Ok(Value::new(Kind::Map(members), call.span))
        }),
        "range" => range(call),
        "one" => call.items(0).and_then(|items| match items {
            [] => Ok(Value::new(Kind::Null, call.span)),
            [only] => Ok(only.clone()),
            _ => Err(error("the list has several elements", call.span)),
        }),
        "alltrue" | "anytrue" => call.items(0).map(|items| {
            let deciding = call.name == "anytrue";
            let known: Vec<Option<bool>> = items.iter().map(values::as_bool).collect();
            match known.contains(&Some(deciding)) {
                true => values::boolean(deciding, call.span),
                false if known.contains(&None) => call.unknown("not every element is known"),
                false => values::boolean(!deciding, call.span),
            }
        }),
        "max" | "min" => extreme(call),
        "sum" => call.items(0).and_then(|items| {
            let numbers: Option<Vec<f64>> = items.iter().map(values::as_number).collect();
            let numbers = numbers.ok_or_else(|| call.unknown("not every number is known"))?;
            Ok(values::number(numbers.iter().sum(), call.span))
        }),
        "matchkeys" => call.items(0).and_then(|items| {
            let (keys, wanted) = (call.items(1)?, call.items(2)?);
            let kept = items.iter().zip(keys).filter(|(_, key)| within(key, wanted));
            Ok(call.list(kept.map(|(item, _)| item.clone()).collect()))
        }),
        "transpose" => Ok(call.unknown("`transpose` is not evaluated")),
        "list" => Ok(call.list(call.arguments.to_vec())),
        "map" => {
            let mut members = Vec::new();
            for pair in call.arguments.chunks(2) {
                if let [key, value] = pair {
                    let name =
                        values::as_text(key).map(|text| text.to_string()).unwrap_or_default();
                    put(&mut members, name, key.span, value.clone());
                }
            }
            Ok(Value::new(Kind::Map(members), call.span))
        }
        _ => return None,
    })
}

fn members<'v>(call: &Call<'_>, value: &'v Value) -> Result<&'v [Member], Value> {
    match &value.kind {
        Kind::Map(members) => Ok(members),
        _ => Err(call.passed_or_error(value)),
    }
}

/// Lists one behind the other; an unknown list leaves an unknown element.
fn concat(call: &Call<'_>) -> Value {
    let mut items = Vec::new();
    for argument in call.arguments {
        match &argument.kind {
            Kind::List(list) => items.extend(list.iter().cloned()),
            Kind::Null => {}
            _ => items.push(Value::unknown(values::why(argument), argument.span)),
        }
    }
    call.list(items)
}

fn merge(call: &Call<'_>) -> Value {
    let mut members = Vec::new();
    for argument in call.arguments {
        match &argument.kind {
            Kind::Map(more) => {
                for member in more {
                    put(
                        &mut members,
                        member.key.to_string(),
                        member.key_span,
                        member.value.clone(),
                    );
                }
            }
            Kind::Null => {}
            // What it would add or replace cannot be said.
            _ => return call.unknown(values::why(argument)),
        }
    }
    Value::new(Kind::Map(members), call.span)
}

fn length(call: &Call<'_>) -> Result<Value, Value> {
    let argument = call.arguments.first().ok_or_else(|| error("no argument", call.span))?;
    if argument.tag.as_deref() == Some(values::REPRESENTATIVE) {
        return Ok(call.unknown("the number of elements is not known"));
    }
    let length = match &argument.kind {
        Kind::List(items) if items.iter().any(|item| matches!(item.kind, Kind::Unknown(_))) => {
            return Ok(call.unknown(values::why(argument)));
        }
        Kind::List(items) => items.len(),
        Kind::Map(members) => members.len(),
        Kind::Text(text) => match text.literal() {
            Some(text) => text.chars().count(),
            None => return Ok(call.unknown(values::why(argument))),
        },
        _ => return Err(call.passed_or_error(argument)),
    };
    Ok(values::number(length as f64, call.span))
}

fn lookup(call: &Call<'_>) -> Result<Value, Value> {
    let value = call.arguments.first().cloned().ok_or_else(|| error("no map", call.span))?;
    let key = call.arguments.get(1).cloned().ok_or_else(|| error("no key", call.span))?;
    let found = call.evaluator.member(value, key, call.span);
    match call.arguments.get(2) {
        Some(default) if values::is_error(&found) => Ok(default.clone()),
        _ => Ok(found),
    }
}

fn element(call: &Call<'_>) -> Result<Value, Value> {
    let items = call.items(0)?;
    if items.is_empty() {
        return Err(error("the list is empty", call.span));
    }
    let index = match call.number(1) {
        Ok(index) => index.rem_euclid(items.len() as f64) as usize,
        // Whichever it is, with one element it is that one.
        Err(_) if items.len() == 1 => 0,
        Err(why) => return Err(why),
    };
    items.get(index).cloned().ok_or_else(|| error("no such element", call.span))
}

fn flatten(items: &[Value], depth: usize, flat: &mut Vec<Value>) {
    for item in items {
        match &item.kind {
            Kind::List(inner) if depth < 16 => flatten(inner, depth + 1, flat),
            _ => flat.push(item.clone()),
        }
    }
}

fn contains(call: &Call<'_>) -> Result<Value, Value> {
    let items = call.items(0)?;
    let wanted = call.arguments.get(1).ok_or_else(|| error("no element", call.span))?;
    if within(wanted, items) {
        return Ok(values::boolean(true, call.span));
    }
    if values::has_holes(wanted) || items.iter().any(values::has_holes) {
        return Ok(call.unknown("not every element is known"));
    }
    Ok(values::boolean(false, call.span))
}

fn within(item: &Value, list: &[Value]) -> bool {
    list.iter().any(|other| values::same(item, other))
}

fn distinct(items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    for item in items.iter().take(4_096) {
        if !within(item, &kept) {
            kept.push(item.clone());
        }
    }
    kept
}

fn sets(
    call: &Call<'_>,
    keeps: &dyn Fn(&Value, &[&[Value]]) -> bool,
    every: bool,
) -> Result<Value, Value> {
    let mut lists: Vec<&[Value]> = Vec::new();
    for index in 0..call.arguments.len() {
        lists.push(call.items(index)?);
    }
    let Some((first, others)) = lists.split_first() else { return Ok(call.list(Vec::new())) };
    let candidates: Vec<Value> = match every {
        true => lists.iter().flat_map(|list| list.iter().cloned()).collect(),
        false => first.to_vec(),
    };
    let kept: Vec<Value> = candidates.into_iter().filter(|item| keeps(item, others)).collect();
    Ok(call.list(distinct(&kept)))
}

fn product(call: &Call<'_>) -> Result<Value, Value> {
    let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
    for index in 0..call.arguments.len() {
        let items = call.items(index)?;
        if rows.len() * items.len() > LONGEST_RANGE {
            return Ok(call.unknown("the product has too many elements"));
        }
        rows = rows
            .iter()
            .flat_map(|row| {
                items.iter().map(|item| row.iter().chain([item]).cloned().collect::<Vec<Value>>())
            })
            .collect();
    }
    Ok(call.list(rows.into_iter().map(|row| call.list(row)).collect()))
}

fn slice(call: &Call<'_>) -> Result<Value, Value> {
    let items = call.items(0)?;
    let (start, end) = (call.number(1)?.max(0.0) as usize, call.number(2)?.max(0.0) as usize);
    match items.get(start..end) {
        Some(part) => Ok(call.list(part.to_vec())),
        None => Err(error("the slice is out of range", call.span)),
    }
}

fn range(call: &Call<'_>) -> Result<Value, Value> {
    let (start, end) = match call.arguments.len() {
        1 => (0.0, call.number(0)?),
        _ => (call.number(0)?, call.number(1)?),
    };
    let step = match call.arguments.get(2) {
        Some(_) => call.number(2)?,
        None if end < start => -1.0,
        None => 1.0,
    };
    let mut items = Vec::new();
    let mut current = start;
    while (step > 0.0 && current < end) || (step < 0.0 && current > end) {
        if items.len() >= LONGEST_RANGE {
            return Ok(call.evaluator.lost("the range is too long to evaluate", call.span));
        }
        items.push(values::number(current, call.span));
        current += step;
    }
    Ok(call.list(items))
}

fn extreme(call: &Call<'_>) -> Result<Value, Value> {
    let mut found: Option<f64> = None;
    for index in 0..call.arguments.len() {
        let number = call.number(index)?;
        found = Some(match (found, call.name) {
            (None, _) => number,
            (Some(best), "max") => best.max(number),
            (Some(best), _) => best.min(number),
        });
    }
    found
        .map(|number| values::number(number, call.span))
        .ok_or_else(|| error("no numbers", call.span))
}
