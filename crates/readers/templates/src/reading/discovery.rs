use std::collections::{BTreeMap, BTreeSet};

use app_graph::NotRead;
use memchr::memmem;
use rayon::prelude::*;
use text::{Place, Problem};

use super::naming::{file_name, folder};
use super::recognised;
use documents::{FileError, Files};

/// What lies in a folder, by name and a look into the files; nothing is parsed.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files that look like CloudFormation templates.
    pub(super) templates: Vec<String>,
    /// Manifests of cloud assemblies.
    pub(super) assemblies: Vec<String>,
    /// Serverless Framework services.
    pub(super) services: Vec<String>,
    /// Root folders of Terraform.
    pub(super) modules: Vec<String>,
    /// Terraform plans.
    pub(super) plans: Vec<String>,
    pub(super) not_read: Vec<NotRead>,
    /// Files that look like templates and cannot be had, as shown to the user.
    pub(super) unreadable: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// What one file looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    Template,
    Assembly,
    Service,
    /// A file of Terraform, with the local folders its module blocks call.
    Terraform(Vec<String>),
    Plan,
    /// Recognised, not read: what it is.
    Other(recognised::Other),
    /// Looks like a template and cannot be had.
    Unreadable(FileError),
}

/// Looks at every file.
pub(super) fn discover(files: &Files) -> Found {
    let mut sights: Vec<(&str, Sight)> = files
        .paths()
        .par_iter()
        .filter_map(|path| look(path, files).map(|sight| (path.as_str(), sight)))
        .collect();
    sights.sort_by(|first, second| first.0.cmp(second.0));
    let mut found = Found { assemblies: assemblies(&sights, files), ..Found::default() };
    let assembled: Vec<String> =
        found.assemblies.iter().map(|path| format!("{}/", folder(path))).collect();
    // What lies in a cloud assembly belongs to it.
    sights.retain(|(path, _)| !assembled.iter().any(|folder| path.starts_with(folder)));
    let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut others = Vec::new();
    for (path, sight) in &sights {
        match sight {
            Sight::Template => found.templates.push((*path).to_owned()),
            Sight::Service => found.services.push((*path).to_owned()),
            Sight::Plan => found.plans.push((*path).to_owned()),
            Sight::Terraform(called) => {
                modules.entry(folder(path)).or_default().extend(called.iter().cloned());
            }
            Sight::Other(other) => others.push((*path, *other)),
            Sight::Assembly => {}
            Sight::Unreadable(error) => {
                let place = Place::Path(files.shown(path));
                found.problems.push(Problem::incomplete(error.to_string(), place));
                found.unreadable.push(files.shown(path));
            }
        }
    }
    found.modules = root_modules(&modules);
    found.not_read = recognised::not_read(&others, files, &found.assemblies);
    found
}

/// Folders that no other calls. Of those that call one another in a circle the first is taken.
fn root_modules(modules: &BTreeMap<&str, Vec<String>>) -> Vec<String> {
    let called: BTreeSet<&str> = modules.values().flatten().map(String::as_str).collect();
    let (mut under_way, circling): (Vec<&str>, Vec<&str>) =
        modules.keys().partition(|folder| !called.contains(*folder));
    let mut roots: BTreeSet<&str> = under_way.iter().copied().collect();
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut circling = circling.into_iter();
    loop {
        while let Some(folder) = under_way.pop() {
            if reached.insert(folder) {
                under_way.extend(modules.get(folder).into_iter().flatten().map(String::as_str));
            }
        }
        match circling.find(|folder| !reached.contains(folder)) {
            Some(folder) => {
                roots.insert(folder);
                under_way.push(folder);
            }
            None => return roots.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Outermost manifests, and those that `cdk.json` leads to though they are not among the files.
fn assemblies(sights: &[(&str, Sight)], files: &Files) -> Vec<String> {
    let mut manifests: BTreeSet<String> = BTreeSet::new();
    for (path, sight) in sights {
        match sight {
            Sight::Assembly => drop(manifests.insert((*path).to_owned())),
            Sight::Other(recognised::Other::Cdk) => {
                let manifest = files.resolve(path, "cdk.out/manifest.json");
                manifests.extend(manifest.ok().filter(|manifest| files.exists(manifest)));
            }
            _ => {}
        }
    }
    let folders: Vec<String> = manifests.iter().map(|path| folder(path).to_owned()).collect();
    manifests
        .into_iter()
        .filter(|path| {
            let own = folder(path);
            !folders.iter().any(|other| {
                own.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        })
        .collect()
}

/// Folders of what tools download or make of the templates themselves.
const MADE_FOLDERS: [&str; 5] = [".aws-sam", ".serverless", ".terraform", "node_modules", ".git"];

fn look(path: &str, files: &Files) -> Option<Sight> {
    if folder(path).split('/').any(|name| MADE_FOLDERS.contains(&name)) {
        return None;
    }
    let name = file_name(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    if let Some(other) = recognised::by_name(path, name) {
        return Some(Sight::Other(other));
    }
    match extension {
        "tf" | "tofu" => return Some(Sight::Terraform(called_folders(path, files))),
        "yaml" | "yml" | "json" | "template" => {}
        _ => return None,
    }
    if name.ends_with(".tf.json") {
        return Some(Sight::Terraform(Vec::new()));
    }
    let bytes = match files.bytes(path) {
        Ok(bytes) => bytes,
        Err(error @ FileError::TooLarge { .. }) => {
            // Data may be as large as it likes.
            let beginning = files.beginning(path).ok()?;
            let has = |word: &str| memmem::find(&beginning, word.as_bytes()).is_some();
            let is_service = name.starts_with("serverless.") && has("service");
            let is_plan = has("\"terraform_version\"");
            return (is_service || is_plan || looks_like_template(&beginning))
                .then_some(Sight::Unreadable(error));
        }
        // A link that leads nowhere is no template.
        Err(FileError::Missing(_)) => return None,
        Err(error) => return Some(Sight::Unreadable(error)),
    };
    let has = |word: &str| memmem::find(&bytes, word.as_bytes()).is_some();
    match name {
        "serverless.yml" | "serverless.yaml" | "serverless.json"
            if has("provider") || has("service") || has("functions") =>
        {
            return Some(Sight::Service);
        }
        // One of stages alone names no stack, only the assemblies of the stages.
        "manifest.json"
            if has("\"artifacts\"")
                && (has("aws:cloudformation:stack") || has("cdk:cloud-assembly")) =>
        {
            return Some(Sight::Assembly);
        }
        _ => {}
    }
    if looks_like_template(&bytes) {
        return Some(Sight::Template);
    }
    if extension == "json" && has("\"terraform_version\"") {
        let is_plan = has("\"planned_values\"") || has("\"resource_changes\"");
        return is_plan.then_some(Sight::Plan);
    }
    recognised::by_content(name, &bytes).map(Sight::Other)
}

/// Whether a text speaks as templates do. UTF-16 speaks with zeros between its letters.
fn looks_like_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    if has("AWSTemplateFormatVersion") {
        return true;
    }
    if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        let wide: Vec<u8> = b"Resources".iter().flat_map(|byte| [*byte, 0]).collect();
        return memmem::find(bytes, &wide).is_some();
    }
    has("Resources") && ((has("AWS::") && has("Type")) || has("AWS::Serverless-"))
}

/// Folders that the module blocks of a file call: `source = "./orders"`.
fn called_folders(path: &str, files: &Files) -> Vec<String> {
    let Ok(bytes) = files.bytes(path) else { return Vec::new() };
    let text = String::from_utf8_lossy(&bytes);
    let mut called = Vec::new();
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix("source") else { continue };
        let Some(rest) = rest.trim_start().strip_prefix('=') else { continue };
        let Some(rest) = rest.trim_start().strip_prefix('"') else { continue };
        let Some((source, _)) = rest.split_once('"') else { continue };
        if source.starts_with("./") || source.starts_with("../") {
            called.extend(files.resolve(path, source));
        }
    }
    called
}
