//! Which rules are asked, and how severe they are.

use std::collections::BTreeSet;

use crate::command::{Folder, list, word};

const FUNCTION: &str = "Resources:\n  Take:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python3.13, Handler: a.b, Code: {ZipFile: ''}, Role: 'arn:aws:iam::111122223333:role/take'}\n";

/// Rules with severities that a scan finds with this configuration file and these arguments.
fn found(toml: &str, arguments: &[&str]) -> BTreeSet<String> {
    let folder = Folder::with(&[("t.yaml", FUNCTION), ("casemate.toml", toml)]);
    let (_, report) = folder.report(arguments);
    list(&report, "findings")
        .iter()
        .map(|finding| format!("{} {}", word(&finding["rule"]), word(&finding["severity"])))
        .collect()
}

fn check(toml: &str, arguments: &[&str], expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(|&rule| rule.to_owned()).collect();
    assert_eq!(found(toml, arguments), expected);
}

const TIMEOUT: &str = "default-timeout low";
const TRACING: &str = "default-memory low";

#[test]
fn select_and_ignore() {
    let both = ["--select", "default-timeout,default-memory"];
    check("", &both, &[TIMEOUT, TRACING]);
    check("", &["--select", "default-timeout", "--select", "public-bucket"], &[TIMEOUT]);
    check("", &[&both[..], &["--ignore", "default-timeout"]].concat(), &[TRACING]);
    let all = found("", &[]);
    let fewer = found("", &["--ignore", "default-timeout"]);
    assert_eq!(all.difference(&fewer).collect::<Vec<_>>(), [TIMEOUT]);
}

#[test]
fn the_configuration_file_selects_and_the_command_line_comes_after_it() {
    let select = "[rules]\nselect = ['default-timeout']\n";
    check(select, &[], &[TIMEOUT]);
    check(select, &["--select", "default-memory"], &[TRACING]);
    check(select, &["--ignore", "default-timeout"], &[]);
    check("[rules]\nselect = ['default-timeout']\nignore = ['default-timeout']\n", &[], &[]);
}

#[test]
fn severities_of_the_users_own() {
    let toml = "[severity]\ndefault-timeout = 'critical'\n";
    check(toml, &["--select", "default-timeout"], &["default-timeout critical"]);
    let folder = Folder::with(&[("t.yaml", FUNCTION), ("casemate.toml", toml)]);
    assert_eq!(folder.scan(&[]).code, 1);
}

#[test]
fn an_unknown_rule_is_answered_with_the_nearest_one() {
    let folder = Folder::with(&[("t.yaml", FUNCTION)]);
    for (wrong, near) in [
        ("unversioned-buckets", "unversioned-bucket"),
        ("public-buckets", "public-bucket"),
        ("default_timeout", "default-timeout"),
        ("plain-text-secret", "plaintext-secret"),
    ] {
        for arguments in [&["--select", wrong][..], &["--ignore", wrong]] {
            let ran = folder.scan(arguments);
            assert_eq!((ran.code, ran.out.as_str()), (2, ""));
            assert!(ran.err.contains(&format!("did you mean `{near}`?")), "{}", ran.err);
        }
        for toml in [
            format!("[rules]\nselect = ['{wrong}']\n"),
            format!("[rules]\nignore = ['{wrong}']\n"),
            format!("[severity]\n{wrong} = 'low'\n"),
            format!("[[allow]]\nrule = '{wrong}'\nreason = 'why'\n"),
        ] {
            let folder = Folder::with(&[("t.yaml", FUNCTION), ("casemate.toml", &toml)]);
            let ran = folder.scan(&[]);
            assert_eq!(ran.code, 2, "{toml}");
            assert!(ran.err.contains(&format!("did you mean `{near}`?")), "{}", ran.err);
        }
    }
    let ran = folder.scan(&["--select", "xyzzy"]);
    assert!(ran.code == 2 && ran.err.contains("casemate rules"), "{}", ran.err);
}
