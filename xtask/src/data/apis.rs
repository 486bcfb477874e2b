//! What the cloud libraries know of each API: operations, waiters, paginators.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use iam::actions::Action;
use serde_json::Value;

use super::packages::{elements, entries, json, names, text};
use super::resources;

/// Exceptions to the rules that find the IAM prefix of an API.
const PREFIXES: &str = include_str!("prefixes.txt");

/// One API as the archive keeps it.
pub(super) struct Api {
    /// Service id, endpoint prefix, signing name, IAM prefix; `-` for none.
    pub(super) names: [String; 4],
    /// Lines: `op NAME MEMBERS AUTHORIZATION`, `waiter NAME OPERATION`, `pages OPERATION`, and the resource
    /// models; apart by tabs, members by commas, a required member with `!` behind it. An
    /// authorization is `public`, or where actions are HTTP methods, `GET /restapis/{restApiId}`.
    pub(super) text: String,
}

/// Reads all APIs; the table of actions decides between possible prefixes.
pub(super) fn read(
    packages: &Path,
    table: &BTreeMap<String, Action>,
) -> Result<BTreeMap<String, Api>> {
    let folder = packages.join("botocore/data");
    let mut apis = BTreeMap::new();
    for name in names(&folder)? {
        let Some(newest) = newest(&folder.join(&name), "service-2")? else { continue };
        let api = api(&name, &newest, table).with_context(|| format!("reading `{name}`"))?;
        apis.insert(name, api);
    }
    for (name, api) in &mut apis {
        let Some(newest) = newest(&packages.join("boto3/data").join(name), "resources-1")? else {
            continue;
        };
        api.text.push_str(&resources::lines(&json(&newest.join("resources-1.json"))?)?);
    }
    Ok(apis)
}

/// The newest version's folder that holds such a file.
fn newest(folder: &Path, file: &str) -> Result<Option<PathBuf>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let holds = |version: &Path| {
        ["json", "json.gz"].iter().any(|end| version.join(format!("{file}.{end}")).exists())
    };
    let mut versions = names(folder)?.into_iter().map(|version| folder.join(version));
    Ok(versions.rfind(|version| holds(version)))
}

fn api(name: &str, folder: &Path, table: &BTreeMap<String, Action>) -> Result<Api> {
    let model = json(&folder.join("service-2.json"))?;
    let metadata = model.get("metadata").context("no metadata")?;
    let id = text(metadata, "serviceId")?;
    let endpoint = text(metadata, "endpointPrefix")?;
    let signing = text(metadata, "signingName").unwrap_or(endpoint);
    let operations: Vec<&String> = entries(&model, "operations").map(|(name, _)| name).collect();
    let prefix = prefix(&[name, signing, endpoint, id], &operations, table);

    let mut lines = String::new();
    for (operation, body) in entries(&model, "operations") {
        let authorization = authorization(&model, body, &prefix)?;
        lines.push_str(&format!("op\t{operation}\t{}\t{authorization}\n", members(&model, body)));
    }
    for (waiter, body) in
        optional(&folder.join("waiters-2.json"))?.iter().flat_map(|file| entries(file, "waiters"))
    {
        lines.push_str(&format!("waiter\t{waiter}\t{}\n", text(body, "operation")?));
    }
    for (operation, _) in optional(&folder.join("paginators-1.json"))?
        .iter()
        .flat_map(|file| entries(file, "pagination"))
    {
        lines.push_str(&format!("pages\t{operation}\n"));
    }
    let names = [id, endpoint, signing, &prefix].map(str::to_owned);
    Ok(Api { names, text: lines })
}

fn optional(path: &Path) -> Result<Option<Value>> {
    let there = path.exists() || path.with_added_extension("gz").exists();
    if there { json(path).map(Some) } else { Ok(None) }
}

/// Tells how an operation is authorized where that is not by an action of its name.
fn authorization(model: &Value, operation: &Value, prefix: &str) -> Result<String> {
    if text(operation, "authtype").is_ok_and(|kind| kind == "none") {
        return Ok("public".to_owned());
    }
    if prefix != "apigateway" {
        return Ok(String::new());
    }
    let http = operation.get("http").context("no http")?;
    let mut path = text(http, "requestUri")?.split('?').next().unwrap_or_default().to_owned();
    let shape = operation.get("input").and_then(|input| text(input, "shape").ok());
    let shape = shape.and_then(|shape| model.get("shapes")?.get(shape)).unwrap_or(&Value::Null);
    for (member, body) in entries(shape, "members") {
        if let Ok(location) = text(body, "locationName") {
            path = path.replace(&format!("{{{location}}}"), &format!("{{{member}}}"));
        }
    }
    let path = path.strip_prefix("/v2").unwrap_or(&path);
    Ok(format!("{} {path}", text(http, "method")?))
}

fn members(model: &Value, operation: &Value) -> String {
    let shape = operation.get("input").and_then(|input| text(input, "shape").ok());
    let Some(shape) = shape.and_then(|shape| model.get("shapes")?.get(shape)) else {
        return String::new();
    };
    let required: Vec<&str> = elements(shape, "required").filter_map(Value::as_str).collect();
    let members = entries(shape, "members").map(|(name, _)| {
        let mark = if required.contains(&name.as_str()) { "!" } else { "" };
        format!("{name}{mark}")
    });
    members.collect::<Vec<_>>().join(",")
}

/// The prefix under which most operations are actions, the exceptions first.
fn prefix(names: &[&str; 4], operations: &[&String], table: &BTreeMap<String, Action>) -> String {
    let exception = PREFIXES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| line.strip_prefix(names[0])?.strip_prefix(' '));
    if let Some(prefix) = exception {
        return prefix.to_owned();
    }
    let folded = names.map(|name| name.to_lowercase());
    let id = folded[3].clone();
    let candidates =
        folded.iter().take(3).cloned().chain([id.replace(' ', ""), id.replace(' ', "-")]);
    let known = |prefix: &str| {
        let actions = table.keys().filter_map(|name| name.strip_prefix(prefix)?.strip_prefix(':'));
        let actions: Vec<&str> = actions.collect();
        operations.iter().filter(|operation| actions.contains(&operation.as_str())).count()
    };
    let mut best = ("-".to_owned(), 0);
    for candidate in candidates {
        let count = known(&candidate);
        if count > best.1 {
            best = (candidate, count);
        }
    }
    best.0
}
