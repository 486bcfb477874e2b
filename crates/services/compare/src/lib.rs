//! What a change lets anyone do that nobody could before.
//!
//! Job: compare two states of a project and say what is new in the later one: access that policies
//! give, ways in from the internet, things laid open to others, ways to more permissions.
//! Input: two scans, of folders or of git revisions. Output: a [`Comparison`], its text and JSON.
//! It must never call something unchanged that it could not compare.

mod access;
mod entries;
mod exposure;
mod json;
mod pairs;
mod revision;
mod terminal;

use scan::{Exit, Scan};
use text::Loss;

pub use access::NewAccess;
pub use entries::NewEntry;
pub use exposure::NewExposure;
pub use json::json;
pub use revision::{RevisionError, read};
pub use terminal::text;

/// What is new.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Access that was not granted before.
    pub access: Vec<NewAccess>,
    /// Ways in from the internet that were not there or asked for more.
    pub entries: Vec<NewEntry>,
    /// Things laid open to others, and ways to more permissions.
    pub exposures: Vec<NewExposure>,
    /// Why more may be new than is listed.
    pub gaps: Vec<String>,
}

/// Compares two scans.
pub fn compare(old: &Scan, new: &Scan) -> Comparison {
    let mut comparison = Comparison::default();
    for (name, side) in [("old", old), ("new", new)] {
        let lost = side.problems.iter().filter(|problem| problem.loss == Loss::Incomplete).count();
        let lost = lost + side.not_read.len();
        if lost > 0 {
            comparison.gaps.push(format!("{lost} parts of the {name} state could not be read"));
        }
    }
    for (before, after) in pairs::pairs(old, new) {
        access::compare(before, after, new, &mut comparison);
        entries::compare(before, after, new, &mut comparison);
    }
    exposure::compare(old, new, &mut comparison);
    comparison
}

impl Comparison {
    /// Whether nothing is new, as far as could be compared.
    pub fn is_empty(&self) -> bool {
        self.access.is_empty() && self.entries.is_empty() && self.exposures.is_empty()
    }

    /// What the process answers with: something new before incomplete, incomplete before clean.
    pub fn exit(&self) -> Exit {
        match (self.is_empty(), self.gaps.is_empty()) {
            (false, _) => Exit::Findings,
            (true, false) => Exit::Incomplete,
            (true, true) => Exit::Clean,
        }
    }
}

/// Where something is said, as people read it: file and line.
fn place(scan: &Scan, span: text::Span) -> String {
    let (path, position) = scan.place_of(span);
    format!("{path}:{}", position.line)
}
