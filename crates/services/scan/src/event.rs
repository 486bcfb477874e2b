//! What a function's triggers decide of the events it gets.

use app_graph::{AppGraph, Function, Trigger, TriggerKind};
use text::{Part, PartialText, Pseudo};

/// Members of an event that name the trigger's source, by the source's attribute.
///
/// Source: AWS Lambda developer guide, the example event of each service; AWS Secrets Manager user
/// guide, "Lambda rotation functions"; Amazon Cognito developer guide, "Lambda trigger event".
const MEMBERS: &[(TriggerKind, &str, &str)] = &[
    (TriggerKind::Bucket, "Records.*.s3.bucket.name", "Ref"),
    (TriggerKind::Bucket, "Records.*.s3.bucket.arn", "Arn"),
    (TriggerKind::Queue, "Records.*.eventSourceARN", "Arn"),
    (TriggerKind::Stream, "Records.*.eventSourceARN", "Arn"),
    (TriggerKind::Topic, "Records.*.Sns.TopicArn", "Arn"),
    (TriggerKind::SecretRotation, "SecretId", "Arn"),
    (TriggerKind::UserPool, "userPoolId", "Ref"),
    (TriggerKind::RestApi, "requestContext.apiId", "Ref"),
    (TriggerKind::HttpApi, "requestContext.apiId", "Ref"),
    (TriggerKind::WebSocketApi, "requestContext.apiId", "Ref"),
];

/// What is known of the events that a function gets: paths and values.
pub(crate) fn known(graph: &AppGraph, function: &Function) -> Vec<(Vec<String>, PartialText)> {
    let mut known = Vec::new();
    for trigger in graph.triggers_of(&function.entity.id) {
        for (_, path, attribute) in MEMBERS.iter().filter(|(kind, ..)| *kind == trigger.kind) {
            if let Some(value) = source(trigger, attribute) {
                known.push((split(path), value));
            }
        }
        let api = source(trigger, "Ref");
        if let (TriggerKind::WebSocketApi, Some(mut domain)) = (&trigger.kind, api) {
            domain.push(Part::Literal(".execute-api.".to_owned()));
            domain.push(Part::Pseudo(Pseudo::Region));
            domain.push(Part::Literal(".amazonaws.com".to_owned()));
            known.push((split("requestContext.domainName"), domain));
        }
    }
    known
}

/// The trigger's source, by an attribute of its entity, or as the template names it.
fn source(trigger: &Trigger, attribute: &str) -> Option<PartialText> {
    if let Some(entity) = &trigger.source_entity {
        return Some(PartialText::reference(entity.clone(), attribute));
    }
    let said = &trigger.source.single()?.value;
    let is_arn = said.to_string().starts_with("arn:");
    match (attribute, is_arn) {
        ("Arn", true) | ("Ref", false) => Some(said.clone()),
        // `arn:aws:s3:::name`
        ("Ref", true) if trigger.kind == TriggerKind::Bucket => {
            said.strip_prefix(&PartialText::known("arn:aws:s3:::"))
        }
        _ => None,
    }
}

fn split(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}
