use text::{Setting, Span};

use super::Context;
use crate::attachments::own_condition;
use crate::settings::{or_else, presence, rate, side_by_side, under};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// The stages of an API: each with its name, its settings and the declaration it stands in.
pub(super) struct Stages<'a> {
    api: &'a Declaration,
    stages: Vec<(String, Value, &'a Declaration)>,
}

impl<'a> Stages<'a> {
    /// Finds the stages declared for an API, or those that its deployments make.
    pub(super) fn new(api: &'a Declaration, kind: &'static str, context: &Context<'a>) -> Self {
        let mut stages = Vec::new();
        for stage in context.attachments.of(kind, &api.id) {
            stages.push((stage_name(stage), stage.properties.clone(), *stage));
        }
        if stages.is_empty() {
            for deployment in context.attachments.of("AWS::ApiGateway::Deployment", &api.id) {
                let properties = &deployment.properties;
                if !properties.text_at(&["StageName"]).is_unset() {
                    let nothing = || Value::new(Kind::Null, deployment.said);
                    let settings = properties.get("StageDescription").cloned();
                    let settings = settings.unwrap_or_else(nothing);
                    stages.push((stage_name(deployment), settings, *deployment));
                }
            }
        }
        Self { api, stages }
    }

    /// Where the first one is declared.
    pub(super) fn first(&self) -> Option<Span> {
        self.stages.first().map(|(_, _, declaration)| declaration.said)
    }

    /// A setting of the stages: one for each where there are several.
    pub(super) fn setting<T>(&self, read: &dyn Fn(&Value) -> Setting<T>) -> Setting<T> {
        let stages = self.stages.iter().map(|(name, settings, declaration)| {
            let setting = read(settings);
            let condition = own_condition(declaration, self.api);
            // The stage itself is missing under the opposite condition, and so is the question.
            let setting = if setting.is_unset() { setting } else { under(condition, setting) };
            (format!("stage `{name}`"), setting)
        });
        side_by_side(stages.collect())
    }

    /// Whether the stages write access logs: where one says nothing, it is the one that does not.
    pub(super) fn access_logs(&self, property: &str) -> Setting<bool> {
        let stages = self.stages.iter().map(|(name, settings, declaration)| {
            let logs = presence(settings, &[property]);
            let off = || Setting::known(false, declaration.said);
            let condition = own_condition(declaration, self.api);
            let logs = if logs.is_unset() { off() } else { under(condition, or_else(logs, &off)) };
            (format!("stage `{name}`"), logs)
        });
        side_by_side(stages.collect())
    }

    /// The declarations of the stages.
    pub(super) fn declarations(&self) -> impl Iterator<Item = &'a Declaration> {
        self.stages.iter().map(|(_, _, declaration)| *declaration)
    }
}

fn stage_name(declaration: &Declaration) -> String {
    let name = declaration.properties.text_at(&["StageName"]);
    name.known_values()
        .next()
        .map_or_else(|| declaration.name.clone(), |said| said.value.to_string())
}

/// Requests a second that a REST stage lets through: of one of its methods, or of all.
///
/// Source: `AWS::ApiGateway::Stage` `MethodSetting`.
pub(super) fn throttle(stage: &Value) -> Setting<u32> {
    let methods = stage.list_at(&["MethodSettings"]);
    let rates = methods.iter().map(|method| rate(method.value, &["ThrottlingRateLimit"]));
    let of_methods = rates.into_iter().find(|rate| !rate.is_unset()).unwrap_or_default();
    or_else(of_methods, &|| rate(stage, &["ThrottlingRateLimit"]))
}

/// Whether a REST stage encrypts its cache: false where one of its methods does not.
pub(super) fn cache_encrypted(stage: &Value) -> Setting<bool> {
    let methods = stage.list_at(&["MethodSettings"]);
    let settings = methods.iter().map(|method| method.value.bool_at(&["CacheDataEncrypted"]));
    let said = settings.filter(|setting| !setting.is_unset());
    let worst = said.reduce(|worst, next| if worst.any(|on| !on) { worst } else { next });
    or_else(worst.unwrap_or_default(), &|| stage.bool_at(&["CacheDataEncrypted"]))
}
