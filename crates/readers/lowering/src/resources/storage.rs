use app_graph::{Bucket, Encryption, FileSystem, LogGroup, PublicAccessBlock, ResourceKind, Table};
use text::{Problem, Setting};

use super::{Context, elsewhere, encryption_with, foreign, switched_encryption};
use crate::attachments::{attached_policy, policy_at};
use crate::settings::{and_then, first_within, or_else, presence, unknown, within, word_is};
use documents::declaration::Declaration;
use documents::value::Value;

/// Source: `AWS::S3::Bucket`.
pub(super) fn bucket(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let block = |key: &str| properties.bool_at(&["PublicAccessBlockConfiguration", key]);
    let rules = ["BucketEncryption", "ServerSideEncryptionConfiguration"];
    ResourceKind::Bucket(Box::new(Bucket {
        name: properties.text_at(&["BucketName"]),
        public_access: PublicAccessBlock {
            block_acls: block("BlockPublicAcls"),
            ignore_acls: block("IgnorePublicAcls"),
            block_policy: block("BlockPublicPolicy"),
            restrict: block("RestrictPublicBuckets"),
        },
        acl: properties.string_at(&["AccessControl"]),
        policies: context.attachments.policies("AWS::S3::BucketPolicy", declaration, problems),
        encryption: first_within(properties, &rules, &bucket_encryption),
        versioning: word_is(
            properties.string_at(&["VersioningConfiguration", "Status"]),
            &["Enabled"],
        ),
        forgets_versions: within(properties, &["LifecycleConfiguration"], &|lifecycle| {
            Setting::known(forgets_versions(lifecycle), lifecycle.span)
        }),
        website: presence(properties, &["WebsiteConfiguration"]),
        logging: presence(properties, &["LoggingConfiguration"]),
    }))
}

/// Whether a rule of a lifecycle removes old versions.
fn forgets_versions(lifecycle: &Value) -> bool {
    let names = ["NoncurrentVersionExpiration", "NoncurrentVersionExpirationInDays"];
    let rules = lifecycle.list_at(&["Rules"]);
    rules.iter().any(|rule| {
        let written = |name: &&str| rule.value.get(name).is_some_and(|value| !value.is_null());
        names.iter().any(written)
    })
}

/// One rule of a bucket's encryption.
fn bucket_encryption(rule: &Value) -> Setting<Encryption> {
    within(rule, &["ServerSideEncryptionByDefault"], &|default| {
        let key = default.text_at(&["KMSMasterKeyID"]);
        and_then(default.string_at(&["SSEAlgorithm"]), &|algorithm| {
            let provider = || Setting::Known(algorithm.clone().map(|_| Encryption::ProviderKey));
            match algorithm.value.as_str() {
                "AES256" => provider(),
                "aws:kms" | "aws:kms:dsse" => or_else(key.clone().map(encryption_with), &provider),
                word => unknown(format!("`{word}` is no known algorithm"), algorithm.span),
            }
        })
    })
}

/// The policy of a bucket that is declared elsewhere.
pub(super) fn foreign_bucket(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let Some(name) = foreign(declaration, context) else { return ResourceKind::Other };
    ResourceKind::Bucket(Box::new(Bucket {
        name,
        public_access: PublicAccessBlock {
            block_acls: elsewhere(declaration),
            ignore_acls: elsewhere(declaration),
            block_policy: elsewhere(declaration),
            restrict: elsewhere(declaration),
        },
        acl: elsewhere(declaration),
        policies: vec![attached_policy(declaration, None, problems)],
        encryption: elsewhere(declaration),
        versioning: elsewhere(declaration),
        forgets_versions: elsewhere(declaration),
        website: elsewhere(declaration),
        logging: elsewhere(declaration),
    }))
}

/// Source: `AWS::DynamoDB::Table`.
pub(super) fn table(declaration: &Declaration, problems: &mut Vec<Problem>) -> ResourceKind {
    let properties = &declaration.properties;
    let key = properties.text_at(&["SSESpecification", "KMSMasterKeyId"]);
    let policy = properties.get("ResourcePolicy");
    let policy = policy.and_then(|policy| policy_at(policy, "PolicyDocument", problems));
    ResourceKind::Table(Box::new(Table {
        name: properties.text_at(&["TableName"]),
        encryption: table_encryption(properties.bool_at(&["SSESpecification", "SSEEnabled"]), &key),
        recovery: properties
            .bool_at(&["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"]),
        deletion_protection: properties.bool_at(&["DeletionProtectionEnabled"]),
        keys: keys(properties),
        stream: presence(properties, &["StreamSpecification"]),
        policies: policy.into_iter().collect(),
    }))
}

/// Attributes of a table's key; Terraform has an argument for each.
fn keys(properties: &Value) -> Vec<String> {
    let listed = properties.list_at(&["KeySchema"]);
    let listed = listed.iter().filter_map(|key| key.value.get("AttributeName"));
    let named = ["HashKey", "RangeKey"].into_iter().filter_map(|name| properties.get(name));
    listed.chain(named).filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A table is always encrypted; the switch chooses between the provider's two kinds of key.
fn table_encryption(
    switch: Setting<bool>,
    key: &Setting<text::PartialText>,
) -> Setting<Encryption> {
    let encryption = switched_encryption(switch, key);
    encryption.map(|encryption| match encryption {
        Encryption::Off => Encryption::ProviderKey,
        encryption => encryption,
    })
}

/// Source: `AWS::DynamoDB::GlobalTable`, whose replicas carry what a table carries itself. The
/// first replica speaks for all.
pub(super) fn global_table(declaration: &Declaration, problems: &mut Vec<Problem>) -> ResourceKind {
    let properties = &declaration.properties;
    let replica = |path: &'static [&'static str]| {
        first_within(properties, &["Replicas"], &|replica| replica.bool_at(path))
    };
    let key = first_within(properties, &["Replicas"], &|replica| {
        replica.text_at(&["SSESpecification", "KMSMasterKeyId"])
    });
    let replicas = properties.list_at(&["Replicas"]);
    let policies = replicas.iter().filter_map(|replica| {
        policy_at(replica.value.get("ResourcePolicy")?, "PolicyDocument", problems)
    });
    ResourceKind::Table(Box::new(Table {
        name: properties.text_at(&["TableName"]),
        encryption: table_encryption(properties.bool_at(&["SSESpecification", "SSEEnabled"]), &key),
        recovery: replica(&["PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"]),
        deletion_protection: replica(&["DeletionProtectionEnabled"]),
        keys: keys(properties),
        stream: presence(properties, &["StreamSpecification"]),
        policies: policies.collect(),
    }))
}

/// Source: `AWS::Logs::LogGroup`.
pub(super) fn log_group(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    ResourceKind::LogGroup(Box::new(LogGroup {
        name: properties.text_at(&["LogGroupName"]),
        retention_days: properties.u32_at(&["RetentionInDays"]),
        encryption: properties.text_at(&["KmsKeyId"]).map(encryption_with),
    }))
}

/// Source: `AWS::EFS::FileSystem`; not encrypted unless said.
pub(super) fn file_system(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let key = properties.text_at(&["KmsKeyId"]);
    let encryption = switched_encryption(properties.bool_at(&["Encrypted"]), &key);
    ResourceKind::FileSystem(Box::new(FileSystem { encryption }))
}
