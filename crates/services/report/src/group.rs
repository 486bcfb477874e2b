use std::collections::BTreeMap;

use scan::{Judged, Scan};

/// Findings of one rule that one change of mind mends: shown as one block with its places.
#[derive(Debug)]
pub struct Group<'a> {
    /// The findings, by place; never empty.
    pub findings: Vec<&'a Judged>,
}

impl<'a> Group<'a> {
    /// The finding shown in full.
    pub fn first(&self) -> Option<&'a Judged> {
        self.findings.first().copied()
    }
}

/// Open findings grouped by application, rule, severity and fix; worst first.
pub fn groups(scan: &Scan) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut index: BTreeMap<_, usize> = BTreeMap::new();
    for judged in scan.open() {
        let finding = &judged.finding;
        let fix = finding.fix.as_ref().map(|fix| fix.summary.as_str());
        let key = (judged.application, finding.rule.id, finding.severity, fix);
        match index.get(&key).and_then(|position| groups.get_mut(*position)) {
            Some(group) => group.findings.push(judged),
            None => {
                index.insert(key, groups.len());
                groups.push(Group { findings: vec![judged] });
            }
        }
    }
    groups
}
