use app_graph::AppGraph;
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::Statement;
use iam::actions::{self, Access};

use crate::Facts;
use crate::guests::{Guest, Host, has_rights, of_functions, of_resources, of_roles};
use crate::principals::{Account, account_of, binds_callers, let_in};
use crate::rules::Check;

/// A policy that lets in an account named by its number.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "cross-account-access",
    summary: "a policy lets in another account without a further condition",
    explanation: "Every administrator of that account decides who of theirs gets in; where it belongs to a supplier, \
        any other customer may have the supplier use your role (the confused deputy).\n\n\
        Ask for an external id (`sts:ExternalId`) where a supplier assumes a role, bind the statement to \
        your organisation (`aws:PrincipalOrgID`), or name the one role that calls. If the number is your \
        own account's, write `${AWS::AccountId}` instead of it.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[441, 284],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["S3.6"],
    counterparts: &["CKV_AWS_60", "iam_role_cross_account_readonlyaccess_policy"],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ],
    firing: include_str!("../../fixtures/cross-account-access/firing.yaml"),
    clean: include_str!("../../fixtures/cross-account-access/clean.yaml"),
};

/// Accounts of the provider itself that deliver load balancers' logs, one a region.
///
/// Source: Elastic Load Balancing user guide, "Enable access logs", table of accounts by region.
const PROVIDERS_OWN: &[&str] = &[
    "127311923021",
    "033677994240",
    "027434742980",
    "797873946194",
    "098369216593",
    "754344448648",
    "589379963580",
    "718504428378",
    "383597477331",
    "600734575887",
    "114774131450",
    "783225319266",
    "582318560864",
    "985666609251",
    "054676820928",
    "156460612806",
    "652711504416",
    "635631232127",
    "009996457667",
    "897822967062",
    "076674570225",
    "507241528517",
    "048591011584",
    "190560391635",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for guest in of_roles(graph).chain(of_functions(graph)).chain(of_resources(graph)) {
        if binds_callers(guest.statement) {
            continue;
        }
        for principal in let_in(guest.statement) {
            let account = match account_of(principal) {
                Some(Account::Numbered(account)) => account,
                Some(Account::Undecided(unknown)) => {
                    let host = guest.host.entity();
                    sink.unknown(&RULE, host, "account of a principal", &unknown);
                    continue;
                }
                None => continue,
            };
            if PROVIDERS_OWN.contains(&account.as_str()) {
                continue;
            }
            let text = principal.value.value.to_string();
            // A whole account, and not one role or user of it.
            let is_whole = text == account || text.ends_with(":root");
            // No more can be asked of a permission than to name who calls.
            if !is_whole && matches!(guest.host, Host::Function(_)) {
                continue;
            }
            let (verb, host) = (verb(&guest), guest.host.entity());
            let who = if is_whole { format!("account {account}") } else { format!("`{text}`") };
            let word = guest.host.word();
            let message = format!("{who} may {verb} the {word} `{}`", host.name);
            let finding = Finding::new(&RULE, principal.value.span, message)
                .severity(severity(&guest, is_whole))
                .confidence(Confidence::Medium)
                .cause(text)
                .fix(Fix::advice(advice(&guest, is_whole)));
            sink.report(guest.concern(graph, finding));
        }
    }
}

/// What narrows the statement; only who assumes a role can show an external id.
fn advice(guest: &Guest<'_>, is_whole: bool) -> &'static str {
    match (guest.host, is_whole) {
        (Host::Role(_), true) => {
            "ask for an external id or your organisation, or name the one role that calls"
        }
        (Host::Role(_), false) => "ask for an external id or your organisation",
        (_, true) => "ask for your organisation, or name the one role that calls",
        (_, false) => "ask for your organisation",
    }
}

fn verb(guest: &Guest<'_>) -> &'static str {
    match guest.host {
        Host::Role(_) => "assume",
        Host::Function(_) => "invoke",
        Host::Resource(..) if changes(guest.statement) => "change",
        Host::Resource(..) => "read",
    }
}

fn severity(guest: &Guest<'_>, is_whole: bool) -> Severity {
    let harms = match guest.host {
        Host::Role(identity) => has_rights(identity),
        Host::Function(_) => true,
        Host::Resource(..) => changes(guest.statement),
    };
    match (harms, is_whole) {
        (true, true) => Severity::High,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    }
}

fn changes(statement: &Statement) -> bool {
    let writes = |access: Access| matches!(access, Access::Write | Access::PermissionsManagement);
    statement.actions.literals().any(|(action, _)| {
        action == "*" || actions::matching(action).any(|(_, action)| writes(action.access()))
    })
}
