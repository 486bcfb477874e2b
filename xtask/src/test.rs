//! The recipes of a submission.

use anyhow::{Result, bail};

use crate::{browser, cloud, docs, shell, tidy};

/// Format, lints, tidy, documents and tests, with what is already installed.
pub(crate) fn ready() -> Result<()> {
    shell::run("cargo", &["fmt", "--all", "--check"])?;
    shell::run(
        "cargo",
        &["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"],
    )?;
    shell::run(
        "cargo",
        &[
            "clippy",
            "--quiet",
            "--package",
            "casemate",
            "--features",
            "rego",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ],
    )?;
    tidy::run()?;
    docs::run(&["--check".to_owned()])?;
    shell::run("cargo", &["test", "--quiet", "--workspace"])?;
    // What the default build leaves out.
    shell::run("cargo", &["test", "--quiet", "--package", "casemate", "--features", "rego"])
}

/// Everything: as [`ready`], and the page in a browser. What cannot be had is named at the end;
/// under `CI` nothing may be left out.
pub(crate) fn everything() -> Result<()> {
    ready()?;
    let mut left_out = Vec::new();
    match browser::install()? {
        Some(installed) => browser::check(&installed)?,
        None => left_out.push("the page in Chromium (no Chromium to be had)"),
    }
    match cloud::install()? {
        Some(python) => cloud::check(&python)?,
        None => left_out.push("handlers under their roles (no moto to be had)"),
    }
    if left_out.is_empty() {
        shell::say("all tests passed, none left out");
        return Ok(());
    }
    shell::say(&format!("left out: {}", left_out.join("; ")));
    if std::env::var_os("CI").is_some() {
        bail!("under CI nothing may be left out");
    }
    Ok(())
}
