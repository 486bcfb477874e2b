//! Records in every shape, and what they say.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says where it fails by panicking")]

mod join;

use std::io::Write;

use casemate_cloudtrail::{read, read_one};
use flate2::Compression;
use flate2::write::GzEncoder;
use profile::{Event, Outcome};

/// A record of a function's session.
fn record(source: &str, name: &str, more: &str) -> String {
    format!(
        r#"{{"eventTime":"2026-10-27T08:00:00Z","eventSource":"{source}.amazonaws.com",
 "eventName":"{name}","awsRegion":"eu-west-1","recipientAccountId":"111122223333",
 "userIdentity":{{"type":"AssumedRole",
  "arn":"arn:aws:sts::111122223333:assumed-role/shop-role/shop-orders"}}{more}}}"#
    )
    .replace('\n', "")
}

fn read_all(bytes: &[u8]) -> (Vec<Event>, Vec<String>) {
    let mut events = Vec::new();
    let problems = read_one("trail.json", bytes, &mut |event| events.push(event));
    (events, problems.into_iter().map(|problem| problem.message).collect())
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// What one record needed: action and resource.
fn check(record: &str, expect: &[(&str, &str)]) {
    let (events, problems) = read_all(record.as_bytes());
    assert_eq!(problems, [""; 0], "{record}");
    let [event] = events.as_slice() else { panic!("{events:?}") };
    let needs = event.needs.as_ref().unwrap_or_else(|why| panic!("{why}"));
    let found: Vec<_> =
        needs.iter().map(|need| (need.action.clone(), need.resource.to_string())).collect();
    let expect: Vec<_> = expect.iter().map(|(a, r)| ((*a).to_owned(), (*r).to_owned())).collect();
    assert_eq!(found, expect, "{record}");
}

#[test]
fn every_shape_of_file_is_read() {
    let one = record("sts", "GetCallerIdentity", "");
    let two = record("s3", "ListBuckets", "");
    let shapes = [
        format!("{{\"Records\":[{one},{two}]}}"),
        format!("[{one},\n{two}]"),
        format!("{one}\n{two}\n"),
        format!("{{\"version\":\"0\",\"detail\":{one}}}\n{{\"detail\":{two}}}"),
        format!(
            "{{\"Events\":[{{\"EventId\":\"1\",\"CloudTrailEvent\":{:?}}},{two}],\"NextToken\":\"x\"}}",
            one
        ),
    ];
    for shape in shapes {
        for bytes in [shape.clone().into_bytes(), gzipped(&shape)] {
            let (events, problems) = read_all(&bytes);
            assert_eq!(problems, [""; 0], "{shape}");
            let names: Vec<_> = events.iter().map(|event| event.name.as_str()).collect();
            assert_eq!(names, ["GetCallerIdentity", "ListBuckets"], "{shape}");
        }
    }
}

#[test]
fn events_become_actions_on_what_they_name() {
    check(
        &record(
            "lambda",
            "Invoke",
            r#","requestParameters":{"functionName":"arn:aws:lambda:eu-west-1:111122223333:function:pay"}"#,
        ),
        &[("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:pay")],
    );
    check(
        &record("s3", "ListObjects", r#","requestParameters":{"bucketName":"sales","prefix":"a"}"#),
        &[("s3:ListBucket", "arn:aws:s3:::sales")],
    );
    check(
        &record(
            "s3",
            "GetObject",
            r#","requestParameters":{"bucketName":"sales","key":"a/b.json"}"#,
        ),
        &[("s3:GetObject", "arn:aws:s3:::sales/a/b.json")],
    );
    check(
        &record(
            "dynamodb",
            "GetItem",
            r#","requestParameters":{"tableName":"orders","key":{"id":"1"}}"#,
        ),
        &[("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")],
    );
    check(
        &record(
            "lambda",
            "UpdateFunctionCode20150331v2",
            r#","requestParameters":{"functionName":"pay"}"#,
        ),
        &[("lambda:UpdateFunctionCode", "arn:aws:lambda:eu-west-1:111122223333:function:pay")],
    );
    check(&record("sts", "GetCallerIdentity", ""), &[]);
}

#[test]
fn resources_that_a_record_lists_stand_for_parameters_that_it_leaves_out() {
    check(
        &record(
            "secretsmanager",
            "GetSecretValue",
            r#","requestParameters":null,"resources":[{"ARN":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-aBcDeF"}]"#,
        ),
        &[(
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-aBcDeF",
        )],
    );
    // The copy is listed; its source is a parameter.
    check(
        &record(
            "s3",
            "CopyObject",
            r#","requestParameters":{"bucketName":"to","key":"a","x-amz-copy-source":"from/b"},"resources":[{"ARN":"arn:aws:s3:::to/a"}]"#,
        ),
        &[("s3:GetObject", "arn:aws:s3:::from/b"), ("s3:PutObject", "arn:aws:s3:::to/a")],
    );
}

#[test]
fn an_unknown_event_makes_up_no_action() {
    let (events, _) = read_all(record("shop", "SellShoes", "").as_bytes());
    let needs: Vec<_> = events.into_iter().map(|event| event.needs).collect();
    assert_eq!(needs, [Err("no API has the event `SellShoes` of `shop.amazonaws.com`".to_owned())]);
}

#[test]
fn a_call_that_was_denied_is_told_from_one_that_failed() {
    let outcome = |code: &str| {
        let more = format!(r#","errorCode":"{code}""#);
        read_all(record("s3", "ListBuckets", &more).as_bytes()).0.remove(0).outcome
    };
    for code in [
        "AccessDenied",
        "Client.UnauthorizedOperation",
        "VpceAccessDenied",
        "AccessDeniedException",
    ] {
        assert_eq!(outcome(code), Outcome::Denied(code.to_owned()));
    }
    for code in ["RequestExpired", "ExpiredToken", "ValidationException"] {
        assert_eq!(outcome(code), Outcome::Rejected(code.to_owned()));
    }
    for code in ["NoSuchKey", "ResourceNotFoundException", "Client.DryRunOperation"] {
        assert_eq!(outcome(code), Outcome::Permitted);
    }
}

#[test]
fn callers_are_taken_apart() {
    let (events, _) = read_all(record("s3", "ListBuckets", "").as_bytes());
    let caller = &events[0].caller;
    assert_eq!(
        (caller.role.as_deref(), caller.session.as_deref()),
        (Some("shop-role"), Some("shop-orders"))
    );
}

#[test]
fn what_is_broken_is_told_and_the_rest_is_read() {
    let one = record("s3", "ListBuckets", "");
    let cut = one.get(..one.len() - 9).unwrap();
    let names = |bytes: &[u8]| {
        let (events, problems) = read_all(bytes);
        (events.len(), problems)
    };
    let (count, problems) = names(format!("{cut}\n{one}\n{one}").as_bytes());
    assert_eq!((count, problems.len()), (2, 1), "{problems:?}");
    assert!(problems[0].starts_with("the record on line 1 cannot be read"), "{problems:?}");
    let (count, problems) =
        names(format!("{{\"Records\":[{one},{{\"a\":1}}, 7, {one}]}}").as_bytes());
    assert_eq!((count, problems.len()), (2, 2), "{problems:?}");
    assert_eq!(
        problems[0],
        "the record on line 1 cannot be read: it has no `eventSource` and `eventName`"
    );
    let deep = format!("{}{}{}", "{\"a\":".repeat(10_000), 1, "}".repeat(10_000));
    assert_eq!(names(format!("{deep}\n{one}").as_bytes()).0, 1);
    assert_eq!(names(b"\xff\xfe\x00").0, 0);
    assert!(!names(b"\xff\xfe\x00").1.is_empty());
}

#[test]
fn gzip_that_is_cut_or_hostile_keeps_what_was_read() {
    let many: String = (0..5_000)
        .map(|at| record("s3", "ListBuckets", &format!(",\"eventID\":\"{at}\"")) + "\n")
        .collect();
    let bytes = gzipped(&many);
    let (events, problems) = read_all(bytes.get(..bytes.len() / 2).unwrap());
    assert!(events.len() > 1_000, "{}", events.len());
    assert!(
        problems.iter().any(|it| it.starts_with("the file cannot be unpacked further")),
        "{problems:?}"
    );
    let (events, problems) = read_all(b"\x1f\x8b\x08nothing of the kind");
    assert_eq!((events.len(), problems.len()), (0, 1));
    // One text that unpacks to a thousand times its size is held no further than a record may be.
    let bomb = gzipped(&format!(
        "{{\"a\":\"{}\"}}\n{}",
        "x".repeat(64 << 20),
        record("s3", "ListBuckets", "")
    ));
    let (events, problems) = read_all(&bomb);
    assert_eq!((events.len(), problems.len()), (1, 1));
}

#[test]
fn a_record_in_two_files_counts_once_and_folders_are_read_whole() {
    let folder = std::env::temp_dir().join(format!("casemate-cloudtrail-{}", std::process::id()));
    let inner = folder.join("2026/10/27");
    std::fs::create_dir_all(&inner).unwrap();
    let one = record("s3", "ListBuckets", ",\"eventID\":\"1\"");
    std::fs::write(inner.join("a.json.gz"), gzipped(&format!("{{\"Records\":[{one}]}}"))).unwrap();
    std::fs::write(folder.join("b.ndjson"), &one).unwrap();
    std::fs::write(folder.join("notes.txt"), "no records").unwrap();
    let mut count = 0;
    let problems = read(std::slice::from_ref(&folder), &mut |_| count += 1);
    let missing = read(&[folder.join("missing")], &mut |_| count += 1);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!((count, problems), (1, Vec::new()));
    assert_eq!(missing.len(), 1);
}
