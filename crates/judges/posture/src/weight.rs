//! How bad it is that strangers may call a route.

use app_graph::{AppGraph, Route, Trigger, TriggerKind};
use finding::{Confidence, Severity};

use crate::exposure::routes_of;
use crate::work::{does_work, writes};

/// Ends of paths that are made for everyone and say nothing about anyone.
const FOR_EVERYONE: &[&str] = &[
    "api-docs",
    "docs",
    "favicon.ico",
    "health",
    "healthcheck",
    "healthz",
    "livez",
    "openapi.json",
    "openapi.yaml",
    "ping",
    "readyz",
    "robots.txt",
    "status",
    "swagger",
    "swagger-ui",
    "swagger.json",
    "version",
];

/// Words in paths of those who cannot have signed in yet.
const SIGNS_IN: &[&str] =
    &["auth", "callback", "login", "logout", "oauth", "register", "signin", "signout", "signup"];

/// Words in paths and names of those whose requests carry a signature of their sender.
const SIGNED: &[&str] = &[
    "bot", "github", "hook", "hooks", "slack", "stripe", "telegram", "twilio", "webhook",
    "webhooks",
];

/// Words in paths and names of those whose requests carry a secret that was sent before.
const CARRIES_SECRET: &[&str] = &["confirm", "password", "token"];

/// How bad it is: by what a stranger sets in motion, less for what is made for everyone or proves
/// itself in the request.
pub(crate) fn weight(graph: &AppGraph, trigger: &Trigger, route: &Route) -> (Severity, Confidence) {
    let last = route.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let last = last.to_ascii_lowercase();
    if !writes(route)
        && (FOR_EVERYONE.contains(&last.as_str()) || route.path.contains("/.well-known/"))
    {
        return (Severity::Low, Confidence::Medium);
    }
    if has_word(&route.path, SIGNS_IN) {
        return (Severity::Low, Confidence::Medium);
    }
    let is_connection = trigger.kind == TriggerKind::WebSocketApi;
    let works = if is_connection {
        opens_work(graph, trigger, route)
    } else {
        does_work(graph, trigger, route)
    };
    let proves_itself =
        is_signed(graph, trigger, route) || is_named(graph, trigger, route, CARRIES_SECRET);
    let severity = match (writes(route) && !is_connection, works) {
        (true, true) if proves_itself => Severity::Medium,
        (true, true) => Severity::High,
        (true, false) if proves_itself => Severity::Low,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let is_elsewhere = route.api.as_ref().is_none_or(|api| graph.resource(api).is_none());
    let is_sure = !proves_itself && !is_elsewhere;
    (severity, if is_sure { Confidence::High } else { Confidence::Medium })
}

/// Whether a route looks like one whose callers sign what they send: a webhook.
pub(crate) fn is_signed(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    is_named(graph, trigger, route, SIGNED)
}

/// Whether whoever may connect sets something in motion by any message.
fn opens_work(graph: &AppGraph, trigger: &Trigger, route: &Route) -> bool {
    let mut messages = route.api.iter().flat_map(|api| routes_of(graph, api));
    does_work(graph, trigger, route)
        || messages.any(|(trigger, route)| does_work(graph, trigger, route))
}

/// Whether one of `words` is in the path of a route or in the name of its function.
fn is_named(graph: &AppGraph, trigger: &Trigger, route: &Route, words: &[&str]) -> bool {
    let function = trigger.function.as_ref().and_then(|id| graph.function(id));
    has_word(&route.path, words)
        || function.is_some_and(|function| has_word(&function.entity.name, words))
}

fn has_word(text: &str, words: &[&str]) -> bool {
    self::words(text).iter().any(|word| words.contains(&word.as_str()))
}

/// The words of a path or name in lower case: `/setWebhook/sign-in` has `set`, `webhook`,
/// `signin`, `sign` and `in`.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for segment in text.split(['/', '{', '}', '.', '?', '+', ' ']) {
        let whole: String = segment.chars().filter(|letter| letter.is_alphanumeric()).collect();
        words.push(whole.to_ascii_lowercase());
        let mut word = String::new();
        for letter in segment.chars() {
            let begins = letter.is_ascii_uppercase() && word.ends_with(char::is_lowercase);
            if begins || !letter.is_alphabetic() {
                words.push(std::mem::take(&mut word));
            }
            if letter.is_alphabetic() {
                word.push(letter.to_ascii_lowercase());
            }
        }
        words.push(word);
    }
    words
}
