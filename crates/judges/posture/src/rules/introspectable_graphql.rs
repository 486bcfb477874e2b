use app_graph::{AppGraph, ResourceKind};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Settled;

use crate::rules::Check;
use crate::{Facts, edit};

/// A GraphQL API that tells its schema.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "introspectable-graphql",
    summary: "a GraphQL API tells callers its whole schema",
    explanation: "Introspection, which is on unless switched off, lists every type, query and mutation: a map of the \
        application for whoever looks for a weak place.\n\n\
        Switch it off in production; tools can read the schema from the source.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[200],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/appsync/latest/devguide/graphql-introspection.html"],
    firing: include_str!("../../fixtures/introspectable-graphql/firing.yaml"),
    clean: include_str!("../../fixtures/introspectable-graphql/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::GraphqlApi(api) = &resource.kind else { continue };
        if api.private.any(|private| *private) {
            continue;
        }
        let entity = &resource.entity;
        for case in api.introspection.cases() {
            let (span, edit) = match case.value {
                Settled::Known(said) if !said.value => continue,
                Settled::Known(said) => (said.span, None),
                Settled::Unset => {
                    (entity.said, edit::add_property(entity, "IntrospectionConfig", "\"DISABLED\""))
                }
                Settled::Unknown(unknown) => {
                    sink.unknown(&RULE, entity, "introspection", unknown);
                    continue;
                }
            };
            let message = format!("`{}` tells callers its whole schema", entity.name);
            let finding = Finding::new(&RULE, span, message)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::maybe("set `IntrospectionConfig` to `DISABLED`", edit));
            sink.report(finding);
        }
    }
}
