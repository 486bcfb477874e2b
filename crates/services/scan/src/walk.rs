use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::OverrideBuilder;
use templates::Files;
use text::{Place, Problem};

use crate::ScanError;

/// Folders of others' code and of build results, which declare nothing of the author's.
const SKIPPED_FOLDERS: &[&str] = &[
    ".git",
    "node_modules",
    ".aws-sam",
    ".aws-composer",
    ".serverless",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".tox",
    "providers",
];

/// Whether a file of the author's project lies in a folder of others' code or of build results.
pub fn is_skipped(path: &str) -> bool {
    let mut folders = path.rsplit('/').skip(1);
    folders.any(|folder| folder != "providers" && SKIPPED_FOLDERS.contains(&folder))
}

/// The files below the paths that a scan was asked for.
pub struct Walk {
    /// The files, shown as the user wrote the paths.
    pub files: Files,
    /// Links that were not followed and folders that could not be listed.
    pub problems: Vec<Problem>,
}

/// Lists the files below `paths`, without those that match a glob of `exclude`.
pub fn walk(paths: &[PathBuf], exclude: &[String]) -> Result<Walk, ScanError> {
    let (root, shown_prefix) = common_root(paths)?;
    let mut overrides = OverrideBuilder::new(&root);
    for glob in exclude {
        overrides
            .add(&format!("!{glob}"))
            .map_err(|error| ScanError::Glob { glob: glob.clone(), why: error.to_string() })?;
    }
    let overrides = overrides
        .build()
        .map_err(|error| ScanError::Glob { glob: exclude.join(", "), why: error.to_string() })?;
    let mut builder: Option<WalkBuilder> = None;
    for path in paths {
        match &mut builder {
            None => builder = Some(WalkBuilder::new(path)),
            Some(builder) => drop(builder.add(path)),
        }
    }
    let mut builder = builder.unwrap_or_else(|| WalkBuilder::new(&root));
    builder.standard_filters(false).overrides(overrides).filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let is_provider_cache = || {
            entry.path().parent().and_then(Path::file_name).is_some_and(|name| name == ".terraform")
        };
        match &*name {
            "providers" => !is_provider_cache(),
            name => entry.depth() == 0 || !SKIPPED_FOLDERS.contains(&name),
        }
    });
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for entry in builder.build() {
        match entry {
            Err(error) => problems.push(Problem::incomplete(
                format!("a folder cannot be listed: {error}"),
                Place::Path(shown_prefix.clone()),
            )),
            Ok(entry) => {
                let relative = entry.path().strip_prefix(&root).unwrap_or(entry.path());
                let relative = relative.to_string_lossy().replace('\\', "/");
                let relative = relative.trim_start_matches("./").to_owned();
                if entry.path_is_symlink() && entry.path().is_dir() && entry.depth() > 0 {
                    problems.push(Problem::advice(
                        "a symbolic link to a folder is not followed",
                        Place::Path(format!("{shown_prefix}{relative}")),
                    ));
                } else if entry.path().is_file() {
                    found.push(relative);
                }
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(Walk { files: Files::folder(root, shown_prefix, found), problems })
}

/// The folder that holds all paths, and what its files are shown with in front.
fn common_root(paths: &[PathBuf]) -> Result<(PathBuf, String), ScanError> {
    let mut common: Option<PathBuf> = None;
    for path in paths {
        let metadata = std::fs::metadata(path)
            .map_err(|error| ScanError::Path { path: path.clone(), why: error.to_string() })?;
        let folder = if metadata.is_dir() { path.as_path() } else { path.parent().unwrap_or(path) };
        common = Some(match common {
            None => folder.to_owned(),
            Some(before) => {
                let same = before.components().zip(folder.components());
                same.take_while(|(left, right)| left == right).map(|(left, _)| left).collect()
            }
        });
    }
    let common = common.unwrap_or_default();
    let shown = common.to_string_lossy().replace('\\', "/");
    let shown = shown.trim_start_matches("./").trim_end_matches('/');
    let prefix = match shown {
        "" | "." if common.is_absolute() => "/".to_owned(),
        "" | "." => String::new(),
        shown => format!("{shown}/"),
    };
    let root = if common.as_os_str().is_empty() { PathBuf::from(".") } else { common };
    Ok((root, prefix))
}
