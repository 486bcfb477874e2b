//! Synthesised CDK applications.

pub(crate) mod helpers;

use std::collections::BTreeMap;

use app_graph::Framework;
use text::{Place, Problem};

use crate::joining::{self, Exports};
use crate::{Context, Evaluated};
use documents::declaration::{ASSET_PATH, Declaration, Declared};
use documents::value::{Kind, Value};
use documents::{Files, Options};

/// Assemblies inside one another, as stages make them.
const NESTING_LIMIT: usize = 8;

/// Reads the cloud assembly whose `manifest.json` is at `path`: one application of all its stacks.
///
/// Source: AWS CDK, cloud assembly schema: artifacts of the types `aws:cloudformation:stack` and
/// `cdk:cloud-assembly`.
pub fn read(path: &str, files: &Files, options: &Options) -> Option<Declared> {
    let mut assembly = Assembly::default();
    collect(path, files, 0, &mut assembly);
    let is_alone = assembly.stacks.len() == 1;
    let mut declared = Declared {
        name: match assembly.stacks.as_slice() {
            [stack] => stack.name.clone(),
            _ => application_name(path, files),
        },
        root: files.shown(path),
        framework: Framework::Cdk,
        declarations: Vec::new(),
        problems: assembly.problems,
        not_read: Vec::new(),
        files: assembly.files,
    };
    let mut exports = Exports::new();
    for stack in assembly.stacks {
        let Some(mut evaluated) = evaluate(&stack, is_alone, files, options, &mut declared) else {
            continue;
        };
        add_asset_paths(&mut evaluated.declarations, &stack, files);
        exports.extend(joining::named(&evaluated.exports));
        declared.declarations.append(&mut evaluated.declarations);
        declared.problems.append(&mut evaluated.problems);
        declared.not_read.append(&mut evaluated.not_read);
        declared.files.extend(evaluated.files.iter().map(|file| files.shown(file)));
    }
    joining::join(&mut declared.declarations, &exports);
    Some(declared)
}

#[derive(Default)]
struct Assembly {
    stacks: Vec<Stack>,
    problems: Vec<Problem>,
    /// Files read, as shown to the user.
    files: Vec<String>,
}

struct Stack {
    name: String,
    /// The template's path.
    template: String,
    /// The path of the list of assets, where there is one.
    assets: Option<String>,
}

fn collect(path: &str, files: &Files, depth: usize, assembly: &mut Assembly) {
    let failed = |assembly: &mut Assembly, why: String| {
        let place = Place::Path(files.shown(path));
        assembly.problems.push(Problem::incomplete(why, place));
    };
    if depth > NESTING_LIMIT {
        return failed(assembly, format!("assemblies are nested more than {NESTING_LIMIT} deep"));
    }
    let document = match files.document(path) {
        Ok(document) => document,
        Err(error) => return failed(assembly, error.to_string()),
    };
    assembly.files.push(files.shown(path));
    let manifest = document.get().and_then(|parsed| parsed.value.as_ref());
    let artifacts = manifest.and_then(|manifest| manifest.get("artifacts"));
    for artifact in artifacts.map(Value::members).unwrap_or_default() {
        let property = |name: &str| {
            artifact.value.get("properties").and_then(|found| found.get(name)?.as_str())
        };
        let local = |name: Option<&str>, behind: &str| {
            name.map(|name| files.resolve(path, &format!("{name}{behind}")))
        };
        let found = match artifact.value.get("type").and_then(Value::as_str) {
            Some("aws:cloudformation:stack") => local(property("templateFile"), ""),
            Some("cdk:cloud-assembly") => local(property("directoryName"), "/manifest.json"),
            _ => continue,
        };
        match found {
            Some(Ok(found)) if found.ends_with("manifest.json") => {
                collect(&found, files, depth + 1, assembly);
            }
            Some(Ok(template)) => {
                let name = property("stackName").unwrap_or(&artifact.key).to_owned();
                let assets = files.resolve(path, &format!("{}.assets.json", artifact.key));
                let assets = assets.ok().filter(|assets| files.exists(assets));
                assembly.stacks.push(Stack { name, template, assets });
            }
            Some(Err(error)) => {
                let place = artifact.key_span.into();
                assembly.problems.push(Problem::incomplete(error.to_string(), place));
            }
            None => {
                let message = format!("the artifact `{}` names no file", artifact.key);
                assembly.problems.push(Problem::incomplete(message, artifact.key_span.into()));
            }
        }
    }
}

fn evaluate(
    stack: &Stack,
    is_alone: bool,
    files: &Files,
    options: &Options,
    declared: &mut Declared,
) -> Option<Evaluated> {
    let document = match files.document(&stack.template) {
        Ok(document) => document,
        Err(error) => {
            let place = Place::Path(files.shown(&stack.template));
            declared.problems.push(Problem::incomplete(error.to_string(), place));
            return None;
        }
    };
    declared.files.push(files.shown(&stack.template));
    let template = document.get()?.value.as_ref()?;
    let context = Context {
        files,
        options,
        path: &stack.template,
        scope: if is_alone { String::new() } else { format!("{}/", stack.name) },
        arguments: BTreeMap::new(),
    };
    Some(crate::evaluate(template, &context))
}

/// Tells functions whose metadata does not where their code lies, by the list of assets.
fn add_asset_paths(declarations: &mut [Declaration], stack: &Stack, files: &Files) {
    let Some(path) = &stack.assets else { return };
    let Ok(document) = files.document(path) else { return };
    let assets = document.get().and_then(|parsed| parsed.value.as_ref()?.get("files"));
    let Some(assets) = assets else { return };
    for declaration in declarations {
        if declaration.properties.get(ASSET_PATH).is_some() {
            continue;
        }
        let code = ["Code", "Content"].iter().find_map(|key| declaration.properties.get(key));
        let Some(key) = code.and_then(|code| code.get("S3Key")?.as_str()) else { continue };
        let hash = key.split_once('.').map_or(key, |(hash, _)| hash);
        let source = assets.get(hash).and_then(|asset| asset.get("source")?.get("path")?.as_str());
        let Some(Ok(folder)) = source.map(|source| files.resolve(path, source)) else { continue };
        let span = declaration.said;
        if let Kind::Map(members) = &mut declaration.properties.kind {
            let value = Value::text(folder, span);
            crate::set_asset_path(members, &value, span);
        }
    }
}

/// The name of the folder that holds the output folder.
fn application_name(path: &str, files: &Files) -> String {
    let mut folders = path.split('/').rev().skip(2);
    match folders.next() {
        Some(folder) => folder.to_owned(),
        None => files.root_name().unwrap_or_else(|| "cdk".to_owned()),
    }
}
