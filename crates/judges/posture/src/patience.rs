//! How long a caller waits for a function's answer.

use app_graph::{Answer, Trigger, TriggerKind};

/// Seconds after which a trigger's caller gives up; `None` where nothing waits, or as long as the
/// function runs.
///
/// Sources: the pages in [`reference`], and `TimeoutInMillis` of API Gateway's integrations, which
/// raises a REST API's 29 seconds where the account's quota allows it.
pub(crate) fn patience(trigger: &Trigger) -> Option<u32> {
    let usual = match trigger.kind {
        TriggerKind::RestApi | TriggerKind::WebSocketApi => 29,
        TriggerKind::HttpApi | TriggerKind::GraphqlApi | TriggerKind::Distribution => 30,
        TriggerKind::UserPool => 5,
        TriggerKind::VoiceSkill => 8,
        _ => return None,
    };
    match trigger.answer {
        Answer::Usual => Some(usual),
        Answer::Within(milliseconds) => Some(milliseconds.div_ceil(1000)),
        Answer::Streamed | Answer::NotAwaited => None,
    }
}

/// The page that says how long callers of a kind wait.
pub(crate) fn reference(kind: &TriggerKind) -> &'static str {
    match kind {
        TriggerKind::UserPool => {
            "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html"
        }
        TriggerKind::GraphqlApi => {
            "https://docs.aws.amazon.com/appsync/latest/devguide/resolver-reference-overview-js.html"
        }
        TriggerKind::Distribution => {
            "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
        }
        TriggerKind::VoiceSkill => {
            "https://developer.amazon.com/docs/alexa/custom-skills/request-and-response-json-reference.html"
        }
        _ => "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
    }
}
