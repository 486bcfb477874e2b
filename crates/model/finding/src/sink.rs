use std::collections::BTreeMap;

use text::Unknown;

use crate::{Finding, Rule, Severity, Subject, UnknownValue};

/// Collects what rules report; the one place where severities are overridden.
#[derive(Debug, Default)]
pub struct Sink {
    overrides: BTreeMap<String, Severity>,
    findings: Vec<Finding>,
    unknowns: Vec<UnknownValue>,
}

impl Sink {
    /// A sink that gives every finding of a listed rule the severity beside it.
    pub fn with_overrides(overrides: BTreeMap<String, Severity>) -> Self {
        Self { overrides, ..Self::default() }
    }

    /// Takes a finding.
    pub fn report(&mut self, mut finding: Finding) {
        if let Some(severity) = self.overrides.get(finding.rule.id) {
            finding.severity = *severity;
        }
        self.findings.push(finding);
    }

    /// Takes note that `rule` needed a `property` of `subject` that stayed unknown.
    pub fn unknown(
        &mut self,
        rule: &'static Rule,
        subject: impl Into<Subject>,
        property: impl Into<String>,
        unknown: &Unknown,
    ) {
        self.unknowns.push(UnknownValue {
            rule,
            subject: subject.into(),
            property: property.into(),
            unknown: unknown.clone(),
        });
    }

    /// Keeps only the findings and unknown values for which the two answer yes.
    pub fn retain(
        &mut self,
        findings: impl FnMut(&Finding) -> bool,
        unknowns: impl FnMut(&UnknownValue) -> bool,
    ) {
        self.findings.retain(findings);
        self.unknowns.retain(unknowns);
    }

    /// All that was reported.
    pub fn into_parts(self) -> (Vec<Finding>, Vec<UnknownValue>) {
        (self.findings, self.unknowns)
    }
}
