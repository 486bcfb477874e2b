//! `casemate permissions`.

use anyhow::Result;
use scan::{Exit, Request, Whole};

use crate::cli::{PermissionsArguments, PermissionsFormat};
use crate::{output, scan_command};

pub(crate) fn run(arguments: &PermissionsArguments) -> Result<Exit> {
    let mut config = scan_command::configuration(&arguments.reading, &arguments.paths)?;
    // It answers a question; what is wrong is for `casemate scan` to say.
    config.fail_on = None;
    config.whole = Whole::Code;
    config.handler = arguments.handler.clone();
    config.observed.clone_from(&arguments.observed.observed);
    let today = scan_command::today(None)?;
    let request = Request { paths: arguments.paths.clone(), config, baseline: None, today };
    let scan = scan::scan(&request)?;
    let colour = output::colour(arguments.color, arguments.output.as_deref());
    let text = match arguments.format {
        PermissionsFormat::Text => report::permissions::text::render(&scan, colour),
        PermissionsFormat::Json => report::permissions::json::render(&scan)?,
        PermissionsFormat::Iam => report::permissions::roles::render(&scan, fix::Format::Iam),
        PermissionsFormat::Cloudformation => {
            report::permissions::roles::render(&scan, fix::Format::CloudFormation)
        }
        PermissionsFormat::Terraform => {
            report::permissions::roles::render(&scan, fix::Format::Terraform)
        }
    };
    output::write(arguments.output.as_deref(), &text)?;
    Ok(scan.outcome.exit)
}
