//! A handler that is named alone, without a template.

use std::path::Path;

use app_graph::{AppGraph, Cloud, Code, Entity, Framework, Function, Owner};
use documents::Files;
use text::{EntityId, PartialText, Setting, Span};

/// Endings of files that may hold a handler, the runtime each stands for, and the names that a
/// handler usually has there, likeliest first.
pub(crate) const LANGUAGES: &[(&[&str], &str, &[&str])] = &[
    (&["py"], "python3", &["lambda_handler", "handler", "main"]),
    (&["js", "mjs", "cjs", "ts", "mts", "cts"], "nodejs", &["handler", "lambdaHandler", "main"]),
    (&["go"], "provided", &["main"]),
    (&["java"], "java", &["handleRequest"]),
];

/// An application of one function for each file, where all files are code.
pub(crate) fn applications(files: &Files, handler: Option<&str>) -> Vec<AppGraph> {
    let graphs = files.paths().iter().map(|path| application(files, path, handler));
    graphs.collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn application(files: &Files, path: &str, handler: Option<&str>) -> Option<AppGraph> {
    let ending = Path::new(path).extension()?.to_str()?;
    let (_, runtime, usual) = LANGUAGES.iter().find(|(endings, ..)| endings.contains(&ending))?;
    let stem = Path::new(path).file_stem()?.to_str()?;
    let loaded = files.load(path).ok()?;
    let span = Span::file(loaded.id);
    let is_there = |name: &&&str| loaded.source.text.contains(**name);
    let symbol = handler.or_else(|| usual.iter().find(is_there).copied()).unwrap_or("handler");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (folder, handler) = match *runtime {
        "java" => {
            let (folder, class) = class_of(folder, stem, &loaded.source.text);
            (folder, format!("{class}::{symbol}"))
        }
        "provided" => (folder, "bootstrap".to_owned()),
        _ => (folder, format!("{stem}.{symbol}")),
    };
    let folder = if folder.is_empty() { "." } else { folder };
    let entity = Entity {
        id: EntityId::new(path),
        name: stem.to_owned(),
        type_name: "handler".to_owned(),
        cloud: Cloud::Aws,
        said: span,
        extent: span,
        construct: None,
        condition: None,
        insertion: None,
        allowances: Vec::new(),
        owner: Owner::Author,
    };
    let mut graph = AppGraph::new(stem, files.shown(path), Framework::Code);
    let mut function = Function::new(entity);
    function.runtime = Setting::known((*runtime).to_owned(), span);
    function.handler = Setting::known(PartialText::known(handler), span);
    function.code = Setting::known(Code::Path(folder.to_owned()), span);
    graph.functions.push(function);
    Some(graph)
}

/// The folder that a Java file's package begins in, and its class with the package; a file that
/// lies elsewhere, or whose package begins above what is scanned, is taken without its package.
fn class_of<'a>(folder: &'a str, stem: &str, text: &str) -> (&'a str, String) {
    let said = text.lines().find_map(|line| line.trim().strip_prefix("package "));
    let package = said.map_or("", |said| said.trim().trim_end_matches(';').trim());
    let class = if package.is_empty() { stem.to_owned() } else { format!("{package}.{stem}") };
    match folder.strip_suffix(&package.replace('.', "/")) {
        Some(before) if before.is_empty() || before.ends_with('/') => {
            (before.trim_end_matches('/'), class)
        }
        _ => (folder, stem.to_owned()),
    }
}
