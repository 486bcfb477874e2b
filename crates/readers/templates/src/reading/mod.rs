mod discovery;
mod merging;
mod naming;
mod problems;
mod recognised;
mod stacks;

use std::collections::HashSet;

use app_graph::{AppGraph, Framework, NotRead};
use rayon::prelude::*;
use text::Problem;

use cloudformation::cdk;
use discovery::Found;
use documents::declaration::Declared;
use documents::value::Value;
use documents::{Files, Options};
use lowering as lower;

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Reading {
    /// One graph for each application.
    pub applications: Vec<AppGraph>,
    /// What could not be read, and advice.
    pub problems: Vec<Problem>,
    /// Infrastructure that was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Templates that were recognised: files that declare infrastructure.
    pub templates: Vec<String>,
}

/// Finds and reads all applications.
pub fn read(files: &Files, options: &Options) -> Reading {
    let found = discovery::discover(files);
    let mut declared = read_services(&found, files, options);
    // A service's own resource files look like templates and are none of their own.
    let taken: HashSet<String> =
        declared.iter().flat_map(|declared| declared.files.iter().cloned()).collect();
    let candidates: Vec<&str> = found
        .templates
        .iter()
        .map(String::as_str)
        .filter(|path| !taken.contains(&files.shown(path)))
        .collect();
    let mut stacks = stacks::read(&candidates, files, options);
    let mut templates = stacks.templates;
    templates.extend(declared.iter().flat_map(|declared| declared.files.iter().cloned()));
    templates.extend(found.unreadable);
    declared.append(&mut stacks.applications);
    let mut reading = Reading { not_read: found.not_read, ..Reading::default() };
    let mut problems = found.problems;
    problems.extend(stacks.problems);
    problems.extend(files.problems(&stacks.rejected));
    // All is declared: the trees go before the graphs come, and each application's declarations with
    // its lowering.
    files.forget_documents();
    let lowered: Vec<(AppGraph, Vec<Problem>)> = declared
        .into_par_iter()
        .map(|mut application| {
            let (mut graph, lowering) = lower::lower(&application);
            for not_read in application.not_read {
                if !graph.not_read.contains(&not_read) {
                    graph.not_read.push(not_read);
                }
            }
            application.problems.extend(lowering);
            (graph, application.problems)
        })
        .collect();
    for (graph, lowering) in lowered {
        problems.extend(lowering);
        reading.not_read.extend(graph.not_read.iter().cloned());
        reading.applications.push(graph);
    }
    reading
        .applications
        .sort_by(|first, second| (&first.root, &first.name).cmp(&(&second.root, &second.name)));
    reading.problems = problems::sorted(problems, files);
    reading.not_read.sort_by(|first, second| {
        (&first.path, &first.what, first.span).cmp(&(&second.path, &second.what, second.span))
    });
    reading.not_read.dedup();
    templates.sort();
    templates.dedup();
    reading.templates = templates;
    reading
}

/// Reads everything that is no plain CloudFormation template.
fn read_services(found: &Found, files: &Files, options: &Options) -> Vec<Declared> {
    enum Service<'a> {
        Assembly(&'a str),
        Serverless(&'a str),
        Terraform(&'a str),
        Plan(&'a str),
    }
    let mut services = Vec::new();
    services.extend(found.assemblies.iter().map(|path| Service::Assembly(path)));
    services.extend(found.services.iter().map(|path| Service::Serverless(path)));
    services.extend(found.modules.iter().map(|folder| Service::Terraform(folder)));
    services.extend(found.plans.iter().map(|path| Service::Plan(path)));
    services
        .par_iter()
        .filter_map(|service| match service {
            Service::Assembly(path) => cdk::read(path, files, options),
            Service::Serverless(path) => serverless::read(path, files, options),
            Service::Terraform(folder) => terraform::read(folder, files, options),
            Service::Plan(path) => terraform::read_plan(path, files, options),
        })
        .collect()
}

/// Framework of a plain template.
fn framework(template: &Value) -> Framework {
    match cloudformation::is_serverless(template) {
        true => Framework::Sam,
        false => Framework::CloudFormation,
    }
}
