//! What calls of libraries do beside calling AWS: connect to hosts, start programs, write files.

use std::collections::HashMap;
use std::sync::OnceLock;

use text::{Part, PartialText, Span};

use crate::evaluate::{Arguments, Evaluator, Value};

const TABLE: &str = include_str!("effects.txt");

/// One effect of a call.
#[derive(Debug, Clone, Copy)]
struct Effect {
    kind: Kind,
    /// Which argument says the host, command or path.
    position: usize,
    /// The argument's name.
    name: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A URL.
    Url,
    /// A host name.
    Host,
    /// A program or command line.
    Process,
    /// A path that is written.
    Write,
    /// A path that is opened in the mode that the next argument says.
    Open,
}

/// Tells what a call of a foreign name does.
pub(crate) fn tell(evaluator: &mut Evaluator<'_>, name: &str, arguments: &Arguments, at: Span) {
    let Some(effect) = table().get(name).copied() else { return };
    let Some(value) = arguments.get(effect.position, effect.name).cloned() else { return };
    if effect.kind == Kind::Open {
        let mode = arguments.get(effect.position + 1, "mode").and_then(Value::literal);
        if !mode.is_some_and(|mode| mode.contains(['w', 'a', 'x', '+'])) {
            return;
        }
    }
    for choice in value.choices() {
        if effect.kind == Kind::Url {
            let asked = within_options(evaluator, choice, &["path", "pathname", "url"]);
            let asked = evaluator.text_of(&asked);
            super::extension::tell(evaluator, &asked, at);
        }
        let choice = &match effect.kind {
            Kind::Url | Kind::Host => within_options(evaluator, choice, HOSTS),
            _ => choice.clone(),
        };
        match effect.kind {
            Kind::Url => {
                let url = evaluator.text_of(choice);
                evaluator.destination(at, host_of(&url));
            }
            Kind::Host => {
                let host = evaluator.text_of(choice);
                evaluator.destination(at, host);
            }
            Kind::Process => {
                let command = command_of(evaluator, choice);
                evaluator.process(at, command);
            }
            Kind::Write | Kind::Open => {
                let path = evaluator.text_of(choice);
                evaluator.file_written(at, path);
            }
        }
    }
}

/// Names under which a map of options has the host or URL, the most telling first.
const HOSTS: &[&str] =
    &["url", "uri", "baseURL", "hostname", "host", "node", "connectionString", "endpoint"];

/// What a map of options has under one of some names, JavaScript's `{ hostname: … }`; what is no map
/// is what it is.
fn within_options(evaluator: &Evaluator<'_>, value: &Value, names: &[&str]) -> Value {
    let Value::Map(address) = value else { return value.clone() };
    let entries = evaluator.heap.map(*address).map(|map| map.entries.clone()).unwrap_or_default();
    let mut named = names.iter().filter_map(|name| {
        let entry = entries.iter().find(|(key, _)| key.literal() == Some(name));
        entry.map(|(_, value)| value.clone())
    });
    named.next().unwrap_or_else(|| Value::unknown("a host among options"))
}

/// The command line of a list of words, or of a text.
fn command_of(evaluator: &mut Evaluator<'_>, value: &Value) -> PartialText {
    let Value::List(address) = value else { return evaluator.text_of(value) };
    let list = evaluator.heap.list(*address).cloned().unwrap_or_default();
    let mut command = PartialText::default();
    for (index, word) in list.items.iter().enumerate() {
        if index > 0 {
            command.push(Part::Literal(" ".to_owned()));
        }
        command.extend(&evaluator.text_of(word));
    }
    if list.more.is_some() {
        command.push(Part::Unknown("more arguments".to_owned()));
    }
    command
}

/// The host of a URL, with its port.
pub(crate) fn host_of(url: &PartialText) -> PartialText {
    let mut host = PartialText::default();
    let mut is_behind_scheme = false;
    for part in url.parts() {
        match part {
            Part::Literal(text) => {
                let mut rest = text.as_str();
                if !is_behind_scheme && let Some((_, after)) = rest.split_once("://") {
                    host = PartialText::default();
                    rest = after;
                }
                is_behind_scheme = true;
                let end = rest.find(['/', '?', '#']);
                let here = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
                let here = here.rsplit_once('@').map_or(here, |(_, host)| host);
                host.push(Part::Literal(here.to_owned()));
                if end.is_some() {
                    return host;
                }
            }
            part => host.push(part.clone()),
        }
    }
    host
}

fn table() -> &'static HashMap<&'static str, Effect> {
    static ROWS: OnceLock<HashMap<&str, Effect>> = OnceLock::new();
    ROWS.get_or_init(|| TABLE.lines().filter_map(row).collect())
}

fn row(line: &'static str) -> Option<(&'static str, Effect)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| !name.starts_with('#'))?;
    let kind = match words.next()? {
        "url" => Kind::Url,
        "host" => Kind::Host,
        "process" => Kind::Process,
        "write" => Kind::Write,
        "open" => Kind::Open,
        _ => return None,
    };
    let position = words.next()?.parse().ok()?;
    Some((name, Effect { kind, position, name: words.next().unwrap_or("-") }))
}
