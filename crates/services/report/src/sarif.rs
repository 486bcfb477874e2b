//! SARIF 2.1.0, as code scanning services read it.

use std::collections::{BTreeMap, BTreeSet};

use finding::{Finding, Rule, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use scan::{Judged, Scan, Status};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, CodeFlow, Fix, Invocation, Location,
    LogicalLocation, Message, MultiformatMessageString, Notification, PhysicalLocation,
    PropertyBag, Region, Replacement, ReportingConfiguration, ReportingDescriptor, Result,
    ResultLevel, Run, Sarif, Suppression, ThreadFlow, ThreadFlowLocation, Tool, ToolComponent,
};
use text::{Place, Span};

/// Results of a run that GitHub accepts; the worst are kept.
///
/// Source: GitHub documentation, "SARIF support for code scanning", validation limits.
const MOST_RESULTS: usize = 25_000;

/// Tags of a rule that GitHub keeps; same source.
const MOST_TAGS: usize = 20;

/// What may not stand in a URI's path as it is (RFC 3986, section 3.3).
const NOT_IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'@')
    .remove(b'+')
    .remove(b',')
    .remove(b'=');

/// The report as SARIF text.
pub fn render(scan: &Scan) -> std::result::Result<String, serde_json::Error> {
    let kept = scan.findings.get(..MOST_RESULTS).unwrap_or(&scan.findings);
    let fired: BTreeSet<&str> = kept.iter().map(|judged| judged.finding.rule.id).collect();
    let mut rules: Vec<&Rule> = scan::rules().collect();
    rules.retain(|rule| fired.contains(rule.id));
    // A user's own rules are in no table of ours.
    for judged in kept {
        if !rules.iter().any(|rule| rule.id == judged.finding.rule.id) {
            rules.push(judged.finding.rule);
        }
    }
    let index: BTreeMap<&str, i64> =
        rules.iter().zip(0..).map(|(rule, index)| (rule.id, index)).collect();
    let places = Places(scan);
    let driver = ToolComponent::builder()
        .name("casemate")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>())
        .build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .column_kind(serde_json::json!("unicodeCodePoints"))
        .invocations(vec![invocation(scan, &places, scan.findings.len() - kept.len())])
        .results(kept.iter().map(|judged| places.result(judged, &index)).collect::<Vec<_>>())
        .build();
    let sarif = Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(serde_json::json!("2.1.0"))
        .runs(vec![run])
        .build();
    Ok(serde_json::to_string_pretty(&sarif)? + "\n")
}

/// How severe a finding is on the scale of 0 to 10 that GitHub sorts by: over 9 is critical, from 7
/// high, from 4 medium. Source: as for [`MOST_RESULTS`], `security-severity`.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

fn level(severity: Severity) -> ResultLevel {
    match severity {
        Severity::Critical | Severity::High => ResultLevel::Error,
        Severity::Medium => ResultLevel::Warning,
        Severity::Low | Severity::Info => ResultLevel::Note,
    }
}

fn descriptor(rule: &Rule) -> ReportingDescriptor {
    let text = |text: &str| MultiformatMessageString::builder().text(text).build();
    let mut tags = vec!["security".to_owned(), "serverless".to_owned()];
    tags.push(rule.family.as_str().to_owned());
    tags.extend(rule.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}")));
    tags.push(format!("owasp-serverless/{}", rule.owasp.as_str().replace(' ', "-")));
    tags.extend(rule.security_hub.iter().map(|control| format!("security-hub/{control}")));
    tags.truncate(MOST_TAGS);
    let security_severity = serde_json::json!(security_severity(rule.severity));
    let properties = PropertyBag::builder()
        .tags(tags)
        .additional_properties(BTreeMap::from([(
            "security-severity".to_owned(),
            security_severity,
        )]))
        .build();
    let help = MultiformatMessageString::builder()
        .text(rule.explanation)
        .markdown(crate::rules::page(rule))
        .build();
    let mut descriptor = ReportingDescriptor::builder()
        .id(rule.id)
        .name(rule.id)
        .short_description(text(rule.summary))
        .full_description(text(rule.explanation))
        .help(help)
        .default_configuration(
            ReportingConfiguration::builder()
                .level(serde_json::json!(level(rule.severity)))
                .build(),
        )
        .properties(properties)
        .build();
    descriptor.help_uri = rule.references.first().map(|&reference| reference.to_owned());
    descriptor
}

fn invocation(scan: &Scan, places: &Places<'_>, cut: usize) -> Invocation {
    let note = |message: String, level: &str, location: Option<Location>| {
        let mut notification = Notification::builder()
            .message(Message::builder().text(message).build())
            .level(serde_json::json!(level))
            .build();
        notification.locations = location.map(|location| vec![location]);
        notification
    };
    let mut notes = Vec::new();
    if cut > 0 {
        let limit =
            format!("{cut} of the mildest findings are left out: {MOST_RESULTS} are accepted");
        notes.push(note(limit, "warning", None));
    }
    for problem in &scan.problems {
        let (level, location) = match (problem.loss, &problem.place) {
            (text::Loss::Incomplete, place) => ("error", place),
            (text::Loss::Nothing, place) => ("note", place),
        };
        let location = match location {
            Place::Span(span) => places.location(*span),
            Place::Path(path) => places.file(path),
        };
        notes.push(note(problem.message.clone(), level, Some(location)));
    }
    for part in &scan.not_read {
        let message = format!("not read: {}", part.what);
        notes.push(note(message, "warning", Some(places.file(&part.path))));
    }
    Invocation::builder()
        .execution_successful(scan.outcome.exit != scan::Exit::Incomplete)
        .exit_code(i64::from(scan.outcome.exit.code()))
        .exit_code_description(scan.outcome.reason.clone())
        .tool_execution_notifications(notes)
        .build()
}

struct Places<'a>(&'a Scan);

impl Places<'_> {
    fn artifact(&self, path: &str) -> ArtifactLocation {
        let uri = utf8_percent_encode(path, NOT_IN_PATHS).to_string();
        ArtifactLocation::builder().uri(uri).build()
    }

    fn file(&self, path: &str) -> Location {
        let physical = PhysicalLocation::builder().artifact_location(self.artifact(path)).build();
        Location::builder().physical_location(physical).build()
    }

    fn region(&self, span: Span) -> Region {
        let (_, start) = self.0.place_of(span);
        let end = self.0.sources.of(span).map_or(start, |source| source.position(span.end));
        Region::builder()
            .start_line(i64::from(start.line))
            .start_column(i64::from(start.column))
            .end_line(i64::from(end.line))
            .end_column(i64::from(end.column))
            .build()
    }

    fn location(&self, span: Span) -> Location {
        let (file, _) = self.0.place_of(span);
        let physical = PhysicalLocation::builder()
            .artifact_location(self.artifact(file))
            .region(self.region(span))
            .build();
        Location::builder().physical_location(physical).build()
    }

    fn described(&self, span: Span, text: &str) -> Location {
        let mut location = self.location(span);
        location.message = Some(Message::builder().text(text).build());
        location
    }

    fn result(&self, judged: &Judged, rules: &BTreeMap<&str, i64>) -> Result {
        let finding = &judged.finding;
        let mut location = self.location(finding.span);
        let names = finding.subjects().map(|subject| {
            LogicalLocation::builder()
                .name(subject.name.clone())
                .fully_qualified_name(subject.id.to_string())
                .build()
        });
        location.logical_locations = Some(names.collect());
        let severity = serde_json::json!(security_severity(finding.severity));
        let properties = BTreeMap::from([
            ("security-severity".to_owned(), severity),
            ("confidence".to_owned(), serde_json::json!(finding.confidence.as_str())),
        ]);
        let mut result = Result::builder()
            .rule_id(finding.rule.id)
            .rule_index(rules.get(finding.rule.id).copied().unwrap_or(-1))
            .level(level(finding.severity))
            .message(Message::builder().text(message(finding)).build())
            .locations(vec![location])
            .partial_fingerprints(BTreeMap::from([(
                "casemate/v1".to_owned(),
                judged.fingerprint.clone(),
            )]))
            .properties(PropertyBag::builder().additional_properties(properties).build())
            .build();
        if !finding.labels.is_empty() {
            let labels = finding.labels.iter().zip(1..).map(|(label, id)| {
                let mut location = self.described(label.span, &label.text);
                location.id = Some(id);
                location
            });
            result.related_locations = Some(labels.collect());
        }
        result.fixes = self.fixes(finding);
        result.code_flows = self.code_flow(finding).map(|flow| vec![flow]);
        if let Some(suppression) = &judged.suppression {
            let kind = match suppression.origin {
                scan::SuppressionOrigin::Config(_) => "external",
                _ => "inSource",
            };
            let mut entry = Suppression::builder().kind(serde_json::json!(kind)).build();
            entry.justification.clone_from(&suppression.reason);
            result.suppressions = Some(vec![entry]);
        }
        if judged.status == Status::Baseline {
            result.baseline_state = Some(serde_json::json!("unchanged"));
        }
        result
    }

    fn fixes(&self, finding: &Finding) -> Option<Vec<Fix>> {
        let fix = finding.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
        let mut changes: BTreeMap<&str, Vec<Replacement>> = BTreeMap::new();
        for edit in &fix.edits {
            let content = ArtifactContent::builder().text(edit.replacement.clone()).build();
            let replacement = Replacement::builder()
                .deleted_region(self.region(edit.span))
                .inserted_content(content)
                .build();
            changes.entry(self.0.place_of(edit.span).0).or_default().push(replacement);
        }
        let changes = changes.into_iter().map(|(file, replacements)| {
            ArtifactChange::builder()
                .artifact_location(self.artifact(file))
                .replacements(replacements)
                .build()
        });
        let description = Message::builder().text(fix.summary.clone()).build();
        Some(vec![
            Fix::builder()
                .description(description)
                .artifact_changes(changes.collect::<Vec<_>>())
                .build(),
        ])
    }

    /// The path from the internet to the data; steps without a place are named in the next one.
    fn code_flow(&self, finding: &Finding) -> Option<CodeFlow> {
        let steps: Vec<ThreadFlowLocation> = finding
            .path
            .iter()
            .filter_map(|step| {
                let location = self.described(step.span?, &format!("{} {}", step.kind, step.name));
                Some(ThreadFlowLocation::builder().location(location).build())
            })
            .collect();
        if steps.is_empty() {
            return None;
        }
        let flow = ThreadFlow::builder().locations(steps).build();
        Some(CodeFlow::builder().thread_flows(vec![flow]).build())
    }
}

fn message(finding: &Finding) -> String {
    let mut message = finding.message.clone();
    if !finding.conditions.is_empty() {
        message.push_str(&format!(" (when {})", finding.conditions.join(" and ")));
    }
    if let Some(fix) = &finding.fix {
        message.push_str(&format!("; {}", fix.summary));
    }
    message
}
