use std::collections::BTreeSet;

use app_graph::{AppGraph, Entity, Layer};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::rules::Check;

/// A layer of another account.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "foreign-layer",
    summary: "a function runs code from a layer of another account",
    explanation: "A layer's code runs inside the function with all its rights and sees every event. \
        Its publisher decides what is in a version, and may withdraw it, which stops your \
        deployments. Layers of AWS itself are not reported, those of other well-known publishers \
        as a note only.\n\n\
        Copy the layer into your own account after a look at it, or build its content into \
        the function's package.",
    family: Family::Function,
    severity: Severity::Medium,
    cwe: &[829, 1357],
    owasp: Owasp::VulnerableComponents,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html"],
    firing: include_str!("../../fixtures/foreign-layer/firing.yaml"),
    clean: include_str!("../../fixtures/foreign-layer/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let own = own_accounts(graph);
    for function in &graph.functions {
        for layer in &function.layers {
            judge(layer, &function.entity, &own, sink);
        }
    }
}

fn judge(layer: &Layer, function: &Entity, own: &BTreeSet<String>, sink: &mut Sink) {
    if let Some(why) = layer.arn.value.unknown_reason() {
        let unknown = text::Unknown::new(why, layer.arn.span);
        sink.unknown(&RULE, function, "layer", &unknown);
        return;
    }
    let text = layer.arn.value.with_holes("");
    let mut segments = text.split(':').skip(4);
    let (Some(account), Some("layer"), Some(layer_name)) =
        (segments.next(), segments.next(), segments.next())
    else {
        return;
    };
    if !is_account(account) || own.contains(account) {
        return;
    }
    let name = &function.name;
    let publisher = PUBLISHERS.iter().find(|(known, _)| *known == account);
    // Who runs the platform runs its layers with no more trust than the function itself.
    if publisher.is_some_and(|(_, publisher)| publisher.starts_with("AWS ")) {
        return;
    }
    let finding = match publisher {
        Some((_, publisher)) => Finding::new(
            &RULE,
            layer.arn.span,
            format!("`{name}` runs the layer `{layer_name}` of {publisher}"),
        )
        .severity(Severity::Info)
        .fix(Fix::advice(
            "follow the publisher's releases, or build the layer's content into the package",
        )),
        None => Finding::new(
            &RULE,
            layer.arn.span,
            format!("`{name}` runs the layer `{layer_name}` of account {account}"),
        )
        .fix(Fix::advice("copy the layer into your own account after a look at it")),
    };
    let mut finding = finding
        .function(function)
        .when(function.condition.as_deref())
        .when(layer.when.as_deref())
        .cause(format!("{account}:{layer_name}"));
    if let Some(origin) = layer.arn.origin {
        finding = finding.label(origin, "the value comes from here");
    }
    sink.report(finding);
}

/// Accounts that are the application's own: those of the roles it writes out.
fn own_accounts(graph: &AppGraph) -> BTreeSet<String> {
    let roles = graph.functions.iter().flat_map(|function| function.role.known_values());
    let accounts = roles.filter_map(|said| {
        let account = said.value.literal()?.split(':').nth(4)?;
        is_account(account).then(|| account.to_owned())
    });
    accounts.collect()
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|letter| letter.is_ascii_digit())
}

/// Accounts that publish layers for all, with their owners.
///
/// Sources: the publishers' documentation pages on their layers.
const PUBLISHERS: [(&str, &str); 14] = [
    ("017000801446", "AWS (Powertools for Python)"),
    ("094274105915", "AWS (Powertools for TypeScript)"),
    ("580247275435", "AWS (Lambda Insights)"),
    ("027255383542", "AWS (AppConfig)"),
    ("066940009817", "AWS (AppConfig)"),
    ("177933569100", "AWS (Parameters and Secrets)"),
    ("336392948345", "AWS (SDK for pandas)"),
    ("901920570463", "AWS (Distro for OpenTelemetry)"),
    ("184161586896", "the OpenTelemetry project"),
    ("753240598075", "AWS (Lambda Web Adapter)"),
    ("464622532012", "Datadog"),
    ("451483290750", "New Relic"),
    ("943013980633", "Sentry"),
    ("725887861453", "Dynatrace"),
];
