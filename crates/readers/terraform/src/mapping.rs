//! The AWS provider's resources in CloudFormation's words, by the table `data/terraform_aws.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::convert;
use super::evaluate::{Evaluator, put};
use super::values;
use documents::value::{Alternative, Kind, Member, Value};

static TABLE: LazyLock<HashMap<&'static str, Resource>> =
    LazyLock::new(|| parse(include_str!("../data/terraform_aws.txt")));

/// One resource of the table.
#[derive(Debug, Default)]
pub(super) struct Resource {
    /// CloudFormation's type: its own, or the one it is merged onto.
    pub(super) kind: &'static str,
    /// Arguments that name the resource it is merged onto.
    pub(super) merged_by: Vec<&'static str>,
    rows: Vec<Row>,
    attributes: HashMap<&'static str, &'static str>,
}

#[derive(Debug)]
struct Row {
    from: Vec<Step>,
    to: Vec<Step>,
    conversion: &'static str,
}

/// A key of a path; `each` is written `[]`.
#[derive(Debug, Clone, Copy)]
struct Step {
    key: &'static str,
    each: bool,
}

/// The table's entry for a Terraform type; the provider knows all of `aws_lb` as `aws_alb` too.
pub(super) fn resource(kind: &str) -> Option<&'static Resource> {
    match kind.strip_prefix("aws_alb") {
        Some(rest) => TABLE.get(format!("aws_lb{rest}").as_str()),
        None => TABLE.get(kind),
    }
}

/// What an attribute of a Terraform type is called in CloudFormation, where others refer to it.
pub(super) fn attribute(kind: &str, name: &str) -> Option<&'static str> {
    match (resource(kind).and_then(|resource| resource.attributes.get(name)), name) {
        (Some(attribute), _) => Some(attribute),
        (None, "id") => Some("Ref"),
        (None, "arn") => Some("Arn"),
        _ => None,
    }
}

/// `memory_size` as `MemorySize`.
pub(super) fn camel_case(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn parse(text: &'static str) -> HashMap<&'static str, Resource> {
    let mut table: HashMap<&'static str, Resource> = HashMap::new();
    let mut current = "";
    for line in text.lines() {
        let words: Vec<&'static str> = line.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            [comment, ..] if comment.starts_with('#') => {}
            [name, "merge", kind, by] => {
                current = name;
                let merged_by = by.split('+').collect();
                table.insert(name, Resource { kind, merged_by, ..Resource::default() });
            }
            [name, kind] if !line.starts_with(' ') => {
                current = name;
                table.insert(name, Resource { kind, ..Resource::default() });
            }
            [from, to, rest @ ..] => {
                let Some(resource) = table.get_mut(current) else { continue };
                match from.strip_prefix('.') {
                    Some(attribute) => drop(resource.attributes.insert(attribute, to)),
                    None => resource.rows.push(Row {
                        from: steps(from),
                        to: steps(to),
                        conversion: rest.first().copied().unwrap_or_default(),
                    }),
                }
            }
            [_] => {}
        }
    }
    table
}

fn steps(path: &'static str) -> Vec<Step> {
    path.split('.')
        .map(|key| match key.strip_suffix("[]") {
            Some(key) => Step { key, each: true },
            None => Step { key, each: false },
        })
        .collect()
}

/// Evaluated arguments in CloudFormation's words.
pub(super) fn properties(evaluator: &Evaluator<'_>, resource: &Resource, body: &Value) -> Value {
    let mut properties = Value::new(Kind::Map(Vec::new()), body.span);
    for row in &resource.rows {
        for (indices, member) in collect(body, &row.from) {
            let value = convert::apply(evaluator, row.conversion, member.value);
            if value.is_null() {
                continue;
            }
            let spreads = row.conversion == "spread";
            let indices = if spreads { vec![0] } else { indices };
            place(&mut properties, &row.to, &indices, member.key_span, value);
        }
    }
    // Arguments without a row keep their names: what no rule reads does no harm, and nothing is
    // lost. Merged resources say only what their rows say.
    if resource.merged_by.is_empty() {
        let Kind::Map(own) = &mut properties.kind else { return properties };
        for member in body.members() {
            let listed = resource
                .rows
                .iter()
                .any(|row| row.from.first().is_some_and(|step| step.key == &*member.key));
            let block = matches!(&member.value.kind, Kind::List(items) if items.iter().any(|item| matches!(item.kind, Kind::Map(_))));
            if !listed && !block && !member.value.is_null() {
                let name = camel_case(&member.key);
                if !own.iter().any(|known| *known.key == *name) {
                    let value = convert::path_as_written(member.value.clone());
                    put(own, name, member.key_span, value);
                }
            }
        }
    }
    properties
}

/// What stands at a path: the indices of the blocks on the way, and the value.
fn collect(value: &Value, path: &[Step]) -> Vec<(Vec<usize>, Member)> {
    let Some((step, rest)) = path.split_first() else { return Vec::new() };
    match &value.kind {
        Kind::Unknown(_) => {
            let indices = path.iter().filter(|step| step.each).map(|_| 0).collect();
            let member =
                Member { key: step.key.into(), key_span: value.span, value: value.clone() };
            vec![(indices, member)]
        }
        Kind::Branches(alternatives) => branched(alternatives, value, path),
        Kind::List(items) => items.first().map(|item| collect(item, path)).unwrap_or_default(),
        Kind::Map(_) => match value.member(step.key) {
            Some(member) if rest.is_empty() && !step.each => vec![(Vec::new(), member.clone())],
            Some(member) if step.each => each(member, rest),
            Some(member) => collect(&member.value, rest),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn each(member: &Member, rest: &[Step]) -> Vec<(Vec<usize>, Member)> {
    match &member.value.kind {
        Kind::List(items) => {
            let mut found = Vec::new();
            for (index, item) in items.iter().enumerate() {
                if rest.is_empty() {
                    found.push((vec![index], Member { value: item.clone(), ..member.clone() }));
                }
                for (mut indices, member) in collect(item, rest) {
                    indices.insert(0, index);
                    found.push((indices, member));
                }
            }
            found
        }
        Kind::Branches(alternatives) => {
            let step = Step { key: "", each: true };
            let wrapped: Vec<Alternative> = alternatives
                .iter()
                .map(|alternative| {
                    let inner = Member {
                        key: "".into(),
                        value: alternative.value.clone(),
                        ..member.clone()
                    };
                    Alternative {
                        condition: alternative.condition.clone(),
                        value: Value::new(Kind::Map(vec![inner]), member.value.span),
                    }
                })
                .collect();
            let path: Vec<Step> = std::iter::once(step).chain(rest.iter().copied()).collect();
            branched(&wrapped, &member.value, &path)
        }
        _ => collect(&member.value, rest)
            .into_iter()
            .map(|(mut indices, member)| {
                indices.insert(0, 0);
                (indices, member)
            })
            .collect(),
    }
}

fn branched(
    alternatives: &[Alternative],
    value: &Value,
    path: &[Step],
) -> Vec<(Vec<usize>, Member)> {
    let outcomes: Vec<Vec<(Vec<usize>, Member)>> =
        alternatives.iter().map(|alternative| collect(&alternative.value, path)).collect();
    let mut found: Vec<(Vec<usize>, Member)> = Vec::new();
    for (indices, member) in outcomes.iter().flatten() {
        if found.iter().any(|(known, _)| known == indices) {
            continue;
        }
        let cases = alternatives.iter().zip(&outcomes).map(|(alternative, outcome)| {
            let there = outcome.iter().find(|(other, _)| other == indices);
            Alternative {
                condition: alternative.condition.clone(),
                value: there.map_or_else(
                    || Value::new(Kind::Null, value.span),
                    |(_, member)| member.value.clone(),
                ),
            }
        });
        let value = values::branches(cases.collect(), member.value.span);
        found.push((indices.clone(), Member { value, ..member.clone() }));
    }
    found
}

/// Puts a value at a path, making mappings and lists on the way.
fn place(target: &mut Value, path: &[Step], indices: &[usize], key_span: text::Span, value: Value) {
    let Some((step, rest)) = path.split_first() else { return };
    let span = value.span;
    let Kind::Map(members) = &mut target.kind else { return };
    if rest.is_empty() && !step.each {
        match members.iter_mut().find(|member| &*member.key == step.key) {
            // Two arguments of one list: prefix and suffix of a filter.
            Some(Member { value: Value { kind: Kind::List(known), .. }, .. })
                if matches!(value.kind, Kind::List(_)) =>
            {
                known.extend(value.items().iter().cloned());
            }
            _ => put(members, step.key.to_owned(), key_span, value),
        }
        return;
    }
    if !members.iter().any(|member| &*member.key == step.key) {
        let kind = if step.each { Kind::List(Vec::new()) } else { Kind::Map(Vec::new()) };
        put(members, step.key.to_owned(), key_span, Value::new(kind, span));
    }
    let Some(member) = members.iter_mut().find(|member| &*member.key == step.key) else { return };
    if !step.each {
        place(&mut member.value, rest, indices, key_span, value);
        return;
    }
    let (index, indices) =
        indices.split_first().map_or((0, indices), |(index, rest)| (*index, rest));
    let Kind::List(items) = &mut member.value.kind else { return };
    while items.len() <= index && items.len() < 4_096 {
        items.push(Value::new(Kind::Map(Vec::new()), span));
    }
    if let Some(item) = items.get_mut(index) {
        match rest.is_empty() {
            true => *item = value,
            false => place(item, rest, indices, key_span, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_as_many_lists_on_both_sides_and_a_known_conversion() {
        for (name, resource) in TABLE.iter() {
            for row in &resource.rows {
                let lists = |steps: &[Step]| steps.iter().filter(|step| step.each).count();
                let context = format!("{name}: {:?}", row.from);
                let list_of_one = row.conversion == "spread"
                    || (!resource.merged_by.is_empty() && lists(&row.from) == 0);
                assert!(lists(&row.from) == lists(&row.to) || list_of_one, "{context}");
                assert!(convert::exists(row.conversion), "{context}: {}", row.conversion);
            }
        }
    }

    #[test]
    fn no_type_is_listed_twice() {
        let text = include_str!("../data/terraform_aws.txt");
        let types = text.lines().filter(|line| line.starts_with(char::is_alphabetic));
        assert_eq!(types.count(), TABLE.len());
    }

    /// Types that the lowering reads and no resource of the provider becomes, each with its reason.
    const WITHOUT_A_ROW: &[(&str, &str)] = &[
        ("AWS::CloudFormation::CustomResource", "of stacks only"),
        ("AWS::DynamoDB::GlobalTable", "a table with replicas"),
        ("AWS::EC2::SecurityGroupEgress", "put together with its group"),
        ("AWS::EC2::SecurityGroupIngress", "put together with its group"),
        ("AWS::EC2::TransitGatewayAttachment", "the older name of a VPC's attachment"),
        ("AWS::IAM::GroupPolicy", "a policy as any other"),
        ("AWS::IAM::RolePolicy", "a policy as any other"),
        ("AWS::IAM::UserPolicy", "a policy as any other"),
        ("AWS::KMS::KeyPolicy", "merged onto its key"),
        ("AWS::Lex::Bot", "the provider has no alias of a bot that invokes"),
        ("AWS::Lex::BotAlias", "the provider has no alias of a bot that invokes"),
        ("AWS::SNS::TopicInlinePolicy", "a policy as any other"),
        ("AWS::SQS::QueueInlinePolicy", "a policy as any other"),
        ("AWS::SecretsManager::SecretTargetAttachment", "a secret's version names the database"),
    ];

    #[test]
    fn what_the_lowering_reads_has_a_row_or_a_reason() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../lowering/src");
        let quoted = regex::Regex::new(r#""((?:AWS|Casemate)::\w+::\w+)""#).unwrap();
        let mut folders = vec![std::path::PathBuf::from(folder)];
        let mut read = std::collections::BTreeSet::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                read.extend(quoted.captures_iter(&text).map(|found| found[1].to_owned()));
            }
        }
        let without = |kind: &String| !TABLE.values().any(|resource| resource.kind == kind);
        let without: Vec<String> = read.into_iter().filter(without).collect();
        let exempt: Vec<&str> = WITHOUT_A_ROW.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(without, exempt);
    }

    #[test]
    fn load_balancers_go_by_both_of_their_names() {
        for kind in ["", "_listener", "_listener_rule", "_target_group", "_target_group_attachment"]
        {
            let (old, new) =
                (resource(&format!("aws_alb{kind}")), resource(&format!("aws_lb{kind}")));
            assert_eq!(old.map(|old| old.kind), new.map(|new| new.kind));
            assert!(new.is_some(), "{kind}");
        }
    }

    #[test]
    fn an_argument_without_a_row_is_written_as_cloudformation_writes() {
        assert_eq!(camel_case("memory_size"), "MemorySize");
        assert_eq!(attribute("aws_sns_topic", "arn"), Some("Ref"));
        assert_eq!(attribute("aws_lambda_function", "arn"), Some("Arn"));
        assert_eq!(attribute("aws_lambda_function", "timeout"), None);
    }
}
