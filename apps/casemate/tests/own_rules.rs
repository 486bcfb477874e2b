//! Own rules in Rego: what a policy yields is a finding, and a policy's fault is never silence.

use crate::command::{Folder, findings};
#[cfg(feature = "rego")]
use crate::command::{list, problems};

const TEMPLATE: &str = "Resources:
  Take:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: a.b
      Code: {ZipFile: ''}
      Role: arn:aws:iam::111122223333:role/take
";

/// A policy that says `finding` of every function.
#[cfg(feature = "rego")]
fn policy(finding: &str) -> String {
    format!(
        "package casemate\n\nfindings contains finding if {{\n    some function in input.functions\n    finding := {finding}\n}}\n"
    )
}

#[cfg(feature = "rego")]
const NAME: &str = r#"{"rule": "own-name", "severity": "high", "message": "a bad name", "name": function.name, "fix": "another"}"#;

#[cfg(not(feature = "rego"))]
#[test]
fn a_build_without_them_says_so() {
    let folder = Folder::with(&[("t.yaml", TEMPLATE), ("own.rego", "package casemate\n")]);
    let check = |arguments: &[&str]| {
        let ran = folder.scan(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains("--features rego"), "{}", ran.err);
    };
    check(&["--rego", "own.rego"]);
    folder.write("casemate.toml", "rego = ['*.rego']\n");
    check(&[]);
    folder.write("casemate.toml", "rego = []\n");
    assert_eq!(findings(&folder.report(&["--select", "public-bucket"]).1, "open"), [""; 0]);
}

/// The policy `text` answers with `code`, own findings and problems.
#[cfg(feature = "rego")]
fn check(text: &str, code: i32, open: &[&str], said: &str) {
    let folder = Folder::with(&[("t.yaml", TEMPLATE), ("own.rego", text)]);
    let (exit, report) = folder.report(&["--select", "public-bucket", "--rego", "own.rego"]);
    assert_eq!(findings(&report, "open"), open, "{text}");
    let problems = problems(&report);
    match said {
        "" => assert_eq!(problems, [""; 0], "{text}"),
        said => {
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].starts_with("own.rego "), "{problems:?}");
            assert!(problems[0].contains(said), "{problems:?}");
        }
    }
    assert_eq!(exit, code, "{text}");
}

#[cfg(feature = "rego")]
#[test]
fn what_a_policy_yields_is_a_finding_at_the_named_thing() {
    check(&policy(NAME), 1, &["own-name t.yaml:2 Take"], "");
    check(&policy(&NAME.replace("high", "low")), 0, &["own-name t.yaml:2 Take"], "");
    check(&policy(&NAME.replace(r#", "fix": "another""#, "")), 1, &["own-name t.yaml:2 Take"], "");
    check(
        &policy(&NAME.replace("function.name", "function.id")),
        1,
        &["own-name t.yaml:2 Take"],
        "",
    );
    check("package casemate\nfindings contains x if { some x in [] }\n", 0, &[], "");
    let input = "package casemate
findings contains finding if {
    some function in input.functions
    function.runtime == \"python3.13\"
    function.timeout == null
    regex.match(\"^T\", function.name)
    function.location.line == 2
    finding := {\"rule\": \"own\", \"severity\": \"low\", \"message\": \"m\", \"name\": \"Take\"}
}
";
    check(input, 0, &["own t.yaml:2 Take"], "");
}

#[cfg(feature = "rego")]
#[test]
fn a_policys_fault_is_never_silence() {
    check("package casemate\nfindings contains {{{\n", 3, &[], "is not Rego");
    check("package other\nfindings contains 1\n", 3, &[], "package `casemate`");
    check("package casemate\nother contains 1\n", 3, &[], "cannot be evaluated");
    check("package casemate\nfindings := 1\n", 3, &[], "no set");
    check("package casemate\nfindings := [] if input.no == 1\n", 3, &[], "no set");
    check(
        "package casemate\nfindings contains x if { x := to_number(\"a\") }\n",
        3,
        &[],
        "evaluated",
    );
    check("package casemate\nfindings contains x if { x := http.send({}) }\n", 3, &[], "evaluated");
    check("package casemate\nfindings contains 1\n", 3, &[], "expected shape");
    let odd = |from: &str, to: &str, said: &str| {
        check(&policy(&NAME.replace(from, to)), 3, &[], said);
    };
    odd("severity", "sverity", "sverity");
    odd(r#""high""#, r#""awful""#, "`awful` is no severity");
    odd("own-name", "Own Name", "kebab-case");
    odd("own-name", "public-bucket", "rule of Casemate's");
    odd("a bad name", " ", "no message");
    odd("function.name", "\"Nobody\"", "nothing in the application is called `Nobody`");
    // What went well stays.
    let two = policy(NAME) + "findings contains 1\n";
    check(&two, 1, &["own-name t.yaml:2 Take"], "expected shape");
}

#[cfg(feature = "rego")]
#[test]
fn a_policy_that_never_ends_is_ended() {
    let endless = "package casemate
many := numbers.range(1, 3000)
findings contains n if { some a in many; some b in many; some c in many; n := a + b + c; n < 0 }
";
    check(endless, 3, &[], "cannot be evaluated");
}

#[cfg(feature = "rego")]
#[test]
fn a_bad_policy_counts_where_there_is_no_application() {
    let folder = Folder::with(&[("own.rego", "package")]);
    assert_eq!(folder.scan(&["--rego", "own.rego"]).code, 3);
    assert_eq!(folder.scan(&["--rego", "none.rego"]).code, 2);
}

#[cfg(feature = "rego")]
#[test]
fn own_findings_are_in_every_format() {
    let folder = Folder::with(&[("t.yaml", TEMPLATE), ("own.rego", &policy(NAME))]);
    for format in ["text", "json", "sarif", "junit", "gitlab", "markdown", "html"] {
        let ran = folder.scan(&["--rego", "own.rego", "--format", format]);
        assert_eq!(ran.code, 1, "{format}");
        assert!(ran.out.contains("own-name"), "{format}");
        assert!(!ran.out.contains("explain own-name"), "{format}");
    }
    let ran = folder.scan(&["--rego", "own.rego", "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let run = &sarif["runs"][0];
    for result in list(run, "results") {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

#[cfg(feature = "rego")]
#[test]
fn own_findings_are_allowed_and_known_like_others() {
    let folder = Folder::with(&[("t.yaml", TEMPLATE), ("policies/own.rego", &policy(NAME))]);
    let select = ["--select", "public-bucket"];
    let check = |arguments: &[&str], status: &str, code: i32| {
        let (exit, report) = folder.report(&[&select[..], arguments].concat());
        assert_eq!(findings(&report, status).len(), 1, "{report}");
        assert_eq!((exit, problems(&report)), (code, vec![]));
    };
    folder.write("casemate.toml", "rego = ['policies/*.rego']\n");
    check(&[], "open", 1);
    // Named twice, asked once.
    check(&["--rego", "./policies/own.rego"], "open", 1);
    folder.scan(&[&select[..], &["--write-baseline", "known.json"]].concat());
    check(&["--baseline", "known.json"], "baseline", 0);
    let allow = "rego = ['policies/*.rego']\n[[allow]]\nrule = 'own-name'\nname = 'Take'\nreason = 'it is old'\n";
    folder.write("casemate.toml", allow);
    check(&[], "suppressed", 0);
    folder.write("casemate.toml", "rego = ['policies/*.rego']\n");
    folder
        .write("t.yaml", TEMPLATE.replace("Take:", "Take: # casemate: allow(own-name) it is old"));
    check(&[], "suppressed", 0);
    folder.write("casemate.toml", "rego = ['none/*.rego']\n");
    assert_eq!(folder.scan(&[]).code, 2);
}

/// The policy of the documentation does what the documentation says.
#[cfg(feature = "rego")]
#[test]
fn the_documented_policy_works() {
    let page = include_str!("../../../docs/rego.md");
    let policy = page.split("```rego\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = Folder::with(&[("t.yaml", TEMPLATE), ("own.rego", policy)]);
    let (_, report) = folder.report(&["--select", "public-bucket", "--rego", "own.rego"]);
    assert_eq!(findings(&report, "open"), ["foreign-function-name t.yaml:2 Take"]);
    assert_eq!(problems(&report), [""; 0]);
    let webshop = crate::command::sample("webshop");
    let own = folder.path().join("own.rego");
    let (_, report) = crate::command::report_of(&webshop, &["--rego", own.to_str().unwrap()]);
    let found = findings(&report, "open");
    assert!(found.iter().any(|line| line.starts_with("foreign-function-name")), "{found:?}");
    assert!(found.iter().any(|line| line.starts_with("several-writers")), "{found:?}");
    assert_eq!(problems(&report), [""; 0]);
}
