//! The permissions report for machines.

use fix::Format;
use permissions::{BlastRadius, ExcessKind};
use profile::{Coverage, Evidence, Need, Profile};
use scan::{FunctionAccess, Scan};
use schemars::JsonSchema;
use serde::Serialize;
use text::PartialText;

use super::blast_radius::{self, BlastRadiusRow};
use super::observed::{self, LogRow, ObservedRow, UnjoinedRow, UnknownEventRow};
use super::shown;
use crate::json::{Exit, Location, Problem, location, problem};

/// The whole report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format; a new major version may remove or rename.
    pub format: &'static str,
    /// Casemate's version.
    pub version: &'static str,
    /// The exit code and its reason.
    pub exit: Exit,
    /// Every function, by application and place.
    pub functions: Vec<Function>,
    /// Records of logs that are of no function.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unjoined: Vec<UnjoinedRow>,
    /// What could not be read, and advice.
    pub problems: Vec<Problem>,
}

/// One function.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Function {
    /// Its id in the graph.
    pub id: String,
    /// What the template calls it.
    pub name: String,
    /// Its application.
    pub application: String,
    /// The template or folder that the application was read from.
    pub root: String,
    /// The file of its handler, where it was found.
    pub file: Option<String>,
    /// The handler as the template names it.
    pub handler: Option<String>,
    /// `Python`, `JavaScript`, `TypeScript`, `Go`, `Java`; null where the code was not read.
    pub language: Option<&'static str>,
    /// Why the code was not read, where it was not.
    pub not_read: Option<String>,
    /// What it needs.
    pub needs: Vec<NeedRow>,
    /// The least role, as an IAM policy document; null where it cannot be said.
    pub policy: serde_json::Value,
    /// What its policies allow.
    pub granted: Vec<GrantedRow>,
    /// Granted and not needed.
    pub excess: Vec<ExcessRow>,
    /// Needed and not granted: calls that would be refused.
    pub missing: Vec<MissingRow>,
    /// What logs say it did; null where none were read.
    pub observed: Option<Vec<ObservedRow>>,
    /// Events in logs of which nobody knows what they needed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observed_unknown: Vec<UnknownEventRow>,
    /// Calls that may reach AWS and could not be resolved.
    pub unresolved: Vec<UnresolvedRow>,
    /// What an intruder in the function comes to.
    pub blast_radius: BlastRadiusRow,
    /// Why the difference between needed and granted is not certain.
    pub doubts: Vec<String>,
    /// Hosts it connects to; `*` where they are not known.
    pub hosts: Vec<PlaceRow>,
    /// Programs it starts.
    pub processes: Vec<PlaceRow>,
    /// Files it writes.
    pub files: Vec<PlaceRow>,
}

/// A permission needed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NeedRow {
    /// The action.
    pub action: String,
    /// The ARN; `*` stands for what is not known.
    pub resource: String,
    /// Whether the permission can be narrowed to resources at all.
    pub scopable: bool,
    /// Whether the ARN names its resource: all of it is known, or all but what lies in the resource.
    pub concrete: bool,
    /// Why a part of the ARN is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// How often logs say it was used; null where none were read.
    pub observed: Option<u64>,
    /// Where it comes from.
    pub evidence: Vec<EvidenceRow>,
}

/// Where a need comes from.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EvidenceRow {
    /// `code`, `template`, or `observed` in logs alone.
    pub kind: &'static str,
    /// The operation called, why the setting asks for it, or how often it was observed.
    pub what: String,
    /// The place; of what was observed the function's.
    #[serde(flatten)]
    pub location: Location,
    /// The first record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<LogRow>,
    /// Calls that lead from the handler to it, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub through: Vec<Location>,
}

/// An action pattern on a resource pattern.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GrantedRow {
    /// The action pattern.
    pub action: String,
    /// The resource pattern.
    pub resource: String,
    /// Where it is written.
    #[serde(flatten)]
    pub location: Location,
}

/// A grant that is too wide.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExcessRow {
    /// The action pattern.
    pub action: String,
    /// The resource patterns.
    pub resources: Vec<String>,
    /// `unused`, `actions` (only some of the pattern's actions are called) or `resources` (only
    /// some of the pattern's resources are touched).
    pub kind: &'static str,
    /// The actions or resources that are needed of it.
    pub needed: Vec<String>,
    /// Where it is written.
    #[serde(flatten)]
    pub location: Location,
}

/// A need that is not granted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MissingRow {
    /// The action.
    pub action: String,
    /// The ARN.
    pub resource: String,
    /// The statement that denies it, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denied_by: Option<Location>,
    /// How often logs say that it was refused.
    pub refused: u64,
    /// Where the need comes from.
    pub evidence: Vec<EvidenceRow>,
}

/// A call that could not be resolved.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnresolvedRow {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The call as written.
    pub call: String,
    /// Why it could not be resolved.
    pub reason: String,
}

/// Something outside AWS that the code touches, and where.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlaceRow {
    /// What.
    pub name: String,
    /// The call.
    #[serde(flatten)]
    pub location: Location,
}

/// The JSON Schema of the report.
pub fn schema() -> Result<String, serde_json::Error> {
    crate::json::schema_of::<Report>()
}

/// Writes the report.
pub fn render(scan: &Scan) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&report(scan)?)? + "\n")
}

fn report(scan: &Scan) -> Result<Report, serde_json::Error> {
    let functions = scan.functions().zip(blast_radius::all(scan));
    let functions =
        functions.map(|((graph, access), radius)| function(scan, graph, access, &radius));
    Ok(Report {
        format: "1",
        version: env!("CARGO_PKG_VERSION"),
        exit: Exit { code: scan.outcome.exit.code(), reason: scan.outcome.reason.clone() },
        functions: functions.collect::<Result<_, _>>()?,
        unjoined: observed::unjoined(&scan.unjoined),
        problems: scan.problems.iter().map(|it| problem(&scan.sources, it)).collect(),
    })
}

fn function(
    scan: &Scan,
    graph: &app_graph::AppGraph,
    access: &FunctionAccess,
    radius: &BlastRadius,
) -> Result<Function, serde_json::Error> {
    let place = |span| location(&scan.sources, span);
    let row = |name: &PartialText, span| PlaceRow { name: shown(name), location: place(span) };
    let behaviour = &access.profile.behaviour;
    let declared = graph.function(&access.profile.function);
    let policy = match fix::render(&access.role, graph, &access.profile.function, Format::Iam) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(_) => serde_json::Value::Null,
    };
    let (language, not_read) = match &behaviour.coverage {
        Coverage::Read(language) => (Some(language.as_str()), None),
        Coverage::NotRead(why) => (None, Some(why.clone())),
        Coverage::Unsupported(runtime) => (None, Some(format!("no reader for `{runtime}`"))),
    };
    let account = &access.account;
    let activity = access.profile.activity.as_ref();
    Ok(Function {
        id: access.profile.function.to_string(),
        name: declared.map_or(String::new(), |declared| declared.entity.name.clone()),
        application: graph.name.clone(),
        root: graph.root.clone(),
        file: behaviour.file.clone(),
        handler: declared
            .and_then(|declared| declared.handler.known_values().next())
            .map(|said| said.value.to_string()),
        language,
        not_read,
        needs: access.profile.needs.iter().map(|it| need(scan, &access.profile, it)).collect(),
        policy,
        granted: account
            .granted
            .iter()
            .map(|granted| GrantedRow {
                action: granted.action.clone(),
                resource: shown(&granted.resource),
                location: place(granted.span),
            })
            .collect(),
        excess: account.excess.iter().map(|it| excess(scan, it)).collect(),
        missing: account
            .missing
            .iter()
            .map(|missing| MissingRow {
                action: missing.need.action.clone(),
                resource: shown(&missing.need.resource),
                denied_by: missing.denied_by.map(place),
                refused: missing.refusals,
                evidence: evidence(scan, &missing.need.evidence),
            })
            .collect(),
        observed: activity.map(|_| account.observed.iter().map(observed::observed).collect()),
        observed_unknown: activity
            .into_iter()
            .flat_map(|activity| &activity.unknown)
            .map(observed::unknown)
            .collect(),
        unresolved: behaviour
            .unresolved
            .iter()
            .map(|unresolved| {
                let Location { file, line, .. } = place(unresolved.span);
                let (call, reason) = (unresolved.call.clone(), unresolved.reason.clone());
                UnresolvedRow { file, line, call, reason }
            })
            .collect(),
        blast_radius: blast_radius::row(graph, radius),
        doubts: account.doubts.iter().map(|doubt| doubt.why.clone()).collect(),
        hosts: behaviour.destinations.iter().map(|it| row(&it.host, it.span)).collect(),
        processes: behaviour.processes.iter().map(|it| row(&it.command, it.span)).collect(),
        files: behaviour.files.iter().map(|it| row(&it.path, it.span)).collect(),
    })
}

fn need(scan: &Scan, profile: &Profile, need: &Need) -> NeedRow {
    NeedRow {
        action: need.action.clone(),
        resource: shown(&need.resource),
        scopable: need.is_scopable(),
        concrete: need.is_concrete(),
        unknown: need.resource.unknown_reason().map(str::to_owned),
        observed: profile.uses_of(need),
        evidence: evidence(scan, &need.evidence),
    }
}

fn evidence(scan: &Scan, evidence: &[Evidence]) -> Vec<EvidenceRow> {
    let place = |span| location(&scan.sources, span);
    let row = |evidence: &Evidence| match evidence {
        Evidence::Code { span, operation, through, .. } => EvidenceRow {
            kind: "code",
            what: operation.clone(),
            location: place(*span),
            record: None,
            through: through.iter().copied().map(place).collect(),
        },
        Evidence::Template { span, why } => EvidenceRow {
            kind: "template",
            what: (*why).to_owned(),
            location: place(*span),
            record: None,
            through: Vec::new(),
        },
        Evidence::Observed { span, place: record, count, last } => EvidenceRow {
            kind: "observed",
            what: format!("{count} times, last {last}"),
            location: place(*span),
            record: Some(observed::place(record)),
            through: Vec::new(),
        },
    };
    evidence.iter().map(row).collect()
}

fn excess(scan: &Scan, excess: &permissions::Excess) -> ExcessRow {
    let (kind, needed) = match &excess.kind {
        ExcessKind::Unused => ("unused", Vec::new()),
        ExcessKind::NoAction => ("no-action", Vec::new()),
        ExcessKind::Actions { needed, .. } => ("actions", needed.clone()),
        ExcessKind::Resources { needed } => ("resources", needed.iter().map(shown).collect()),
    };
    ExcessRow {
        action: excess.action.clone(),
        resources: excess.resources.iter().map(shown).collect(),
        kind,
        needed,
        location: location(&scan.sources, excess.span),
    }
}
