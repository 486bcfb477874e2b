//! `casemate graph`.

use anyhow::Result;
use scan::{Exit, Request};

use crate::cli::{GraphArguments, GraphFormat};
use crate::{output, scan_command};

pub(crate) fn run(arguments: &GraphArguments) -> Result<Exit> {
    let mut config = scan_command::configuration(&arguments.reading, &arguments.paths)?;
    // A picture never fails for findings; what could not be read still shows in the exit code.
    config.fail_on = None;
    let today = scan_command::today(None)?;
    let request = Request { paths: arguments.paths.clone(), config, baseline: None, today };
    let scan = scan::scan(&request)?;
    let text = match arguments.format {
        GraphFormat::Svg => report::picture::svg(&scan),
        GraphFormat::Dot => report::picture::dot(&scan),
        GraphFormat::Mermaid => report::picture::mermaid(&scan),
        GraphFormat::Json => report::picture::json(&scan)?,
    };
    output::write(arguments.output.as_deref(), &text)?;
    for problem in &scan.problems {
        output::complain(&problem.message);
    }
    Ok(scan.outcome.exit)
}
