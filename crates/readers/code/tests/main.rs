//! What functions do, as far as their code says it.

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
        environment_unknown: None,
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
