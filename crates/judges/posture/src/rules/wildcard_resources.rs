use app_graph::{AppGraph, Attached};
use finding::{Confidence, Family, Finding, Fix, Owasp, Rule, Severity, Sink};
use iam::Listing;
use iam::Principals;
use iam::Statement;
use iam::actions::{self, Access, Action, Scope};

use text::PartialText;

use crate::Facts;
use crate::holders::{Holder, holders, wholly_unknown};
use crate::reach::{Reach, reach};
use crate::rules::Check;

/// A statement on every resource for an action that can be narrowed.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "wildcard-resources",
    summary: "a policy allows an action on every resource although it can be narrowed",
    explanation: "The function needs one table and may change every table of the account, also those of other \
        applications. Only actions that can name a resource are reported: `s3:ListAllMyBuckets` cannot.\n\n\
        Name the resource: a reference to it in the same template, or its ARN. Where the resource is not \
        known before, a condition such as `aws:ResourceTag` narrows as well.",
    family: Family::Identity,
    severity: Severity::Medium,
    cwe: &[732, 250],
    owasp: Owasp::BrokenAccessControl,
    security_hub: &[],
    counterparts: &[
        "CKV_AWS_355",
        "CKV_AWS_356",
        "CKV_AWS_111",
        "CKV_AWS_290",
        "CKV_AWS_108",
        "CKV_AWS_288",
        "CKV_AWS_107",
        "CKV_AWS_287",
        "CKV_AWS_109",
        "CKV_AWS_289",
        "AwsSolutions-IAM5",
    ],
    references: &[
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
        "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html",
    ],
    firing: include_str!("../../fixtures/wildcard-resources/firing.yaml"),
    clean: include_str!("../../fixtures/wildcard-resources/clean.yaml"),
};

/// Actions on network interfaces, which a function in a private network needs before their ids exist.
///
/// Source: AWS Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
const INTERFACE_ACTIONS: &[&str] = &[
    "ec2:createnetworkinterface",
    "ec2:deletenetworkinterface",
    "ec2:assignprivateipaddresses",
    "ec2:unassignprivateipaddresses",
    "ec2:detachnetworkinterface",
];

/// Services whose calls name a resource only now and then, so that `*` is what everyone needs.
const SELDOM_NAMED: &[&str] = &[
    "cloudwatch",
    "comprehend",
    "comprehendmedical",
    "polly",
    "rekognition",
    "textract",
    "transcribe",
    "translate",
    "xray",
];

/// Services whose every resource together harms little.
const MILD: &[&str] = &["bedrock", "logs", "ses"];

/// Kinds of resource whose name is known before deployment, so that an ARN pattern for all of them
/// is a choice: service and first word of the ARN's last part. `*` takes in every kind.
const NAMED_BEFORE: &[(&str, &str)] = &[
    ("appsync", "apis"),
    ("cognito-idp", "userpool"),
    ("dynamodb", "table"),
    ("events", "event-bus"),
    ("firehose", "deliverystream"),
    ("iam", "policy"),
    ("iam", "role"),
    ("iam", "user"),
    ("kinesis", "stream"),
    ("kms", "key"),
    ("lambda", "function"),
    ("secretsmanager", "secret"),
    ("ssm", "parameter"),
    ("states", "stateMachine"),
];

/// Beginnings of condition keys (lower case) that narrow the resource in place of `Resource`.
const NARROWING_KEYS: &[&str] = &[
    "aws:resourceaccount",
    "aws:resourceorg",
    "aws:resourcetag/",
    "dynamodb:leadingkeys",
    "ec2:resourcetag/",
    "ecs:cluster",
    "iam:awsservicename",
    "iam:policyarn",
    "iam:resourcetag/",
    "kms:encryptioncontext",
    "kms:resourcealiases",
    "kms:viaservice",
    "s3:existingobjecttag/",
    "secretsmanager:resourcetag/",
    "ses:fromaddress",
    "ssm:resourcetag/",
];

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for holder in holders(graph) {
        for (attached, statement) in holder.written_grants() {
            judge_statement(graph, &holder, attached, statement, sink);
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
    if statement.actions.listing == Listing::AllExcept || is_narrowed(statement) {
        return;
    }
    let mut concerned = narrowable_actions(statement);
    if serves(holder, "cognito-idp.amazonaws.com") {
        concerned.retain(|concern| !concern.name.eq_ignore_ascii_case("sns:publish"));
    }
    if serves(holder, "apigateway.amazonaws.com") {
        concerned.retain(|concern| concern.service() != "logs");
    }
    concerned.retain(|concern| !holder.denies(&concern.name));
    if concerned.is_empty() {
        return;
    }
    for unknown in &statement.resources.unknowns {
        sink.unknown(&RULE, &holder.identity.entity, "resource", unknown);
    }
    let is_negated = statement.resources.listing == Listing::AllExcept;
    let mut reported: Vec<String> = Vec::new();
    for said in &statement.resources.patterns {
        if let Some(unknown) = wholly_unknown(said) {
            sink.unknown(&RULE, &holder.identity.entity, "resource", &unknown);
            continue;
        }
        let reach = if is_negated { Reach::Everything } else { reach(&said.value) };
        if reach == Reach::Named {
            continue;
        }
        let kind = kind(&said.value);
        let mut reached: Vec<&Concern> = concerned
            .iter()
            .filter(|concern| match (reach, &kind) {
                (Reach::Everything, _) => true,
                (_, Some(service)) => *service == concern.arn_service() && !concern.is_mild(),
                _ => false,
            })
            .collect();
        // A table's indexes beside the table are no second fault.
        if kind.as_ref().is_some_and(|service| reported.contains(service)) {
            continue;
        }
        // The worst comes first, because only that one is named.
        reached.sort_by_key(|concern| {
            (!concern.takes_over(), !concern.harms(), concern.access != Access::Write)
        });
        let [first, rest @ ..] = reached.as_slice() else { continue };
        let more =
            if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        let on = match (is_negated, reach) {
            (true, _) => "every resource but those listed".to_owned(),
            (_, Reach::Everything) => "every resource".to_owned(),
            _ => format!("all of `{}`", said.value),
        };
        let message = format!("`{}` may call `{}`{more} on {on}", holder.name(), first.name);
        let names: Vec<&str> = reached.iter().map(|concern| concern.name.as_str()).collect();
        let confidence =
            if statement.conditions.is_empty() { Confidence::High } else { Confidence::Medium };
        let finding = Finding::new(&RULE, said.span, message)
            .severity(severity(graph, holder, &reached))
            .confidence(confidence)
            .cause(format!("{} on {}", names.join(", "), said.value))
            .fix(Fix::advice(format!("name the resource that `{}` is called on", first.name)));
        sink.report(holder.concern_statement(attached, statement, finding));
        if reach == Reach::Everything {
            return;
        }
        reported.extend(kind);
    }
}

/// Whether a service runs as this role whose documented policy needs every resource: a user pool
/// publishes to telephone numbers, which have no ARN; API Gateway writes all logs of the account.
///
/// Sources: Amazon Cognito developer guide, "SMS message settings for Amazon Cognito user pools";
/// AWS managed policy reference guide, "AmazonAPIGatewayPushToCloudWatchLogs".
fn serves(holder: &Holder<'_>, service: &str) -> bool {
    let statements = holder.identity.trust.iter().flat_map(|trust| &trust.statements);
    statements.into_iter().any(|statement| match &statement.principals {
        Principals::Only(principals) => {
            principals.iter().any(|principal| principal.value.value.literal() == Some(service))
        }
        _ => false,
    })
}

/// An action, as the statement writes it, that could name its resource.
struct Concern {
    name: String,
    access: Access,
}

impl Concern {
    fn service(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }

    /// The service as ARNs name it.
    fn arn_service(&self) -> &str {
        match self.service() {
            "kafka-cluster" => "kafka",
            "rds-data" => "rds",
            service => service,
        }
    }

    fn is_mild(&self) -> bool {
        // A model that is called is nothing; one that is deleted or paid for is.
        let changes_models = self.service() == "bedrock" && self.access == Access::Write;
        MILD.contains(&self.service()) && !changes_models
    }

    /// Whether it leads to the rights of someone else.
    fn takes_over(&self) -> bool {
        let changes = !matches!(self.access, Access::List | Access::Read);
        match self.service() {
            "iam" | "sts" => changes,
            "secretsmanager" => !matches!(self.access, Access::List) && !self.reads_metadata(),
            _ => {
                self.access == Access::PermissionsManagement
                    || self.name.starts_with("lambda:Update")
            }
        }
    }

    fn harms(&self) -> bool {
        !matches!(self.access, Access::List | Access::Tagging)
            && !self.is_mild()
            && !self.reads_metadata()
    }

    /// Whether it tells how a resource is set up, and nothing of what is in it.
    fn reads_metadata(&self) -> bool {
        let action = self.name.split(':').nth(1).unwrap_or_default();
        let begins = ["Describe", "ListTags", "GetBucketLocation", "GetSigningCertificate"];
        self.access == Access::Read && begins.iter().any(|start| action.starts_with(start))
    }
}

/// The service of an ARN pattern that leaves open which resource of a kind is meant, where the
/// resource could have been named.
fn kind(pattern: &PartialText) -> Option<String> {
    let text = pattern.with_holes("?");
    let arn = iam::arn::Arn::parse(&text)?;
    let first = arn.resource.split([':', '/']).next().unwrap_or_default();
    let is_named_before = first.starts_with('*') || NAMED_BEFORE.contains(&(arn.service, first));
    is_named_before.then(|| arn.service.to_owned())
}

fn narrowable_actions(statement: &Statement) -> Vec<Concern> {
    let mut concerned = Vec::new();
    for (name, _) in statement.actions.literals() {
        // Whole services are what wildcard-actions reports.
        // Passing roles has a rule of its own.
        if name == "*" || name.ends_with(":*") || name.eq_ignore_ascii_case("iam:PassRole") {
            continue;
        }
        let action = if iam::pattern::has_wildcard(name) {
            actions::matching(name)
                .filter(|(name, action)| is_narrowable(name, *action))
                .map(|(_, action)| action)
                .max_by_key(|action| action.access())
        } else {
            actions::lookup(name).filter(|action| is_narrowable(name, *action))
        };
        if let Some(action) = action {
            concerned.push(Concern { name: name.to_owned(), access: action.access() });
        }
    }
    concerned
}

/// Writing logs on every resource is what the platform's own `AWSLambdaBasicExecutionRole` allows,
/// and what delivery of logs by a service asks for.
///
/// Source: AWS managed policy reference guide; Amazon CloudWatch Logs user guide, "Enable logging
/// from AWS services".
const LOG_WRITING: &[&str] = &["logs:createloggroup", "logs:createlogstream", "logs:putlogevents"];

fn is_narrowable(name: &str, action: Action) -> bool {
    if LOG_WRITING.contains(&name.to_ascii_lowercase().as_str()) {
        return false;
    }
    let service = name.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_interface = INTERFACE_ACTIONS.contains(&name.to_ascii_lowercase().as_str());
    let scope = match action.scope() {
        Scope::Nothing => false,
        Scope::Optional => service == "s3" || action.access() != Access::List,
        Scope::Required => true,
    };
    scope && !is_interface && !SELDOM_NAMED.contains(&service.as_str())
}

fn is_narrowed(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        let key = condition.key.to_ascii_lowercase();
        crate::principals::narrows(condition)
            && NARROWING_KEYS.iter().any(|narrowing| key.starts_with(narrowing))
    })
}

fn severity(graph: &AppGraph, holder: &Holder<'_>, reached: &[&Concern]) -> Severity {
    let harms = reached.iter().any(|concern| concern.harms());
    if reached.iter().any(|concern| concern.takes_over()) {
        Severity::High
    } else if !harms {
        Severity::Low
    } else if holder.is_open_to_strangers(graph) {
        Severity::High
    } else {
        Severity::Medium
    }
}
