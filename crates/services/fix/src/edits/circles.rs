//! What depends on what in a CloudFormation template.

use std::collections::{BTreeMap, BTreeSet};

use documents::value::{Kind, Value};

/// The resources that each resource refers to, by logical id.
pub(super) struct Circles(BTreeMap<String, BTreeSet<String>>);

impl Circles {
    /// Reads the references of a section of resources.
    pub(super) fn new(resources: &Value) -> Self {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for member in resources.members() {
            let mut found = BTreeSet::new();
            collect(&member.value, &mut found);
            let said = member.value.get("DependsOn");
            let items = said.into_iter().flat_map(|value| match &value.kind {
                Kind::List(items) => items.iter().collect(),
                _ => vec![value],
            });
            found.extend(items.filter_map(Value::as_str).map(str::to_owned));
            edges.entry(member.key.to_string()).or_default().extend(found);
            // A bucket or user pool that SAM makes call a function depends on it.
            let events = member.value.get("Properties").and_then(|all| all.get("Events"));
            for event in events.map(Value::members).unwrap_or_default() {
                let key = match event.value.get("Type").and_then(Value::as_str) {
                    Some("S3") => "Bucket",
                    Some("Cognito") => "UserPool",
                    _ => continue,
                };
                let mut named = BTreeSet::new();
                if let Some(caller) = event.value.get("Properties").and_then(|all| all.get(key)) {
                    collect(caller, &mut named);
                }
                for caller in named {
                    edges.entry(caller).or_default().insert(member.key.to_string());
                }
            }
        }
        Self(edges)
    }

    /// Whether one of `ends` is reached from a resource.
    pub(super) fn leads(&self, from: &str, ends: &[&str]) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![from];
        while let Some(here) = pending.pop() {
            if ends.contains(&here) {
                return true;
            }
            if seen.insert(here) {
                let next = self.0.get(here).into_iter().flatten().map(String::as_str);
                pending.extend(next);
            }
        }
        false
    }

    /// The resources that refer to one.
    pub(super) fn users<'a>(&'a self, of: &'a str) -> impl Iterator<Item = &'a str> {
        let uses = move |(_, found): &(&String, &BTreeSet<String>)| found.contains(of);
        self.0.iter().filter(uses).map(|(id, _)| id.as_str()).filter(move |id| *id != of)
    }
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    let tag = value.tag.as_deref().map(|tag| tag.trim_start_matches('!'));
    match &value.kind {
        Kind::Text(_) => {
            if let (Some(tag), Some(text)) = (tag, value.as_str()) {
                referred(tag, text, found);
            }
        }
        Kind::List(items) => {
            let is_intrinsic = matches!(tag, Some("GetAtt" | "Sub"));
            if let Some(text) = items.first().and_then(Value::as_str).filter(|_| is_intrinsic) {
                referred(tag.unwrap_or_default(), text, found);
            }
            items.iter().for_each(|item| collect(item, found));
        }
        Kind::Map(members) => {
            for member in members {
                let name = member.key.strip_prefix("Fn::").unwrap_or(&member.key);
                let text = member.value.as_str();
                let text = text.or_else(|| member.value.items().first().and_then(Value::as_str));
                if let Some(text) = text.filter(|_| members.len() == 1) {
                    referred(name, text, found);
                }
                collect(&member.value, found);
            }
        }
        _ => {}
    }
}

fn referred(function: &str, text: &str, found: &mut BTreeSet<String>) {
    let first = |text: &str| text.split('.').next().unwrap_or_default().to_owned();
    match function {
        "Ref" | "GetAtt" => drop(found.insert(first(text))),
        "Sub" => {
            for piece in text.split("${").skip(1) {
                let name = piece.split('}').next().unwrap_or_default();
                found.insert(first(name.trim()));
            }
        }
        _ => {}
    }
}
