use std::collections::{BTreeMap, BTreeSet};

use app_graph::{Allowance, AllowanceTool, Entity};
use finding::{Finding, Rule};
use ignore::overrides::{Override, OverrideBuilder};
use text::{Place, Problem, SourceId, Span};

use crate::comments::{self, CommentAllowance};
use crate::{Config, Scan, Status};

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The reason given.
    pub reason: Option<String>,
    /// Where it is written.
    pub origin: SuppressionOrigin,
}

/// Where a suppression is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SuppressionOrigin {
    /// A comment.
    Comment(Span),
    /// A declaration's metadata.
    Metadata(Span),
    /// The entry of that number (from 0) in the configuration file.
    Config(usize),
}

/// Marks the findings that somebody allowed, and reports allowances that met nothing.
pub(crate) fn suppress(scan: &mut Scan, config: &Config) {
    let mut problems = Vec::new();
    let mut by_source: BTreeMap<SourceId, Vec<CommentAllowance>> = BTreeMap::new();
    for (id, source) in scan.sources.iter() {
        let found = comments::find(source, id, &mut problems);
        if !found.is_empty() {
            by_source.insert(id, found);
        }
    }
    let globs: Vec<Option<Override>> =
        config.allow.iter().map(|allow| allow.path.as_deref().and_then(glob)).collect();
    // Few declarations carry an allowance or share a file with one: only these are looked at for each finding.
    let allowing: Vec<Vec<&Entity>> = scan
        .applications
        .iter()
        .map(|graph| {
            let may_allow = |entity: &&Entity| {
                !entity.allowances.is_empty() || by_source.contains_key(&entity.said.source)
            };
            graph.entities().filter(may_allow).collect()
        })
        .collect();
    let mut used = Used::default();
    let mut verdicts = Vec::with_capacity(scan.findings.len());
    for judged in &scan.findings {
        let finding = &judged.finding;
        let about = |entity: &&Entity| {
            entity.extent.contains(&finding.span)
                || finding.subjects().any(|subject| subject.id == entity.id)
        };
        let allowing = allowing.get(judged.application).map(Vec::as_slice).unwrap_or_default();
        let entities: Vec<&Entity> = allowing.iter().copied().filter(about).collect();
        let verdict = by_comment(scan, finding, &entities, &by_source, &mut used)
            .or_else(|| by_metadata(finding, &entities, &mut used))
            .or_else(|| by_config(scan, config, finding, &globs, &mut used));
        verdicts.push(verdict);
    }
    for (judged, verdict) in scan.findings.iter_mut().zip(verdicts) {
        if let Some(suppression) = verdict {
            judged.status = Status::Suppressed;
            judged.suppression = Some(suppression);
        }
    }
    problems.extend(used.unused(scan, config, &by_source));
    scan.problems.extend(problems);
}

/// Which allowances met a finding.
#[derive(Default)]
struct Used {
    spans: BTreeSet<Span>,
    config: BTreeSet<usize>,
}

fn names(tool: AllowanceTool, allowed: &str, rule: &Rule) -> bool {
    match tool {
        AllowanceTool::Casemate => allowed == rule.id,
        AllowanceTool::Checkov | AllowanceTool::CdkNag => rule.counterparts.contains(&allowed),
    }
}

fn by_comment(
    scan: &Scan,
    finding: &Finding,
    entities: &[&Entity],
    by_source: &BTreeMap<SourceId, Vec<CommentAllowance>>,
    used: &mut Used,
) -> Option<Suppression> {
    let line_of = |span: Span| scan.place_of(span).1.line;
    let mut sources: BTreeSet<SourceId> = BTreeSet::from([finding.span.source]);
    sources.extend(entities.iter().map(|entity| entity.said.source));
    for comment in sources.iter().filter_map(|source| by_source.get(source)).flatten() {
        if !comment.rules.iter().any(|allowed| names(comment.tool, allowed, finding.rule)) {
            continue;
        }
        let same_line =
            comment.span.source == finding.span.source && comment.line == line_of(finding.span);
        // On the declaration's own line, or (as checkov has it) anywhere in the declaration.
        let on_entity = entities.iter().any(|entity| {
            entity.said.source == comment.span.source
                && (line_of(entity.said) == comment.line
                    || comment.tool == AllowanceTool::Checkov
                        && entity.extent.contains(&comment.span))
        });
        if same_line || on_entity {
            used.spans.insert(comment.span);
            let origin = SuppressionOrigin::Comment(comment.span);
            return Some(Suppression { reason: comment.reason.clone(), origin });
        }
    }
    None
}

fn by_metadata(finding: &Finding, entities: &[&Entity], used: &mut Used) -> Option<Suppression> {
    let mut allowances = entities.iter().flat_map(|entity| &entity.allowances);
    let allowance = allowances.find(|allowance| {
        counts(allowance)
            && names(allowance.tool, &allowance.rule, finding.rule)
            && covers(&allowance.only, finding)
    })?;
    used.spans.insert(allowance.span);
    let origin = SuppressionOrigin::Metadata(allowance.span);
    Some(Suppression { reason: allowance.reason.clone(), origin })
}

/// Ours counts with a reason only; whether others' need one is theirs to say.
fn counts(allowance: &Allowance) -> bool {
    let has_reason = allowance.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
    has_reason || allowance.tool != AllowanceTool::Casemate
}

/// Whether an allowance that is limited to some causes is meant for this one.
///
/// Source: cdk-nag's README, "Suppressing a rule", `appliesTo`: `Action::…` for a wildcard among the
/// actions, `Resource::…` for one among the resources, `Policy::…` for a managed policy; or a regular
/// expression over these, which is taken for all.
fn covers(only: &[String], finding: &Finding) -> bool {
    if only.is_empty() || only.iter().any(|entry| entry.starts_with('/')) {
        return true;
    }
    let cause = finding.cause.0.as_str();
    let actions = cause.rsplit_once(" on ").map_or(cause, |(actions, _)| actions);
    only.iter().any(|entry| match entry.split_once("::") {
        Some(("Action", action)) => actions.split(", ").any(|named| named == action),
        // cdk-nag asks for both, the action and the resource; an action decides by itself.
        Some(("Resource", _)) => finding.rule.id == "wildcard-resources",
        Some(("Policy", policy)) => policy.contains(cause),
        _ => true,
    })
}

fn by_config(
    scan: &Scan,
    config: &Config,
    finding: &Finding,
    globs: &[Option<Override>],
    used: &mut Used,
) -> Option<Suppression> {
    let (file, _) = scan.place_of(finding.span);
    for (index, (allow, glob)) in config.allow.iter().zip(globs).enumerate() {
        let named = |name: &String| finding.subjects().any(|subject| subject.name == *name);
        if allow.rule == finding.rule.id
            && allow.name.as_ref().is_none_or(named)
            && (allow.path.is_none()
                || glob.as_ref().is_some_and(|glob| glob.matched(file, false).is_whitelist()))
        {
            used.config.insert(index);
            let origin = SuppressionOrigin::Config(index);
            return Some(Suppression { reason: Some(allow.reason.clone()), origin });
        }
    }
    None
}

fn glob(pattern: &str) -> Option<Override> {
    let mut builder = OverrideBuilder::new(".");
    builder.add(pattern).ok()?;
    builder.build().ok()
}

impl Used {
    /// An allowance of ours that met nothing hides the next fault of that kind: it is reported.
    /// Those of other tools are theirs to report.
    fn unused(
        &self,
        scan: &Scan,
        config: &Config,
        by_source: &BTreeMap<SourceId, Vec<CommentAllowance>>,
    ) -> Vec<Problem> {
        let unused = |rules: &str, place: Place| {
            Problem::advice(format!("allowing `{rules}` here suppresses nothing"), place)
                .help("remove it, or mend the rule's id")
        };
        // Of a rule that was not asked nobody knows whether it would have met something.
        let asked = |rule: &str| {
            let exists = crate::rules().any(|known| known.id == rule);
            !exists || config.asks(rule)
        };
        let mut problems = Vec::new();
        for comment in by_source.values().flatten() {
            if comment.tool == AllowanceTool::Casemate
                && !self.spans.contains(&comment.span)
                && comment.rules.iter().all(|rule| asked(rule))
            {
                problems.push(unused(&comment.rules.join(", "), Place::Span(comment.span)));
            }
        }
        for entity in scan.applications.iter().flat_map(|graph| graph.entities()) {
            for allowance in &entity.allowances {
                if allowance.tool != AllowanceTool::Casemate || self.spans.contains(&allowance.span)
                {
                    continue;
                }
                if !counts(allowance) {
                    let message = "a suppression without a reason does not count";
                    problems.push(
                        Problem::advice(message, Place::Span(allowance.span))
                            .help("give it a `reason`"),
                    );
                } else if asked(&allowance.rule) {
                    problems.push(unused(&allowance.rule, Place::Span(allowance.span)));
                }
            }
        }
        for (index, allow) in config.allow.iter().enumerate() {
            if !self.config.contains(&index) && asked(&allow.rule) {
                let file = config.file.as_ref().map(|file| file.to_string_lossy().into_owned());
                problems.push(unused(&allow.rule, Place::Path(file.unwrap_or_default())));
            }
        }
        problems
    }
}
