use app_graph::{AppGraph, Code};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{PartialText, Settled};

use crate::Facts;
use crate::rules::Check;

/// A container image named by a tag that moves.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "mutable-image-tag",
    summary: "a function's image is named by a tag that may change",
    explanation: "`latest`, or no tag, is whatever was pushed last: who may push to the repository \
        chooses the code of the next deployment, and nobody can tell from the template what \
        runs.\n\n\
        Name the image by its digest (`@sha256:…`), or by a tag in a repository with \
        immutable tags.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[829, 494],
    owasp: Owasp::VulnerableComponents,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    ],
    firing: include_str!("../../fixtures/mutable-image-tag/firing.yaml"),
    clean: include_str!("../../fixtures/mutable-image-tag/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for function in &graph.functions {
        let entity = &function.entity;
        for case in function.code.cases() {
            let said = match case.value {
                Settled::Known(said) => said,
                _ => continue,
            };
            let Code::Image(image) = &said.value else { continue };
            let Some(what) = mutable(image) else { continue };
            sink.report(
                Finding::new(
                    &RULE,
                    said.span,
                    format!("the image of `{}` is named by {what}", entity.name),
                )
                .function(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::advice("name the image by its digest")),
            );
        }
    }
}

fn mutable(image: &PartialText) -> Option<&'static str> {
    // A hole at the end is the tag or digest, given at deployment.
    let text = image.with_holes("\u{0}");
    let last = text.rsplit('/').next().unwrap_or(&text);
    if last.contains('@') || !text.contains('/') {
        return None;
    }
    match last.rsplit_once(':') {
        Some((_, "latest")) => Some("the tag `latest`"),
        Some(_) => None,
        None if last.contains('\u{0}') => None,
        None => Some("no tag, which means `latest`"),
    }
}
