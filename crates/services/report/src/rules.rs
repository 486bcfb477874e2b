//! What rules mean: pages, lists and tables, all from [`finding::Rule`].

use std::fmt::Write;

use finding::Rule;
use serde_json::json;

/// A rule's page as Markdown.
pub fn page(rule: &Rule) -> String {
    let mut out =
        format!("# {}\n\n{}.\n\n{}\n\n", rule.id, sentence(rule.summary), rule.explanation);
    let _ = writeln!(out, "Severity: {}, unless the case is milder or worse.\n", rule.severity);
    for (title, example) in [("Fires", rule.firing), ("Does not fire", rule.clean)] {
        let language = if example.trim_start().starts_with("resource ") { "hcl" } else { "yaml" };
        let _ = writeln!(out, "{title}:\n\n```{language}\n{}\n```\n", example.trim_end());
    }
    let cwe: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let mut classes = vec![format!("OWASP Serverless {}", rule.owasp.as_str())];
    classes.extend(cwe);
    classes.extend(rule.security_hub.iter().map(|control| format!("Security Hub {control}")));
    let _ = writeln!(out, "Classes: {}.\n", classes.join(", "));
    if !rule.counterparts.is_empty() {
        let _ = writeln!(out, "Elsewhere: {}.\n", rule.counterparts.join(", "));
    }
    let _ = writeln!(
        out,
        "Allow it, with a reason: `# casemate: allow({}) reason` on or above the line.\n",
        rule.id
    );
    for reference in rule.references {
        let _ = writeln!(out, "- <{reference}>");
    }
    out
}

/// One line a rule.
pub fn lines(rules: &[&Rule]) -> String {
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in rules {
        let _ = writeln!(
            out,
            "{:width$}  {:8}  {:8}  {}",
            rule.id,
            rule.severity,
            rule.family.as_str(),
            rule.summary
        );
    }
    out
}

/// All rules as JSON.
pub fn json(rules: &[&Rule]) -> Result<String, serde_json::Error> {
    let rules: Vec<_> = rules
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id,
                "summary": rule.summary,
                "explanation": rule.explanation,
                "family": rule.family.as_str(),
                "severity": rule.severity.as_str(),
                "cwe": rule.cwe,
                "owasp": rule.owasp.as_str(),
                "security_hub": rule.security_hub,
                "counterparts": rule.counterparts,
                "references": rule.references,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&rules)? + "\n")
}

/// All rules as a Markdown table against Security Hub and other tools.
pub fn table(rules: &[&Rule]) -> String {
    let mut out = String::from(
        "| rule | severity | says | CWE | OWASP Serverless | Security Hub | checkov | cdk-nag | prowler |\n\
         |---|---|---|---|---|---|---|---|---|\n",
    );
    for rule in rules {
        let of = |wanted: Tool| {
            let ids = rule.counterparts.iter().filter(|id| tool(id) == wanted);
            let ids: Vec<&str> = ids.copied().collect();
            ids.join(" ")
        };
        let cwe: Vec<String> = rule.cwe.iter().map(ToString::to_string).collect();
        let _ = writeln!(
            out,
            "| [{id}](rules/{id}.md) | {} | {} | {} | {} | {} | {} | {} | {} |",
            rule.severity,
            rule.summary,
            cwe.join(" "),
            rule.owasp.as_str(),
            rule.security_hub.join(" "),
            of(Tool::Checkov),
            of(Tool::CdkNag),
            of(Tool::Prowler),
            id = rule.id,
        );
    }
    out
}

#[derive(PartialEq, Eq)]
enum Tool {
    Checkov,
    CdkNag,
    Prowler,
}

/// Whose id it is, by its shape.
fn tool(id: &str) -> Tool {
    if id.starts_with("CKV") {
        Tool::Checkov
    } else if id.starts_with("AwsSolutions-")
        || id.starts_with("Serverless-")
        || id.starts_with("HIPAA")
        || id.starts_with("NIST")
    {
        Tool::CdkNag
    } else {
        Tool::Prowler
    }
}

fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
