//! Prints how many documents of a folder parse, and how long that takes.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::path::Path;
use std::time::Instant;

use casemate_templates as templates;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let root = arguments.next().unwrap_or_else(|| ".".to_owned());
    let verbose = arguments.next().is_some();
    let mut paths = Vec::new();
    walk(Path::new(&root), "", &mut paths);
    paths.sort();
    let files = templates::Files::folder(&root, "", paths.clone());
    let begin = Instant::now();
    let (mut documents, mut faulty, mut lost) = (0, 0, 0);
    for path in &paths {
        let kind = path.rsplit('.').next().unwrap_or_default();
        if !matches!(kind, "yaml" | "yml" | "json" | "template") {
            continue;
        }
        let Ok(parsed) = files.document(path) else { continue };
        let Some(parsed) = parsed.get() else { continue };
        documents += 1;
        let incomplete = parsed.problems.iter().any(|p| p.loss == text::Loss::Incomplete);
        faulty += usize::from(incomplete);
        lost += usize::from(parsed.value.is_none());
        if verbose {
            for problem in &parsed.problems {
                println!("{path}: {}", shown(problem, &files));
            }
        }
    }
    println!("documents {documents}, incomplete {faulty}, lost {lost}, {:?}", begin.elapsed());
    let files = templates::Files::folder(&root, "", paths);
    let begin = Instant::now();
    let reading = templates::read(&files, &templates::Options::default());
    println!(
        "templates {}, applications {}, problems {}, not read {}, {:?}",
        reading.templates.len(),
        reading.applications.len(),
        reading.problems.len(),
        reading.not_read.len(),
        begin.elapsed()
    );
    if verbose {
        for problem in &reading.problems {
            println!("{}", shown(problem, &files));
        }
        for not_read in &reading.not_read {
            println!("not read: {}: {}", not_read.path, not_read.what);
        }
    }
}

fn shown(problem: &text::Problem, files: &templates::Files) -> String {
    let place = match &problem.place {
        text::Place::Path(path) => path.clone(),
        text::Place::Span(span) => match files.sources().of(*span) {
            Some(source) => {
                let position = source.position(span.start);
                format!("{}:{}:{}", source.path, position.line, position.column)
            }
            None => "?".to_owned(),
        },
    };
    format!("{place}: {:?}: {}", problem.loss, problem.message)
}

fn walk(root: &Path, folder: &str, paths: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && name != "node_modules" && name != ".git" {
            walk(root, &path, paths);
        } else if kind.is_file() {
            paths.push(path);
        }
    }
}
