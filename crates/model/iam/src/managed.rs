//! The documents of AWS managed policies.
//!
//! `data/managed.archive` is laid out as the archive of services: four lines of text, a compressed
//! index, compressed blocks. Each line of the index is the length of one block and the names of the
//! policies in it. In a block a policy is the line `policy NAME`, followed for each statement by
//! `Allow SID` or `Deny SID` and its elements: `Action`, `NotAction`, `Resource`, `NotResource`, each
//! with its patterns, and `Condition OPERATOR KEY` with the values; all apart by tabs. `cargo xtask
//! data` builds it; `data/NOTICE` names the source.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use text::{PartialText, Said, Span};

use crate::archive::{Opened, inflate, open};
use crate::{Condition, Effect, Listing, Patterns, Policy, Principals, Statement, Version};

/// The first line of a file that this version reads.
pub const FORMAT: &str = "casemate managed policies 1";

static FILE: &[u8] = include_bytes!("../data/managed.archive");

/// Empty only for a damaged file, which a test excludes; then every policy is unknown.
static TABLE: LazyLock<Table> = LazyLock::new(|| read(FILE).unwrap_or_default());

/// The block that each policy's document is in.
#[derive(Default)]
struct Table {
    blocks: BTreeMap<String, &'static [u8]>,
    source: &'static str,
    date: &'static str,
}

/// Returns the document of an AWS managed policy, named by its ARN or its name alone; `None` for a
/// policy that the table does not hold, and for one of a customer's own account.
///
/// The path in the ARN is not compared, because names are unique without it. The document is in no
/// template, so everything in it bears the place that names the policy.
#[must_use]
pub fn policy(name_or_arn: &str, named_at: Span) -> Option<Policy> {
    let name = name(name_or_arn)?;
    let block = inflate(TABLE.blocks.get(name)?)?;
    let mut lines = block.lines();
    lines.find(|line| line.strip_prefix("policy\t") == Some(name))?;
    let mut policy = Policy { version: Version::V2012, ..Policy::default() };
    for line in lines.take_while(|line| !line.starts_with("policy\t")) {
        add(&mut policy, line, named_at)?;
    }
    Some(policy)
}

/// Returns the names of all policies in the table, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLE.blocks.keys().map(String::as_str)
}

/// Returns the package that the table was built from, with its version.
#[must_use]
pub fn source() -> &'static str {
    TABLE.source
}

/// Returns the day on which AWS last changed one of the policies: `2026-09-30`.
#[must_use]
pub fn date() -> &'static str {
    TABLE.date
}

/// Returns the name in an AWS managed policy's ARN, or the name itself; `None` for the ARN of anything
/// else, among them policies of a customer's own account.
#[must_use]
pub fn name(name_or_arn: &str) -> Option<&str> {
    match name_or_arn.split_once(":iam::aws:policy/") {
        Some((_, path)) => path.rsplit('/').next(),
        None => (!name_or_arn.contains([':', '/'])).then_some(name_or_arn),
    }
}

fn read(file: &'static [u8]) -> Option<Table> {
    let Opened { source, date, index, mut blocks } = open(file, FORMAT)?;
    let mut table = Table { source, date, ..Table::default() };
    for line in index.lines() {
        let mut fields = line.split('\t');
        let block;
        (block, blocks) = blocks.split_at_checked(fields.next()?.parse().ok()?)?;
        table.blocks.extend(fields.map(|name| (name.to_owned(), block)));
    }
    Some(table)
}

/// Adds what a line of a block says; `None` where it says nothing that is known.
fn add(policy: &mut Policy, line: &str, span: Span) -> Option<()> {
    let (key, rest) = line.split_once('\t')?;
    let effect = match key {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        _ => None,
    };
    if let Some(effect) = effect {
        policy.statements.push(Statement {
            span,
            sid: (!rest.is_empty()).then(|| rest.to_owned()),
            when: None,
            effect,
            principals: Principals::Absent,
            actions: Patterns::default(),
            resources: Patterns::default(),
            conditions: Vec::new(),
        });
        return Some(());
    }
    let statement = policy.statements.last_mut()?;
    let mut fields = rest.split('\t');
    let said = |text: &str| Said::new(PartialText::known(text), span);
    let patterns = |listing| Patterns {
        listing,
        patterns: rest.split('\t').map(said).collect(),
        unknowns: Vec::new(),
    };
    match key {
        "Action" => statement.actions = patterns(Listing::Only),
        "NotAction" => statement.actions = patterns(Listing::AllExcept),
        "Resource" => statement.resources = patterns(Listing::Only),
        "NotResource" => statement.resources = patterns(Listing::AllExcept),
        "Condition" => statement.conditions.push(Condition {
            span,
            operator: fields.next()?.to_owned(),
            key: fields.next()?.to_owned(),
            values: fields.map(said).collect(),
        }),
        _ => return None,
    }
    Some(())
}
