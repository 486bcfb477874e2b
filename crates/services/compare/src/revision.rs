//! A state of a project: a folder, or a revision of git.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scan::{ScanError, Walk, is_skipped, walk};
use templates::Files;
use text::{Place, Problem};

/// Largest file that is taken out of a revision, in bytes: as large as the largest that is read.
const LARGEST_FILE: u64 = 32 << 20;

/// Most bytes that are taken out of a revision in all.
const LARGEST_REVISION: u64 = 1 << 30;

/// Why a state of a project cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// A folder cannot be listed.
    #[error(transparent)]
    Folder(#[from] ScanError),
    /// Neither a folder nor a revision.
    #[error("`{0}` is neither a folder nor a revision of git here")]
    Nothing(String),
    /// git could not be started or asked.
    #[error("git cannot be asked for `{revision}`: {why}")]
    Git {
        /// The revision.
        revision: String,
        /// git's words, or the system's.
        why: String,
    },
}

/// Reads a folder; or, where there is no such folder, a revision of the git repository that the
/// current folder lies in: `HEAD~1`, `main`, or `main:services/shop` for a folder of it.
///
/// `exclude` holds globs of files of folders that are left out.
pub fn read(state: &str, exclude: &[String]) -> Result<Walk, RevisionError> {
    if Path::new(state).exists() {
        return Ok(walk(&[PathBuf::from(state)], exclude)?);
    }
    let failed = |why: String| RevisionError::Git { revision: state.to_owned(), why };
    if state.starts_with('-') {
        return Err(RevisionError::Nothing(state.to_owned()));
    }
    // The names are those from the folder that is named on: `main:services/shop`.
    let tree = if state.contains(':') { state.to_owned() } else { format!("{state}^{{tree}}") };
    let listed = Command::new("git")
        .args(["ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", &tree])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if !listed.status.success() {
        let said = String::from_utf8_lossy(&listed.stderr);
        // The first line says what is wrong, the others what one might have meant.
        return Err(match said.lines().next() {
            Some(line) if !line.contains("Not a valid object name") => failed(line.to_owned()),
            _ => RevisionError::Nothing(state.to_owned()),
        });
    }
    let mut problems = Vec::new();
    let mut wanted = Vec::new();
    let mut total = 0;
    for entry in listed.stdout.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let entry = String::from_utf8_lossy(entry);
        let Some((meta, path)) = entry.split_once('\t') else { continue };
        let mut words = meta.split_whitespace();
        let (mode, kind, id, size) = (words.next(), words.next(), words.next(), words.next());
        let (Some(mode), Some("blob"), Some(id)) = (mode, kind, id) else { continue };
        if mode == "120000" || is_skipped(path) {
            continue;
        }
        let size: u64 = size.and_then(|size| size.parse().ok()).unwrap_or(u64::MAX);
        if size > LARGEST_FILE || total + size > LARGEST_REVISION {
            let message = "this file of the revision is too large to be read";
            let place = Place::Path(format!("{state}:{path}"));
            problems.push(Problem::advice(message, place));
            continue;
        }
        total += size;
        wanted.push((id.to_owned(), path.to_owned()));
    }
    let files = contents(&wanted).map_err(failed)?;
    Ok(Walk { files: Files::memory(files), problems })
}

/// The contents of blobs, with their paths.
fn contents(wanted: &[(String, String)]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut git = Command::new("git")
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(words)?;
    let mut asking = git.stdin.take().ok_or("git takes no questions")?;
    let mut answering = git.stdout.take().ok_or("git gives no answers")?;
    let files = std::thread::scope(|scope| {
        scope.spawn(move || {
            for (id, _) in wanted {
                if writeln!(asking, "{id}").is_err() {
                    break;
                }
            }
        });
        let mut answers = std::io::BufReader::new(&mut answering);
        let mut files = Vec::with_capacity(wanted.len());
        for (_, path) in wanted {
            files.push((path.clone(), blob(&mut answers).map_err(words)?));
        }
        Ok::<_, String>(files)
    });
    drop(answering);
    git.wait().map_err(words)?;
    files
}

/// One answer: `<id> blob <size>`, the content, a line's end.
fn blob(answers: &mut impl std::io::BufRead) -> std::io::Result<Vec<u8>> {
    let mut header = String::new();
    answers.read_line(&mut header)?;
    let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
    let broken = || std::io::Error::other(format!("`{}` is no blob", header.trim_end()));
    let size = size.filter(|size| *size <= LARGEST_FILE).ok_or_else(broken)?;
    let mut content = Vec::new();
    answers.by_ref().take(size).read_to_end(&mut content)?;
    answers.read_exact(&mut [0])?;
    Ok(content)
}
