//! From what an import names to the file behind it, as Node.js and TypeScript look for it.

use documents::Files;

use super::package;
use crate::Entry;
use crate::language::{Found, ModuleFiles};

/// Endings that are tried behind a path, in this order.
const ENDINGS: [&str; 9] = [".js", ".ts", ".mjs", ".mts", ".cjs", ".cts", ".tsx", ".jsx", ".json"];

/// What an ending of JavaScript may stand for in the source.
const WRITTEN_AS: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx", ".jsx"]),
    (".mjs", &[".mts"]),
    (".cjs", &[".cts"]),
    (".jsx", &[".tsx"]),
];

/// Where `source`, as imported in the file `from`, leads.
pub(super) fn find(files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
    let missing = || Found::Missing(format!("there is no file for `{source}`"));
    let module = |path: String| Found::Module(ModuleFiles { key: path.clone(), files: vec![path] });
    if source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..") {
        let path = files.resolve(from, source).ok();
        return path.and_then(|path| file_or_folder(files, &path)).map_or_else(missing, module);
    }
    if source.starts_with('/')
        && let Some(path) = package::mapped(files, from, source)
    {
        return module(path);
    }
    if let Some(path) = source.strip_prefix("/opt/") {
        return in_layers(files, entry, path).map_or_else(missing, module);
    }
    if let Some(path) = source.strip_prefix("/var/task/") {
        return in_task(files, entry, path).map_or_else(missing, module);
    }
    if source.starts_with('/') {
        return missing();
    }
    let source = source.strip_prefix("node:").unwrap_or(source);
    // The cloud's libraries are known by their names, wherever a copy of them lies.
    if package::is_library(source) {
        return Found::Foreign(source.to_owned());
    }
    let local = package::mapped(files, from, source)
        .or_else(|| package::installed(files, entry, from, source))
        .or_else(|| package::in_workspace(files, from, source));
    match local {
        Some(path) => module(path),
        None if source.starts_with('#') || source.starts_with("@/") || source.starts_with("~/") => {
            missing()
        }
        None => Found::Foreign(source.to_owned()),
    }
}

/// The file of a path, with an ending where it has none.
pub(super) fn file(files: &Files, path: &str) -> Option<String> {
    if has_ending(path) && files.exists(path) {
        return Some(path.to_owned());
    }
    for (ending, written_as) in WRITTEN_AS {
        let Some(stem) = path.strip_suffix(ending) else { continue };
        let mut sources = written_as.iter().map(|written| format!("{stem}{written}"));
        if let Some(found) = sources.find(|path| files.exists(path)) {
            return Some(found);
        }
    }
    ENDINGS.iter().map(|ending| format!("{path}{ending}")).find(|path| files.exists(path))
}

/// The file of a path, or what the folder of that path offers.
pub(super) fn file_or_folder(files: &Files, path: &str) -> Option<String> {
    let slash = if path.is_empty() { "" } else { "/" };
    file(files, path).filter(|_| !path.is_empty()).or_else(|| {
        package::entry_of(files, path, ".").or_else(|| file(files, &format!("{path}{slash}index")))
    })
}

/// A path below `/opt`: layers are unpacked there, with or without their folder `nodejs`.
pub(super) fn in_layers(files: &Files, entry: &Entry, path: &str) -> Option<String> {
    let inner = path.strip_prefix("nodejs/").unwrap_or(path);
    entry.roots.iter().skip(1).chain(entry.roots.first()).find_map(|root| {
        [path, inner].into_iter().find_map(|path| {
            let path = files.resolve_in(root, path).ok()?;
            file_or_folder(files, &path)
        })
    })
}

fn in_task(files: &Files, entry: &Entry, path: &str) -> Option<String> {
    let root = entry.roots.first()?;
    file_or_folder(files, &files.resolve_in(root, path).ok()?)
}

fn has_ending(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}
