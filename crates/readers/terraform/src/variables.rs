//! Values of the root's variables: variable files and what the user says.

use text::Span;

use super::configuration;
use super::evaluate::{Evaluator, Scope};
use super::module::Module;
use super::syntax::Expr;
use documents::value::Value;

/// Gives the root module its variables: `terraform.tfvars`, then `*.auto.tfvars` by name, then
/// what the user says.
///
/// Source: "Variable Definition Precedence" of the Terraform language documentation.
pub(super) fn assign(evaluator: &Evaluator<'_>, root: &mut Module) {
    let folder = root.configuration.folder.clone();
    let mut names: Vec<String> = evaluator
        .files
        .names_in(&folder)
        .into_iter()
        .filter(|name| {
            matches!(name.as_str(), "terraform.tfvars" | "terraform.tfvars.json")
                || name.ends_with(".auto.tfvars")
                || name.ends_with(".auto.tfvars.json")
        })
        .collect();
    names.sort_by_key(|name| (!name.starts_with("terraform.tfvars"), name.clone()));
    let shell =
        std::rc::Rc::new(Module::new(String::new(), root.configuration.clone(), None, None));
    for name in names {
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if path.ends_with(".json") {
            let Ok(document) = evaluator.files.document(&path) else { continue };
            let value = document.get().and_then(|parsed| parsed.value.as_ref());
            for member in value.map(Value::members).unwrap_or_default() {
                root.assigned.insert(member.key.to_string(), member.value.clone());
            }
        } else {
            match configuration::body(&path, evaluator.files) {
                Ok(body) => {
                    for attribute in &body.attributes {
                        let scope = Scope::of(&shell, attribute.span.source);
                        let value = evaluator.attribute(attribute, &scope);
                        root.assigned.insert(attribute.name.clone(), value);
                    }
                }
                Err(problem) => evaluator.problems.borrow_mut().push(problem),
            }
        }
        evaluator.files_read.borrow_mut().insert(path);
    }
    for (name, text) in &evaluator.options.parameters {
        let Some(variable) = root.configuration.variables.get(name) else { continue };
        let span = variable.said;
        root.assigned.insert(name.clone(), parameter(evaluator, &shell, name, text, span));
    }
}

/// Texts of the command line are texts for variables of that type, and expressions for others.
fn parameter(
    evaluator: &Evaluator<'_>,
    shell: &std::rc::Rc<Module>,
    name: &str,
    text: &str,
    span: Span,
) -> Value {
    let variable = shell.configuration.variables.get(name);
    let declared = variable.and_then(|variable| variable.body.attribute("type"));
    let typed = declared.is_some_and(|declared| match &declared.expr {
        Expr::Hcl(expression) => {
            expression.as_variable().is_none_or(|name| name.as_str() != "string")
        }
        Expr::Json(value) => value.as_str() != Some("string"),
    });
    match hcl_edit::parser::parse_expr(text) {
        Ok(expression) if typed => {
            let value = evaluator.expression(&expression, &Scope::of(shell, span.source));
            Value { span, ..value }
        }
        _ => Value::text(text, span),
    }
}
