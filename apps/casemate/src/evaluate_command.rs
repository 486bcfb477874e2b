//! `casemate evaluate`.

use anyhow::Result;
use evaluate::{Answer, PolicyFiles, Question};
use iam::evaluate::Decision;
use scan::Exit;

use crate::cli::{AnswerFormat, EvaluateArguments};
use crate::output;

pub(crate) fn run(arguments: &EvaluateArguments) -> Result<Exit> {
    let levels = arguments.scp.iter();
    let question = Question {
        principal: arguments.principal.clone(),
        action: arguments.action.clone(),
        resource: arguments.resource.clone(),
        resource_account: arguments.resource_account.clone(),
        context: arguments.context.clone(),
        files: PolicyFiles {
            identity: arguments.identity.clone(),
            resource: arguments.resource_policy.clone(),
            boundary: arguments.boundary.clone(),
            session: arguments.session.clone(),
            service_control: levels
                .map(|files| files.split(',').map(Into::into).collect())
                .collect(),
        },
    };
    let answer = evaluate::answer(&question)?;
    let text = match arguments.format {
        AnswerFormat::Text => evaluate::terminal::render(&question, &answer),
        AnswerFormat::Json => evaluate::json::render(&question, &answer)?,
    };
    output::write(None, &text)?;
    Ok(exit(&answer))
}

fn exit(answer: &Answer) -> Exit {
    match answer.outcome.as_ref().map(|outcome| &outcome.decision) {
        Some(Decision::Allowed) => Exit::Clean,
        Some(Decision::ExplicitDeny | Decision::ImplicitDeny) => Exit::Findings,
        Some(Decision::Unknown(_)) => Exit::Incomplete,
        None => Exit::Usage,
    }
}
