//! The documents of AWS managed policies, from the Python package `moto`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use iam::managed::FORMAT;
use serde_json::Value;

use super::archive::{assemble, deflate};
use super::packages::{entries, text};

/// Text in one block: more makes the file smaller and each question slower.
const BLOCK: usize = 64_000;

/// All policies.
pub(super) struct Policies {
    /// The lines of each policy, by its name.
    pub(super) texts: BTreeMap<String, String>,
    /// The day on which one of them was last changed.
    pub(super) date: String,
}

/// Reads the policies out of the one string that the package's module consists of.
pub(super) fn read(packages: &Path) -> Result<Policies> {
    let module = fs::read_to_string(packages.join("moto/iam/aws_managed_policies.py"))
        .context("reading the managed policies")?;
    let literal = module.split("\"\"\"").nth(1).context("no string in the module")?;
    ensure!(!literal.contains('\\'), "the string has escapes, which are not undone here");
    let found: Value = serde_json::from_str(literal).context("parsing the managed policies")?;
    let mut policies = Policies { texts: BTreeMap::new(), date: String::new() };
    for (name, policy) in found.as_object().context("no object of policies")? {
        let document = policy.get("Document").with_context(|| format!("no text of `{name}`"))?;
        let lines = lines(name, document).with_context(|| format!("reading `{name}`"))?;
        policies.texts.insert(name.clone(), lines);
        let changed = text(policy, "UpdateDate")?.get(..10).context("`UpdateDate` is no date")?;
        if *changed > *policies.date {
            changed.clone_into(&mut policies.date);
        }
    }
    Ok(policies)
}

/// Writes the file that `iam::managed` describes.
pub(super) fn encode(policies: &Policies, source: &str) -> Result<Vec<u8>> {
    let mut index = String::new();
    let mut blocks = Vec::new();
    let (mut names, mut block) = (String::new(), String::new());
    let mut rest = policies.texts.iter().peekable();
    while let Some((name, lines)) = rest.next() {
        names.push_str(&format!("\t{name}"));
        block.push_str(lines);
        if block.len() >= BLOCK || rest.peek().is_none() {
            let bytes = deflate(&std::mem::take(&mut block))?;
            index.push_str(&format!("{}{}\n", bytes.len(), std::mem::take(&mut names)));
            blocks.extend(bytes);
        }
    }
    assemble([FORMAT, source, &policies.date], &index, blocks)
}

fn lines(name: &str, document: &Value) -> Result<String> {
    let mut lines = line("policy", &[name])?;
    for statement in one_or_many(document.get("Statement").context("no statement")?) {
        lines.push_str(&statement_lines(statement)?);
    }
    Ok(lines)
}

fn statement_lines(statement: &Value) -> Result<String> {
    let sid = statement.get("Sid").and_then(Value::as_str).unwrap_or_default();
    let mut lines = line(text(statement, "Effect")?, &[sid])?;
    for (key, value) in statement.as_object().context("a statement is no object")? {
        match key.as_str() {
            "Effect" | "Sid" => {}
            "Action" | "NotAction" | "Resource" | "NotResource" => {
                lines.push_str(&line(key, &texts(value)?)?);
            }
            "Condition" => {
                for (operator, _) in entries(statement, key) {
                    for (name, values) in entries(value, operator) {
                        let mut fields = vec![operator.as_str(), name];
                        fields.extend(texts(values)?);
                        lines.push_str(&line(key, &fields)?);
                    }
                }
            }
            _ => bail!("unknown element `{key}`"),
        }
    }
    Ok(lines)
}

fn line(key: &str, fields: &[&str]) -> Result<String> {
    ensure!(!fields.iter().any(|field| field.contains(['\t', '\n'])), "a tab or line in a text");
    Ok(format!("{key}\t{}\n", fields.join("\t")))
}

fn texts(value: &Value) -> Result<Vec<&str>> {
    let texts = one_or_many(value).map(|value| match value {
        Value::String(text) => Ok(text.as_str()),
        Value::Bool(true) => Ok("true"),
        Value::Bool(false) => Ok("false"),
        _ => bail!("neither a text nor a truth value"),
    });
    texts.collect()
}

fn one_or_many(value: &Value) -> impl Iterator<Item = &Value> {
    let (many, one) = match value {
        Value::Array(many) => (many.as_slice(), None),
        one => (&[] as &[Value], Some(one)),
    };
    many.iter().chain(one)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(document: &Value, expect: Option<&str>) {
        assert_eq!(lines("Own", document).ok().as_deref(), expect);
    }

    #[test]
    fn a_document_becomes_lines() {
        check(
            &json!({ "Statement": {
                "Effect": "Allow", "Action": "s3:*", "NotResource": ["a", "b"],
                "Condition": { "Bool": { "aws:SecureTransport": true } },
            } }),
            Some(
                "policy\tOwn\nAllow\t\nAction\ts3:*\nNotResource\ta\tb\n\
                 Condition\tBool\taws:SecureTransport\ttrue\n",
            ),
        );
        check(
            &json!({ "Statement": [{ "Effect": "Deny", "Sid": "No" }] }),
            Some("policy\tOwn\nDeny\tNo\n"),
        );
        check(&json!({ "Statement": [{ "Effect": "Deny", "Principal": "*" }] }), None);
        check(&json!({}), None);
    }
}
