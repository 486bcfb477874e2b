//! Reports for machines keep the formats' promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::command::{Folder, TODAY, fixture, list, run, sample, word};

/// A folder with findings of all kinds, suppressed ones, problems, and names that need escaping.
fn everything() -> Folder {
    let url = "Resources:
  Take:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.7, Handler: a.b, Code: {ZipFile: ''}, Role: 'arn:aws:iam::111122223333:role/take'}
  Url: # casemate: allow(public-function-url) a webhook; it checks <signatures> & \"times\"
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Take.Arn, AuthType: NONE}
  Images:
    Type: AWS::S3::Bucket
    Properties: {AccessControl: PublicRead, PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}}
";
    Folder::with(&[
        ("a b/ünï&<code>.yaml", url),
        ("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: [\n"),
        ("main.bicep", "param a string\n"),
    ])
}

fn scan(folder: &Path, format: &str) -> String {
    run(folder, &["scan", ".", "--today", TODAY, "--format", format], &[]).out
}

fn json(folder: &Path, format: &str) -> Value {
    serde_json::from_str(&scan(folder, format)).unwrap()
}

fn validate(schema: &str, report: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(report)
        .take(10)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Whatever is asserted of a format holds for the shop, for the folder with everything, for the
/// silent shop and for an empty folder.
fn for_each_folder(check: impl Fn(&Path)) {
    check(&sample("webshop"));
    check(&sample("webshop-safe"));
    check(everything().path());
    check(Folder::new().path());
    check(&sample("ledger"));
}

fn committed_schema(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    std::fs::read_to_string(docs.join(format!("{name}.schema.json"))).unwrap()
}

#[test]
fn json_is_valid_by_its_committed_schema() {
    let schema = committed_schema("report");
    for_each_folder(|folder| validate(&schema, &json(folder, "json")));
}

#[test]
fn permissions_and_profiles_are_valid_by_their_committed_schemas() {
    let trail = fixture("ledger-trail");
    let observed = ["--observed", trail.to_str().unwrap()];
    let commands: [(&str, &[&str]); 2] = [
        ("permissions", &["permissions", ".", "--format", "json"]),
        ("profile", &["profile", ".", "--output", "-"]),
    ];
    for (schema, command) in commands {
        let schema = committed_schema(schema);
        for arguments in [command.to_vec(), [command, &observed].concat()] {
            for_each_folder(|folder| {
                let out = run(folder, &arguments, &[]).out;
                validate(&schema, &serde_json::from_str(&out).unwrap());
            });
        }
    }
}

#[test]
fn json_says_who_what_and_where() {
    let folder = everything();
    let report = json(folder.path(), "json");
    assert_eq!(report["exit"]["code"], 1);
    let problems = list(&report, "problems");
    assert!(!problems.is_empty() && problems.iter().all(|it| it["file"] == "broken.yaml"));
    assert_eq!(list(&report, "not_read").len(), 1);
    for finding in list(&report, "findings") {
        for key in ["rule", "severity", "confidence", "message", "fingerprint", "status"] {
            assert!(!word(&finding[key]).is_empty(), "{key} of {finding:#}");
        }
        let place = &finding["location"];
        assert_eq!(word(&place["file"]), "a b/ünï&<code>.yaml");
        let at = |key: &str| place[key].as_u64().unwrap();
        assert!((at("line"), at("column")) <= (at("end_line"), at("end_column")));
    }
}

#[test]
fn sarif_is_valid_by_its_schema() {
    for_each_folder(|folder| {
        // The pattern of a language has a bracket too many to be a regular expression.
        let schema = include_str!("schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
        validate(&schema, &json(folder, "sarif"));
    });
}

#[test]
fn every_sarif_result_can_be_matched_ranked_and_looked_up() {
    let folder = everything();
    for folder in [folder.path(), &sample("webshop")] {
        let report = json(folder, "sarif");
        let run = &list(&report, "runs")[0];
        let rules: BTreeMap<&str, &Value> = list(&run["tool"]["driver"], "rules")
            .iter()
            .map(|rule| (word(&rule["id"]), rule))
            .collect();
        let mut fingerprints = BTreeSet::new();
        for result in list(run, "results") {
            let rule = rules[word(&result["ruleId"])];
            assert!(word(&rule["helpUri"]).starts_with("https://"), "{rule:#}");
            let severity: f32 =
                word(&rule["properties"]["security-severity"]).parse().expect("a number");
            assert!((0.0..=10.0).contains(&severity));
            let own = result["partialFingerprints"].as_object().unwrap();
            assert!(!own.is_empty());
            assert!(fingerprints.insert(own.values().map(Value::to_string).collect::<String>()));
            let place = &list(result, "locations")[0]["physicalLocation"];
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
            let uri = word(&place["artifactLocation"]["uri"]);
            assert!(uri.is_ascii() && !uri.contains([' ', '<', '>']), "{uri}");
        }
        assert!(!fingerprints.is_empty());
    }
}

#[test]
fn sarif_carries_fixes_paths_suppressions_and_what_was_lost() {
    let report = json(everything().path(), "sarif");
    let run = &list(&report, "runs")[0];
    let suppressed = list(run, "results").iter().filter(|it| !list(it, "suppressions").is_empty());
    assert_eq!(suppressed.count(), 1);
    let notes = list(&list(run, "invocations")[0], "toolExecutionNotifications");
    assert!(notes.iter().any(|note| note["level"] == "error"), "{notes:#?}");
    let report = json(&sample("webshop"), "sarif");
    let results = list(&list(&report, "runs")[0], "results");
    assert!(results.iter().any(|result| !list(result, "codeFlows").is_empty()));
    assert!(results.iter().any(|result| !list(result, "fixes").is_empty()));
}

#[test]
fn junit_can_be_read_back() {
    for_each_folder(|folder| {
        let text = scan(folder, "junit");
        quick_junit::Report::deserialize_from_str(&text)
            .unwrap_or_else(|error| panic!("{error}: {text}"));
    });
    let report = scan(everything().path(), "junit");
    let report = quick_junit::Report::deserialize_from_str(&report).unwrap();
    let suites: Vec<&str> = report.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(suites.last(), Some(&"reading"));
    let lost = json(everything().path(), "json");
    let lost = list(&lost, "problems").len() + list(&lost, "not_read").len();
    assert_eq!(report.test_suites.last().unwrap().test_cases.len(), lost);
}

#[test]
fn gitlab_gets_what_its_schema_requires() {
    for_each_folder(|folder| {
        let report = json(folder, "gitlab");
        assert!(word(&report["version"]).starts_with("15."));
        let scan = &report["scan"];
        for key in ["start_time", "end_time", "status", "type"] {
            assert!(!word(&scan[key]).is_empty(), "{key}");
        }
        for tool in [&scan["analyzer"], &scan["scanner"]] {
            for value in [&tool["id"], &tool["name"], &tool["version"], &tool["vendor"]["name"]] {
                assert!(!word(value).is_empty());
            }
        }
        let mut ids = BTreeSet::new();
        for entry in list(&report, "vulnerabilities") {
            assert!(ids.insert(word(&entry["id"]).to_owned()));
            let severities = ["Info", "Unknown", "Low", "Medium", "High", "Critical"];
            assert!(severities.contains(&word(&entry["severity"])), "{}", entry["severity"]);
            for identifier in list(entry, "identifiers") {
                for key in ["type", "name", "value"] {
                    assert!(!word(&identifier[key]).is_empty());
                }
            }
            assert!(!list(entry, "identifiers").is_empty());
            assert!(!word(&entry["location"]["file"]).is_empty());
            assert!(word(&entry["name"]).chars().count() <= 255);
            for link in list(entry, "links") {
                assert!(word(&link["url"]).starts_with("https://"));
            }
        }
    });
}

#[test]
fn markdown_and_html_are_not_steered_by_names() {
    let hostile = "Resources:
  \"<img src=x onerror=alert(1)>|`\":
    Type: AWS::S3::Bucket
    Properties: {AccessControl: PublicRead, PublicAccessBlockConfiguration: {BlockPublicAcls: false, IgnorePublicAcls: false}}
";
    let folder = Folder::with(&[("</script><b>.yaml", hostile)]);
    let page = scan(folder.path(), "html");
    assert!(page.contains("public-bucket"));
    assert!(!page.contains("<img src=x") && !page.contains("</script><b>"), "the page is steered");
    let outside = page.match_indices("src=\"http").count() + page.match_indices("<link").count();
    assert_eq!(outside, 0, "the page asks others");
    let markdown = scan(folder.path(), "markdown");
    assert!(!markdown.contains("<img src=x onerror=alert(1)>"), "{markdown}");
}

#[test]
fn html_is_small() {
    let page = scan(&sample("webshop"), "html");
    assert!(page.len() < 500_000, "{} bytes", page.len());
}

#[test]
fn every_format_names_every_finding() {
    let folder = sample("webshop");
    let report = json(&folder, "json");
    let rules: BTreeSet<&str> =
        list(&report, "findings").iter().map(|finding| word(&finding["rule"])).collect();
    for format in ["text", "sarif", "junit", "gitlab", "markdown", "html"] {
        let text = scan(&folder, format);
        let silent: Vec<_> = rules.iter().filter(|rule| !text.contains(**rule)).collect();
        assert!(silent.is_empty(), "{format} does not name {silent:?}");
    }
}
