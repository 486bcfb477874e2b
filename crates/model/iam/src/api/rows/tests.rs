//! The tables kept by hand name only what there is.

use std::collections::BTreeSet;

use super::*;
use crate::api::{Operation, Service};
use crate::services;

/// The operations that a row's patterns match.
fn matched<'service>(service: &'service Service, patterns: &[&str]) -> Vec<&'service Operation> {
    let matched = service.operations().filter(|operation| {
        patterns.iter().any(|pattern| wildcard_matches(pattern, &operation.name, Case::Sensitive))
    });
    matched.collect()
}

/// The first member of each path.
fn members(path: &str) -> impl Iterator<Item = &str> {
    let of_call = |path: &&str| !path.starts_with('\'') && *path != crate::api::ENDPOINT;
    let paths = path.split(',').filter(of_call);
    paths.filter_map(|path| path.split(['.', '[', '{']).next())
}

fn wrong_in_use(service: &Service, operation: &Operation, one: &Use<'_>) -> Vec<String> {
    let own = format!("{}:{}", service.prefix.unwrap_or("-"), operation.name);
    let action = one.action.unwrap_or(&own);
    let Some(detail) = services::action(action) else { return vec![format!("no {action}")] };
    let Some(prefix) = action.split(':').next().and_then(services::service) else { return vec![] };
    let types: Vec<_> = match &one.of {
        Some(of) => prefix.types_named(of).collect(),
        None => detail.types.iter().flat_map(|(name, _)| prefix.types_named(name)).collect(),
    };
    let mut wrong = Vec::new();
    if one.of.is_some() && types.is_empty() {
        wrong.push(format!("{action}: no type {:?}", one.of));
    }
    for binding in &one.with {
        let placeholder = format!("${{{}}}", binding.placeholder);
        if !types.iter().any(|kind| kind.arn.contains(&placeholder)) {
            wrong.push(format!("{action}: no placeholder {placeholder}"));
        }
    }
    let paths = one.with.iter().map(|binding| &*binding.path);
    let paths = paths.chain(one.conditions.iter().map(|condition| condition.path));
    for member in paths.flat_map(members) {
        if !operation.members.iter().any(|(name, _)| name == member) {
            wrong.push(format!("{own}: no member {member}"));
        }
    }
    wrong
}

#[test]
fn rows_of_operations_name_what_there_is() {
    let mut wrong = Vec::new();
    for (api, rows) in &*ROWS {
        let service = Service::named(api).unwrap_or_else(|| panic!("no API {api}"));
        for (patterns, uses) in &rows.operations {
            for pattern in patterns {
                let operations = matched(service, &[pattern]);
                if operations.is_empty() {
                    wrong.push(format!("{api} has no operation {pattern}"));
                }
                for operation in operations {
                    wrong.extend(uses.iter().flat_map(|one| wrong_in_use(service, operation, one)));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn bindings_name_what_there_is() {
    let mut wrong = Vec::new();
    for (api, rows) in &*ROWS {
        let service = Service::named(api).unwrap();
        let prefix = service.prefix.and_then(services::service);
        for (operation, binding) in &rows.bindings {
            let placeholder = format!("${{{}}}", binding.placeholder);
            let mut types = prefix.iter().flat_map(|prefix| &prefix.types);
            if !types.any(|kind| kind.arn.contains(&placeholder)) {
                wrong.push(format!("{api}: no placeholder {placeholder}"));
            }
            let known: BTreeSet<&str> = service
                .operations()
                .filter(|one| operation.is_empty() || one.name == *operation)
                .flat_map(|one| one.members.iter().map(|(name, _)| name.as_str()))
                .collect();
            let unknown = members(&binding.path).filter(|member| !known.contains(member));
            wrong.extend(unknown.map(|member| format!("{api}.{operation}: no member {member}")));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_form_is_known() {
    let bindings = ROWS.values().flat_map(|rows| {
        let used = rows.operations.iter().flat_map(|(_, uses)| uses).flat_map(|one| &one.with);
        used.chain(rows.bindings.iter().map(|(_, binding)| binding))
    });
    for binding in bindings {
        assert!(crate::api::forms::is_known(binding.form), "no form {}", binding.form);
    }
}

/// Holds the share of operations that are known; the message counts them.
#[test]
fn most_operations_are_mapped() {
    let (mut all, mut mapped, mut open) = (0, 0, Vec::new());
    for name in crate::archive::index().apis.keys() {
        let service = Service::named(name).unwrap();
        for operation in service.operations() {
            let call = crate::api::Call {
                service: (*name).clone(),
                operation: operation.name.clone(),
                arguments: Vec::new(),
                rest_unknown: None,
            };
            all += 1;
            match crate::api::needs(&call) {
                Ok(_) => mapped += 1,
                Err(_) => open.push(format!("{name}:{}", operation.name)),
            }
        }
    }
    let share = f64::from(mapped) / f64::from(all);
    let shown = format!("{mapped} of {all} operations mapped, {:.1} %", share * 100.0);
    assert!(share > 0.95, "{shown}; not: {open:?}");
}
