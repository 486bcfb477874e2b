//! The sample shop: every planted fault is found, nothing else is, and the repaired twin is clean.

use std::collections::BTreeSet;

use crate::command::{TODAY, findings, list, problems, report_of, run, sample, word};

/// Rule and logical id of each row of the README's table of faults.
fn planted() -> BTreeSet<(String, String)> {
    let readme = std::fs::read_to_string(sample("webshop").join("README.md")).unwrap();
    let (_, table) = readme.split_once("## Planted faults").unwrap();
    let cell = |row: &str, column: usize| {
        let cell = row.split('|').nth(column)?.trim();
        Some(cell.strip_prefix('`')?.strip_suffix('`')?.to_owned())
    };
    table.lines().filter_map(|row| Some((cell(row, 1)?, cell(row, 2)?))).collect()
}

#[test]
fn every_planted_fault_is_found_and_nothing_else() {
    let planted = planted();
    assert!(planted.len() >= 30, "the table was not understood");
    let (code, report) = report_of(&sample("webshop"), &[]);
    assert_eq!((code, problems(&report)), (1, Vec::new()));
    let mut found = BTreeSet::new();
    let mut beyond = Vec::new();
    for finding in list(&report, "findings") {
        let rule = word(&finding["rule"]).to_owned();
        let names = ["function", "role", "resource"].map(|key| word(&finding[key]));
        let pairs = names.map(|name| {
            // A nested stack's own things carry its name in front.
            (rule.clone(), name.rsplit('/').next().unwrap_or_default().to_owned())
        });
        let known: Vec<_> = pairs.into_iter().filter(|pair| planted.contains(pair)).collect();
        if known.is_empty() {
            beyond.push(format!("{rule} {names:?} {}", word(&finding["message"])));
        }
        found.extend(known);
    }
    let missing: Vec<_> = planted.difference(&found).collect();
    assert!(missing.is_empty() && beyond.is_empty(), "missing {missing:#?}\nbeyond {beyond:#?}");
}

#[test]
fn the_repaired_shop_is_silent() {
    let (code, report) = report_of(&sample("webshop-safe"), &["--fail-on", "info", "--strict"]);
    assert_eq!(findings(&report, "open"), Vec::<String>::new());
    assert_eq!(findings(&report, "suppressed"), Vec::<String>::new());
    assert_eq!(list(&report, "unknowns"), [] as [serde_json::Value; 0]);
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!(code, 0, "{}", report["exit"]);
}

#[test]
fn both_are_one_application_each_with_all_functions() {
    for (name, functions) in [("webshop", 11), ("webshop-safe", 12)] {
        let (_, report) = report_of(&sample(name), &[]);
        let applications = list(&report, "applications");
        assert_eq!(applications.len(), 1);
        assert_eq!(list(&applications[0], "functions").len(), functions, "{name}");
    }
}

#[test]
fn its_report_is_short() {
    let ran = run(&sample("webshop"), &["scan", ".", "--today", TODAY], &[]);
    let rows = planted().len();
    assert!(ran.out.lines().count() <= rows * 10, "{} lines", ran.out.lines().count());
}
