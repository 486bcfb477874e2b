//! Runs over folders of real templates.

use anyhow::{Context, Result};

use crate::shell;

/// Scans a folder and prints how often each rule fires, what was not read, and time and memory.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let folder = arguments.first().context("usage: cargo xtask corpus DIR")?;
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    shell::run("python3", &["bench/corpus.py", folder])
}

/// casemate beside checkov, in one run.
pub(crate) fn bench(arguments: &[String]) -> Result<()> {
    let folder = arguments.first().context("usage: cargo xtask bench DIR")?;
    shell::run("cargo", &["build", "--quiet", "--release", "--package", "casemate"])?;
    let python = shell::tools()?.join("checkov/bin/python");
    if !python.exists() {
        let venv = shell::tools()?.join("checkov");
        shell::run("python3", &["-m", "venv", &venv.to_string_lossy()])?;
        let pip = ["-m", "pip", "install", "--quiet", "-r", "bench/requirements.txt"];
        shell::run(&python, &pip)?;
    }
    shell::run(&python, &["bench/compare.py", folder])
}
