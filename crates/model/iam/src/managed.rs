//! What AWS's managed policies allow at least.

use text::{PartialText, Said, SourceId, Span};

use crate::{Effect, Patterns, Policy, Principals, Statement, Version};

const TABLE: &str = include_str!("../data/managed.txt");

/// What an AWS managed policy certainly allows, by its name; `None` for one that the table does not
/// know. It may allow more. Its parts have no place: their span is that of no source.
pub fn policy(name: &str) -> Option<Policy> {
    let span = Span::file(SourceId(u32::MAX));
    let mut lines = TABLE.lines().filter_map(|line| line.split_once(' '));
    let (_, actions) = lines.find(|(known, _)| *known == name)?;
    let said = |text: &str| Said::new(PartialText::known(text), span);
    let listed = |patterns| Patterns { patterns, ..Patterns::default() };
    let statement = Statement {
        span,
        sid: None,
        when: None,
        effect: Effect::Allow,
        principals: Principals::Absent,
        actions: listed(actions.split(' ').map(said).collect()),
        resources: listed(vec![said("*")]),
        conditions: Vec::new(),
    };
    Some(Policy { statements: vec![statement], version: Version::V2012, ..Policy::default() })
}
