//! `AWS::Serverless::StateMachine`.

use text::EntityId;

use crate::sam::event::{Invoked, events_of};
use crate::sam::generated::{
    Properties, each_case, is_true, reference, sibling, tag_list, text_value, trust,
};
use crate::sam::role::RoleDraft;
use crate::sam::{Expansion, api_events, function, rule_events};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Expands a state machine with its role, alias and events.
pub(super) fn expand(machine: Declaration, expansion: &mut Expansion<'_>) {
    let given = &machine.properties;
    let role_name = format!("{}Role", machine.name);
    let role_id = sibling(&machine.id, &role_name);
    let own_role = given.get("Role").filter(|role| !role.is_null());
    let span = machine.said;
    let role = match own_role {
        Some(role) => each_case(role, &mut |role| match role.kind {
            Kind::Null => text_value(reference(&role_id, "Arn"), span),
            _ => role.clone(),
        }),
        None => text_value(reference(&role_id, "Arn"), span),
    };
    let properties = Properties::new(given.span)
        .keep(given, &["Definition", "DefinitionString", "DefinitionSubstitutions"])
        .set_some("DefinitionS3Location", definition_uri(given))
        .keep_as(given, "Name", "StateMachineName")
        .keep_as(given, "Type", "StateMachineType")
        .keep_as(given, "Logging", "LoggingConfiguration")
        .keep_as(given, "Tracing", "TracingConfiguration")
        .keep(given, &["EncryptionConfiguration"])
        .set_some("Tags", given.get("Tags").map(tag_list))
        .set("RoleArn", role)
        .build();
    expansion.made.push(Declaration {
        kind: "AWS::StepFunctions::StateMachine".to_owned(),
        properties,
        ..machine.clone()
    });
    let makes_role = own_role.is_none_or(|role| match &role.kind {
        Kind::Branches(alternatives) => alternatives.iter().any(|it| it.value.is_null()),
        _ => false,
    });
    if makes_role {
        let mut role = RoleDraft::new();
        if let Some(policies) = given.get("Policies") {
            role.add_policies(policies, &role_name, expansion);
        }
        let tracing = given.get("Tracing").and_then(|tracing| tracing.get("Enabled"));
        if let Some(tracing) = tracing.filter(|tracing| is_true(tracing) == Some(true)) {
            role.add_managed("AWSXrayWriteOnlyAccess", tracing.span);
        }
        let trust = trust("states.amazonaws.com", span);
        role.declare(&machine, None, trust, expansion);
    } else if let Some(policies) = given.member("Policies") {
        let message = "`Policies` has no effect where `Role` is given";
        expansion.advise(message, policies.key_span);
    }
    let alias = declare_alias(&machine, expansion);
    let through_alias = function::switched_on(given.get("UseAliasAsEventTarget"));
    let invoked = Invoked::state_machine(&machine, alias.as_ref().filter(|_| through_alias));
    for event in events_of(&machine, expansion) {
        let known = api_events::expand_state_machine_event(&event, &invoked, expansion)
            || rule_events::expand(&event, &invoked, expansion);
        if !known {
            let message = format!("events of type `{}` are not known", event.kind);
            expansion.lost(message, event.span);
        }
    }
}

/// The definition's place, where the evaluation did not put its text in.
fn definition_uri(given: &Value) -> Option<Value> {
    if given.get("Definition").is_some_and(|definition| !definition.is_null()) {
        return None;
    }
    let uri = given.get("DefinitionUri")?;
    Some(each_case(uri, &mut |uri| match &uri.kind {
        Kind::Text(text) => match text.literal().and_then(|text| text.strip_prefix("s3://")) {
            Some(address) => {
                let (bucket, key) = address.split_once('/').unwrap_or((address, ""));
                Properties::new(uri.span)
                    .set("Bucket", Value::text(bucket, uri.span))
                    .set("Key", Value::text(key, uri.span))
                    .build()
            }
            None => uri.clone(),
        },
        _ => uri.clone(),
    }))
}

fn declare_alias(machine: &Declaration, expansion: &mut Expansion<'_>) -> Option<EntityId> {
    let given = &machine.properties;
    let alias = given.get("AutoPublishAlias").filter(|alias| !alias.is_null())?;
    let span = alias.span;
    let version = Properties::new(span)
        .set("StateMachineArn", text_value(reference(&machine.id, "Ref"), span))
        .build();
    let name = format!("{}Version", machine.name);
    let kind = "AWS::StepFunctions::StateMachineVersion";
    let version = expansion.declare(machine, None, &name, kind, version, span);
    let preference = Properties::new(span)
        .keep(given.get("DeploymentPreference").unwrap_or(&Value::new(Kind::Null, span)), &["Type"])
        .set("StateMachineVersionArn", text_value(reference(&version, "Ref"), span))
        .build();
    let made = Properties::new(span)
        .set("Name", alias.clone())
        .set("DeploymentPreference", preference)
        .build();
    let name = format!("{}Alias{}", machine.name, alias.as_str().unwrap_or_default());
    let kind = "AWS::StepFunctions::StateMachineAlias";
    Some(expansion.declare(machine, None, &name, kind, made, span))
}
