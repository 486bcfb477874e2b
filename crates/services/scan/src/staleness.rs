//! Says when built-in data that a run used are old.

use app_graph::{AppGraph, Cloud};
use posture::runtimes;
use text::{Place, Problem};

/// Days after which a run says how old its data are.
const OLD: i64 = 120;

/// A note for each old table of a cloud in which an application has functions.
pub(crate) fn notes(applications: &[AppGraph], today: runtimes::Day) -> Vec<Problem> {
    let in_use = |wanted: Cloud| {
        let functions = applications.iter().flat_map(|graph| &graph.functions);
        functions.map(|function| function.entity.cloud).any(|cloud| cloud == wanted)
    };
    let mut notes = Vec::new();
    for (source, days) in runtimes::ages(today) {
        let cloud = match source {
            "aws" => Cloud::Aws,
            "google" => Cloud::Google,
            "azure" => Cloud::Azure,
            _ => Cloud::Other,
        };
        if days > OLD && in_use(cloud) {
            let message = format!("the built-in dates of {source} runtimes are {days} days old");
            let place = Place::Path("built-in data".to_owned());
            notes.push(Problem::advice(message, place).help("use a newer casemate"));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(today: runtimes::Day, expect: usize) {
        let template = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n";
        let files = templates::Files::memory([("template.yaml", template)]);
        let reading = templates::read(&files, &templates::Options::default());
        assert_eq!(notes(&reading.applications, today).len(), expect, "on {today:?}");
    }

    #[test]
    fn only_data_that_are_old_and_in_use_are_named() {
        check((2026, 11, 1), 0);
        check((2028, 1, 1), 1);
    }
}
