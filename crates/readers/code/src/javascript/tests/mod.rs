mod behaviour;
mod bundles;
mod resolution;
mod sdk;
mod tree;

use std::collections::BTreeMap;

use documents::Files;
use iam::api::Argument;
use profile::{Behaviour, Coverage};
use text::{EntityId, PartialText};

use crate::Entry;

/// What the handler `index.handler` of these files does, a line each: calls as
/// `s3.GetObject(Bucket=${Bucket})` with the arguments that are known, then hosts, processes, files
/// and unresolved calls. `BUCKET` and `TABLE` are references in the environment.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    check_in(&[""], "index.handler", files, expect);
}

/// The same with the folders of code and layers, and a handler.
fn check_in(roots: &[&str], handler: &str, files: &[(&str, &str)], expect: &[&str]) {
    let read = Files::memory(files.iter().copied());
    let reference = |name: &str| vec![PartialText::reference(EntityId::new(name), "Ref")];
    let entry = Entry {
        runtime: "nodejs22.x".to_owned(),
        handler: handler.to_owned(),
        roots: roots.iter().map(|root| (*root).to_owned()).collect(),
        environment: BTreeMap::from([
            ("BUCKET".to_owned(), reference("Bucket")),
            ("TABLE".to_owned(), reference("Table")),
        ]),
        ..Entry::default()
    };
    let (behaviour, problems) = crate::read(&read, &entry);
    let mut lines = written(&behaviour);
    lines.extend(problems.iter().map(|problem| format!("problem: {}", problem.message)));
    assert_eq!(lines, expect, "{files:#?}");
}

fn written(behaviour: &Behaviour) -> Vec<String> {
    let mut lines = Vec::new();
    if let Coverage::NotRead(why) = &behaviour.coverage {
        lines.push(format!("not read: {why}"));
    }
    for call in &behaviour.calls {
        let call = &call.call;
        let passed = call.arguments.iter();
        let known = passed.filter_map(|(name, value)| Some(format!("{name}={}", argument(value)?)));
        let mut known: Vec<String> = known.collect();
        known.extend(call.rest_unknown.is_some().then(|| "?".to_owned()));
        lines.push(format!("{}.{}({})", call.service, call.operation, known.join(", ")));
    }
    lines.extend(behaviour.destinations.iter().map(|one| format!("host {}", one.host)));
    lines.extend(behaviour.processes.iter().map(|one| format!("process {}", one.command)));
    lines.extend(behaviour.files.iter().map(|one| format!("file {}", one.path)));
    lines.extend(behaviour.unresolved.iter().map(|one| format!("{}: {}", one.call, one.reason)));
    lines
}

/// An argument that is a text or holds one.
fn argument(value: &Argument) -> Option<String> {
    match value {
        Argument::Text(text) => Some(text.to_string()),
        Argument::Either(choices) => {
            let choices: Vec<String> = choices.iter().filter_map(argument).collect();
            (!choices.is_empty()).then(|| choices.join("|"))
        }
        _ => None,
    }
}
