//! CloudFormation, SAM and synthesised CDK, evaluated to declarations.
//!
//! Job: resolve intrinsics, parameters, conditions and nested stacks, and expand SAM to what its
//! transform makes. Input: a parsed template in its [`Context`]. Output: [`Evaluated`] declarations.
//! It must never say what a property means, and never choose a branch of a condition.

pub mod cdk;
pub mod joining;
pub mod sam;

mod assets;
mod branches;
mod conditions;
mod cycles;
mod definitions;
mod evaluator;
mod for_each;
mod functions;
mod includes;
mod json_texts;
mod metadata;
mod nested;
mod parameters;
mod resources;
mod samconfig;
mod strings;
mod template;

use std::collections::BTreeMap;

use app_graph::NotRead;
use text::Problem;

use documents::declaration::Declaration;
use documents::value::Value;
use documents::{Files, Options};

pub use functions::import_reason;
pub use resources::set_asset_path;
pub use samconfig::stack_name;

/// What a template is evaluated in.
pub struct Context<'a> {
    /// The scan's files, for nested templates and definitions.
    pub files: &'a Files,
    /// What the user said.
    pub options: &'a Options,
    /// The template's file, as a path of `files`.
    pub path: &'a str,
    /// What ids begin with: empty, or the nested stacks' logical ids, each with `/` behind it.
    pub scope: String,
    /// The parent's arguments for the template's parameters, already evaluated.
    pub arguments: BTreeMap<String, Value>,
}

/// What a template evaluates to.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// Its resources and those of its nested stacks, SAM's expanded.
    pub declarations: Vec<Declaration>,
    /// Its outputs, by name.
    pub outputs: BTreeMap<String, Value>,
    /// Its exports: name for other stacks, and value.
    pub exports: Vec<(Value, Value)>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Paths of other files that were read for it: nested templates and definitions.
    pub files: Vec<String>,
}

/// Evaluates a parsed template (or a Serverless Framework service's `resources`).
pub fn evaluate(template: &Value, context: &Context<'_>) -> Evaluated {
    template::evaluate(template, context, &[])
}

/// Whether a template is one of the Serverless Application Model.
pub fn is_serverless(template: &Value) -> bool {
    template::is_serverless(template)
}
