use app_graph::{
    Encryption, EventBus, Queue, ResourceKind, StateMachine, Stream, StreamKind, Topic,
};
use text::{PartialText, Problem, Setting, Unknown};

use super::{Context, by_default, elsewhere, encryption_with, foreign, switched_encryption};
use crate::attachments::{as_document, attached_policy, policy_at};
use crate::settings::{or_else, presence, unknown, within, word_is};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Source: `AWS::SQS::Queue`; encrypted with the service's own key unless said otherwise.
pub(super) fn queue(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let managed = properties.bool_at(&["SqsManagedSseEnabled"]);
    let managed = switched_encryption(managed, &Setting::Unset);
    let encryption =
        or_else(properties.text_at(&["KmsMasterKeyId"]).map(encryption_with), &|| managed.clone());
    let redrive = |read: &dyn Fn(&Value) -> Setting<PartialText>| {
        within(properties, &["RedrivePolicy"], &|policy| document_setting(policy, read))
    };
    let receives = redrive(&|policy| policy.text_at(&["maxReceiveCount"]));
    let mut policies = context.attachments.policies("AWS::SQS::QueuePolicy", declaration, problems);
    policies.extend(context.attachments.policies(
        "AWS::SQS::QueueInlinePolicy",
        declaration,
        problems,
    ));
    ResourceKind::Queue(Box::new(Queue {
        name: properties.text_at(&["QueueName"]),
        encryption,
        visibility_timeout: properties.u32_at(&["VisibilityTimeout"]),
        dead_letters: redrive(&|policy| policy.text_at(&["deadLetterTargetArn"])),
        maximum_receives: receives.try_map(&|text| {
            let number = text.literal().and_then(|number| number.trim().parse().ok());
            number.ok_or_else(|| format!("`{text}` is no whole number"))
        }),
        policies,
    }))
}

/// Reads a value that may be written as a document in one text.
fn document_setting<T>(value: &Value, read: &dyn Fn(&Value) -> Setting<T>) -> Setting<T> {
    match as_document(value) {
        Some(document) => within(&document, &[], read),
        None => unknown("this text is no JSON object", value.span),
    }
}

/// The policy of a queue that is declared elsewhere.
pub(super) fn foreign_queue(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let Some(name) = foreign(declaration, context) else { return ResourceKind::Other };
    ResourceKind::Queue(Box::new(Queue {
        name,
        encryption: elsewhere(declaration),
        visibility_timeout: elsewhere(declaration),
        dead_letters: elsewhere(declaration),
        maximum_receives: elsewhere(declaration),
        policies: vec![attached_policy(declaration, None, problems)],
    }))
}

/// Source: `AWS::SNS::Topic`; not encrypted unless a key is named.
pub(super) fn topic(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let encryption = properties.text_at(&["KmsMasterKeyId"]).map(encryption_with);
    let mut policies = context.attachments.policies("AWS::SNS::TopicPolicy", declaration, problems);
    policies.extend(context.attachments.policies(
        "AWS::SNS::TopicInlinePolicy",
        declaration,
        problems,
    ));
    ResourceKind::Topic(Box::new(Topic {
        name: properties.text_at(&["TopicName"]),
        encryption,
        policies,
    }))
}

/// The policy of a topic that is declared elsewhere.
pub(super) fn foreign_topic(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let Some(name) = foreign(declaration, context) else { return ResourceKind::Other };
    let policies = vec![attached_policy(declaration, None, problems)];
    let encryption = elsewhere(declaration);
    ResourceKind::Topic(Box::new(Topic { name, encryption, policies }))
}

/// Source: `AWS::Kinesis::Stream`; leaving `StreamEncryption` out switches encryption off.
pub(super) fn data_stream(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let encryption = within(properties, &["StreamEncryption"], &|encryption| {
        let key = encryption.text_at(&["KeyId"]);
        let kind = by_default(
            encryption.string_at(&["EncryptionType"]),
            &"KMS".to_owned(),
            encryption.span,
        );
        switched_encryption(word_is(kind, &["KMS"]), &key)
    });
    ResourceKind::Stream(Box::new(Stream {
        kind: StreamKind::Data,
        name: properties.text_at(&["Name"]),
        encryption,
    }))
}

/// Source: `AWS::KinesisFirehose::DeliveryStream`. One that reads from a data stream or
/// from Kafka keeps nothing itself: the platform holds its records as it holds those.
pub(super) fn delivery_stream(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let name = properties.text_at(&["DeliveryStreamName"]);
    let input = ["DeliveryStreamEncryptionConfigurationInput"];
    let encryption = within(properties, &input, &|input| {
        let key = input.text_at(&["KeyARN"]).map(encryption_with);
        or_else(key, &|| Setting::known(Encryption::ProviderKey, input.span))
    });
    let from_kafka = word_is(properties.string_at(&["DeliveryStreamType"]), &["MSKAsSource"]);
    let encryption = match from_kafka.any(|from_kafka| *from_kafka) {
        true => by_default(encryption, &Encryption::ProviderKey, declaration.said),
        false => encryption,
    };
    let reads = presence(properties, &["KinesisStreamSourceConfiguration"]);
    let encryption = or_else(reads.map(|_| Encryption::ProviderKey), &|| encryption.clone());
    ResourceKind::Stream(Box::new(Stream { kind: StreamKind::Delivery, name, encryption }))
}

/// Source: `AWS::Events::EventBus`.
pub(super) fn event_bus(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let mut policies =
        context.attachments.policies("AWS::Events::EventBusPolicy", declaration, problems);
    policies.extend(policy_at(properties, "Policy", problems));
    ResourceKind::EventBus(Box::new(EventBus { name: properties.text_at(&["Name"]), policies }))
}

/// The policy of a bus that is declared elsewhere; without a name, the account's default bus.
pub(super) fn foreign_bus(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let bus = declaration.properties.text_at(&["EventBusName"]);
    let name = match foreign(declaration, context) {
        Some(name) => name,
        None if bus.is_unset() => Setting::known(PartialText::known("default"), declaration.said),
        None => return ResourceKind::Other,
    };
    let policies = vec![attached_policy(declaration, None, problems)];
    ResourceKind::EventBus(Box::new(EventBus { name, policies }))
}

/// Source: `AWS::StepFunctions::StateMachine`.
pub(super) fn state_machine(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let level = properties.string_at(&["LoggingConfiguration", "Level"]);
    let definitions = ["Definition", "DefinitionString"];
    let written: Vec<_> = definitions.iter().flat_map(|key| properties.at(&[key])).collect();
    let location = properties.get("DefinitionS3Location").filter(|value| !value.is_null());
    let in_bucket = location.filter(|_| written.is_empty());
    let unresolved = written.iter().find_map(|found| match &found.value.kind {
        Kind::Unknown(why) => Some(Unknown::new(why.clone(), found.value.span)),
        Kind::Text(text) if matches!(text.parts(), [text::Part::Unknown(_)]) => {
            let why = text.unknown_reason().unwrap_or("its definition is not known");
            Some(Unknown::new(why, found.value.span))
        }
        _ => None,
    });
    let definition_unknown = unresolved.or_else(|| {
        in_bucket.map(|value| Unknown::new("the definition lies in a bucket", value.span))
    });
    ResourceKind::StateMachine(Box::new(StateMachine {
        name: properties.text_at(&["StateMachineName"]),
        logging: level.map(|level| !level.eq_ignore_ascii_case("OFF")),
        tracing: properties.bool_at(&["TracingConfiguration", "Enabled"]),
        express: word_is(properties.string_at(&["StateMachineType"]), &["EXPRESS"]),
        role: properties.text_at(&["RoleArn"]),
        definition_unknown,
    }))
}
