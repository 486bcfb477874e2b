use std::collections::BTreeMap;

use app_graph::NotRead;
use text::Span;

use super::branches::relocated;
use super::evaluator::{Evaluator, State};
use super::{Context, Evaluated, template};
use documents::value::{Kind, Value};
use documents::{FileError, Options};

/// Nested stacks inside one another.
const NESTING_LIMIT: usize = 12;

/// What is known of a nested stack.
pub(super) enum Child {
    /// It is being evaluated right now.
    Open,
    /// It was evaluated; its declarations wait to be taken.
    Done(Box<Evaluated>),
    /// There is no template to be read.
    Missing,
}

/// The property that tells where the template of a nested stack is.
pub(super) fn location_property(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::CloudFormation::Stack" => Some("TemplateURL"),
        "AWS::Serverless::Application" => Some("Location"),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// The output of a nested stack; `None` where the resource is none that can be read.
    pub(super) fn child_output(&self, id: &str, output: &str, span: Span) -> Option<Value> {
        self.evaluate_child(id);
        let children = self.children.borrow();
        match children.get(id)? {
            Child::Open => {
                drop(children);
                let why = format!("the nested stack `{id}` needs an output of its own");
                self.incomplete(why.clone(), span);
                Some(Value::unknown(why, span))
            }
            Child::Done(child) => Some(match child.outputs.get(output) {
                Some(value) => relocated(value.clone(), span),
                None => {
                    let why = format!("the nested stack `{id}` has no output `{output}`");
                    drop(children);
                    self.incomplete(why.clone(), span);
                    Value::unknown(why, span)
                }
            }),
            Child::Missing => None,
        }
    }

    /// Evaluates a nested stack once.
    pub(super) fn evaluate_child(&self, id: &str) {
        if self.children.borrow().contains_key(id) {
            return;
        }
        let Some(entry) = self.resources.get(id) else { return };
        let kind = entry.value.get("Type").and_then(Value::as_str).unwrap_or_default();
        let Some(location) = location_property(kind) else { return };
        self.children.borrow_mut().insert(id.to_owned(), Child::Open);
        let child = match self.child_path(id, entry.value, location, &entry.state) {
            Some(path) => self.child(id, &path, entry.value, &entry.state),
            None => Child::Missing,
        };
        self.children.borrow_mut().insert(id.to_owned(), child);
    }

    /// Path of a nested template, if it is local; else it is noted as not read.
    fn child_path(&self, id: &str, raw: &Value, property: &str, state: &State) -> Option<String> {
        let written = raw.get("Properties").and_then(|properties| properties.get(property));
        let asset = raw.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        let span = written.map_or(raw.span, |written| written.span);
        let location = match (asset, written) {
            (Some(asset), _) => asset.clone(),
            (None, Some(written)) => self.value(written, state),
            (None, None) => {
                self.incomplete(format!("the nested stack `{id}` has no `{property}`"), raw.span);
                return None;
            }
        };
        let not_read = |place: &str| {
            self.not_read.borrow_mut().push(NotRead {
                path: self.context.files.shown(self.context.path),
                what: format!("nested stack `{id}`, whose template is {place}"),
                span: Some(span),
            });
        };
        match &location.kind {
            Kind::Text(text) => match text.literal() {
                Some(literal) if literal.contains("://") => not_read(&format!("at `{literal}`")),
                Some(literal) => return self.local_child(literal, span),
                None => not_read(&format!("at `{text}`")),
            },
            Kind::Map(_) if location.get("ApplicationId").is_some_and(is_rotation_by_aws) => {}
            Kind::Map(_) => match location.get("ApplicationId").and_then(Value::as_str) {
                Some(application) => {
                    not_read(&format!("the published application `{application}`"))
                }
                None => not_read("a published application"),
            },
            Kind::Unknown(why) => not_read(&format!("unknown: {why}")),
            _ => not_read("known only at deployment"),
        }
        None
    }

    fn local_child(&self, written: &str, span: Span) -> Option<String> {
        let files = self.context.files;
        let path = match files.resolve(self.context.path, written) {
            Ok(path) if files.exists(&path) => path,
            Ok(_) => {
                let missing = FileError::Missing(written.to_owned());
                self.incomplete(missing.to_string(), span);
                return None;
            }
            Err(error) => {
                self.incomplete(error.to_string(), span);
                return None;
            }
        };
        if path == self.context.path || self.ancestors.contains(&path.as_str()) {
            self.incomplete(format!("the template `{written}` nests itself"), span);
            return None;
        }
        if self.ancestors.len() >= NESTING_LIMIT {
            let message = format!("stacks are nested more than {NESTING_LIMIT} levels deep");
            self.incomplete(message, span);
            return None;
        }
        Some(path)
    }

    fn child(&self, id: &str, path: &str, raw: &Value, state: &State) -> Child {
        let files = self.context.files;
        let parsed = match files.document(path) {
            Ok(parsed) => parsed,
            Err(error) => {
                self.incomplete(error.to_string(), raw.span);
                return Child::Missing;
            }
        };
        self.files.borrow_mut().push(path.to_owned());
        let Some(template) = parsed.get().and_then(|parsed| parsed.value.as_ref()) else {
            return Child::Missing;
        };
        let arguments = raw.get("Properties").and_then(|found| found.get("Parameters"));
        let arguments = arguments.map(|arguments| self.value(arguments, state));
        let mut given = BTreeMap::new();
        for member in arguments.as_ref().map(Value::members).unwrap_or_default() {
            given.insert(member.key.to_string(), member.value.clone());
        }
        // What the user says is said to the root.
        let options = Options { parameters: BTreeMap::new(), ..self.context.options.clone() };
        let context = Context {
            files,
            options: &options,
            path,
            scope: format!("{}{id}/", self.context.scope),
            arguments: given,
        };
        let mut ancestors = self.ancestors.to_vec();
        ancestors.push(self.context.path);
        Child::Done(Box::new(template::evaluate(template, &context, &ancestors)))
    }
}

/// Whether a published application is one of the rotation functions that AWS publishes: they are
/// the platform's own.
///
/// Source: AWS Secrets Manager user guide, "Rotation function templates"; the publishing accounts
/// are those in templates that the CDK makes of `SecretRotation`.
fn is_rotation_by_aws(application: &Value) -> bool {
    if let Kind::Branches(alternatives) = &application.kind {
        return alternatives.iter().all(|alternative| is_rotation_by_aws(&alternative.value));
    }
    let accounts = [":297356227824:", ":193023089310:", ":023102451235:"];
    application.as_str().is_some_and(|application| {
        application.starts_with("arn:aws")
            && application.contains(":applications/SecretsManager")
            && accounts.iter().any(|account| application.contains(account))
    })
}
