//! `casemate init`.

use std::io::ErrorKind;

use anyhow::{Context, Result, bail};
use scan::Exit;

use crate::cli::{CiSystem, InitArguments};
use crate::output;

const CONFIGURATION: &str = include_str!("../assets/casemate.toml");
const GITHUB: &str = include_str!("../assets/github.yml");
const GITLAB: &str = include_str!("../assets/gitlab.yml");
const PRE_COMMIT: &str = include_str!("../assets/pre-commit.yaml");

pub(crate) fn run(arguments: &InitArguments) -> Result<Exit> {
    let snippet = match arguments.ci {
        Some(CiSystem::Github) => GITHUB,
        Some(CiSystem::Gitlab) => GITLAB,
        Some(CiSystem::PreCommit) => PRE_COMMIT,
        None => {
            let mut options = std::fs::OpenOptions::new();
            match options.write(true).create_new(true).open("casemate.toml") {
                Ok(mut file) => {
                    use std::io::Write;
                    file.write_all(CONFIGURATION.as_bytes()).context("casemate.toml")?;
                    "wrote casemate.toml\nnext: casemate scan\n"
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    bail!("there is a casemate.toml here already")
                }
                Err(error) => return Err(error).context("casemate.toml cannot be written"),
            }
        }
    };
    output::write(None, snippet)?;
    Ok(Exit::Clean)
}
