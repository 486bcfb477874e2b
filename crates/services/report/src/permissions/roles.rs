//! Every function's least role in a format's own words.

use std::fmt::Write;

use fix::Format;
use scan::Scan;

/// Writes the roles one after another, each under a comment that names its function; JSON has no
/// comments, there it is an object by function.
pub fn render(scan: &Scan, format: Format) -> String {
    let mut roles = Vec::new();
    for (graph, access) in scan.functions() {
        let id = &access.profile.function;
        let written = fix::render(&access.role, graph, id, format);
        roles.push((id.to_string(), written));
    }
    let mut out = String::new();
    if format == Format::Iam {
        let by_function = roles.into_iter().map(|(id, written)| {
            let policy = written.map(|text| serde_json::from_str(&text).unwrap_or_default());
            (id, policy.unwrap_or(serde_json::Value::Null))
        });
        let object = serde_json::Value::Object(by_function.collect());
        let _ = writeln!(out, "{object:#}");
        return out;
    }
    for (id, written) in roles {
        match written {
            Ok(text) => drop(writeln!(out, "# {id}\n{text}")),
            Err(why) => drop(writeln!(out, "# {id}: {why}\n")),
        }
    }
    out
}
