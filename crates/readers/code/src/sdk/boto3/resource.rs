//! Resources, from boto3's own models: `dynamodb.Table("orders").get_item(…)`.

use iam::api::{Argument, Filled, Member, MemberKind, Model, REGION};
use text::{PartialText, Span};

use super::{is_same, object_value, results, service_of, transfer};
use crate::evaluate::{Arguments, Evaluator, Object, Value};
use crate::sdk::request::{CREDENTIALS, of_client};

/// Members that are no part of the model and call nothing.
const HARMLESS: &[&str] = &["exceptions", "get_available_subresources", "dict", "__class__"];

/// A member of a resource.
pub(super) fn member(
    evaluator: &mut Evaluator<'_>,
    resource: &Object,
    name: &str,
    at: Span,
) -> Option<Value> {
    let service = service_of(resource)?;
    if name == "meta" {
        let client = object_value("client", service.name, "", of_session(resource));
        let values = vec![("client".to_owned(), client)];
        return Some(object_value("meta", service.name, "", values));
    }
    if let Some((_, value)) =
        resource.values.iter().find(|(identifier, _)| is_same(identifier, name))
    {
        return Some(value.clone());
    }
    if HARMLESS.contains(&name) || name.starts_with('_') {
        return Some(Value::Data);
    }
    let model = service.model(&resource.name)?;
    if is_own_method(resource, name) {
        return Some(action(resource, name));
    }
    match find(model, name) {
        Some(member) if member.kind == MemberKind::Many => {
            let mut values = resource.values.clone();
            values.push(("model".to_owned(), Value::text(resource.name.as_str())));
            Some(object_value("collection", service.name, &member.name, values))
        }
        // An attribute that refers to another resource: `object.Bucket` is a call, `instance.vpc` not.
        Some(member)
            if member.kind == MemberKind::Has && !takes_input(member) && !starts_upper(name) =>
        {
            Some(made(evaluator, resource, member, &Arguments::default(), &Value::Data))
        }
        Some(_) => Some(action(resource, name)),
        None if resource.name.is_empty() => service.model(name).map(|_| action(resource, name)),
        // An operation that the models do not know is no attribute.
        None if service.operation(name).is_some() => None,
        None => Some(attribute(evaluator, resource, model, at)),
    }
}

fn action(resource: &Object, name: &str) -> Value {
    let mut values = resource.values.clone();
    values.push(("model".to_owned(), Value::text(resource.name.as_str())));
    object_value("action", &resource.service, name, values)
}

/// Methods that boto3 adds to the models.
fn is_own_method(resource: &Object, name: &str) -> bool {
    match (resource.service.as_str(), resource.name.as_str()) {
        ("dynamodb", "Table") => name == "batch_writer",
        ("s3", "Bucket" | "Object" | "ObjectSummary") => transfer::is_method(name),
        _ => false,
    }
}

/// An attribute that is no identifier is loaded when it is first read.
fn attribute(evaluator: &mut Evaluator<'_>, resource: &Object, model: &Model, at: Span) -> Value {
    let load = model.members.iter().find(|member| member.kind == MemberKind::Load);
    if let Some(load) = load
        && resource.value("loaded").is_none()
    {
        tell(evaluator, resource, load, &Arguments::default(), at);
    }
    Value::Data
}

/// A method of a resource is called.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    action: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let resource = owner(action)?;
    let model = service_of(&resource)?.model(&resource.name)?;
    if is_own_method(&resource, &action.name) {
        if action.name == "batch_writer" {
            return Some(object_value("batch", &resource.service, "", resource.values));
        }
        return transfer::call(evaluator, &resource, &action.name, arguments, at);
    }
    let Some(member) = find(model, &action.name) else {
        return constructed(&resource, &action.name, arguments);
    };
    if member.kind == MemberKind::Has {
        return Some(made(evaluator, &resource, member, arguments, &Value::Data));
    }
    let response = tell(evaluator, &resource, member, arguments, at);
    if member.returns.is_empty() {
        return Some(response);
    }
    let one = made(evaluator, &resource, member, arguments, &response);
    Some(match member.identifiers.iter().any(|filled| filled.path.contains("[]")) {
        true => evaluator.list(Vec::new(), Some(one)),
        false => one,
    })
}

/// Any kind of resource by its identifiers: the service's own resource makes them all.
fn constructed(resource: &Object, name: &str, arguments: &Arguments) -> Option<Value> {
    let model = service_of(resource)?.model(name)?;
    let mut values = of_session(resource);
    for (position, identifier) in model.identifiers.iter().enumerate() {
        let named = arguments.names.iter().find(|(name, _)| is_same(name, identifier));
        let value = named.map(|(_, value)| value).or(arguments.positions.get(position));
        values.push((identifier.clone(), value.cloned().unwrap_or(Value::Data)));
    }
    Some(object_value("resource", &resource.service, name, values))
}

/// A member of a collection.
pub(super) fn collection_member(collection: &Object, name: &str) -> Option<Value> {
    Some(object_value("collection method", &collection.service, name, {
        let mut values = collection.values.clone();
        values.push(("collection".to_owned(), Value::text(collection.name.as_str())));
        values
    }))
}

/// A method of a collection is called: what asks for elements calls its operation.
pub(super) fn call_collection(
    evaluator: &mut Evaluator<'_>,
    method: &Object,
    arguments: &Arguments,
    at: Span,
) -> Option<Value> {
    let name = method.value("collection").and_then(Value::literal)?.to_owned();
    let resource = owner(method)?;
    let service = service_of(&resource)?;
    let member = find(service.model(&resource.name)?, &name)?;
    let is_asked = method.value("asked").is_some();
    if !is_asked {
        tell(evaluator, &resource, member, arguments, at);
    }
    let mut values = method.values.clone();
    values.retain(|(key, _)| key != "collection");
    if !is_asked {
        values.push(("asked".to_owned(), Value::Truth(true)));
    }
    let collection = Object { kind: "collection", service: service.name.to_owned(), name, values };
    if matches!(method.name.as_str(), "all" | "filter" | "limit" | "page_size") {
        return Some(Value::Object(collection.into()));
    }
    let element = made(evaluator, &resource, member, &Arguments::default(), &Value::Data);
    if method.name == "pages" {
        let page = evaluator.list(Vec::new(), Some(element));
        return Some(evaluator.list(Vec::new(), Some(page)));
    }
    // A method for all elements: `bucket.objects.delete()`.
    let Value::Object(element) = element else { return Some(Value::Data) };
    let batch = service.model(&element.name).and_then(|model| {
        model.members_named(&method.name).find(|member| member.kind == MemberKind::Batch)
    });
    match batch {
        Some(batch) => {
            tell(evaluator, &element, batch, arguments, at);
        }
        None => evaluator.unresolved(at, format!("`{}` of a collection is not known", method.name)),
    }
    Some(Value::Data)
}

/// What going through a collection gives.
pub(super) fn element(
    evaluator: &mut Evaluator<'_>,
    collection: &Object,
    at: Span,
) -> Option<Value> {
    let resource = owner(collection)?;
    let member = find(service_of(&resource)?.model(&resource.name)?, &collection.name)?;
    if collection.value("asked").is_none() {
        tell(evaluator, &resource, member, &Arguments::default(), at);
    }
    Some(made(evaluator, &resource, member, &Arguments::default(), &Value::Data))
}

/// The resource that a method or collection belongs to.
fn owner(object: &Object) -> Option<Object> {
    let model = object.value("model").and_then(Value::literal)?.to_owned();
    let mut values = object.values.clone();
    values.retain(|(key, _)| !matches!(key.as_str(), "model" | "collection" | "asked"));
    Some(Object { kind: "resource", service: object.service.clone(), name: model, values })
}

/// What is handed on to everything that a resource makes.
fn of_session(object: &Object) -> Vec<(String, Value)> {
    let values = object.values.iter().filter(|(key, _)| key == CREDENTIALS || key == REGION);
    values.cloned().collect()
}

/// Of several members of a name, the method; batches belong to collections.
fn find<'model>(model: &'model Model, name: &str) -> Option<&'model Member> {
    if let Some(waiter) = name.strip_prefix("wait_until_") {
        let wait = model.members_named(waiter).find(|member| member.kind == MemberKind::Wait);
        return wait.or_else(|| model.members_named(name).next());
    }
    let is_class = starts_upper(name);
    let mut found = model.members_named(name).filter(|member| member.kind != MemberKind::Batch);
    let preferred = model.members_named(name).find(|member| {
        (member.kind == MemberKind::Has) == is_class && member.kind != MemberKind::Batch
    });
    preferred.or_else(|| found.next())
}

fn starts_upper(name: &str) -> bool {
    name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

fn takes_input(member: &Member) -> bool {
    member.identifiers.iter().any(|filled| filled.source == "input")
}

/// Tells the operation that a member calls, with what it fills in; gives the response.
fn tell(
    evaluator: &mut Evaluator<'_>,
    resource: &Object,
    member: &Member,
    arguments: &Arguments,
    at: Span,
) -> Value {
    let Some(service) = service_of(resource) else { return Value::Data };
    let operation = match member.kind {
        MemberKind::Wait => service.waiter(&member.operation),
        _ => service.operation(&member.operation),
    };
    let Some(operation) = operation else { return Value::Data };
    let mut named = evaluator.named_arguments(arguments);
    for filled in &member.parameters {
        let argument = match filled.source.as_str() {
            "identifier" => resource.value(&filled.path).map(|value| evaluator.argument(value)),
            "string" => Some(Argument::Text(PartialText::known(filled.path.as_str()))),
            "data" => Some(Argument::Unknown("data of the resource".to_owned())),
            _ => Some(Argument::Other),
        };
        if let Some(argument) = argument {
            put(&mut named, &filled.target, argument);
        }
    }
    if resource.value(CREDENTIALS).is_none() {
        named.extend(of_client(evaluator, resource));
        evaluator.api_call(at, service.name, operation, named, arguments.rest_unknown.clone());
    }
    results::of(evaluator, service.name, operation, arguments)
}

/// Puts an argument at a path: `Delete.Objects[].Key`.
fn put(named: &mut Vec<(String, Argument)>, path: &str, argument: Argument) {
    let mut steps = path.split('.');
    let Some(first) = steps.next() else { return };
    let mut value = argument;
    let rest: Vec<&str> = steps.collect();
    for step in rest.iter().rev() {
        let (name, is_list) = step_of(step);
        value = Argument::Map(vec![(PartialText::known(name), listed(value, is_list))]);
    }
    let (name, is_list) = step_of(first);
    if !named.iter().any(|(known, _)| known == name) {
        named.push((name.to_owned(), listed(value, is_list)));
    }
}

fn step_of(step: &str) -> (&str, bool) {
    match step.split_once('[') {
        Some((name, _)) => (name, true),
        None => (step, false),
    }
}

fn listed(value: Argument, is_list: bool) -> Argument {
    if is_list { Argument::List(vec![value]) } else { value }
}

/// The resource that a member gives, with its identifiers.
fn made(
    evaluator: &mut Evaluator<'_>,
    resource: &Object,
    member: &Member,
    arguments: &Arguments,
    response: &Value,
) -> Value {
    let mut values = of_session(resource);
    let mut inputs = 0;
    for filled in &member.identifiers {
        let value = identifier(evaluator, resource, filled, arguments, response, &mut inputs);
        values.push((filled.target.clone(), value));
    }
    if member.kind == MemberKind::Many {
        values.push(("loaded".to_owned(), Value::Truth(true)));
    }
    object_value("resource", &resource.service, &member.returns, values)
}

fn identifier(
    evaluator: &mut Evaluator<'_>,
    resource: &Object,
    filled: &Filled,
    arguments: &Arguments,
    response: &Value,
    inputs: &mut usize,
) -> Value {
    match filled.source.as_str() {
        "identifier" => resource.value(&filled.path).cloned().unwrap_or(Value::Data),
        "input" => {
            let named = arguments.names.iter().find(|(name, _)| is_same(name, &filled.target));
            let value = named.map(|(_, value)| value).or(arguments.positions.get(*inputs));
            *inputs += 1;
            value.cloned().unwrap_or(Value::Data)
        }
        "requestParameter" => arguments.named(&filled.path).cloned().unwrap_or(Value::Data),
        "response" => match response {
            Value::Map(address) => {
                let map = evaluator.heap.map(*address).cloned().unwrap_or_default();
                let key = Value::text(filled.path.as_str());
                let entry = map.entries.into_iter().find(|(known, _)| *known == key);
                entry.map_or(Value::Data, |(_, value)| value)
            }
            _ => Value::Data,
        },
        _ => Value::Data,
    }
}
