//! Every rule fires on its firing example and is silent on its clean one.

use app_graph::Arns;
use casemate_permissions::{Facts, RULES, judge};

mod escalation;

/// What a rule reports of one template, and why it could not judge parts of it.
fn judged(rule: &str, template: &str) -> (Vec<finding::Finding>, Vec<finding::UnknownValue>) {
    let name =
        if template.trim_start().starts_with("resource ") { "main.tf" } else { "template.yaml" };
    let files = templates::Files::memory([(name, template)]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in an example of {rule}");
    assert!(!reading.applications.is_empty(), "an example of {rule} is no application");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        let facts = Facts { profiles: Vec::new(), arns: Arns::new(application) };
        judge(application, &facts, &|candidate| candidate.id == rule, &mut sink);
    }
    sink.into_parts()
}

/// What a rule says of one template.
fn findings_of(rule: &str, template: &str) -> Vec<String> {
    judged(rule, template).0.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn every_rule_fires_on_its_firing_example_and_not_on_its_clean_one() {
    let mut wrong = Vec::new();
    for check in RULES {
        let rule = check.rule;
        if findings_of(rule.id, rule.firing).is_empty() {
            wrong.push(format!("{} is silent on its firing example", rule.id));
        }
        for message in findings_of(rule.id, rule.clean) {
            wrong.push(format!("{} fires on its clean example: {message}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
