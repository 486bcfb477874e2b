//! Where Go's packages lie: folders below a `go.mod`.

use documents::Files;

use super::build;
use crate::Entry;
use crate::language::{Found, ModuleFiles, Start};

/// The package whose `main` is the handler.
pub(super) fn start(files: &Files, entry: &Entry) -> Result<Start, String> {
    let root = entry.roots.first().map(String::as_str).unwrap_or_default();
    let built = build::target(files, root, &entry.handler);
    let module = match built {
        Some(path) if path.ends_with(".go") && files.exists(&path) => {
            ModuleFiles { key: path.clone(), files: vec![path] }
        }
        Some(folder) if !programs_in(files, &folder).is_empty() => {
            program(files, &folder, &entry.handler)?
        }
        _ => program(files, &main_folder(files, root, &entry.handler)?, &entry.handler)?,
    };
    Ok(Start { module, members: vec!["main".to_owned()] })
}

/// The program in a folder: the whole package, or of several that are built from one file each the
/// one that is named as the handler.
fn program(files: &Files, folder: &str, handler: &str) -> Result<ModuleFiles, String> {
    let programs = programs_in(files, folder);
    if let [_, _, ..] = programs.as_slice() {
        let name = handler.rsplit('/').find(|name| !matches!(*name, "" | "bootstrap"));
        let file = joined(folder, &format!("{}.go", name.unwrap_or_default()));
        if programs.contains(&file) {
            return Ok(ModuleFiles { key: file.clone(), files: vec![file] });
        }
        return Err(format!(
            "which of {} Go programs in `{}` is built is not known",
            programs.len(),
            files.shown(folder)
        ));
    }
    package(files, folder).ok_or_else(|| format!("no Go files in `{}`", files.shown(folder)))
}

/// The folder of the program: the code's own, or one below that is named as the handler.
fn main_folder(files: &Files, root: &str, handler: &str) -> Result<String, String> {
    if !programs_in(files, root).is_empty() {
        return Ok(root.to_owned());
    }
    let mut folders: Vec<&str> = files
        .paths()
        .iter()
        .filter(|path| path.ends_with(".go") && within(path, root))
        .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders.retain(|folder| !programs_in(files, folder).is_empty());
    let segments = handler.split('/').rev();
    let mut names =
        segments.filter(|name| !matches!(*name, "" | "bootstrap" | "bin" | "build" | "main"));
    let named = names.next().and_then(|name| {
        let name = name.strip_suffix(".zip").unwrap_or(name);
        folders.iter().find(|folder| {
            folder.rsplit('/').any(|segment| segment == name)
                || files.exists(&joined(folder, &format!("{name}.go")))
        })
    });
    match (named, folders.as_slice()) {
        (Some(folder), _) => Ok((*folder).to_owned()),
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(format!("no Go program in `{}`", files.shown(root))),
        (None, [_, ..]) => Err(format!(
            "which of {} Go programs in `{}` is built is not known",
            folders.len(),
            files.shown(root)
        )),
    }
}

fn within(path: &str, root: &str) -> bool {
    root.is_empty() || path.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'))
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The files of a folder that have a `main`.
fn programs_in(files: &Files, folder: &str) -> Vec<String> {
    let mut programs = sources(files, folder);
    programs.retain(|path| {
        let bytes = files.bytes(path).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let begins = |start: &str| text.lines().any(|line| line.trim_end().starts_with(start));
        begins("package main") && begins("func main()") && !begins("//go:build ignore")
    });
    programs
}

/// The files of a package: tests aside, and those for other systems.
fn sources(files: &Files, folder: &str) -> Vec<String> {
    let names = files.names_in(folder).into_iter();
    let others = ["_test.go", "_windows.go", "_darwin.go", "_js.go", "_wasm.go"];
    let own = names.filter(|name| {
        name.ends_with(".go") && !others.iter().any(|ending| name.ends_with(ending))
    });
    own.map(|name| joined(folder, &name)).collect()
}

fn package(files: &Files, folder: &str) -> Option<ModuleFiles> {
    let sources = sources(files, folder);
    let key = if folder.is_empty() { ".".to_owned() } else { folder.to_owned() };
    (!sources.is_empty()).then_some(ModuleFiles { key, files: sources })
}

/// What an import leads to: a package of this module, of one that `go.mod` replaces by a folder, of
/// another module of a workspace, one that is vendored, or a library.
pub(super) fn find(files: &Files, from: &str, source: &str) -> Found {
    let mut folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let path = joined(folder, "go.mod");
        if files.exists(&path)
            && let Some(found) = find_by(files, folder, &path, source)
        {
            return found;
        }
        let vendored = joined(folder, &format!("vendor/{source}"));
        if !source.starts_with("github.com/aws/")
            && let Some(module) = package(files, &vendored)
        {
            return Found::Module(module);
        }
        // Before there were modules, a package's path ended as its folder's.
        let top = files.root_name().unwrap_or_default();
        let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&top);
        if let Some((_, below)) = source.split_once(&format!("/{name}/"))
            && !name.is_empty()
            && let Some(module) = package(files, &joined(folder, below))
        {
            return Found::Module(module);
        }
        match folder.rsplit_once('/') {
            Some((above, _)) => folder = above,
            None if !folder.is_empty() => folder = "",
            None => return Found::Foreign(source.to_owned()),
        }
    }
}

fn find_by(files: &Files, folder: &str, path: &str, source: &str) -> Option<Found> {
    let loaded = files.load(path).ok()?;
    for line in loaded.source.text.lines() {
        let line = line.split("//").next().unwrap_or(line).trim();
        let line = line.strip_prefix("replace ").unwrap_or(line);
        let (name, target) = match line.split_once("=>") {
            Some((name, target)) => (name, target.split_whitespace().next()?),
            None => match line.strip_prefix("module ") {
                Some(name) => (name, "."),
                None => continue,
            },
        };
        let name = name.split_whitespace().next()?.trim_matches('"');
        let Some(rest) = source.strip_prefix(name) else { continue };
        if !target.starts_with('.') || !(rest.is_empty() || rest.starts_with('/')) {
            continue;
        }
        let base = files.resolve_in(folder, target).ok()?;
        let inside = joined(&base, rest.trim_start_matches('/'));
        let inside = inside.trim_end_matches('/');
        return Some(match package(files, inside) {
            Some(module) => Found::Module(module),
            None => {
                Found::Missing(format!("package `{source}` is not in `{}`", files.shown(inside)))
            }
        });
    }
    None
}
