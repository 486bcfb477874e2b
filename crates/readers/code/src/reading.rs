use documents::Files;
use profile::{Behaviour, Coverage};
use text::Problem;

use crate::Entry;
use crate::evaluate::{self, Parsed};
use crate::language;

/// Code nests, and so does what reads it: its thread has room.
const STACK: usize = 1 << 30;

/// Reads the code of one function.
pub fn read(files: &Files, entry: &Entry) -> (Behaviour, Vec<Problem>) {
    let entries = std::slice::from_ref(entry);
    let nothing = || (not_read("its code was not followed"), Vec::new());
    read_all(files, entries).pop().unwrap_or_else(nothing)
}

/// Reads the code of several functions, in their order; a file that they share is parsed once.
pub fn read_all(files: &Files, entries: &[Entry]) -> Vec<(Behaviour, Vec<Problem>)> {
    let follow_all = || {
        let parsed = Parsed::default();
        entries.iter().map(|entry| follow(files, entry, &parsed)).collect()
    };
    let read = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, follow_all);
        thread.ok().and_then(|thread| thread.join().ok())
    });
    read.unwrap_or_else(|| {
        entries.iter().map(|_| (not_read("its code was not followed"), Vec::new())).collect()
    })
}

fn follow(files: &Files, entry: &Entry, parsed: &Parsed) -> (Behaviour, Vec<Problem>) {
    if let Some(other) = language::other(files, entry) {
        let coverage = Coverage::Unsupported(other.to_owned());
        return (Behaviour::new(coverage), Vec::new());
    }
    match language::of_runtime(&entry.runtime) {
        Some(language) => evaluate::follow(files, entry, language, parsed),
        None => {
            let coverage = Coverage::Unsupported(entry.runtime.clone());
            (Behaviour::new(coverage), Vec::new())
        }
    }
}

fn not_read(why: &str) -> Behaviour {
    Behaviour::new(Coverage::NotRead(why.to_owned()))
}
