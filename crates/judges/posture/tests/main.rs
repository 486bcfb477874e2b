//! Every rule fires on its firing example and is silent on its clean one.

use casemate_posture::{Facts, RULES, judge};

mod apis;
mod data;
mod edits;
mod fronts;
mod functions;
mod identities;
mod platforms;

const FACTS: Facts = Facts { today: (2026, 11, 1) };

/// What a rule says of one template.
fn findings_of(rule: &str, template: &str) -> Vec<String> {
    reported(rule, template).into_iter().map(|finding| finding.message).collect()
}

/// What a rule reports of one template.
fn reported(rule: &str, template: &str) -> Vec<finding::Finding> {
    judged(rule, template).0
}

/// Why a rule could not judge parts of one template.
fn unknowns(rule: &str, template: &str) -> Vec<String> {
    judged(rule, template).1.into_iter().map(|it| it.unknown.why.to_string()).collect()
}

fn judged(rule: &str, template: &str) -> (Vec<finding::Finding>, Vec<finding::UnknownValue>) {
    let begins = |word: &str| template.trim_start().starts_with(word);
    let name = if ["resource ", "variable ", "module "].into_iter().any(begins) {
        "main.tf"
    } else if begins("service:") {
        "serverless.yml"
    } else {
        "template.yaml"
    };
    let files = templates::Files::memory([(name, template)]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in an example of {rule}");
    assert!(!reading.applications.is_empty(), "an example of {rule} is no application");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        judge(application, &FACTS, &|candidate| candidate.id == rule, &mut sink);
    }
    sink.into_parts()
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

#[test]
fn ids_are_unique_and_kebab_case_and_sorted_within_their_family() {
    let ids: Vec<_> = RULES.iter().map(|check| (check.rule.family, check.rule.id)).collect();
    assert!(ids.is_sorted(), "rules are listed by family and id");
    for (_, id) in &ids {
        assert!(id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{id}");
        assert_eq!(ids.iter().filter(|(_, other)| other == id).count(), 1, "{id}");
    }
}
