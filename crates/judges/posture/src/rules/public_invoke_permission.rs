use app_graph::{AppGraph, Function, UrlAuth};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::Statement;

use crate::Facts;
use crate::guests::of_functions;
use crate::principals::{binds_callers, let_in, undecided};
use crate::rules::Check;

/// A permission that lets everyone invoke a function.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "public-invoke-permission",
    summary: "a permission lets anyone invoke a function",
    explanation: "The principal `*` is every account of the cloud: anyone with an account of their own can invoke the \
        function with an event of their choice, past the API and its authorizers, and you pay for it.\n\n\
        Name the principal that really calls, or bind the permission to your organisation \
        (`PrincipalOrgID`) or to a source ARN. The open permission of a function URL without \
        authentication is reported as public-function-url.",
    family: Family::Identity,
    severity: Severity::Critical,
    cwe: &[284, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["Lambda.1"],
    counterparts: &["CKV_AWS_301", "awslambda_function_not_publicly_accessible"],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html",
    ],
    firing: include_str!("../../fixtures/public-invoke-permission/firing.yaml"),
    clean: include_str!("../../fixtures/public-invoke-permission/clean.yaml"),
};

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for guest in of_functions(graph) {
        let crate::guests::Host::Function(function) = guest.host else { continue };
        if binds_callers(guest.statement) || belongs_to_open_url(function, guest.statement) {
            continue;
        }
        for unknown in let_in(guest.statement).iter().filter_map(undecided) {
            sink.unknown(&RULE, &function.entity, "principal of a permission", &unknown);
        }
        let Some(everyone) =
            let_in(guest.statement).iter().find(|principal| principal.is_everyone())
        else {
            continue;
        };
        let signed = asks_for(guest.statement, "lambda:functionurlauthtype", "AWS_IAM");
        let (severity, who) = match signed {
            true => (Severity::High, "anyone with a cloud account may call the URL of"),
            false => (Severity::Critical, "anyone may invoke"),
        };
        let finding =
            Finding::new(&RULE, everyone.value.span, format!("{who} `{}`", function.entity.name))
                .severity(severity)
                .cause("everyone")
                .fix(Fix::advice(
                    "name the principal that calls, or bind the permission with `PrincipalOrgID`",
                ));
        sink.report(guest.concern(graph, finding));
    }
}

/// Whether this is the permission that an open function URL needs: one fault, reported there.
fn belongs_to_open_url(function: &Function, statement: &Statement) -> bool {
    let is_url_open =
        function.url.as_ref().is_some_and(|url| url.auth.any(|auth| *auth == UrlAuth::Anyone));
    let speaks_of_url = asks_for(statement, "lambda:functionurlauthtype", "NONE")
        || asks_for(statement, "lambda:invokedviafunctionurl", "true");
    is_url_open && speaks_of_url
}

fn asks_for(statement: &Statement, key: &str, value: &str) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.key.eq_ignore_ascii_case(key)
            && condition.values.iter().any(|said| {
                said.value.literal().is_some_and(|literal| literal.eq_ignore_ascii_case(value))
            })
    })
}
