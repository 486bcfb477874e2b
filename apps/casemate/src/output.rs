//! The process's streams: reports to standard output or a file, complaints to standard error.

use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli::When;

/// Writes a whole report, to a file by way of a new one beside it so that none is half-written.
pub(crate) fn write(file: Option<&Path>, text: &str) -> Result<()> {
    match file {
        None => match std::io::stdout().lock().write_all(text.as_bytes()) {
            // The reader has seen enough: `casemate scan | head`.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result.context("the report cannot be written"),
        },
        Some(file) => {
            replace(file, text).with_context(|| format!("`{}` cannot be written", file.display()))
        }
    }
}

/// Puts a new file in the place of the old one; behind a link, in the place it leads to. A pipe or
/// a device takes the text itself.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let file = match file.canonicalize() {
        Ok(existing) if !existing.is_file() => return std::fs::write(existing, text),
        Ok(existing) => existing,
        Err(_) => file.to_owned(),
    };
    let mut beside = file.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, &file)
}

/// Puts new texts in the place of files: all of them are written beside the old ones before the
/// first takes its place, and where one cannot, those that did are put back.
pub(crate) fn replace_all(texts: &[(&str, &str)]) -> Result<()> {
    let mut ready = Vec::new();
    let mut done: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    let written = (|| {
        for (path, text) in texts {
            // Behind a link, in the place it leads to.
            let file = Path::new(path).canonicalize().with_context(|| format!("`{path}`"))?;
            let old = std::fs::read(&file).with_context(|| format!("`{path}`"))?;
            let mut beside = file.as_os_str().to_owned();
            beside.push(".new");
            let beside = PathBuf::from(beside);
            std::fs::write(&beside, text).with_context(|| format!("`{path}` cannot be written"))?;
            let rights = std::fs::metadata(&file)?.permissions();
            ready.push((beside.clone(), file, old));
            std::fs::set_permissions(&beside, rights)?;
        }
        for (beside, file, old) in &ready {
            std::fs::rename(beside, file).with_context(|| format!("`{}`", file.display()))?;
            done.push((file.clone(), old.clone()));
        }
        Ok(())
    })();
    if written.is_err() {
        for (beside, _, _) in &ready {
            let _ = std::fs::remove_file(beside);
        }
        for (file, old) in done {
            let _ = std::fs::write(file, old);
        }
    }
    written
}

/// Writes a complaint to standard error.
pub(crate) fn complain(message: &str) {
    let _ = writeln!(std::io::stderr().lock(), "casemate: {message}");
}

/// Whether standard output takes colour.
pub(crate) fn colour(when: When, file: Option<&Path>) -> report::terminal::Colour {
    let wanted = match when {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let choice = anstream::AutoStream::choice(&std::io::stdout());
            file.is_none()
                && std::io::stdout().is_terminal()
                && choice != anstream::ColorChoice::Never
        }
    };
    if wanted { report::terminal::Colour::Ansi } else { report::terminal::Colour::Plain }
}
