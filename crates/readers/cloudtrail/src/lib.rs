//! CloudTrail's records: what an account's functions really called.
//!
//! Job: read log files as CloudTrail, its lake, EventBridge and people's tools leave them: `Records`
//! in JSON, JSON by line, single records, each plain or gzipped. Input: files and folders. Output:
//! one [`profile::Event`] after the other, and problems at their place.
//! It must never hold a whole file in memory, and never make up an action for an event that it does
//! not know.

mod calls;
mod files;
mod limits;
mod records;
mod splitter;

use std::io::Read;
use std::path::PathBuf;

use profile::Event;
use text::{Place, Problem};

/// Hands every record of files and folders to `take`; returns what could not be read.
pub fn read(paths: &[PathBuf], take: &mut dyn FnMut(Event)) -> Vec<Problem> {
    let (files, mut problems) = files::list(paths);
    if files.is_empty() && problems.is_empty() {
        let path = paths.first().map(|path| path.to_string_lossy().into_owned());
        let place = Place::Path(path.unwrap_or_default());
        problems.push(Problem::incomplete("there are no records of CloudTrail", place));
    }
    let mut memory = records::Memory::default();
    for path in files {
        let shown = path.to_string_lossy().replace('\\', "/");
        match std::fs::File::open(&path) {
            Ok(file) => problems.extend(read_with(&shown, file, &mut memory, take)),
            Err(error) => {
                let message = format!("the file cannot be read: {error}");
                problems.push(Problem::incomplete(message, Place::Path(shown)));
            }
        }
    }
    problems
}

/// Hands every record of one file, plain or gzipped, to `take`; returns what could not be read.
pub fn read_one(shown: &str, bytes: impl Read, take: &mut dyn FnMut(Event)) -> Vec<Problem> {
    read_with(shown, bytes, &mut records::Memory::default(), take)
}

fn read_with(
    shown: &str,
    bytes: impl Read,
    memory: &mut records::Memory,
    take: &mut dyn FnMut(Event),
) -> Vec<Problem> {
    let mut trail = records::Trail::new(shown, memory, take);
    let end = limits::text_of(bytes, &mut |chunk| trail.add(chunk));
    trail.finish(end)
}
