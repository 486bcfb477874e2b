use documents::Files;

use super::resolve;
use crate::Entry;
use crate::language::{ModuleFiles, Start};

/// Folders into which builds write what they make of `src`.
const BUILT: [&str; 8] =
    ["dist", "build", "out", "lib", "built", ".build", "output", ".aws-sam/build"];

/// The file and the export that a handler names: `src/app.handlers.get` is the export
/// `handlers.get` of `src/app`.
pub(super) fn start(files: &Files, entry: &Entry) -> Result<Start, String> {
    let handler = entry.handler.trim();
    let name_at = handler.rfind('/').map_or(0, |slash| slash + 1);
    let dot = handler.get(name_at..).and_then(|name| name.find('.')).map(|dot| name_at + dot);
    let split = dot.and_then(|dot| Some((handler.get(..dot)?, handler.get(dot + 1..)?)));
    let Some((module, members)) =
        split.filter(|(module, members)| !module.is_empty() && !members.is_empty())
    else {
        return Err(format!("the handler `{handler}` names no export of a file"));
    };
    let members: Vec<String> = members.split('.').map(str::to_owned).collect();
    if entry.inline.is_some() {
        crate::language::inline_module(entry, module)?;
        let path = "index.js".to_owned();
        return Ok(Start { module: ModuleFiles { key: path.clone(), files: vec![path] }, members });
    }
    let found = if let Some(path) = module.strip_prefix("/opt/") {
        resolve::in_layers(files, entry, path)
    } else {
        sources(module).iter().find_map(|module| in_roots(files, entry, module))
    };
    match found {
        Some(path) => {
            Ok(Start { module: ModuleFiles { key: path.clone(), files: vec![path] }, members })
        }
        None => Err(format!("there is no file for the handler `{handler}`")),
    }
}

fn in_roots(files: &Files, entry: &Entry, module: &str) -> Option<String> {
    entry.roots.iter().find_map(|root| {
        let path = files.resolve_in(root, module.trim_start_matches('/')).ok()?;
        resolve::file(files, &path)
    })
}

/// The module as named, then where its source would be if a build had made it.
fn sources(module: &str) -> Vec<String> {
    let plain = module.trim_start_matches("./");
    let mut sources = vec![plain.to_owned()];
    for built in BUILT {
        if let Some(rest) = plain.strip_prefix(built).and_then(|rest| rest.strip_prefix('/')) {
            sources.extend([format!("src/{rest}"), rest.to_owned()]);
        }
    }
    if !plain.contains('/') {
        sources.push(format!("src/{plain}"));
    }
    sources
}
