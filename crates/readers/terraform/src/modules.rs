//! Where a module call's configuration is found.

use std::rc::Rc;

use app_graph::NotRead;
use text::{Part, Source};

use super::configuration::{self, Configuration};
use super::evaluate::{BUILT_IN, Evaluator, Scope};
use super::module::Module;
use super::syntax::{self, Block, Expr};
use super::values;
use documents::value::Value;

/// The registry's lambda module, in our own words, by its documented inputs.
///
/// Source: inputs and outputs of `terraform-aws-modules/lambda/aws` 7 and 8 in the Terraform registry.
const LAMBDA_MODULE: &str = include_str!("../data/terraform_lambda_module.tf");

/// Deepest nesting of modules.
const DEEPEST: usize = 12;

/// Finds the configuration that a module block calls, or says why it was not read.
pub(super) fn find(
    evaluator: &Evaluator<'_>,
    module: &Rc<Module>,
    block: &Block,
) -> Result<Rc<Configuration>, String> {
    let name = block.labels.first().map(String::as_str).unwrap_or_default();
    let Some(attribute) = block.body.attribute("source") else {
        evaluator.problem(&format!("module `{name}` has no source"), block.said);
        return Err(format!("module `{name}` has no source"));
    };
    let value = evaluator.attribute(attribute, &Scope::of(module, attribute.span.source));
    let Some(source) = values::as_string(&value) else {
        evaluator.problem(&format!("the source of module `{name}` is not known"), attribute.span);
        return Err(format!("the source of module `{name}` is not known"));
    };
    if is_local(&source) {
        let folder = match evaluator.files.resolve_in(&module.configuration.folder, &source) {
            Ok(folder) => folder,
            Err(error) => {
                let message = format!("module `{name}` is not read: {error}");
                evaluator.problem(&message, attribute.span);
                return Err(message);
            }
        };
        let chain = chain(module);
        if chain.contains(&folder) || chain.len() > DEEPEST {
            let message = format!("module `{name}` calls itself in a circle: `{source}`");
            evaluator.problem(&message, attribute.span);
            return Err(message);
        }
        return load(evaluator, &folder).ok_or_else(|| {
            let message = format!("module `{name}` has no Terraform file in `{source}`");
            evaluator.problem(&message, attribute.span);
            message
        });
    }
    if let Some(configuration) = installed(evaluator, module, name) {
        return Ok(configuration);
    }
    if is_lambda_module(&source) {
        let configuration = built_in(evaluator, LAMBDA_MODULE)
            .ok_or_else(|| "the built-in module cannot be read".to_owned())?;
        name_unknown_inputs(evaluator, block, &configuration);
        return Ok(configuration);
    }
    let path = evaluator.source(attribute.span.source).map(|source| source.path.clone());
    evaluator.not_read.borrow_mut().push(NotRead {
        path: path.unwrap_or_default(),
        what: format!("module `{name}` from `{source}`: run `terraform init` and scan again"),
        span: Some(attribute.span),
    });
    Err(format!("module `{name}` from `{source}` was not read"))
}

/// Arguments of a call that are the language's and no input of the module.
const OF_THE_LANGUAGE: &[&str] =
    &["source", "version", "count", "for_each", "providers", "depends_on"];

/// Names the inputs that the built-in module does not know: what they do is not read.
fn name_unknown_inputs(evaluator: &Evaluator<'_>, block: &Block, known: &Configuration) {
    let module = block.labels.first().map(String::as_str).unwrap_or_default();
    for attribute in &block.body.attributes {
        let name = attribute.name.as_str();
        if known.variables.contains_key(name) || OF_THE_LANGUAGE.contains(&name) {
            continue;
        }
        let path = evaluator.source(attribute.span.source).map(|source| source.path.clone());
        evaluator.not_read.borrow_mut().push(NotRead {
            path: path.unwrap_or_default(),
            what: format!(
                "input `{name}` of module `{module}`: run `terraform init` and scan again"
            ),
            span: Some(attribute.name_span),
        });
    }
}

/// Whether a source is a folder of the project.
pub(super) fn is_local(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../") || source == "." || source == ".."
}

fn is_lambda_module(source: &str) -> bool {
    let source = source.trim_start_matches("registry.terraform.io/");
    if source == "terraform-aws-modules/lambda/aws" {
        return true;
    }
    let path = source.split(['?', '#']).next().unwrap_or(source).trim_end_matches(".git");
    path.ends_with("terraform-aws-modules/terraform-aws-lambda") && !source.contains("//modules/")
}

fn chain(module: &Rc<Module>) -> Vec<String> {
    let mut folders = vec![module.configuration.folder.clone()];
    let mut module = module.clone();
    while let Some(parent) = module.call.as_ref().map(|call| call.parent.clone()) {
        folders.push(parent.configuration.folder.clone());
        module = parent;
    }
    folders
}

/// A folder's configuration, read once.
pub(super) fn load(evaluator: &Evaluator<'_>, folder: &str) -> Option<Rc<Configuration>> {
    if let Some(configuration) = evaluator.configurations.borrow().get(folder) {
        return configuration.clone();
    }
    let mut problems = Vec::new();
    let configuration = configuration::load(folder, evaluator.files, &mut problems).map(Rc::new);
    evaluator.problems.borrow_mut().extend(problems);
    if let Some(configuration) = &configuration {
        evaluator.files_read.borrow_mut().extend(configuration.files.iter().cloned());
    }
    evaluator.configurations.borrow_mut().insert(folder.to_owned(), configuration.clone());
    configuration
}

/// What `terraform init` installed, by `.terraform/modules/modules.json` of the root.
fn installed(
    evaluator: &Evaluator<'_>,
    module: &Rc<Module>,
    name: &str,
) -> Option<Rc<Configuration>> {
    let mut names = vec![name.to_owned()];
    let mut root = module.clone();
    while let Some(call) = root.clone().call.as_ref() {
        names.push(call.name.clone());
        root = call.parent.clone();
    }
    names.reverse();
    let key = names.join(".");
    let folder = root.configuration.folder.clone();
    let path = match folder.is_empty() {
        true => ".terraform/modules/modules.json".to_owned(),
        false => format!("{folder}/.terraform/modules/modules.json"),
    };
    if !evaluator.files.exists(&path) {
        return None;
    }
    let document = evaluator.files.document(&path).ok()?;
    let manifest = document.get()?.value.as_ref()?;
    let entry = manifest
        .get("Modules")?
        .items()
        .iter()
        .find(|entry| entry.get("Key").and_then(Value::as_str) == Some(&key))?;
    let installed = entry.get("Dir").and_then(Value::as_str)?;
    let folder = evaluator.files.resolve_in(&folder, installed).ok()?;
    load(evaluator, &folder)
}

fn built_in(evaluator: &Evaluator<'_>, text: &str) -> Option<Rc<Configuration>> {
    let key = "\u{1}built-in".to_owned();
    if let Some(configuration) = evaluator.configurations.borrow().get(&key) {
        return configuration.clone();
    }
    let source = Source::new("built-in", text);
    let body = syntax::parse(&source, BUILT_IN).ok()?;
    let configuration = Rc::new(Configuration::of(body));
    evaluator.configurations.borrow_mut().insert(key, Some(configuration.clone()));
    Some(configuration)
}

/// Folders that the module blocks of `folder` call.
pub(super) fn local_calls(folder: &str, files: &documents::Files) -> Vec<String> {
    let mut calls = Vec::new();
    for name in files.names_in(folder) {
        if !name.ends_with(".tf") {
            continue;
        }
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let Ok(loaded) = files.load(&path) else { continue };
        // Most files call no module; parsing them twice would cost as much as reading them.
        if !loaded.source.text.contains("module") || !loaded.source.text.contains("source") {
            continue;
        }
        let Ok(body) = syntax::parse(&loaded.source, loaded.id) else { continue };
        for block in body.blocks_of("module") {
            let Some(attribute) = block.body.attribute("source") else { continue };
            let Expr::Hcl(expression) = &attribute.expr else { continue };
            let Some(source) = expression.as_str().filter(|source| is_local(source)) else {
                continue;
            };
            if let Ok(folder) = files.resolve_in(folder, source)
                && !calls.contains(&folder)
            {
                calls.push(folder);
            }
        }
    }
    calls
}

/// A path that an expression names, as a path of the scan: from `path.module`, or from the root
/// module's folder.
pub(super) fn resolve_path(
    evaluator: &Evaluator<'_>,
    module: &Rc<Module>,
    value: &Value,
) -> Result<String, String> {
    let text = values::as_text(value).ok_or("a path was expected")?;
    let Some(path) = text.literal() else {
        return Err(match text.parts() {
            [Part::Unknown(why)] => why.clone(),
            _ => format!("the path `{text}` is known only at deployment"),
        });
    };
    let resolved = match path.rsplit_once(super::PATH_MARK) {
        Some((_, path)) => evaluator.files.resolve_in("", path),
        None => {
            let mut root = module.clone();
            while let Some(parent) = root.call.as_ref().map(|call| call.parent.clone()) {
                root = parent;
            }
            evaluator.files.resolve_in(&root.configuration.folder, path)
        }
    };
    resolved.map_err(|error| error.to_string())
}
