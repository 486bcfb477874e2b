/// Singletons, by the name of the construct that the CDK gives them; the digits are part of its
/// source and never change. Version numbers and settings may follow.
///
/// Source: aws-cdk-lib 2.170, the construct tree (`tree.json`) of synthesised applications;
/// "custom-resource-handlers" in the repository of the CDK for the names of the providers.
const SINGLETONS: &[&str] = &[
    "AWS679f53fac002430cb0da5b7982bd2287",
    "AWSCDK.TriggerCustomResourceProviderCustomResourceProvider",
    "BucketNotificationsHandler050a0587b7544547bf325f094a3db834",
    "Custom::AWSCDKCfnUtilsProviderCustomResourceProvider",
    "Custom::AWSCDKOpenIdConnectProviderCustomResourceProvider",
    "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C",
    "Custom::CrossAccountZoneDelegationCustomResourceProvider",
    "Custom::CrossRegionExportReaderCustomResourceProvider",
    "Custom::CrossRegionExportWriterCustomResourceProvider",
    "Custom::CrossRegionStringParameterReaderCustomResourceProvider",
    "Custom::DeleteExistingRecordSetCustomResourceProvider",
    "Custom::ECRAutoDeleteImagesCustomResourceProvider",
    "Custom::S3AutoDeleteObjectsCustomResourceProvider",
    "Custom::VpcRestrictDefaultSGCustomResourceProvider",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a",
    "@aws-cdk--aws-dynamodb.ReplicaProvider",
    "@aws-cdk--aws-eks.ClusterResourceProvider",
    "@aws-cdk--aws-eks.KubectlProvider",
];

/// What the provider framework of `custom_resources.Provider` makes below the author's construct.
///
/// Source: AWS CDK API reference, `aws-cdk-lib.custom_resources`, "Provider framework".
const PROVIDER_PARTS: &[&str] =
    &["framework-isComplete", "framework-onEvent", "framework-onTimeout", "waiter-state-machine"];

/// Tells what the CDK brings along for its custom resources from what the author wrote.
///
/// The construct's path tells; templates made without paths still carry the singletons' names in
/// their logical ids. What the author says for a custom resource (the policy of an
/// `AwsCustomResource`, the handlers given to a `Provider`) lies at other paths and stays theirs.
pub(crate) fn is_helper(logical_id: &str, construct: Option<&str>) -> bool {
    let Some(construct) = construct else {
        return SINGLETONS.iter().any(|singleton| is_in_id(singleton, logical_id));
    };
    construct.split('/').any(|part| {
        PROVIDER_PARTS.contains(&part)
            || SINGLETONS.iter().any(|singleton| part.starts_with(singleton))
    })
}

/// Whether a logical id begins with a construct's name: letters and digits are all it keeps.
fn is_in_id(singleton: &str, logical_id: &str) -> bool {
    let mut letters = logical_id.chars();
    singleton
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .all(|letter| letters.next() == Some(letter))
}
