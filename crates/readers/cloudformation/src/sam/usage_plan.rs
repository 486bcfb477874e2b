//! `Auth.UsagePlan` of REST APIs.

use text::EntityId;

use crate::sam::Expansion;
use crate::sam::generated::{Properties, append_at, boolean, reference, sibling, text_value};
use documents::declaration::Declaration;
use documents::value::Value;

/// Declares the plan with its key, one for each API or one for all.
pub(super) fn declare(api: &Declaration, stage: &EntityId, expansion: &mut Expansion<'_>) {
    let Some(member) = api.properties.get("Auth").and_then(|auth| auth.member("UsagePlan")) else {
        return;
    };
    let plan = &member.value;
    let prefix = match plan.get("CreateUsagePlan").and_then(Value::as_str) {
        Some("PER_API") => api.name.as_str(),
        Some("SHARED") => "Serverless",
        _ => return,
    };
    let span = member.key_span;
    let used = Properties::new(span)
        .set("ApiId", text_value(reference(&api.id, "Ref"), span))
        .set("Stage", text_value(reference(stage, "Ref"), span))
        .build();
    let name = format!("{prefix}UsagePlan");
    let id = sibling(&api.id, &name);
    if let Some(shared) = expansion.made.iter_mut().find(|made| made.id == id) {
        append_at(&mut shared.properties, &["ApiStages"], &used);
        return;
    }
    let properties = Properties::new(span)
        .set("ApiStages", Value::list([used], span))
        .keep(plan, &["Description", "Quota", "Tags", "Throttle", "UsagePlanName"])
        .build();
    let plan = expansion.declare(api, None, &name, "AWS::ApiGateway::UsagePlan", properties, span);
    let stage_key = Properties::new(span)
        .set("RestApiId", text_value(reference(&api.id, "Ref"), span))
        .set("StageName", text_value(reference(stage, "Ref"), span))
        .build();
    let key = Properties::new(span)
        .set("Enabled", boolean(true, span))
        .set("StageKeys", Value::list([stage_key], span))
        .build();
    let name = format!("{prefix}ApiKey");
    let key = expansion.declare(api, None, &name, "AWS::ApiGateway::ApiKey", key, span);
    let link = Properties::new(span)
        .set("KeyId", text_value(reference(&key, "Ref"), span))
        .set("KeyType", Value::text("API_KEY", span))
        .set("UsagePlanId", text_value(reference(&plan, "Ref"), span))
        .build();
    let name = format!("{prefix}UsagePlanKey");
    expansion.declare(api, None, &name, "AWS::ApiGateway::UsagePlanKey", link, span);
}
