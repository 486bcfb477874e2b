//! Authorizers of REST APIs.
//!
//! Source: the Serverless Framework's `compile/events/api-gateway/lib/validate.js` and
//! `authorizers.js`.

use super::events::Event;
use super::invocation::function_reference;
use super::naming;
use super::template::{Origin, Template};
use super::write::{At, is_intrinsic, label, pattern, scalar};
use documents::value::{Kind, Value};

/// How a method asks who calls.
pub(super) struct Authorization {
    pub(super) kind: Value,
    pub(super) authorizer: Option<Value>,
    pub(super) scopes: Option<Value>,
}

/// Adds an event's authorizer, if it has one.
pub(super) fn add(event: &Event<'_>, api: &str, template: &mut Template) -> Authorization {
    let none = |kind: Value| Authorization { kind, authorizer: None, scopes: None };
    let Some(member) = event.value.member("authorizer").filter(|it| !it.value.is_null()) else {
        return match &event.value.kind {
            Kind::Unknown(_) => none(event.value.clone()),
            _ => none(event.at().text("NONE")),
        };
    };
    let said = &member.value;
    let at = At(said.span);
    if matches!(said.kind, Kind::Unknown(_)) {
        return none(said.clone());
    }
    let is_settings = matches!(said.kind, Kind::Map(_)) && !is_intrinsic(said);
    let word = if is_settings { said.get("type") } else { Some(said) };
    let word = word.and_then(Value::as_str).map(str::to_uppercase).unwrap_or_default();
    if word == "AWS_IAM" {
        return none(at.text("AWS_IAM"));
    }
    let scopes = said.get("scopes").filter(|_| is_settings).cloned();
    if let Some(id) = said.get("authorizerId").filter(|_| is_settings) {
        let kind = if word.is_empty() { "CUSTOM" } else { &word };
        let kind = if matches!(kind, "TOKEN" | "REQUEST") { "CUSTOM" } else { kind };
        return Authorization { kind: at.text(kind), authorizer: Some(id.clone()), scopes };
    }
    let named = if is_settings { said.get("arn").or_else(|| said.get("name")) } else { Some(said) };
    let Some(named) = named else {
        return none(Value::unknown(
            "the authorizer names no function and no user pool",
            said.span,
        ));
    };
    let shown = said.get("name").filter(|_| is_settings).and_then(Value::as_str);
    let shown = shown.map_or_else(|| label(named), str::to_owned);
    let is_pool = word == "COGNITO_USER_POOLS"
        || scalar(named).has_literal(":cognito-idp:")
        || scalar(named).has_literal(":userpool/");
    let origin = Origin {
        name: shown.clone(),
        type_name: "authorizer".to_owned(),
        said: member.key_span,
        extent: said.span,
        insertion: None,
    };
    let identity = said.get("identitySource").filter(|_| is_settings).cloned();
    let identity = identity.unwrap_or_else(|| at.text("method.request.header.Authorization"));
    let id = format!("{}ApiGatewayAuthorizer", naming::normalized(&shown));
    let properties = at
        .properties()
        .set("Name", at.text(&shown))
        .set("RestApiId", At(event.origin.said).reference(api))
        .set("IdentitySource", identity)
        .take("IdentityValidationExpression", said, "identityValidationExpression")
        .take("AuthorizerResultTtlInSeconds", said, "resultTtlInSeconds");
    if is_pool {
        let arns = Value::list([named.clone()], named.span);
        let properties =
            properties.set("Type", at.text("COGNITO_USER_POOLS")).set("ProviderARNs", arns);
        template.add(&id, "AWS::ApiGateway::Authorizer", properties.build(), &origin);
        let kind = at.text("COGNITO_USER_POOLS");
        return Authorization { kind, authorizer: Some(at.reference(&id)), scopes };
    }
    let kind = if word == "REQUEST" { "REQUEST" } else { "TOKEN" };
    let function = function_reference(event.aws, named);
    let uri = authorizer_uri(&function);
    let properties = properties.set("Type", at.text(kind)).set("AuthorizerUri", uri);
    template.add(&id, "AWS::ApiGateway::Authorizer", properties.build(), &origin);
    let permission = format!("{}LambdaPermissionApiGateway", naming::normalized(&shown));
    if !template.has(&permission) {
        let api = text::PartialText::reference(text::EntityId::new(api), "Ref");
        let pattern_text = "arn:{partition}:execute-api:{region}:{account}:{0}/*/*";
        let source = Some(("SourceArn", at.pattern(pattern_text, &[&api])));
        template.permit(&permission, &function, "apigateway.amazonaws.com", source, &origin);
    }
    Authorization { kind: at.text("CUSTOM"), authorizer: Some(at.reference(&id)), scopes }
}

/// The address under which an API invokes a function.
pub(super) fn authorizer_uri(function: &Value) -> Value {
    let around =
        "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{0}/invocations";
    let at = At(function.span);
    if !is_intrinsic(function) {
        return at.partial(pattern(around, &[&scalar(function)]));
    }
    let before = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/";
    let parts = at.list([at.text(before), function.clone(), at.text("/invocations")]);
    at.map([("Fn::Join", at.list([at.text(""), parts]))])
}
