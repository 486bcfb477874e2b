//! `AWS::Serverless::HttpApi`: the HTTP API with its definition and stage.

use text::EntityId;

use crate::sam::Expansion;
use crate::sam::api_auth::{self, Preflight, requirements};
use crate::sam::api_draft::{ApiDraft, ApiKind, RouteDraft};
use crate::sam::api_events::stage_suffix;
use crate::sam::custom_domain;
use crate::sam::generated::{
    Properties, boolean, each_case, is_true, member_mut, reference, set_member, text_value,
};
use crate::sam::openapi::{ANY_METHOD, Inserted, each_map, insert_operation, skeleton};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Makes the API's declarations once all events have added their routes.
pub(super) fn finish(mut draft: ApiDraft, expansion: &mut Expansion<'_>) {
    draft.settle_condition();
    let managed = draft.is_managed();
    let ApiDraft { declaration, routes, .. } = draft;
    let given = &declaration.properties;
    let mut api = Properties::new(given.span)
        .keep(
            given,
            &["Name", "Description", "DisableExecuteApiEndpoint", "FailOnWarnings", "Tags"],
        )
        .set("ProtocolType", Value::text("HTTP", declaration.said))
        .set_some("CorsConfiguration", given.get("CorsConfiguration").map(cors));
    api = match definition(&declaration, managed, &routes, expansion) {
        Some(definition) => api.set("Body", definition),
        None => api.keep_as(given, "DefinitionUri", "BodyS3Location"),
    };
    expansion.made.push(Declaration {
        kind: "AWS::ApiGatewayV2::Api".to_owned(),
        properties: api.build(),
        ..declaration.clone()
    });
    let stage = declare_stage(&declaration, &routes, expansion);
    api_auth::declare_authorizer_permissions(&declaration, ApiKind::Http, expansion);
    custom_domain::declare_for_http_api(&declaration, &stage, expansion);
}

/// `true` means any origin.
fn cors(configuration: &Value) -> Value {
    each_case(configuration, &mut |configuration| match &configuration.kind {
        Kind::Map(_) | Kind::Null => configuration.clone(),
        _ => match is_true(configuration) {
            Some(true) => {
                let any = Value::text("*", configuration.span);
                let any = Value::list([any], configuration.span);
                Value::map([("AllowOrigins", any)], configuration.span)
            }
            Some(false) => Value::new(Kind::Null, configuration.span),
            None => Value::map([("AllowOrigins", configuration.clone())], configuration.span),
        },
    })
}

fn definition(
    api: &Declaration,
    managed: bool,
    routes: &[RouteDraft],
    expansion: &mut Expansion<'_>,
) -> Option<Value> {
    let given = &api.properties;
    let mut definition = match given.get("DefinitionBody") {
        Some(body) if !body.is_null() => body.clone(),
        _ if managed => skeleton("openapi", "3.0.1", api.said),
        _ => return None,
    };
    let auth = given.get("Auth").cloned();
    let auth = auth.unwrap_or_else(|| Value::new(Kind::Null, api.said));
    each_map(&mut definition, &mut |definition| {
        let mut decided = Vec::new();
        for route in routes {
            let mut operation = route.operation.clone();
            let security = requirements(&route.auth, &auth, Preflight::No);
            if !security.is_null() {
                set_member(&mut operation, "security", security);
            }
            match insert_operation(definition, &route.path, &route.method, &operation) {
                Inserted::Yes => decided.push(route),
                // The definition's own operation stays; only its security is the event's.
                Inserted::Occupied if !managed => {}
                Inserted::Occupied => {
                    let message =
                        format!("`{}` of this path is defined more than once", route.method);
                    expansion.lost(message, operation.span);
                }
                Inserted::Lost => {
                    let message =
                        format!("`{}` could not be added to the API's definition", route.path);
                    expansion.lost(message, operation.span);
                }
            }
        }
        api_auth::secure(definition, &auth, ApiKind::Http, &decided, api.said);
    });
    Some(definition)
}

fn declare_stage(
    api: &Declaration,
    routes: &[RouteDraft],
    expansion: &mut Expansion<'_>,
) -> EntityId {
    let given = &api.properties;
    let stage_name = given.get("StageName").filter(|name| !name.is_null());
    let name = match stage_name {
        None => format!("{}ApiGatewayDefaultStage", api.name),
        Some(name) if name.as_str() == Some("$default") => {
            format!("{}ApiGatewayDefaultStage", api.name)
        }
        Some(stage) => {
            format!("{}{}Stage", api.name, stage_suffix(Some(stage)).unwrap_or_default())
        }
    };
    let mut settings = given.get("RouteSettings").cloned();
    for route in routes.iter().filter(|route| !route.settings.is_null()) {
        let key = if route.method == ANY_METHOD {
            route.path.clone()
        } else {
            format!("{} {}", route.method.to_ascii_uppercase(), route.path)
        };
        let empty = || Value::map::<&str>([], route.settings.span);
        let all = settings.get_or_insert_with(empty);
        if let Some(place) = member_mut(all, &key, route.settings.span) {
            for member in route.settings.members() {
                set_member(place, &member.key, member.value.clone());
            }
        }
    }
    let stage = Properties::new(given.span)
        .set("ApiId", text_value(reference(&api.id, "Ref"), api.said))
        .set("StageName", stage_name.cloned().unwrap_or_else(|| Value::text("$default", api.said)))
        .set("AutoDeploy", boolean(true, api.said))
        .keep(given, &["StageVariables", "AccessLogSettings", "DefaultRouteSettings", "Tags"])
        .set_some("RouteSettings", settings)
        .build();
    let id = expansion.declare(api, None, &name, "AWS::ApiGatewayV2::Stage", stage, api.said);
    if let Some(made) = expansion.made.iter_mut().find(|made| made.id == id) {
        made.insertion = api.insertion.clone();
        made.allowances = api.allowances.clone();
        made.extent = api.extent;
    }
    id
}
