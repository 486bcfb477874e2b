use app_graph::{AppGraph, Attached};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::{Listing, Statement, actions};
use text::{PartialText, Said, Unknown};

use crate::Facts;
use crate::holders::{Holder, holders, wholly_unknown};
use crate::reach::{Reach, reach};
use crate::rules::Check;

/// A statement that allows every action, or every action of a service.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "wildcard-actions",
    summary: "a policy allows every action of a service",
    explanation: "`dynamodb:*` does not only read and write: it deletes tables, changes who may reach them, \
        and takes in every action that the service will ever get. Whoever makes the function run code of \
        theirs may do all of that. `*` as action on `*` as resource is an administrator.\n\n\
        List the actions that the code calls. `NotAction` in a statement that allows is the same fault: it \
        allows everything that was not thought of.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[250, 732],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &["IAM.1", "IAM.21"],
    counterparts: &[
        "CKV_AWS_1",
        "CKV_AWS_49",
        "CKV_AWS_62",
        "CKV_AWS_63",
        "AwsSolutions-IAM5",
        "iam_inline_policy_no_administrative_privileges",
        "iam_customer_attached_policy_no_administrative_privileges",
        "iam_inline_policy_no_full_access_to_kms",
        "iam_inline_policy_no_full_access_to_cloudtrail",
    ],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
    ],
    firing: include_str!("../../fixtures/wildcard-actions/firing.yaml"),
    clean: include_str!("../../fixtures/wildcard-actions/clean.yaml"),
};

/// Services whose whole set of actions lets its holder become someone else, or run other code.
const POWERFUL: &[&str] = &[
    "cloudformation",
    "ec2",
    "ecs",
    "iam",
    "kms",
    "lambda",
    "organizations",
    "s3",
    "secretsmanager",
    "ssm",
    "sts",
];

/// Services of which every action together harms little but the view on the system itself.
const MILD: &[&str] =
    &["cloudwatch", "logs", "xray", "rekognition", "textract", "polly", "translate"];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        for (attached, statement) in holder.written_grants() {
            judge_statement(graph, &holder, attached, statement, sink);
        }
        for unknown in
            holder.identity.attached.iter().flat_map(|attached| &attached.policy.unknowns)
        {
            sink.unknown(&RULE, &holder.identity.entity, "policy", unknown);
        }
    }
}

fn judge_statement(
    graph: &AppGraph,
    holder: &Holder<'_>,
    attached: &Attached,
    statement: &Statement,
    sink: &mut Sink,
) {
    for unknown in &statement.actions.unknowns {
        sink.unknown(&RULE, &holder.identity.entity, "action", unknown);
    }
    let resources = resources_in_words(statement);
    for said in &statement.actions.patterns {
        if let Some(unknown) = wholly_unknown(said) {
            sink.unknown(&RULE, &holder.identity.entity, "action", &unknown);
        }
        let Some((span, what)) = fault(statement, said) else { continue };
        let literal = said.value.literal();
        if literal.is_some_and(|action| holder.denies(action)) {
            continue;
        }
        if let Some(service) = literal.and_then(|action| action.strip_suffix(":*"))
            && service != "*"
            && !actions::is_service(service)
        {
            let why = format!("no service is known whose actions begin with `{service}:`");
            let unknown = Unknown::new(why, said.span);
            sink.unknown(&RULE, &holder.identity.entity, "action", &unknown);
            continue;
        }
        let message = format!("`{}` allows {what} on {resources}", holder.name());
        let finding = Finding::new(&RULE, span, message)
            .severity(severity(graph, holder, statement, said))
            .cause(format!("{} on {resources}", said.value))
            .fix(Fix::advice("list the actions that the code calls"));
        sink.report(holder.concern_statement(attached, statement, finding));
        if statement.actions.listing == Listing::AllExcept {
            break;
        }
    }
}

/// The place and the words for what is allowed too widely, if anything is.
fn fault(statement: &Statement, said: &Said<PartialText>) -> Option<(text::Span, String)> {
    if statement.actions.listing == Listing::AllExcept {
        let rest: Vec<_> =
            statement.actions.patterns.iter().map(|said| format!("`{}`", said.value)).collect();
        return Some((said.span, format!("every action except {}", rest.join(", "))));
    }
    match said.value.literal()? {
        "*" | "*:*" => Some((said.span, "every action of every service".to_owned())),
        action => {
            let service = action.strip_suffix(":*")?;
            Some((said.span, format!("every action of {service} (`{action}`)")))
        }
    }
}

fn severity(
    graph: &AppGraph,
    holder: &Holder<'_>,
    statement: &Statement,
    said: &Said<PartialText>,
) -> Severity {
    let is_wide = statement.resources.listing == Listing::AllExcept
        || statement.resources.patterns.iter().any(|said| reach(&said.value) != Reach::Named);
    let action = said.value.literal().map(str::to_ascii_lowercase);
    let service = action.as_deref().and_then(|action| action.strip_suffix(":*"));
    let is_all = !matches!(service, Some(service) if service != "*");
    let is_conditional = !statement.conditions.is_empty();
    match service {
        _ if statement.actions.listing == Listing::AllExcept || is_all => {
            match (is_wide && !is_conditional, holder.is_open_to_strangers(graph)) {
                (true, true) => Severity::Critical,
                (true, false) => Severity::High,
                _ => Severity::Medium,
            }
        }
        Some(service) if MILD.contains(&service) => Severity::Low,
        Some(service) if is_wide && !is_conditional && POWERFUL.contains(&service) => {
            Severity::High
        }
        _ if is_wide && !is_conditional && holder.is_open_to_strangers(graph) => Severity::High,
        _ => Severity::Medium,
    }
}

fn resources_in_words(statement: &Statement) -> String {
    let patterns = &statement.resources.patterns;
    match (statement.resources.listing, patterns.as_slice()) {
        (Listing::AllExcept, _) => "every resource but some".to_owned(),
        (_, []) => "resources that are not known".to_owned(),
        (_, patterns) if patterns.iter().any(|said| reach(&said.value) == Reach::Everything) => {
            "every resource".to_owned()
        }
        (_, [only]) => format!("`{}`", only.value),
        (_, [first, rest @ ..]) => format!("`{}` and {} more", first.value, rest.len()),
    }
}
