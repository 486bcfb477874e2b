use app_graph::{AppGraph, Distribution, Domain, Entity, Listener, LoadBalancer, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Said, Settled, Span};

use crate::Facts;
use crate::edit;
use crate::rules::Check;

/// A front door that speaks old TLS or none.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "weak-tls",
    summary: "a front door speaks TLS 1.0 or 1.1, or plain HTTP",
    explanation: "TLS 1.0 and 1.1 are withdrawn (RFC 8996), and over plain HTTP everyone on the way reads and changes \
        requests and answers, sign-in tokens among them.\n\n\
        Ask for TLS 1.2 or later, and redirect HTTP to HTTPS.",
    family: Family::Api,
    severity: Severity::Medium,
    cwe: &[327, 319],
    owasp: Owasp::SensitiveDataExposure,
    security_hub: &["CloudFront.3", "CloudFront.15", "ELB.1", "ELB.17"],
    counterparts: &[
        "CKV_AWS_206",
        "CKV_AWS_174",
        "CKV_AWS_34",
        "CKV_AWS_2",
        "CKV_AWS_103",
        "CKV2_AWS_20",
        "AwsSolutions-CFR4",
        "cloudfront_distributions_https_enabled",
        "cloudfront_distributions_using_deprecated_ssl_protocols",
        "elbv2_insecure_ssl_ciphers",
        "elbv2_ssl_listeners",
    ],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    ],
    firing: include_str!("../../fixtures/weak-tls/firing.yaml"),
    clean: include_str!("../../fixtures/weak-tls/clean.yaml"),
};

/// Load balancers' policies that accept TLS 1.0 or 1.1, the platform's default among them.
///
/// Source: Elastic Load Balancing user guide, "Security policies for your Application Load Balancer"
/// and "Predefined SSL security policies for Classic Load Balancers".
const WEAK_POLICIES: &[&str] = &[
    "ELBSecurityPolicy-2011-08",
    "ELBSecurityPolicy-2014-01",
    "ELBSecurityPolicy-2014-10",
    "ELBSecurityPolicy-2015-02",
    "ELBSecurityPolicy-2015-03",
    "ELBSecurityPolicy-2015-05",
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-TLS-1-0-2015-04",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
    "ELBSecurityPolicy-FS-2018-06",
    "ELBSecurityPolicy-FS-1-1-2019-08",
    "ELBSecurityPolicy-TLS13-1-0-2021-06",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        match &resource.kind {
            ResourceKind::Domain(domain) => judge_domain(&resource.entity, domain, sink),
            ResourceKind::Distribution(distribution) => {
                judge_distribution(&resource.entity, distribution, sink);
            }
            ResourceKind::LoadBalancer(balancer) => {
                judge_balancer(&resource.entity, balancer, sink)
            }
            _ => {}
        }
    }
}

fn judge_domain(entity: &Entity, domain: &Domain, sink: &mut Sink) {
    // What holds where nothing is said depends on the endpoint and the day it was made.
    for case in domain.tls_policy.cases() {
        match case.value {
            Settled::Known(said) if said.value == "TLS_1_0" => {
                let message = format!("`{}` accepts TLS 1.0", entity.name);
                let fix = Fix::maybe(
                    "ask for TLS 1.2",
                    edit::replace(entity, &case, said, &edit::word(entity, "TLS_1_2")),
                );
                report(entity, said.span, message, "protocol", &case.conditions, fix, sink);
            }
            Settled::Unknown(unknown) => sink.unknown(&RULE, entity, "TLS policy", unknown),
            Settled::Known(_) | Settled::Unset => {}
        }
    }
}

fn judge_distribution(entity: &Entity, distribution: &Distribution, sink: &mut Sink) {
    let has_own_certificate = !distribution.default_certificate.any(|default| *default);
    for case in distribution.minimum_tls.cases() {
        match case.value {
            Settled::Known(said) if has_own_certificate && is_old(&said.value) => {
                let message = format!("`{}` accepts `{}`", entity.name, said.value);
                let fix = Fix::maybe(
                    "ask for TLS 1.2",
                    edit::replace(entity, &case, said, &edit::word(entity, "TLSv1.2_2021")),
                );
                report(entity, said.span, message, "protocol", &case.conditions, fix, sink);
            }
            Settled::Unknown(unknown) => sink.unknown(&RULE, entity, "lowest TLS version", unknown),
            Settled::Known(_) | Settled::Unset => {}
        }
    }
    for protocol in &distribution.viewer_protocols {
        for case in protocol.cases() {
            match case.value {
                Settled::Known(said) if said.value == "allow-all" => {
                    let message = format!("`{}` answers plain HTTP", entity.name);
                    let fix = Fix::maybe(
                        "redirect to HTTPS",
                        edit::replace(
                            entity,
                            &case,
                            said,
                            &edit::word(entity, "redirect-to-https"),
                        ),
                    );
                    report(entity, said.span, message, "plain HTTP", &case.conditions, fix, sink);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "viewer protocol", unknown)
                }
                Settled::Known(_) | Settled::Unset => {}
            }
        }
    }
}

fn is_old(version: &str) -> bool {
    matches!(version, "SSLv3" | "TLSv1" | "TLSv1_2016" | "TLSv1.1_2016")
}

fn judge_balancer(entity: &Entity, balancer: &LoadBalancer, sink: &mut Sink) {
    let is_public = balancer.public.any(|public| *public);
    for listener in &balancer.listeners {
        for case in listener.protocol.cases() {
            match case.value {
                Settled::Known(said) if said.value == "HTTP" && is_public => {
                    judge_plain(entity, balancer, (listener, said), &case.conditions, sink);
                }
                Settled::Known(said) if matches!(said.value.as_str(), "HTTPS" | "TLS") => {
                    judge_policy(entity, balancer, listener, sink);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "listener's protocol", unknown)
                }
                Settled::Known(_) | Settled::Unset => {}
            }
        }
    }
}

fn judge_plain(
    entity: &Entity,
    balancer: &LoadBalancer,
    (listener, said): (&Listener, &Said<String>),
    conditions: &[&str],
    sink: &mut Sink,
) {
    if listener.redirects_to_https.any(|redirects| *redirects) {
        return;
    }
    let message = format!("`{}` answers plain HTTP on the internet", entity.name);
    let is_secure = |listener: &Listener| listener.protocol.any(|protocol| protocol == "HTTPS");
    let fix = Fix::advice(match balancer.listeners.iter().any(is_secure) {
        _ if balancer.classic => {
            "listen on HTTPS only, or move to an application load balancer, which can redirect"
        }
        true => "redirect the listener to HTTPS",
        false => "add an HTTPS listener with a certificate, then redirect this one to it",
    });
    report(entity, said.span, message, "plain HTTP", conditions, fix, sink);
}

fn judge_policy(entity: &Entity, balancer: &LoadBalancer, listener: &Listener, sink: &mut Sink) {
    for case in listener.tls_policy.cases() {
        let (span, policy) = match case.value {
            Settled::Known(said) if WEAK_POLICIES.contains(&said.value.as_str()) => {
                (said.span, said.value.as_str())
            }
            Settled::Unset => (listener.span, "ELBSecurityPolicy-2016-08"),
            Settled::Unknown(unknown) => {
                sink.unknown(&RULE, entity, "listener's TLS policy", unknown);
                continue;
            }
            Settled::Known(_) => continue,
        };
        let message = format!("`{}` accepts TLS 1.0 or 1.1 by `{policy}`", entity.name);
        let fix = Fix::advice(match balancer.classic {
            true => "set the policy to `ELBSecurityPolicy-TLS-1-2-2017-01`",
            false => "set the policy to `ELBSecurityPolicy-TLS13-1-2-2021-06`",
        });
        report(entity, span, message, "protocol", &case.conditions, fix, sink);
    }
}

fn report(
    entity: &Entity,
    span: Span,
    message: String,
    cause: &str,
    conditions: &[&str],
    fix: Fix,
    sink: &mut Sink,
) {
    let finding = Finding::new(&RULE, span, message)
        .resource(entity)
        .cause(cause)
        .when(entity.condition.as_deref())
        .when(conditions.iter().copied())
        .fix(fix);
    sink.report(finding);
}
