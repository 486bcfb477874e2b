//! `casemate compare`.

use anyhow::Result;
use scan::{Exit, Request, Scan};

use crate::cli::{CompareArguments, CompareFormat};
use crate::{output, scan_command};

pub(crate) fn run(arguments: &CompareArguments) -> Result<Exit> {
    let old = state(arguments, &arguments.old)?;
    let new = state(arguments, &arguments.new)?;
    let mut comparison = compare::compare(&old, &new);
    let text = match arguments.format {
        CompareFormat::Text => compare::text(&comparison),
        CompareFormat::Json => compare::json(&comparison)?,
    };
    output::write(arguments.output.as_deref(), &text)?;
    if arguments.allow_incomplete {
        comparison.gaps.clear();
    }
    Ok(comparison.exit())
}

fn state(arguments: &CompareArguments, state: &str) -> Result<Scan> {
    let paths = vec![state.into()];
    let config = scan_command::configuration(&arguments.reading, &paths)?;
    let walk = compare::read(state, &config.exclude)?;
    let today = scan_command::today(None)?;
    let request = Request { paths, config, baseline: None, today };
    Ok(scan::scan_files(&walk.files, walk.problems, &request))
}
