//! Where Python's modules are.

use documents::Files;

use crate::Entry;
use crate::language::{Found, ModuleFiles, Start};

/// The file that code in a template becomes.
const INLINE: &str = "index.py";

/// The handler `folder/module.function`, or `package.module.function`.
pub(super) fn start(files: &Files, entry: &Entry) -> Result<Start, String> {
    let (module, member) = entry
        .handler
        .rsplit_once('.')
        .ok_or_else(|| format!("handler `{}` names no function", entry.handler))?;
    if entry.inline.is_some() {
        crate::language::inline_module(entry, module)?;
        let module = ModuleFiles { key: "index".to_owned(), files: vec![INLINE.to_owned()] };
        return Ok(Start { module, members: vec![member.to_owned()] });
    }
    let path = match module.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/{}", name.replace('.', "/")),
        None => module.replace('.', "/"),
    };
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
    let package = path.split('/').next().unwrap_or_default();
    if crate::sdk::boto3::PACKAGES.contains(&package) {
        return Found::Foreign(source.to_owned());
    }
    for folder in folders(entry) {
        if let Ok(found) = files.resolve_in(&folder, &path)
            && let Some(module) = module_at(files, &found)
            && !is_installed_and_harmless(files, &folder, package)
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

/// Whether a package in a folder was put there by an installer and is known by data: its code need
/// not be followed.
fn is_installed_and_harmless(files: &Files, folder: &str, package: &str) -> bool {
    use crate::data::packages::{Knowledge, knowledge};
    knowledge(profile::Language::Python, package) == Knowledge::Harmless
        && files.folders_in(folder).iter().any(|name| {
            let name = name.to_ascii_lowercase().replace('-', "_");
            name.ends_with(".dist_info") || name.ends_with(".egg_info")
        })
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
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_folder = files.folders_in(folder).iter().any(|folder| folder == name);
    is_folder.then(|| ModuleFiles { key: path.to_owned(), files: Vec::new() })
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
