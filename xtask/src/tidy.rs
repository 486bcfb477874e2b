//! The house's rules, read from the checkout itself.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::shell;

/// Floors from the ground up; a crate may import from its own floor and those below.
const FLOORS: &[&str] = &["model", "readers", "judges", "services", "apps"];

/// Crates that only one crate of ours may use: name's beginning, and the user.
const CONFINED: &[(&str, &str)] = &[
    ("datafusion", "casemate-lake"),
    ("ballista", "casemate-lake"),
    ("aws-sdk-", "casemate-account"),
];

const LONGEST_FILE: usize = 800;
const LONGEST_MAIN: usize = 200;
const EDGES: &str = "docs/edges.txt";

/// Checks everything and lists what is wrong.
pub(crate) fn run() -> Result<()> {
    let mut wrong = Vec::new();
    edges(&mut wrong)?;
    files(&mut wrong)?;
    fixtures(&mut wrong)?;
    if wrong.is_empty() {
        shell::say("tidy");
        return Ok(());
    }
    wrong.iter().for_each(|line| shell::say(line));
    bail!("{} places are not tidy", wrong.len())
}

fn floor(manifest: &str) -> Option<usize> {
    let path = manifest.strip_prefix(&format!("{}/", shell::root().display()))?;
    let folder = path.strip_prefix("crates/").unwrap_or(path).split('/').next()?;
    FLOORS.iter().position(|name| *name == folder)
}

fn edges(wrong: &mut Vec<String>) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(shell::root()).exec()?;
    let ours: Vec<_> = metadata
        .workspace_packages()
        .into_iter()
        .filter_map(|package| Some((package, floor(package.manifest_path.as_str())?)))
        .collect();
    let mut edges = BTreeSet::new();
    for (package, from) in &ours {
        for dependency in &package.dependencies {
            for (prefix, user) in CONFINED {
                if dependency.name.starts_with(prefix) && package.name.as_str() != *user {
                    wrong.push(format!(
                        "{} uses {}: only {user} may",
                        package.name, dependency.name
                    ));
                }
            }
            let target = ours.iter().find(|(other, _)| other.name.as_str() == dependency.name);
            let Some((other, to)) = target else { continue };
            if dependency.kind != DependencyKind::Normal {
                continue;
            }
            edges.insert(format!("{} -> {}", package.name, other.name));
            if to > from {
                wrong.push(format!("{} imports upward from {}", package.name, other.name));
            }
            if from == to && FLOORS.get(*from) == Some(&"judges") {
                wrong.push(format!("the judge {} imports the judge {}", package.name, other.name));
            }
        }
    }
    let edges: String = edges.into_iter().map(|edge| edge + "\n").collect();
    let committed = std::fs::read_to_string(shell::root().join(EDGES)).unwrap_or_default();
    if edges != committed {
        std::fs::write(shell::root().join(EDGES), &edges).context(EDGES)?;
        wrong
            .push(format!("{EDGES} was not what the crates import; it is now: look at the change"));
    }
    Ok(())
}

fn files(wrong: &mut Vec<String>) -> Result<()> {
    let listed = shell::output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let root = shell::root();
    for path in listed.lines() {
        let Ok(text) = std::fs::read_to_string(root.join(path)) else { continue };
        if path.ends_with(".rs") {
            let code = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
            if code > LONGEST_FILE && !path.contains("/tests/") {
                wrong.push(format!("{path} has {code} lines: split it"));
            }
            if path.ends_with("/main.rs") && path.starts_with("apps/") && code > LONGEST_MAIN {
                wrong.push(format!("{path} has {code} lines: a main parses, wires and exits"));
            }
            let ignored = text.lines().any(|line| line.trim() == "#[ignore]");
            if ignored {
                wrong.push(format!("{path} ignores a test"));
            }
        }
        if path.ends_with(".md") && !path.starts_with("fixtures/") {
            stale_links(&root, path, &text, wrong);
        }
    }
    Ok(())
}

/// Links to files that are not there, and paths in backticks that begin in a folder of ours.
fn stale_links(root: &Path, path: &str, text: &str, wrong: &mut Vec<String>) {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let target = target.split('#').next().unwrap_or_default();
        if !target.is_empty() && !target.contains("://") && !root.join(folder).join(target).exists()
        {
            wrong.push(format!("{path} links to {target}, which is not there"));
        }
    }
    for word in text.split('`').skip(1).step_by(2) {
        let ours = ["crates/", "apps/", "xtask/", "docs/", "fixtures/", "bench/"];
        let plain = !word.contains([' ', '*', '<', '{', '\n']);
        if plain && ours.iter().any(|folder| word.starts_with(folder)) && !root.join(word).exists()
        {
            wrong.push(format!("{path} names {word}, which is not there"));
        }
    }
}

/// Every folder of examples belongs to a rule.
fn fixtures(wrong: &mut Vec<String>) -> Result<()> {
    for judge in ["posture", "permissions"] {
        let folder = shell::root().join("crates/judges").join(judge).join("fixtures");
        for entry in std::fs::read_dir(&folder).with_context(|| format!("{judge}'s fixtures"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !scan::rules().any(|rule| rule.id == name) {
                wrong.push(format!("examples of {name}, which is no rule"));
            }
        }
    }
    Ok(())
}
