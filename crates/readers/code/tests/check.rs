use std::collections::BTreeMap;

use casemate_code::{Entry, read};
use documents::Files;
use iam::api::Argument;
use profile::Coverage;
use text::{EntityId, PartialText};

/// Files by their paths, each behind a line `-- path --`.
fn files(archive: &str) -> Files {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in archive.lines() {
        match line.strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            Some(path) => files.push((path.to_owned(), String::new())),
            None => {
                if let Some((_, text)) = files.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    Files::memory(files)
}

/// Reads a function whose environment has `TABLE` and `BUCKET`, and compares what it does: a line for
/// each call, destination, process, file and unresolved call.
#[track_caller]
pub(crate) fn check(runtime: &str, handler: &str, archive: &str, expect: &str) {
    let reference = |name: &str| vec![PartialText::reference(EntityId::new(name), "Ref")];
    let environment = BTreeMap::from([
        ("TABLE".to_owned(), reference("Table")),
        ("BUCKET".to_owned(), reference("Bucket")),
    ]);
    let entry = Entry {
        runtime: runtime.to_owned(),
        handler: handler.to_owned(),
        roots: vec![String::new()],
        environment,
        ..Entry::default()
    };
    let files = files(archive);
    let (behaviour, problems) = read(&files, &entry);
    let mut lines = Vec::new();
    if let Coverage::NotRead(why) | Coverage::Unsupported(why) = &behaviour.coverage {
        lines.push(format!("not read: {why}"));
    }
    for call in &behaviour.calls {
        let mut arguments: Vec<String> = call.call.arguments.iter().filter_map(shown).collect();
        arguments.extend(call.call.rest_unknown.iter().map(|why| format!("? {why}")));
        let call = &call.call;
        lines.push(format!("{}:{}({})", call.service, call.operation, arguments.join(", ")));
    }
    lines.extend(behaviour.destinations.iter().map(|found| format!("host {}", found.host)));
    lines.extend(behaviour.processes.iter().map(|found| format!("process {}", found.command)));
    lines.extend(behaviour.files.iter().map(|found| format!("file {}", found.path)));
    for unresolved in &behaviour.unresolved {
        let source = files.source(unresolved.span.source).unwrap();
        let line = source.position(unresolved.span.start).line;
        lines.push(format!("unresolved {line}: {}", unresolved.reason));
    }
    lines.extend(problems.iter().map(|problem| format!("problem: {}", problem.message)));
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expect, "\n{}", lines.join("\n"));
}

/// An argument that is a text, or what is known of the texts in it.
fn shown((name, argument): &(String, Argument)) -> Option<String> {
    Some(format!("{name}={}", value(argument)?))
}

fn value(argument: &Argument) -> Option<String> {
    match argument {
        Argument::Text(text) => Some(text.to_string()),
        Argument::Either(choices) => {
            let choices: Vec<String> = choices.iter().filter_map(value).collect();
            (!choices.is_empty()).then(|| choices.join("|"))
        }
        Argument::List(items) => {
            let items: Vec<String> = items.iter().filter_map(value).collect();
            (!items.is_empty()).then(|| format!("[{}]", items.join(" ")))
        }
        Argument::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .filter_map(|(key, argument)| Some(format!("{key}: {}", value(argument)?)))
                .collect();
            (!entries.is_empty()).then(|| format!("{{{}}}", entries.join(" ")))
        }
        Argument::Other | Argument::Unknown(_) => None,
    }
}
