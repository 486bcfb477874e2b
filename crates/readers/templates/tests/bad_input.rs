//! Whatever a folder holds: a clear problem at its place, nothing else lost.

use casemate_templates::{Files, Options, Reading, read};

use crate::rendered;

const GOOD: &str = "Resources:\n  Good: {Type: 'AWS::SQS::Queue'}\n";

fn reading(bad: &[u8]) -> (Reading, Vec<String>) {
    let files = Files::memory([("bad/t.yaml", bad.to_vec()), ("good/t.yaml", GOOD.into())]);
    let reading = read(&files, &Options::default());
    let problems = reading.problems.iter().map(|it| rendered::problem(it, &files)).collect();
    assert!(reading.applications.iter().any(|it| it.root == "good/t.yaml"), "the other is lost");
    (reading, problems)
}

fn check(bad: impl AsRef<[u8]>, expected: &[&str]) {
    let (reading, problems) = reading(bad.as_ref());
    assert_eq!(problems, expected);
    assert!(reading.templates.contains(&"bad/t.yaml".to_owned()));
}

#[test]
fn an_empty_file_is_no_template() {
    let (reading, problems) = reading(b"");
    assert_eq!((reading.applications.len(), problems.len()), (1, 0));
}

#[test]
fn binary_and_wrongly_encoded_files() {
    check(b"AWSTemplateFormatVersion\0\0\xff\xfe", &["bad/t.yaml: `bad/t.yaml` is not UTF-8 text"]);
    check(
        b"Resources:\n  # caf\xe9\n  A: {Type: 'AWS::SQS::Queue'}\n",
        &["bad/t.yaml:2:8: this byte is not UTF-8"],
    );
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(GOOD.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    check(utf16, &[]);
}

#[test]
fn huge_files_are_refused_if_they_look_like_templates() {
    let mut text = String::from("AWSTemplateFormatVersion: '2010-09-09'\n");
    text.push_str(&"# padding\n".repeat(5_200_000));
    check(
        text,
        &["bad/t.yaml: `bad/t.yaml` has 52000039 bytes, more than the 33554432 that are read"],
    );
}

#[test]
fn resources_that_are_none() {
    check("AWSTemplateFormatVersion: x\n", &["bad/t.yaml:1:1: this template has no `Resources`"]);
    check("AWSTemplateFormatVersion: x\nResources:\n", &["bad/t.yaml:2:1: `Resources` is empty"]);
    check(
        "AWSTemplateFormatVersion: x\nResources: []\n",
        &["bad/t.yaml:2:1: `Resources` is no mapping"],
    );
    check(
        "Resources:\n  A:\n  B: 1\n  C: {Properties: {}}\n  D: {Type: 'AWS::SQS::Queue', Properties: []}\n",
        &[
            "bad/t.yaml:2:3: the resource `A` is empty",
            "bad/t.yaml:3:3: the resource `B` is no mapping",
            "bad/t.yaml:4:3: the resource `C` has no `Type`",
            "bad/t.yaml:5:44: the properties of `D` are no mapping",
        ],
    );
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_or_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let root = std::env::temp_dir().join(format!("casemate-links-{}", std::process::id()));
    std::fs::create_dir_all(root.join("in/sub")).unwrap();
    std::fs::write(root.join("outside.yaml"), GOOD).unwrap();
    std::fs::write(root.join("in/good.yaml"), GOOD).unwrap();
    symlink(root.join("in/b.yaml"), root.join("in/a.yaml")).unwrap();
    symlink(root.join("in/a.yaml"), root.join("in/b.yaml")).unwrap();
    symlink(root.join("outside.yaml"), root.join("in/out.yaml")).unwrap();
    symlink(root.join("gone.yaml"), root.join("in/gone.yaml")).unwrap();
    symlink(root.join("in"), root.join("in/sub/loop")).unwrap();
    let paths = ["a.yaml", "b.yaml", "good.yaml", "gone.yaml", "out.yaml", "sub/loop/good.yaml"];
    let paths = paths.map(str::to_owned).to_vec();
    let files = Files::folder(root.join("in"), "", paths);
    let reading = read(&files, &Options::default());
    let roots: Vec<&str> = reading.applications.iter().map(|it| it.root.as_str()).collect();
    assert_eq!(roots, ["good.yaml", "sub/loop/good.yaml"]);
    let problems: Vec<String> =
        reading.problems.iter().map(|it| rendered::problem(it, &files)).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(problems[0].starts_with("a.yaml: `a.yaml` cannot be read"), "{problems:?}");
    assert_eq!(problems[2], "out.yaml: `out.yaml` lies outside the scanned folder");
    std::fs::remove_dir_all(root).unwrap();
}

#[test]
fn unknown_types_are_no_problem() {
    check("Resources:\n  A: {Type: 'AWS::New::Thing'}\n  B: {Type: 'Custom::Mine'}\n", &[]);
}

#[test]
fn circles() {
    check(
        "Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\nResources:\n  Q: {Type: 'AWS::SQS::Queue', Condition: A}\n",
        &[
            "bad/t.yaml:2:6: the condition `B` is defined by itself",
            "bad/t.yaml:3:12: the condition `A` is defined by itself",
        ],
    );
    check(
        "Resources:\n  A: {Type: 'AWS::Test::A', Properties: {V: !Ref B}}\n  B: {Type: 'AWS::Test::B', Properties: {V: !Ref A}}\n",
        &["bad/t.yaml:2:3: advice: `A` and `B` refer to one another in a circle"],
    );
}
