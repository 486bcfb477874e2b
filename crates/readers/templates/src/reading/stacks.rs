use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use text::{Loss, Place, Problem, SourceId};

use super::merging::{self, Exporting};
use super::{framework, naming};
use cloudformation::joining::{self, Exports};
use cloudformation::{self, Context, Evaluated};
use documents::declaration::Declared;
use documents::value::{Kind, Value};
use documents::{Files, Options};

/// What was read of the candidates.
#[derive(Default)]
pub(super) struct Stacks {
    pub(super) applications: Vec<Declared>,
    /// Files that are templates, as shown to the user.
    pub(super) templates: Vec<String>,
    /// Sources that turned out to be no templates: their problems are nobody's.
    pub(super) rejected: Vec<SourceId>,
    /// Files that look like templates and cannot be had.
    pub(super) problems: Vec<Problem>,
}

/// Reads CloudFormation and SAM templates; one application of each that no other nests.
pub(super) fn read(candidates: &[&str], files: &Files, options: &Options) -> Stacks {
    let parsed: Vec<_> =
        candidates.par_iter().map(|path| (*path, files.load(path), files.document(path))).collect();
    let mut templates = Vec::new();
    let mut stacks = Stacks::default();
    for (path, loaded, document) in &parsed {
        let (loaded, document) = match (loaded, document) {
            (Ok(loaded), Ok(document)) => (loaded, document),
            (Err(error), _) | (_, Err(error)) => {
                let place = Place::Path(files.shown(path));
                stacks.problems.push(Problem::incomplete(error.to_string(), place));
                stacks.templates.push(files.shown(path));
                continue;
            }
        };
        let Some(document) = document.get() else { continue };
        let is_incomplete =
            document.problems.iter().any(|problem| problem.loss == Loss::Incomplete);
        match &document.value {
            Some(value) if is_template(value) => templates.push((*path, value)),
            Some(value) if is_incomplete && says_resources(&loaded.source.text) => {
                templates.push((*path, value));
            }
            None if is_incomplete => stacks.templates.push(files.shown(path)),
            _ => stacks.rejected.push(loaded.id),
        }
    }
    stacks.templates.extend(templates.iter().map(|(path, _)| files.shown(path)));
    let evaluated: Vec<Evaluated> =
        templates.par_iter().map(|(path, value)| evaluate(path, value, files, options)).collect();
    let evaluated: BTreeMap<&str, (&Value, Evaluated)> = templates
        .iter()
        .zip(evaluated)
        .map(|((path, value), evaluated)| (*path, (*value, evaluated)))
        .collect();
    let roots = roots(&evaluated);
    let names = naming::names(&roots, files, options);
    let mut evaluated = evaluated;
    let mut applications = Vec::new();
    for (path, name) in roots.iter().zip(names) {
        let Some((value, evaluated)) = evaluated.remove(path) else { continue };
        let mut read: Vec<String> = vec![files.shown(path)];
        read.extend(evaluated.files.iter().map(|file| files.shown(file)));
        let exports: Exports = joining::named(&evaluated.exports).collect();
        let declared = Declared {
            name,
            root: files.shown(path),
            framework: framework(value),
            declarations: evaluated.declarations,
            problems: evaluated.problems,
            not_read: evaluated.not_read,
            files: read,
        };
        applications.push(Exporting { declared, exports });
    }
    stacks.applications = merging::merged(applications);
    stacks
}

fn evaluate(path: &str, value: &Value, files: &Files, options: &Options) -> Evaluated {
    let scope = String::new();
    let context = Context { files, options, path, scope, arguments: BTreeMap::new() };
    cloudformation::evaluate(value, &context)
}

/// Whether a parsed document is a template.
fn is_template(value: &Value) -> bool {
    let has_resources = match value.get("Resources").map(|resources| &resources.kind) {
        Some(Kind::Map(members)) => members.iter().any(|member| {
            member.key.starts_with("Fn::")
                || member.value.get("Type").and_then(Value::as_str).is_some_and(|kind| {
                    ["AWS::", "Custom::", "Alexa::"].iter().any(|prefix| kind.starts_with(prefix))
                })
        }),
        _ => false,
    };
    has_resources
        || value.get("AWSTemplateFormatVersion").is_some()
        || (value.get("Resources").is_some() && value.get("Transform").is_some())
}

/// Whether a text that could not be parsed speaks of resources as a template does.
fn says_resources(text: &str) -> bool {
    text.lines().any(|line| {
        let word = line.trim_start().trim_start_matches('"');
        word.starts_with("Resources") || word.starts_with("AWSTemplateFormatVersion")
    })
}

/// Templates that no other nests. Of those that nest one another in a circle the first is taken.
fn roots<'a>(evaluated: &BTreeMap<&'a str, (&Value, Evaluated)>) -> Vec<&'a str> {
    let nested = |path: &str| {
        let files = evaluated.get(path).map(|(_, evaluated)| evaluated.files.as_slice());
        files.unwrap_or_default().to_vec()
    };
    let mut below: BTreeSet<String> = BTreeSet::new();
    for path in evaluated.keys() {
        below.extend(nested(path).into_iter().filter(|file| file != path));
    }
    let mut roots: Vec<&str> =
        evaluated.keys().copied().filter(|path| !below.contains(*path)).collect();
    let mut reached: BTreeSet<String> = roots.iter().flat_map(|path| nested(path)).collect();
    for path in evaluated.keys().copied() {
        if !roots.contains(&path) && !reached.contains(path) {
            roots.push(path);
            reached.extend(nested(path));
        }
    }
    roots.sort_unstable();
    roots
}
