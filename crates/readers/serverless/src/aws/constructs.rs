//! Constructs of the plugin serverless-lift: queues with their workers, storage and tables, and
//! what each lets the service's functions do.
//!
//! Source: the documentation of serverless-lift, `docs/queue.md`, `docs/storage.md`,
//! `docs/database-dynamodb-single-table.md` and `docs/configuration.md`.

use text::Problem;

use super::super::service::FunctionEntry;
use super::naming;
use super::template::{Origin, Template};
use super::write::{At, is_on};
use documents::value::{Kind, Member, Value};

/// What functions may do with a bucket, its objects among it.
const ON_STORAGE: &[&str] = &[
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:DeleteObjectTagging",
    "s3:GetObject",
    "s3:GetObjectAcl",
    "s3:GetObjectAttributes",
    "s3:GetObjectTagging",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectAcl",
    "s3:PutObjectTagging",
    "s3:RestoreObject",
];

/// What functions may do with a table and its indexes.
const ON_TABLE: &[&str] = &[
    "dynamodb:BatchGetItem",
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:Scan",
    "dynamodb:UpdateItem",
];

/// The logical id of what a construct is.
pub(crate) fn construct_id(name: &str, property: &str) -> String {
    let kind = match property {
        _ if property.starts_with("bucket") => "Bucket",
        _ if property.starts_with("table") => "Table",
        _ => "Queue",
    };
    format!("{}{kind}", naming::normalized_alphanumeric(name))
}

/// The functions that work off queues, each with the queue as its event.
pub(crate) fn workers(constructs: &Value) -> Vec<FunctionEntry> {
    let queues = constructs.members().iter().filter(|member| kind_of(member) == "queue");
    let workers = queues.filter_map(|member| {
        let worker = member.value.member("worker")?;
        let at = At(worker.key_span);
        let queue = at.attribute(&construct_id(&member.key, "queue"), "Arn");
        let settings = at
            .properties()
            .set("arn", queue)
            .take("batchSize", &member.value, "batchSize")
            .take("maximumBatchingWindow", &member.value, "maxBatchingWindow")
            .take("maximumConcurrency", &member.value, "maxConcurrency")
            .set("functionResponseType", at.text("ReportBatchItemFailures"))
            .build();
        let mut value = worker.value.clone();
        if let Kind::Map(members) = &mut value.kind {
            let events = at.list([at.map([("sqs", settings)])]);
            members.push(Member { key: "events".into(), key_span: at.0, value: events });
        }
        Some(FunctionEntry {
            key: format!("{}Worker", member.key),
            key_span: worker.key_span,
            value,
        })
    });
    workers.collect()
}

fn kind_of(member: &Member) -> &str {
    member.value.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Adds the queues, buckets and tables, and lets the functions use them unless `grants` is off.
pub(super) fn add(constructs: &Value, grants: bool, template: &mut Template) {
    for member in constructs.members() {
        let origin = Origin {
            name: member.key.to_string(),
            type_name: "construct".to_owned(),
            said: member.key_span,
            extent: member.value.span,
            insertion: None,
        };
        match kind_of(member) {
            "queue" => add_queue(member, &origin, template),
            "storage" => add_bucket(member, &origin, template),
            "database/dynamodb-single-table" => add_table(member, &origin, template),
            other => template.problems.push(Problem::incomplete(
                format!("construct `{}` of the type `{other}` is not read", member.key),
                member.key_span.into(),
            )),
        }
        if grants {
            grant(member, origin.at(), template);
        }
    }
    if let Kind::Unknown(why) = &constructs.kind {
        let message = format!("constructs could not be read: {why}");
        template.problems.push(Problem::incomplete(message, constructs.span.into()));
    }
}

fn grant(member: &Member, at: At, template: &mut Template) {
    let of = |property: &str, behind: &[&str]| -> Vec<Value> {
        let id = construct_id(&member.key, property);
        let arn = text::PartialText::reference(text::EntityId::new(id), "Arn");
        behind.iter().map(|behind| at.pattern(&format!("{{0}}{behind}"), &[&arn])).collect()
    };
    match kind_of(member) {
        "queue" => template.allow_all(&["sqs:SendMessage"], of("queue", &[""]), at),
        "storage" => template.allow_all(ON_STORAGE, of("bucket", &["", "/*"]), at),
        "database/dynamodb-single-table" => {
            template.allow_all(ON_TABLE, of("table", &["", "/index/*"]), at);
        }
        _ => {}
    }
}

fn add_table(member: &Member, origin: &Origin, template: &mut Template) {
    let at = origin.at();
    let key = |name: &str, kind: &str| {
        at.map([("AttributeName", at.text(name)), ("KeyType", at.text(kind))])
    };
    let recovery = at.map([("PointInTimeRecoveryEnabled", at.truth(true))]);
    let stream = at.map([("StreamViewType", at.text("NEW_AND_OLD_IMAGES"))]);
    let properties = at.map([
        ("KeySchema", at.list([key("PK", "HASH"), key("SK", "RANGE")])),
        ("BillingMode", at.text("PAY_PER_REQUEST")),
        ("PointInTimeRecoverySpecification", recovery),
        ("StreamSpecification", stream),
    ]);
    let id = construct_id(&member.key, "table");
    template.add(&id, "AWS::DynamoDB::Table", properties, origin);
}

fn add_queue(member: &Member, origin: &Origin, template: &mut Template) {
    let at = origin.at();
    let said = &member.value;
    let dead = format!("{}Dlq", naming::normalized_alphanumeric(&member.key));
    let fifo = is_on(said.get("fifo")).then(|| at.truth(true));
    let encryption = said.get("encryption").and_then(Value::as_str);
    let key = match encryption {
        Some("kms") => said.get("encryptionKey").cloned(),
        Some("kmsManaged") => Some(at.text("alias/aws/sqs")),
        _ => None,
    };
    let properties =
        at.properties().set_some("FifoQueue", fifo.clone()).set_some("KmsMasterKeyId", key.clone());
    template.add(&dead, "AWS::SQS::Queue", properties.build(), origin);
    // Six times the worker's timeout, of which the framework's default is six seconds.
    let timeout = said
        .get("worker")
        .and_then(|worker| worker.i64_at(&["timeout"]).single().map(|said| said.value));
    let seconds = 6_i64.saturating_mul(timeout.unwrap_or(6)).to_string();
    let visibility = Value::new(Kind::Number(seconds.into()), at.0);
    let retries = said.get("maxRetries").cloned();
    let retries = retries.unwrap_or_else(|| Value::new(Kind::Number("3".into()), at.0));
    let redrive =
        at.map([("deadLetterTargetArn", at.attribute(&dead, "Arn")), ("maxReceiveCount", retries)]);
    let properties = at
        .properties()
        .set("VisibilityTimeout", visibility)
        .set("RedrivePolicy", redrive)
        .take("DelaySeconds", said, "delay")
        .set_some("FifoQueue", fifo)
        .set_some("KmsMasterKeyId", key);
    let id = construct_id(&member.key, "queue");
    template.add(&id, "AWS::SQS::Queue", properties.build(), origin);
}

fn add_bucket(member: &Member, origin: &Origin, template: &mut Template) {
    let at = origin.at();
    let algorithm = match member.value.get("encryption").and_then(Value::as_str) {
        Some("kms") => "aws:kms",
        _ => "AES256",
    };
    let default = at.map([("SSEAlgorithm", at.text(algorithm))]);
    let rule = at.map([("ServerSideEncryptionByDefault", default)]);
    let blocked =
        ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    let blocked = blocked.map(|key| (key, at.truth(true)));
    let id = construct_id(&member.key, "bucket");
    let properties = at.map([
        ("BucketEncryption", at.map([("ServerSideEncryptionConfiguration", at.list([rule]))])),
        ("PublicAccessBlockConfiguration", at.map(blocked)),
        ("VersioningConfiguration", at.map([("Status", at.text("Enabled"))])),
    ]);
    template.add(&id, "AWS::S3::Bucket", properties, origin);
    let secure = at.map([("Bool", at.map([("aws:SecureTransport", at.text("false"))]))]);
    let bucket = text::PartialText::reference(text::EntityId::new(&id), "Arn");
    let statement = at.map([
        ("Effect", at.text("Deny")),
        ("Principal", at.text("*")),
        ("Action", at.text("s3:*")),
        ("Resource", at.list([at.pattern("{0}", &[&bucket]), at.pattern("{0}/*", &[&bucket])])),
        ("Condition", secure),
    ]);
    let document =
        at.map([("Version", at.text("2012-10-17")), ("Statement", at.list([statement]))]);
    let properties = at.map([("Bucket", at.reference(&id)), ("PolicyDocument", document)]);
    template.add(&format!("{id}Policy"), "AWS::S3::BucketPolicy", properties, origin);
}
