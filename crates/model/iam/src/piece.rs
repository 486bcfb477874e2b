//! What a policy's text is made of: letters, wildcards, policy variables, and what is not known.
//!
//! Source: the AWS Identity and Access Management user guide, "IAM policy elements: Variables and
//! tags".

use text::{Part, PartialText};

use crate::Version;
use crate::pattern::{Reach, Token};
use crate::symbol::{Symbol, Symbols};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// The character itself.
    Letter(char),
    /// `?`.
    One,
    /// `*`.
    Run,
    /// A policy variable.
    Variable(Variable),
    /// What the deployment decides.
    Deployed(Part),
    /// What is not known, with the reason.
    Unknown(String),
}

/// A policy variable: `${aws:username, 'nobody'}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// The context key that it stands for.
    pub(crate) key: String,
    /// What it is where the request has no such key.
    pub(crate) default: Option<String>,
    /// As it is written.
    written: String,
}

/// Says whether `*` and `?` are wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    /// They are.
    Meant,
    /// They stand for themselves: requests, `StringEquals`.
    Literal,
}

/// Takes a text apart; variables are seen where the policy's version has them.
pub(crate) fn pieces(text: &PartialText, wildcards: Wildcards, version: Version) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => literal_pieces(literal, wildcards, version, &mut pieces),
            Part::Unknown(why) => pieces.push(Piece::Unknown(why.clone())),
            Part::Reference(_) | Part::Pseudo(_) => pieces.push(Piece::Deployed(part.clone())),
        }
    }
    pieces
}

fn literal_pieces(literal: &str, wildcards: Wildcards, version: Version, pieces: &mut Vec<Piece>) {
    let mut rest = literal;
    while let Some(character) = rest.chars().next() {
        if version == Version::V2012
            && let Some((piece, after)) = variable(rest)
        {
            pieces.push(piece);
            rest = after;
            continue;
        }
        pieces.push(match character {
            '*' if wildcards == Wildcards::Meant => Piece::Run,
            '?' if wildcards == Wildcards::Meant => Piece::One,
            letter => Piece::Letter(letter),
        });
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
}

/// The variable that a text begins with, and what follows it. `${*}`, `${?}` and `${$}` are the
/// characters themselves.
fn variable(text: &str) -> Option<(Piece, &str)> {
    let (inner, after) = text.strip_prefix("${")?.split_once('}')?;
    let piece = match inner.trim() {
        "*" => Piece::Letter('*'),
        "?" => Piece::Letter('?'),
        "$" => Piece::Letter('$'),
        "" => return None,
        inner => {
            let (key, default) = match inner.split_once(',') {
                Some((key, default)) => {
                    let default = default.trim().trim_matches('\'');
                    (key.trim(), Some(default.to_owned()))
                }
                None => (inner, None),
            };
            let written = format!("${{{inner}}}");
            Piece::Variable(Variable { key: key.to_owned(), default, written })
        }
    };
    Some((piece, after))
}

/// Says what is made of pieces that are no letters yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stance {
    /// What surely matches: the unknown matches nothing, what the deployment decides itself only.
    Surely,
    /// What may match, while what the deployment decides is itself only.
    Symbolically,
    /// What may match, whatever the deployment decides.
    Possibly,
}

/// The tokens of an ARN's pattern, in each way that it can be read; none where nothing surely
/// matches.
///
/// A pattern under six segments is also completed with `*`. Text that begins with what the
/// deployment decides is taken as an ARN's: what follows belongs to its resource.
pub(crate) fn arn_readings(
    pieces: &[Piece],
    symbols: &mut Symbols,
    stance: Stance,
) -> Vec<Vec<Token>> {
    let begins_whole = !matches!(pieces.first(), Some(Piece::Letter(_) | Piece::Run | Piece::One));
    let mut place = if begins_whole { 5 } else { 0 };
    let mut tokens = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let ends_segment = matches!(pieces.get(at + 1), None | Some(Piece::Letter(':')));
        let bounded = |bounded: bool| if bounded { Reach::Segment } else { Reach::Text };
        match piece {
            Piece::Run => tokens.push(Token::Run(bounded(place < 5 && !ends_segment))),
            Piece::One => tokens.push(Token::One(bounded(place < 5))),
            Piece::Letter(letter) => {
                place += usize::from(*letter == ':');
                tokens.push(Token::Literal(*letter));
            }
            undecided => match undecided_token(undecided, symbols, stance) {
                Some(token) => tokens.push(token),
                None => return Vec::new(),
            },
        }
    }
    let is_arn = matches!(
        tokens.get(..4),
        Some([Token::Literal('a'), Token::Literal('r'), Token::Literal('n'), Token::Literal(':')])
    );
    let mut readings = vec![tokens];
    if is_arn && place < 5 {
        let completed = readings.first().cloned().map(|mut tokens| {
            tokens.extend([Token::Literal(':'), Token::Run(Reach::Text)]);
            tokens
        });
        readings.extend(completed);
    }
    readings
}

/// The tokens of a text or of a pattern whose wildcards stop nowhere.
pub(crate) fn tokens(
    pieces: &[Piece],
    symbols: &mut Symbols,
    stance: Stance,
) -> Option<Vec<Token>> {
    let token = |piece: &Piece| match piece {
        Piece::Run => Some(Token::Run(Reach::Text)),
        Piece::One => Some(Token::One(Reach::Text)),
        Piece::Letter(letter) => Some(Token::Literal(*letter)),
        undecided => undecided_token(undecided, symbols, stance),
    };
    pieces.iter().map(token).collect()
}

fn undecided_token(piece: &Piece, symbols: &mut Symbols, stance: Stance) -> Option<Token> {
    let symbol = match (piece, stance) {
        (Piece::Unknown(_), Stance::Surely) => return None,
        (Piece::Unknown(_), _) | (_, Stance::Possibly) => return Some(Token::Run(Reach::Text)),
        (Piece::Variable(variable), _) => Symbol::Variable(variable.written.clone()),
        (Piece::Deployed(part), _) => Symbol::Deployed(part.clone()),
        (Piece::Letter(letter), _) => return Some(Token::Literal(*letter)),
        (Piece::One | Piece::Run, _) => return None,
    };
    Some(Token::Symbol(symbols.number(symbol)))
}
