use std::path::PathBuf;

use text::{Place, Problem};

/// How files of records end; a file that is named is read whatever its name.
const ENDINGS: &[&str] = &[".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz"];

/// Folders within folders; CloudTrail's own lie eight deep.
const DEEPEST: usize = 64;

/// The files named, and those in the folders named, in order; links are not followed.
pub(crate) fn list(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Problem>) {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let mut walk = ignore::WalkBuilder::new(path);
        walk.standard_filters(false).max_depth(Some(DEEPEST)).sort_by_file_path(Ord::cmp);
        for entry in walk.build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
                Ok(entry) => {
                    let name = entry.file_name().to_string_lossy().to_lowercase();
                    // Digests lie beside the records and hold none.
                    let is_digest = name.contains("_cloudtrail-digest_");
                    let is_trail = ENDINGS.iter().any(|ending| name.ends_with(ending));
                    if entry.depth() == 0 || is_trail && !is_digest {
                        files.push(entry.into_path());
                    }
                }
                Err(error) => {
                    let place = Place::Path(path.to_string_lossy().into_owned());
                    problems.push(Problem::incomplete(format!("cannot be read: {error}"), place));
                }
            }
        }
    }
    files.dedup();
    (files, problems)
}
