use std::collections::BTreeSet;

use documents::declaration::Declared;
use documents::value::{Kind, Value};
use text::EntityId;

/// The entities that something else refers to, policies and what attaches them not counted.
pub(super) fn find(declared: &Declared) -> BTreeSet<EntityId> {
    let mut referred = BTreeSet::new();
    for declaration in &declared.declarations {
        let is_policy = matches!(
            declaration.kind.as_str(),
            "AWS::IAM::Policy" | "AWS::IAM::RolePolicy" | "AWS::IAM::ManagedPolicy"
        );
        if !is_policy {
            collect(&declaration.properties, &declaration.id, &mut referred);
        }
    }
    referred
}

fn collect(value: &Value, own: &EntityId, referred: &mut BTreeSet<EntityId>) {
    match &value.kind {
        Kind::Text(text) => {
            let others = text.references().map(|reference| &reference.entity);
            referred.extend(others.filter(|entity| *entity != own).cloned());
        }
        Kind::Map(members) => {
            members.iter().for_each(|member| collect(&member.value, own, referred));
        }
        Kind::List(items) => items.iter().for_each(|item| collect(item, own, referred)),
        Kind::Branches(branches) => {
            branches.iter().for_each(|branch| collect(&branch.value, own, referred));
        }
        _ => {}
    }
}
