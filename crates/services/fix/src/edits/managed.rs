//! Managed policies that a function's role keeps.

use app_graph::{Identity, ManagedPolicy};
use documents::value::Value;
use text::Part;

/// AWS's managed policies that let a function run at all: log, trace, join its network and poll what
/// triggers it.
///
/// Source: AWS managed policy reference guide.
const BASICS: &[&str] = &[
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaBasicDurableExecutionRolePolicy",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSLambdaSQSQueueExecutionRole",
    "AWSLambdaDynamoDBExecutionRole",
    "AWSLambdaKinesisExecutionRole",
    "AWSLambdaMSKExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
];

/// Whether a managed policy stays.
pub(crate) fn is_basic(policy: &ManagedPolicy) -> bool {
    let Some(Part::Literal(arn)) = policy.arn.value.parts().last() else { return false };
    let name = arn.rsplit(['/', ':']).next().unwrap_or(arn);
    BASICS.contains(&name)
}

/// Whether an entry of a list names managed policies that all stay.
pub(super) fn stays(identity: &Identity, entry: &Value) -> bool {
    let mut named = identity.managed.iter().filter(|policy| {
        let said = policy.arn.span;
        entry.span.contains(&said) || said.contains(&entry.span)
    });
    let mut any = false;
    named.all(|policy| {
        any = true;
        is_basic(policy)
    }) && any
}
