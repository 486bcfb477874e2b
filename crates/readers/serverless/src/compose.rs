//! Compositions of services: `serverless-compose.yml`.
//!
//! Source: the Serverless Framework's guide, "Composing services".

use std::collections::BTreeMap;

use documents::Files;
use documents::value::{Kind, Value};

const NAMES: [&str; 3] =
    ["serverless-compose.yml", "serverless-compose.yaml", "serverless-compose.json"];

/// A service that a composition names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposedService {
    /// Its name in the composition.
    pub name: String,
    /// Its folder, as a path of the files read; empty for their root.
    pub folder: String,
    /// Parameters it is given; outputs of other services are unknown.
    pub parameters: BTreeMap<String, Value>,
}

/// Names the services of the composition in the file at `path`.
pub fn composed_services(path: &str, files: &Files) -> Vec<ComposedService> {
    let Ok(parsed) = files.document(path) else { return Vec::new() };
    let Some(root) = parsed.get().and_then(|parsed| parsed.value.as_ref()) else {
        return Vec::new();
    };
    let services = root.get("services").map(Value::members).unwrap_or_default();
    let services = services.iter().filter_map(|member| {
        let folder = member.value.get("path").and_then(Value::as_str)?;
        let parameters = member.value.get("params").map(Value::members).unwrap_or_default();
        let parameters = parameters.iter().map(|parameter| {
            let mut value = parameter.value.clone();
            if let Some(output) = value.as_str().filter(|text| text.contains("${")) {
                let why = format!("`{output}` is resolved when the composition is deployed");
                value = Value::unknown(why, value.span);
            }
            (parameter.key.to_string(), value)
        });
        Some(ComposedService {
            name: member.key.to_string(),
            folder: files.resolve(path, folder).ok()?,
            parameters: parameters.collect(),
        })
    });
    services.collect()
}

/// Parameters that a composition in one of the folders above gives the service at `path`.
pub(super) fn parameters_of(path: &str, files: &Files) -> BTreeMap<String, Value> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut above = Some(folder);
    while let Some(candidate) = above {
        for name in NAMES {
            let composition =
                if candidate.is_empty() { name.to_owned() } else { format!("{candidate}/{name}") };
            if !files.exists(&composition) {
                continue;
            }
            let services = composed_services(&composition, files);
            if let Some(service) = services.into_iter().find(|service| service.folder == folder) {
                let known = service.parameters.into_iter();
                return known.filter(|(_, value)| !matches!(value.kind, Kind::Null)).collect();
            }
        }
        above = match candidate.rsplit_once('/') {
            Some((parent, _)) => Some(parent),
            None if candidate.is_empty() => None,
            None => Some(""),
        };
    }
    BTreeMap::new()
}
