use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use documents::{Files, LARGEST_FILE};
use iam::Policy;
use text::{Place, Problem, Sources, Span};

use crate::PolicyFiles;

/// Policy files as they are read.
pub(crate) struct Reading {
    files: Files,
    problems: Vec<Problem>,
}

impl Reading {
    /// Takes in the files, wherever they are; those that cannot be read are problems.
    pub(crate) fn of(named: &PolicyFiles) -> Self {
        let mut problems = Vec::new();
        let mut texts = Vec::new();
        for path in paths(named) {
            match bytes(path) {
                Ok(bytes) => texts.push((shown(path), bytes)),
                Err(error) => {
                    let message = format!("the policy cannot be read: {error}");
                    problems.push(Problem::incomplete(message, Place::Path(shown(path))));
                }
            }
        }
        Self { files: Files::memory(texts), problems }
    }

    /// The policy of a file; none where there is nothing to read.
    pub(crate) fn policy(&mut self, path: &Path) -> Option<Policy> {
        let path = shown(path);
        if !self.files.exists(&path) {
            return None;
        }
        let document = match self.files.document(&path) {
            Ok(document) => document,
            Err(error) => {
                self.problems.push(Problem::incomplete(error.to_string(), Place::Path(path)));
                return None;
            }
        };
        let Some(value) = document.get().and_then(|parsed| parsed.value.as_ref()) else {
            let place = match self.files.load(&path) {
                Ok(loaded) => Span::file(loaded.id).into(),
                Err(_) => Place::Path(path),
            };
            self.problems.push(Problem::incomplete("there is no policy in this file", place));
            return None;
        };
        let (policy, problems) = lowering::policy_document(value);
        self.problems.extend(problems);
        Some(policy)
    }

    /// The files, and all that is wrong with them in the order of their places.
    pub(crate) fn finish(mut self) -> (Sources, Vec<Problem>) {
        self.problems.extend(self.files.problems(&[]));
        let place = |problem: &Problem| match &problem.place {
            Place::Path(path) => (None, path.clone()),
            Place::Span(span) => (Some(*span), String::new()),
        };
        self.problems.sort_by_key(place);
        // A file may have several says.
        self.problems.dedup();
        (self.files.sources(), self.problems)
    }
}

fn paths(named: &PolicyFiles) -> impl Iterator<Item = &PathBuf> {
    let levels = named.service_control.iter().flatten();
    let single = named.resource.iter().chain(&named.boundary);
    named.identity.iter().chain(&named.session).chain(single).chain(levels)
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// A file's bytes, one more than is read at most: a pipe may have no end.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
