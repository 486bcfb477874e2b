//! GitLab's SAST report.
//!
//! Source of the shape: GitLab documentation, "Security scanner integration", and its SAST report
//! format schema 15.2.1.

use scan::{Exit, Scan, Status};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

/// The report as GitLab's JSON; `now` is when the scan was done.
pub fn render(scan: &Scan, now: OffsetDateTime) -> Result<String, serde_json::Error> {
    let vulnerabilities: Vec<Value> =
        scan.findings.iter().filter(|judged| judged.status != Status::Suppressed).map(|judged| {
            let finding = &judged.finding;
            let (file, position) = scan.place_of(finding.span);
            let end = scan.sources.of(finding.span).map_or(position, |source| source.position(finding.span.end));
            let mut identifiers = vec![json!({
                "type": "casemate_rule", "name": finding.rule.id, "value": finding.rule.id,
            })];
            identifiers.extend(finding.rule.cwe.iter().map(|number| json!({
                "type": "cwe", "name": format!("CWE-{number}"), "value": number.to_string(),
                "url": format!("https://cwe.mitre.org/data/definitions/{number}.html"),
            })));
            let severity = finding.severity.as_str();
            let (first, rest) = severity.split_at(1);
            json!({
                "id": judged.fingerprint,
                "name": finding.rule.summary,
                "description": finding.message,
                "severity": format!("{}{rest}", first.to_uppercase()),
                "solution": finding.fix.as_ref().map_or("", |fix| &fix.summary),
                "identifiers": identifiers,
                "links": finding.rule.references.iter().map(|url| json!({"url": url})).collect::<Vec<_>>(),
                "location": {
                    "file": file, "start_line": position.line, "end_line": end.line,
                },
            })
        }).collect();
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]");
    let time = now.format(format).unwrap_or_default();
    let tool = json!({
        "id": "casemate", "name": "casemate", "version": env!("CARGO_PKG_VERSION"),
        "vendor": {"name": "casemate"},
    });
    let complete = scan.outcome.exit != Exit::Incomplete;
    let report = json!({
        "version": "15.2.1",
        "scan": {
            "analyzer": tool, "scanner": tool, "type": "sast",
            "start_time": time, "end_time": time,
            "status": if complete { "success" } else { "failure" },
            "messages": scan.problems.iter().map(|problem| json!({
                "level": if problem.loss == text::Loss::Incomplete { "fatal" } else { "info" },
                "value": problem.message,
            })).collect::<Vec<_>>(),
        },
        "vulnerabilities": vulnerabilities,
    });
    Ok(serde_json::to_string_pretty(&report)? + "\n")
}
