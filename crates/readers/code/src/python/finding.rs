//! Where Python's modules are.

use documents::Files;

use crate::Entry;
use crate::language::{Found, ModuleFiles, Start};

/// The handler `folder/module.function`, or `package.module.function`.
pub(super) fn start(files: &Files, entry: &Entry) -> Result<Start, String> {
    let (module, member) = entry
        .handler
        .rsplit_once('.')
        .ok_or_else(|| format!("handler `{}` names no function", entry.handler))?;
    let path = module.replace('.', "/");
    // The code's own folder comes before layers.
    let mut reason = format!("there is no file for handler `{}`", entry.handler);
    for root in &entry.roots {
        match files.resolve_in(root, &path) {
            Ok(resolved) => {
                if let Some(module) = file_module(files, &resolved) {
                    return Ok(Start { module, members: vec![member.to_owned()] });
                }
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(reason)
}

/// What `source`, with a dot before it for each folder up, leads to from the file `from`.
pub(super) fn find(files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
    let dots = source.len() - source.trim_start_matches('.').len();
    let path = source.trim_start_matches('.').replace('.', "/");
    if dots > 0 {
        let up = "../".repeat(dots - 1);
        let found = files.resolve(from, &format!("{up}{path}")).ok();
        let module = found.and_then(|path| module_at(files, &path));
        return match module {
            Some(module) => Found::Module(module),
            None => Found::Missing(format!("there is no module `{source}`")),
        };
    }
    let first = path.split('/').next().unwrap_or_default();
    if is_modelled(first) {
        return Found::Foreign(source.to_owned());
    }
    for folder in folders(entry) {
        if let Ok(found) = files.resolve_in(&folder, &path)
            && let Some(module) = module_at(files, &found)
        {
            return Found::Module(module);
        }
    }
    Found::Foreign(source.to_owned())
}

/// Folders in which Python looks: the code's, and in each layer `python` and its `site-packages`.
fn folders(entry: &Entry) -> Vec<String> {
    let mut folders = Vec::new();
    for root in &entry.roots {
        let within = |folder: &str| match root.as_str() {
            "" => folder.to_owned(),
            root => format!("{root}/{folder}"),
        };
        folders.push(root.clone());
        folders.push(within("python"));
        let version = &entry.runtime;
        folders.push(within(&format!("python/lib/{version}/site-packages")));
    }
    folders
}

/// Libraries whose meaning is known better than their code says, though it may be in a layer.
fn is_modelled(package: &str) -> bool {
    crate::sdk::boto3::PACKAGES.contains(&package)
        || crate::data::packages::knowledge(profile::Language::Python, package)
            == crate::data::packages::Knowledge::Harmless
}

/// The module or package at a path without an ending.
pub(super) fn module_at(files: &Files, path: &str) -> Option<ModuleFiles> {
    if path.is_empty() {
        return Some(ModuleFiles { key: String::new(), files: Vec::new() });
    }
    if let Some(module) = file_module(files, path) {
        return Some(module);
    }
    // A folder without `__init__.py` holds modules too.
    let holds_modules = files.has_folder(path);
    holds_modules.then(|| ModuleFiles { key: path.to_owned(), files: Vec::new() })
}

fn file_module(files: &Files, path: &str) -> Option<ModuleFiles> {
    let package = format!("{path}/__init__.py");
    let file = [package, format!("{path}.py")].into_iter().find(|file| files.exists(file))?;
    Some(ModuleFiles { key: path.to_owned(), files: vec![file] })
}

/// What `__name__` is in a file.
pub(super) fn module_name(path: &str) -> &str {
    let name = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py"));
    let name = name.unwrap_or(path);
    name.rsplit('/').next().unwrap_or(name)
}
