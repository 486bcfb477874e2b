use std::fmt::Write;

use text::{Condition, Part, PartialText, Span};

use super::branches::{relocated, spread};
use super::conditions::Truth;
use super::evaluator::{Evaluator, State};
use super::strings::{append, text_value};
use documents::value::{Alternative, Kind, Value};

/// Entries of a mapping that are taken as branches where the key is unknown.
const MAPPING_BRANCHES: usize = 8;

/// Entries of a mapping that are looked at where the key is unknown: one for each region.
const MAPPING_ROWS: usize = 64;

/// Why an imported value is unknown: as long as the stack that exports it is not in the scan.
pub fn import_reason(name: &str) -> String {
    format!("the export `{name}` of another stack")
}

impl Evaluator<'_> {
    /// Evaluates the call of an intrinsic function; `name` comes without `Fn::` or `!`.
    ///
    /// Source: CloudFormation template reference, "Intrinsic function reference".
    pub(super) fn call(&self, name: &str, argument: &Value, span: Span, state: &State) -> Value {
        match name {
            "Ref" => self.call_ref(argument, span, state),
            "GetAtt" => self.get_att(argument, span, state),
            "Sub" => self.sub(argument, span, state),
            "Join" => self.join(argument, span, state),
            "Split" => self.split(argument, span, state),
            "Select" => self.select(argument, span, state),
            "FindInMap" => self.find_in_map(argument, span, state),
            "If" => self.choose(argument, span, state),
            "Equals" | "And" | "Or" | "Not" | "Condition" => {
                match self.call_truth(name, argument, state) {
                    Truth::Always(value) => Value::new(Kind::Bool(value), span),
                    Truth::Open => Value::unknown("a condition decides at deployment", span),
                }
            }
            "ImportValue" => {
                let export = self.inner(argument, state);
                spread(&[&export], span, &|values| {
                    let mut text = PartialText::default();
                    values.iter().for_each(|value| append(&mut text, value));
                    Value::unknown(import_reason(&text.to_string()), span)
                })
            }
            // Its users want the text, not the encoding.
            "Base64" => Value { span, ..self.inner(argument, state) },
            "Cidr" => Value::unknown("address ranges are computed at deployment", span),
            "GetAZs" => Value::unknown("availability zones are known only at deployment", span),
            "Transform" => self.transform(argument, span, state),
            "ToJsonString" => self.to_json_string(argument, span, state),
            "Length" => self.length(argument, span, state),
            "GetStackOutput" => {
                Value::unknown("the output of another stack is known only at deployment", span)
            }
            "Contains" | "EachMemberEquals" | "EachMemberIn" | "RefAll" | "ValueOf"
            | "ValueOfAll" => Value::unknown("rules are judged at deployment", span),
            _ => {
                let why = format!("`{name}` is no intrinsic function");
                self.incomplete(why.clone(), span);
                Value::unknown(why, span)
            }
        }
    }

    /// Evaluates a function's argument, which in the short form bears the function's own tag.
    fn inner(&self, argument: &Value, state: &State) -> Value {
        self.untagged(argument, state)
    }

    pub(super) fn misused(&self, name: &str, expected: &str, span: Span) -> Value {
        let why = format!("`{name}` takes {expected}");
        self.incomplete(why.clone(), span);
        Value::unknown(why, span)
    }

    fn call_ref(&self, argument: &Value, span: Span, state: &State) -> Value {
        let argument = self.inner(argument, state);
        match &argument.kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) => {}
            Kind::Unknown(why) => return Value::unknown(why.clone(), span),
            _ => return self.misused("Ref", "a name", span),
        }
        match argument.scalar_text().as_ref().and_then(PartialText::literal) {
            Some(name) => {
                let name = match state.has_bindings() {
                    true => self.bound_key(name, state),
                    false => name.to_owned(),
                };
                self.reference(&name, span, state)
            }
            None => Value::unknown("the name is known only at deployment", span),
        }
    }

    fn get_att(&self, argument: &Value, span: Span, state: &State) -> Value {
        let (id, attribute) = match &argument.kind {
            Kind::List(items) => {
                let mut words = Vec::new();
                for item in items {
                    let word = self.value(item, state);
                    match word.scalar_text().as_ref().and_then(PartialText::literal) {
                        Some(word) => words.push(word.to_owned()),
                        None => {
                            let why = "the attribute's name is known only at deployment";
                            return Value::unknown(why, span);
                        }
                    }
                }
                match words.split_first() {
                    Some((id, rest)) if !rest.is_empty() => (id.clone(), rest.join(".")),
                    _ => return self.misused("GetAtt", "a logical id and an attribute", span),
                }
            }
            _ => match argument.as_str().and_then(|text| text.split_once('.')) {
                Some((id, attribute)) => (id.to_owned(), attribute.to_owned()),
                None => return self.misused("GetAtt", "a logical id and an attribute", span),
            },
        };
        let (id, attribute) = match state.has_bindings() {
            true => (self.bound_key(&id, state), self.bound_key(&attribute, state)),
            false => (id, attribute),
        };
        self.attribute(&id, &attribute, span, state)
    }

    fn choose(&self, argument: &Value, span: Span, state: &State) -> Value {
        let [condition, then, otherwise] = argument.items() else {
            return self.misused("If", "a condition and two values", span);
        };
        let Some(name) = condition.as_str() else {
            return self.misused("If", "the name of a condition and two values", span);
        };
        let name = match state.has_bindings() {
            true => self.bound_key(name, state),
            false => name.to_owned(),
        };
        match self.named_truth(&name, condition.span, state) {
            Truth::Always(true) => self.value(then, state),
            Truth::Always(false) => self.value(otherwise, state),
            Truth::Open => {
                let alternative = |value: &Value, holds: bool| Alternative {
                    condition: self.words(&name, holds),
                    value: self.value(value, &self.assuming(&name, holds, state)),
                };
                let alternatives = vec![alternative(then, true), alternative(otherwise, false)];
                Value::new(Kind::Branches(alternatives), span)
            }
        }
    }

    fn find_in_map(&self, argument: &Value, span: Span, state: &State) -> Value {
        let (names, options) = match argument.items() {
            [map, top, second] => ([map, top, second], None),
            [map, top, second, options] => ([map, top, second], options.get("DefaultValue")),
            _ => return self.misused("FindInMap", "a mapping and two keys", span),
        };
        let names = names.map(|name| self.value(name, state));
        let default = options.map(|value| self.value(value, state));
        let arguments: Vec<&Value> = names.iter().collect();
        spread(&arguments, span, &|values| {
            let [map, top, second] = values else { return Value::new(Kind::Null, span) };
            let known = |value: &Value| {
                value.scalar_text().and_then(|text| text.literal().map(str::to_owned))
            };
            let shown = |value: &Value| match (&value.kind, value.scalar_text()) {
                (_, Some(text)) => text.to_string(),
                (Kind::Unknown(why), None) => why.clone(),
                _ => "?".to_owned(),
            };
            let Some(map_name) = known(map) else {
                return Value::unknown("the mapping's name is known only at deployment", span);
            };
            let Some(table) = self.mappings.and_then(|mappings| mappings.get(&map_name)) else {
                if let Some(default) = &default {
                    return default.clone();
                }
                let why = format!("there is no mapping `{map_name}`");
                self.incomplete(why.clone(), span);
                return Value::unknown(why, span);
            };
            let rows: Vec<(Option<Condition>, &Value)> = match known(top) {
                Some(key) => match table.get(&key) {
                    Some(row) => vec![(None, row)],
                    None => Vec::new(),
                },
                None if table.members().len() <= MAPPING_ROWS => table
                    .members()
                    .iter()
                    .map(|member| {
                        let words = format!("`{}` is `{}`", shown(top), member.key);
                        (Some(Condition::from(words)), &member.value)
                    })
                    .collect(),
                None => {
                    let why = match &top.kind {
                        Kind::Unknown(why) => why.clone(),
                        _ => format!("`{}` is known only at deployment", shown(top)),
                    };
                    return Value::unknown(why, span);
                }
            };
            let Some(second) = known(second) else {
                let why = match &second.kind {
                    Kind::Unknown(why) => why.clone(),
                    _ => format!("`{}` is known only at deployment", shown(second)),
                };
                return Value::unknown(why, span);
            };
            let mut alternatives = Vec::new();
            for (condition, row) in rows {
                let Some(found) = row.get(&second) else { continue };
                let value = relocated(self.value(found, state), span);
                match condition {
                    None => return value,
                    Some(condition) => alternatives.push(Alternative { condition, value }),
                }
            }
            // The same in every row: no branch at all.
            if let Some((first, rest)) = alternatives.split_first()
                && rest.iter().all(|other| other.value.kind == first.value.kind)
            {
                return first.value.clone();
            }
            let alternatives = match alternatives.len() > MAPPING_BRANCHES {
                true => merged(&shown(top), alternatives),
                false => alternatives,
            };
            if alternatives.len() > MAPPING_BRANCHES {
                let why = format!("`{}` is known only at deployment", shown(top));
                return Value::unknown(why, span);
            }
            if !alternatives.is_empty() {
                return Value::new(Kind::Branches(alternatives), span);
            }
            match &default {
                Some(default) => default.clone(),
                None => Value::unknown(
                    format!("the mapping `{map_name}` has no `{}` with `{second}`", shown(top)),
                    span,
                ),
            }
        })
    }

    fn transform(&self, argument: &Value, span: Span, state: &State) -> Value {
        let name = argument.get("Name").and_then(Value::as_str).unwrap_or("?").to_owned();
        if name != "AWS::Include" {
            return Value::unknown(format!("the macro `{name}` runs at deployment"), span);
        }
        let location = argument.get("Parameters").and_then(|found| found.get("Location"));
        let Some(location) = location.map(|location| self.value(location, state)) else {
            return self.misused("Transform", "the `Location` of what is included", span);
        };
        self.included(&location, span, state)
    }

    /// The evaluated document at a local path, or why there is none.
    pub(super) fn included(&self, location: &Value, span: Span, state: &State) -> Value {
        let Some(written) = location.as_str() else {
            let why = match &location.kind {
                Kind::Unknown(why) => why.clone(),
                _ => "its location is known only at deployment".to_owned(),
            };
            return Value::unknown(why, span);
        };
        if written.contains("://") || written.starts_with("arn:") {
            return Value::unknown(format!("`{written}` is not a local file"), span);
        }
        let files = self.context.files;
        let document = files
            .resolve(self.context.path, written)
            .and_then(|path| files.document(&path).map(|parsed| (path, parsed)));
        match document {
            Ok((path, parsed)) => {
                self.files.borrow_mut().push(path);
                match parsed.get().and_then(|parsed| parsed.value.as_ref()) {
                    Some(value) => self.value(value, state),
                    None => Value::unknown(format!("`{written}` could not be read"), span),
                }
            }
            Err(error) => {
                self.incomplete(error.to_string(), location.span);
                Value::unknown(error.to_string(), span)
            }
        }
    }

    fn length(&self, argument: &Value, span: Span, state: &State) -> Value {
        let list = self.inner(argument, state);
        spread(&[&list], span, &|values| match values {
            [Value { kind: Kind::List(items), .. }] => {
                Value::new(Kind::Number(items.len().to_string().into()), span)
            }
            [Value { kind: Kind::Unknown(why), .. }] => Value::unknown(why.clone(), span),
            _ => Value::unknown("the length is known only at deployment", span),
        })
    }

    fn to_json_string(&self, argument: &Value, span: Span, state: &State) -> Value {
        let value = self.inner(argument, state);
        let mut text = PartialText::default();
        write_json(&value, &mut text);
        text_value(text, span)
    }
}

fn write_json(value: &Value, text: &mut PartialText) {
    let literal = |text: &mut PartialText, literal: &str| {
        text.push(Part::Literal(literal.to_owned()));
    };
    match &value.kind {
        Kind::Null => literal(text, "null"),
        Kind::Bool(value) => text.push(Part::Literal(value.to_string())),
        Kind::Number(number) => literal(text, number),
        Kind::Text(inner) => {
            literal(text, "\"");
            for part in inner.parts() {
                match part {
                    Part::Literal(inner) => text.push(Part::Literal(escaped(inner))),
                    part => text.push(part.clone()),
                }
            }
            literal(text, "\"");
        }
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                literal(text, if index == 0 { "[" } else { "," });
                write_json(item, text);
            }
            literal(text, if items.is_empty() { "[]" } else { "]" });
        }
        Kind::Map(members) => {
            for (index, member) in members.iter().enumerate() {
                let open = if index == 0 { "{" } else { "," };
                text.push(Part::Literal(format!("{open}\"{}\":", escaped(&member.key))));
                write_json(&member.value, text);
            }
            literal(text, if members.is_empty() { "{}" } else { "}" });
        }
        Kind::Unknown(why) => text.push(Part::Unknown(why.clone())),
        Kind::Branches(_) => text.push(Part::Unknown("this depends on conditions".to_owned())),
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            letter if letter.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{:04x}", letter as u32);
            }
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// One alternative for all rows of a mapping with the same value, as regions mostly have.
///
/// The words do not say `is`: they exclude no other group of keys.
fn merged(key: &str, alternatives: Vec<Alternative>) -> Vec<Alternative> {
    let mut groups: Vec<(Alternative, usize)> = Vec::new();
    for alternative in alternatives {
        match groups.iter_mut().find(|(first, _)| first.value.kind == alternative.value.kind) {
            Some((_, rows)) => *rows += 1,
            None => groups.push((alternative, 1)),
        }
    }
    let group = |(mut first, rows): (Alternative, usize)| {
        if rows > 1
            && let Some((_, named)) = first.condition.rsplit_once(" is ")
        {
            let words = format!("`{key}` among {named} and {} more", rows - 1);
            first.condition = Condition::from(words);
        }
        first
    };
    groups.into_iter().map(group).collect()
}
