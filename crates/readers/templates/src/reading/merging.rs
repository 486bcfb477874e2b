use std::collections::{BTreeMap, BTreeSet};

use app_graph::Framework;
use text::EntityId;

use cloudformation::joining::{self, Exports};
use documents::declaration::Declared;

/// An application with what it exports to others.
pub(super) struct Exporting {
    pub(super) declared: Declared,
    pub(super) exports: Exports,
}

/// Joins applications that import one another's exports; the others stay as they are.
///
/// A name that several templates export says nothing about which of them is meant: only names that
/// one template exports join.
pub(super) fn merged(mut applications: Vec<Exporting>) -> Vec<Declared> {
    let mut exporters: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, application) in applications.iter().enumerate() {
        for name in application.exports.keys() {
            exporters.entry(name.clone()).or_default().push(index);
        }
    }
    let exported: BTreeSet<String> = exporters.keys().cloned().collect();
    // Each application's group; groups grow together.
    let mut groups: Vec<usize> = (0..applications.len()).collect();
    if !exported.is_empty() {
        for (index, application) in applications.iter_mut().enumerate() {
            for name in joining::imported(&mut application.declared.declarations, &exported) {
                let Some([exporter]) = exporters.get(&name).map(Vec::as_slice) else { continue };
                let (own, other) = (groups.get(index).copied(), groups.get(*exporter).copied());
                let (Some(own), Some(other)) = (own, other) else { continue };
                for group in &mut groups {
                    if *group == own.max(other) {
                        *group = own.min(other);
                    }
                }
            }
        }
    }
    let mut members: BTreeMap<usize, Vec<Exporting>> = BTreeMap::new();
    for (application, group) in applications.into_iter().zip(groups) {
        members.entry(group).or_default().push(application);
    }
    members.into_values().filter_map(merge).collect()
}

/// One application of several.
fn merge(mut members: Vec<Exporting>) -> Option<Declared> {
    if members.len() > 1 {
        let mut count: BTreeMap<EntityId, usize> = BTreeMap::new();
        for declaration in members.iter().flat_map(|member| &member.declared.declarations) {
            *count.entry(declaration.id.clone()).or_default() += 1;
        }
        for Exporting { declared, exports } in &mut members {
            let collides = declared
                .declarations
                .iter()
                .any(|declaration| count.get(&declaration.id).is_some_and(|count| *count > 1));
            if collides {
                let scope = declared.root.clone();
                joining::rescope(&mut declared.declarations, exports, &scope);
            }
        }
    }
    let mut exports = Exports::new();
    members.iter().for_each(|member| exports.extend(member.exports.clone()));
    let mut members = members.into_iter().map(|member| member.declared);
    let mut whole = members.next()?;
    let is_alone = members.len() == 0;
    for member in members {
        whole.name = format!("{} + {}", whole.name, member.name);
        if member.framework == Framework::Sam {
            whole.framework = Framework::Sam;
        }
        whole.declarations.extend(member.declarations);
        whole.problems.extend(member.problems);
        whole.not_read.extend(member.not_read);
        whole.files.extend(member.files);
    }
    if !is_alone {
        joining::join(&mut whole.declarations, &exports);
    }
    Some(whole)
}
