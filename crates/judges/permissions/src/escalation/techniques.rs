//! The known ways to get more than one has.

use std::sync::LazyLock;

use serde::Deserialize;

/// The table, which says its sources; a test excludes that it cannot be read.
static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/techniques.toml")).unwrap_or_default()
});

#[derive(Debug, Default, Deserialize)]
struct Table {
    /// The day on which it was compared with its sources.
    read: String,
    technique: Vec<Technique>,
}

/// One way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Technique {
    /// kebab-case; part of fingerprints, so never reused.
    pub(crate) id: String,
    /// What its user does, as "it may …"; `{}` stands for the target.
    pub(crate) does: String,
    /// What it is done to.
    pub(crate) target: Kind,
    /// What becomes of the target.
    pub(crate) yields: Yield,
    /// Actions needed on the target, the one to take away first.
    pub(crate) on_target: Vec<String>,
    /// Actions needed on anything of their service; ` or ` between those of which one is enough.
    #[serde(default)]
    pub(crate) and: Vec<String>,
    /// The service that the target must trust and that it is passed to.
    pub(crate) service: Option<String>,
    /// How the ARN of a [`Kind::Workload`] goes on behind the account, without its name:
    /// `ec2:instance/`.
    pub(crate) arn: Option<String>,
    /// Where it is described.
    pub(crate) source: String,
}

/// What a technique is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Role,
    User,
    Group,
    /// A managed policy of the account.
    Policy,
    Function,
    /// Something else that runs as a role: an instance, a notebook, a build.
    Workload,
}

/// What becomes of a technique's target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Yield {
    /// It gets whatever rights one likes.
    Rewritten,
    /// One acts with its rights.
    Taken,
}

/// All of them.
pub(crate) fn techniques() -> &'static [Technique] {
    &TABLE.technique
}

/// The day on which the table was compared with its sources, as `2026-11-22`.
pub(crate) fn day() -> &'static str {
    &TABLE.read
}

impl Kind {
    /// A word for people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Role => "role",
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Policy => "managed policy",
            Kind::Function => "function",
            Kind::Workload => "workload",
        }
    }

    /// The ARN of something of the kind that is in no template, if `name` is not spelled anywhere.
    pub(crate) fn arn(self, technique: &Technique, name: &str) -> String {
        use super::names::{ACCOUNT, REGION};
        match self {
            Kind::Role => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
            Kind::User => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
            Kind::Group => format!("arn:aws:iam::{ACCOUNT}:group/{name}"),
            Kind::Policy => format!("arn:aws:iam::{ACCOUNT}:policy/{name}"),
            Kind::Function => format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"),
            Kind::Workload => {
                let rest = technique.arn.as_deref().unwrap_or_default();
                let (service, kind) = rest.split_once(':').unwrap_or((rest, ""));
                format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}{name}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_read_and_each_way_has_an_id_and_a_source_of_its_own() {
        let table: Table = toml::from_str(include_str!("../../data/techniques.toml")).unwrap();
        let ids: BTreeSet<_> = table.technique.iter().map(|technique| &technique.id).collect();
        assert_eq!(ids.len(), table.technique.len());
        for technique in &table.technique {
            assert!(technique.source.starts_with("https://"), "{}", technique.id);
            assert!(!technique.on_target.is_empty(), "{}", technique.id);
            assert_eq!(technique.target == Kind::Workload, technique.arn.is_some());
        }
    }
}
