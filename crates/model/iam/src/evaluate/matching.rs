use text::Span;

use super::answer::Answer;
use super::request::{Context, Values};
use crate::pattern::{COMPARED_CELLS, Case, Token, share_a_text};
use crate::piece::{Piece, Stance, arn_readings, tokens};
use crate::symbol::Symbols;

/// Replaces policy variables by what the request says; `None` where it says nothing and there is no
/// default: then the text matches nothing.
pub(crate) fn resolved(pieces: Vec<Piece>, context: &Context) -> Option<Vec<Piece>> {
    let mut resolved = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let Piece::Variable(variable) = piece else {
            resolved.push(piece);
            continue;
        };
        match (context.values(&variable.key), variable.default) {
            (Values::Given([value]), _) => {
                resolved.extend(crate::piece::pieces(
                    value,
                    crate::piece::Wildcards::Literal,
                    crate::Version::V2008,
                ));
            }
            (Values::Given(_), _) => {
                let why = format!("`{}` has several values and cannot be a variable", variable.key);
                resolved.push(Piece::Unknown(why));
            }
            (Values::NotTold, _) => {
                let why = format!("`{}` is in every request and was not told", variable.key);
                resolved.push(Piece::Unknown(why));
            }
            (Values::Absent, Some(default)) => {
                resolved.extend(default.chars().map(Piece::Letter));
            }
            (Values::Absent, None) => return None,
        }
    }
    Some(resolved)
}

/// Tells whether a text matches a pattern whose wildcards stop nowhere.
pub(crate) fn text_matches(pattern: &[Piece], text: &[Piece], case: Case, span: Span) -> Answer {
    let mut symbols = Symbols::default();
    let mut read = |pieces: &[Piece], stance| tokens(pieces, &mut symbols, stance);
    let surely = read(pattern, Stance::Surely).zip(read(text, Stance::Surely));
    let possibly = read(pattern, Stance::Possibly).zip(read(text, Stance::Possibly));
    let shares = |pair: Option<(Vec<Token>, Vec<Token>)>| {
        pair.is_some_and(|(pattern, text)| share_a_text(&pattern, &text, case))
    };
    judged(pattern, text, span, || shares(surely), || shares(possibly))
}

/// Tells whether an ARN matches what a `Resource` element holds.
pub(crate) fn resource_matches(pattern: &[Piece], arn: &[Piece], span: Span) -> Answer {
    let mut symbols = Symbols::default();
    if are_others(pattern, arn) {
        return Answer::No;
    }
    // What both begin with is the same length in both.
    if let ([first @ Piece::Deployed(_), pattern @ ..], [other, arn @ ..]) = (pattern, arn)
        && first == other
    {
        return text_matches(pattern, arn, Case::Sensitive, span);
    }
    let mut shares = |stance| {
        let Some(text) = tokens(arn, &mut symbols, stance) else { return false };
        let readings = arn_readings(pattern, &mut symbols, stance);
        readings.iter().any(|pattern| share_a_text(pattern, &text, Case::Sensitive))
    };
    let (surely, possibly) = (shares(Stance::Surely), shares(Stance::Possibly));
    judged(pattern, arn, span, || surely, || possibly)
}

/// Whether both begin with the ARNs of two things that the deployment makes, and nothing that
/// could make one out of the other.
fn are_others(left: &[Piece], right: &[Piece]) -> bool {
    let arn_of = |pieces: &[Piece]| match pieces {
        [Piece::Deployed(text::Part::Reference(reference)), rest @ ..]
            if &*reference.attribute == "Arn"
                && matches!(rest.first(), None | Some(Piece::Letter('/' | ':'))) =>
        {
            Some(reference.entity.clone())
        }
        _ => None,
    };
    arn_of(left).zip(arn_of(right)).is_some_and(|(left, right)| left != right)
}

fn judged(
    pattern: &[Piece],
    text: &[Piece],
    span: Span,
    surely: impl FnOnce() -> bool,
    possibly: impl FnOnce() -> bool,
) -> Answer {
    if pattern.len().saturating_mul(text.len()) > COMPARED_CELLS {
        return Answer::perhaps("the texts are too long to compare", span);
    }
    if surely() {
        return Answer::Yes;
    }
    if !possibly() {
        return Answer::No;
    }
    let is_shared = |piece: &&Piece| pattern.contains(piece) && text.contains(piece);
    let differing = pattern.iter().chain(text).filter(|piece| !is_shared(piece));
    // Where all is in both, the first of them decides.
    let undecided = differing.chain(pattern).find_map(|piece| match piece {
        Piece::Unknown(why) => Some(why.clone()),
        Piece::Deployed(part) => {
            let mut text = text::PartialText::default();
            text.push(part.clone());
            Some(format!("`{text}` is known only at deployment"))
        }
        _ => None,
    });
    match undecided {
        Some(why) => Answer::perhaps(why, span),
        None => Answer::No,
    }
}
