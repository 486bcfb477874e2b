//! How one function may start another, or itself, through what it writes.

use app_graph::{
    AppGraph, Function, Identity, Index, Resource, ResourceKind, Trigger, TriggerKind,
};
use finding::Confidence;
use iam::pattern::{Case, intersects};
use text::{PartialText, Setting, Span};

use crate::access::{Contents, Grant, Rights, Target, key_pattern};

/// One function may start another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hop<'a> {
    /// Index of the function that writes.
    pub(crate) from: usize,
    /// Index of the function that is started.
    pub(crate) to: usize,
    /// What is written to.
    pub(crate) through: &'a str,
    /// Where the right to write is given.
    pub(crate) written: Span,
    /// Where the trigger is declared.
    pub(crate) triggers: Span,
    /// Who has the right.
    pub(crate) identity: Option<&'a Identity>,
    /// The template's condition under which the right exists, in words.
    pub(crate) condition: Option<&'a str>,
    /// How certain it is.
    pub(crate) confidence: Confidence,
}

/// Actions that may start a function.
const STARTING: [&str; 11] = [
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
    "events:PutEvents",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    INVOKE,
    "s3:PutObject",
    "sns:Publish",
    "sqs:SendMessage",
];

const INVOKE: &str = "lambda:InvokeFunction";

/// Every way in which a function of the graph may start one.
pub(crate) fn hops(graph: &AppGraph) -> Vec<Hop<'_>> {
    let functions = graph.functions.iter();
    let rights: Vec<Rights<'_>> =
        functions.map(|function| Rights::of(graph, function, &STARTING)).collect();
    let index = graph.index();
    let mut hops = Vec::new();
    for (to, (started, own)) in graph.functions.iter().zip(&rights).enumerate() {
        hops.extend(own_call(graph, to, started, own));
        for trigger in graph.triggers_of(&started.entity.id) {
            for (trigger, source) in upstream(graph, &index, trigger) {
                let Some(way) = way(trigger, source) else { continue };
                for (from, writer) in rights.iter().enumerate() {
                    hops.extend(hop(graph, (from, writer), to, trigger, source, &way));
                }
            }
        }
    }
    hops
}

/// Most resources between one that is written to and a function: a rule's state machine, a
/// topic's queue.
const MOST_BETWEEN: usize = 3;

/// A trigger with its source, and the triggers that fill this source from others.
fn upstream<'a>(
    graph: &'a AppGraph,
    index: &Index<'a>,
    trigger: &'a Trigger,
) -> Vec<(&'a Trigger, &'a Resource)> {
    let with_source =
        |trigger: &'a Trigger| Some((trigger, index.resource(trigger.source_entity.as_ref()?)?));
    let mut found: Vec<_> = with_source(trigger).into_iter().collect();
    let mut reached = 0;
    for _ in 0..MOST_BETWEEN {
        let fills = |(_, source): &(&Trigger, &Resource)| {
            let id = source.entity.id.clone();
            let passed_on = graph.triggers.iter();
            passed_on.filter(move |trigger| trigger.other_target.as_ref() == Some(&id))
        };
        let next: Vec<_> =
            found.iter().skip(reached).flat_map(fills).filter_map(with_source).collect();
        reached = found.len();
        found.extend(next);
    }
    found
}

/// A function that calls itself. Functions that call others are one program; only one that calls
/// itself may not end.
fn own_call<'a>(
    graph: &'a AppGraph,
    index: usize,
    function: &'a Function,
    rights: &Rights<'a>,
) -> Option<Hop<'a>> {
    let itself = Target {
        entity: &function.entity.id,
        name: function.function_name.single().map(|said| &said.value),
        contents: Contents::Itself,
    };
    let found = rights.on(&[INVOKE], itself);
    // In a shared role the right is another function's.
    let grant = found.into_iter().find(|grant| !is_shared(graph, grant.identity))?;
    Some(Hop {
        from: index,
        to: index,
        through: &function.entity.name,
        written: grant.resource.span,
        triggers: function.entity.said,
        identity: Some(grant.identity),
        condition: grant.statement.when.as_deref(),
        confidence: Confidence::Medium,
    })
}

/// Whether several functions run as one identity.
fn is_shared(graph: &AppGraph, identity: &Identity) -> bool {
    let runs_as_it = |function: &&Function| {
        let mut identities = graph.identities_of(function).into_iter();
        identities.any(|other| other.entity.id == identity.entity.id)
    };
    graph.functions.iter().filter(runs_as_it).count() > 1
}

/// How a source is written to so that a trigger fires.
struct Way {
    actions: &'static [&'static str],
    confidence: Confidence,
}

fn way(trigger: &Trigger, source: &Resource) -> Option<Way> {
    // A filter may keep the function's own output apart; templates do not say what is written.
    let filtered = !trigger.filter.is_unset();
    let confidence = if filtered { Confidence::Low } else { Confidence::High };
    let actions: &'static [&'static str] = match (&trigger.kind, &source.kind) {
        (TriggerKind::Queue, _) => &["sqs:SendMessage"],
        (TriggerKind::Topic, _) => &["sns:Publish"],
        (TriggerKind::Stream, _) => &["kinesis:PutRecord", "kinesis:PutRecords"],
        (TriggerKind::EventRule, ResourceKind::EventBus(_)) if !filtered => &["events:PutEvents"],
        (TriggerKind::TableStream, _) => &[
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        ],
        // By way of the event bus, where a rule's pattern says which objects.
        (TriggerKind::Bucket, _) | (TriggerKind::EventRule, ResourceKind::Bucket(_)) => {
            &["s3:PutObject"]
        }
        _ => return None,
    };
    Some(Way { actions, confidence })
}

fn hop<'a>(
    graph: &'a AppGraph,
    (from, writer): (usize, &Rights<'a>),
    to: usize,
    trigger: &'a Trigger,
    source: &'a Resource,
    way: &Way,
) -> Option<Hop<'a>> {
    let found = writer.on(way.actions, Target::of(source));
    let grant = found.into_iter().find(|grant| meets(trigger, grant, source))?;
    let shared = is_shared(graph, grant.identity);
    if shared && from != to {
        // Which of the functions writes is not known, so every pair would be a way.
        return None;
    }
    // One that polls a queue often gets all rights on it from a ready-made policy, and a filter on
    // keys may keep apart what the policy does not.
    let exact = trigger.key_filter.is_empty()
        && grant.action.value.literal().is_some_and(|action| !action.contains('*'));
    let confidence = match (shared, exact) {
        // In a shared role the right may be there for another function.
        (true, _) => Confidence::Low,
        (false, true) => way.confidence,
        (false, false) => way.confidence.min(Confidence::Medium),
    };
    Some(Hop {
        from,
        to,
        through: &source.entity.name,
        written: grant.resource.span,
        triggers: trigger.entity.said,
        identity: Some(grant.identity),
        condition: grant.statement.when.as_deref(),
        confidence,
    })
}

/// Whether an object that the grant lets write can have a key that the trigger asks for.
fn meets(trigger: &Trigger, grant: &Grant<'_>, source: &Resource) -> bool {
    if !matches!(source.kind, ResourceKind::Bucket(_)) {
        return true;
    }
    let part = |name: &str| {
        let mut rules = trigger.key_filter.iter();
        rules.find(|(rule, _)| rule.eq_ignore_ascii_case(name)).map(|(_, value)| text_of(value))
    };
    let asked =
        format!("{}*{}", part("prefix").unwrap_or_default(), part("suffix").unwrap_or_default());
    let written = key_pattern(&grant.resource.value);
    // A right on the bucket itself lets write no object.
    !written.is_empty() && intersects(&asked, &written, Case::Sensitive)
}

/// What a filter asks for, `*` where that is not known.
fn text_of(value: &Setting<PartialText>) -> String {
    value.single().map_or_else(|| "*".to_owned(), |said| said.value.with_holes("*"))
}
