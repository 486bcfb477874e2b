//! `casemate explain` and `casemate rules`.

use anyhow::{Result, anyhow};
use finding::Rule;
use scan::Exit;

use crate::cli::RulesFormat;
use crate::output;

pub(crate) fn run(rule: &str) -> Result<Exit> {
    output::write(None, &report::rules::page(find(rule)?))?;
    Ok(Exit::Clean)
}

pub(crate) fn list(format: RulesFormat) -> Result<Exit> {
    let rules: Vec<&Rule> = posture::RULES.iter().map(|check| check.rule).collect();
    let text = match format {
        RulesFormat::Text => report::rules::lines(&rules),
        RulesFormat::Json => report::rules::json(&rules)?,
        RulesFormat::Markdown => report::rules::table(&rules),
    };
    output::write(None, &text)?;
    Ok(Exit::Clean)
}

/// The rule of that id; an error names the nearest one.
pub(crate) fn find(id: &str) -> Result<&'static Rule> {
    let rules = posture::RULES.iter().map(|check| check.rule);
    rules.clone().find(|rule| rule.id == id).ok_or_else(|| {
        let shared = |rule: &&Rule| {
            let words: Vec<&str> = id.split('-').collect();
            rule.id.split('-').filter(|word| words.contains(word)).count()
        };
        match rules.max_by_key(shared).filter(|rule| shared(rule) > 0) {
            Some(near) => anyhow!("there is no rule `{id}`; did you mean `{}`?", near.id),
            None => anyhow!("there is no rule `{id}`; `casemate rules` lists them"),
        }
    })
}
