//! SAM's policy templates and managed policies, read from their tables.

use text::{PartialText, Span};

use crate::sam::generated::{Properties, pattern, text_value};
use documents::value::{Alternative, Kind, Value};

/// Origin and licence: `data/sam-NOTICE`.
const TEMPLATES: &str = include_str!("../../data/sam-policy-templates.txt");
/// Origin and licence: `data/sam-NOTICE`.
const MANAGED_POLICIES: &str = include_str!("../../data/sam-managed-policies.txt");

/// One template of the table: its parameters and, line by line, its statements.
pub(super) struct PolicyTemplate {
    pub(super) parameters: Vec<&'static str>,
    lines: &'static str,
}

/// Finds a template by its name.
pub(super) fn find(name: &str) -> Option<PolicyTemplate> {
    TEMPLATES.split("\n\npolicy ").skip(1).find_map(|entry| {
        let (heading, lines) = entry.split_once('\n')?;
        let mut words = heading.split(' ');
        (words.next() == Some(name)).then(|| PolicyTemplate { parameters: words.collect(), lines })
    })
}

impl PolicyTemplate {
    /// The statements with the template's parameters filled in, all placed at `span`.
    pub(super) fn statements(&self, arguments: &Value, span: Span) -> Vec<Value> {
        statements(self.lines, &|template| fill(template, &self.parameters, arguments, span), span)
    }
}

/// Reads the lines `allow`, `on`, `service`, `if` of a table into statements.
pub(super) fn statements(lines: &str, fill: &dyn Fn(&str) -> Value, span: Span) -> Vec<Value> {
    let mut statements = Vec::new();
    for lines in lines.trim_start_matches("allow ").split("\nallow ") {
        let mut lines = lines.lines();
        let actions = lines.next().unwrap_or_default().split(' ');
        let actions = actions.map(|action| Value::text(action, span));
        let mut statement = Properties::new(span)
            .set("Effect", Value::text("Allow", span))
            .set("Action", Value::list(actions, span));
        let mut resources = Vec::new();
        for line in lines {
            match line.split_once(' ') {
                Some(("on", resource)) => resources.push(fill(resource)),
                Some(("service", service)) => {
                    let principal = Value::map([("Service", Value::text(service, span))], span);
                    statement = statement.set("Principal", principal);
                }
                Some(("if", condition)) => {
                    let mut words = condition.splitn(3, ' ');
                    if let (Some(operator), Some(key), Some(value)) =
                        (words.next(), words.next(), words.next())
                    {
                        let value = Value::map([(key, fill(value))], span);
                        let condition = Value::map([(operator, value)], span);
                        statement = statement.set("Condition", condition);
                    }
                }
                _ => {}
            }
        }
        statements.push(statement.set("Resource", Value::list(resources, span)).build());
    }
    statements
}

/// Fills parameters into a text, in every branch that an argument has.
fn fill(template: &str, parameters: &[&str], arguments: &Value, span: Span) -> Value {
    let used: Vec<&str> = parameters
        .iter()
        .copied()
        .filter(|parameter| template.contains(&format!("${{{parameter}}}")))
        .collect();
    fill_rest(template, &used, arguments, &mut Vec::new(), span)
}

fn fill_rest<'a>(
    template: &str,
    parameters: &[&'a str],
    arguments: &Value,
    filled: &mut Vec<(&'a str, PartialText)>,
    span: Span,
) -> Value {
    let Some((parameter, rest)) = parameters.split_first() else {
        let holes: Vec<(&str, &PartialText)> =
            filled.iter().map(|(name, text)| (*name, text)).collect();
        return text_value(pattern(template, &holes), span);
    };
    let mut cases = Vec::new();
    for found in arguments.at(&[parameter]) {
        filled.push((parameter, crate::sam::generated::hole(Some(found.value))));
        let value = fill_rest(template, rest, arguments, filled, span);
        filled.pop();
        match found.condition {
            None => return value,
            Some(condition) => cases.push(Alternative { condition, value }),
        }
    }
    if cases.is_empty() {
        return Value::unknown(format!("the policy template's `{parameter}` is missing"), span);
    }
    Value::new(Kind::Branches(cases), span)
}

/// The ARN of a managed policy that is given by its bare name.
pub(super) fn managed_policy_arn(name: &str) -> PartialText {
    let path = MANAGED_POLICIES
        .lines()
        .find(|line| line.strip_suffix(name).is_some_and(|path| path.ends_with('/')));
    let path = path.unwrap_or(name);
    pattern(&format!("arn:${{AWS::Partition}}:iam::aws:policy/{path}"), &[])
}
