//! The HTML report in a real browser.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::shell;

/// What the check needs.
pub(crate) struct Installed {
    chromium: PathBuf,
    packages: PathBuf,
}

/// Finds or installs the browser, Node.js and the driver's packages; `None` where they cannot be
/// had.
pub(crate) fn install() -> Result<Option<Installed>> {
    for (program, package) in [("chromium", "chromium"), ("node", "nodejs"), ("npm", "npm")] {
        if !shell::has(program) {
            let update = shell::run("apt-get", &["update", "-qq"]);
            let install = ["install", "-y", "-qq", "--no-install-recommends", package];
            if update.and_then(|()| shell::run("apt-get", &install)).is_err() {
                return Ok(None);
            }
        }
    }
    let packages = shell::tools()?.join("browser");
    std::fs::create_dir_all(&packages)?;
    for file in ["package.json", "check.mjs"] {
        let from = shell::root().join("xtask/browser").join(file);
        std::fs::copy(from, packages.join(file)).context("the browser check's files")?;
    }
    if !packages.join("node_modules/playwright-core").exists()
        || !packages.join("node_modules/axe-core").exists()
    {
        let prefix = packages.to_string_lossy();
        let install = ["install", "--prefix", &prefix, "--silent", "--no-audit", "--no-fund"];
        if shell::run("npm", &install).is_err() {
            return Ok(None);
        }
    }
    Ok(Some(Installed { chromium: PathBuf::from("/usr/bin/chromium"), packages }))
}

/// Opens the sample's report and judges it; screenshots stay in the tools' folder.
pub(crate) fn check(installed: &Installed) -> Result<()> {
    let report = installed.packages.join("report.html");
    let report = report.to_string_lossy();
    let scan = ["run", "--quiet", "--package", "casemate", "--", "scan", "fixtures/apps/webshop"];
    let options = ["--format", "html", "--output", &report, "--fail-on", "none"];
    shell::run("cargo", &[&scan[..], &options[..]].concat())?;
    let script = installed.packages.join("check.mjs");
    let folder = installed.packages.to_string_lossy();
    let chromium = installed.chromium.to_string_lossy();
    shell::run("node", &[&script.to_string_lossy(), &chromium, &report, &folder])
}
