//! What invokes functions, from every declaration that names one.

mod agents;
mod permitted;
mod plain;
mod polled;
mod pushed;
mod state_machines;
mod web;

use std::collections::HashMap;

use app_graph::{AppGraph, Entity, Trigger, TriggerKind};
use text::{Condition, EntityId, PartialText, Problem, Setting, Span};

use super::directory::Directory;
use super::entity;
use documents::declaration::{Declaration, Declared};
use documents::value::{Conditional, Kind, Value, both};

pub(super) use permitted::lower as lower_permitted;

/// Adds every trigger but the routes and authorizers of APIs.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    let mut collector = Collector::new(&directory, graph);
    let balancers = web::Balancers::new(declared);
    let gateways = agents::Gateways::new(declared, &collector);
    for declaration in &declared.declarations {
        match declaration.kind.as_str() {
            "AWS::Lambda::EventSourceMapping" => polled::mapping(declaration, &mut collector),
            "AWS::Pipes::Pipe" => polled::pipe(declaration, &mut collector),
            "AWS::S3::Bucket" => pushed::bucket(declaration, &mut collector),
            "Custom::S3BucketNotifications" => {
                pushed::bucket_notifications(declaration, &mut collector);
                plain::custom_resource(declaration, &mut collector);
            }
            "AWS::SNS::Subscription" => pushed::subscription(declaration, &mut collector),
            "AWS::SNS::Topic" => pushed::topic(declaration, &mut collector),
            "AWS::Events::Rule" => pushed::rule(declaration, &mut collector),
            "AWS::Scheduler::Schedule" => pushed::schedule(declaration, &mut collector),
            "AWS::Lambda::EventInvokeConfig" => pushed::destinations(declaration, &mut collector),
            "AWS::Lambda::Url" => web::url(declaration, &mut collector),
            "AWS::CloudFront::Distribution" => web::distribution(declaration, &mut collector),
            "AWS::ElasticLoadBalancingV2::TargetGroup" => {
                web::target_group(declaration, &balancers, &mut collector);
            }
            "AWS::BedrockAgentCore::Gateway" => agents::gateway(declaration, &mut collector),
            "AWS::BedrockAgentCore::GatewayTarget" => {
                agents::target(declaration, &gateways, &mut collector);
            }
            "AWS::StepFunctions::StateMachine" => {
                state_machines::lower(declaration, &mut collector, problems);
            }
            "AWS::CloudFormation::CustomResource" => {
                plain::custom_resource(declaration, &mut collector);
            }
            kind if kind.starts_with("Custom::") => {
                plain::custom_resource(declaration, &mut collector);
            }
            kind if kind.starts_with("Serverless::Event::") => {
                plain::framework_event(declaration, &mut collector);
            }
            _ => plain::lower(declaration, &mut collector),
        }
    }
}

/// Puts triggers into the graph, each under an id of its own.
struct Collector<'a> {
    directory: &'a Directory<'a>,
    graph: &'a mut AppGraph,
    counts: HashMap<String, u32>,
}

impl<'a> Collector<'a> {
    fn new(directory: &'a Directory<'a>, graph: &'a mut AppGraph) -> Self {
        Self { directory, graph, counts: HashMap::new() }
    }

    /// Says what sends the events.
    fn set_source(&self, trigger: &mut Trigger, source: Setting<PartialText>) {
        let entity = source.known_values().find_map(|said| {
            // An address of a function in the text leads to the function itself.
            let target = self.stream_behind(self.directory.target(&said.value)?);
            Some(self.directory.function(&said.value).unwrap_or_else(|| target.id.clone()))
        });
        trigger.source_entity = entity;
        trigger.source = source;
    }

    /// The stream itself where a consumer hands on its records.
    fn stream_behind(&self, target: &'a Declaration) -> &'a Declaration {
        if target.kind != "AWS::Kinesis::StreamConsumer" {
            return target;
        }
        let stream = target.properties.text_at(&["StreamARN"]);
        let stream = stream.known_values().find_map(|said| self.directory.target(&said.value));
        stream.unwrap_or(target)
    }

    /// Says that the declaration itself sends the events.
    fn set_source_self(&self, trigger: &mut Trigger, declaration: &Declaration) {
        let text = PartialText::reference(declaration.id.clone(), "Ref");
        trigger.source = Setting::known(text, declaration.said);
        trigger.source_entity = Some(declaration.id.clone());
    }

    /// Adds the trigger for what `target` names, once for each branch. A target that is not in the
    /// graph, or not known, still leaves a trigger: something is invoked.
    fn add(&mut self, trigger: &Trigger, target: &Value) {
        let targets = target.at(&[]);
        for found in &targets {
            let text = found.value.scalar_text().unwrap_or_default();
            let function = self.directory.function(&text);
            let other = match &function {
                Some(_) => None,
                None => self.directory.target(&text).map(|declaration| declaration.id.clone()),
            };
            let invokes = match trigger.kind {
                // Alarms also scale and reboot, which invokes nothing.
                TriggerKind::Alarm => function.is_some() || other.is_some(),
                // Nor do results that are put into a queue.
                TriggerKind::Function => function.is_some(),
                _ => true,
            };
            if !invokes {
                continue;
            }
            let mut trigger = trigger.clone();
            let condition = &trigger.entity.condition;
            trigger.entity.condition = both(condition.as_ref(), found.condition.as_ref());
            trigger.function = function;
            trigger.other_target = other;
            self.push(trigger);
        }
    }

    fn push(&mut self, mut trigger: Trigger) {
        let target = trigger.function.as_ref().or(trigger.other_target.as_ref());
        let name = target.map_or("?", |id| {
            let id = id.as_str();
            id.rsplit_once('/').map_or(id, |(_, name)| name)
        });
        let mut id = format!("{}>{name}", trigger.entity.id);
        let count = self.counts.entry(id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            id = format!("{id}#{count}");
        }
        trigger.entity.id = EntityId::new(id);
        self.graph.triggers.push(trigger);
    }
}

/// A trigger made by a declaration of its own.
fn declared_trigger(declaration: &Declaration, kind: TriggerKind) -> Trigger {
    Trigger::new(entity(declaration), kind)
}

/// A trigger written as a part of a declaration: its place is that of the target.
fn inner_trigger(
    declaration: &Declaration,
    kind: TriggerKind,
    part: &Conditional<'_>,
    target: Span,
) -> Trigger {
    let whole = entity(declaration);
    let condition: Option<Condition> = both(whole.condition.as_ref(), part.condition.as_ref());
    let extent = part.value.span;
    // Properties inserted into the whole declaration would not land in its part.
    let entity = Entity { said: target, extent, condition, insertion: None, ..whole };
    Trigger::new(entity, kind)
}

/// Every value on a path of keys, through lists and branches; `*` is every key.
fn every<'a>(value: &'a Value, path: &[&str]) -> Vec<Conditional<'a>> {
    let mut found = vec![Conditional { condition: None, value }];
    for key in path {
        let mut next = Vec::new();
        // What is unknown as a whole is no value at the path.
        for here in found.iter().filter(|here| !matches!(here.value.kind, Kind::Unknown(_))) {
            let keys: Vec<&str> = match *key {
                "*" => here.value.members().iter().map(|member| &*member.key).collect(),
                key => vec![key],
            };
            for key in keys {
                for item in here.value.list_at(&[key]) {
                    let condition = both(here.condition.as_ref(), item.condition.as_ref());
                    next.push(Conditional { condition, value: item.value });
                }
            }
        }
        found = next;
    }
    found
}

/// Whether a state in words means switched on.
fn state(properties: &Value, key: &str) -> Setting<bool> {
    properties.string_at(&[key]).try_map(&|word: String| match word.as_str() {
        "ENABLED" | "RUNNING" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" => Ok(true),
        "DISABLED" | "STOPPED" => Ok(false),
        _ => Err(format!("`{word}` is no state")),
    })
}

/// A structure as the text of JSON, for people.
fn as_text(value: &Value) -> Result<String, String> {
    let joined =
        |parts: Vec<String>, open: &str, close: &str| format!("{open}{}{close}", parts.join(","));
    match &value.kind {
        Kind::Null => Ok("null".to_owned()),
        Kind::Bool(value) => Ok(value.to_string()),
        Kind::Number(number) => Ok(number.to_string()),
        Kind::Text(text) => Ok(format!("\"{text}\"")),
        Kind::List(items) => {
            let parts = items.iter().map(as_text).collect::<Result<_, _>>()?;
            Ok(joined(parts, "[", "]"))
        }
        Kind::Map(members) => {
            let parts = members
                .iter()
                .map(|member| Ok(format!("\"{}\":{}", member.key, as_text(&member.value)?)))
                .collect::<Result<_, String>>()?;
            Ok(joined(parts, "{", "}"))
        }
        Kind::Unknown(why) => Err(why.clone()),
        Kind::Branches(_) => Err("it depends on conditions".to_owned()),
    }
}
