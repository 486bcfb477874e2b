use app_graph::{AppGraph, Function, FunctionUrl, ResourceKind, TriggerKind, UrlAuth};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink, Subject};
use text::Settled;

use crate::Facts;
use crate::edit;
use crate::exposure::{declared_at, names_url};
use crate::rules::Check;
use crate::work::reaches_out;

/// A function URL that anyone may call.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "public-function-url",
    summary: "anyone may call a function's URL",
    explanation: "A function URL with `AuthType: NONE` is open to the whole internet, without an API's authorizers, \
        throttling or firewall in front: the handler alone decides who may do what, and every call is paid for. It is \
        judged one less where the function has rights on nothing.\n\n\
        Set `AWS_IAM` and let callers sign, or put an API or a distribution with origin access control in front. \
        For a webhook that cannot sign, check the sender's signature first of all and limit concurrency.",
    family: Family::Api,
    severity: Severity::High,
    cwe: &[306, 862],
    owasp: Owasp::BrokenAuthentication,
    security_hub: &["Lambda.1"],
    counterparts: &["CKV_AWS_258", "awslambda_function_url_public"],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"],
    firing: include_str!("../../fixtures/public-function-url/firing.yaml"),
    clean: include_str!("../../fixtures/public-function-url/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for function in &graph.functions {
        let Some(url) = &function.url else { continue };
        for case in url.auth.cases() {
            match case.value {
                Settled::Known(said) if said.value == UrlAuth::Anyone => {
                    let entity = &function.entity;
                    let message =
                        format!("anyone on the internet may call the URL of `{}`", entity.name);
                    // The URL may be a declaration of its own.
                    let owner = match entity.extent.contains(&said.span) {
                        true => entity,
                        false => declared_at(graph, url.span).unwrap_or(entity),
                    };
                    let severity = match reaches_out(graph, function) {
                        true => Severity::High,
                        false => Severity::Medium,
                    };
                    let mut finding = Finding::new(&RULE, said.span, message)
                        .severity(severity)
                        .function(entity)
                        .when(entity.condition.as_deref())
                        .when(case.conditions.iter().copied())
                        .fix(if is_an_origin(graph, function) {
                            // Signed by nobody, the distribution's requests would be refused.
                            Fix::advice(
                                "give the distribution origin access control, permit it by its ARN, and set the authentication to `AWS_IAM`",
                            )
                        } else {
                            // The Serverless Framework has a switch here, and another word.
                            let edit = (!edit::is_of_the_serverless_framework(entity)).then(|| {
                                edit::replace(owner, &case, said, &edit::word(owner, "AWS_IAM"))
                            });
                            Fix::maybe(
                                "set the authentication to `AWS_IAM`, or verify each call before anything else",
                                edit.flatten(),
                            )
                        });
                    if let Some(origin) = said.origin {
                        finding = finding.label(origin, "the value comes from here");
                    }
                    if let Some(subject) = declaration(graph, function, url) {
                        finding = finding.resource(subject);
                    }
                    sink.report(finding);
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, &function.entity, "authentication of the URL", unknown);
                }
                Settled::Known(_) | Settled::Unset => {}
            }
        }
    }
}

/// Whether a distribution of the application fetches from the function's URL.
fn is_an_origin(graph: &AppGraph, function: &Function) -> bool {
    let mut origins = graph.resources.iter().flat_map(|resource| match &resource.kind {
        ResourceKind::Distribution(distribution) => distribution.origins.as_slice(),
        _ => &[],
    });
    origins.any(|origin| {
        origin.value.references().any(|reference| names_url(graph, reference, function))
    })
}

/// The URL's own declaration, where it is not part of the function's.
fn declaration(graph: &AppGraph, function: &Function, url: &FunctionUrl) -> Option<Subject> {
    let id = &function.entity.id;
    let trigger = graph
        .triggers_of(id)
        .find(|trigger| trigger.kind == TriggerKind::FunctionUrl && trigger.entity.id != *id)
        .map(|trigger| &trigger.entity);
    trigger
        .filter(|entity| !function.entity.extent.contains(&entity.extent))
        .or_else(|| declared_at(graph, url.span).filter(|entity| entity.id != *id))
        .map(Subject::from)
}
