//! boto3's resource models: objects whose methods are operations with arguments filled in.

use anyhow::Result;
use serde_json::Value;

use super::packages::{elements, entries, text};

/// Reads the lines of a service's models: `resource NAME IDENTIFIERS`, and below each (the
/// service itself has an empty name) `KIND NAME OPERATION PARAMETERS RESULT IDENTIFIERS`, where
/// KIND is `action`, `batch`, `load`, `wait`, `has` or `many`.
pub(super) fn lines(models: &Value) -> Result<String> {
    let mut lines = String::new();
    if let Some(service) = models.get("service") {
        lines.push_str("resource\t\t\n");
        lines.push_str(&members(service)?);
    }
    for (name, resource) in entries(models, "resources") {
        let mut identifiers = Vec::new();
        for identifier in elements(resource, "identifiers") {
            identifiers.push(text(identifier, "name")?);
        }
        lines.push_str(&format!("resource\t{name}\t{}\n", identifiers.join(",")));
        lines.push_str(&members(resource)?);
    }
    Ok(lines)
}

fn members(resource: &Value) -> Result<String> {
    let mut lines = String::new();
    if let Some(load) = resource.get("load") {
        lines.push_str(&line("load", "Load", load)?);
    }
    let kinds = [
        ("action", "actions"),
        ("batch", "batchActions"),
        ("wait", "waiters"),
        ("has", "has"),
        ("many", "hasMany"),
    ];
    for (kind, key) in kinds {
        for (name, member) in entries(resource, key) {
            lines.push_str(&line(kind, name, member)?);
        }
    }
    Ok(lines)
}

fn line(kind: &str, name: &str, member: &Value) -> Result<String> {
    let request = member.get("request").unwrap_or(member);
    let operation = text(request, "operation").or_else(|_| text(request, "waiterName"));
    let made = member.get("resource").unwrap_or(&Value::Null);
    Ok(format!(
        "{kind}\t{name}\t{}\t{}\t{}\t{}\n",
        operation.unwrap_or_default(),
        sources(request, "params")?,
        text(made, "type").unwrap_or_default(),
        sources(made, "identifiers")?,
    ))
}

/// Where each argument comes from: `TARGET=SOURCE:PATH`.
fn sources(value: &Value, key: &str) -> Result<String> {
    let mut sources = Vec::new();
    for parameter in elements(value, key) {
        let from = text(parameter, "name")
            .or_else(|_| text(parameter, "path"))
            .or_else(|_| text(parameter, "value"))
            .unwrap_or_default();
        sources.push(format!(
            "{}={}:{from}",
            text(parameter, "target")?,
            text(parameter, "source")?
        ));
    }
    Ok(sources.join(","))
}
