use app_graph::{Listener, LoadBalancer, ResourceKind, SecurityGroup, TrafficRule};
use text::{PartialText, Setting, Unknown};

use super::{Context, by_default};
use crate::settings::{or_else, presence, said_text, texts, word_is};
use documents::declaration::Declaration;
use documents::value::{Conditional, Value};

/// Properties of a rule that name whom it lets through.
///
/// Source: `AWS::EC2::SecurityGroup` `Ingress` and `Egress`.
const PEERS: &[&str] = &[
    "CidrIp",
    "CidrIpv6",
    "SourcePrefixListId",
    "SourceSecurityGroupId",
    "SourceSecurityGroupName",
    "DestinationPrefixListId",
    "DestinationSecurityGroupId",
];

/// Source: `AWS::EC2::SecurityGroup`; an outgoing rule of its own takes away the one that lets
/// everything out.
pub(super) fn security_group(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let listed = |property: &str| -> Vec<TrafficRule> {
        properties.list_at(&[property]).iter().map(|rule| traffic_rule(rule.value)).collect()
    };
    let attached = |kind| -> Vec<TrafficRule> {
        let rules = context.attachments.of(kind, &declaration.id).iter();
        rules
            .map(|rule| TrafficRule { span: rule.said, ..traffic_rule(&rule.properties) })
            .collect()
    };
    let mut ingress = listed("SecurityGroupIngress");
    ingress.extend(attached("AWS::EC2::SecurityGroupIngress"));
    let mut egress = listed("SecurityGroupEgress");
    egress.extend(attached("AWS::EC2::SecurityGroupEgress"));
    let said = properties.get("SecurityGroupEgress").is_some_and(|value| !value.is_null());
    let egress = (said || !egress.is_empty()).then_some(egress);
    let network = properties.text_at(&["VpcId"]);
    let mut networks = network.known_values().flat_map(|said| said.value.references());
    let declared = networks.any(|reference| {
        let network = context.directory.get(&reference.entity);
        network.is_some_and(|network| network.kind == "AWS::EC2::VPC")
    });
    let cut_off = declared && !context.directory.any(leads_out);
    ResourceKind::SecurityGroup(Box::new(SecurityGroup { egress, ingress, cut_off }))
}

/// What leads out of a private network, by way of a gateway, a peer or a route.
///
/// Source: AWS CloudFormation template reference, resources of Amazon VPC.
const WAYS_OUT: &[&str] = &[
    "AWS::EC2::CarrierGateway",
    "AWS::EC2::EgressOnlyInternetGateway",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NatGateway",
    "AWS::EC2::Route",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::TransitGatewayVpcAttachment",
    "AWS::EC2::VPCGatewayAttachment",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VPNGateway",
    "AWS::NetworkManager::VpcAttachment",
];

fn leads_out(declaration: &Declaration) -> bool {
    // Terraform's tables hold their routes.
    WAYS_OUT.contains(&declaration.kind.as_str())
        || declaration.kind.ends_with("_route_table")
            && declaration.properties.get("route").is_some()
}

fn traffic_rule(rule: &Value) -> TrafficRule {
    let mut peers = Vec::new();
    for property in PEERS {
        peers.extend(texts(rule, &[property]));
    }
    if let documents::value::Kind::Unknown(_) = rule.kind {
        peers = vec![said_text(rule)];
    }
    TrafficRule {
        span: rule.span,
        protocol: rule.string_at(&["IpProtocol"]),
        from_port: rule.i64_at(&["FromPort"]),
        to_port: rule.i64_at(&["ToPort"]),
        peers,
    }
}

/// Source: `AWS::ElasticLoadBalancingV2::LoadBalancer`; faces the internet unless said otherwise.
pub(super) fn load_balancer(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let public = word_is(properties.string_at(&["Scheme"]), &["internet-facing"]);
    let attributes = properties.list_at(&["LoadBalancerAttributes"]);
    let logs = attributes.iter().find(|attribute| {
        attribute.value.get("Key").and_then(Value::as_str) == Some("access_logs.s3.enabled")
    });
    let unread = attributes.iter().find(|attribute| attribute.value.members().is_empty());
    let access_logs = match (logs, unread) {
        (Some(attribute), _) => attribute.value.bool_at(&["Value"]),
        (None, Some(unread)) => unread.value.bool_at(&["Value"]),
        (None, None) => Setting::Unset,
    };
    let listeners =
        context.attachments.of("AWS::ElasticLoadBalancingV2::Listener", &declaration.id);
    ResourceKind::LoadBalancer(Box::new(LoadBalancer {
        classic: false,
        public: by_default(public, &true, declaration.said),
        access_logs,
        web_acl: context.attachments.web_acl(declaration),
        listeners: listeners.iter().map(|listener| self::listener(listener)).collect(),
        leads_elsewhere: listeners.iter().any(|listener| leads_elsewhere(listener, context)),
    }))
}

/// Whether a listener or one of its rules forwards to a target group that is not one of functions.
fn leads_elsewhere(listener: &Declaration, context: &Context<'_>) -> bool {
    let kind = "AWS::ElasticLoadBalancingV2::ListenerRule";
    let rules = context.attachments.of(kind, &listener.id).iter().map(|rule| &rule.properties);
    let mut actions = rules.flat_map(|rule| rule.list_at(&["Actions"]));
    let mut default = listener.properties.list_at(&["DefaultActions"]).into_iter();
    let forwards_elsewhere = |action: Conditional<'_>| {
        let mut groups = texts(action.value, &["TargetGroupArn"]);
        for group in action.value.list_at(&["ForwardConfig", "TargetGroups"]) {
            groups.extend(texts(group.value, &["TargetGroupArn"]));
        }
        groups.iter().any(|group| !is_of_functions(&group.value, context))
    };
    default.any(forwards_elsewhere) || actions.any(forwards_elsewhere)
}

fn is_of_functions(group: &PartialText, context: &Context<'_>) -> bool {
    let reference = group.references().next();
    let group = reference.and_then(|reference| context.directory.get(&reference.entity));
    group.is_some_and(|group| {
        group.properties.string_at(&["TargetType"]).any(|kind| kind == "lambda")
    })
}

/// Source: `AWS::ElasticLoadBalancingV2::Listener`.
fn listener(declaration: &Declaration) -> Listener {
    let properties = &declaration.properties;
    let actions = properties.list_at(&["DefaultActions"]);
    let kinds: Vec<_> = actions.iter().map(|action| action.value.string_at(&["Type"])).collect();
    let unknown = kinds.iter().find_map(Setting::unknown);
    let redirects = actions.iter().any(|action| {
        let protocol = action.value.string_at(&["RedirectConfig", "Protocol"]);
        protocol.any(|protocol| protocol == "HTTPS")
    });
    let only = kinds.iter().all(|kind| kind.any(|kind| kind == "redirect"));
    let span = actions.first().map_or(declaration.said, |action| action.value.span);
    let answer = |holds: bool| match unknown {
        Some(unknown) if !holds => Setting::Unknown(unknown.clone()),
        _ => Setting::known(holds, span),
    };
    Listener {
        span: declaration.said,
        protocol: properties.string_at(&["Protocol"]),
        tls_policy: properties.string_at(&["SslPolicy"]),
        redirects_to_https: answer(redirects && only),
    }
}

/// Source: `AWS::ElasticLoadBalancing::LoadBalancer`.
pub(super) fn classic_load_balancer(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let public = word_is(properties.string_at(&["Scheme"]), &["internet-facing"]);
    let listeners = properties.list_at(&["Listeners"]);
    let listeners = listeners.iter().map(|listener| Listener {
        span: listener.value.span,
        protocol: listener.value.string_at(&["Protocol"]).map(|word| word.to_ascii_uppercase()),
        tls_policy: classic_policy(listener.value, properties),
        redirects_to_https: Setting::known(false, listener.value.span),
    });
    ResourceKind::LoadBalancer(Box::new(LoadBalancer {
        classic: true,
        public: by_default(public, &true, declaration.said),
        access_logs: or_else(properties.bool_at(&["AccessLoggingPolicy", "Enabled"]), &|| {
            presence(properties, &["AccessLoggingPolicy"])
        }),
        web_acl: Setting::Unset,
        listeners: listeners.collect(),
        leads_elsewhere: true,
    }))
}

/// The predefined policy that one of a classic listener's policies refers to.
///
/// Source: `AWS::ElasticLoadBalancing::LoadBalancer` `Policies`.
fn classic_policy(listener: &Value, balancer: &Value) -> Setting<String> {
    let policies = balancer.list_at(&["Policies"]);
    for name in texts(listener, &["PolicyNames"]) {
        let is_named = |policy: &&Conditional<'_>| {
            policy.value.text_at(&["PolicyName"]).any(|other| *other == name.value)
        };
        let policy = policies.iter().find(is_named).map(|policy| policy.value);
        let kind = policy.map(|policy| policy.string_at(&["PolicyType"]));
        if kind.is_some_and(|kind| kind.any(|kind| kind != "SSLNegotiationPolicyType")) {
            continue;
        }
        let attributes = policy.map(|policy| policy.list_at(&["Attributes"])).unwrap_or_default();
        let reference = attributes.iter().find(|attribute| {
            attribute.value.get("Name").and_then(Value::as_str) == Some("Reference-Security-Policy")
        });
        return reference.map_or_else(
            || {
                let why =
                    format!("what `{}` permits is said cipher by cipher or elsewhere", name.value);
                Setting::Unknown(Unknown::new(why, name.span))
            },
            |attribute| attribute.value.string_at(&["Value"]),
        );
    }
    Setting::Unset
}
