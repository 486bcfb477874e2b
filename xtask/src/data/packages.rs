//! The pinned packages that tables are built from.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use serde_json::Value;

const REQUIREMENTS: &str = include_str!("requirements.txt");

/// Gets the packages with pip, which checks their hashes, and returns the folder with their files.
pub(super) fn unpack(root: &Path) -> Result<PathBuf> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let work = target.join("xtask-data");
    if work.exists() {
        fs::remove_dir_all(&work).context("clearing the work folder")?;
    }
    fs::create_dir_all(&work).context("making the work folder")?;
    let requirements = work.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).context("writing the requirements")?;
    let wheels = work.join("wheels");
    run(Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--no-deps"])
        .args(["--only-binary", ":all:", "--require-hashes", "--dest"])
        .arg(&wheels)
        .arg("--requirement")
        .arg(&requirements))?;
    let unpacked = work.join("unpacked");
    for wheel in fs::read_dir(&wheels).context("listing the downloads")? {
        run(Command::new("python3")
            .args(["-m", "zipfile", "-e"])
            .arg(wheel?.path())
            .arg(&unpacked))?;
    }
    Ok(unpacked)
}

/// The version that is pinned of a package.
pub(super) fn version(package: &str) -> Result<&'static str> {
    REQUIREMENTS
        .lines()
        .find_map(|line| line.strip_prefix(package)?.strip_prefix("==")?.split(' ').next())
        .with_context(|| format!("`{package}` is not pinned"))
}

/// Reads a JSON file, or the one of that name with `.gz` behind it.
pub(super) fn json(path: &Path) -> Result<Value> {
    let zipped = path.with_added_extension("gz");
    let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = if zipped.exists() {
        let mut bytes = Vec::new();
        let file = fs::File::open(&zipped).with_context(|| format!("opening `{shown}.gz`"))?;
        GzDecoder::new(file).read_to_end(&mut bytes).with_context(|| format!("unzip `{shown}`"))?;
        bytes
    } else {
        fs::read(path).with_context(|| format!("reading `{shown}`"))?
    };
    serde_json::from_slice(&bytes).with_context(|| format!("parsing `{shown}`"))
}

/// The names of a folder's entries without extension, sorted.
pub(super) fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("listing {}", folder.display()))? {
        let path = entry?.path();
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// A text that must be there.
pub(super) fn text<'value>(value: &'value Value, key: &str) -> Result<&'value str> {
    value.get(key).and_then(Value::as_str).with_context(|| format!("no text `{key}`"))
}

/// The entries of an object; none where it is absent.
pub(super) fn entries<'value>(
    value: &'value Value,
    key: &str,
) -> impl Iterator<Item = (&'value String, &'value Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

/// The elements of an array; none where it is absent.
pub(super) fn elements<'value>(
    value: &'value Value,
    key: &str,
) -> impl Iterator<Item = &'value Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn run(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("starting {:?}", command.get_program()))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
