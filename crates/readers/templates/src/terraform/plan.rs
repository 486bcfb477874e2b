//! Plans in JSON: what Terraform itself evaluated, with references from the configuration where a
//! value is known only after apply.
//!
//! Source: "JSON Output Format" of the Terraform documentation.

use std::collections::HashMap;

use app_graph::Framework;
use text::{EntityId, PartialText};

use super::assemble;
use super::declare::{Draft, flattened};
use super::evaluate::{Evaluator, put};
use super::mapping;
use super::values;
use crate::declaration::{Declaration, Declared, Maker};
use crate::value::{Kind, Member, Value};
use crate::{Files, Options};

/// Deepest nesting of modules and blocks.
const DEEPEST: usize = 24;

/// A resource of the configuration: its expressions, by address without indices.
type Expressions<'a> = HashMap<String, &'a Value>;

pub(super) fn read(path: &str, files: &Files, options: &Options) -> Option<Declared> {
    let document = files.document(path).ok()?;
    let plan = document.get()?.value.as_ref()?;
    let root = plan.get("planned_values").or_else(|| plan.get("values"))?.get("root_module")?;
    let mut expressions = Expressions::new();
    if let Some(module) = plan.get("configuration").and_then(|it| it.get("root_module")) {
        configured(module, "", 0, &mut expressions);
    }
    let mut resources: Vec<&Value> = Vec::new();
    planned(root, 0, &mut resources);
    let addresses: Vec<&str> =
        resources.iter().filter_map(|resource| resource.get("address")?.as_str()).collect();
    let evaluator = Evaluator::new(files, options);
    let mut drafts = Vec::new();
    for resource in &resources {
        drafts.extend(draft(&evaluator, resource, &expressions, &addresses));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    Some(Declared {
        name: name.trim_end_matches(".json").to_owned(),
        root: files.shown(path),
        framework: Framework::Terraform,
        declarations: assemble::assemble(drafts),
        problems: evaluator.problems.into_inner(),
        not_read: evaluator.not_read.into_inner(),
        files: vec![files.shown(path)],
    })
}

fn planned<'a>(module: &'a Value, depth: usize, resources: &mut Vec<&'a Value>) {
    if depth > DEEPEST {
        return;
    }
    let own = module.get("resources").map(Value::items).unwrap_or_default();
    resources.extend(
        own.iter().filter(|resource| resource.get("mode").and_then(Value::as_str) != Some("data")),
    );
    for child in module.get("child_modules").map(Value::items).unwrap_or_default() {
        planned(child, depth + 1, resources);
    }
}

fn configured<'a>(module: &'a Value, path: &str, depth: usize, found: &mut Expressions<'a>) {
    if depth > DEEPEST {
        return;
    }
    for resource in module.get("resources").map(Value::items).unwrap_or_default() {
        let address = resource.get("address").and_then(Value::as_str);
        if let (Some(address), Some(expressions)) = (address, resource.get("expressions")) {
            found.insert(format!("{path}{address}"), expressions);
        }
    }
    for call in module.get("module_calls").map(Value::members).unwrap_or_default() {
        if let Some(child) = call.value.get("module") {
            configured(child, &format!("{path}module.{}.", call.key), depth + 1, found);
        }
    }
}

/// An address without the indices of its modules and itself.
fn without_indices(address: &str) -> String {
    let mut plain = String::new();
    let (mut depth, mut quoted) = (0, false);
    for letter in address.chars() {
        match letter {
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            letter if depth == 0 => plain.push(letter),
            _ => {}
        }
    }
    plain
}

fn draft(
    evaluator: &Evaluator<'_>,
    resource: &Value,
    expressions: &Expressions<'_>,
    addresses: &[&str],
) -> Option<Draft> {
    let address_value = resource.get("address")?;
    let address = address_value.as_str()?;
    let kind = resource.get("type").and_then(Value::as_str)?;
    let mut body = resource.get("values").cloned()?;
    let name = resource.get("name").and_then(Value::as_str).unwrap_or_default();
    let local = format!("{kind}.{name}");
    // What stands before `TYPE.NAME` are the modules.
    let prefix = address.rfind(&local).and_then(|at| address.get(..at)).unwrap_or_default();
    if let Some(expressions) = expressions.get(&without_indices(address)) {
        fill(&mut body, expressions, prefix, addresses, 0);
    }
    let table = mapping::resource(kind);
    let properties = match table {
        Some(table) => mapping::properties(evaluator, table, &body),
        None => flattened(body.clone()),
    };
    let own = table.filter(|table| table.merged_by.is_empty());
    Some(Draft {
        declaration: Declaration {
            id: EntityId::new(address),
            name: address.to_owned(),
            kind: own.map_or(kind, |table| table.kind).to_owned(),
            type_name: kind.to_owned(),
            said: address_value.span,
            extent: resource.span,
            properties: values::finished_tree(properties),
            condition: None,
            construct: None,
            insertion: None,
            allowances: Vec::new(),
            made_by: Maker::Author,
        },
        arguments: values::finished_tree(body),
    })
}

/// Gives arguments that are known only after apply what the configuration says of them.
fn fill(body: &mut Value, expressions: &Value, prefix: &str, addresses: &[&str], depth: usize) {
    let Kind::Map(members) = &mut body.kind else { return };
    if depth > DEEPEST {
        return;
    }
    for Member { key, key_span, value: expression } in expressions.members() {
        let known = members.iter_mut().find(|member| member.key == *key);
        match &expression.kind {
            Kind::List(blocks) => {
                let Some(Member { value: Value { kind: Kind::List(items), .. }, .. }) = known
                else {
                    continue;
                };
                for (item, block) in items.iter_mut().zip(blocks) {
                    fill(item, block, prefix, addresses, depth + 1);
                }
            }
            _ if known.as_ref().is_some_and(|member| !member.value.is_null()) => {}
            _ => {
                if let Some(references) = expression.get("references") {
                    let value = referred(references, prefix, addresses);
                    put(members, key.to_string(), *key_span, value);
                }
            }
        }
    }
}

/// The one attribute that an expression refers to, or why there is no telling.
fn referred(references: &Value, prefix: &str, addresses: &[&str]) -> Value {
    let span = references.span;
    let words: Vec<&str> = references.items().iter().filter_map(Value::as_str).collect();
    // `aws_iam_role.r.arn` is followed by `aws_iam_role.r`: the longest says it all.
    let own: Vec<&&str> = words
        .iter()
        .filter(|word| {
            !words.iter().any(|other| other.len() > word.len() && other.starts_with(**word))
        })
        .collect();
    let [word] = own.as_slice() else {
        return Value::unknown("known only after apply, from several values", span);
    };
    let plain = without_indices(word);
    let mut parts = plain.split('.');
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if matches!(kind, "var" | "local" | "data" | "module" | "each" | "count" | "path") {
        return Value::unknown(format!("`{word}` is known only after apply"), span);
    }
    let exact = format!("{prefix}{}", word.split_inclusive('.').take(2).collect::<String>());
    let exact = exact.trim_end_matches('.');
    let wanted = format!("{}{kind}.{name}", without_indices(prefix));
    let target = addresses
        .iter()
        .find(|address| **address == exact)
        .or_else(|| addresses.iter().find(|address| without_indices(address) == wanted));
    let Some(target) = target else {
        return Value::unknown(format!("`{word}` is known only after apply"), span);
    };
    let attribute = parts.next().unwrap_or("id");
    let attribute = match mapping::attribute(kind, attribute) {
        Some(attribute) => attribute.to_owned(),
        None if kind.starts_with("aws_") => mapping::camel_case(attribute),
        None => attribute.to_owned(),
    };
    let reference = PartialText::reference(EntityId::new(target), &attribute);
    Value::new(Kind::Text(reference), span)
}
