mod authorizers;
pub(super) mod cors;
mod definition;
mod domains;
mod graphql;
mod http;
mod integrations;
mod rest;
mod stages;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use app_graph::{AppGraph, Entity, Resource, ResourceKind, Route, Trigger, TriggerKind};
use text::{EntityId, PartialText, Problem, Setting};

use self::integrations::Target;
use super::attachments::Attachments;
use super::directory::Directory;
use super::entity;
use documents::declaration::{Declaration, Declared};

/// What lowering one API may look at.
struct Context<'a> {
    directory: Directory<'a>,
    attachments: Attachments<'a>,
    /// The route by which callers connect, of each WebSocket API.
    connections: HashMap<EntityId, &'a Declaration>,
}

/// Adds APIs, their routes as triggers, their authorizers' functions and their domains.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    let attachments = Attachments::new(declared, &directory);
    let mut context = Context { directory, attachments, connections: HashMap::new() };
    http::find_connections(declared, &mut context);
    let domains = domains::Mappings::new(declared);
    let resolvers = graphql::Resolvers::new(declared);
    let taken = graph.entities().map(|entity| (entity.id.clone(), 1));
    let mut taken: HashMap<EntityId, u32> = taken.collect();
    for declaration in &declared.declarations {
        let mut triggers = Vec::new();
        let kind = match declaration.kind.as_str() {
            "AWS::ApiGateway::RestApi" => {
                Some(rest::api(declaration, &context, &mut triggers, problems))
            }
            "AWS::ApiGatewayV2::Api" => {
                Some(http::api(declaration, &context, &mut triggers, problems))
            }
            "AWS::AppSync::GraphQLApi" => Some(graphql::api(declaration, &context, &mut triggers)),
            "AWS::ApiGateway::DomainName" | "AWS::ApiGatewayV2::DomainName" => {
                Some(domains::domain(declaration, &domains))
            }
            "AWS::ApiGateway::Method" => {
                triggers.extend(rest::method(declaration, &context));
                None
            }
            "AWS::ApiGatewayV2::Route" => {
                triggers.push(http::route(declaration, &context));
                None
            }
            "AWS::ApiGateway::Authorizer" | "AWS::ApiGatewayV2::Authorizer" => {
                triggers.extend(authorizers::trigger(declaration, &context));
                None
            }
            "AWS::AppSync::DataSource" => {
                triggers.extend(graphql::data_source(declaration, &resolvers, &context));
                None
            }
            _ => continue,
        };
        // What invokes nothing is a resource still: an answer to preflight requests, a data source.
        let nothing = triggers.is_empty().then_some(ResourceKind::Other);
        if let Some(kind) = kind.or(nothing)
            && taken.insert(declaration.id.clone(), 1).is_none()
        {
            graph.resources.push(Resource { entity: entity(declaration), kind });
        }
        for mut trigger in triggers {
            trigger.entity.id = free_id(trigger.entity.id, &mut taken);
            graph.triggers.push(trigger);
        }
    }
}

/// The id, or one with the number of its repetition behind it.
fn free_id(id: EntityId, taken: &mut HashMap<EntityId, u32>) -> EntityId {
    let count = taken.entry(id.clone()).or_default();
    *count += 1;
    match *count {
        1 => id,
        count => EntityId::new(format!("{id} ({count})")),
    }
}

/// An entity for something written inside a declaration.
fn part_of(declaration: &Declaration, part: &str, said: text::Span, extent: text::Span) -> Entity {
    let mut entity = entity(declaration);
    entity.id = EntityId::new(format!("{}/{part}", declaration.id));
    entity.name = part.to_owned();
    entity.said = said;
    entity.extent = extent;
    entity.insertion = None;
    entity
}

/// A trigger of an API: for a route, or for an authorizer without one.
fn trigger(
    entity: Entity,
    kind: TriggerKind,
    api: Option<&EntityId>,
    route: Option<Route>,
    target: Target,
) -> Trigger {
    let said = entity.said;
    Trigger {
        source: api.map_or(Setting::Unset, |api| {
            Setting::known(PartialText::reference(api.clone(), "Ref"), said)
        }),
        source_entity: api.cloned(),
        function: target.function,
        other_target: target.other,
        route,
        ..Trigger::new(entity, kind)
    }
}

/// The declared API that a property refers to.
fn api_of<'a>(
    declaration: &Declaration,
    property: &str,
    context: &Context<'a>,
) -> Option<&'a Declaration> {
    let api = declaration.properties.text_at(&[property]);
    api.known_values().find_map(|said| {
        said.value.references().find_map(|reference| context.directory.get(&reference.entity))
    })
}
