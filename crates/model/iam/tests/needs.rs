//! What calls need where the arguments say little or much: tags, addresses, parts that are unknown.

use casemate_iam::api::{Argument, ENDPOINT, REGION, names_resource};

use crate::api::{check, list, map, t, text};

#[test]
fn what_cannot_be_told_apart_is_one_need() {
    check(
        "ec2 CreateTags",
        [("Resources", list([text("${?}")]))],
        &["ec2:CreateTags arn:P:ec2:${?}:${?}:${?}/${?}"],
    );
    check(
        "ec2 CreateTags",
        [("Resources", list([text("i-1")]))],
        &["ec2:CreateTags arn:P:ec2:${?}:${?}:${?}/i-1"],
    );
    // An ARN tells its type.
    check(
        "batch TagResource",
        [("resourceArn", text("arn:aws:batch:eu-west-1:111122223333:job-queue/jobs"))],
        &["batch:TagResource arn:aws:batch:eu-west-1:111122223333:job-queue/jobs"],
    );
    // Two values of which the same is known.
    check(
        "s3 GetObject",
        [
            ("Bucket", text("b")),
            ("Key", Argument::Either(vec![text("${?}"), Argument::Unknown("a file".to_owned())])),
        ],
        &["s3:GetObject arn:P:s3:::b/${?}"],
    );
}

#[test]
fn versions_are_asked_for_only_where_they_may_be_passed() {
    let source =
        |source: Argument| [("Bucket", text("b")), ("Key", text("k")), ("CopySource", source)];
    check(
        "s3 CopyObject",
        source(text("${?}%2F${?}")),
        &["s3:GetObject arn:P:s3:::${?}/${?}", "s3:PutObject arn:P:s3:::b/k"],
    );
    check(
        "s3 CopyObject",
        source(text("from/x?versionId=${?}")),
        &["s3:GetObjectVersion arn:P:s3:::from/x", "s3:PutObject arn:P:s3:::b/k"],
    );
    check(
        "s3 GetObject",
        [("Bucket", text("b")), ("Key", text("k")), ("VersionId", text("${?}"))],
        &["s3:GetObjectVersion arn:P:s3:::b/k"],
    );
    check(
        "s3 GetObject",
        [
            ("Bucket", text("b")),
            ("Key", text("k")),
            ("VersionId", Argument::Unknown("an event".to_owned())),
        ],
        &["s3:GetObject arn:P:s3:::b/k", "s3:GetObjectVersion arn:P:s3:::b/k"],
    );
}

#[test]
fn tags_of_what_is_created_need_a_permission_of_their_own() {
    let tags = || list([map([("Key", text("team")), ("Value", text("a"))])]);
    check(
        "fsx CreateSnapshot",
        [("Name", text("nightly")), ("VolumeId", text("fsvol-1")), ("Tags", tags())],
        &[
            "fsx:CreateSnapshot arn:P:fsx:R:A:snapshot/fsvol-1/${?}",
            "fsx:CreateSnapshot arn:P:fsx:R:A:volume/${?}/fsvol-1",
            "fsx:TagResource arn:P:fsx:R:A:snapshot/fsvol-1/${?}",
        ],
    );
    check(
        "dynamodb CreateTable",
        [("TableName", text("t")), ("Tags", tags())],
        &[
            "dynamodb:CreateTable arn:P:dynamodb:R:A:table/t",
            "dynamodb:TagResource arn:P:dynamodb:R:A:table/t",
        ],
    );
    check(
        "logs CreateLogGroup",
        [("logGroupName", text("/shop"))],
        &["logs:CreateLogGroup arn:P:logs:R:A:log-group:/shop:*"],
    );
    check(
        "ec2 CreateSnapshot",
        [
            ("VolumeId", text("vol-1")),
            (
                "TagSpecifications",
                list([map([("ResourceType", text("snapshot")), ("Tags", tags())])]),
            ),
        ],
        &[
            "ec2:CreateSnapshot arn:P:ec2:R:A:volume/vol-1",
            "ec2:CreateSnapshot arn:P:ec2:R::snapshot/${?}",
            "ec2:CreateTags arn:P:ec2:R::snapshot/${?}",
        ],
    );
}

#[test]
fn a_client_s_address_names_the_api() {
    let post = |address: &str| [("ConnectionId", text("${?}")), (ENDPOINT, text(address))];
    check(
        "apigatewaymanagementapi PostToConnection",
        post("https://${Api}.execute-api.${@Region}.amazonaws.com/live"),
        &["execute-api:ManageConnections arn:P:execute-api:R:A:${Api}/live/POST/@connections/*"],
    );
    check(
        "apigatewaymanagementapi PostToConnection",
        post("a1.execute-api.eu-west-1.amazonaws.com/${?}/"),
        &["execute-api:ManageConnections arn:P:execute-api:R:A:a1/${?}/POST/@connections/*"],
    );
    check(
        "apigatewaymanagementapi PostToConnection",
        post("https://chat.example.com"),
        &["execute-api:ManageConnections arn:P:execute-api:R:A:${?}/${?}/POST/@connections/*"],
    );
}

#[test]
fn a_client_s_region_stands_in_the_arn() {
    let get = |region: Argument| [("TableName", text("t")), (REGION, region)];
    for (region, expected) in [
        (text("us-east-1"), "us-east-1"),
        (text("${@Region}"), "R"),
        (Argument::Unknown("event".to_owned()), "${?}"),
    ] {
        let need = format!("dynamodb:GetItem arn:P:dynamodb:{expected}:A:table/t");
        check("dynamodb GetItem", get(region), &[&need]);
    }
    // An ARN says its region itself.
    check(
        "sns Publish",
        [("TopicArn", text("arn:aws:sns:eu-west-1:1:news")), (REGION, text("us-east-1"))],
        &["sns:Publish arn:aws:sns:eu-west-1:1:news"],
    );
}

#[test]
fn addresses_and_empty_texts_are_no_names() {
    let transcribe = |address: &str| {
        [("TranscriptionJobName", text("j")), ("Media", map([("MediaFileUri", text(address))]))]
    };
    let of = |object: &str| {
        [format!("s3:GetObject {object}"), "transcribe:StartTranscriptionJob *".into()]
    };
    for (address, object) in [
        ("s3://calls/a.mp3", "arn:P:s3:::calls/a.mp3"),
        ("https://s3.amazonaws.com/calls/${?}", "arn:P:s3:::calls/${?}"),
        ("https://calls.s3.eu-west-1.amazonaws.com/a.mp3", "arn:P:s3:::calls/a.mp3"),
        ("https://${Calls}.s3.amazonaws.com/a.mp3", "${Calls.Arn}/a.mp3"),
        ("https://example.com/a.mp3", "arn:P:s3:::${?}/a.mp3"),
    ] {
        let expect = of(object);
        check(
            "transcribe StartTranscriptionJob",
            transcribe(address),
            &expect.each_ref().map(String::as_str),
        );
    }
    let topic = Argument::Either(vec![text(""), text("${Topic}")]);
    check("sns Publish", [("TopicArn", topic)], &["sns:Publish ${Topic.Arn}"]);
    check("sns Publish", [("TopicArn", text(""))], &["sns:Publish arn:P:sns:${?}:${?}:${?}"]);
}

#[test]
fn an_arn_names_its_resource_or_not() {
    let check = |action: &str, arn: &str, expect: bool| {
        assert_eq!(names_resource(action, &t(arn)), expect, "{action} {arn}");
    };
    check("s3:GetObject", "arn:aws:s3:::receipts/${?}", true);
    check("s3:GetObject", "arn:aws:s3:::${Bucket}/${?}", true);
    check("s3:GetObject", "${Bucket.Arn}/${?}", true);
    check("s3:GetObject", "arn:aws:s3:::receipts-${?}/a", false);
    check("s3:GetObject", "arn:aws:s3:::${?}/a", false);
    check("s3:ListBucket", "arn:aws:s3:::receipts", true);
    check("dynamodb:GetItem", "arn:aws:dynamodb:${@Region}:1:table/${?}", false);
    check("dynamodb:Query", "arn:aws:dynamodb:${@Region}:1:table/t/index/${?}", true);
    check("dynamodb:GetItem", "arn:aws:dynamodb:${?}:1:table/t", false);
    check("scheduler:CreateSchedule", "arn:aws:scheduler:${@Region}:1:schedule/g/a-${?}", false);
    check(
        "execute-api:ManageConnections",
        "arn:aws:execute-api:${@Region}:1:${Api}/${?}/POST/@connections/*",
        true,
    );
    check("translate:TranslateText", "*", true);
    check("ec2:CreateTags", "${?}", false);
}

#[test]
fn results_of_queries_are_read_where_they_lie() {
    let expect = ["athena:GetQueryResults arn:P:athena:R:A:workgroup/${?}", "s3:GetObject ${?}"];
    check("athena GetQueryResults", [("QueryExecutionId", text("1"))], &expect);
}
