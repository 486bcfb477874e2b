//! `casemate profile`.

use std::path::Path;

use anyhow::Result;
use scan::{Exit, Request, Whole};

use crate::cli::ProfileArguments;
use crate::{output, scan_command};

pub(crate) fn run(arguments: &ProfileArguments) -> Result<Exit> {
    let mut config = scan_command::configuration(&arguments.reading, &arguments.paths)?;
    config.fail_on = None;
    config.whole = Whole::Code;
    config.handler.clone_from(&arguments.handler);
    config.observed.clone_from(&arguments.observed.observed);
    let today = scan_command::today(None)?;
    let request = Request { paths: arguments.paths.clone(), config, baseline: None, today };
    let scan = scan::scan(&request)?;
    let file = Some(arguments.output.as_path()).filter(|file| *file != Path::new("-"));
    output::write(file, &report::profile::render(&scan)?)?;
    if let Some(file) = file {
        let functions = scan.functions().count();
        let told = format!("{}: {functions} functions; {}\n", file.display(), scan.outcome.reason);
        output::write(None, &told)?;
    }
    Ok(scan.outcome.exit)
}
