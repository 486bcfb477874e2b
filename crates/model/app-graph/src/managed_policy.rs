use iam::Policy;
use text::{PartialText, Said};

use crate::AttachedOrigin;

/// A managed policy attached by ARN, name or reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// ARN, name or reference.
    pub arn: Said<PartialText>,
    /// The template's condition under which it is attached, in words.
    pub when: Option<text::Condition>,
    /// Whether the author wrote it, or the framework adds it by itself.
    pub origin: AttachedOrigin,
}

/// AWS's managed policies that let a function run at all: log, trace, join its network and poll what
/// triggers it.
///
/// Source: AWS managed policy reference guide.
const RUNNING: &[&str] = &[
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

impl ManagedPolicy {
    /// Returns its name; `None` for one that is not AWS's own, or whose name is not known.
    pub fn name(&self) -> Option<String> {
        // The partition may be the deployment's, and no name has a wildcard.
        let arn = self.arn.value.with_holes("*");
        iam::managed::name(&arn).filter(|name| !name.contains('*')).map(str::to_owned)
    }

    /// Returns what AWS wrote in it, at the place that names it and under its condition; `None`
    /// where that is not known.
    pub fn document(&self) -> Option<Policy> {
        let mut policy = iam::managed::policy(&self.name()?, self.arn.span)?;
        for statement in &mut policy.statements {
            statement.when.clone_from(&self.when);
        }
        Some(policy)
    }

    /// Whether it is there to let a function run, whatever the function's code does.
    pub fn lets_run(&self) -> bool {
        self.name().is_some_and(|name| RUNNING.contains(&name.as_str()))
    }
}
