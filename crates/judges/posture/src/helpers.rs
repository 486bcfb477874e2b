//! What a framework brought along whole: a rule speaks of it only where the author can mend it.

use std::collections::HashSet;

use app_graph::{AppGraph, Owner};
use finding::{Finding, Rule, Sink, Subject};
use text::EntityId;

/// Rules that an author answers by a newer version of the framework.
const MENDED_BY_UPGRADE: &[&str] = &["retired-runtime"];

/// Takes back what was said of nothing but the framework's own helpers.
///
/// A finding that also names something of the author's stays: the policy that an author gives to
/// the CDK's `AwsCustomResource`, attached to a role of the CDK's.
pub(crate) fn forget(graph: &AppGraph, sink: &mut Sink) {
    let policies = graph.identities.iter().flat_map(|identity| &identity.attached);
    let helpers: HashSet<&EntityId> = graph
        .entities()
        .chain(policies.filter_map(|attached| attached.declared_by.as_ref()))
        .filter(|entity| entity.owner == Owner::Framework)
        .map(|entity| &entity.id)
        .collect();
    if helpers.is_empty() {
        return;
    }
    let is_helper = |subject: &Subject| helpers.contains(&subject.id);
    let is_upgradable = |rule: &Rule| MENDED_BY_UPGRADE.contains(&rule.id);
    sink.retain(
        |finding: &Finding| {
            let mut subjects = finding.subjects().peekable();
            let concerns_helpers = subjects.peek().is_some() && subjects.all(is_helper);
            // A branch of the framework's own choice, such as a region's, is not the author's.
            !concerns_helpers || is_upgradable(finding.rule) && finding.conditions.is_empty()
        },
        |unknown| !is_helper(&unknown.subject),
    );
}
