use app_graph::{RouteAuth, Trigger, TriggerKind};
use text::{PartialText, Said, Setting};

use super::integrations::{Target, function};
use super::{Context, api_of};
use crate::entity;
use crate::settings::{and_then, or_else, unknown};
use documents::declaration::Declaration;

/// Who may call a route, by its authorization type and authorizer; open where nothing is said.
///
/// Source: `AWS::ApiGateway::Method`, `AWS::ApiGatewayV2::Route`.
pub(super) fn route_auth(declaration: &Declaration, context: &Context<'_>) -> Setting<RouteAuth> {
    let properties = &declaration.properties;
    let authorizer = properties.text_at(&["AuthorizerId"]);
    let by_type = and_then(properties.string_at(&["AuthorizationType"]), &|said| {
        let known = |auth| Setting::Known(said.clone().map(|_| auth));
        match said.value.to_ascii_uppercase().as_str() {
            "NONE" => known(RouteAuth::Anyone),
            "AWS_IAM" => known(RouteAuth::Iam),
            "COGNITO_USER_POOLS" | "JWT" => known(RouteAuth::Token),
            "CUSTOM" => or_else(
                and_then(authorizer.clone(), &|authorizer| declared(authorizer, context)),
                &|| unknown("no authorizer is named", said.span),
            ),
            _ => known(RouteAuth::Other(said.value.clone())),
        }
    });
    let by_authorizer =
        || and_then(authorizer.clone(), &|authorizer| declared(authorizer, context));
    or_else(or_else(by_type, &by_authorizer), &|| {
        Setting::known(RouteAuth::Anyone, declaration.said)
    })
}

fn declared(authorizer: Said<PartialText>, context: &Context<'_>) -> Setting<RouteAuth> {
    let reference = authorizer.value.references().next();
    let declaration = reference.and_then(|reference| context.directory.get(&reference.entity));
    let auth = match declaration {
        // An authorizer of another stack: it decides, whatever its kind.
        None => RouteAuth::Function(None),
        Some(declaration) if is_token(declaration) => RouteAuth::Token,
        Some(declaration) => RouteAuth::Function(function_of(declaration, context)),
    };
    Setting::Known(authorizer.map(|_| auth))
}

fn is_token(declaration: &Declaration) -> bool {
    let kind = ["Type", "AuthorizerType"];
    kind.iter().any(|key| {
        let kind = declaration.properties.string_at(&[key]);
        kind.any(|kind| matches!(kind.as_str(), "COGNITO_USER_POOLS" | "JWT"))
    })
}

fn function_of(declaration: &Declaration, context: &Context<'_>) -> Option<text::EntityId> {
    let uri = declaration.properties.text_at(&["AuthorizerUri"]);
    uri.known_values().find_map(|said| function(&said.value, context))
}

/// The authorizer's function as one that is invoked.
///
/// Source: `AWS::ApiGateway::Authorizer`, `AWS::ApiGatewayV2::Authorizer`.
pub(super) fn trigger(declaration: &Declaration, context: &Context<'_>) -> Option<Trigger> {
    if declaration.properties.text_at(&["AuthorizerUri"]).is_unset() {
        return None;
    }
    let property = match declaration.kind.as_str() {
        "AWS::ApiGateway::Authorizer" => "RestApiId",
        _ => "ApiId",
    };
    let api = api_of(declaration, property, context).map(|api| &api.id);
    let target = Target { function: function_of(declaration, context), other: None };
    Some(super::trigger(entity(declaration), TriggerKind::Authorizer, api, None, target))
}
