//! The fuzz targets.

use anyhow::{Context, Result, bail};

use crate::shell;

/// Runs every target for some seconds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let seconds: u32 = match arguments.first() {
        None => 60,
        Some(seconds) => seconds.parse().context("usage: cargo xtask fuzz [SECONDS]")?,
    };
    if !shell::has("cargo-fuzz") {
        shell::run("cargo", &["install", "--locked", "--quiet", "cargo-fuzz@0.13.1"])?;
    }
    let limit = format!("-max_total_time={seconds}");
    let targets = shell::output("cargo", &["fuzz", "list"])?;
    let mut crashed = Vec::new();
    for target in targets.lines() {
        // Stable Rust has no sanitizers; panics and time-outs are found without.
        let arguments = ["fuzz", "run", "--sanitizer", "none", target, "--", &limit, "-timeout=10"];
        if shell::run("cargo", &arguments).is_err() {
            crashed.push(target);
        }
    }
    if crashed.is_empty() {
        return Ok(());
    }
    bail!("these targets found something: {}", crashed.join(", "))
}
