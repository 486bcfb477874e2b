//! APIs under construction: events add routes, finishing makes CloudFormation of them.

use text::{Condition, EntityId, Span};

use crate::sam::Expansion;
use crate::sam::generated::{Properties, sibling};
use crate::sam::globals;
use documents::declaration::{Declaration, Maker};
use documents::value::{Value, both};

/// Which of SAM's APIs it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ApiKind {
    /// `AWS::Serverless::Api`.
    Rest,
    /// `AWS::Serverless::HttpApi`.
    Http,
}

/// An API to which events add routes.
#[derive(Debug)]
pub(super) struct ApiDraft {
    pub(super) kind: ApiKind,
    pub(super) declaration: Declaration,
    pub(super) routes: Vec<RouteDraft>,
    /// Conditions of the events that use it, where it is implicit.
    conditions: Vec<Option<Condition>>,
}

/// A route that an event adds.
#[derive(Debug)]
pub(super) struct RouteDraft {
    pub(super) path: String,
    /// As OpenAPI's extension writes it: lower case, any method in its own word.
    pub(super) method: String,
    /// The operation without its security.
    pub(super) operation: Value,
    /// The event's `Auth`; null without one.
    pub(super) auth: Value,
    /// The route's settings on its stage; null without.
    pub(super) settings: Value,
}

impl ApiDraft {
    pub(super) fn explicit(declaration: Declaration, kind: ApiKind) -> Self {
        Self { kind, declaration, routes: Vec::new(), conditions: Vec::new() }
    }

    /// Whether the transform writes the API's definition itself, so that events add routes.
    pub(super) fn is_managed(&self) -> bool {
        let given =
            |key: &str| self.declaration.properties.get(key).is_some_and(|value| !value.is_null());
        !given("DefinitionBody") && !given("DefinitionUri")
    }

    /// The condition of an implicit API: it is made where one of its users is.
    pub(super) fn settle_condition(&mut self) {
        let mut words: Vec<Condition> = Vec::new();
        for condition in &self.conditions {
            match condition {
                None => return,
                Some(condition) if words.contains(condition) => {}
                Some(condition) => words.push(condition.clone()),
            }
        }
        if !words.is_empty() {
            self.declaration.condition = Some(Condition::from(words.join(" or ")));
        }
    }
}

impl Expansion<'_> {
    /// The API an event names, or the implicit one where it names none.
    pub(super) fn api_of_event(
        &mut self,
        kind: ApiKind,
        named: Option<&EntityId>,
        owner: &Declaration,
        (span, condition): (Span, Option<&Condition>),
    ) -> Option<&mut ApiDraft> {
        let name = match kind {
            ApiKind::Rest => "ServerlessRestApi",
            ApiKind::Http => "ServerlessHttpApi",
        };
        let implicit = sibling(&owner.id, name);
        let wanted = named.unwrap_or(&implicit).clone();
        let position = self.apis.iter().position(|api| api.declaration.id == wanted);
        let position = match position {
            Some(position) => position,
            None if wanted == implicit => {
                let declaration = implicit_api(kind, name, owner, &self.globals, span);
                self.apis.push(ApiDraft::explicit(declaration, kind));
                self.apis.len() - 1
            }
            None => return None,
        };
        let api = self.apis.get_mut(position)?;
        api.conditions.push(both(owner.condition.as_ref(), condition));
        Some(api)
    }
}

fn implicit_api(
    kind: ApiKind,
    name: &str,
    owner: &Declaration,
    globals: &Value,
    span: Span,
) -> Declaration {
    let (type_name, properties) = match kind {
        ApiKind::Rest => {
            let stage = Value::text("Prod", span);
            ("AWS::Serverless::Api", Properties::new(span).set("StageName", stage))
        }
        ApiKind::Http => ("AWS::Serverless::HttpApi", Properties::new(span)),
    };
    let mut declaration = Declaration {
        id: sibling(&owner.id, name),
        name: name.to_owned(),
        kind: type_name.to_owned(),
        type_name: type_name.to_owned(),
        said: span,
        extent: span,
        properties: properties.build(),
        condition: None,
        construct: None,
        insertion: None,
        allowances: Vec::new(),
        made_by: Maker::Framework,
    };
    globals::merge_into(&mut declaration, globals);
    declaration
}
