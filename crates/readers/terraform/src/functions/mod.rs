//! Terraform's function library, as far as it depends on its arguments only.
//!
//! Source: "Built-in Functions" of the Terraform language documentation.

mod collections;
mod files;
mod network;
mod patterns;
mod texts;

use std::sync::Arc;

use hcl_edit::expr::FuncCall;
use text::{Source, Span};

use super::evaluate::{Evaluator, Scope};
use super::json_text;
use super::values::{self, JSON, error, is_error, is_json};
use documents::value::{Kind, Member, Value};

/// Calls a function.
pub(super) fn call(evaluator: &Evaluator<'_>, call: &FuncCall, span: Span, scope: &Scope) -> Value {
    // `provider::aws::arn_parse` and the like are not in this library.
    let name = call.name.name.as_str();
    let namespaced = call.name.namespace.last().is_some_and(|space| space.as_str() != "core");
    let mut arguments: Vec<Value> =
        call.args.iter().map(|argument| evaluator.expression(argument, scope)).collect();
    if call.args.expand_final() {
        match arguments.pop() {
            Some(Value { kind: Kind::List(items), .. }) => arguments.extend(items),
            Some(last) if is_error(&last) => return last,
            Some(last) => return Value::unknown(values::why(&last), span),
            None => {}
        }
    }
    values::distribute(&arguments, span, &mut |arguments| {
        if namespaced {
            return Value::unknown(
                format!("the provider's function `{name}` is not evaluated"),
                span,
            );
        }
        let call = Call { evaluator, scope, name, arguments, span };
        call.evaluate()
    })
}

/// A call with evaluated arguments, none of which is conditional itself.
struct Call<'a> {
    evaluator: &'a Evaluator<'a>,
    scope: &'a Scope,
    name: &'a str,
    arguments: &'a [Value],
    span: Span,
}

impl Call<'_> {
    fn evaluate(&self) -> Value {
        if let Some(value) = self.about_errors() {
            return value;
        }
        if let Some(failed) = self.arguments.iter().find(|argument| is_error(argument)) {
            return failed.clone();
        }
        let value = self
            .conversions()
            .or_else(|| collections::call(self))
            .or_else(|| texts::call(self))
            .or_else(|| patterns::call(self))
            .or_else(|| network::call(self))
            .or_else(|| files::call(self));
        value.unwrap_or_else(|| {
            self.unknown(format!("the function `{}` is not evaluated", self.name))
        })
    }

    fn about_errors(&self) -> Option<Value> {
        match self.name {
            "try" => {
                let good = self.arguments.iter().find(|argument| !is_error(argument));
                Some(
                    good.cloned()
                        .unwrap_or_else(|| error("every expression of `try` fails", self.span)),
                )
            }
            "can" => {
                let argument = self.arguments.first()?;
                Some(values::boolean(!is_error(argument), self.span))
            }
            // An argument that is not needed may fail in Terraform too, but null is what is meant.
            "coalesce" => {
                let mut arguments = self.arguments.iter();
                let found = arguments.find(|argument| {
                    !argument.is_null() && argument.as_str() != Some("") && !is_error(argument)
                });
                Some(found.cloned().unwrap_or_else(|| error("every argument is null", self.span)))
            }
            _ => None,
        }
    }

    fn conversions(&self) -> Option<Value> {
        let first = self.arguments.first();
        Some(match self.name {
            "jsonencode" => {
                let value = first?;
                match &value.kind {
                    Kind::Unknown(_) => value.clone(),
                    Kind::List(_) | Kind::Map(_) => {
                        Value { tag: Some(JSON.into()), span: value.span, ..value.clone() }
                    }
                    _ => self.text_value(&values::to_json(value)),
                }
            }
            "jsondecode" => self.decoded(first?),
            "tostring" => match (values::as_text(first?), &first?.kind) {
                (Some(text), _) => self.text_value(&text),
                (None, Kind::List(_) | Kind::Map(_)) => {
                    error("a list or map is no text", self.span)
                }
                (None, _) => first?.clone(),
            },
            "tonumber" => match values::as_number(first?) {
                Some(number) => values::number(number, self.span),
                None => self.passed(first?, "a number was expected"),
            },
            "tobool" => match values::as_bool(first?) {
                Some(value) => values::boolean(value, self.span),
                None => self.passed(first?, "true or false was expected"),
            },
            "sensitive" | "nonsensitive" | "ephemeralasnull" => first?.clone(),
            "tomap" | "tolist" => Value { tag: None, ..first?.clone() },
            "yamldecode" => self.decoded_yaml(first?),
            "csvdecode" | "textdecodebase64" => {
                self.unknown(format!("`{}` is not evaluated", self.name))
            }
            // YAML contains JSON: a document written as JSON means the same.
            "yamlencode" => self.text_value(&values::to_json(first?)),
            "timestamp" | "plantimestamp" | "uuid" | "bcrypt" => {
                self.unknown(format!("`{}()` differs from run to run", self.name))
            }
            _ => return None,
        })
    }

    fn decoded(&self, value: &Value) -> Value {
        if is_json(value) {
            return Value { tag: None, ..value.clone() };
        }
        let Some(text) = values::as_text(value) else {
            return error("a JSON text was expected", self.span);
        };
        match json_text::parse(&json_text::pieces_of(&text, value.span), value.span) {
            Some(tree) => tree,
            None if text.literal().is_some() => error("the text is no JSON", self.span),
            None => Value::unknown(values::why(value), self.span),
        }
    }

    /// A document written as YAML, with the file's own places where it is a whole file.
    fn decoded_yaml(&self, value: &Value) -> Value {
        let Some(text) = values::as_string(value) else { return self.passed_or_error(value) };
        let files = self.evaluator.files;
        let source = files.source(value.span.source).filter(|source| source.text == text);
        let is_whole_file = source.is_some() && value.span.start == 0;
        let source = source.unwrap_or_else(|| Arc::new(Source::new("", text)));
        let parsed = documents::parse(&source, value.span.source);
        match parsed.value {
            Some(tree) if parsed.problems.is_empty() => {
                plain(tree, (!is_whole_file).then_some(self.span))
            }
            _ => self.unknown("the text is no YAML that can be read"),
        }
    }

    /// Gives on what is null or unknown; anything else is an error.
    fn passed(&self, value: &Value, expected: &str) -> Value {
        match &value.kind {
            Kind::Null => value.clone(),
            _ if values::has_holes(value) => self.unknown(values::why(value)),
            _ => error(expected, self.span),
        }
    }

    fn unknown(&self, why: impl Into<String>) -> Value {
        Value::unknown(why, self.span)
    }

    fn list(&self, items: Vec<Value>) -> Value {
        Value::new(Kind::List(items), self.span)
    }

    fn text_value(&self, text: &text::PartialText) -> Value {
        Value::new(Kind::Text(text.clone()), self.span)
    }

    /// The argument as a wholly known text, or what to answer instead.
    fn string(&self, index: usize) -> Result<String, Value> {
        let Some(argument) = self.arguments.get(index) else {
            return Err(error(format!("`{}` has too few arguments", self.name), self.span));
        };
        values::as_string(argument).ok_or_else(|| self.passed_or_error(argument))
    }

    fn number(&self, index: usize) -> Result<f64, Value> {
        let Some(argument) = self.arguments.get(index) else {
            return Err(error(format!("`{}` has too few arguments", self.name), self.span));
        };
        values::as_number(argument).ok_or_else(|| self.passed_or_error(argument))
    }

    fn items(&self, index: usize) -> Result<&[Value], Value> {
        let Some(argument) = self.arguments.get(index) else {
            return Err(error(format!("`{}` has too few arguments", self.name), self.span));
        };
        match &argument.kind {
            Kind::List(items) => Ok(items),
            _ => Err(self.passed_or_error(argument)),
        }
    }

    fn passed_or_error(&self, value: &Value) -> Value {
        if values::has_holes(value) {
            return self.unknown(values::why(value));
        }
        error(format!("`{}` does not take this value", self.name), self.span)
    }
}

/// The tree without tags, which mean nothing to Terraform; at one place where its own is elsewhere.
fn plain(value: Value, place: Option<Span>) -> Value {
    let kind = match value.kind {
        Kind::List(items) => Kind::List(items.into_iter().map(|item| plain(item, place)).collect()),
        Kind::Map(members) => {
            let each = members.into_iter().map(|member| Member {
                key_span: place.unwrap_or(member.key_span),
                value: plain(member.value, place),
                key: member.key,
            });
            Kind::Map(each.collect())
        }
        kind => kind,
    };
    let origin = if place.is_some() { None } else { value.origin };
    Value { span: place.unwrap_or(value.span), origin, tag: None, kind }
}
