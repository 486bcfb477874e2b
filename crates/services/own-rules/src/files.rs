use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;

/// Why policies cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A policy cannot be read.
    #[error("the policy `{path}` cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// A glob is wrong.
    #[error("`{glob}` is no glob: {why}")]
    Glob {
        /// The pattern.
        glob: String,
        /// What is wrong.
        why: String,
    },
    /// A glob that was meant to name policies names none.
    #[error("`rego`: no file matches `{glob}` in `{folder}`")]
    Nothing {
        /// The pattern.
        glob: String,
        /// Where it was looked for.
        folder: PathBuf,
    },
}

/// The files below `folder` that match the globs, each glob at least one.
pub fn matching(folder: &Path, globs: &[String]) -> Result<Vec<PathBuf>, FilesError> {
    let mut found = Vec::new();
    for glob in globs {
        let wrong =
            |error: ignore::Error| FilesError::Glob { glob: glob.clone(), why: error.to_string() };
        // Only what stands before the first wildcard is walked, not the whole project.
        let fixed = glob.split(['*', '?', '[', '{']).next().unwrap_or_default();
        let start =
            fixed.rsplit_once('/').map_or(folder.to_owned(), |(start, _)| folder.join(start));
        let mut builder = OverrideBuilder::new(folder);
        builder.add(glob.trim_start_matches("./")).map_err(wrong)?;
        let wanted = builder.build().map_err(wrong)?;
        let before = found.len();
        for entry in WalkBuilder::new(start).standard_filters(false).build().flatten() {
            let path = entry.path();
            if path.is_file() && wanted.matched(path, false).is_whitelist() {
                found.push(path.strip_prefix("./").unwrap_or(path).to_owned());
            }
        }
        if found.len() == before {
            return Err(FilesError::Nothing { glob: glob.clone(), folder: folder.to_owned() });
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}
