use std::collections::{BTreeMap, BTreeSet};

use app_graph::{AppGraph, Arns, Function};
use iam::api;
use iam::pattern::{Case, comparable, wildcard_matches};
use text::PartialText;

use crate::{ApiCall, Behaviour, Evidence, Need, Profile, Unresolved, keys, own, platform};

/// Needs by action and ARN, with what each rests on.
#[derive(Default)]
pub(crate) struct Needs(BTreeMap<(String, PartialText), BTreeSet<Evidence>>);

impl Needs {
    /// Adds a need, or another piece of evidence for it.
    pub(crate) fn add(&mut self, action: &str, resource: PartialText, evidence: Evidence) {
        self.0.entry((action.to_owned(), resource)).or_default().insert(evidence);
    }

    /// The needs without those that another need of the same action covers: an object whose key is
    /// known beside any object of the bucket.
    fn merged(self) -> Self {
        let mut kept: Vec<((String, PartialText), String, BTreeSet<Evidence>)> = Vec::new();
        for ((action, resource), evidence) in self.0 {
            let pattern = comparable(&resource);
            let covers = |wide: &str, narrow: &str| wildcard_matches(wide, narrow, Case::Sensitive);
            let of_action = |key: &(String, PartialText)| key.0 == action;
            if let Some((_, _, known)) =
                kept.iter_mut().find(|(key, wide, _)| of_action(key) && covers(wide, &pattern))
            {
                known.extend(evidence);
                continue;
            }
            let mut evidence = evidence;
            kept.retain_mut(|(key, narrow, known)| {
                let is_covered = key.0 == action && covers(&pattern, narrow);
                if is_covered {
                    evidence.append(known);
                }
                !is_covered
            });
            kept.push(((action, resource), pattern, evidence));
        }
        Self(kept.into_iter().map(|(key, _, evidence)| (key, evidence)).collect())
    }

    /// All of them, sorted by action and resource.
    pub(crate) fn finish(self) -> Vec<Need> {
        let needs = self.0.into_iter().map(|((action, resource), evidence)| Need {
            passed_to: passed_to(&action, &evidence),
            action,
            resource,
            evidence: evidence.into_iter().collect(),
        });
        needs.collect()
    }
}

impl From<Vec<Need>> for Needs {
    fn from(needs: Vec<Need>) -> Self {
        let needs = needs.into_iter();
        let keyed =
            needs.map(|need| ((need.action, need.resource), need.evidence.into_iter().collect()));
        Self(keyed.collect())
    }
}

/// Derives a function's profile from what its code does and how it and its resources are set up.
pub fn derive(
    graph: &AppGraph,
    arns: &Arns<'_>,
    function: &Function,
    mut behaviour: Behaviour,
) -> Profile {
    let mut needs = Needs::default();
    for made in &behaviour.calls {
        let call = &made.call;
        let is_implied = is_implied(made, &behaviour.calls);
        match api::needs(call) {
            Ok(found) => {
                for need in found {
                    let resource = arns.spelled(&need.resource);
                    let resource = own::resource(arns, function, &need.action, resource);
                    let evidence = Evidence::Code {
                        span: made.span,
                        operation: format!("{}.{}", call.service, call.operation),
                        through: made.through.clone(),
                        is_certain: need.is_certain && !is_implied,
                    };
                    keys::add(graph, arns, &need.action, &resource, &evidence, &mut needs);
                    needs.add(&need.action, resource, evidence);
                }
            }
            Err(unknown) => behaviour.unresolved.push(Unresolved {
                span: made.span,
                call: format!("{}.{}", call.service, call.operation),
                reason: unknown.to_string(),
            }),
        }
    }
    platform::add(graph, arns, function, &mut needs);
    behaviour.unresolved.sort();
    behaviour.unresolved.dedup();
    let function = function.entity.id.clone();
    Profile { function, behaviour, needs: needs.merged().finish(), activity: None }
}

/// Whether a library makes the call by itself, once the upload that the code asks for has failed.
fn is_implied(made: &ApiCall, all: &[ApiCall]) -> bool {
    const ABORT: &str = "AbortMultipartUpload";
    let is_asked = |other: &ApiCall| other.span == made.span && other.call.operation != ABORT;
    made.call.operation == ABORT && all.iter().any(is_asked)
}

/// The principals that services act as with a role passed to them, by botocore's name.
///
/// Source: AWS service authorization reference, "Actions defined by …", and each service's guide on
/// its service role.
const PRINCIPALS: &[(&str, &str)] = &[
    ("apprunner", "build.apprunner.amazonaws.com"),
    ("batch", "batch.amazonaws.com"),
    ("bedrock-agent", "bedrock.amazonaws.com"),
    ("cloudformation", "cloudformation.amazonaws.com"),
    ("codebuild", "codebuild.amazonaws.com"),
    ("codepipeline", "codepipeline.amazonaws.com"),
    ("ec2", "ec2.amazonaws.com"),
    ("ecs", "ecs-tasks.amazonaws.com"),
    ("events", "events.amazonaws.com"),
    ("firehose", "firehose.amazonaws.com"),
    ("glue", "glue.amazonaws.com"),
    ("lambda", "lambda.amazonaws.com"),
    ("pipes", "pipes.amazonaws.com"),
    ("sagemaker", "sagemaker.amazonaws.com"),
    ("scheduler", "scheduler.amazonaws.com"),
    ("stepfunctions", "states.amazonaws.com"),
];

/// The services that a passed role is for, where each call that passes it tells.
fn passed_to(action: &str, evidence: &BTreeSet<Evidence>) -> Vec<String> {
    if action != "iam:PassRole" {
        return Vec::new();
    }
    let principal = |evidence: &Evidence| match evidence {
        Evidence::Code { operation, .. } => {
            let service = operation.split('.').next().unwrap_or_default();
            let row = PRINCIPALS.iter().find(|(known, _)| *known == service);
            row.map(|(_, principal)| (*principal).to_owned())
        }
        Evidence::Template { .. } | Evidence::Observed { .. } => None,
    };
    let principals: Option<BTreeSet<String>> = evidence.iter().map(principal).collect();
    principals.unwrap_or_default().into_iter().collect()
}
