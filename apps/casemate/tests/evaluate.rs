use crate::command::Folder;

const READER: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "Read",
      "Effect": "Allow",
      "Action": ["s3:GetObject", "sqs:*"],
      "Resource": "arn:aws:s3:::shop/${aws:username}/*"
    },
    {"Sid": "Mine", "Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:mine"}
  ]
}
"#;
const ALL: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
const FEW: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}"#;

const USER: &str = "arn:aws:iam::111122223333:user/anna";
const OBJECT: &str = "arn:aws:s3:::shop/anna/a";

fn folder() -> Folder {
    Folder::with(&[("reader.json", READER), ("all.json", ALL), ("few.json", FEW)])
}

fn check(arguments: &[&str], code: i32, expect: &str) {
    let ran = folder().run(&[&["evaluate", "--principal", USER], arguments].concat());
    assert_eq!(ran.code, code, "{arguments:?}: {}{}", ran.out, ran.err);
    let text = if code == 2 && ran.out.is_empty() { &ran.err } else { &ran.out };
    assert!(text.contains(expect), "{arguments:?}: `{expect}` is not in\n{text}");
}

const READ: &[&str] = &["--action", "s3:GetObject", "--resource", OBJECT];
const OF_READER: &[&str] = &["--identity", "reader.json"];

#[test]
fn the_statement_that_decides_is_shown() {
    check(&[OF_READER, READ].concat(), 0, "allowed\n");
    check(
        &[OF_READER, READ].concat(),
        0,
        "reader.json:4:5: statement `Read` of the identity policies",
    );
    check(
        &[OF_READER, READ].concat(),
        0,
        r#"8 |       "Resource": "arn:aws:s3:::shop/${aws:username}/*""#,
    );
    let send = ["--action", "sqs:SendMessage", "--resource", "arn:aws:sqs:eu-west-1:1:x"];
    check(&[OF_READER, &send].concat(), 1, "reader.json:10:5: statement `Mine`");
}

#[test]
fn every_kind_of_policy_has_its_say() {
    let reads = [OF_READER, READ].concat();
    for (more, code, expect) in [
        (&["--boundary", "few.json"][..], 1, "permissions boundary: does not speak of it"),
        (&["--session", "few.json"], 1, "session policies: does not speak of it"),
        (&["--scp", "all.json", "--scp", "few.json"], 1, "level 2: does not speak of it"),
        (&["--scp", "all.json", "--scp", "few.json,all.json"], 0, "level 2: allows, all.json:1:40"),
        (&["--resource-account", "999988887777"], 1, "denied: not everything"),
        (&["--resource-policy", "all.json"], 0, "resource policy: does not speak of it"),
    ] {
        check(&[&reads, more].concat(), code, expect);
    }
}

#[test]
fn what_is_not_known_has_an_exit_of_its_own() {
    let folder = Folder::with(&[(
        "p.json",
        r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
            "Condition": {"Bool": {"aws:SecureTransport": true}}}}"#,
    )]);
    let ask = ["evaluate", "--principal", USER, "--identity", "p.json"];
    let ran = folder.run(&[&ask, READ].concat());
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("`aws:SecureTransport` is in every request and was not told"));
    let told = ["--context", "aws:SecureTransport=true"];
    assert_eq!(folder.run(&[&ask, READ, &told].concat()).code, 0);
    let told = ["--context", "aws:SecureTransport=false"];
    assert_eq!(folder.run(&[&ask, READ, &told].concat()).code, 1);
}

#[test]
fn a_question_that_is_none_is_2() {
    let reads = [OF_READER, READ].concat();
    check(&[OF_READER, &["--action", "s3", "--resource", "*"]].concat(), 2, "`s3` is no action");
    check(&[OF_READER, &["--action", "s3:Get*", "--resource", "*"]].concat(), 2, "is no action");
    check(&[OF_READER, &["--action", "s3:x", "--resource", "shop"]].concat(), 2, "is no resource");
    check(&[&reads, &["--context", "key"][..]].concat(), 2, "`key` is no context");
    check(&[&reads, &["--resource-account", "1"][..]].concat(), 2, "`1` is no account");
    check(&[&["--identity", "none.json"], READ].concat(), 2, "the policy cannot be read");
    check(
        &[OF_READER, &["--action", "s3:Foo", "--resource", "*"]].concat(),
        1,
        "no action `s3:Foo`",
    );
}

/// Evaluates a policy with something wrong in it: the exit, and what is said of it.
fn check_policy(policy: &str, code: i32, expect: &str) {
    let folder = Folder::with(&[("p.json", policy)]);
    let ask = ["evaluate", "--principal", USER, "--identity", "p.json"];
    let ran = folder.run(&[&ask, READ].concat());
    assert_eq!(ran.code, code, "{policy}: {ran:?}");
    assert!(ran.out.contains(expect), "{policy}: `{expect}` is not in\n{}", ran.out);
}

#[test]
fn what_is_wrong_with_a_policy_is_said_at_its_place() {
    let statement = |rest: &str| {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "s3:*"{rest}}}]}}"#
        )
    };
    for (policy, expect) in [
        ("", "there is no policy in this file"),
        ("{", "p.json:1:"),
        (r#"{"Statement": ["#, "p.json:1:"),
        ("[]", "error: a policy is an object\n  p.json:1:1"),
        ("7", "a policy is an object"),
        ("{}", "a policy document without `Statement` allows nothing"),
        (r#"{"Statements": []}"#, "error: a policy has no element `Statements`\n  p.json:1:2"),
        (r#"{"Version": "2012-10-18", "Statement": []}"#, "no such version of the policy language"),
        (r#"{"Statement": "x"}"#, "a policy's statement is a mapping"),
        (&statement(r#", "Resources": "*""#), "a statement has no element `Resources`"),
        (
            &statement(r#", "Resource": 7"#),
            "error: `Resource` is a text or a list of texts\n  p.json:1:",
        ),
        (&statement(r#", "Resource": []"#), "`Resource` is empty"),
        (
            &statement(r#", "Resource": "*", "NotResource": "*""#),
            "`Resource` or `NotResource`, not both",
        ),
        (&statement(r#", "Resource": "*", "Principal": "x""#), "`Principal` is `*` or an object"),
        (
            &statement(r#", "Resource": "*", "Condition": []"#),
            "`Condition` is an object of operators",
        ),
        (
            &statement(r#", "Resource": "*", "Condition": {"Bool": "x"}"#),
            "a condition operator has keys with values",
        ),
        (
            &statement(r#", "Resource": "*", "Condition": {"Like": {"a": "x"}}"#),
            "`Like` is no condition operator",
        ),
        (&statement("").replace("Allow", "allow"), "`allow` is no effect"),
    ] {
        check_policy(policy, 2, expect);
    }
    check_policy(
        &statement(r#", "Resource": "*""#).replace(r#""s3:*""#, r#"["s3:*", "s3:Foo"]"#),
        0,
        "note: no action `s3:Foo` is known",
    );
    // Bytes that are no text, nesting without end.
    let folder = Folder::with(&[("p.json", [0xff, 0xfe, 0, b'{'].as_slice())]);
    let ask = ["evaluate", "--principal", USER, "--identity", "p.json"];
    assert_eq!(folder.run(&[&ask, READ].concat()).code, 2);
    check_policy(&"[".repeat(100_000), 2, "p.json:1:");
}

#[test]
fn the_answer_is_json_too() {
    let ran = folder()
        .run(&[&["evaluate", "--principal", USER, "--format", "json"], OF_READER, READ].concat());
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(ran.code, 0);
    assert_eq!(answer["decision"], "allowed");
    assert_eq!(answer["decided_by"]["file"], "reader.json");
    assert_eq!(answer["decided_by"]["line"], 4);
    assert_eq!(answer["decided_by"]["sid"], "Read");
    assert_eq!(answer["policies"][0]["verdict"], "allows");
    assert_eq!(answer["problems"].as_array().map(Vec::len), Some(0));
}
