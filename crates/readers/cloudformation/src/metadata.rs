use app_graph::{Allowance, AllowanceTool};
use text::PartialText;

use data_encoding::BASE64;
use documents::value::{Kind, Value};

/// Suppressions in a resource's `Metadata`: ours, checkov's and cdk-nag's.
///
/// Ours is `casemate: {allow: [{rule: …, reason: …}]}`; a rule's id alone is taken too. Sources of
/// the others: checkov documentation, "Suppressing and skipping policies"; cdk-nag's README, "Rules
/// and suppressions in CloudFormation templates".
pub(super) fn allowances(metadata: &Value) -> Vec<Allowance> {
    let mut allowances = Vec::new();
    let shapes = [
        (AllowanceTool::Casemate, ["casemate", "allow"], ["rule", "reason"]),
        (AllowanceTool::Checkov, ["checkov", "skip"], ["id", "comment"]),
        (AllowanceTool::CdkNag, ["cdk_nag", "rules_to_suppress"], ["id", "reason"]),
    ];
    for (tool, [section, list], [rule, reason]) in shapes {
        let Some(list) = metadata.get(section).and_then(|section| section.get(list)) else {
            continue;
        };
        let entries = match list.items() {
            [] => std::slice::from_ref(list),
            items => items,
        };
        for entry in entries {
            let found = entry.get(rule).unwrap_or(entry);
            let Some(rule) = found.as_str() else { continue };
            let reason = entry.get(reason).and_then(Value::as_str).map(str::to_owned);
            let reason = match entry.get("is_reason_encoded").map(|encoded| &encoded.kind) {
                Some(Kind::Bool(true)) => reason.map(decoded),
                _ => reason,
            };
            let only = entry.get("applies_to").map(Value::items).unwrap_or_default();
            let only = only.iter().filter_map(cause).collect();
            let rule = rule.to_owned();
            allowances.push(Allowance { rule, reason, span: found.span, tool, only });
        }
    }
    allowances
}

/// What an entry of cdk-nag's `applies_to` names: a text, or a regular expression as it is written.
fn cause(entry: &Value) -> Option<String> {
    entry.as_str().or_else(|| entry.get("regex")?.as_str()).map(str::to_owned)
}

/// A reason beyond ASCII, which cdk-nag writes in Base64.
fn decoded(reason: String) -> String {
    let bytes = BASE64.decode(reason.as_bytes()).ok();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or(reason)
}

/// Path of the CDK construct that made the resource.
pub(crate) fn construct_path(metadata: &Value) -> Option<String> {
    let path = metadata.get("aws:cdk:path")?.scalar_text()?;
    let path = PartialText::literal(&path)?;
    Some(path.strip_suffix("/Resource").unwrap_or(path).to_owned())
}
