use app_graph::{InsertionPoint, Syntax};
use text::{Condition, Span};

use super::conditions::Truth;
use super::evaluator::{Entry, Evaluator};
use super::metadata;
use crate::cdk::helpers;
use documents::declaration::{ASSET_PATH, BUILD, CONNECTORS, Declaration, IGNORE_GLOBALS, Maker};
use documents::value::{Kind, Member, Value};

/// Resource attributes that SAM reads, handed on among the properties.
const SERVERLESS_ATTRIBUTES: [(&str, &str); 2] =
    [("Connectors", CONNECTORS), ("IgnoreGlobals", IGNORE_GLOBALS)];

impl Evaluator<'_> {
    /// When a resource exists, in words; `None` when it always does.
    pub(super) fn condition_words(&self, id: &str) -> Option<Condition> {
        let entry = self.resources.get(id)?;
        let name = entry.value.get("Condition").and_then(Value::as_str)?;
        let name = self.bound_key(name, &entry.state);
        match self.named_truth(&name, entry.value.span, &entry.state) {
            Truth::Always(_) => None,
            Truth::Open => Some(self.words(&name, true)),
        }
    }

    /// One resource, evaluated; `None` for what is none or never exists.
    pub(super) fn declaration(&self, id: &str) -> Option<Declaration> {
        let Entry { key_span, value: raw, state } = self.resources.get(id)?.clone();
        match &raw.kind {
            Kind::Map(_) => {}
            Kind::Null => {
                self.incomplete(format!("the resource `{id}` is empty"), key_span);
                return None;
            }
            _ => {
                self.incomplete(format!("the resource `{id}` is no mapping"), key_span);
                return None;
            }
        }
        let Some(kind) =
            raw.get("Type").and_then(|kind| self.value(kind, &state).as_str().map(str::to_owned))
        else {
            self.incomplete(format!("the resource `{id}` has no `Type`"), key_span);
            return None;
        };
        if kind == "AWS::CDK::Metadata" {
            return None;
        }
        let mut state = state;
        let mut condition = None;
        if let Some(member) = raw.member("Condition") {
            if let Some(name) = member.value.as_str() {
                let name = self.bound_key(name, &state);
                match self.named_truth(&name, member.value.span, &state) {
                    Truth::Always(true) => {}
                    Truth::Always(false) => return None,
                    Truth::Open => {
                        condition = Some(self.words(&name, true));
                        state = self.assuming(&name, true, &state);
                    }
                }
            } else {
                let message = format!("the condition of `{id}` is no name");
                self.incomplete(message, member.value.span);
            }
        }
        let empty = Value::new(Kind::Map(Vec::new()), key_span);
        let properties = match raw.member("Properties") {
            Some(member) if matches!(member.value.kind, Kind::Null) => &empty,
            Some(member) => &member.value,
            None => &empty,
        };
        let insertion = match raw.member("Properties") {
            Some(_) => self.insertion(properties),
            None => self.insertion(raw).map(|point| InsertionPoint {
                written: Vec::new(),
                around: Some("Properties"),
                ..point
            }),
        };
        let mut evaluated = self.value(properties, &state);
        if !matches!(evaluated.kind, Kind::Map(_)) {
            let message = match &evaluated.kind {
                Kind::Unknown(why) => format!("the properties of `{id}` are unknown: {why}"),
                _ => format!("the properties of `{id}` are no mapping"),
            };
            self.incomplete(message, evaluated.span);
            evaluated.kind = Kind::Map(Vec::new());
        }
        let metadata = raw.get("Metadata").map(|metadata| self.value(metadata, &state));
        if let Kind::Map(members) = &mut evaluated.kind {
            for (attribute, key) in SERVERLESS_ATTRIBUTES {
                if let Some(member) = raw.member(attribute) {
                    let value = self.value(&member.value, &state);
                    members.push(Member { key: key.into(), key_span: member.key_span, value });
                }
            }
            if let Some(path) = metadata.as_ref().and_then(|found| found.member("aws:asset:path"))
                && kind.starts_with("AWS::Lambda::")
                && let Some(written) = path.value.as_str()
            {
                // A path out of the scanned folder is kept as it is written.
                let resolved = self.context.files.resolve(self.context.path, written);
                let resolved = resolved.unwrap_or_else(|_| written.to_owned());
                let value = Value::text(resolved, path.value.span);
                set_asset_path(members, &value, path.key_span);
            }
            if let Some(build) = metadata.as_ref().and_then(|metadata| self.build(metadata)) {
                members.push(Member { key: BUILD.into(), key_span, value: build });
            }
            self.inline_definition(&kind, properties, members, &state);
        }
        let construct = metadata.as_ref().and_then(metadata::construct_path);
        let made_by = match helpers::is_helper(id, construct.as_deref()) {
            true => Maker::Helper,
            false => Maker::Author,
        };
        Some(Declaration {
            id: self.entity(id),
            name: id.to_owned(),
            type_name: kind.clone(),
            // The CDK's `logRetention` makes the log group at deployment, by a custom resource with
            // the same properties.
            kind: match kind.as_str() {
                "Custom::LogRetention" => "AWS::Logs::LogGroup".to_owned(),
                _ => kind,
            },
            said: key_span,
            extent: Span { start: key_span.start, ..raw.span },
            properties: evaluated,
            condition,
            construct,
            insertion,
            allowances: metadata.as_ref().map(metadata::allowances).unwrap_or_default(),
            made_by,
        })
    }

    /// Where the image of a function is built, as SAM's metadata tell.
    fn build(&self, metadata: &Value) -> Option<Value> {
        let context = metadata.get("DockerContext")?;
        let dockerfile = metadata.get("Dockerfile").and_then(Value::as_str).unwrap_or("Dockerfile");
        let files = self.context.files;
        let folder = files.resolve(self.context.path, context.as_str()?).ok()?;
        let dockerfile = files.resolve_in(&folder, dockerfile).ok()?;
        let span = context.span;
        let paths = [("Context", folder), ("Dockerfile", dockerfile)];
        Some(Value::map(paths.map(|(key, path)| (key, Value::text(path, span))), span))
    }

    /// Where the first member of a mapping begins, if it stands on a line of its own.
    fn insertion(&self, properties: &Value) -> Option<InsertionPoint> {
        let first = properties.members().first()?;
        let source = self.context.files.source(first.key_span.source)?;
        let start = first.key_span.start as usize;
        let before = source.text.get(..start)?;
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let indent = before.get(line..)?;
        if !indent.bytes().all(|byte| byte == b' ' || byte == b'\t') {
            return None;
        }
        let opened = source.text.as_bytes().get(properties.span.start as usize);
        let is_quoted = source.text.as_bytes().get(start) == Some(&b'"');
        let syntax = match (opened, is_quoted) {
            (Some(b'{'), true) => Syntax::Json,
            (Some(b'{'), false) => return None,
            _ => Syntax::Yaml,
        };
        let at = Span { end: first.key_span.start, ..first.key_span };
        let written = properties.members().iter().map(|member| member.key.to_string()).collect();
        Some(InsertionPoint {
            at,
            indent: indent.to_owned(),
            syntax,
            written,
            around: None,
            passed: None,
        })
    }
}

/// Says where the code of a function or layer lies.
pub fn set_asset_path(members: &mut Vec<Member>, path: &Value, key_span: Span) {
    let asset = || Member { key: ASSET_PATH.into(), key_span, value: path.clone() };
    for member in members.iter_mut() {
        if let ("Code" | "Content", Kind::Map(code)) = (&*member.key, &mut member.value.kind) {
            code.push(asset());
        }
    }
    members.push(asset());
}
