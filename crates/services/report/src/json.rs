//! The report for machines: every finding, unknown and problem, and the graph.

use std::collections::BTreeMap;

use app_graph::{AppGraph, EdgeKind, Entity, Index, Node};
use scan::{Judged, Scan, Status, SuppressionOrigin};
use schemars::JsonSchema;
use serde::Serialize;
use text::{Loss, PartialText, Place, Setting, Settled, Sources, Span};

/// The whole report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format; a new major version may remove or rename.
    pub format: &'static str,
    /// Casemate's version.
    pub version: &'static str,
    /// The exit code and its reason.
    pub exit: Exit,
    /// Counts over all findings.
    pub counts: Counts,
    /// Findings: open ones first, worst first.
    pub findings: Vec<Finding>,
    /// Values that a rule needed and that stayed unknown.
    pub unknowns: Vec<Unknown>,
    /// What could not be read, and advice.
    pub problems: Vec<Problem>,
    /// Infrastructure that was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Files that were recognised as templates.
    pub templates: Vec<String>,
    /// The applications with their graphs.
    pub applications: Vec<Application>,
}

/// The exit.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Exit {
    /// 0 clean, 1 findings, 2 usage, 3 incomplete.
    pub code: u8,
    /// Why, in one line.
    pub reason: String,
}

/// Counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Counts {
    /// Open findings by severity.
    pub by_severity: BTreeMap<&'static str, usize>,
    /// Findings somebody allowed.
    pub suppressed: usize,
    /// Findings that were there before.
    pub baseline: usize,
    /// Open findings that an edit mends.
    pub fixable: usize,
    /// Values that stayed unknown.
    pub unknown: usize,
    /// Parts and applications that were not read.
    pub not_read: usize,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Location {
    /// The file, as the user named its folder.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column behind the end.
    pub end_column: u32,
}

/// A fault seen before run time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// `info`, `low`, `medium`, `high` or `critical`.
    pub severity: &'static str,
    /// `low`, `medium` or `high`.
    pub confidence: &'static str,
    /// One sentence.
    pub message: String,
    /// The very token that is wrong.
    pub location: Location,
    /// Name of the function concerned.
    pub function: Option<String>,
    /// Name of the resource concerned.
    pub resource: Option<String>,
    /// Name of the role, user or group concerned.
    pub role: Option<String>,
    /// Name of the application.
    pub application: String,
    /// CDK construct path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub construct: Option<String>,
    /// Independent of lines and file names, unique in the run.
    pub fingerprint: String,
    /// `open`, `baseline` or `suppressed`.
    pub status: &'static str,
    /// Conditions of the template under which it holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// Other places that explain it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// From the internet to the data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Step>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppression: Option<Suppression>,
    /// A page to read.
    pub help: Option<&'static str>,
}

/// Another place that explains a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Label {
    /// The place.
    pub location: Location,
    /// A few words.
    pub text: String,
}

/// A step from the internet to the data.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    /// What it is, in a word.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub location: Option<Location>,
}

/// How to mend a finding.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fix {
    /// One line in the imperative.
    pub summary: String,
    /// Replacements that mend it.
    pub edits: Vec<Edit>,
}

/// One replacement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub location: Location,
    /// What stands there then.
    pub replacement: String,
}

/// Why a finding does not count.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Suppression {
    /// `comment`, `metadata` or `configuration`.
    pub kind: &'static str,
    /// The reason given.
    pub reason: Option<String>,
    /// Where it is written, in a template.
    pub location: Option<Location>,
}

/// A value that stayed unknown.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Unknown {
    /// The rule that needed it.
    pub rule: &'static str,
    /// Whose property it is.
    pub name: String,
    /// Which property.
    pub property: String,
    /// Why it is unknown.
    pub reason: String,
    /// Where the unresolved expression stands.
    pub location: Location,
}

/// Something that could not be read, or advice.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The file or folder.
    pub file: String,
    /// The place in it.
    pub location: Option<Location>,
    /// Whether part of the input was lost by it.
    pub incomplete: bool,
}

/// Infrastructure that was recognised and not read.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NotRead {
    /// The file.
    pub file: String,
    /// What it is, and what to do.
    pub what: String,
}

/// One application.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// The file or folder it was read from.
    pub root: String,
    /// What declared it.
    pub framework: &'static str,
    /// Functions.
    pub functions: Vec<Function>,
    /// Triggers.
    pub triggers: Vec<Trigger>,
    /// Roles, users and groups.
    pub roles: Vec<Role>,
    /// Everything else.
    pub resources: Vec<Resource>,
    /// trigger → function → role → resource, by id.
    pub edges: Vec<Edge>,
}

/// A function. Values that depend on conditions or are unknown are null.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Function {
    /// Unique in the application.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Runtime.
    pub runtime: Option<String>,
    /// Handler.
    pub handler: Option<String>,
    /// Seconds.
    pub timeout: Option<u32>,
    /// MiB.
    pub memory: Option<u32>,
    /// Role as reference or ARN.
    pub role: Option<String>,
    /// Where it is declared.
    pub location: Location,
}

/// A trigger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trigger {
    /// Unique in the application.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Kind in words.
    pub kind: String,
    /// What sends the events.
    pub source: Option<String>,
    /// Id of the function invoked.
    pub function: Option<String>,
    /// Method and path.
    pub route: Option<String>,
    /// Where it is declared.
    pub location: Location,
}

/// An identity.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Role {
    /// Unique in the application.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// `role`, `generated role`, `user`, `group`, `policy` or `service account`.
    pub kind: &'static str,
    /// Where it is declared.
    pub location: Location,
}

/// A resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Resource {
    /// Unique in the application.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Kind in words.
    pub kind: &'static str,
    /// The declared type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Where it is declared.
    pub location: Location,
}

/// An edge.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edge {
    /// Id of where it begins; `internet` for anyone.
    pub from: String,
    /// Id of where it ends.
    pub to: String,
    /// `reaches`, `feeds`, `invokes`, `runs as`, `may read`, `may write`, `may read and write` or
    /// `may do anything to`.
    pub kind: &'static str,
}

/// One application with its graph.
pub fn application(graph: &AppGraph, sources: &Sources) -> Application {
    let location = |entity: &Entity| location(sources, entity.said);
    let id = |entity: &Entity| entity.id.to_string();
    Application {
        name: graph.name.clone(),
        root: graph.root.clone(),
        framework: graph.framework.as_str(),
        functions: graph
            .functions
            .iter()
            .map(|function| Function {
                id: id(&function.entity),
                name: function.entity.name.clone(),
                runtime: single(&function.runtime),
                handler: shown(&function.handler),
                timeout: single(&function.timeout),
                memory: single(&function.memory),
                role: shown(&function.role),
                location: location(&function.entity),
            })
            .collect(),
        triggers: graph
            .triggers
            .iter()
            .map(|trigger| Trigger {
                id: id(&trigger.entity),
                name: trigger.entity.name.clone(),
                kind: trigger.kind.as_str().to_owned(),
                source: shown(&trigger.source),
                function: trigger.function.as_ref().map(ToString::to_string),
                route: trigger
                    .route
                    .as_ref()
                    .map(|route| format!("{} {}", route.method, route.path).trim().to_owned()),
                location: location(&trigger.entity),
            })
            .collect(),
        roles: graph
            .identities
            .iter()
            .map(|identity| Role {
                id: id(&identity.entity),
                name: identity.entity.name.clone(),
                kind: identity.kind.as_str(),
                location: location(&identity.entity),
            })
            .collect(),
        resources: graph
            .resources
            .iter()
            .map(|resource| Resource {
                id: id(&resource.entity),
                name: resource.entity.name.clone(),
                kind: resource.kind.as_str(),
                type_name: resource.entity.type_name.clone(),
                location: location(&resource.entity),
            })
            .collect(),
        edges: graph.edges().iter().map(edge).collect(),
    }
}

/// The report as JSON text.
pub fn render(scan: &Scan) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&report(scan))? + "\n")
}

/// The JSON Schema of the report.
pub fn schema() -> Result<String, serde_json::Error> {
    schema_of::<Report>()
}

/// The JSON Schema of what is written, not of what would be accepted: an empty list is left out.
pub(crate) fn schema_of<T: JsonSchema>() -> Result<String, serde_json::Error> {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    Ok(serde_json::to_string_pretty(&schema)? + "\n")
}

/// The report as data.
pub fn report(scan: &Scan) -> Report {
    let indexes = scan.applications.iter().map(AppGraph::index).collect();
    let places = Places { scan, indexes };
    let counts = scan.counts();
    let by_severity =
        counts.by_severity.iter().map(|(severity, count)| (severity.as_str(), *count)).collect();
    Report {
        format: "1",
        version: env!("CARGO_PKG_VERSION"),
        exit: Exit { code: scan.outcome.exit.code(), reason: scan.outcome.reason.clone() },
        counts: Counts {
            by_severity,
            suppressed: counts.suppressed,
            baseline: counts.baseline,
            fixable: counts.fixable,
            unknown: counts.unknown,
            not_read: counts.incomplete + counts.not_read,
        },
        findings: scan.findings.iter().map(|judged| places.finding(judged)).collect(),
        unknowns: scan
            .unknowns
            .iter()
            .map(|unknown| Unknown {
                rule: unknown.rule.id,
                name: unknown.subject.name.clone(),
                property: unknown.property.clone(),
                reason: unknown.unknown.why.clone(),
                location: places.of(unknown.unknown.span),
            })
            .collect(),
        problems: scan.problems.iter().map(|it| problem(&scan.sources, it)).collect(),
        not_read: scan
            .not_read
            .iter()
            .map(|part| NotRead { file: part.path.clone(), what: part.what.clone() })
            .collect(),
        templates: scan.templates.clone(),
        applications: scan
            .applications
            .iter()
            .map(|graph| application(graph, &scan.sources))
            .collect(),
    }
}

struct Places<'a> {
    scan: &'a Scan,
    /// One for each application.
    indexes: Vec<Index<'a>>,
}

impl Places<'_> {
    fn of(&self, span: Span) -> Location {
        location(&self.scan.sources, span)
    }

    fn finding(&self, judged: &Judged) -> Finding {
        let finding = &judged.finding;
        let graph = self.scan.applications.get(judged.application);
        let name = |subject: &Option<finding::Subject>| {
            subject.as_ref().map(|subject| subject.name.clone())
        };
        let construct = self.indexes.get(judged.application).and_then(|index| {
            let subject = finding.subjects().next()?;
            index.entity(&subject.id)?.construct.clone()
        });
        Finding {
            rule: finding.rule.id,
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            message: finding.message.clone(),
            location: self.of(finding.span),
            function: name(&finding.function),
            resource: name(&finding.resource),
            role: name(&finding.role),
            application: graph.map_or(String::new(), |graph| graph.name.clone()),
            construct,
            fingerprint: judged.fingerprint.clone(),
            status: match judged.status {
                Status::Open => "open",
                Status::Baseline => "baseline",
                Status::Suppressed => "suppressed",
            },
            conditions: finding.conditions.clone(),
            labels: finding
                .labels
                .iter()
                .map(|label| Label { location: self.of(label.span), text: label.text.clone() })
                .collect(),
            path: finding
                .path
                .iter()
                .map(|step| Step {
                    kind: step.kind.clone(),
                    name: step.name.clone(),
                    location: step.span.map(|span| self.of(span)),
                })
                .collect(),
            fix: finding.fix.as_ref().map(|fix| Fix {
                summary: fix.summary.clone(),
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| Edit {
                        location: self.of(edit.span),
                        replacement: edit.replacement.clone(),
                    })
                    .collect(),
            }),
            suppression: judged.suppression.as_ref().map(|suppression| {
                let (kind, span) = match suppression.origin {
                    SuppressionOrigin::Comment(span) => ("comment", Some(span)),
                    SuppressionOrigin::Metadata(span) => ("metadata", Some(span)),
                    SuppressionOrigin::Config(_) => ("configuration", None),
                };
                let location = span.map(|span| self.of(span));
                Suppression { kind, reason: suppression.reason.clone(), location }
            }),
            help: finding.link(),
        }
    }
}

pub(crate) fn problem(sources: &Sources, problem: &text::Problem) -> Problem {
    let location = match &problem.place {
        Place::Span(span) => Some(location(sources, *span)),
        Place::Path(_) => None,
    };
    let file = match (&problem.place, &location) {
        (Place::Path(path), _) => path.clone(),
        (_, Some(location)) => location.file.clone(),
        _ => String::new(),
    };
    Problem {
        message: problem.message.clone(),
        help: problem.help.clone(),
        file,
        location,
        incomplete: problem.loss == Loss::Incomplete,
    }
}

pub(crate) fn location(sources: &Sources, span: Span) -> Location {
    let Some(source) = sources.of(span) else {
        return Location { file: String::new(), line: 1, column: 1, end_line: 1, end_column: 1 };
    };
    let (start, end) = (source.position(span.start), source.position(span.end));
    Location {
        file: source.path.clone(),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn edge(edge: &app_graph::Edge) -> Edge {
    let node = |node: &Node| match node {
        Node::Internet => "internet".to_owned(),
        Node::Entity(id) => id.to_string(),
    };
    Edge { from: node(&edge.from), to: node(&edge.to), kind: edge_words(edge.kind) }
}

pub(crate) fn edge_words(kind: EdgeKind) -> &'static str {
    match kind {
        EdgeKind::Reaches => "reaches",
        EdgeKind::Feeds => "feeds",
        EdgeKind::Invokes => "invokes",
        EdgeKind::RunsAs => "runs as",
        EdgeKind::MayAccess(app_graph::Access::Read) => "may read",
        EdgeKind::MayAccess(app_graph::Access::Write) => "may write",
        EdgeKind::MayAccess(app_graph::Access::ReadWrite) => "may read and write",
        EdgeKind::MayAccess(app_graph::Access::Full) => "may do anything to",
    }
}

fn single<T: Clone>(setting: &Setting<T>) -> Option<T> {
    setting.single().map(|said| said.value.clone())
}

fn shown(setting: &Setting<PartialText>) -> Option<String> {
    setting.cases().into_iter().find_map(|case| match case.value {
        Settled::Known(said) => Some(said.value.to_string()),
        _ => None,
    })
}
