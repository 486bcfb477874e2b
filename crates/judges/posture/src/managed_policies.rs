//! What managed policies grant.

use std::sync::LazyLock;

use iam::pattern::{Case, wildcard_matches};
use serde::Deserialize;
use text::PartialText;

/// The table, which says its source and its day; a test excludes that it cannot be read.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/managed_policies.toml")).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Table {
    administrator: Vec<Entry>,
    broad: Vec<Entry>,
    pattern: Vec<Pattern>,
    replacement: Vec<Replacement>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    grants: String,
    r#use: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Pattern {
    matches: String,
    grants: String,
    r#use: String,
}

#[derive(Debug, Deserialize)]
struct Replacement {
    name: String,
    r#use: Option<String>,
    policy: Option<String>,
    /// What is enough where the service triggers the function.
    polled_by: Option<String>,
    #[serde(default)]
    sam: Vec<String>,
}

/// How much a managed policy grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// Everything, or enough to give oneself everything.
    Administrator,
    /// Far more than one function needs.
    Broad,
}

/// What is known of a managed policy that grants too much.
#[derive(Debug)]
pub(crate) struct Excess {
    pub(crate) breadth: Breadth,
    pub(crate) name: String,
    pub(crate) grants: &'static str,
    /// Written by the account's owner: only its name speaks.
    pub(crate) is_customers: bool,
}

/// Judges a managed policy by its ARN or name; `None` for those that are not known to be broad.
pub(crate) fn excess(arn: &PartialText) -> Option<Excess> {
    let text = arn.with_holes("");
    let name = text.rsplit('/').next().filter(|name| !name.is_empty())?;
    let account = iam::arn::Arn::parse(&text).map_or("aws", |arn| arn.account);
    let is_customers = account != "aws" && !account.is_empty();
    let found =
        |breadth, grants| Some(Excess { breadth, name: name.to_owned(), grants, is_customers });
    if let Some(entry) = TABLE.administrator.iter().find(|entry| entry.name == name) {
        return found(Breadth::Administrator, entry.grants.as_str());
    }
    if let Some(entry) = TABLE.broad.iter().find(|entry| entry.name == name) {
        return found(Breadth::Broad, entry.grants.as_str());
    }
    let matching = |pattern: &&Pattern| wildcard_matches(&pattern.matches, name, Case::Sensitive);
    let pattern = TABLE.pattern.iter().find(matching)?;
    found(Breadth::Broad, pattern.grants.as_str())
}

/// One line on what to use instead of a policy; SAM's policy templates where they can be used.
pub(crate) fn instead(name: &str, in_sam: bool) -> String {
    let Some(replacement) = TABLE.replacement.iter().find(|replacement| replacement.name == name)
    else {
        let written = TABLE
            .broad
            .iter()
            .find(|entry| entry.name == name)
            .and_then(|entry| entry.r#use.as_deref())
            .or(TABLE.pattern.first().map(|pattern| pattern.r#use.as_str()));
        return format!("allow {} instead", written.unwrap_or("the actions that the code calls"));
    };
    let mut ways = Vec::new();
    ways.extend(replacement.r#use.as_ref().map(|actions| format!("allow {actions}")));
    ways.extend(
        replacement
            .polled_by
            .as_ref()
            .map(|policy| format!("where it triggers the function, attach `{policy}`")),
    );
    ways.extend(replacement.policy.as_ref().map(|policy| format!("attach `{policy}`")));
    if in_sam && !replacement.sam.is_empty() {
        ways.push(format!("use SAM's {}", replacement.sam.join(" or ")));
    }
    ways.join("; or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arn: &str, expect: Option<Breadth>) {
        assert_eq!(excess(&PartialText::known(arn)).map(|excess| excess.breadth), expect, "{arn}");
    }

    #[test]
    fn policies_are_judged_by_the_table_and_by_name() {
        check("arn:aws:iam::aws:policy/AdministratorAccess", Some(Breadth::Administrator));
        check("AdministratorAccess", Some(Breadth::Administrator));
        check("arn:aws:iam::aws:policy/AmazonS3FullAccess", Some(Breadth::Broad));
        check("arn:aws:iam::aws:policy/PowerUserAccess", Some(Breadth::Broad));
        check("AmazonDynamoDBFullAccess_v2", Some(Breadth::Broad));
        check("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", None);
        check("", None);
    }

    #[test]
    fn a_replacement_names_actions_and_sam_templates() {
        assert!(instead("AmazonS3FullAccess", true).contains("S3ReadPolicy"));
        assert!(!instead("AmazonS3FullAccess", false).contains("S3ReadPolicy"));
        assert!(instead("PowerUserAccess", true).contains("the actions that the code calls"));
    }
}
