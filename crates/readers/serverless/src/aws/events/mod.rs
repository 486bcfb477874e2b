//! Events: what invokes functions.
//!
//! Source: the Serverless Framework's event guides and
//! `lib/plugins/aws/package/compile/events/`.

mod apis;
mod edges;
mod messages;
mod rules;
mod sources;

use std::collections::HashMap;

use text::{PartialText, Problem};

use super::super::service::FunctionEntry;
use super::template::{self, Origin, Template};
use super::write::At;
use super::{Aws, naming};
use documents::value::{Kind, Value};

/// One event of one function.
pub(super) struct Event<'a> {
    pub(super) aws: &'a Aws<'a>,
    pub(super) function: &'a FunctionEntry,
    /// The function's part of logical ids.
    pub(super) normalized: String,
    /// The function's logical id.
    pub(super) function_id: String,
    pub(super) value: &'a Value,
    /// Counts the function's events of one kind, from 1.
    pub(super) number: usize,
    pub(super) origin: Origin,
}

impl Event<'_> {
    pub(super) fn at(&self) -> At {
        self.origin.at()
    }

    /// The function's ARN as a value written at the event.
    pub(super) fn arn(&self) -> Value {
        self.at().attribute(&self.function_id, "Arn")
    }

    /// The function's ARN as a text.
    pub(super) fn arn_text(&self) -> PartialText {
        template::function_arn(&self.function_id)
    }

    /// The value's member that is not null.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.value.get(key).filter(|value| !value.is_null())
    }

    /// A problem at the event.
    pub(super) fn problem(&self, why: &str, template: &mut Template) {
        let message =
            format!("`{}` event of `{}`: {why}", self.origin.type_name, self.function.key);
        template.problems.push(Problem::incomplete(message, self.origin.said.into()));
    }
}

/// Adds every event of a function.
pub(super) fn add(aws: &Aws<'_>, function: &FunctionEntry, template: &mut Template) {
    let Some(events) = function.value.get("events") else { return };
    match &events.kind {
        Kind::List(items) => {
            let mut numbers = HashMap::new();
            for item in items {
                add_item(aws, function, item, &mut numbers, template);
            }
        }
        Kind::Null => {}
        Kind::Unknown(why) => {
            let message = format!("events of `{}` could not be read: {why}", function.key);
            template.problems.push(Problem::incomplete(message, events.span.into()));
        }
        _ => {
            let message = format!("events of `{}` are no list", function.key);
            template.problems.push(Problem::incomplete(message, events.span.into()));
        }
    }
}

fn add_item(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    item: &Value,
    numbers: &mut HashMap<String, usize>,
    template: &mut Template,
) {
    let null = Value::new(Kind::Null, item.span);
    // `- alexaSkill` is the event without settings.
    let (name, said, value) = match (&item.kind, item.members()) {
        (Kind::Map(_), [member, ..]) => (&*member.key, member.key_span, &member.value),
        (Kind::Text(_), _) => match item.as_str() {
            Some(name) => (name, item.span, &null),
            None => return unreadable(function, item, template),
        },
        (Kind::Null, _) => return,
        (Kind::List(items), _) => {
            for item in items {
                add_item(aws, function, item, numbers, template);
            }
            return;
        }
        _ => return unreadable(function, item, template),
    };
    let number = numbers.entry(name.to_owned()).or_insert(0);
    *number += 1;
    let event = Event {
        aws,
        function,
        normalized: naming::normalized(&function.key),
        function_id: naming::function_id(&function.key),
        value,
        number: *number,
        origin: Origin {
            name: format!("{} {name}", function.key),
            type_name: name.to_owned(),
            said,
            extent: item.span,
            insertion: None,
        },
    };
    match name {
        "http" => super::rest_api::add(&event, template),
        "httpApi" => apis::add_http(&event, template),
        "websocket" => apis::add_websocket(&event, template),
        "sqs" => sources::add_queue(&event, template),
        "stream" => sources::add_stream(&event, template),
        "msk" => sources::add_msk(&event, template),
        "kafka" => sources::add_kafka(&event, template),
        "activemq" | "rabbitmq" => sources::add_broker(&event, template),
        "s3" => messages::add_bucket(&event, template),
        "sns" => messages::add_topic(&event, template),
        "schedule" => rules::add_schedule(&event, template),
        "eventBridge" => rules::add_event_bridge(&event, template),
        "cloudwatchEvent" => rules::add_cloudwatch_event(&event, template),
        "cloudwatchLog" => rules::add_log_subscription(&event, template),
        "iot" => rules::add_iot(&event, template),
        "iotFleetProvisioning" => rules::add_fleet_provisioning(&event, template),
        "alexaSkill" => edges::add_alexa_skill(&event, template),
        "alexaSmartHome" => edges::add_alexa_smart_home(&event, template),
        "alb" => edges::add_load_balancer(&event, template),
        "cloudFront" => edges::add_distribution(&event, template),
        "cognitoUserPool" => edges::add_user_pool(&event, template),
        _ => add_unknown(&event, template),
    }
}

fn unreadable(function: &FunctionEntry, item: &Value, template: &mut Template) {
    let why = match &item.kind {
        Kind::Unknown(why) => why.as_str(),
        _ => "it has no name",
    };
    let message = format!("event of `{}` could not be read: {why}", function.key);
    template.problems.push(Problem::incomplete(message, item.span.into()));
}

/// An event that a plugin adds, kept as a trigger of its own kind.
fn add_unknown(event: &Event<'_>, template: &mut Template) {
    let kind = &event.origin.type_name;
    let message = format!("event `{kind}` of `{}` is none of the framework's", event.function.key);
    let problem = Problem::advice(message, event.origin.said.into())
        .help("a plugin may add it; it is kept as a trigger of which nothing more is known");
    template.problems.push(problem);
    add_plain(event, template);
}

/// A trigger of which only the function and the author's settings are known.
pub(super) fn add_plain(event: &Event<'_>, template: &mut Template) {
    let kind = &event.origin.type_name;
    let at = event.at();
    let properties = at.map([("FunctionName", event.arn()), ("Settings", event.value.clone())]);
    let id = format!("{}Event{}{}", event.normalized, naming::normalized(kind), event.number);
    template.add_numbered(&id, &format!("Serverless::Event::{kind}"), properties, &event.origin);
}
