use std::collections::{BTreeMap, BTreeSet, VecDeque};

use app_graph::{AppGraph, Function};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::loops::{Hop, hops};
use crate::rules::Check;

/// A loop through what a function writes.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "self-triggering-function",
    summary: "a function may write to what starts it",
    explanation: "Each run starts the next one, without end: the bill grows by the second until \
        somebody notices, and a stranger who can send one event sets it off. AWS stops some \
        such loops after 16 rounds, through queues, topics and buckets only.\n\n\
        Write to another bucket, queue or table, or keep what goes in and out apart by a \
        prefix in the trigger's filter and in the policy.",
    family: Family::Function,
    severity: Severity::High,
    cwe: &[835, 674],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &[],
    references: &["https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html"],
    firing: include_str!("../../fixtures/self-triggering-function/firing.yaml"),
    clean: include_str!("../../fixtures/self-triggering-function/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    let hops = hops(graph);
    let mut edges: BTreeMap<usize, Vec<&Hop<'_>>> = BTreeMap::new();
    for hop in &hops {
        edges.entry(hop.from).or_default().push(hop);
    }
    for (start, function) in graph.functions.iter().enumerate() {
        let Some(cycle) = shortest_cycle(&edges, start) else { continue };
        // A cycle of several functions is told once, at its first.
        if cycle.iter().any(|hop| hop.from < start) {
            continue;
        }
        sink.report(tell(graph, function, &cycle));
    }
}

fn tell(graph: &AppGraph, function: &Function, cycle: &[&Hop<'_>]) -> Finding {
    let name = &function.entity.name;
    let invokes_itself = cycle.iter().all(|hop| hop.through == *name);
    let way: Vec<String> = cycle
        .iter()
        .map(|hop| {
            let next = graph.functions.get(hop.to).map_or("", |next| next.entity.name.as_str());
            format!("`{}` → `{next}`", hop.through)
        })
        .collect();
    let message = match invokes_itself {
        true => format!("`{name}` may start itself: it may invoke itself"),
        false => format!("`{name}` may start itself: {}", way.join(" → ")),
    };
    let sure = cycle.iter().all(|hop| hop.confidence == Confidence::High);
    let confidence = cycle.iter().map(|hop| hop.confidence).min().unwrap_or(Confidence::Low);
    let span = cycle.first().map_or(function.entity.said, |hop| hop.written);
    let mut finding = Finding::new(&RULE, span, message)
        .severity(match confidence {
            Confidence::High => Severity::High,
            Confidence::Medium => Severity::Medium,
            Confidence::Low => Severity::Low,
        })
        .confidence(confidence)
        .function(&function.entity)
        .when(function.entity.condition.as_deref())
        .cause(cycle.iter().map(|hop| hop.through).collect::<Vec<_>>().join(" "))
        .fix(Fix::advice(if invokes_itself {
            "take the right to invoke itself from the role, or see that the calls end"
        } else if sure {
            "write elsewhere, or keep input and output apart by prefixes in the trigger and the policy"
        } else {
            "narrow the trigger's filter and the policy until the two cannot meet"
        }));
    if let Some(identity) = cycle.first().and_then(|hop| hop.identity) {
        finding = finding.role(&identity.entity);
    }
    for hop in cycle {
        finding = finding
            .when(hop.condition)
            .label(hop.triggers, format!("`{}` starts a function here", hop.through));
    }
    finding
}

/// The shortest way from a function back to itself.
fn shortest_cycle<'a, 'graph>(
    edges: &BTreeMap<usize, Vec<&'a Hop<'graph>>>,
    start: usize,
) -> Option<Vec<&'a Hop<'graph>>> {
    let mut ways: VecDeque<Vec<&'a Hop<'graph>>> = VecDeque::from([vec![]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        let here = way.last().map_or(start, |hop| hop.to);
        for hop in edges.get(&here).into_iter().flatten() {
            let mut longer = way.clone();
            longer.push(hop);
            if hop.to == start {
                return Some(longer);
            }
            if seen.insert(hop.to) {
                ways.push_back(longer);
            }
        }
    }
    None
}
