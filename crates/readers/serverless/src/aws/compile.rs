//! The compiled template: what the framework generates under what the author writes.

use text::Problem;

use super::super::service::merged;
use super::template::Template;
use documents::value::{Kind, Member, Value};

/// Merges the `resources` section over the generated resources, and applies its extensions.
pub(super) fn compile(
    template: &Template,
    resources: &Value,
    problems: &mut Vec<Problem>,
) -> Value {
    let span = resources.span;
    let generated = template.resources.iter().map(|resource| {
        let mut members = vec![("Type", Value::text(&*resource.kind, resource.origin.said))];
        if let Some(condition) = &resource.condition {
            members.push(("Condition", condition.clone()));
        }
        members.push(("Properties", resource.properties.clone()));
        Member {
            key: resource.id.as_str().into(),
            key_span: resource.origin.said,
            value: Value::map(members, resource.origin.extent),
        }
    });
    let generated = Value::new(Kind::Map(generated.collect()), span);
    let mut compiled = Value::map([("Resources", generated)], span);
    let sections = match &resources.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![resources],
    };
    let mut extensions = Vec::new();
    for section in sections {
        match &section.kind {
            Kind::Null => {}
            Kind::Map(members) => {
                let mut kept = Vec::new();
                for member in members {
                    match (&*member.key, &member.value.kind) {
                        ("extensions", _) => extensions.extend(member.value.members().iter()),
                        ("Resources", Kind::Map(resources)) => {
                            let value = Value::new(
                                Kind::Map(readable(resources, problems)),
                                member.value.span,
                            );
                            kept.push(Member { value, ..member.clone() });
                        }
                        (
                            "Resources" | "Conditions" | "Parameters" | "Mappings" | "Outputs",
                            Kind::Unknown(why),
                        ) => {
                            problems.push(unread(&format!("`{}`", member.key), why, &member.value));
                        }
                        _ => kept.push(member.clone()),
                    }
                }
                compiled = merged(&compiled, &Value::new(Kind::Map(kept), section.span));
            }
            Kind::Unknown(why) => problems.push(unread("`resources`", why, section)),
            _ => problems.push(Problem::incomplete(
                "a mapping with `Resources` was expected here",
                section.span.into(),
            )),
        }
    }
    for extension in extensions {
        extend(&mut compiled, extension, problems);
    }
    compiled
}

fn unread(what: &str, why: &str, value: &Value) -> Problem {
    Problem::incomplete(format!("{what} could not be read: {why}"), value.span.into())
}

/// The resources that are known, a problem for each other.
fn readable(resources: &[Member], problems: &mut Vec<Problem>) -> Vec<Member> {
    let mut kept = Vec::new();
    for member in resources {
        match &member.value.kind {
            Kind::Unknown(why) => {
                let what = format!("resource `{}`", member.key);
                problems.push(unread(&what, why, &member.value));
            }
            _ => kept.push(member.clone()),
        }
    }
    kept
}

/// Applies one extension: properties are replaced one by one, other attributes wholly.
fn extend(compiled: &mut Value, extension: &Member, problems: &mut Vec<Problem>) {
    let resource = member_mut(compiled, "Resources")
        .and_then(|resources| member_mut(resources, &extension.key));
    let Some(resource) = resource else {
        problems.push(
            Problem::advice(
                format!("extension of `{}`, which is no resource", extension.key),
                extension.key_span.into(),
            )
            .help("use the logical id that the framework generates"),
        );
        return;
    };
    for attribute in extension.value.members() {
        if &*attribute.key == "Properties"
            && let Some(properties) = member_mut(resource, "Properties")
        {
            for property in attribute.value.members() {
                replace(properties, property.clone());
            }
        } else {
            replace(resource, attribute.clone());
        }
    }
}

fn member_mut<'a>(value: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match &mut value.kind {
        Kind::Map(members) => {
            members.iter_mut().find(|member| &*member.key == key).map(|member| &mut member.value)
        }
        _ => None,
    }
}

fn replace(map: &mut Value, member: Member) {
    if let Kind::Map(members) = &mut map.kind {
        match members.iter_mut().find(|other| other.key == member.key) {
            Some(other) => *other = member,
            None => members.push(member),
        }
    }
}
