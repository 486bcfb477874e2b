//! Wildcard patterns as IAM writes them: `*` is any run of characters, also none, and `?` is
//! exactly one character. Everything else stands for itself.
//!
//! Source: the AWS Identity and Access Management user guide, "IAM JSON policy elements: Action"
//! and "IAM JSON policy elements: Resource". Policy variables (`${aws:username}`) are no part of a
//! pattern: who evaluates a policy replaces them first.

use text::{Part, PartialText, Pseudo};

/// Says whether letters that differ in case only are the same letter.
///
/// Action names are compared without regard to case, ARNs with it. Only ASCII letters fold,
/// because action names hold no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` and `A` differ: ARNs, condition values of `StringLike`.
    Sensitive,
    /// `a` and `A` are the same: action names, condition keys.
    Insensitive,
}

/// The largest product of two patterns' lengths that [`intersects`] compares cell by cell.
///
/// An ARN has at most 2,048 characters, so two of them stay well inside.
pub(crate) const COMPARED_CELLS: usize = 1 << 24;

/// What stands, in a [`comparable`] pattern, for a text that the deployment decides: any text
/// without a colon or slash, such as a region. It is of those characters that nobody writes in a name.
pub(crate) const DECIDED: char = '\u{E000}';

/// Tells whether the whole of `text` matches `pattern`.
///
/// Only the last `*` is ever tried again, so the time is at most the product of both lengths, and
/// is linear for patterns with a single `*`.
#[must_use]
pub fn wildcard_matches(pattern: &str, text: &str, case: Case) -> bool {
    if pattern.contains(DECIDED) {
        // A wildcard that ends at a colon does not leave all to the one behind it.
        let pattern: Vec<Token> = pattern.chars().map(Token::of).collect();
        let text: Vec<Token> = text.chars().map(Token::Literal).collect();
        return share_a_text(&pattern, &text, case);
    }
    let mut pattern = pattern.chars();
    let mut text = text.chars();
    // What follows the last star seen, and the text from which it may still match.
    let mut retry = None;
    loop {
        let mut pattern_after = pattern.clone();
        let expected = pattern_after.next();
        if expected == Some('*') {
            if pattern_after.as_str().is_empty() {
                return true;
            }
            retry = Some((pattern_after.clone(), text.clone()));
            pattern = pattern_after;
            continue;
        }
        let mut text_after = text.clone();
        match (expected, text_after.next()) {
            (None, None) => return true,
            (Some(expected), Some(found)) if expected == '?' || same(expected, found, case) => {
                pattern = pattern_after;
                text = text_after;
            }
            _ => {
                // The star takes one more character, and what follows it starts over.
                let Some((retry_pattern, retry_text)) = &mut retry else {
                    return false;
                };
                if retry_text.next().is_none() {
                    return false;
                }
                pattern = retry_pattern.clone();
                text = retry_text.clone();
            }
        }
    }
}

/// Tells whether some text matches both patterns.
///
/// The time is at most the product of both lengths. Where that product is beyond anything that an
/// ARN or action can be (over 16 million), the answer is `true`: an overlap that was not excluded
/// is never reported as absent.
#[must_use]
pub fn intersects(left: &str, right: &str, case: Case) -> bool {
    let tokens = |text: &str| -> Vec<Token> { text.chars().map(Token::of).collect() };
    share_a_text(&tokens(left), &tokens(right), case)
}

/// A pattern as it is compared: a reference to an entity is a word of its own, since two entities
/// never share a name; what the deployment decides may be anything without a colon or slash, and
/// what is not known may be anything.
#[must_use]
pub fn comparable(text: &PartialText) -> String {
    let mut comparable = String::new();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => comparable.push_str(literal),
            Part::Reference(reference) => {
                comparable.push('{');
                comparable.push_str(&reference.entity.as_str().replace([':', '*', '?'], "."));
                comparable.push('}');
            }
            // A stack's identifier is an ARN.
            Part::Pseudo(Pseudo::StackId) | Part::Unknown(_) => comparable.push('*'),
            Part::Pseudo(_) => comparable.push(DECIDED),
        }
    }
    comparable
}

/// Tells whether the text holds a wildcard.
#[must_use]
pub fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Says whether a wildcard stands for colons too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Reach {
    /// It stands for any character.
    Text,
    /// It ends at a colon.
    Segment,
    /// It ends at a colon or a slash.
    Word,
}

impl Reach {
    /// Tells whether it goes on over a character.
    pub(crate) fn passes(self, character: char) -> bool {
        match self {
            Self::Text => true,
            Self::Segment => character != ':',
            Self::Word => !matches!(character, ':' | '/'),
        }
    }
}

/// One character of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Token {
    /// The character itself.
    Literal(char),
    /// A text that is decided elsewhere, of whatever length: the same number, the same text.
    Symbol(u32),
    /// One character.
    One(Reach),
    /// Any run of characters.
    Run(Reach),
}

impl Token {
    /// Reads a pattern's character, with wildcards that stand for any character.
    pub(crate) fn of(character: char) -> Self {
        match character {
            '*' => Self::Run(Reach::Text),
            '?' => Self::One(Reach::Text),
            DECIDED => Self::Run(Reach::Word),
            literal => Self::Literal(literal),
        }
    }

    /// Tells whether both tokens can stand for the same single character.
    fn meets(self, other: Self, case: Case) -> bool {
        match (self, other) {
            (Self::Literal(left), Self::Literal(right)) => same(left, right, case),
            (Self::Literal(literal), Self::One(reach) | Self::Run(reach))
            | (Self::One(reach) | Self::Run(reach), Self::Literal(literal)) => {
                reach.passes(literal)
            }
            (Self::Symbol(left), Self::Symbol(right)) => left == right,
            // Its length is not known, so it is not surely one character.
            (Self::Symbol(_), Self::Literal(_) | Self::One(_))
            | (Self::Literal(_) | Self::One(_), Self::Symbol(_)) => false,
            _ => true,
        }
    }

    fn is_run(self) -> bool {
        matches!(self, Self::Run(_))
    }
}

/// Tells whether some text matches both patterns, as [`intersects`] does.
pub(crate) fn share_a_text(left: &[Token], right: &[Token], case: Case) -> bool {
    if left.len().saturating_mul(right.len()) > COMPARED_CELLS {
        return true;
    }
    // `row` holds, for the rest of `left` that was looked at so far, whether it shares a text with
    // the rest of `right` from each of its positions on; the last cell is the empty rest.
    let mut row = vec![false; right.len() + 1];
    let mut shares = true;
    let mut cells = row.iter_mut().rev();
    if let Some(end) = cells.next() {
        *end = true;
    }
    for (cell, from_right) in cells.zip(right.iter().rev()) {
        shares = shares && from_right.is_run();
        *cell = shares;
    }
    for &from_left in left.iter().rev() {
        let mut cells = row.iter_mut().rev();
        let Some(end) = cells.next() else {
            return false;
        };
        // The cell one to the right, before and after this round.
        let mut before = *end;
        *end = from_left.is_run() && before;
        let mut after = *end;
        for (cell, &from_right) in cells.zip(right.iter().rev()) {
            let below = *cell;
            let meets = from_left.meets(from_right, case);
            // A run may end here, or take one more character of the other side.
            *cell = match (from_left.is_run(), from_right.is_run()) {
                (true, true) => below || after,
                (true, false) => below || (meets && after),
                (false, true) => after || (meets && below),
                (false, false) => meets && before,
            };
            before = below;
            after = *cell;
        }
    }
    row.first().copied().unwrap_or(false)
}

fn same(left: char, right: char, case: Case) -> bool {
    match case {
        Case::Sensitive => left == right,
        Case::Insensitive => left.eq_ignore_ascii_case(&right),
    }
}
