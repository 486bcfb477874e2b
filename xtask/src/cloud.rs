//! The sample's handlers under their derived roles, in a cloud on loopback that enforces them.

use std::path::PathBuf;

use anyhow::Result;

use crate::shell;

const APPLICATION: &str = "fixtures/apps/ledger";

/// Finds or installs what the check needs; `None` where it cannot be had.
pub(crate) fn install() -> Result<Option<PathBuf>> {
    Ok(shell::venv("moto", "xtask/moto/requirements.txt", "parliament").ok())
}

/// Derives the roles, runs the handlers under them, and tries what they must not do.
pub(crate) fn check(python: &PathBuf) -> Result<()> {
    let policies = shell::tools()?.join("moto/policies.json");
    let policies = policies.to_string_lossy();
    let derive = ["run", "--quiet", "--package", "casemate", "--", "permissions", APPLICATION];
    let options = ["--format", "iam", "--output", &policies];
    shell::run("cargo", &[&derive[..], &options[..]].concat())?;
    shell::run(python, &["xtask/moto/run.py", &policies, APPLICATION])
}
