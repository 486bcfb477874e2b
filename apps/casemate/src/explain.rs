//! `casemate explain` and `casemate rules`.

use anyhow::Result;
use finding::Rule;
use scan::Exit;

use crate::cli::RulesFormat;
use crate::output;

pub(crate) fn run(rule: &str) -> Result<Exit> {
    output::write(None, &report::rules::page(scan::rule(rule)?))?;
    Ok(Exit::Clean)
}

pub(crate) fn list(format: RulesFormat) -> Result<Exit> {
    let rules: Vec<&Rule> = scan::rules().collect();
    let text = match format {
        RulesFormat::Text => report::rules::lines(&rules),
        RulesFormat::Json => report::rules::json(&rules)?,
        RulesFormat::Markdown => report::rules::table(&rules),
    };
    output::write(None, &text)?;
    Ok(Exit::Clean)
}
