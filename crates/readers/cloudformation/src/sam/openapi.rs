//! Reading and extending OpenAPI definitions as API Gateway takes them.
//!
//! Source: API Gateway developer guide, "OpenAPI extensions for API Gateway".

use text::Span;

use crate::sam::generated::{Properties, member_mut, set_member};
use documents::value::{Kind, Value};

pub(super) const INTEGRATION: &str = "x-amazon-apigateway-integration";
pub(super) const ANY_METHOD: &str = "x-amazon-apigateway-any-method";

const METHODS: &[&str] =
    &["get", "put", "post", "delete", "options", "head", "patch", "trace", ANY_METHOD];

/// The key under which a method's operation stands.
pub(super) fn method_key(method: &str) -> String {
    let method = method.to_ascii_lowercase();
    if method == "any" || method == "*" { ANY_METHOD.to_owned() } else { method }
}

/// An empty definition.
pub(super) fn skeleton(version_key: &str, version: &str, span: Span) -> Value {
    Properties::new(span)
        .set(version_key, Value::text(version, span))
        .set("paths", Value::map::<&str>([], span))
        .build()
}

/// Visits every operation of a definition, in every branch: path, method, operation.
pub(super) fn visit_operations(
    definition: &mut Value,
    visit: &mut dyn FnMut(&str, &str, &mut Value),
) {
    let Kind::Map(members) = &mut definition.kind else { return };
    let Some(paths) = members.iter_mut().find(|member| &*member.key == "paths") else { return };
    each_map(&mut paths.value, &mut |paths| {
        let Kind::Map(paths) = &mut paths.kind else { return };
        for path in paths {
            let name = path.key.clone();
            each_map(&mut path.value, &mut |item| {
                let Kind::Map(methods) = &mut item.kind else { return };
                for method in methods {
                    if METHODS.contains(&&*method.key.to_ascii_lowercase()) {
                        each_map(&mut method.value, &mut |operation| {
                            visit(&name, &method.key, operation);
                        });
                    }
                }
            });
        }
    });
}

/// Visits a mapping, or the mappings among the branches.
pub(super) fn each_map(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match &mut value.kind {
        Kind::Map(_) => visit(value),
        Kind::Branches(alternatives) => {
            for alternative in alternatives {
                each_map(&mut alternative.value, visit);
            }
        }
        _ => {}
    }
}

/// How an operation met one that was there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inserted {
    /// It is there now, or was added to one without an integration.
    Yes,
    /// Another operation with an integration stands there.
    Occupied,
    /// The definition is not known at this place.
    Lost,
}

/// Puts an operation at its path and method; an operation without an integration that is there
/// already gets the new members.
pub(super) fn insert_operation(
    definition: &mut Value,
    path: &str,
    method: &str,
    operation: &Value,
) -> Inserted {
    let span = operation.span;
    let item = member_mut(definition, "paths", span).and_then(|it| member_mut(it, path, span));
    let Some(place) = item.and_then(|item| member_mut(item, method, span)) else {
        return Inserted::Lost;
    };
    match &place.kind {
        Kind::Null => *place = operation.clone(),
        Kind::Map(_) if place.get(INTEGRATION).is_none() => {
            for member in operation.members() {
                set_member(place, &member.key, member.value.clone());
            }
        }
        _ => return Inserted::Occupied,
    }
    Inserted::Yes
}

/// Whether the definition follows OpenAPI 3.
pub(super) fn is_version_3(definition: &Value) -> bool {
    definition.get("openapi").is_some()
}

/// Adds a security scheme unless one of that name is there.
pub(super) fn add_scheme(definition: &mut Value, name: &str, scheme: Value) {
    let span = scheme.span;
    let schemes = if is_version_3(definition) {
        member_mut(definition, "components", span)
            .and_then(|components| member_mut(components, "securitySchemes", span))
    } else {
        member_mut(definition, "securityDefinitions", span)
    };
    if let Some(place) = schemes.and_then(|schemes| member_mut(schemes, name, span))
        && place.is_null()
    {
        *place = scheme;
    }
}
