//! The profile file: what each function does and needs, for those who hold it to that.

use std::collections::BTreeMap;

use app_graph::{AppGraph, Trigger};
use profile::Coverage;
use scan::{FunctionAccess, Scan};
use schemars::JsonSchema;
use serde::Serialize;
use text::{PartialText, Said, Setting, Span};

use crate::permissions::shown;

/// The whole file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProfileFile {
    /// Version of this format; a new major version may remove or rename.
    pub format: &'static str,
    /// Casemate's version.
    pub version: &'static str,
    /// Every function, by application and place.
    pub functions: Vec<FunctionProfile>,
}

/// What one function does and needs, and nothing more.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FunctionProfile {
    /// Its id in the application.
    pub id: String,
    /// What the template calls it.
    pub name: String,
    /// Its application.
    pub application: String,
    /// The file of its handler, where it was found.
    pub file: Option<String>,
    /// The handler as the template names it.
    pub handler: Option<String>,
    /// The runtime as the template names it.
    pub runtime: Option<String>,
    /// Why the profile may lack something: code that was not read, calls that could not be resolved.
    /// Empty where it is whole.
    pub gaps: Vec<String>,
    /// What invokes it.
    pub triggers: Vec<TriggerProfile>,
    /// Permissions it needs.
    pub needs: Vec<NeedProfile>,
    /// Hosts it connects to, with `:port` where one is said; `*` stands for what is not known.
    pub hosts: Vec<Use>,
    /// Programs it starts.
    pub processes: Vec<Use>,
    /// Files it writes.
    pub files: Vec<Use>,
    /// Names of the environment variables that the template sets.
    pub environment: Vec<String>,
    /// Seconds; null where the template does not say one value.
    pub timeout: Option<u32>,
    /// MiB; null where the template does not say one value.
    pub memory: Option<u32>,
    /// The private network it runs in.
    pub network: Option<NetworkProfile>,
}

/// What invokes a function.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TriggerProfile {
    /// `queue`, `HTTP API`, …
    pub kind: String,
    /// What sends the events: an ARN or a reference.
    pub source: Option<String>,
    /// Method and path, where it is a route.
    pub route: Option<String>,
}

/// A permission needed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NeedProfile {
    /// The action.
    pub action: String,
    /// The ARN; `*` stands for what is not known.
    pub resource: String,
    /// Where it comes from; of what was only observed, the record.
    pub evidence: Vec<Evidence>,
}

/// Something outside AWS that the code touches.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Use {
    /// What.
    pub name: String,
    /// The calls.
    pub evidence: Vec<Evidence>,
}

/// A place that a statement rests on.
#[derive(Debug, Serialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
}

/// A private network.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NetworkProfile {
    /// Subnets.
    pub subnets: Vec<String>,
    /// Security groups.
    pub security_groups: Vec<String>,
}

/// The JSON Schema of the file.
pub fn schema() -> Result<String, serde_json::Error> {
    crate::json::schema_of::<ProfileFile>()
}

/// Writes the file.
pub fn render(scan: &Scan) -> Result<String, serde_json::Error> {
    let functions = scan.functions().map(|(graph, access)| function(scan, graph, access));
    let file = ProfileFile {
        format: "1",
        version: env!("CARGO_PKG_VERSION"),
        functions: functions.collect(),
    };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

fn function(scan: &Scan, graph: &AppGraph, access: &FunctionAccess) -> FunctionProfile {
    let profile = &access.profile;
    let behaviour = &profile.behaviour;
    let declared = graph.function(&profile.function);
    let triggers = graph.triggers_of(&profile.function).map(trigger);
    let needs = profile.needs.iter().map(|need| NeedProfile {
        action: need.action.clone(),
        resource: shown(&need.resource),
        evidence: places(need.evidence.iter().map(|evidence| match evidence {
            profile::Evidence::Observed { place, .. } => {
                Evidence { file: place.file.to_string(), line: place.line }
            }
            evidence => place(scan, evidence.span()),
        })),
    });
    FunctionProfile {
        id: profile.function.to_string(),
        name: declared.map_or(String::new(), |declared| declared.entity.name.clone()),
        application: graph.name.clone(),
        file: behaviour.file.clone(),
        handler: declared
            .and_then(|declared| declared.handler.known_values().next())
            .map(|said| said.value.to_string()),
        runtime: declared.and_then(|declared| single(&declared.runtime)),
        gaps: gaps(scan, access),
        triggers: triggers.collect(),
        needs: needs.collect(),
        hosts: uses(scan, behaviour.destinations.iter().map(|it| (&it.host, it.span))),
        processes: uses(scan, behaviour.processes.iter().map(|it| (&it.command, it.span))),
        files: uses(scan, behaviour.files.iter().map(|it| (&it.path, it.span))),
        environment: environment(declared),
        timeout: declared.and_then(|declared| single(&declared.timeout)),
        memory: declared.and_then(|declared| single(&declared.memory)),
        network: declared.and_then(network),
    }
}

fn gaps(scan: &Scan, access: &FunctionAccess) -> Vec<String> {
    let behaviour = &access.profile.behaviour;
    let not_read = match &behaviour.coverage {
        Coverage::Read(_) => None,
        Coverage::NotRead(why) => Some(why.clone()),
        Coverage::Unsupported(runtime) => Some(format!("no reader for `{runtime}`")),
    };
    let unresolved = behaviour.unresolved.iter().map(|unresolved| {
        let Evidence { file, line } = place(scan, unresolved.span);
        format!("{file}:{line}: `{}`: {}", unresolved.call, unresolved.reason)
    });
    let activity = access.profile.activity.iter().flat_map(|activity| &activity.unknown);
    let unknown = activity.map(|event| {
        let at = &event.evidence;
        format!("{}:{}: `{}`: {}", at.file, at.line, event.name, event.reason)
    });
    not_read.into_iter().chain(unresolved).chain(unknown).collect()
}

fn trigger(trigger: &Trigger) -> TriggerProfile {
    let route = trigger.route.as_ref();
    let source = trigger.source.known_values().next().map(|said| said.value.to_string());
    TriggerProfile {
        kind: trigger.kind.as_str().to_owned(),
        source: source.or_else(|| trigger.source_entity.as_ref().map(ToString::to_string)),
        route: route.map(|route| format!("{} {}", route.method, route.path).trim().to_owned()),
    }
}

fn environment(declared: Option<&app_graph::Function>) -> Vec<String> {
    let variables = declared.into_iter().flat_map(|declared| &declared.environment);
    let mut names: Vec<String> = variables.map(|variable| variable.name.value.clone()).collect();
    names.sort();
    names.dedup();
    names
}

fn network(declared: &app_graph::Function) -> Option<NetworkProfile> {
    let network = &declared.network.known_values().next()?.value;
    let texts = |said: &[Said<PartialText>]| said.iter().map(|it| it.value.to_string()).collect();
    Some(NetworkProfile {
        subnets: texts(&network.subnets),
        security_groups: texts(&network.security_groups),
    })
}

fn uses<'a>(scan: &Scan, found: impl Iterator<Item = (&'a PartialText, Span)>) -> Vec<Use> {
    let mut by_name: BTreeMap<String, Vec<Evidence>> = BTreeMap::new();
    for (name, span) in found {
        by_name.entry(shown(name)).or_default().push(place(scan, span));
    }
    let uses = by_name.into_iter();
    uses.map(|(name, evidence)| Use { name, evidence: places(evidence.into_iter()) }).collect()
}

fn places(places: impl Iterator<Item = Evidence>) -> Vec<Evidence> {
    let mut places: Vec<Evidence> = places.collect();
    places.sort();
    places.dedup();
    places
}

fn place(scan: &Scan, span: Span) -> Evidence {
    let (file, position) = scan.place_of(span);
    Evidence { file: file.to_owned(), line: position.line }
}

fn single<T: Clone>(setting: &Setting<T>) -> Option<T> {
    setting.single().map(|said| said.value.clone())
}
