use app_graph::{AppGraph, Function, Identity};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use profile::Profile;
use text::PartialText;

use crate::Facts;
use crate::account::{Account, Excess, ExcessKind, doubts_about};
use crate::rules::Check;

/// A role that allows more than its functions' code does.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "excess-permission",
    summary: "a role grants what its functions never use",
    explanation: "What a function may do and never does serves nobody but whoever takes it over. The code was followed from the \
        handler: each call of an API, on which resource, and what the platform itself needs. What the role grants beyond \
        that is listed, with what is needed of it.\n\n\
        `casemate permissions` shows each need with its line of code; `casemate fix` writes the least role. Where calls \
        could not be resolved the finding is of low confidence, and the role is not narrowed by itself.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[250, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &[],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    ],
    firing: include_str!("../../fixtures/excess-permission/firing.yaml"),
    clean: include_str!("../../fixtures/excess-permission/clean.yaml"),
};

/// Parts named in the message.
const NAMED: usize = 2;

/// Other places named beside the first.
const LABELS: usize = 8;

fn check(graph: &AppGraph, facts: &Facts<'_>, sink: &mut Sink) {
    for identity in &graph.identities {
        let users: Vec<(&Function, &Profile)> = facts
            .users_of(graph, identity)
            .filter_map(|(function, profile)| Some((function, profile?)))
            .collect();
        if users.is_empty() {
            continue;
        }
        let profiles: Vec<&Profile> = users.iter().map(|(_, profile)| *profile).collect();
        let mut account = Account::of_role(&facts.arns, identity, &profiles);
        account.excess.retain(|excess| !may_be_used(excess, &profiles));
        if account.excess.is_empty() {
            continue;
        }
        let not_read = users.iter().find(|(_, profile)| !profile.behaviour.is_read());
        if let Some((function, profile)) = not_read {
            for doubt in doubts_about(function, profile).iter().take(1) {
                sink.unknown(&RULE, &function.entity, "permissions needed", doubt);
            }
            continue;
        }
        report(identity, &users, &account, sink);
    }
}

/// Whether a call that could not be resolved may be the use: those of a service of which nothing
/// else is known.
fn may_be_used(excess: &Excess, profiles: &[&Profile]) -> bool {
    let is_unused = match &excess.kind {
        ExcessKind::Unused => true,
        ExcessKind::Resources { needed } => needed.is_empty(),
        ExcessKind::Actions { .. } | ExcessKind::NoAction => false,
    };
    let service = excess.action.split_once(':').map(|(service, _)| service);
    let mut needs = profiles.iter().flat_map(|profile| &profile.needs);
    let is_known = needs.any(|need| {
        let own = need.action.split(':').next();
        own.is_some_and(|own| service.is_some_and(|service| service.eq_ignore_ascii_case(own)))
    });
    is_unused
        && !is_known
        && profiles.iter().any(|profile| !profile.behaviour.unresolved.is_empty())
}

fn report(
    identity: &Identity,
    users: &[(&Function, &Profile)],
    account: &Account,
    sink: &mut Sink,
) {
    let mut excess: Vec<&Excess> = account.excess.iter().collect();
    excess.sort_by_key(|excess| std::cmp::Reverse(weight(excess)));
    let Some(first) = excess.first() else { return };
    let is_resolved = users.iter().all(|(_, profile)| profile.behaviour.unresolved.is_empty());
    let who = match users {
        [(function, _)] => format!("`{}`", function.entity.name),
        _ => format!("the {} functions that run as `{}`", users.len(), identity.entity.name),
    };
    let mut parts: Vec<String> = excess.iter().take(NAMED).map(|excess| brief(excess)).collect();
    if excess.len() > NAMED {
        parts.push(format!("{} more", excess.len() - NAMED));
    }
    let verb = if users.len() == 1 { "is" } else { "are" };
    let message = format!("{who} {verb} granted more than the code uses: {}", parts.join("; "));
    let mut finding = Finding::new(&RULE, first.span, message)
        .severity(if is_resolved { weight(first) } else { Severity::Low.min(weight(first)) })
        .confidence(if is_resolved { Confidence::High } else { Confidence::Low })
        .role(&identity.entity)
        .fix(Fix::advice("grant what the code uses: `casemate fix` writes it"));
    if let [(function, _)] = users {
        finding = finding.function(&function.entity);
    }
    for excess in excess.iter().take(LABELS) {
        finding = finding.label(excess.span, words(excess));
    }
    sink.report(finding);
}

/// A part of the excess in a few words, for the message.
fn brief(excess: &Excess) -> String {
    match &excess.kind {
        ExcessKind::Unused => format!("`{}` never called", excess.action),
        ExcessKind::NoAction => format!("`{}` is no action", excess.action),
        ExcessKind::Actions { needed, others } => {
            let all = needed.len() + others;
            format!("`{}` {} of {all} actions called", excess.action, needed.len())
        }
        ExcessKind::Resources { needed } if needed.is_empty() => {
            format!("{} never touched", listed(&excess.resources))
        }
        ExcessKind::Resources { .. } => {
            format!("{} wider than what is touched", listed(&excess.resources))
        }
    }
}

/// A part of the excess with what is needed of it, for its own place.
fn words(excess: &Excess) -> String {
    match &excess.kind {
        ExcessKind::Actions { needed, others } => {
            let needed: Vec<String> = needed.iter().map(|action| format!("`{action}`")).collect();
            format!("only {} called, not {others} others", needed.join(", "))
        }
        ExcessKind::Resources { needed } if !needed.is_empty() => {
            format!("only {} touched", listed(needed))
        }
        _ => brief(excess),
    }
}

/// The first of several ARNs, and how many more.
fn listed(items: &[PartialText]) -> String {
    match items {
        [] => "a resource that is not known".to_owned(),
        [one] => format!("`{one}`"),
        [first, rest @ ..] => format!("`{first}` and {} more", rest.len()),
    }
}

/// How much harm the excess allows: writing anywhere is more than writing in one place, and that is
/// more than reading.
fn weight(excess: &Excess) -> Severity {
    let is_everywhere = excess.resources.iter().any(|resource| resource.literal() == Some("*"));
    match (&excess.kind, is_everywhere) {
        // The actions are needed, only elsewhere.
        (ExcessKind::Resources { .. }, true) => Severity::Medium,
        (ExcessKind::Resources { .. }, false) => Severity::Low,
        (_, true) if excess.writes => Severity::High,
        (_, false) if excess.writes => Severity::Medium,
        _ => Severity::Low,
    }
}
