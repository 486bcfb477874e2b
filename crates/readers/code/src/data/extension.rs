//! AWS's extension that reads secrets and parameters for a function: asked over HTTP on the
//! function's own host, with the function's permissions.

use iam::api::Argument;
use text::{Part, PartialText, Span};

use crate::evaluate::Evaluator;

/// A path of the extension, what a request for it calls, and the query's member that names what is read.
const PATHS: &[(&str, &str, &str, &str, &str)] = &[
    ("/secretsmanager/get", "secretsmanager", "GetSecretValue", "SecretId", "secretId="),
    ("/systemsmanager/parameters/get", "ssm", "GetParameter", "Name", "name="),
];

/// The members of a session that a path `/applications/A/environments/E/configurations/C` of
/// AppConfig's extension names.
///
/// Source: AWS AppConfig user guide, "Using AWS AppConfig Agent with AWS Lambda".
const SESSION: &[(&str, &str)] = &[
    ("ApplicationIdentifier", "applications/"),
    ("EnvironmentIdentifier", "/environments/"),
    ("ConfigurationProfileIdentifier", "/configurations/"),
];

/// Tells what a request for a URL, or a path, makes the extension call.
pub(super) fn tell(evaluator: &mut Evaluator<'_>, url: &PartialText, at: Span) {
    for (path, service, operation, member, query) in PATHS {
        if url.has_literal(path) {
            let named = Argument::Text(behind(url, query, &['&']));
            evaluator.api_call(at, service, operation, vec![((*member).to_owned(), named)], None);
        }
    }
    if url.has_literal(":2772") {
        let named = SESSION.iter().map(|(member, before)| {
            ((*member).to_owned(), Argument::Text(behind(url, before, &['/', '?'])))
        });
        let named: Vec<_> = named.collect();
        evaluator.api_call(at, "appconfigdata", "StartConfigurationSession", named, None);
        evaluator.api_call(at, "appconfigdata", "GetLatestConfiguration", Vec::new(), None);
    }
}

/// What stands behind a text, up to the next of the letters that end it.
fn behind(url: &PartialText, before: &str, ends: &[char]) -> PartialText {
    let mut found: Option<PartialText> = None;
    for part in url.parts() {
        let rest = match (part, &found) {
            (Part::Literal(text), None) => match text.split_once(before) {
                Some((_, rest)) => rest,
                None => continue,
            },
            (Part::Literal(text), Some(_)) => text,
            (part, Some(_)) => {
                found.get_or_insert_default().push(part.clone());
                continue;
            }
            (_, None) => continue,
        };
        let cut = rest.split_once(ends).map(|(value, _)| value);
        found.get_or_insert_default().push(Part::Literal(cut.unwrap_or(rest).to_owned()));
        if cut.is_some() {
            break;
        }
    }
    found.unwrap_or_else(|| PartialText::unknown("it is not said in the request"))
}
