//! Services on AWS, as the CloudFormation template that the framework compiles of them.

mod compile;
pub(super) mod constructs;
mod events;
mod functions;
mod invocation;
mod naming;
mod plugins;
mod rest_api;
mod rest_authorizer;
mod role;
mod template;
mod write;

use std::collections::BTreeMap;

use text::PartialText;

use super::service::{FunctionEntry, Service};
use super::variables::Resolver;
use cloudformation::{self, Context};
use documents::declaration::{Declared, Maker};
use documents::value::Value;
use documents::{Files, Options};
use template::{Origin, Template};
use write::At;

/// What generated names and places are made of.
pub(super) struct Aws<'a> {
    service: &'a Service,
    /// The service's name.
    name: PartialText,
    /// The stage's name.
    stage: PartialText,
    /// The service's file, as a path of the scan's files.
    path: &'a str,
    files: &'a Files,
}

/// Declares a service's resources.
pub(super) fn declare(
    service: &Service,
    resolver: &mut Resolver<'_>,
    path: &str,
    files: &Files,
    options: &Options,
    declared: &mut Declared,
) {
    let aws = Aws {
        service,
        name: write::scalar(&service.name),
        stage: write::scalar(&service.stage),
        path,
        files,
    };
    let mut template = Template::default();
    functions::add_layers(&aws, &resolver.section("layers"), &mut template);
    for function in &service.functions {
        let insertion = function.insertion(resolver);
        functions::add(&aws, function, insertion, &mut template);
    }
    for function in &service.functions {
        events::add(&aws, function, &mut template);
    }
    // State machines have routes of their own, which belong to the same API.
    plugins::add_state_machines(&aws, &resolver.section("stepFunctions"), &mut template);
    rest_api::finish(&aws, &mut template);
    plugins::add(&aws, resolver, &mut template);
    role::add(&aws, resolver, &mut template);

    let resources = resolver.section("resources");
    let compiled = compile::compile(&template, &resources, &mut declared.problems);
    let context =
        Context { files, options, path, scope: String::new(), arguments: BTreeMap::new() };
    let evaluated = cloudformation::evaluate(&compiled, &context);
    declared.problems.append(&mut template.problems);
    declared.problems.extend(evaluated.problems);
    declared.not_read.extend(evaluated.not_read);
    declared.declarations.extend(evaluated.declarations.into_iter().map(|mut declaration| {
        if let Some(resource) = template.get(declaration.id.as_str()) {
            let origin = &resource.origin;
            declaration.name.clone_from(&origin.name);
            declaration.type_name.clone_from(&origin.type_name);
            declaration.said = origin.said;
            declaration.extent = origin.extent;
            declaration.insertion.clone_from(&origin.insertion);
            declaration.made_by = match origin.type_name.as_str() {
                "function" => Maker::Author,
                _ => Maker::Framework,
            };
        }
        declaration
    }));
}

impl<'a> Aws<'a> {
    fn provider(&self) -> &'a Value {
        &self.service.provider
    }

    /// A member of the provider section, down a path.
    fn provider_at(&self, path: &[&str]) -> Option<&'a Value> {
        let mut value = &self.service.provider;
        for key in path {
            value = value.get(key)?;
        }
        (!value.is_null()).then_some(value)
    }

    /// `service-stage`, as a pattern's parts are filled in.
    fn named(&self, pattern: &str) -> PartialText {
        write::pattern(pattern, &[&self.name, &self.stage])
    }

    /// What derives from a member of the provider section.
    fn provider_origin(&self, path: &[&str], name: &str) -> Origin {
        let mut said = self.service.provider_key;
        let mut extent = said;
        let mut value = &self.service.provider;
        for key in path {
            let Some(member) = value.member(key) else { break };
            said = member.key_span;
            extent = member.value.span;
            value = &member.value;
        }
        Origin {
            name: name.to_owned(),
            type_name: "provider".to_owned(),
            said,
            extent,
            insertion: None,
        }
    }

    /// The name a function is deployed under.
    fn function_name(&self, function: &FunctionEntry) -> PartialText {
        match function.value.get("name").filter(|name| !name.is_null()) {
            Some(name) => write::scalar(name),
            None => {
                let key = PartialText::known(&*function.key);
                write::pattern("{0}-{1}-{2}", &[&self.name, &self.stage, &key])
            }
        }
    }

    /// The function of the service with that key.
    fn function(&self, key: &str) -> Option<&'a FunctionEntry> {
        self.service.functions.iter().find(|function| function.key == key)
    }

    /// The folder or archive of the project that code lies in, as a path of the scan's files.
    fn asset(&self, said: Option<&Value>, at: At) -> Value {
        let relative = match said.filter(|said| !said.is_null()) {
            Some(said) => match said.as_str() {
                Some(relative) => relative,
                None => return said.clone(),
            },
            None => ".",
        };
        match self.files.resolve(self.path, relative) {
            Ok(path) if path.is_empty() => at.text("."),
            Ok(path) => at.text(&path),
            Err(error) => Value::unknown(error.to_string(), at.0),
        }
    }

    fn at(&self) -> At {
        At(self.service.provider_key)
    }
}
