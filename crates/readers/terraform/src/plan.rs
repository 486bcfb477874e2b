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
use super::policy_document;
use super::values;
use documents::declaration::{Declaration, Declared, Maker};
use documents::value::{Kind, Member, Value};
use documents::{Files, Options};

/// Deepest nesting of modules and blocks.
const DEEPEST: usize = 24;

/// Arguments that hold a document: an expression that refers to something is not that thing.
const DOCUMENTS: &[&str] = &[
    "access_policy",
    "assume_role_policy",
    "body",
    "definition",
    "event_pattern",
    "filter_policy",
    "inline_policy",
    "policy",
    "redrive_policy",
    "schema",
];

/// What the configuration and the plan say beside the planned values; by addresses without indices.
#[derive(Default)]
struct Configuration<'a> {
    /// The expressions of resources and data sources.
    expressions: HashMap<String, &'a Value>,
    /// The arguments of module calls: `module.queue.`.
    calls: HashMap<String, &'a Value>,
    /// Policy documents that are read during apply, as far as they are known: by address.
    documents: HashMap<&'a str, Value>,
    /// Addresses of all planned resources.
    addresses: Vec<&'a str>,
}

/// The resource whose expressions are read.
struct Instance<'a> {
    /// The modules it stands in, with their indices: `module.queue["a"].`.
    prefix: &'a str,
    /// Its own index.
    index: Option<&'a Value>,
}

pub(super) fn read(path: &str, files: &Files, options: &Options) -> Option<Declared> {
    let document = files.document(path).ok()?;
    let plan = document.get()?.value.as_ref()?;
    let root = plan.get("planned_values").or_else(|| plan.get("values"))?.get("root_module")?;
    let mut configuration = Configuration::default();
    if let Some(module) = plan.get("configuration").and_then(|it| it.get("root_module")) {
        configured(module, "", 0, &mut configuration);
    }
    let mut resources: Vec<&Value> = Vec::new();
    planned(root, 0, &mut resources);
    configuration.addresses =
        resources.iter().filter_map(|resource| resource.get("address")?.as_str()).collect();
    let evaluator = Evaluator::new(files, options);
    read_documents(&evaluator, plan, &mut configuration);
    let drafts = resources
        .iter()
        .filter_map(|resource| draft(&evaluator, resource, &configuration))
        .collect();
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

fn configured<'a>(module: &'a Value, path: &str, depth: usize, found: &mut Configuration<'a>) {
    if depth > DEEPEST {
        return;
    }
    for resource in module.get("resources").map(Value::items).unwrap_or_default() {
        let address = resource.get("address").and_then(Value::as_str);
        if let (Some(address), Some(expressions)) = (address, resource.get("expressions")) {
            found.expressions.insert(format!("{path}{address}"), expressions);
        }
    }
    for call in module.get("module_calls").map(Value::members).unwrap_or_default() {
        let inner = format!("{path}module.{}.", call.key);
        if let Some(expressions) = call.value.get("expressions") {
            found.calls.insert(inner.clone(), expressions);
        }
        if let Some(child) = call.value.get("module") {
            configured(child, &inner, depth + 1, found);
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
    configuration: &Configuration<'_>,
) -> Option<Draft> {
    let address_value = resource.get("address")?;
    let address = address_value.as_str()?;
    let kind = resource.get("type").and_then(Value::as_str)?;
    // Where nothing at all is known before apply, the plan gives no values.
    let body = resource.get("values").filter(|values| !values.is_null()).cloned();
    let mut body = body.unwrap_or_else(|| Value::new(Kind::Map(Vec::new()), resource.span));
    let name = resource.get("name").and_then(Value::as_str).unwrap_or_default();
    let local = format!("{kind}.{name}");
    // What stands before `TYPE.NAME` are the modules.
    let prefix = address.rfind(&local).and_then(|at| address.get(..at)).unwrap_or_default();
    if let Some(expressions) = configuration.expressions.get(&without_indices(address)) {
        let instance = Instance { prefix, index: resource.get("index") };
        forget_defaults(&mut body, expressions);
        fill(&mut body, expressions, &instance, configuration, 0);
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

/// Takes away the numbers that the provider fills in: what nobody wrote is unset, as it is in the
/// configuration itself.
fn forget_defaults(body: &mut Value, expressions: &Value) {
    if let Kind::Map(members) = &mut body.kind {
        members.retain(|member| {
            !matches!(member.value.kind, Kind::Number(_)) || expressions.get(&member.key).is_some()
        });
    }
}

/// Gives arguments that are known only after apply what the configuration says of them.
fn fill(
    body: &mut Value,
    expressions: &Value,
    instance: &Instance<'_>,
    configuration: &Configuration<'_>,
    depth: usize,
) {
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
                    fill(item, block, instance, configuration, depth + 1);
                }
            }
            _ if known.as_ref().is_some_and(|member| !member.value.is_null()) => {}
            _ => {
                if let Some(references) = expression.get("references") {
                    let value = referred(references, key, instance, configuration, 0);
                    put(members, key.to_string(), *key_span, value);
                }
            }
        }
    }
}

/// The one attribute that an expression refers to, or why there is no telling.
fn referred(
    references: &Value,
    argument: &str,
    instance: &Instance<'_>,
    configuration: &Configuration<'_>,
    depth: usize,
) -> Value {
    let span = references.span;
    let words: Vec<&str> = references.items().iter().filter_map(Value::as_str).collect();
    // `aws_iam_role.r.arn` is followed by `aws_iam_role.r`: the longest says it all.
    let own: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| {
            !words.iter().any(|other| other.len() > word.len() && other.starts_with(word))
        })
        .collect();
    // An index that is the instance's own: `aws_iam_role.r[each.key]`.
    let indexing = ["each.key", "each.value", "count.index"];
    let is_indexed = own.len() == 2 && own.iter().any(|word| indexing.contains(word));
    let own: Vec<&str> =
        own.into_iter().filter(|word| !(is_indexed && indexing.contains(word))).collect();
    let [word] = own.as_slice() else {
        let names = own.join("`, `");
        return Value::unknown(format!("made of `{names}`, known only after apply"), span);
    };
    let unknown = || Value::unknown(format!("`{word}` is known only after apply"), span);
    let plain = without_indices(word);
    let mut parts = plain.split('.');
    let (kind, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    match kind {
        "var" => {
            let call = configuration.calls.get(&without_indices(instance.prefix));
            let passed = call.and_then(|call| call.get(name)?.get("references"));
            let Some(passed) = passed.filter(|_| depth < DEEPEST && parts.next().is_none()) else {
                return unknown();
            };
            let outer = Instance { prefix: outer_modules(instance.prefix), index: None };
            return referred(passed, argument, &outer, configuration, depth + 1);
        }
        "data" => {
            let at = format!("{}{}", instance.prefix, word.trim_end_matches(".json"));
            return configuration.documents.get(at.as_str()).cloned().unwrap_or_else(unknown);
        }
        "local" | "module" | "each" | "count" | "path" => return unknown(),
        _ if DOCUMENTS.contains(&argument) => return unknown(),
        _ => {}
    }
    let mut exact: String = word.split_inclusive('.').take(2).collect();
    exact.insert_str(0, instance.prefix);
    let mut exact = exact.trim_end_matches('.').to_owned();
    if is_indexed && let Some(index) = instance.index {
        let shown = index.scalar_text().unwrap_or_default();
        match index.as_str() {
            Some(key) => exact.push_str(&format!("[\"{key}\"]")),
            None => exact.push_str(&format!("[{shown}]")),
        }
    }
    let wanted = format!("{}{kind}.{name}", without_indices(instance.prefix));
    let addresses = &configuration.addresses;
    let target = addresses.iter().find(|address| **address == exact).or_else(|| {
        // One instance of several is none in particular.
        let mut instances = addresses.iter().filter(|address| without_indices(address) == wanted);
        instances.next().filter(|_| instances.next().is_none())
    });
    let Some(target) = target else { return unknown() };
    // Of `r[each.key].arn` the plan keeps only `r`.
    let attribute = parts.next().unwrap_or(match argument {
        argument if is_indexed && (argument == "role" || argument.ends_with("arn")) => "arn",
        _ => "id",
    });
    let attribute = match mapping::attribute(kind, attribute) {
        Some(attribute) => attribute.to_owned(),
        None if kind.starts_with("aws_") => mapping::camel_case(attribute),
        None => attribute.to_owned(),
    };
    let reference = PartialText::reference(EntityId::new(target), &attribute);
    Value::new(Kind::Text(reference), span)
}

/// The modules around the innermost one: of `module.a["x"].module.b.` it is `module.a["x"].`.
fn outer_modules(prefix: &str) -> &str {
    let inner = prefix.rfind("module.").unwrap_or_default();
    prefix.get(..inner).unwrap_or_default()
}

/// Takes the policy documents that depend on what apply makes: the plan holds their statements.
fn read_documents<'a>(
    evaluator: &Evaluator<'_>,
    plan: &'a Value,
    configuration: &mut Configuration<'a>,
) {
    for change in plan.get("resource_changes").map(Value::items).unwrap_or_default() {
        let text = |name: &str| change.get(name).and_then(Value::as_str);
        let (Some(address), Some("aws_iam_policy_document")) = (text("address"), text("type"))
        else {
            continue;
        };
        let Some(after) = change.get("change").and_then(|change| change.get("after")) else {
            continue;
        };
        let mut body = after.clone();
        open_up(&mut body, 0);
        let document = policy_document::document(evaluator, &body, change.span);
        configuration.documents.insert(address, document);
    }
}

/// Makes of what the plan leaves open in a list (`null`) something unknown, and leaves out of the
/// mappings what nobody wrote.
fn open_up(value: &mut Value, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match &mut value.kind {
        Kind::Map(members) => {
            let is_unset = |value: &Value| match &value.kind {
                Kind::List(items) => items.is_empty(),
                _ => value.is_null(),
            };
            members.retain(|member| !is_unset(&member.value));
            members.iter_mut().for_each(|member| open_up(&mut member.value, depth + 1));
        }
        Kind::List(items) => {
            for item in items {
                match item.is_null() {
                    true => *item = Value::unknown("known only after apply", item.span),
                    false => open_up(item, depth + 1),
                }
            }
        }
        _ => {}
    }
}
