use app_graph::{AppGraph, Entity};
use finding::{Finding, Fix, Severity};
use serde::Deserialize;

use crate::rules::Rules;

/// A finding as a policy writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule: String,
    severity: String,
    message: String,
    name: String,
    fix: Option<String>,
}

/// What a name means in an application.
enum Named<'a> {
    Function(&'a Entity),
    Role(&'a Entity),
    Resource(&'a Entity),
}

/// The finding that a policy wrote, or why it is none.
pub(crate) fn finding(
    value: serde_json::Value,
    graph: &AppGraph,
    rules: &Rules,
) -> Result<Finding, String> {
    let written: Written = serde_json::from_value(value)
        .map_err(|error| format!("a finding is not of the expected shape: {error}"))?;
    let severity: Severity = written.severity.parse()?;
    let rule = rules.get(&written.rule, severity)?;
    if written.message.trim().is_empty() {
        return Err(format!("a finding of `{}` has no message", written.rule));
    }
    let named = named(&written.name, graph).map_err(|why| format!("`{}`: {why}", written.rule))?;
    let (Named::Function(entity) | Named::Role(entity) | Named::Resource(entity)) = named;
    // Several findings of one rule on one subject differ in nothing but their message.
    let finding = Finding::new(rule, entity.said, written.message.clone())
        .cause(written.message)
        .when(entity.condition.as_deref());
    let finding = match named {
        Named::Function(entity) => finding.function(entity),
        Named::Role(entity) => finding.role(entity),
        Named::Resource(entity) => finding.resource(entity),
    };
    Ok(match written.fix {
        Some(summary) => finding.fix(Fix::advice(summary)),
        None => finding,
    })
}

/// Looks a name up: as an id, else as the name of a function, role, resource or trigger, in this
/// order. A name that several of one kind bear stands for none.
fn named<'a>(name: &str, graph: &'a AppGraph) -> Result<Named<'a>, String> {
    let kinds: [Vec<Named<'a>>; 4] = [
        graph.functions.iter().map(|found| Named::Function(&found.entity)).collect(),
        graph.identities.iter().map(|found| Named::Role(&found.entity)).collect(),
        graph.resources.iter().map(|found| Named::Resource(&found.entity)).collect(),
        graph.triggers.iter().map(|found| Named::Resource(&found.entity)).collect(),
    ];
    let entity = |named: &Named<'a>| match named {
        Named::Function(entity) | Named::Role(entity) | Named::Resource(entity) => *entity,
    };
    let mut by_name = None;
    for kind in kinds {
        let mut same = Vec::new();
        for found in kind {
            if entity(&found).id.as_str() == name {
                return Ok(found);
            }
            if entity(&found).name == name {
                same.push(found);
            }
        }
        if by_name.is_none() && !same.is_empty() {
            by_name = Some(same);
        }
    }
    let mut same = by_name.unwrap_or_default();
    match (same.pop(), same.len()) {
        (Some(found), 0) => Ok(found),
        (Some(_), more) => {
            Err(format!("{} things are called `{name}`: give the `id` as `name`", more + 1))
        }
        (None, _) => Err(format!("nothing in the application is called `{name}`")),
    }
}
