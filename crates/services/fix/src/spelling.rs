//! How a text that refers to other declarations is spelled in each format.

use app_graph::{AppGraph, Arns, Framework, ResourceKind};
use text::{EntityId, Part, PartialText, Pseudo, Reference};

use crate::arns::{self, Giver};

/// A text in CloudFormation's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spelled {
    /// As it stands.
    Literal(String),
    /// `Ref` of a logical id or a pseudo parameter.
    Ref(String),
    /// `Fn::GetAtt`.
    Attribute(String, String),
    /// `Fn::Sub`.
    Sub(String),
    /// `Fn::Join` without a separator.
    Join(Vec<Spelled>),
}

/// Who spells: what is in reach, and what must not be referred to.
#[derive(Clone, Copy)]
pub(crate) struct Speller<'a> {
    pub(crate) graph: &'a AppGraph,
    pub(crate) arns: &'a Arns<'a>,
    /// The function whose role it is.
    pub(crate) function: &'a EntityId,
    /// Whether a reference to a resource would make a circle.
    pub(crate) is_circular: &'a dyn Fn(&EntityId) -> bool,
    /// The template's parameters with their defaults: what reads as the default was the parameter.
    pub(crate) parameters: &'a [(String, String)],
}

impl Speller<'_> {
    /// A text as CloudFormation has it; with references in a `Sub` where they are not alone.
    pub(crate) fn cloudformation(&self, text: &PartialText) -> Result<Spelled, String> {
        let parts = self.parts(text)?;
        if let [Part::Reference(reference)] = parts.parts() {
            return self.sole(reference);
        }
        if let [Part::Pseudo(pseudo)] = parts.parts()
            && *pseudo != Pseudo::Stage
        {
            return Ok(Spelled::Ref(pseudo.to_string()));
        }
        if let Some(literal) = parts.literal() {
            return Ok(Spelled::Literal(literal.to_owned()));
        }
        let mut sub = String::new();
        for part in parts.parts() {
            match part {
                Part::Literal(literal) => sub.push_str(&literal.replace("${", "${!")),
                Part::Pseudo(Pseudo::Stage) | Part::Unknown(_) => sub.push('*'),
                Part::Pseudo(pseudo) => sub.push_str(&format!("${{{pseudo}}}")),
                Part::Reference(reference) => match self.sole(reference)? {
                    Spelled::Ref(id) => sub.push_str(&format!("${{{id}}}")),
                    Spelled::Attribute(id, name) => sub.push_str(&format!("${{{id}.{name}}}")),
                    Spelled::Sub(inner) => sub.push_str(&inner),
                    other => return Err(format!("`{other:?}` cannot stand in a text")),
                },
            }
        }
        Ok(Spelled::Sub(sub))
    }

    /// A text as the Serverless Framework has it: its own variables begin as those of `Sub` do, and
    /// so references are joined.
    pub(crate) fn serverless(&self, text: &PartialText) -> Result<Spelled, String> {
        let spelled = self.cloudformation(text)?;
        let Spelled::Sub(_) = &spelled else { return Ok(spelled) };
        let parts = self.parts(text)?;
        if parts.references().next().is_none() && !parts.has_literal("${") {
            return Ok(spelled);
        }
        let mut pieces = Vec::new();
        let mut piece = PartialText::default();
        let mut flush = |piece: &mut PartialText| -> Result<(), String> {
            let done = std::mem::take(piece);
            if !done.parts().is_empty() {
                pieces.push(self.cloudformation(&done)?);
            }
            Ok(())
        };
        for part in parts.parts() {
            if let Part::Reference(_) = part {
                flush(&mut piece)?;
                piece.push(part.clone());
                flush(&mut piece)?;
            } else {
                piece.push(part.clone());
            }
        }
        flush(&mut piece)?;
        Ok(Spelled::Join(pieces))
    }

    /// A text as plain JSON has it: names where they are known, else `*`.
    pub(crate) fn plain(&self, text: &PartialText) -> String {
        collapsed(&self.arns.spelled(text).with_holes("*"))
    }

    /// A text as a template in HCL, without its quotes; or a lone expression.
    pub(crate) fn terraform(
        &self,
        text: &PartialText,
        data: &TerraformData,
    ) -> Result<Hcl, String> {
        let parts = self.parts(text)?;
        let mut template = String::new();
        for part in parts.parts() {
            let expression = match part {
                Part::Literal(literal) => {
                    let escaped = literal.replace('\\', "\\\\").replace('"', "\\\"");
                    template.push_str(&escaped.replace("${", "$${").replace("%{", "%%{"));
                    continue;
                }
                Part::Unknown(_) => {
                    template.push('*');
                    continue;
                }
                Part::Pseudo(pseudo) => match data.expression(*pseudo) {
                    Some(expression) => expression,
                    None => {
                        template.push_str(if *pseudo == Pseudo::Partition { "aws" } else { "*" });
                        continue;
                    }
                },
                Part::Reference(reference) => self.terraform_reference(reference)?,
            };
            if parts.parts().len() == 1 {
                return Ok(Hcl::Expression(expression));
            }
            template.push_str(&format!("${{{expression}}}"));
        }
        Ok(Hcl::Template(collapsed(&template)))
    }

    fn terraform_reference(&self, reference: &Reference) -> Result<String, String> {
        let id = reference.entity.as_str();
        let own = self.function.as_str();
        let scope = own.rfind("aws_lambda_function.").and_then(|at| own.get(..at)).unwrap_or("");
        let local = id.strip_prefix(scope).unwrap_or(id);
        if local.starts_with("module.") || !id.starts_with(scope) || local.starts_with("data.") {
            return Err(format!("`{id}` lies in another module"));
        }
        let kind = local.split('.').next().unwrap_or_default();
        let attribute = match &*reference.attribute {
            "Ref"
                if matches!(
                    kind,
                    "aws_kinesis_stream" | "aws_kinesis_firehose_delivery_stream"
                ) =>
            {
                "name".to_owned()
            }
            "Ref" => "id".to_owned(),
            "Arn" if matches!(kind, "aws_api_gateway_rest_api" | "aws_apigatewayv2_api") => {
                "execution_arn".to_owned()
            }
            other => snake_case(other),
        };
        Ok(format!("{local}.{attribute}"))
    }

    /// The text with what cannot be referred to by its name, and without doubled wildcards.
    fn parts(&self, text: &PartialText) -> Result<PartialText, String> {
        let mut parts = PartialText::default();
        for part in text.parts() {
            match part {
                Part::Reference(reference) => self.refer(reference, &mut parts)?,
                Part::Unknown(_) => parts.push(Part::Literal("*".to_owned())),
                part => parts.push(part.clone()),
            }
        }
        let mut tidy = PartialText::default();
        for part in parts.parts() {
            let Part::Literal(literal) = part else {
                tidy.push(part.clone());
                continue;
            };
            let mut literal = literal.as_str();
            // One spelling of ARNs serves all partitions.
            if let Some(rest) = literal.strip_prefix("arn:aws:").filter(|_| tidy.parts().is_empty())
            {
                tidy.push(Part::Literal("arn:".to_owned()));
                tidy.push(Part::Pseudo(Pseudo::Partition));
                tidy.push(Part::Literal(":".to_owned()));
                literal = rest;
            }
            // What CloudFormation gives for a log group ends in `:*` already.
            if self.is_cloudformation() && self.ends_in_log_group(&tidy) {
                literal = literal.strip_prefix(":*").unwrap_or(literal);
            }
            tidy.push(Part::Literal(collapsed(literal)));
        }
        Ok(self.with_parameters(&tidy))
    }

    /// The text with parameters in the place of their defaults, behind the account of an ARN.
    fn with_parameters(&self, text: &PartialText) -> PartialText {
        let mut replaced = PartialText::default();
        let mut colons = 0;
        for part in text.parts() {
            let Part::Literal(literal) = part else {
                replaced.push(part.clone());
                continue;
            };
            let ends = literal.match_indices(':').map(|(at, _)| at + 1);
            let start = match 5_usize.checked_sub(colons) {
                None | Some(0) => Some(0),
                Some(missing) => ends.clone().nth(missing - 1),
            };
            colons += ends.count();
            let (head, tail) = literal.split_at(start.unwrap_or(literal.len()));
            replaced.push(Part::Literal(head.to_owned()));
            self.replace_defaults(tail, &mut replaced);
        }
        replaced
    }

    fn replace_defaults(&self, text: &str, replaced: &mut PartialText) {
        let is_end = |letter: Option<char>| letter.is_none_or(|letter| "/:-*".contains(letter));
        let found = self.parameters.iter().find_map(|(name, default)| {
            let mut places = text.match_indices(default.as_str());
            places.find_map(|(at, _)| {
                let (before, behind) = (text.get(..at)?, text.get(at + default.len()..)?);
                let stands_alone =
                    is_end(before.chars().next_back()) && is_end(behind.chars().next());
                stands_alone.then_some((name, before, behind))
            })
        });
        let Some((name, before, behind)) = found else {
            return replaced.push(Part::Literal(text.to_owned()));
        };
        let scope = self.function.as_str().rsplit_once('/').map(|(scope, _)| scope);
        let id = scope.map_or(name.clone(), |scope| format!("{scope}/{name}"));
        self.replace_defaults(before, replaced);
        let entity = EntityId::new(id);
        replaced.push(Part::Reference(Reference { entity, attribute: "Ref".into() }));
        self.replace_defaults(behind, replaced);
    }

    fn ends_in_log_group(&self, text: &PartialText) -> bool {
        let Some(Part::Reference(reference)) = text.parts().last() else { return false };
        let entity = self.graph.entity(&reference.entity);
        &*reference.attribute == "Arn"
            && entity.is_some_and(|entity| entity.type_name == "AWS::Logs::LogGroup")
    }

    fn refer(&self, reference: &Reference, parts: &mut PartialText) -> Result<(), String> {
        let id = &reference.entity;
        let is_own = id == self.function;
        let is_there = self.is_in_reach(id) && self.is_there_with_the_function(id);
        if !is_own && !(self.is_circular)(id) && is_there {
            parts.push(Part::Reference(reference.clone()));
            return Ok(());
        }
        let is_name = &*reference.attribute == "Ref";
        let named = if is_name { self.arns.name_of(id) } else { self.arns.of(id) };
        let name = self.graph.entity(id).map_or(id.as_str(), |entity| entity.name.as_str());
        let Some(named) = named else { return Err(format!("the ARN of `{name}` is not known")) };
        for part in named.parts() {
            match part {
                // CloudFormation makes up the name from the stack's and the logical id.
                Part::Reference(inner) if inner.entity == *id && is_own => {
                    if self.is_cloudformation() {
                        parts.push(Part::Pseudo(Pseudo::Stack));
                        parts.push(Part::Literal(format!("-{name}-")));
                    }
                    parts.push(Part::Literal("*".to_owned()));
                }
                // A user pool's id is never known before: any pool of the account is named.
                Part::Reference(inner) if inner.entity == *id && is_there && self.is_pool(id) => {
                    parts.push(Part::Literal("*".to_owned()));
                }
                Part::Reference(inner) if inner.entity == *id => {
                    return Err(match (self.is_in_reach(id), is_there) {
                        (false, _) => format!("`{name}` lies in another stack or module"),
                        (true, false) => format!("`{name}` exists under a condition only"),
                        (true, true) => format!(
                            "`{name}` depends on the function: its role cannot refer to it; give \
                             `{name}` a name"
                        ),
                    });
                }
                Part::Reference(inner) => self.refer(inner, parts)?,
                part => parts.push(part.clone()),
            }
        }
        Ok(())
    }

    fn is_pool(&self, id: &EntityId) -> bool {
        let found = self.graph.resource(id);
        found.is_some_and(|found| matches!(found.kind, ResourceKind::UserPool(_)))
    }

    fn is_cloudformation(&self) -> bool {
        self.graph.framework != Framework::Terraform
    }

    /// Whether a declaration can be referred to from where the function is declared.
    fn is_in_reach(&self, id: &EntityId) -> bool {
        let is_terraform = self.graph.framework == Framework::Terraform;
        is_terraform || scope(id.as_str()) == scope(self.function.as_str())
    }

    /// Whether a declaration exists whenever the function does.
    fn is_there_with_the_function(&self, id: &EntityId) -> bool {
        let condition = |id| self.graph.entity(id).and_then(|entity| entity.condition.as_ref());
        condition(id).is_none() || condition(id) == condition(self.function)
    }

    /// A reference on its own.
    fn sole(&self, reference: &Reference) -> Result<Spelled, String> {
        let id = reference.entity.as_str();
        let logical = id.rsplit('/').next().unwrap_or(id).to_owned();
        if &*reference.attribute == "Ref" {
            return Ok(Spelled::Ref(logical));
        }
        if &*reference.attribute != "Arn" {
            return Ok(Spelled::Attribute(logical, reference.attribute.to_string()));
        }
        let Some(entity) = self.graph.entity(&reference.entity) else {
            // A role that is made by the same edits.
            return Ok(Spelled::Attribute(logical, "Arn".to_owned()));
        };
        match arns::giver(&entity.type_name) {
            Some(Giver::Ref) => Ok(Spelled::Ref(logical)),
            Some(Giver::Attribute(attribute)) => {
                Ok(Spelled::Attribute(logical, attribute.to_owned()))
            }
            Some(Giver::Built(pattern)) => {
                // A parameter's name begins with a slash or it does not.
                let name = self.arns.name_of(&reference.entity);
                let is_slashed = name.is_some_and(|name| name.to_string().starts_with('/'));
                let built = pattern.replace("${Ref}", &format!("${{{logical}}}"));
                Ok(Spelled::Sub(match is_slashed {
                    true => built.replace("parameter/${", "parameter${"),
                    false => built,
                }))
            }
            None => {
                let type_name = &entity.type_name;
                Err(format!("what gives the ARN of `{logical}` (`{type_name}`) is not known"))
            }
        }
    }
}

/// A text in Terraform's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hcl {
    /// The inside of a quoted template.
    Template(String),
    /// An expression of its own.
    Expression(String),
}

/// The data sources of a module that say what only the deployment knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct TerraformData {
    /// Name of `aws_caller_identity`.
    pub(crate) identity: Option<String>,
    /// Name of `aws_region`.
    pub(crate) region: Option<String>,
    /// Name of `aws_partition`.
    pub(crate) partition: Option<String>,
}

impl TerraformData {
    fn expression(&self, pseudo: Pseudo) -> Option<String> {
        let (kind, name, attribute) = match pseudo {
            Pseudo::Account => ("aws_caller_identity", &self.identity, "account_id"),
            Pseudo::Region => ("aws_region", &self.region, "name"),
            Pseudo::Partition => ("aws_partition", &self.partition, "partition"),
            _ => return None,
        };
        name.as_ref().map(|name| format!("data.{kind}.{name}.{attribute}"))
    }
}

/// The scope an entity lies in.
fn scope(id: &str) -> &str {
    id.rsplit_once('/').map_or("", |(scope, _)| scope)
}

/// One wildcard means as much as several.
fn collapsed(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '*' || !collapsed.ends_with('*') {
            collapsed.push(letter);
        }
    }
    collapsed
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
