//! Where Java's classes lie: in folders as their packages, below one of several source folders.

use documents::Files;

use super::containers;
use super::imports::OR;
use crate::Entry;
use crate::language::{Found, ModuleFiles, Start};

/// Endings of a source folder, below the code's own or a module's of the build.
const SOURCES: [&str; 4] = ["src/main/java", "src", "app/src/main/java", ""];

/// Names that every file has without an import.
const JAVA_LANG: &str = "java.lang";

/// The handler's class and method: `package.Class::method`, or a class that implements one of the
/// runtime's interfaces.
pub(super) fn start(files: &Files, entry: &Entry) -> Result<Start, String> {
    let (class, method) = match entry.handler.split_once("::") {
        Some((class, method)) => (class, Some(method)),
        None => (entry.handler.as_str(), None),
    };
    let root = entry.roots.first().map(String::as_str).unwrap_or_default();
    let (outer, inner) = class.split_once('$').map_or((class, None), |(o, i)| (o, Some(i)));
    let Some(path) = class_file(files, root, outer) else {
        let parts = if containers::is_handler(outer) {
            classes(files, entry, containers::is_called)
        } else {
            Vec::new()
        };
        let part = parts.iter().find_map(|part| class_file(files, root, part));
        return match part {
            Some(path) => Ok(Start { module: module(path), members: Vec::new() }),
            None => Err(format!("no class `{class}` in `{}`", files.shown(root))),
        };
    };
    let mut members = vec![outer.rsplit('.').next().unwrap_or(outer).to_owned()];
    members.extend(inner.map(str::to_owned));
    members.push(method.unwrap_or(HANDLE).to_owned());
    Ok(Start { module: module(path), members })
}

/// The method of the runtime's interfaces.
const HANDLE: &str = "handleRequest";

fn module(path: String) -> ModuleFiles {
    ModuleFiles { key: path.trim_end_matches(".java").to_owned(), files: vec![path] }
}

fn joined(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// The file of a class, in the code's folder or anywhere below it.
fn class_file(files: &Files, root: &str, class: &str) -> Option<String> {
    let inside = format!("{}.java", class.replace('.', "/"));
    let known = SOURCES.iter().map(|sources| joined(&joined(root, sources), &inside));
    known.into_iter().find(|path| files.exists(path)).or_else(|| {
        let ending = format!("/{inside}");
        let below = |path: &&String| {
            path.ends_with(&ending) && (root.is_empty() || path.starts_with(&format!("{root}/")))
        };
        files.paths().iter().find(below).cloned()
    })
}

/// The qualified names of the project's classes whose text passes a test; tests' own aside.
pub(super) fn classes(files: &Files, entry: &Entry, test: impl Fn(&str) -> bool) -> Vec<String> {
    let root = entry.roots.first().map(String::as_str).unwrap_or_default();
    let mut classes = Vec::new();
    for path in files.paths() {
        let is_own = path.ends_with(".java") && !path.contains("/test/") && path.starts_with(root);
        let Some(loaded) = is_own.then(|| files.load(path).ok()).flatten() else { continue };
        let text = &loaded.source.text;
        if test(text) {
            let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".java");
            let package = text.lines().find_map(|line| line.trim().strip_prefix("package "));
            classes.push(match package {
                Some(package) => format!("{}.{name}", package.trim_end_matches([';', ' '])),
                None => name.to_owned(),
            });
        }
    }
    classes
}

/// What an import leads to: a file in the same source folder as `from`, in another module of the
/// build, or a library.
pub(super) fn find(files: &Files, entry: &Entry, from: &str, source: &str) -> Found {
    let places: Vec<&str> = source.split(OR).collect();
    for place in &places {
        if let Some(path) = file_of(files, entry, from, place) {
            return Found::Module(module(path));
        }
    }
    let class = places.first().and_then(|place| place.rsplit('.').next()).unwrap_or(source);
    Found::Foreign(match places.as_slice() {
        [only] if only.contains('.') && !is_own_package(files, from, only) => parent(only),
        _ if is_of_java_lang(class) => JAVA_LANG.to_owned(),
        // Of packages imported whole the first that is no folder here; the library's own come first.
        [_, others @ ..] => {
            let of_aws = others.iter().find(|place| crate::sdk::java::names_class(place));
            of_aws.or(others.first()).map_or_else(|| JAVA_LANG.to_owned(), |place| parent(place))
        }
        _ => JAVA_LANG.to_owned(),
    })
}

fn parent(class: &str) -> String {
    class.rsplit_once('.').map_or("", |(package, _)| package).to_owned()
}

/// Whether a class is looked for in the package of the file itself, where it is not.
fn is_own_package(files: &Files, from: &str, class: &str) -> bool {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let package = parent(class).replace('.', "/");
    folder.ends_with(&package) && !files.names_in(folder).is_empty()
}

fn file_of(files: &Files, entry: &Entry, from: &str, class: &str) -> Option<String> {
    let inside = format!("{}.java", class.replace('.', "/"));
    // The source folder of the file that asks: it lies as deep below it as its package is.
    let mut folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let path = joined(folder, &inside);
        if files.exists(&path) {
            return Some(path);
        }
        match folder.rsplit_once('/') {
            Some((above, _)) => folder = above,
            None if !folder.is_empty() => folder = "",
            None => break,
        }
    }
    if !inside.contains('/') {
        return None;
    }
    // A library's class is nobody's file: no need to look at every path for it.
    let of_library = ["java.", "javax.", "software.amazon.", "com.amazonaws.", "org.slf4j."];
    if of_library.iter().any(|library| class.starts_with(library)) {
        return None;
    }
    let ending = format!("/{inside}");
    let candidates: Vec<&String> =
        files.paths().iter().filter(|path| path.ends_with(&ending)).collect();
    let root = entry.roots.first().map(String::as_str).unwrap_or_default();
    let of_root = candidates.iter().find(|path| path.starts_with(root));
    of_root.or(candidates.first()).map(|path| (*path).clone())
}

/// Whether a class is one of those that no import names.
fn is_of_java_lang(class: &str) -> bool {
    const CLASSES: &str = " Appendable AutoCloseable Boolean Byte Character CharSequence Class \
        ClassLoader Comparable Deprecated Double Enum Error Exception Float FunctionalInterface \
        IllegalArgumentException IllegalStateException IndexOutOfBoundsException Integer \
        InterruptedException Iterable Long Math NullPointerException Number NumberFormatException \
        Object Override Process ProcessBuilder Record Runnable Runtime RuntimeException SafeVarargs \
        SecurityException Short String StringBuffer StringBuilder SuppressWarnings System Thread \
        ThreadLocal Throwable UnsupportedOperationException Void ";
    CLASSES.split_whitespace().any(|known| known == class)
}
