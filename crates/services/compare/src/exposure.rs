//! Findings that lay something open, and that were not there before.

use std::collections::BTreeSet;

use scan::{Judged, Scan};

use crate::{Comparison, place};

/// A thing laid open to others, or a way to more permissions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewExposure {
    /// The rule that says so.
    pub rule: &'static str,
    /// What it says.
    pub message: String,
    /// Where: file and line.
    pub place: String,
}

/// Rules whose findings let somebody in, or let somebody become more than they are.
const OPENING: &[&str] = &[
    "assumable-by-anyone",
    "cross-account-access",
    "open-event-bus",
    "open-key-policy",
    "open-queue-policy",
    "open-topic-policy",
    "privilege-escalation",
    "public-bucket",
    "public-database",
    "public-invoke-permission",
    "publicly-writable-trigger",
    "unauthenticated-identities",
    "untrusted-federation",
];

pub(crate) fn compare(old: &Scan, new: &Scan, comparison: &mut Comparison) {
    let known: BTreeSet<String> = opening(old).map(|judged| judged.fingerprint.clone()).collect();
    for judged in opening(new).filter(|judged| !known.contains(&judged.fingerprint)) {
        comparison.exposures.push(NewExposure {
            rule: judged.finding.rule.id,
            message: judged.finding.message.clone(),
            place: place(new, judged.finding.span),
        });
    }
}

fn opening(scan: &Scan) -> impl Iterator<Item = &Judged> {
    scan.open().filter(|judged| OPENING.contains(&judged.finding.rule.id))
}
