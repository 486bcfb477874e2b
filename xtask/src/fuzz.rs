//! The fuzz targets.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::shell;

/// The runner that is installed where there is none.
const RUNNER: &str = "cargo-fuzz@0.13.1";

/// Fixtures that the targets begin with: target, folders, and how the files' names end.
const SEEDS: &[(&str, &[&str], &[&str])] = &[
    ("document", &["crates/judges/posture/fixtures", "fixtures"], &["yaml", "json"]),
    ("cloudformation", &["crates/judges/posture/fixtures", "fixtures"], &["yaml"]),
    ("serverless", &["crates/readers/templates", "apps/casemate/tests/fixtures"], &["yml"]),
    ("terraform", &["crates", "apps/casemate/tests/fixtures"], &["tf"]),
    ("suppressions", &["apps/casemate/assets", "fuzz/seeds/suppressions"], &["toml", "txt"]),
    ("javascript", &["fuzz/seeds/javascript"], &["js", "ts"]),
    ("go", &["fuzz/seeds/go"], &["go"]),
    ("java", &["fuzz/seeds/java"], &["java"]),
    ("policies", &["fuzz/seeds/policies"], &["seed"]),
    ("cloudtrail", &["fuzz/seeds/cloudtrail"], &["json"]),
    ("python", &["crates/readers/code/tests", "fuzz/seeds/python"], &["py"]),
    ("reports", &["crates/judges/posture/fixtures", "fixtures"], &["yaml", "tf"]),
];

/// Runs every target, or the one named, for some seconds.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let usage = "usage: cargo xtask fuzz [SECONDS] [TARGET]";
    let seconds: u32 = match arguments.first() {
        None => 60,
        Some(seconds) => seconds.parse().context(usage)?,
    };
    let only = arguments.get(1).map(String::as_str);
    let targets: Vec<_> =
        SEEDS.iter().filter(|(target, ..)| only.is_none_or(|only| only == *target)).collect();
    if targets.is_empty() {
        bail!(usage);
    }
    let runner = runner()?;
    let limit = format!("-max_total_time={seconds}");
    let mut crashed = Vec::new();
    for (target, folders, endings) in targets {
        let corpus = seeded(target, folders, endings)?;
        // Stable Rust has no sanitizers; panics, time-outs and runaway memory are found without.
        let arguments = [
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            *target,
            &corpus.to_string_lossy(),
            "--",
            &limit,
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-max_len=16384",
            "-print_final_stats=1",
            "-verbosity=0",
        ];
        if fuzz(&runner, &arguments).is_err() {
            crashed.push(*target);
        }
    }
    if crashed.is_empty() {
        return Ok(());
    }
    bail!("these targets found something, see fuzz/artifacts: {}", crashed.join(", "))
}

/// The runner, of the path or our own folder of tools.
fn runner() -> Result<PathBuf> {
    if shell::has("cargo-fuzz") {
        return Ok(PathBuf::from("cargo-fuzz"));
    }
    let tools = shell::tools()?;
    let runner = tools.join("bin/cargo-fuzz");
    if !runner.exists() {
        let root = tools.to_string_lossy();
        shell::run("cargo", &["install", "--locked", "--quiet", RUNNER, "--root", &root])?;
    }
    Ok(runner)
}

/// The target's corpus, with our own fixtures in it.
fn seeded(target: &str, folders: &[&str], endings: &[&str]) -> Result<PathBuf> {
    let corpus = shell::root().join("fuzz/corpus").join(target);
    std::fs::create_dir_all(&corpus)?;
    for folder in folders {
        let mut seeds = Vec::new();
        collect(&shell::root().join(folder), endings, &mut seeds)?;
        for (number, seed) in seeds.iter().enumerate() {
            let name = format!("seed-{}-{number}", folder.replace('/', "-"));
            std::fs::copy(seed, corpus.join(name))?;
        }
    }
    Ok(corpus)
}

fn collect(folder: &Path, endings: &[&str], seeds: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, endings, seeds)?;
        } else if path.extension().is_some_and(|own| endings.iter().any(|ending| own == *ending)) {
            seeds.push(path);
        }
    }
    Ok(())
}

fn fuzz(runner: &Path, arguments: &[&str]) -> Result<()> {
    shell::say(&format!("$ cargo {}", arguments.join(" ")));
    let status = Command::new(runner)
        .args(arguments)
        .current_dir(shell::root())
        // The instrumentation's flags are not all stable.
        .env("RUSTC_BOOTSTRAP", "1")
        .stdin(Stdio::null())
        .status()
        .context("cargo-fuzz cannot be started")?;
    if !status.success() {
        bail!("{status}");
    }
    Ok(())
}
