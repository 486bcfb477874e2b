//! Packages: what `package.json` and `tsconfig.json` say about where a name leads.

use std::sync::{Arc, OnceLock};

use documents::value::Value;
use documents::{Files, Parsed};

use super::resolve::{file, file_or_folder};
use crate::Entry;

/// Conditions of `exports`, the most wanted first: source before what a build made of it.
const CONDITIONS: [&str; 7] = ["source", "import", "require", "node", "module", "default", "types"];

/// Whether a package is known by name, so that a copy on disk is not followed.
pub(super) fn is_library(source: &str) -> bool {
    const SCOPES: [&str; 5] =
        ["@aws-sdk/", "@smithy/", "@aws-lambda-powertools/", "@middy/", "@types/"];
    const PACKAGES: [&str; 5] =
        ["aws-sdk", "aws-xray-sdk", "aws-xray-sdk-core", "aws-lambda", "dynamodb-toolbox"];
    let name = split(source).0;
    SCOPES.iter().any(|scope| source.starts_with(scope)) || PACKAGES.contains(&name)
}

/// A name that `paths` or `baseUrl` of the nearest `tsconfig.json`, or `imports` of the nearest
/// `package.json`, leads to a file.
pub(super) fn mapped(files: &Files, from: &str, source: &str) -> Option<String> {
    for folder in folders_of(from) {
        let config = join(folder, "tsconfig.json");
        if files.exists(&config) {
            return by_config(files, &config, source, 0);
        }
    }
    if source.starts_with('#') {
        let folder = folders_of(from).find(|folder| files.exists(&join(folder, "package.json")))?;
        let package = document(files, &join(folder, "package.json"))?;
        let target = target(package.get()?.value.as_ref()?.get("imports")?, source)?;
        return file_or_folder(files, &files.resolve_in(folder, &target).ok()?);
    }
    None
}

fn by_config(files: &Files, config: &str, source: &str, depth: u8) -> Option<String> {
    let document = document(files, config)?;
    let value = document.get()?.value.as_ref()?;
    let options = value.get("compilerOptions");
    let base = options.and_then(|options| options.get("baseUrl")).and_then(Value::as_str);
    let folder = files.resolve(config, base.unwrap_or(".")).ok()?;
    if let Some(paths) = options.and_then(|options| options.get("paths")) {
        for member in paths.members() {
            let Some(rest) = matched(&member.key, source) else { continue };
            let targets = member.value.items().iter().filter_map(Value::as_str);
            let mut files_of = targets.filter_map(|target| {
                file_or_folder(files, &files.resolve_in(&folder, &target.replace('*', rest)).ok()?)
            });
            if let Some(found) = files_of.next() {
                return Some(found);
            }
        }
    }
    if base.is_some()
        && let Some(found) = file_or_folder(files, &files.resolve_in(&folder, source).ok()?)
    {
        return Some(found);
    }
    let extended =
        value.get("extends").and_then(Value::as_str).filter(|name| name.starts_with('.'))?;
    let parent = files.resolve(config, extended).ok()?;
    let parent = if parent.ends_with(".json") { parent } else { format!("{parent}.json") };
    if depth > 4 { None } else { by_config(files, &parent, source, depth + 1) }
}

/// A package in a `node_modules` around the file, in a layer, or in a folder that the nearest
/// `package.json` depends on (`file:../common`).
pub(super) fn installed(files: &Files, entry: &Entry, from: &str, source: &str) -> Option<String> {
    let (name, rest) = split(source);
    let around = folders_of(from).map(|folder| join(folder, &format!("node_modules/{name}")));
    let layers = entry.roots.iter().flat_map(|root| {
        ["nodejs/node_modules", "node_modules"]
            .map(|modules| join(root, &format!("{modules}/{name}")))
    });
    let found = around.chain(layers).find_map(|folder| entry_of(files, &folder, &rest));
    found.or_else(|| {
        let folder = folders_of(from).find(|folder| files.exists(&join(folder, "package.json")))?;
        let package = document(files, &join(folder, "package.json"))?;
        let value = package.get()?.value.as_ref()?;
        let version = value.get("dependencies")?.get(name)?.as_str()?;
        let path =
            ["file:", "link:", "portal:"].iter().find_map(|kind| version.strip_prefix(kind))?;
        entry_of(files, &files.resolve_in(folder, path).ok()?, &rest)
    })
}

/// A package of the same repository, by the name in its `package.json`.
pub(super) fn in_workspace(files: &Files, from: &str, source: &str) -> Option<String> {
    let (name, rest) = split(source);
    // Only where a folder around the file says that it holds packages.
    let is_workspace = |folder: &&str| {
        let package = document(files, &join(folder, "package.json"));
        let says =
            package.as_ref().and_then(|package| package.get()?.value.as_ref()?.get("workspaces"));
        says.is_some()
            || ["pnpm-workspace.yaml", "lerna.json"]
                .iter()
                .any(|name| files.exists(&join(folder, name)))
    };
    let top = folders_of(from).find(is_workspace)?;
    files.paths().iter().find_map(|path| {
        let folder = path.strip_suffix("package.json")?.trim_end_matches('/');
        if !folder.starts_with(top) || folder.contains("node_modules") {
            return None;
        }
        let package = document(files, path)?;
        let named = package.get()?.value.as_ref()?.get("name")?.as_str()?;
        if named == name { entry_of(files, folder, &rest) } else { None }
    })
}

/// The file that a package in `folder` offers under `rest`, which is `.` or begins with `./`.
pub(super) fn entry_of(files: &Files, folder: &str, rest: &str) -> Option<String> {
    let package = document(files, &join(folder, "package.json"));
    let value = package.as_ref().and_then(|package| package.get()?.value.as_ref());
    let at = |path: &str| {
        let path = files.resolve_in(folder, path).ok()?;
        file(files, &path).or_else(|| file(files, &join(&path, "index")))
    };
    if let Some(exports) = value.and_then(|value| value.get("exports")) {
        let target = match rest {
            "." if exports.get(".").is_none() => condition(exports, 0),
            rest => target(exports, rest),
        };
        if let Some(found) = target.and_then(|target| at(&target)) {
            return Some(found);
        }
    }
    if rest != "." {
        return at(rest).or_else(|| at(&format!("./src/{}", rest.trim_start_matches("./"))));
    }
    let value = value?;
    let named = ["source", "module", "main", "types", "typings"].iter();
    let mut named =
        named.filter_map(|key| value.get(key)?.as_str()).filter(|path| !path.ends_with(".d.ts"));
    named.find_map(at).or_else(|| ["index", "src/index", "lib/index"].into_iter().find_map(at))
}

/// What a map of `exports` or `imports` has for a path.
fn target(map: &Value, path: &str) -> Option<String> {
    map.members().iter().find_map(|member| {
        let rest = matched(&member.key, path)?;
        Some(condition(&member.value, 0)?.replace('*', rest))
    })
}

/// The file under the most wanted condition.
fn condition(value: &Value, depth: u8) -> Option<String> {
    if let Some(path) = value.as_str() {
        return Some(path.to_owned()).filter(|path| !path.ends_with(".d.ts"));
    }
    if depth > 4 {
        return None;
    }
    let named = CONDITIONS.iter().filter_map(|name| value.get(name));
    named.chain(value.items()).find_map(|value| condition(value, depth + 1))
}

/// What the `*` of a pattern stands for; empty for a pattern without one that is equal.
fn matched<'a>(pattern: &str, name: &'a str) -> Option<&'a str> {
    match pattern.split_once('*') {
        Some((before, after)) => name.strip_prefix(before)?.strip_suffix(after),
        None => (pattern == name).then_some(""),
    }
}

/// A package's name, and the path in it as `.` or `./path`.
fn split(source: &str) -> (&str, String) {
    let from =
        if source.starts_with('@') { source.find('/').map_or(0, |slash| slash + 1) } else { 0 };
    let slash = source.get(from..).and_then(|rest| rest.find('/')).map(|slash| from + slash);
    match slash.and_then(|slash| Some((source.get(..slash)?, source.get(slash + 1..)?))) {
        Some((name, rest)) => (name, format!("./{rest}")),
        None => (source, ".".to_owned()),
    }
}

fn document(files: &Files, path: &str) -> Option<Arc<OnceLock<Parsed>>> {
    files.exists(path).then(|| files.document(path).ok()).flatten()
}

/// The folders around a file, innermost first; the last is the root, empty.
fn folders_of(file: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(file), |folder| parent(folder))
}

fn parent(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((parent, _)) => Some(parent),
        None => (!path.is_empty()).then_some(""),
    }
}

fn join(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}
