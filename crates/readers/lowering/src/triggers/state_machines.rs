use app_graph::TriggerKind;
use text::{Part, PartialText, Problem};

use super::{Collector, inner_trigger};
use crate::embedded::document_in;
use documents::declaration::Declaration;
use documents::value::{Conditional, Kind, Value};

/// Steps of a state machine that invoke functions or send to queues, topics, buses and other
/// state machines.
///
/// Source: Amazon States Language specification; AWS Step Functions developer guide,
/// "Integrating services".
pub(super) fn lower(
    declaration: &Declaration,
    collector: &mut Collector<'_>,
    problems: &mut Vec<Problem>,
) {
    let properties = &declaration.properties;
    // The reader may have read the text already.
    let mut definitions = properties.at(&["Definition"]);
    if definitions.is_empty() {
        definitions = properties.at(&["DefinitionString"]);
    }
    for definition in definitions {
        let parsed;
        let document = match &definition.value.kind {
            Kind::Text(text) => match document_in(text, definition.value.span) {
                Some(document) => {
                    parsed = document;
                    &parsed
                }
                None => {
                    if text.literal().is_some() {
                        let message = "a state machine's definition in JSON was expected here";
                        let place = definition.value.span.into();
                        problems.push(Problem::incomplete(message, place));
                    }
                    continue;
                }
            },
            _ => definition.value,
        };
        let document = Conditional { condition: definition.condition, value: document };
        states(declaration, &document, collector);
    }
}

fn states(declaration: &Declaration, document: &Conditional<'_>, collector: &mut Collector<'_>) {
    // A work list instead of recursion: states nest in branches and iterators.
    let mut pending: Vec<Conditional<'_>> = vec![document.clone()];
    while let Some(here) = pending.pop() {
        if let Kind::List(_) = here.value.kind {
            pending.extend(here.value.list_at(&[]).into_iter().map(|item| Conditional {
                condition: documents::value::both(here.condition.as_ref(), item.condition.as_ref()),
                value: item.value,
            }));
            continue;
        }
        if let Some(resource) = here.value.get("Resource") {
            task(declaration, &here, resource, collector);
        }
        for member in here.value.members() {
            // Arguments are data, not states.
            if !matches!(&*member.key, "Parameters" | "Arguments" | "Result" | "Resource") {
                pending.extend(member.value.at(&[]).into_iter().map(|found| Conditional {
                    condition: documents::value::both(
                        here.condition.as_ref(),
                        found.condition.as_ref(),
                    ),
                    value: found.value,
                }));
            }
        }
    }
}

/// Integrations and the argument that names their target.
const TARGETS: &[(&str, &str)] = &[
    ("lambda:invoke", "FunctionName"),
    ("sqs:sendMessage", "QueueUrl"),
    ("sns:publish", "TopicArn"),
    ("states:startExecution", "StateMachineArn"),
    ("states:startSyncExecution", "StateMachineArn"),
];

fn task(
    declaration: &Declaration,
    state: &Conditional<'_>,
    resource: &Value,
    collector: &mut Collector<'_>,
) {
    let Some(text) = resource.scalar_text() else { return };
    let text = substituted(&text, declaration);
    let mut add = |target: &Value| {
        let mut trigger =
            inner_trigger(declaration, TriggerKind::StateMachine, state, resource.span);
        collector.set_source_self(&mut trigger, declaration);
        for found in target.at(&[]) {
            let Some(text) = found.value.scalar_text() else { continue };
            let text = substituted(&text, declaration);
            collector.add(&trigger, &Value::new(Kind::Text(text), found.value.span));
        }
    };
    let Some(integration) = integration(&text) else {
        // The function's ARN itself; activities and anything else invoke nothing known.
        if !text.has_literal(":activity:") {
            add(&Value::new(Kind::Text(text), resource.span));
        }
        return;
    };
    for arguments in ["Parameters", "Arguments"] {
        for found in state.value.at(&[arguments]) {
            if integration.starts_with("events:putEvents") {
                for entry in super::every(found.value, &["Entries", "EventBusName"]) {
                    add(entry.value);
                }
            }
            for (name, key) in TARGETS {
                let matches = integration
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
                if let (true, Some(target)) = (matches, found.value.get(key)) {
                    add(target);
                }
            }
        }
    }
}

/// `lambda:invoke.waitForTaskToken` of `arn:aws:states:::lambda:invoke.waitForTaskToken`, and
/// `sqs:sendMessage` of `arn:aws:states:::aws-sdk:sqs:sendMessage`.
fn integration(resource: &PartialText) -> Option<String> {
    let written = resource.with_holes("");
    let (_, integration) = written.split_once(":states:::")?;
    Some(integration.strip_prefix("aws-sdk:").unwrap_or(integration).to_owned())
}

/// Fills `${Name}` in a definition from `DefinitionSubstitutions`.
fn substituted(text: &PartialText, declaration: &Declaration) -> PartialText {
    let substitutions = declaration.properties.at(&["DefinitionSubstitutions"]);
    if substitutions.is_empty() || !text.has_literal("${") {
        return text.clone();
    }
    let mut filled = PartialText::default();
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            filled.push(part.clone());
            continue;
        };
        let mut rest = literal.as_str();
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((name, after)) = behind.split_once('}') else { break };
            filled.push(Part::Literal(before.to_owned()));
            let value = substitutions.iter().find_map(|found| found.value.get(name));
            match value.map(|value| value.text_at(&[])) {
                Some(setting) => match setting.known_values().next() {
                    Some(said) => filled.extend(&said.value),
                    None => filled.push(Part::Unknown(format!("`{name}` is not known"))),
                },
                None => filled.push(Part::Literal(format!("${{{name}}}"))),
            }
            rest = after;
        }
        filled.push(Part::Literal(rest.to_owned()));
    }
    filled
}
