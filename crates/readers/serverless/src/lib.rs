//! Serverless Framework services, evaluated to declarations.
//!
//! Job: resolve variables and compile a service to the template that the framework would deploy.
//! Input: a service file. Output: declarations in CloudFormation's schema, named as the author did.
//! It must never run a plugin, and never guess what only a deployment knows.

mod aws;
mod compose;
mod others;
mod platforms;
mod service;
mod variables;

use std::collections::HashSet;

use app_graph::{Framework, NotRead};
use text::{Place, Problem};

use documents::declaration::Declared;
use documents::{Files, Options};
use service::Service;
use variables::Resolver;

pub use compose::{ComposedService, composed_services};

/// Reads the service that the file at `path` declares; `None` where it declares none, as a
/// composition of services (see [`composed_services`]) does.
pub fn read(path: &str, files: &Files, options: &Options) -> Option<Declared> {
    let mut declared = Declared {
        name: folder_name(path),
        root: files.shown(path),
        framework: Framework::Serverless,
        declarations: Vec::new(),
        problems: Vec::new(),
        not_read: Vec::new(),
        files: vec![files.shown(path)],
    };
    let file_name = path.rsplit('/').next().unwrap_or(path);
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if matches!(extension, "js" | "cjs" | "mjs" | "ts" | "mts" | "cts") {
        let what = "Serverless Framework service written as code; write it as YAML, or scan the \
                    template that `serverless package` leaves in `.serverless`";
        let path = declared.root.clone();
        declared.not_read.push(NotRead { path, what: what.to_owned(), span: None });
        return Some(declared);
    }
    let parsed = match files.document(path) {
        Ok(parsed) => parsed,
        Err(error) => {
            let place = Place::Path(declared.root.clone());
            declared.problems.push(Problem::incomplete(error.to_string(), place));
            return Some(declared);
        }
    };
    let root = parsed.get()?.value.as_ref()?;
    if root.get("service").is_none() && root.get("provider").is_none() {
        return None;
    }
    let parameters = compose::parameters_of(path, files);
    let mut resolver = Resolver::new(path, root, files, options, parameters);
    let mut service = Service::read(&mut resolver, root);
    if service.provider_name == "aws" {
        service.functions.extend(aws::constructs::workers(&resolver.section("constructs")));
    }
    if let Some(name) = service.name.as_str() {
        declared.name = name.to_owned();
    }
    match service.provider_name.as_str() {
        "aws" => aws::declare(&service, &mut resolver, path, files, options, &mut declared),
        "google" => others::declare_google(&service, &mut declared),
        "azure" => others::declare_azure(&service, path, files, &mut declared),
        other if platforms::declare(other, &service, &mut declared) => {}
        other => {
            let what = format!("Serverless Framework service for the provider `{other}`");
            let span = Some(service.provider.span);
            declared.not_read.push(NotRead { path: files.shown(path), what, span });
        }
    }
    declared.problems.splice(0..0, service.problems);
    declared.problems.splice(0..0, std::mem::take(&mut resolver.problems));
    each_once(&mut declared.problems);
    for file in std::mem::take(&mut resolver.read) {
        if !declared.files.contains(&file) {
            declared.files.push(file);
        }
    }
    Some(declared)
}

/// Drops problems that only repeat another's reason: a resource whose file is missing.
fn each_once(problems: &mut Vec<Problem>) {
    let messages: HashSet<String> =
        problems.iter().map(|problem| problem.message.clone()).collect();
    problems.retain(|problem| {
        let mut rest = problem.message.as_str();
        while let Some((_, reason)) = rest.split_once(": ") {
            if messages.contains(reason) {
                return false;
            }
            rest = reason;
        }
        true
    });
}

fn folder_name(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let file = parts.next().unwrap_or(path);
    parts.next().unwrap_or(file).to_owned()
}

#[cfg(test)]
mod tests;
