//! What a record's call needed.

use std::collections::HashMap;

use iam::api::{self, Argument, Call, Need, Service};
use iam::arn::Arn;
use serde_json::{Map, Value};
use text::{Part, PartialText, Pseudo};

/// Names of parameters that the records have and the API has not: API, the record's, the API's.
///
/// Source: S3 user guide, "CloudTrail log file entries for Amazon S3".
const RENAMED: &[(&str, &str, &str)] = &[
    ("s3", "bucketName", "Bucket"),
    ("s3", "x-amz-copy-source", "CopySource"),
    ("s3", "x-amz-acl", "ACL"),
    ("s3", "x-amz-tagging", "Tagging"),
];

/// Stands in records for what is kept secret.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Calls by the names that records have for them, each looked up once.
#[derive(Default)]
pub(crate) struct Calls {
    known: HashMap<(String, String), Option<(&'static Service, &'static str)>>,
}

impl Calls {
    /// The permissions that a record's call needed, or why they are not known.
    pub(crate) fn needs(
        &mut self,
        source: &str,
        name: &str,
        record: &Map<String, Value>,
    ) -> Result<Vec<Need>, String> {
        let key = (source.to_owned(), name.to_owned());
        let found = self.known.entry(key).or_insert_with(|| api::event(source, name));
        let Some((service, operation)) = *found else {
            return Err(format!("no API has the event `{name}` of `{source}`"));
        };
        let call = Call {
            service: service.name.to_owned(),
            operation: operation.to_owned(),
            arguments: arguments(service, record.get("requestParameters")),
            rest_unknown: None,
        };
        let needs = api::needs(&call).map_err(|unknown| unknown.to_string())?;
        // Of a call that needs several actions nobody says which of the resources is whose: the
        // source of a copy is none of those listed.
        let is_one =
            needs.windows(2).all(|pair| matches!(pair, [one, other] if one.action == other.action));
        let listed = if is_one { listed(record) } else { Vec::new() };
        let place = Deployed::of(record);
        let mut completed = Vec::new();
        for need in needs {
            let resource = place.fill(&need.resource);
            for resource in complete(resource, &need.action, &listed) {
                completed.push(Need { resource, ..need.clone() });
            }
        }
        completed.sort();
        completed.dedup();
        Ok(completed)
    }
}

fn arguments(service: &Service, parameters: Option<&Value>) -> Vec<(String, Argument)> {
    let Some(Value::Object(parameters)) = parameters else { return Vec::new() };
    let named = |name: &str| {
        let mut rows = RENAMED.iter();
        let row = rows.find(|row| row.0 == service.name && row.1.eq_ignore_ascii_case(name));
        row.map_or_else(|| name.to_owned(), |row| row.2.to_owned())
    };
    parameters.iter().map(|(name, value)| (named(name), argument(value))).collect()
}

fn argument(value: &Value) -> Argument {
    match value {
        Value::String(text) if text == HIDDEN => {
            Argument::Unknown("the record keeps it secret".to_owned())
        }
        Value::String(text) => Argument::Text(PartialText::known(text)),
        Value::Array(values) => match values.as_slice() {
            // Headers are lists of one.
            [Value::String(text)] => Argument::Text(PartialText::known(text)),
            values => Argument::List(values.iter().map(argument).collect()),
        },
        Value::Object(members) => {
            let entry = |(name, value)| (PartialText::known(name), argument(value));
            Argument::Map(members.iter().map(entry).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Argument::Other,
    }
}

/// The ARNs that a record lists.
fn listed(record: &Map<String, Value>) -> Vec<&str> {
    let resources = record.get("resources").and_then(Value::as_array);
    let arns = resources.into_iter().flatten().filter_map(|resource| {
        let resource = resource.as_object()?;
        ["ARN", "arn", "resourceARN"].iter().find_map(|key| resource.get(*key)?.as_str())
    });
    arns.filter(|arn| Arn::parse(arn).is_some_and(|arn| !arn.partition.is_empty())).collect()
}

/// Where a call was made.
struct Deployed {
    partition: String,
    region: Option<String>,
    account: Option<String>,
}

impl Deployed {
    fn of(record: &Map<String, Value>) -> Self {
        let text = |key: &str| record.get(key)?.as_str().map(str::to_owned);
        let identity = record.get("userIdentity").and_then(|identity| identity.get("arn"));
        let partition = identity.and_then(Value::as_str).and_then(Arn::parse);
        Self {
            partition: partition.map_or("aws", |arn| arn.partition).to_owned(),
            region: text("awsRegion"),
            account: text("recipientAccountId"),
        }
    }

    /// An ARN with what the record says of the place.
    fn fill(&self, resource: &PartialText) -> PartialText {
        let mut filled = PartialText::default();
        for part in resource.parts() {
            let known = match part {
                Part::Pseudo(Pseudo::Partition) => Some(&self.partition),
                Part::Pseudo(Pseudo::Region) => self.region.as_ref(),
                Part::Pseudo(Pseudo::Account) => self.account.as_ref(),
                _ => None,
            };
            filled.push(known.map_or_else(|| part.clone(), |text| Part::Literal(text.clone())));
        }
        filled
    }
}

/// The resource, or where it is not wholly known those that the record lists and that it may be.
fn complete(resource: PartialText, action: &str, listed: &[&str]) -> Vec<PartialText> {
    let is_all = resource.literal() == Some("*");
    let can_be_narrowed = iam::actions::lookup(action).is_some_and(|it| it.is_scopable());
    if resource.literal().is_some() && !(is_all && can_be_narrowed) {
        return vec![resource];
    }
    let pattern = resource.with_holes("*");
    let service = action.split(':').next().unwrap_or_default();
    let of_service = listed.iter().filter(|arn| {
        Arn::parse(arn).is_some_and(|arn| arn.service == service)
            && iam::arn::resource_matches(&pattern, arn)
    });
    let found: Vec<_> = of_service.map(|arn| PartialText::known(*arn)).collect();
    if found.is_empty() { vec![resource] } else { found }
}
