//! Ways in from the internet.

use std::collections::BTreeMap;

use app_graph::{AppGraph, EdgeKind, Node, RouteAuth, Trigger};
use scan::Scan;

use crate::{Comparison, place};

/// A way in from the internet that was not there, or that asked for more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewEntry {
    /// The way in: `POST /orders`, "function URL".
    pub entry: String,
    /// What it leads to, where that is known.
    pub target: Option<String>,
    /// What it asks of its callers.
    pub asks: &'static str,
    /// What it asked of them before; `None` where it was not there.
    pub asked: Option<&'static str>,
    /// Where it is declared: file and line.
    pub place: String,
}

pub(crate) fn compare(
    old: Option<&AppGraph>,
    new: &AppGraph,
    scan: &Scan,
    comparison: &mut Comparison,
) {
    let before: BTreeMap<Key, Door> = old.map(doors).unwrap_or_default();
    for (key, door) in doors(new) {
        let known = before.get(&key);
        if known.is_some_and(|known| known.asks <= door.asks) {
            continue;
        }
        comparison.entries.push(NewEntry {
            entry: key.0,
            target: key.1,
            asks: door.asks.as_str(),
            asked: known.map(|known| known.asks.as_str()),
            place: place(scan, door.trigger.entity.said),
        });
    }
}

/// The way in as people name it, and what it leads to.
type Key = (String, Option<String>);

struct Door<'a> {
    trigger: &'a Trigger,
    asks: Asks,
}

/// What a caller has to bring, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asks {
    Nothing,
    ApiKey,
    Check,
    Token,
}

impl Asks {
    fn as_str(self) -> &'static str {
        match self {
            Asks::Nothing => "nothing",
            Asks::ApiKey => "an API key",
            Asks::Check => "what a function checks",
            Asks::Token => "a token",
        }
    }
}

/// Every trigger that the internet reaches.
fn doors(graph: &AppGraph) -> BTreeMap<Key, Door<'_>> {
    let index = graph.index();
    let mut doors: BTreeMap<Key, Door<'_>> = BTreeMap::new();
    for edge in graph.edges() {
        if edge.kind != EdgeKind::Reaches {
            continue;
        }
        let Node::Entity(id) = &edge.to else { continue };
        let Some(trigger) = index.trigger(id) else { continue };
        let asks = match index.asked(trigger) {
            Some(RouteAuth::Token) => Asks::Token,
            Some(RouteAuth::Function(_)) => Asks::Check,
            Some(RouteAuth::ApiKey) => Asks::ApiKey,
            _ => Asks::Nothing,
        };
        let target = trigger.function.as_ref().or(trigger.other_target.as_ref());
        let target = target.and_then(|id| index.entity(id)).map(|entity| entity.name.clone());
        // Two ways of one name lead to one thing: the one that asks less counts.
        let door = doors.entry((named(trigger), target)).or_insert(Door { trigger, asks });
        if asks < door.asks {
            *door = Door { trigger, asks };
        }
    }
    doors
}

fn named(trigger: &Trigger) -> String {
    let kind = trigger.kind.as_str();
    match &trigger.route {
        Some(route) => format!("{kind} {} {}", route.method, route.path).trim().replace("  ", " "),
        None => kind.to_owned(),
    }
}
