//! A role on its own, in each format's words.

use app_graph::{AppGraph, Arns};
use profile::Role;
use text::EntityId;

use crate::node::Node;
use crate::spelling::{Speller, TerraformData};
use crate::statements::{document, plain};
use crate::write::{Style, written};

/// How a role is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A policy document as IAM takes it: names where they are known, `*` for what only the
    /// deployment decides.
    Iam,
    /// An entry of `Policies` in YAML, of SAM's functions and CloudFormation's roles alike.
    CloudFormation,
    /// The same in JSON.
    CloudFormationJson,
    /// `iamRoleStatements` of a function of the Serverless Framework.
    Serverless,
    /// A `data "aws_iam_policy_document"`.
    Terraform,
}

/// Writes a function's role; an error says what cannot be said in that format.
pub fn render(
    role: &Role,
    graph: &AppGraph,
    function: &EntityId,
    format: Format,
) -> Result<String, String> {
    let arns = Arns::new(graph);
    let speller =
        Speller { graph, arns: &arns, function, is_circular: &|_| false, parameters: &[] };
    let tree = document(&role.grants);
    let mut text = match format {
        Format::Iam => written(&plain(&tree, &speller), Style::Json, "", &speller)?,
        Format::CloudFormation => {
            let entry = Node::map([
                ("PolicyName", Node::known("LeastPrivilege")),
                ("PolicyDocument", tree),
            ]);
            written(&Node::List(vec![entry]), Style::Yaml, "", &speller)?
        }
        Format::CloudFormationJson => written(&tree, Style::Json, "", &speller)?,
        Format::Serverless => {
            let statements = role.grants.iter().map(crate::statements::statement).collect();
            let tree = Node::map([("iamRoleStatements", Node::List(statements))]);
            written(&tree, Style::ServerlessYaml, "", &speller)?
        }
        Format::Terraform => terraform(role, function, &speller)?,
    };
    text.push('\n');
    Ok(text)
}

/// The data sources that a rendered document refers to, under the name that most modules give them.
fn usual_data() -> TerraformData {
    let current = || Some("current".to_owned());
    TerraformData { identity: current(), region: current(), partition: current() }
}

fn terraform(role: &Role, function: &EntityId, speller: &Speller<'_>) -> Result<String, String> {
    let name = function.as_str().rsplit(['.', '/']).next().unwrap_or_default();
    policy_document(role, name, speller, &usual_data())
}

/// A `data "aws_iam_policy_document"` of that name.
pub(crate) fn policy_document(
    role: &Role,
    name: &str,
    speller: &Speller<'_>,
    data: &TerraformData,
) -> Result<String, String> {
    let mut text = format!("data \"aws_iam_policy_document\" \"{name}\" {{");
    let list = |items: Vec<Node>, indent: &str| {
        // Policy variables are written `&{…}` here, because `${` is Terraform's own.
        let list = written(&Node::List(items), Style::Hcl(data), indent, speller)?;
        Ok::<String, String>(list.replace("$${", "&{"))
    };
    for (index, grant) in role.grants.iter().enumerate() {
        let actions = list(grant.actions.iter().map(Node::known).collect(), "    ")?;
        let resources = list(grant.resources.iter().cloned().map(Node::Text).collect(), "    ")?;
        let space = if index == 0 { "" } else { "\n" };
        // As `terraform fmt` aligns neighbours that take one line each.
        let width = if actions.contains('\n') || resources.contains('\n') { 0 } else { 9 };
        text.push_str(&format!(
            "{space}\n  statement {{\n    {:width$} = {actions}\n    resources = {resources}",
            "actions"
        ));
        for condition in &grant.conditions {
            let values = condition.values.iter().cloned().map(Node::Text).collect();
            text.push_str(&format!(
                "\n\n    condition {{\n      test     = \"{}\"\n      variable = \"{}\"\n      \
                 values   = {}\n    }}",
                condition.operator,
                condition.key,
                list(values, "      ")?
            ));
        }
        text.push_str("\n  }");
        if index + 1 == role.grants.len() {
            text.push('\n');
        }
    }
    text.push('}');
    Ok(text)
}
