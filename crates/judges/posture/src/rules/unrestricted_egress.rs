use app_graph::{AppGraph, Function, Network, Resource, ResourceKind, TrafficRule};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::{Reference, Span, Unknown};

use crate::Facts;
use crate::rules::Check;

/// A function in a private network from which anything may leave.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "unrestricted-egress",
    summary: "a function in a private network may connect to any host",
    explanation: "A function is put into a private network because of the data there. If its code or \
        one of its packages turns bad, outgoing traffic to every address lets it carry that \
        data out. A network that the templates declare with no way out of it needs no such \
        limit.\n\n\
        Allow the ports and networks that it needs: the database, and endpoints of the \
        services it calls.",
    family: Family::Function,
    severity: Severity::Low,
    cwe: &[923, 1327],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["CKV_AWS_382"],
    references: &[
        "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
    ],
    firing: include_str!("../../fixtures/unrestricted-egress/firing.yaml"),
    clean: include_str!("../../fixtures/unrestricted-egress/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for resource in &graph.resources {
        let ResourceKind::SecurityGroup(group) = &resource.kind else { continue };
        if group.cut_off {
            continue;
        }
        let users: Vec<&Function> =
            graph.functions.iter().filter(|function| is_in(function, resource)).collect();
        let Some(first) = users.first() else { continue };
        let spans: Vec<Span> = match &group.egress {
            None => vec![resource.entity.said],
            Some(rules) => rules.iter().filter_map(open_span).take(1).collect(),
        };
        let entity = &resource.entity;
        for span in spans {
            let who = match users.len() {
                1 => format!("`{}`", first.entity.name),
                count => format!("{count} functions"),
            };
            let mut finding = Finding::new(
                &RULE,
                span,
                format!("`{}` lets {who} connect to any host", entity.name),
            )
            .resource(entity)
            .when(entity.condition.as_deref())
            .label(first.entity.said, "runs in this group")
            .fix(Fix::advice("allow only the networks and ports that the function needs"));
            if users.len() == 1 {
                finding = finding.function(&first.entity);
            }
            sink.report(finding);
        }
    }
    for function in &graph.functions {
        note_outside(graph, function, sink);
    }
}

/// Notes the groups of a function whose rules are not in the template.
fn note_outside(graph: &AppGraph, function: &Function, sink: &mut Sink) {
    let is_declared = |reference: &Reference| {
        let resource = graph.resource(&reference.entity);
        resource.is_some_and(|found| matches!(found.kind, ResourceKind::SecurityGroup(_)))
    };
    let networks = function.network.known_values();
    for said in networks.flat_map(|network| &network.value.security_groups) {
        if !said.value.references().any(is_declared) {
            let why = match said.value.unknown_reason() {
                Some(why) => why.to_owned(),
                None => format!("the rules of `{}` are not declared here", said.value),
            };
            let unknown = Unknown::new(why, said.span);
            sink.unknown(&RULE, &function.entity, "security group", &unknown);
        }
    }
}

fn is_in(function: &Function, group: &Resource) -> bool {
    let refers = |network: &Network| {
        let groups = network.security_groups.iter();
        let mut references = groups.flat_map(|said| said.value.references());
        references.any(|reference| reference.entity == group.entity.id)
    };
    function.network.any(refers)
}

/// Where a rule opens every port to every address.
fn open_span(rule: &TrafficRule) -> Option<Span> {
    let every_protocol = rule.protocol.any(|protocol| matches!(protocol.as_str(), "-1" | "all"));
    let every_port =
        rule.from_port.any(|port| *port <= 1) && rule.to_port.any(|port| *port >= 65_535);
    let anywhere = rule
        .peers
        .iter()
        .find(|peer| matches!(peer.value.literal(), Some("0.0.0.0/0" | "::/0")))?;
    (every_protocol || every_port).then_some(anywhere.span)
}
