//! Resource policies and trust policies, each with the one whose door it is.

use app_graph::{AppGraph, Attached, AttachedOrigin, Entity, Function, Identity, ResourceKind};
use finding::{Finding, Subject};
use iam::pattern::{Case, wildcard_matches};
use iam::{Effect, Listing, Policy, Statement};

use crate::exposure::declared_at;

/// A statement that lets others in.
pub(crate) struct Guest<'graph> {
    /// Whose policy it stands in.
    pub(crate) host: Host<'graph>,
    pub(crate) statement: &'graph Statement,
}

/// Whose policy it is.
#[derive(Clone, Copy)]
pub(crate) enum Host<'graph> {
    /// A role, by its trust policy.
    Role(&'graph Identity),
    /// A function, by its permissions.
    Function(&'graph Function),
    /// A resource of this kind.
    Resource(&'graph Entity, &'static str),
}

impl<'graph> Host<'graph> {
    pub(crate) fn entity(&self) -> &'graph Entity {
        match self {
            Host::Role(identity) => &identity.entity,
            Host::Function(function) => &function.entity,
            Host::Resource(entity, _) => entity,
        }
    }

    pub(crate) fn word(&self) -> &'static str {
        match self {
            Host::Role(_) => "role",
            Host::Function(_) => "function",
            Host::Resource(_, word) => word,
        }
    }
}

impl<'graph> Guest<'graph> {
    /// Names the subjects and the conditions of a finding on this statement. A permission or
    /// policy that is declared by itself is named as the resource.
    pub(crate) fn concern(&self, graph: &AppGraph, finding: Finding) -> Finding {
        let entity = self.host.entity();
        let declared =
            declared_at(graph, self.statement.span).filter(|other| other.id != entity.id);
        let finding = match self.host {
            Host::Role(_) => finding.role(entity),
            Host::Function(_) => finding.function(entity),
            Host::Resource(..) => finding.resource(entity),
        };
        let finding = match (&self.host, declared) {
            (Host::Role(_) | Host::Function(_), Some(declared)) => {
                finding.resource(Subject::from(declared))
            }
            _ => finding,
        };
        finding.when(entity.condition.as_deref()).when(self.statement.when.as_deref())
    }
}

/// The statements of every function's resource policy.
pub(crate) fn of_functions(graph: &AppGraph) -> impl Iterator<Item = Guest<'_>> {
    graph.functions.iter().flat_map(|function| {
        let host = Host::Function(function);
        function.permissions.iter().map(move |statement| Guest { host, statement })
    })
}

/// The statements of every trust policy that the author wrote.
pub(crate) fn of_roles(graph: &AppGraph) -> impl Iterator<Item = Guest<'_>> {
    graph.identities.iter().flat_map(|identity| {
        let statements = identity.trust.iter().flat_map(|policy| &policy.statements);
        statements.map(move |statement| Guest { host: Host::Role(identity), statement })
    })
}

/// The statements of every resource's own policies.
pub(crate) fn of_resources(graph: &AppGraph) -> impl Iterator<Item = Guest<'_>> {
    graph.resources.iter().flat_map(|resource| {
        let host = Host::Resource(&resource.entity, resource.kind.as_str());
        policies(&resource.kind)
            .iter()
            .flat_map(|policy| &policy.statements)
            .map(move |statement| Guest { host, statement })
    })
}

fn policies(kind: &ResourceKind) -> &[Policy] {
    match kind {
        ResourceKind::Bucket(bucket) => &bucket.policies,
        ResourceKind::Table(table) => &table.policies,
        ResourceKind::Queue(queue) => &queue.policies,
        ResourceKind::Topic(topic) => &topic.policies,
        ResourceKind::EventBus(bus) => &bus.policies,
        ResourceKind::Key(key) => &key.policies,
        ResourceKind::Secret(secret) => &secret.policies,
        ResourceKind::Api(api) => api.policy.as_slice(),
        _ => &[],
    }
}

/// What a function needs to run, log and be traced.
const PLAIN_ACTIONS: &[&str] = &[
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:Describe*",
    "xray:*",
    "cloudwatch:PutMetricData",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:Describe*",
];

/// Managed policies that allow no more than that.
///
/// Source: AWS Managed Policy Reference Guide.
const PLAIN_POLICIES: &[&str] = &[
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaBasicDurableExecutionRolePolicy",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
];

/// Whether an identity may do more than write its own logs and traces.
pub(crate) fn has_rights(identity: &Identity) -> bool {
    let is_plain_action = |text: &str| {
        PLAIN_ACTIONS.iter().any(|plain| wildcard_matches(plain, text, Case::Insensitive))
    };
    let has_written = |attached: &Attached| {
        let statements = attached.policy.statements.iter();
        let mut allowing = statements.filter(|statement| statement.effect == Effect::Allow);
        attached.origin != AttachedOrigin::Generated
            && allowing.any(|statement| {
                let mut actions = statement.actions.patterns.iter();
                statement.actions.listing == Listing::AllExcept
                    || actions.any(|said| !said.value.literal().is_some_and(is_plain_action))
            })
    };
    let is_plain = |name: &str| PLAIN_POLICIES.iter().any(|plain| name.ends_with(plain));
    identity.attached.iter().any(has_written)
        || identity.managed.iter().any(|managed| !is_plain(&managed.arn.value.with_holes("")))
}
