//! Conversions that the table of AWS resources names, all in this place.

use super::evaluate::Evaluator;
use super::values;
use super::{PATH_MARK, policy_document};
use documents::value::{Kind, Member, Value};

/// Conversions a row may name; none is as it stands.
const NAMES: &[&str] = &[
    "",
    "json",
    "json-statements",
    "wrap",
    "spread",
    "path",
    "unset-minus-one",
    "unset-zero",
    "canned-acl",
    "enabled-or-suspended",
    "none-unset",
    "not",
    "internal-scheme",
    "name-value",
    "parameter-map",
    "prefix-rule",
    "suffix-rule",
    "access-logs",
    "traffic",
];

/// Whether there is a conversion of that name.
#[cfg(test)]
pub(super) fn exists(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Applies a conversion, within every alternative.
pub(super) fn apply(evaluator: &Evaluator<'_>, name: &str, value: Value) -> Value {
    debug_assert!(NAMES.contains(&name), "the table names `{name}`");
    let span = value.span;
    match name {
        "" | "spread" => return value,
        "json" => return policy_document::tree(evaluator, &value),
        _ => {}
    }
    if let (Kind::Unknown(_), false) = (&value.kind, name == "wrap") {
        return value;
    }
    values::distribute(&[value], span, &mut |values| {
        let Some(value) = values.first() else { return Value::new(Kind::Null, span) };
        match name {
            "json-statements" => {
                let tree = policy_document::tree(evaluator, value);
                match tree.get("Statement") {
                    Some(statements) => statements.clone(),
                    None => Value::unknown(super::values::why(&tree), span),
                }
            }
            "wrap" if value.is_null() => value.clone(),
            "wrap" => Value::list([value.clone()], span),
            // Its mark is still needed: paths without one begin elsewhere.
            "path" => value.clone(),
            "unset-minus-one" => without_number(value, -1.0),
            "unset-zero" => without_number(value, 0.0),
            "canned-acl" => match super::values::as_string(value) {
                Some(acl) => {
                    let words = acl.split('-').map(super::mapping::camel_case);
                    Value { span, ..Value::text(words.collect::<String>(), span) }
                }
                None => value.clone(),
            },
            "enabled-or-suspended" => match super::values::as_bool(value) {
                Some(true) => Value::text("Enabled", span),
                Some(false) => Value::text("Suspended", span),
                None => value.clone(),
            },
            "none-unset" if value.as_str() == Some("NONE") => Value::new(Kind::Null, span),
            "not" => match super::values::as_bool(value) {
                Some(value) => super::values::boolean(!value, span),
                None => value.clone(),
            },
            "internal-scheme" => match super::values::as_bool(value) {
                Some(true) => Value::text("internal", span),
                Some(false) => Value::text("internet-facing", span),
                None => value.clone(),
            },
            "name-value" => {
                let pairs = value.members().iter().map(|Member { key, key_span, value }| {
                    let name = Value::text(&**key, *key_span);
                    Value::map([("Name", name), ("Value", value.clone())], *key_span)
                });
                Value::list(pairs, span)
            }
            "parameter-map" => parameter_map(value),
            "prefix-rule" => rule("prefix", value),
            "suffix-rule" => rule("suffix", value),
            "access-logs" => {
                let key = Value::text("access_logs.s3.enabled", span);
                let attribute = Value::map([("Key", key), ("Value", value.clone())], span);
                Value::list([attribute], span)
            }
            "traffic" => traffic(value),
            _ => value.clone(),
        }
    })
}

/// A path as people write it: without the mark of where it begins.
pub(super) fn path_as_written(value: Value) -> Value {
    match value.as_str().and_then(|text| text.strip_prefix(PATH_MARK)) {
        Some(path) => {
            let text = path.trim_start_matches("./").to_owned();
            Value { origin: value.origin, ..Value::text(text, value.span) }
        }
        None => value,
    }
}

fn without_number(value: &Value, unset: f64) -> Value {
    match values::as_number(value) {
        Some(number) if number == unset => Value::new(Kind::Null, value.span),
        _ => value.clone(),
    }
}

/// Parameters of a parameter group: blocks of name and value.
fn parameter_map(blocks: &Value) -> Value {
    let mut members = Vec::new();
    for block in blocks.items() {
        let name = block.get("name").and_then(values::as_string);
        if let (Some(name), Some(value)) = (name, block.member("value")) {
            let key_span = block.get("name").map_or(block.span, |name| name.span);
            members.push(Member { key: name.into(), key_span, value: value.value.clone() });
        }
    }
    Value::new(Kind::Map(members), blocks.span)
}

fn rule(name: &str, value: &Value) -> Value {
    let span = value.span;
    match value.as_str() {
        Some("") => Value::new(Kind::Null, span),
        _ if value.is_null() => value.clone(),
        _ => {
            let rule = [("Name", Value::text(name, span)), ("Value", value.clone())];
            Value::list([Value::map(rule, span)], span)
        }
    }
}

/// Rules of a security group: one for each peer.
pub(super) fn traffic(blocks: &Value) -> Value {
    let mut rules = Vec::new();
    for block in blocks.items() {
        let mut peers: Vec<(&str, Value)> = Vec::new();
        for (name, key) in [
            ("cidr_blocks", "CidrIp"),
            ("ipv6_cidr_blocks", "CidrIpv6"),
            ("security_groups", "DestinationSecurityGroupId"),
            ("prefix_list_ids", "DestinationPrefixListId"),
        ] {
            match block.get(name) {
                Some(Value { kind: Kind::List(items), .. }) => {
                    peers.extend(items.iter().map(|item| (key, item.clone())));
                }
                Some(value) if !value.is_null() => peers.push((key, value.clone())),
                _ => {}
            }
        }
        if !matches!(block.kind, Kind::Map(_)) {
            rules.push(block.clone());
        }
        for (key, peer) in peers {
            let mut members: Vec<(&str, Value)> = vec![(key, peer)];
            for (name, key) in
                [("protocol", "IpProtocol"), ("from_port", "FromPort"), ("to_port", "ToPort")]
            {
                members.extend(block.get(name).map(|value| (key, value.clone())));
            }
            rules.push(Value::map(members, block.span));
        }
    }
    Value::list(rules, blocks.span)
}
