use app_graph::{AppGraph, Cors, Entity, Function, Route, RouteAuth, UrlAuth};
use finding::{Family, Finding, Fix, Owasp, Rule, Severity, Sink};

use crate::Facts;
use crate::exposure::apis;
use crate::rules::Check;

/// An API that answers the scripts of every web page.
pub(super) const CHECK: Check = Check { rule: &RULE, check };

static RULE: Rule = Rule {
    id: "any-origin-cors",
    summary: "scripts of any web page may read an API's answers",
    explanation: "With `*` as allowed origin every page that a user visits may call the API from their browser and \
        read what it answers; with credentials allowed it does so in their name. APIs inside a private \
        network are reached this way too.\n\n\
        List the origins of your own pages.",
    family: Family::Api,
    severity: Severity::Low,
    cwe: &[942, 346],
    owasp: Owasp::SecurityMisconfiguration,
    security_hub: &[],
    counterparts: &["awslambda_function_url_cors_policy"],
    references: &[
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS",
    ],
    firing: include_str!("../../fixtures/any-origin-cors/firing.yaml"),
    clean: include_str!("../../fixtures/any-origin-cors/clean.yaml"),
};

/// Whose answer it is.
#[derive(Clone, Copy)]
enum Answer<'graph> {
    Api(&'graph Entity),
    Url(&'graph Function),
}

fn check(graph: &AppGraph, _facts: &Facts, sink: &mut Sink) {
    for (entity, api) in apis(graph) {
        if let Some(cors) = &api.cors {
            judge(Answer::Api(entity), cors, asks_everywhere(graph, entity), sink);
        }
    }
    for function in &graph.functions {
        if let Some(cors) = function.url.as_ref().and_then(|url| url.cors.as_ref()) {
            let asks = function.url.as_ref().is_some_and(|url| {
                url.auth.known_values().all(|said| said.value != UrlAuth::Anyone)
                    && url.auth.unknown().is_none()
                    && !url.auth.is_unset()
            });
            judge(Answer::Url(function), cors, asks, sink);
        }
    }
}

/// Whether every route of an API asks its callers who they are.
fn asks_everywhere(graph: &AppGraph, api: &Entity) -> bool {
    let routes = graph.triggers.iter().filter_map(|trigger| trigger.route.as_ref());
    let mut routes = routes.filter(|route| route.api.as_ref() == Some(&api.id)).peekable();
    let asks = |route: &Route| {
        !route.auth.is_unset()
            && route.auth.unknown().is_none()
            && route.auth.known_values().all(|said| said.value != RouteAuth::Anyone)
    };
    routes.peek().is_some() && routes.all(asks)
}

fn judge(answer: Answer<'_>, cors: &Cors, asks_who: bool, sink: &mut Sink) {
    let open = cors.origins.iter().filter(|origin| {
        let name = origin.said.value.literal();
        name.is_some_and(is_any_origin)
    });
    // What holds always is worse than what holds under a condition.
    let mut open: Vec<_> = open.collect();
    open.sort_by_key(|origin| origin.when.is_some());
    let [origin, others @ ..] = open.as_slice() else { return };
    let with_credentials = cors.credentials.any(|allowed| *allowed);
    let (severity, how) = match (with_credentials, asks_who) {
        (true, _) => (Severity::High, "in the user's name"),
        (false, false) => (Severity::Low, "from the user's browser"),
        // A page that has no token or signature gets no answer to read.
        (false, true) => (Severity::Info, "once it has what callers must show"),
    };
    let (entity, what) = match answer {
        Answer::Api(entity) => (entity, format!("`{}`", entity.name)),
        Answer::Url(function) => {
            (&function.entity, format!("the URL of `{}`", function.entity.name))
        }
    };
    let mut finding =
        Finding::new(&RULE, origin.said.span, format!("any web page may call {what} {how}"))
            .severity(severity)
            .when(entity.condition.as_deref())
            .when(origin.when.as_deref())
            .fix(Fix::advice("list the origins of your own pages"));
    for other in others {
        finding = finding.label(other.said.span, "and here");
    }
    sink.report(match answer {
        Answer::Api(entity) => finding.resource(entity),
        Answer::Url(function) => finding.function(&function.entity),
    });
}

/// API Gateway's REST headers carry the value in quotes of its own: `'*'`.
fn is_any_origin(origin: &str) -> bool {
    matches!(origin.trim_matches(['\'', '"', ' ']), "*" | "http://*" | "https://*" | "null")
}
