//! The user's own rules, in a build that has them.

use std::path::PathBuf;

use anyhow::Result;
use scan::{Config, Judge};

/// Judges by the policies named on the command line and in the configuration.
#[cfg(feature = "rego")]
pub(crate) fn read(named: &[PathBuf], config: &Config) -> Result<Vec<Box<dyn Judge>>> {
    use std::path::Path;

    let folder = config.file.as_deref().and_then(Path::parent);
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut files = own_rules::matching(folder, &config.rego)?;
    files.extend(named.iter().map(|file| file.strip_prefix("./").unwrap_or(file).to_owned()));
    // Named twice, a policy is still one.
    files.sort();
    files.dedup();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Box::new(own_rules::OwnRules::read(&files)?)])
}

/// Judges by nothing, and says so where policies are named.
#[cfg(not(feature = "rego"))]
pub(crate) fn read(named: &[PathBuf], config: &Config) -> Result<Vec<Box<dyn Judge>>> {
    if named.is_empty() && config.rego.is_empty() {
        return Ok(Vec::new());
    }
    anyhow::bail!("own rules need a casemate that was built with `--features rego`")
}
