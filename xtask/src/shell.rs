//! Commands of other programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The checkout's root.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// The folder for tools that tests install: never in the source tree's own folders.
pub(crate) fn tools() -> Result<PathBuf> {
    let folder = root().join(".test-tools");
    std::fs::create_dir_all(&folder).context("the folder for test tools cannot be made")?;
    Ok(folder)
}

/// The Python of an environment with pinned packages, made where it is not there; `last` is the
/// program that its installation writes last, without which it is done again.
pub(crate) fn venv(name: &str, requirements: &str, last: &str) -> Result<PathBuf> {
    let venv = tools()?.join(name);
    let python = venv.join("bin/python");
    if !venv.join("bin").join(last).exists() {
        run("python3", &["-m", "venv", &venv.to_string_lossy()])?;
        run(&python, &["-m", "pip", "install", "--quiet", "-r", requirements])?;
    }
    Ok(python)
}

/// Says what is run and runs it in the checkout's root, without standard input; a failure names
/// the command.
pub(crate) fn run(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    let line = format!("{} {}", program.as_ref().to_string_lossy(), arguments.join(" "));
    say(&format!("$ {line}"));
    let status = command.status().with_context(|| format!("`{line}` cannot be started"))?;
    if !status.success() {
        bail!("`{line}` failed with {status}");
    }
    Ok(())
}

/// The standard output of a command that must succeed.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let result = Command::new(program).args(arguments).current_dir(root()).output();
    let result = result.with_context(|| format!("`{program}` cannot be started"))?;
    if !result.status.success() {
        bail!("`{program} {}`: {}", arguments.join(" "), String::from_utf8_lossy(&result.stderr));
    }
    Ok(String::from_utf8_lossy(&result.stdout).into_owned())
}

/// Whether a program can be started.
pub(crate) fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|result| result.status.success())
}

/// A line for the contributor.
pub(crate) fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
