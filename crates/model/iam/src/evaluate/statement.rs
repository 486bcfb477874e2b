use text::PartialText;

use super::answer::Answer;
use super::matching::{resolved, resource_matches, text_matches};
use super::request::{Context, Request};
use crate::condition;
use crate::pattern::Case;
use crate::piece::{Wildcards, pieces};
use crate::{Listing, Patterns, Statement, Version};

/// Tells whether a statement speaks of a request, whoever makes it.
pub(super) fn speaks(
    statement: &Statement,
    version: Version,
    request: &Request,
    context: &Context,
) -> Answer {
    let actions = actions(&statement.actions, &request.action);
    if actions == Answer::No {
        return Answer::No;
    }
    let about = actions.and(resources(&statement.resources, version, &request.resource, context));
    if about == Answer::No {
        return Answer::No;
    }
    let conditions = statement.conditions.iter();
    let conditions = conditions.map(|said| condition::holds(said, version, context));
    let exists = match &statement.when {
        Some(when) => {
            Answer::perhaps(format!("the statement is there when {when}"), statement.span)
        }
        None => Answer::Yes,
    };
    about.and(Answer::all(conditions)).and(exists)
}

fn actions(patterns: &Patterns, action: &str) -> Answer {
    let action = PartialText::known(action);
    let action = pieces(&action, Wildcards::Literal, Version::V2008);
    listed(
        patterns,
        patterns.patterns.iter().map(|said| {
            let pattern = pieces(&said.value, Wildcards::Meant, Version::V2008);
            text_matches(&pattern, &action, Case::Insensitive, said.span)
        }),
    )
}

fn resources(
    patterns: &Patterns,
    version: Version,
    resource: &PartialText,
    context: &Context,
) -> Answer {
    // A trust policy names no resource: it is its role's.
    if patterns.patterns.is_empty() && patterns.unknowns.is_empty() {
        return Answer::Yes;
    }
    let resource = pieces(resource, Wildcards::Literal, Version::V2008);
    listed(
        patterns,
        patterns.patterns.iter().map(|said| {
            match resolved(pieces(&said.value, Wildcards::Meant, version), context) {
                Some(pattern) => resource_matches(&pattern, &resource, said.span),
                None => Answer::No,
            }
        }),
    )
}

fn listed(patterns: &Patterns, answers: impl Iterator<Item = Answer>) -> Answer {
    let unknown = patterns.unknowns.first().cloned();
    let answer = Answer::any(answers).or(unknown.map_or(Answer::No, Answer::Perhaps));
    match patterns.listing {
        Listing::Only => answer,
        Listing::AllExcept => answer.not(),
    }
}
