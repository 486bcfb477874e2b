use std::collections::HashMap;

use app_graph::WebAcl;
use text::{EntityId, PartialText};

use documents::declaration::Declared;
use documents::value::{Kind, Value};

/// Deepest nesting of statements in which a rule is looked for.
const DEEPEST: usize = 12;

/// What the rules of the declared web application firewalls say of rates.
pub(super) struct Firewalls {
    limits_rate: HashMap<EntityId, Option<bool>>,
}

impl Firewalls {
    /// Looks through the rules of all web ACLs once.
    ///
    /// Source: `AWS::WAFv2::WebACL`.
    pub(super) fn new(declared: &Declared) -> Self {
        let declarations = declared.declarations.iter();
        let acls = declarations.filter(|declaration| declaration.kind == "AWS::WAFv2::WebACL");
        let limits_rate =
            acls.map(|acl| (acl.id.clone(), limits_rate(&acl.properties, DEEPEST))).collect();
        Self { limits_rate }
    }

    /// The web ACL of that ARN.
    pub(super) fn acl(&self, arn: PartialText) -> WebAcl {
        let limits_rate = arn
            .references()
            .find_map(|reference| self.limits_rate.get(&reference.entity))
            .copied()
            .flatten();
        WebAcl { arn, limits_rate }
    }
}

/// Whether a rule or statement in there limits a rate; `None` where some of them are unknown or in
/// a group declared by itself.
fn limits_rate(value: &Value, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let inner: Vec<&Value> = match &value.kind {
        Kind::Unknown(_) => return None,
        Kind::List(items) => items.iter().collect(),
        Kind::Branches(branches) => branches.iter().map(|branch| &branch.value).collect(),
        Kind::Map(_) if value.get("RateBasedStatement").is_some() => return Some(true),
        Kind::Map(_) if value.get("RuleGroupReferenceStatement").is_some() => return None,
        Kind::Map(members) => {
            let leads_on = |key: &str| key.contains("Rule") || key.contains("Statement");
            let members = members.iter().filter(|member| leads_on(&member.key));
            members.map(|member| &member.value).collect()
        }
        _ => return Some(false),
    };
    let answers: Vec<_> = inner.into_iter().map(|value| limits_rate(value, depth)).collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    answers.into_iter().all(|answer| answer.is_some()).then_some(false)
}
