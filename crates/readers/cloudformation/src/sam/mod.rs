//! The Serverless Application Model, expanded to CloudFormation declarations.
//!
//! Source of what is generated: AWS SAM developer guide, "Generated CloudFormation resources for AWS
//! SAM", compared with the translator that AWS publishes (version 1.115).

mod api_auth;
mod api_draft;
mod api_events;
mod connector;
mod custom_domain;
mod event;
mod function;
mod generated;
mod globals;
mod graphql;
mod http_api;
mod invoke_config;
mod openapi;
mod policy_template;
mod pull_events;
mod push_events;
mod references;
mod resource_policy;
mod rest_api;
mod role;
mod rule_events;
mod state_machine;
mod table_and_layer;
mod usage_plan;

#[cfg(test)]
mod tests;

use text::{Condition, EntityId, Problem, Span};

use crate::sam::api_draft::{ApiDraft, ApiKind};
use documents::declaration::{CONNECTORS, Declaration, IGNORE_GLOBALS};
use documents::value::{Kind, Value};

/// Replaces `AWS::Serverless::*` declarations by the CloudFormation declarations that the transform
/// makes of them. `globals` is the template's evaluated `Globals` section (null without one).
///
/// The declarations are those of one template. Attributes beside `Properties` are expected under
/// [`CONNECTORS`] and [`IGNORE_GLOBALS`]. What the transform generates has the ids it would have,
/// but for hashes at their ends, and refers to entities by these ids.
pub fn expand(
    mut declarations: Vec<Declaration>,
    globals: &Value,
    problems: &mut Vec<Problem>,
) -> Vec<Declaration> {
    let concerns_us = |declaration: &Declaration| {
        declaration.kind.starts_with("AWS::Serverless::")
            || declaration.properties.get(CONNECTORS).is_some()
    };
    if !declarations.iter().any(concerns_us) {
        return declarations;
    }
    globals::check(globals, problems);
    for declaration in &mut declarations {
        globals::merge_into(declaration, globals);
    }
    let mut expansion = Expansion { problems, ..Expansion::new(&mut Vec::new()) };
    let connectors = connector::collect(&mut declarations);
    for declaration in &mut declarations {
        if let Kind::Map(members) = &mut declaration.properties.kind {
            members.retain(|member| ![CONNECTORS, IGNORE_GLOBALS].contains(&&*member.key));
        }
    }
    // Events add to the APIs, so these are taken up first and finished last.
    let mut others = Vec::new();
    for declaration in declarations {
        match declaration.kind.as_str() {
            "AWS::Serverless::Api" => {
                expansion.apis.push(ApiDraft::explicit(declaration, ApiKind::Rest));
            }
            "AWS::Serverless::HttpApi" => {
                expansion.apis.push(ApiDraft::explicit(declaration, ApiKind::Http));
            }
            _ => others.push(declaration),
        }
    }
    expansion.globals = globals.clone();
    for declaration in others {
        match declaration.kind.as_str() {
            "AWS::Serverless::Function" => function::expand(declaration, &mut expansion),
            "AWS::Serverless::StateMachine" => state_machine::expand(declaration, &mut expansion),
            "AWS::Serverless::SimpleTable" => {
                expansion.made.push(table_and_layer::simple_table(declaration));
            }
            "AWS::Serverless::LayerVersion" => {
                expansion.made.push(table_and_layer::layer_version(declaration));
            }
            "AWS::Serverless::GraphQLApi" => graphql::expand(declaration, &mut expansion),
            "AWS::Serverless::Connector" => {}
            _ => {
                if is_unread(&declaration.kind) {
                    let message = format!("`{}` is not read", declaration.kind);
                    expansion.lost(message, declaration.said);
                }
                expansion.made.push(declaration);
            }
        }
    }
    for api in std::mem::take(&mut expansion.apis) {
        match api.kind {
            ApiKind::Rest => rest_api::finish(api, &mut expansion),
            ApiKind::Http => http_api::finish(api, &mut expansion),
        }
    }
    expansion.apply_additions();
    for connector in connectors {
        connector::expand(&connector, &mut expansion);
    }
    let mut made = expansion.made;
    references::resolve(&mut made);
    made
}

/// Whether a type of SAM's is neither expanded nor one that stays as it is: nested applications are
/// read as templates of their own, and the others hold neither functions nor permissions.
fn is_unread(kind: &str) -> bool {
    kind.strip_prefix("AWS::Serverless::").is_some_and(|kind| {
        !matches!(kind, "Application" | "CapacityProvider" | "MicroVMImage" | "NetworkConnector")
    })
}

/// What has been made so far and what has to be added to other declarations.
struct Expansion<'a> {
    /// Declarations that are ready.
    made: Vec<Declaration>,
    /// APIs under construction.
    apis: Vec<ApiDraft>,
    /// What events add to buckets, user pools and queues of the same template.
    additions: Vec<Addition>,
    /// The `Globals` section, for what is made implicitly.
    globals: Value,
    /// What could not be read.
    problems: &'a mut Vec<Problem>,
}

/// A value that an event adds to a declaration of the author.
struct Addition {
    /// The declaration.
    target: EntityId,
    /// Path in its properties.
    path: Vec<String>,
    /// What is set there, or appended to the list there.
    value: Value,
    /// Whether it is set or appended.
    manner: Manner,
}

/// How an addition is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// The value stands at the path.
    Set,
    /// The value is one item more of the list at the path.
    Append,
}

impl<'a> Expansion<'a> {
    fn new(problems: &'a mut Vec<Problem>) -> Self {
        Self {
            made: Vec::new(),
            apis: Vec::new(),
            additions: Vec::new(),
            globals: Value::new(Kind::Null, Span::file(text::SourceId(0))),
            problems,
        }
    }

    /// Makes a declaration that stems from `owner` and answers its id.
    fn declare(
        &mut self,
        owner: &Declaration,
        condition: Option<&Condition>,
        name: &str,
        kind: &str,
        properties: Value,
        span: Span,
    ) -> EntityId {
        let made = generated::declaration(owner, condition, name, kind, properties, span);
        let id = made.id.clone();
        // Several events may lead to the same declaration, as the transform merges them by id.
        if !self.made.iter().any(|other| other.id == made.id) {
            self.made.push(made);
        }
        id
    }

    fn lost(&mut self, message: impl Into<String>, span: Span) {
        self.problems.push(Problem::incomplete(message, span.into()));
    }

    fn advise(&mut self, message: impl Into<String>, span: Span) {
        self.problems.push(Problem::advice(message, span.into()));
    }

    fn apply_additions(&mut self) {
        for addition in std::mem::take(&mut self.additions) {
            let path: Vec<&str> = addition.path.iter().map(String::as_str).collect();
            let target = self.made.iter_mut().find(|made| made.id == addition.target);
            let taken = target.is_some_and(|target| match addition.manner {
                Manner::Set => generated::set_at(&mut target.properties, &path, &addition.value),
                Manner::Append => {
                    generated::append_at(&mut target.properties, &path, &addition.value)
                }
            });
            if !taken {
                let message = format!("this event could not be added to `{}`", addition.target);
                self.lost(message, addition.value.span);
            }
        }
    }
}
