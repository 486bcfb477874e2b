//! Needs on the function itself, which calls of its libraries do not name.

use app_graph::{Arns, Function};
use text::{Part, PartialText};

/// What a durable function asks of its own executions.
///
/// Source: AWS Lambda developer guide, "Security and permissions for Lambda durable functions".
const OF_OWN_EXECUTIONS: [&str; 2] =
    ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"];

/// The function's own executions in place of a resource that nothing names.
pub(crate) fn resource(
    arns: &Arns<'_>,
    function: &Function,
    action: &str,
    resource: PartialText,
) -> PartialText {
    let own = arns.of(&function.entity.id).filter(|_| {
        OF_OWN_EXECUTIONS.contains(&action) && !iam::api::names_resource(action, &resource)
    });
    let Some(mut own) = own.cloned() else { return resource };
    own.push(Part::Literal(":*/durable-execution/*/*".to_owned()));
    own
}
