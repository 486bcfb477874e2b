//! Terraform configurations and plans, evaluated to declarations.
//!
//! Job: evaluate expressions, instances and modules, and bring AWS resources into CloudFormation's
//! schema by one table. Input: a folder of configuration or a plan. Output: declarations.
//! It must never call a provider or fetch a module.

mod archives;
mod assemble;
mod configuration;
mod convert;
mod data_sources;
mod declare;
mod evaluate;
pub(crate) mod functions;
mod json_text;
mod mapping;
mod module;
mod modules;
mod operators;
mod plan;
mod policy_document;
mod syntax;
mod template;
mod types;
mod values;
mod variables;
mod written;

pub use written::{WrittenArgument, WrittenBlock, written_blocks};

use std::rc::Rc;

use app_graph::Framework;

use self::evaluate::Evaluator;
use self::module::Module;
use documents::declaration::Declared;
use documents::{Files, Options};

/// Stands before paths that begin at the scan's root, as those of `path.module` do.
const PATH_MARK: char = '\u{1}';

/// Reads the root module in `folder` (empty for the scan's root itself).
pub fn read(folder: &str, files: &Files, options: &Options) -> Option<Declared> {
    let evaluator = Evaluator::new(files, options);
    let configuration = modules::load(&evaluator, folder)?;
    let mut root = Module::new(String::new(), configuration, None, None);
    variables::assign(&evaluator, &mut root);
    let root = Rc::new(root);
    let mut drafts = Vec::new();
    declare::module(&evaluator, &root, &mut drafts);
    root.release();
    let declarations = assemble::assemble(drafts);
    let name = folder.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("terraform");
    let files_read = evaluator.files_read.borrow().iter().map(|path| files.shown(path)).collect();
    Some(Declared {
        name: name.to_owned(),
        root: files.shown(folder),
        framework: Framework::Terraform,
        declarations,
        problems: evaluator.problems.into_inner(),
        not_read: evaluator.not_read.into_inner(),
        files: files_read,
    })
}

/// Reads a plan in JSON (`terraform show -json`).
pub fn read_plan(path: &str, files: &Files, options: &Options) -> Option<Declared> {
    plan::read(path, files, options)
}

/// Local folders that the module blocks in `folder` call: those are no roots themselves.
pub fn module_calls(folder: &str, files: &Files) -> Vec<String> {
    modules::local_calls(folder, files)
}

#[cfg(test)]
mod tests;
