//! Values that stacks export and others import, put in place of the import.

use std::collections::{BTreeMap, BTreeSet};

use text::{EntityId, Part, PartialText};

use crate::import_reason;
use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Exports by name.
pub type Exports = BTreeMap<String, Value>;

/// Exports whose name is known wholly.
pub fn named(exports: &[(Value, Value)]) -> impl Iterator<Item = (String, Value)> {
    exports.iter().filter_map(|(name, value)| {
        let name = name.scalar_text()?.literal()?.to_owned();
        Some((name, value.clone()))
    })
}

/// Names that the declarations import, of those `exported`.
pub fn imported(declarations: &mut [Declaration], exported: &BTreeSet<String>) -> BTreeSet<String> {
    let reasons: BTreeMap<String, &String> =
        exported.iter().map(|name| (import_reason(name), name)).collect();
    let mut names = BTreeSet::new();
    for declaration in declarations {
        each_value(&mut declaration.properties, &mut |value| {
            let found = match &value.kind {
                Kind::Unknown(why) => reasons.get(why),
                Kind::Text(text) => text.parts().iter().find_map(|part| match part {
                    Part::Unknown(why) => reasons.get(why),
                    _ => None,
                }),
                _ => None,
            };
            names.extend(found.map(|name| (*name).clone()));
        });
    }
    names
}

/// Puts exported values in place of their imports.
pub fn join(declarations: &mut [Declaration], exports: &Exports) {
    if exports.is_empty() {
        return;
    }
    let by_reason: BTreeMap<String, &Value> =
        exports.iter().map(|(name, value)| (import_reason(name), value)).collect();
    for declaration in declarations {
        each_value(&mut declaration.properties, &mut |value| match &mut value.kind {
            Kind::Unknown(why) => {
                if let Some(export) = by_reason.get(why) {
                    value.kind = export.kind.clone();
                    value.origin = export.origin.or(Some(export.span));
                }
            }
            Kind::Text(text) => {
                let is_imported = |part: &Part| match part {
                    Part::Unknown(why) => by_reason.get(why).and_then(|value| value.scalar_text()),
                    _ => None,
                };
                if text.parts().iter().any(|part| is_imported(part).is_some()) {
                    let mut joined = PartialText::default();
                    for part in text.parts() {
                        match is_imported(part) {
                            Some(export) => joined.extend(&export),
                            None => joined.push(part.clone()),
                        }
                    }
                    *text = joined;
                }
            }
            _ => {}
        });
    }
}

/// Puts `scope` before every id of the declarations, and of what they refer to among themselves.
pub fn rescope(declarations: &mut [Declaration], exports: &mut Exports, scope: &str) {
    let own: BTreeSet<EntityId> =
        declarations.iter().map(|declaration| declaration.id.clone()).collect();
    let scoped = |id: &EntityId| EntityId::new(format!("{scope}/{id}"));
    let mut change = |value: &mut Value| {
        let Kind::Text(text) = &mut value.kind else { return };
        if !text.references().any(|reference| own.contains(&reference.entity)) {
            return;
        }
        let mut renamed = PartialText::default();
        for part in text.parts() {
            let mut part = part.clone();
            if let Part::Reference(reference) = &mut part
                && own.contains(&reference.entity)
            {
                reference.entity = scoped(&reference.entity);
            }
            renamed.push(part);
        }
        *text = renamed;
    };
    for declaration in declarations {
        declaration.id = scoped(&declaration.id);
        each_value(&mut declaration.properties, &mut change);
    }
    for value in exports.values_mut() {
        each_value(value, &mut change);
    }
}

fn each_value(value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
    change(value);
    match &mut value.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| each_value(item, change)),
        Kind::Map(members) => {
            members.iter_mut().for_each(|member| each_value(&mut member.value, change));
        }
        Kind::Branches(alternatives) => alternatives
            .iter_mut()
            .for_each(|alternative| each_value(&mut alternative.value, change)),
        _ => {}
    }
}
