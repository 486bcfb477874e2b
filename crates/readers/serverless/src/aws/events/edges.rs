//! Voice skills, load balancers, distributions, user pools.

use super::{Event, add_plain};
use crate::aws::naming;
use crate::aws::template::{Template, append};
use crate::aws::write::{At, is_on, label};
use documents::value::{Kind, Member, Value};
use text::Problem;

/// `alexaSkill`: by application id; without one any skill may invoke, and from version 3 on none.
pub(super) fn add_alexa_skill(event: &Event<'_>, template: &mut Template) {
    let token = match &event.value.kind {
        Kind::Map(_) => event.get("appId").cloned(),
        Kind::Null | Kind::Bool(_) => None,
        _ => Some(event.value.clone()),
    };
    if token.is_none() && !event.aws.service.is_before_version_3() {
        let message = "a skill without its id may not invoke the function";
        let problem = Problem::advice(message, event.origin.said.into());
        template.problems.push(problem.help("name it: `alexaSkill: amzn1.ask.skill.…`"));
        return;
    }
    let id = format!("{}LambdaPermissionAlexaSkill{}", event.normalized, event.number);
    let source = token.map(|token| ("EventSourceToken", token));
    let principal = "alexa-appkit.amazon.com";
    template.permit(&id, &event.arn(), principal, source, &event.origin);
}

/// `alexaSmartHome`.
pub(super) fn add_alexa_smart_home(event: &Event<'_>, template: &mut Template) {
    let token = match &event.value.kind {
        Kind::Map(_) => event.get("appId").cloned(),
        Kind::Null | Kind::Bool(_) => None,
        _ => Some(event.value.clone()),
    };
    let id = format!("{}LambdaPermissionAlexaSmartHome{}", event.normalized, event.number);
    let source = token.map(|token| ("EventSourceToken", token));
    let principal = "alexa-connectedhome.amazon.com";
    template.permit(&id, &event.arn(), principal, source, &event.origin);
}

/// `alb`: a target group with the function, and a rule of the listener.
pub(super) fn add_load_balancer(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let listener = event.get("listenerArn").cloned();
    let listener = listener.unwrap_or_else(|| Value::unknown("no listener is named", at.0));
    let group = format!("{}AlbTargetGroup{}", event.normalized, event.number);
    let targets = at.list([at.map([("Id", event.arn())])]);
    let properties = at.map([("TargetType", at.text("lambda")), ("Targets", targets)]);
    let kind = "AWS::ElasticLoadBalancingV2::TargetGroup";
    template.add(&group, kind, properties, &event.origin);
    let mut actions = Vec::new();
    let authorizers = event.get("authorizer").map(|named| match &named.kind {
        Kind::List(items) => items.clone(),
        _ => vec![named.clone()],
    });
    for named in authorizers.unwrap_or_default() {
        actions.push(authentication(event, &named));
    }
    let forward = at.map([("Type", at.text("forward")), ("TargetGroupArn", at.reference(&group))]);
    actions.push(forward);
    let conditions = event.get("conditions").map(listener_conditions);
    let properties = at
        .properties()
        .set("ListenerArn", listener)
        .take("Priority", value, "priority")
        .set("Actions", at.list(actions))
        .set_some("Conditions", conditions);
    let rule = format!("{}AlbListenerRule{}", event.normalized, event.number);
    let kind = "AWS::ElasticLoadBalancingV2::ListenerRule";
    template.add_numbered(&rule, kind, properties.build(), &event.origin);
    let id = format!("{}LambdaPermissionAlb", event.normalized);
    let principal = "elasticloadbalancing.amazonaws.com";
    let source = Some(("SourceArn", at.reference(&group)));
    template.permit(&id, &event.arn(), principal, source, &event.origin);
}

fn authentication(event: &Event<'_>, named: &Value) -> Value {
    let name = named.as_str().unwrap_or_default();
    let at = At(named.span);
    let said = event.aws.provider_at(&["alb", "authorizers", name]);
    match said.and_then(|said| said.get("type")).and_then(Value::as_str) {
        Some("cognito") => at.map([("Type", at.text("authenticate-cognito"))]),
        Some("oidc") => at.map([("Type", at.text("authenticate-oidc"))]),
        _ => Value::unknown(format!("load balancer authorizer `{name}` is not declared"), at.0),
    }
}

fn listener_conditions(said: &Value) -> Value {
    const FIELDS: [(&str, &str, &str); 4] = [
        ("path", "path-pattern", "PathPatternConfig"),
        ("host", "host-header", "HostHeaderConfig"),
        ("method", "http-request-method", "HttpRequestMethodConfig"),
        ("ip", "source-ip", "SourceIpConfig"),
    ];
    let at = At(said.span);
    let items = FIELDS.iter().filter_map(|(key, field, config)| {
        let value = said.get(key)?;
        let values = match &value.kind {
            Kind::List(_) => value.clone(),
            _ => Value::list([value.clone()], value.span),
        };
        let values = At(value.span).map([("Values", values)]);
        Some(at.map([("Field", at.text(field)), (*config, values)]))
    });
    at.list(items.collect::<Vec<_>>())
}

/// `cloudFront`: a function at the edge of the service's one distribution.
pub(super) fn add_distribution(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let id = "CloudFrontDistribution";
    if !template.has(id) {
        let provided = event.aws.provider_at(&["cloudFront"]);
        let null = Value::new(Kind::Null, at.0);
        let provided = provided.unwrap_or(&null);
        let default = behavior(event.get("behavior"), at);
        let config = at
            .properties()
            .set("Enabled", at.truth(true))
            .set("DefaultCacheBehavior", default)
            .set("Origins", at.list(event.get("origin").map(origin)))
            .take("WebACLId", provided, "webACLId");
        let properties = at.map([("DistributionConfig", config.build())]);
        template.add(id, "AWS::CloudFront::Distribution", properties, &event.origin);
    }
    let association = at
        .properties()
        .take("EventType", event.value, "eventType")
        .set("LambdaFunctionARN", event.arn())
        .take("IncludeBody", event.value, "includeBody")
        .build();
    let path = event.get("pathPattern").cloned();
    let configuration = template
        .get_mut(id)
        .and_then(|resource| member_mut(&mut resource.properties, "DistributionConfig"));
    let Some(configuration) = configuration else { return };
    match path {
        Some(path) => {
            let mut own = behavior(event.get("behavior"), at);
            append(&mut own, "LambdaFunctionAssociations", association);
            if let Kind::Map(members) = &mut own.kind {
                members.push(Member { key: "PathPattern".into(), key_span: at.0, value: path });
            }
            append(configuration, "CacheBehaviors", own);
        }
        None => {
            if let Some(default) = member_mut(configuration, "DefaultCacheBehavior") {
                append(default, "LambdaFunctionAssociations", association);
            }
        }
    }
}

fn behavior(said: Option<&Value>, at: At) -> Value {
    let policy = said.and_then(|said| said.get("ViewerProtocolPolicy")).cloned();
    let policy = policy.unwrap_or_else(|| at.text("allow-all"));
    at.map([("ViewerProtocolPolicy", policy)])
}

fn origin(said: &Value) -> Value {
    match said.scalar_text() {
        Some(_) => At(said.span).map([("DomainName", said.clone())]),
        None => said.clone(),
    }
}

fn member_mut<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match &mut value.kind {
        Kind::Map(members) => {
            members.iter_mut().find(|member| &*member.key == key).map(|member| &mut member.value)
        }
        _ => None,
    }
}

/// `cognitoUserPool`: a hook of a user pool of the service, or of one that exists.
pub(super) fn add_user_pool(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let trigger = event.get("trigger").cloned();
    let (Some(pool), Some(trigger)) = (event.get("pool"), trigger) else {
        event.problem("it names no `pool` or no `trigger`", template);
        return add_plain(event, template);
    };
    let hook = trigger.as_str().unwrap_or_default();
    if is_on(event.get("existing")) {
        let configs = at.map([("Trigger", trigger.clone())]);
        let settings = at
            .properties()
            .set("FunctionName", event.arn())
            .set("UserPoolName", pool.clone())
            .set("UserPoolConfigs", at.list([configs]));
        let id = format!("{}CustomCognitoUserPool{}", event.normalized, event.number);
        let kind = "Custom::CognitoUserPool";
        template.add_numbered(&id, kind, settings.build(), &event.origin);
        let id = format!("{}LambdaPermissionCognito{hook}", event.normalized);
        template.permit(&id, &event.arn(), "cognito-idp.amazonaws.com", None, &event.origin);
        return;
    }
    let name = label(pool);
    let id = format!("CognitoUserPool{}", naming::normalized_alphanumeric(&name));
    if !template.has(&id) {
        let properties = At(pool.span)
            .properties()
            .set("UserPoolName", pool.clone())
            .set("LambdaConfig", at.map([]))
            .build();
        template.add(&id, "AWS::Cognito::UserPool", properties, &event.origin);
    }
    let hooks = template
        .get_mut(&id)
        .and_then(|resource| member_mut(&mut resource.properties, "LambdaConfig"));
    if let Some(Kind::Map(members)) = hooks.map(|hooks| &mut hooks.kind) {
        // Senders of messages are declared with the version of their events.
        let value = match hook {
            "CustomSMSSender" | "CustomEmailSender" => {
                at.map([("LambdaArn", event.arn()), ("LambdaVersion", at.text("V1_0"))])
            }
            _ => event.arn(),
        };
        members.push(Member { key: hook.into(), key_span: trigger.span, value });
    }
    let source = Some(("SourceArn", at.attribute(&id, "Arn")));
    let permission = format!(
        "{}LambdaPermission{id}TriggerSource{}",
        event.normalized,
        naming::normalized_alphanumeric(hook)
    );
    let principal = "cognito-idp.amazonaws.com";
    template.permit(&permission, &event.arn(), principal, source, &event.origin);
}
