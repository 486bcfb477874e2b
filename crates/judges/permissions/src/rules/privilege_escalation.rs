use app_graph::{AppGraph, IdentityKind};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use text::Unknown;

use crate::Facts;
use crate::escalation::holders::{Boundary, Holder, World, holders};
use crate::escalation::paths::{Gain, Path, Target, Ways, chain, ways};
use crate::escalation::techniques::Kind;
use crate::escalation::words;
use crate::rules::Check;

/// An identity that can get more rights than its policies give it.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "privilege-escalation",
    summary: "an identity can give itself more rights than it has",
    explanation: "Who may attach a policy to its own role, pass a strong role to something it starts, or replace \
        the code of a function that may do more, has all that in its hands already. What an identity can \
        do is judged by its policies together: what one allows another may deny, a boundary may take away, \
        and a condition may rule out. Roles, users and functions of the same templates are compared by \
        their own rights; what leads to nothing new is no finding, nor is an administrator.\n\n\
        Take the named action away, or narrow it to the one role, function or policy that it is for. \
        Where a role must be passed, name it, and the service with the condition `iam:PassedToService`.",
    family: Family::Identity,
    severity: Severity::High,
    cwe: &[269],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &[
        "CKV_AWS_110",
        "CKV_AWS_286",
        "iam_policy_allows_privilege_escalation",
        "iam_inline_policy_allows_privilege_escalation",
    ],
    references: &[
        "https://pathfinding.cloud",
        "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
        "https://bishopfox.com/blog/privilege-escalation-in-aws",
    ],
    firing: include_str!("../../fixtures/privilege-escalation/firing.yaml"),
    clean: include_str!("../../fixtures/privilege-escalation/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts<'_>, sink: &mut Sink) {
    let world = World::new(graph);
    let holders = holders(graph);
    let all = ways(graph, &world, &holders);
    for (at, (holder, ways)) in holders.iter().zip(&all).enumerate() {
        if holder.is_frameworks() {
            continue;
        }
        note_unknowns(holder, ways, sink);
        let mut paths: Vec<Path<'_>> = ways.paths.clone();
        paths.retain(|path| path.gain > Gain::Intended);
        if paths.iter().all(|path| path.gain != Gain::Administrator) {
            paths.extend(chain(&all, at));
        }
        match &holder.boundary {
            Boundary::Unknown(unknown) if !paths.is_empty() => {
                sink.unknown(&RULE, &holder.identity.entity, "permissions boundary", unknown);
            }
            _ => report(&holders, holder, paths, sink),
        }
    }
}

/// Reports the ways one finding for each grant that is to be taken away.
fn report(holders: &[Holder<'_>], holder: &Holder<'_>, mut paths: Vec<Path<'_>>, sink: &mut Sink) {
    paths.sort_by(|first, second| second.gain.cmp(&first.gain));
    while let Some(first) = paths.first().cloned() {
        let Some((_, grant)) = first.steps.first() else { return };
        let place = |path: &Path<'_>| path.steps.first().map(|(_, grant)| grant.action);
        let (same, others): (Vec<_>, Vec<_>) =
            paths.into_iter().partition(|path| place(path) == Some(grant.action));
        paths = others;
        let mut message = words::message(holders, holder, &first);
        message.push_str(&words::others(&same));
        let mut ids: Vec<&str> = same.iter().map(|path| path.technique.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut finding = Finding::new(&RULE, grant.action, message)
            .severity(severity(&first))
            .confidence(confidence(&first))
            .cause(ids.join(" "))
            .reference(&first.technique.source)
            .fix(Fix::advice(words::advice(holders, holder, &first)));
        for (action, grant) in first.steps.iter().skip(1) {
            finding = finding.label(grant.action, format!("`{action}` is needed too"));
        }
        for (_, grant) in &first.steps {
            finding = finding.when(grant.statement.when.as_deref());
        }
        sink.report(concern(holder, finding));
    }
}

fn severity(path: &Path<'_>) -> Severity {
    let is_workload = matches!(path.technique.target, Kind::Workload | Kind::Function);
    match path.gain {
        Gain::Administrator => Severity::High,
        Gain::Undeclared if !is_workload => Severity::High,
        _ => Severity::Medium,
    }
}

fn confidence(path: &Path<'_>) -> Confidence {
    let is_sure = path.steps.iter().all(|(_, grant)| grant.is_sure);
    match (is_sure, path.target) {
        (true, Target::Own | Target::Holder(..)) => Confidence::High,
        (true, Target::Any) => Confidence::Medium,
        (false, Target::Own | Target::Holder(..)) => Confidence::Medium,
        (false, Target::Any) => Confidence::Low,
    }
}

/// Names the subjects and conditions of a finding.
fn concern(holder: &Holder<'_>, finding: Finding) -> Finding {
    let entity = &holder.identity.entity;
    let finding = match holder.identity.kind {
        IdentityKind::Policy => finding.resource(entity),
        _ => finding.role(entity),
    };
    let finding = finding.when(entity.condition.as_deref());
    match holder.functions.as_slice() {
        [only] => finding.function(&only.entity),
        _ => finding,
    }
}

/// What nobody knows about the holder's rights, and about those it might gain.
fn note_unknowns(holder: &Holder<'_>, ways: &Ways<'_>, sink: &mut Sink) {
    let entity = &holder.identity.entity;
    for attached in &holder.identity.attached {
        for unknown in &attached.policy.unknowns {
            sink.unknown(&RULE, entity, "policy", unknown);
        }
        for unknown in attached.policy.statements.iter().flat_map(|it| &it.actions.unknowns) {
            sink.unknown(&RULE, entity, "action", unknown);
        }
    }
    for outside in &ways.outside {
        let why = format!("what `{}` leads to is not declared here", outside.action);
        sink.unknown(&RULE, entity, "target", &Unknown::new(why, outside.span));
    }
}
