//! Tests of the tables that are kept by hand.

use std::collections::BTreeSet;

use iam::actions;
use toml::{Table, Value};

const RUNTIMES: &str = include_str!("../../../crates/judges/posture/data/runtimes.toml");
const POLICIES: &str = include_str!("../../../crates/judges/posture/data/managed_policies.toml");

fn rows<'table>(table: &'table Table, key: &str) -> Vec<&'table Table> {
    table[key].as_array().unwrap().iter().map(|row| row.as_table().unwrap()).collect()
}

fn text<'row>(row: &'row Table, key: &str) -> &'row str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A runtime's name: its id, or its stack and version.
fn name(row: &Table) -> String {
    match row.get("id") {
        Some(_) => text(row, "id").to_owned(),
        None => format!("{} {}", text(row, "stack"), text(row, "version")),
    }
}

fn day(row: &Table, key: &str) -> Option<String> {
    row.get(key).map(|date| date.as_datetime().unwrap().to_string())
}

#[test]
fn runtimes_are_named_once_with_known_keys() {
    let table: Table = toml::from_str(RUNTIMES).unwrap();
    for provider in ["aws", "google", "azure"] {
        assert!(table["sources"][provider]["read"].is_datetime());
        let mut names = BTreeSet::new();
        for row in rows(&table, provider) {
            assert!(names.insert(name(row)), "{} stands twice", name(row));
            for key in row.keys() {
                assert!(
                    [
                        "id",
                        "stack",
                        "version",
                        "retired",
                        "create_blocked",
                        "update_blocked",
                        "successor",
                        "packaging",
                        "stage"
                    ]
                    .contains(&key.as_str()),
                    "{key} of {}",
                    name(row)
                );
            }
        }
    }
}

#[test]
fn a_successor_is_a_row_that_lasts_longer() {
    let table: Table = toml::from_str(RUNTIMES).unwrap();
    for provider in ["aws", "google", "azure"] {
        let all = rows(&table, provider);
        for row in &all {
            let Some(successor) = row.get("successor") else {
                continue;
            };
            let successor = match successor {
                Value::Table(successor) => name(successor),
                successor => successor.as_str().unwrap().to_owned(),
            };
            let successor = all
                .iter()
                .find(|row| name(row) == successor)
                .unwrap_or_else(|| panic!("{successor} is not listed"));
            let (before, after) = (day(row, "retired"), day(successor, "retired"));
            assert!(
                after.is_none() || before <= after,
                "{} lasts longer than {}",
                name(row),
                name(successor)
            );
            assert!(!successor.contains_key("stage"), "{}", name(successor));
        }
    }
}

#[test]
fn policies_are_named_once_in_each_list() {
    let table: Table = toml::from_str(POLICIES).unwrap();
    let mut judged = BTreeSet::new();
    for list in ["administrator", "broad", "harmless"] {
        for row in rows(&table, list) {
            let name = text(row, "name");
            assert!(judged.insert(name), "{name} stands twice");
            assert!(!text(row, "grants").is_empty(), "{name} grants nothing");
        }
    }
    let mut replaced = BTreeSet::new();
    for row in rows(&table, "replacement") {
        let name = text(row, "name");
        assert!(replaced.insert(name), "{name} is replaced twice");
    }
}

#[test]
fn what_to_use_instead_are_actions_and_policies_that_exist() {
    let table: Table = toml::from_str(POLICIES).unwrap();
    let harmless: BTreeSet<&str> =
        rows(&table, "harmless").iter().map(|row| text(row, "name")).collect();
    for list in ["broad", "replacement"] {
        for row in rows(&table, list) {
            let text_of_use = text(row, "use");
            assert!(!text_of_use.is_empty(), "{}", text(row, "name"));
            for word in text_of_use.split([' ', ',', ';']) {
                if word.contains(':') {
                    assert_eq!(actions::canonical(word).as_deref(), Some(word));
                }
            }
            let policy = text(row, "policy");
            assert!(policy.is_empty() || harmless.contains(policy), "{policy}");
        }
    }
}
