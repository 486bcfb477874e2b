//! What functions do, as far as their code says it.

mod go;
mod java;
mod python;

use std::collections::BTreeMap;

use casemate_code::{self as code, Entry};
use documents::Files;
use iam::api::Argument;
use profile::{Behaviour, Coverage};
use text::{EntityId, PartialText, Problem};

/// Reads the handler of some files; `TABLE` and `BUCKET` are variables that refer to a table `Orders` and a
/// bucket `Uploads`.
fn read(runtime: &str, handler: &str, files: &[(&str, &str)]) -> (Behaviour, Vec<Problem>, Files) {
    let files = Files::memory(files.iter().map(|(path, text)| (*path, *text)));
    let reference = |entity: &str| vec![PartialText::reference(EntityId::new(entity), "Ref")];
    let environment = [("TABLE", "Orders"), ("BUCKET", "Uploads"), ("QUEUE_URL", "Jobs")];
    let entry = Entry {
        runtime: runtime.to_owned(),
        handler: handler.to_owned(),
        roots: vec![String::new()],
        inline: None,
        environment: BTreeMap::from(
            environment.map(|(name, entity)| (name.to_owned(), reference(entity))),
        ),
        ..Entry::default()
    };
    let (behaviour, problems) = code::read(&files, &entry);
    (behaviour, problems, files)
}

/// What is told about a function, a line each: `s3.GetObject(Bucket=${Uploads})`, `host api.example.com`,
/// `process`, `writes`, `unresolved 3: call: reason`, `problem 3: message`.
fn told(runtime: &str, handler: &str, files: &[(&str, &str)]) -> Vec<String> {
    let (behaviour, problems, files) = read(runtime, handler, files);
    let line = |span: text::Span| {
        files.source(span.source).map_or(0, |source| source.position(span.start).line)
    };
    let mut lines = Vec::new();
    if let Coverage::NotRead(reason) = &behaviour.coverage {
        lines.push(format!("not read: {reason}"));
    }
    for call in &behaviour.calls {
        let call = &call.call;
        let mut arguments: Vec<String> =
            call.arguments.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect();
        arguments.extend(call.rest_unknown.iter().map(|_| "…".to_owned()));
        lines.push(format!("{}.{}({})", call.service, call.operation, arguments.join(", ")));
    }
    lines.extend(behaviour.destinations.iter().map(|found| format!("host {}", found.host)));
    lines.extend(behaviour.processes.iter().map(|found| format!("process {}", found.command)));
    lines.extend(behaviour.files.iter().map(|found| format!("writes {}", found.path)));
    for found in &behaviour.unresolved {
        lines.push(format!("unresolved {}: {}: {}", line(found.span), found.call, found.reason));
    }
    for problem in problems {
        let place = match problem.place {
            text::Place::Span(span) => line(span).to_string(),
            text::Place::Path(path) => path,
        };
        lines.push(format!("problem {place}: {}", problem.message));
    }
    lines
}

fn shown(argument: &Argument) -> String {
    match argument {
        Argument::Text(text) => text.to_string(),
        Argument::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Argument::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}: {}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Argument::Other => "-".to_owned(),
        Argument::Unknown(_) => "?".to_owned(),
        Argument::Either(choices) => choices.iter().map(shown).collect::<Vec<_>>().join("|"),
    }
}

/// Compares what is told about a function with what is expected, line by line; each file stands behind
/// a line `-- path --`.
#[track_caller]
fn check_archive(runtime: &str, handler: &str, archive: &str, expect: &str) {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in archive.lines() {
        match line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            Some(path) => files.push((path, String::new())),
            None => {
                if let Some((_, text)) = files.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let told = told(runtime, handler, &files);
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(told, expect, "\n{}", told.join("\n"));
}
