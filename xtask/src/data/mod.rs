//! `cargo xtask data`: builds the tables that are generated, and tells how old all tables are.

mod actions;
mod age;
#[cfg(test)]
mod tables;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Runs `cargo xtask data`, or with `--check` only tells whether a table is too old for a release.
///
/// # Errors
///
/// Returns what kept a table from being built; with `--check`, which tables are over 120 days old.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let root = workspace_root()?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => actions::build(&root),
        ["--check"] => age::check(&root),
        _ => bail!("usage: cargo xtask data [--check]"),
    }
}

fn workspace_root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .context("xtask lies in no workspace")
}
