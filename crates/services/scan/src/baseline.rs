use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::{Scan, Status};

/// Findings that were there before and do not count.
///
/// An entry is consumed by one finding. It first takes the finding of the same fingerprint in its
/// own file; a file that is gone was perhaps renamed, and only then its entries take findings of
/// the same fingerprint elsewhere. So a new file with the same logical ids is never hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Format version: 1.
    pub version: u32,
    /// What was known.
    pub findings: Vec<Known>,
}

/// One finding that was known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Known {
    /// The rule, for people.
    pub rule: String,
    /// The file it was in.
    pub file: String,
    /// Function, role or resource, for people.
    pub name: String,
    /// Independent of place.
    pub fingerprint: String,
}

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It cannot be read or written.
    #[error("`{path}`: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// It is no baseline.
    #[error("`{path}` is not a baseline: {source}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

impl Baseline {
    /// The baseline of all open findings of a scan.
    pub fn of(scan: &Scan) -> Self {
        let open = scan.findings.iter().filter(|judged| judged.status != Status::Suppressed);
        let mut findings: Vec<Known> = open
            .map(|judged| Known {
                rule: judged.finding.rule.id.to_owned(),
                file: scan.file_of(judged).to_owned(),
                name: judged
                    .finding
                    .subjects()
                    .next()
                    .map_or("", |subject| &subject.name)
                    .to_owned(),
                fingerprint: judged.finding.fingerprint().0,
            })
            .collect();
        findings.sort();
        Self { version: 1, findings }
    }

    /// Reads a baseline file.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| BaselineError::File { path: path.to_owned(), source })?;
        serde_json::from_str(&text)
            .map_err(|source| BaselineError::Invalid { path: path.to_owned(), source })
    }

    /// Writes a baseline file, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<(), BaselineError> {
        let invalid = |source| BaselineError::Invalid { path: path.to_owned(), source };
        let text = serde_json::to_string_pretty(self).map_err(invalid)? + "\n";
        let beside = path.with_extension("new");
        let file = |source| BaselineError::File { path: path.to_owned(), source };
        std::fs::write(&beside, text).map_err(file)?;
        std::fs::rename(&beside, path).map_err(file)
    }

    /// Marks the open findings that were known.
    pub(crate) fn apply(&self, scan: &mut Scan) {
        let present: BTreeSet<String> =
            scan.sources.iter().map(|(_, source)| source.path.clone()).collect();
        let mut here: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut moved: BTreeMap<String, usize> = BTreeMap::new();
        for known in &self.findings {
            if present.contains(&known.file) {
                *here.entry((known.fingerprint.clone(), known.file.clone())).or_default() += 1;
            } else {
                *moved.entry(known.fingerprint.clone()).or_default() += 1;
            }
        }
        let known_files: BTreeSet<&str> = self.findings.iter().map(|known| &*known.file).collect();
        for index in 0..scan.findings.len() {
            let Some(judged) = scan.findings.get(index) else { continue };
            if judged.status != Status::Open {
                continue;
            }
            let fingerprint = judged.finding.fingerprint().0;
            let file = scan.file_of(judged).to_owned();
            let left = match here.get_mut(&(fingerprint.clone(), file.clone())) {
                Some(left) => Some(left),
                None if known_files.contains(&*file) => None,
                None => moved.get_mut(&fingerprint),
            };
            if let Some(left) = left.filter(|left| **left > 0) {
                *left -= 1;
                if let Some(judged) = scan.findings.get_mut(index) {
                    judged.status = Status::Baseline;
                }
            }
        }
    }
}
