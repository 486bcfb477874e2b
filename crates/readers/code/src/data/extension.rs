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

/// Tells what a request for a URL, or a path, makes the extension call.
pub(super) fn tell(evaluator: &mut Evaluator<'_>, url: &PartialText, at: Span) {
    for (path, service, operation, member, query) in PATHS {
        if url.has_literal(path) {
            let named = Argument::Text(behind(url, query));
            evaluator.api_call(at, service, operation, vec![((*member).to_owned(), named)], None);
        }
    }
}

/// What stands behind a text, up to the next `&`.
fn behind(url: &PartialText, before: &str) -> PartialText {
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
        let (value, ends) = rest.split_once('&').map_or((rest, false), |(value, _)| (value, true));
        found.get_or_insert_default().push(Part::Literal(value.to_owned()));
        if ends {
            break;
        }
    }
    found.unwrap_or_else(|| PartialText::unknown("it is not said in the request"))
}
