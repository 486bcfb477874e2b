//! `EventInvokeConfig` of functions.

use text::Condition;

use crate::sam::Expansion;
use crate::sam::function::missing;
use crate::sam::generated::{self, Properties, reference, text_value};
use crate::sam::role::{RoleDraft, destination_statements};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// `EventInvokeConfig`: destinations of asynchronous invocations; queues and topics are made where
/// none is given.
pub(super) fn declare(
    function: &Declaration,
    has_alias: bool,
    role: &mut RoleDraft,
    expansion: &mut Expansion<'_>,
) {
    let Some(member) = function.properties.member("EventInvokeConfig") else { return };
    let span = member.key_span;
    for case in member.value.at(&[]) {
        let mut destinations = None;
        for outcome in ["OnSuccess", "OnFailure"] {
            let Some(config) = case.value.get("DestinationConfig").and_then(|it| it.get(outcome))
            else {
                continue;
            };
            let place = (case.condition.as_ref(), outcome);
            let destination = destination(function, config, place, role, expansion);
            let destination = Value::map([("Destination", destination)], config.span);
            let all = destinations.get_or_insert_with(|| Value::map::<&str>([], config.span));
            generated::set_member(all, outcome, destination);
        }
        let qualifier = match function.properties.get("AutoPublishAlias") {
            Some(alias) if has_alias => alias.clone(),
            _ => Value::text("$LATEST", span),
        };
        let config = Properties::new(span)
            .set("FunctionName", text_value(reference(&function.id, "Ref"), span))
            .set("Qualifier", qualifier)
            .set_some("DestinationConfig", destinations)
            .keep(case.value, &["MaximumEventAgeInSeconds", "MaximumRetryAttempts"])
            .build();
        let name = format!("{}EventInvokeConfig", function.name);
        let kind = "AWS::Lambda::EventInvokeConfig";
        expansion.declare(function, case.condition.as_ref(), &name, kind, config, span);
    }
}

fn destination(
    function: &Declaration,
    config: &Value,
    (condition, outcome): (Option<&Condition>, &str),
    role: &mut RoleDraft,
    expansion: &mut Expansion<'_>,
) -> Value {
    let span = config.span;
    let destination_type = config.get("Type").and_then(Value::as_str).unwrap_or_default();
    let name = format!("{}EventInvokeConfig{outcome}", function.name);
    let generated = match destination_type {
        "SQS" => Some(("Queue", "AWS::SQS::Queue", "Arn")),
        "SNS" => Some(("Topic", "AWS::SNS::Topic", "Ref")),
        _ => None,
    };
    let mut make = |condition: Option<&Condition>| match generated {
        Some((suffix, kind, attribute)) => {
            let properties = Value::map::<&str>([], span);
            let name = format!("{name}{suffix}");
            let id = expansion.declare(function, condition, &name, kind, properties, span);
            text_value(reference(&id, attribute), span)
        }
        None => missing("Destination", span),
    };
    let destination = match config.get("Destination") {
        None => make(condition),
        Some(Value { kind: Kind::Null, .. }) => make(condition),
        Some(Value { kind: Kind::Branches(alternatives), span, origin, .. }) => {
            let alternatives = alternatives.iter().map(|alternative| {
                let mut alternative = alternative.clone();
                if alternative.value.is_null() {
                    let both = documents::value::both(condition, Some(&alternative.condition));
                    alternative.value = make(both.as_ref());
                }
                alternative
            });
            let kind = Kind::Branches(alternatives.collect());
            Value { origin: *origin, ..Value::new(kind, *span) }
        }
        Some(destination) => destination.clone(),
    };
    if let Some((suffix, statements)) = destination_statements(destination_type, &destination, span)
    {
        role.add_generated(&format!("{name}{suffix}"), statements, span);
    }
    destination
}
