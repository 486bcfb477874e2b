use app_graph::AppGraph;
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::PrincipalKind;

use crate::Facts;
use crate::guests::of_functions;
use crate::principals::{binds_sources, let_in, undecided};
use crate::rules::Check;

/// A permission for a service that does not say on whose behalf.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unscoped-invoke-permission",
    summary: "a service may invoke a function on behalf of any account",
    explanation: "A service such as S3 or SES works for every account. Without `SourceArn` or `SourceAccount` a \
        stranger can set up a bucket notification, a mail rule or an API of their own with your function as \
        its target, and send it events of their choice.\n\n\
        Add the ARN of what invokes it, or at least your account.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[441, 284],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["Lambda.1"],
    counterparts: &["CKV_AWS_364", "iam_role_cross_service_confused_deputy_prevention"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ],
    firing: include_str!("../../fixtures/unscoped-invoke-permission/firing.yaml"),
    clean: include_str!("../../fixtures/unscoped-invoke-permission/clean.yaml"),
};

/// A target group takes functions of its own account only.
///
/// Source: Application Load Balancers user guide, "Lambda functions as targets".
const SAME_ACCOUNT: &str = "elasticloadbalancing.amazonaws.com";

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for guest in of_functions(graph) {
        if binds_sources(guest.statement) {
            continue;
        }
        for principal in let_in(guest.statement) {
            let (function, service) = (guest.host.entity(), &principal.value.value);
            if let Some(unknown) = undecided(principal) {
                sink.unknown(&RULE, function, "principal of a permission", &unknown);
            }
            if principal.kind != PrincipalKind::Service || service.literal() == Some(SAME_ACCOUNT) {
                continue;
            }
            // Skills belong to no account: their id is what the permission names.
            let is_skill = service.literal().is_some_and(|name| name.starts_with("alexa-"));
            let (whose, advice) = match is_skill {
                true => ("for any skill", "add `EventSourceToken` with the skill's id"),
                false => (
                    "on behalf of any account",
                    "add `SourceArn` with what invokes it, or `SourceAccount`",
                ),
            };
            let message = format!("`{service}` may invoke `{}` {whose}", function.name);
            let finding = Finding::new(&RULE, principal.value.span, message)
                .cause(service.to_string())
                .fix(Fix::advice(advice));
            sink.report(guest.concern(graph, finding));
        }
    }
}
