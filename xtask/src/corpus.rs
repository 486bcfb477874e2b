//! Runs over folders of real templates.

use std::path::Path;

use anyhow::{Context, Result};

use crate::shell;

/// Scans a folder and prints how often each rule fires, what was not read, and time and memory.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let folder = folder(arguments).context("usage: cargo xtask corpus DIR")?;
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    shell::run("python3", &["bench/corpus.py", &folder])
}

/// Precision and recall of `casemate permissions` on handlers labelled by hand.
pub(crate) fn labels(arguments: &[String]) -> Result<()> {
    let folder = folder(arguments).context("usage: cargo xtask labels DIR")?;
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    shell::run("python3", &["bench/labels.py", &folder])
}

/// casemate beside checkov, in one run.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let folder = folder(arguments).context("usage: cargo xtask bench DIR")?;
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    let python = shell::venv("checkov", "bench/requirements.txt", "checkov")?;
    shell::run(&python, &["bench/compare.py", &folder])
}

/// `casemate permissions` beside iam-policy-autopilot, in one run.
pub(crate) fn bench_permissions() -> Result<()> {
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    let requirements = "bench/requirements-permissions.txt";
    let python = shell::venv("autopilot", requirements, "iam-policy-autopilot")?;
    shell::run(&python, &["bench/permissions.py"])
}

/// The folder as the contributor named it, whatever folder the scripts run in.
fn folder(arguments: &[String]) -> Result<String> {
    let folder = Path::new(arguments.first().context("which folder")?);
    let folder = folder.canonicalize().with_context(|| format!("`{}`", folder.display()))?;
    Ok(folder.to_string_lossy().into_owned())
}
