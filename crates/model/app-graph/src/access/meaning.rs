//! What actions, roles and managed policies let their holder do.

use crate::Access;

/// Verbs that read, where AWS's own access level says otherwise or a wildcard follows.
const READING: [&str; 14] = [
    "get", "list", "describe", "batchget", "query", "scan", "receive", "head", "select", "decrypt",
    "lookup", "search", "view", "read",
];

/// Actions that hand out what is public anyway: certificates to check signatures with.
pub(super) const PUBLIC: [&str; 2] = ["cognito-idp:GetSigningCertificate", "kms:GetPublicKey"];

pub(super) fn access(action: &str, verb: &str) -> Access {
    let verb = verb.to_ascii_lowercase();
    if verb.starts_with('*') || verb.starts_with('?') {
        return Access::Full;
    }
    if READING.iter().any(|word| verb.starts_with(word)) {
        return Access::Read;
    }
    match iam::actions::lookup(action).map(|action| action.access()) {
        Some(iam::actions::Access::List | iam::actions::Access::Read) => Access::Read,
        _ => Access::Write,
    }
}

pub(super) fn foreign_access(role: &str) -> Access {
    let role = role.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| role.contains(word));
    if says(&["viewer", "reader", "accessor", "subscriber"]) {
        Access::Read
    } else if says(&["invoker", "publisher", "creator", "writer"]) {
        Access::Write
    } else {
        Access::Full
    }
}

/// The service that a predefined role of Google's opens, in the graph's word for its resources;
/// basic roles, and those of other clouds, open what they are given on.
///
/// Source: Google Cloud IAM documentation, "IAM roles and permissions index".
pub(super) fn foreign_service(role: &str) -> &str {
    let predefined = role.strip_prefix("roles/").and_then(|role| role.split_once('.'));
    match predefined.map(|(service, _)| service) {
        None => "*",
        Some("storage") => "s3",
        Some("pubsub") => "sns",
        Some("cloudfunctions" | "run") => "lambda",
        Some("secretmanager") => "secretsmanager",
        Some("datastore") => "dynamodb",
        Some("cloudsql") => "rds",
        Some("cloudkms") => "kms",
        Some("logging") => "logs",
        Some("workflows") => "states",
        Some(other) => other,
    }
}

/// AWS's managed policies that let a function write its log.
///
/// Source: AWS managed policy reference guide.
pub(super) const LOGGING: &[&str] = &[
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
];

/// Services that AWS's managed policies open, by the policy's name.
///
/// Source: AWS managed policy reference guide.
pub(super) fn managed_policy(name: &str) -> Vec<(&'static str, Access)> {
    let whole: &[(&str, &'static str, Access)] = &[
        ("AdministratorAccess", "*", Access::Full),
        ("PowerUserAccess", "*", Access::Full),
        ("ReadOnlyAccess", "*", Access::Read),
        ("SecretsManagerReadWrite", "secretsmanager", Access::Full),
        ("AWSLambdaSQSQueueExecutionRole", "sqs", Access::ReadWrite),
        ("AWSLambdaDynamoDBExecutionRole", "dynamodb", Access::Read),
        ("AWSLambdaKinesisExecutionRole", "kinesis", Access::Read),
        ("AWSLambda_FullAccess", "lambda", Access::Full),
        ("AWSLambdaRole", "lambda", Access::Write),
        ("AWSKeyManagementServicePowerUser", "kms", Access::Full),
    ];
    if let Some((_, service, access)) = whole.iter().find(|(known, _, _)| *known == name) {
        return vec![(service, *access)];
    }
    let families: &[(&str, &'static str)] = &[
        ("AmazonS3", "s3"),
        ("AmazonDynamoDB", "dynamodb"),
        ("AmazonSQS", "sqs"),
        ("AmazonSNS", "sns"),
        ("AmazonKinesisFirehose", "firehose"),
        ("AmazonKinesis", "kinesis"),
        ("AmazonRDS", "rds"),
        ("AmazonDocDB", "rds"),
        ("AmazonElastiCache", "elasticache"),
        ("AmazonElasticFileSystemClient", "elasticfilesystem"),
        ("AmazonElasticFileSystem", "elasticfilesystem"),
        ("AmazonEventBridge", "events"),
        ("AmazonCognitoPowerUser", "cognito-idp"),
        ("AmazonSSM", "ssm"),
        ("AWSStepFunctions", "states"),
        ("CloudWatchLogs", "logs"),
    ];
    for (family, service) in families {
        let Some(level) = name.strip_prefix(family) else { continue };
        let level = level.trim_end_matches("_v2").trim_start_matches("Client");
        return match level {
            "FullAccess" | "ReadWriteAccess" | "FullAccesswithDataPipeline" | "" => {
                vec![(service, Access::Full)]
            }
            "ReadOnlyAccess" | "ReadOnly" => vec![(service, Access::Read)],
            _ => continue,
        };
    }
    Vec::new()
}
