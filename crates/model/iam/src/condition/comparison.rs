use std::cmp::Ordering;
use std::net::IpAddr;

use text::{PartialText, Said};
use time::format_description::well_known::Iso8601;
use time::{Date, OffsetDateTime};

use super::operator::{Comparison, Order};
use crate::Version;
use crate::evaluate::answer::Answer;
use crate::evaluate::matching::{resolved, text_matches};
use crate::evaluate::request::Context;
use crate::pattern::Case;
use crate::piece::{Piece, Wildcards, pieces};

/// Tells whether one value of a request compares with one of a policy.
///
/// A value that is not of the kind that the operator compares, compares with nothing.
pub(super) fn compares(
    comparison: Comparison,
    said: &Said<PartialText>,
    value: &PartialText,
    version: Version,
    context: &Context,
) -> Answer {
    let wildcards = match comparison {
        Comparison::Like | Comparison::Arn => Wildcards::Meant,
        _ => Wildcards::Literal,
    };
    let plain = || pieces(value, Wildcards::Literal, Version::V2008);
    let expected = || resolved(pieces(&said.value, wildcards, version), context);
    let texts = |case| match expected() {
        Some(expected) => text_matches(&expected, &plain(), case, said.span),
        None => Answer::No,
    };
    match comparison {
        Comparison::Equals | Comparison::Like => texts(Case::Sensitive),
        Comparison::EqualsIgnoreCase => texts(Case::Insensitive),
        Comparison::Arn => match expected() {
            Some(expected) => arn_is_like(&expected, &plain(), said),
            None => Answer::No,
        },
        Comparison::Numeric(order) => literals(said, value, |expected, found| {
            let (expected, found) = (number(expected)?, number(found)?);
            Some(meets(found.partial_cmp(&expected)?, order))
        }),
        Comparison::Date(order) => literals(said, value, |expected, found| {
            Some(meets(moment(found)?.cmp(&moment(expected)?), order))
        }),
        Comparison::Bool => {
            literals(said, value, |expected, found| Some(truth(expected)? == truth(found)?))
        }
        Comparison::Binary => literals(said, value, |expected, found| {
            // Bytes have one spelling in Base64, but for the padding.
            Some(expected.trim_end_matches('=') == found.trim_end_matches('='))
        }),
        Comparison::Address => {
            literals(said, value, |expected, found| is_in_range(found.parse().ok()?, expected))
        }
        Comparison::Null => Answer::No,
    }
}

/// Compares two texts that must be known.
fn literals(
    said: &Said<PartialText>,
    value: &PartialText,
    compare: impl FnOnce(&str, &str) -> Option<bool>,
) -> Answer {
    match (said.value.literal(), value.literal()) {
        (Some(expected), Some(found)) => {
            Answer::known(compare(expected.trim(), found.trim()).unwrap_or(false))
        }
        (None, _) => not_known(&said.value, said),
        (_, None) => not_known(value, said),
    }
}

fn not_known(text: &PartialText, said: &Said<PartialText>) -> Answer {
    let why = match text.unknown_reason() {
        Some(why) => why.to_owned(),
        None => format!("`{text}` is known only at deployment"),
    };
    Answer::perhaps(why, said.span)
}

/// `ArnLike`: each of the six segments by itself.
fn arn_is_like(pattern: &[Piece], arn: &[Piece], said: &Said<PartialText>) -> Answer {
    let (patterns, texts) = (segments(pattern), segments(arn));
    if patterns.len() == 6 && texts.len() == 6 {
        let pairs = patterns.into_iter().zip(texts);
        return Answer::all(
            pairs.map(|(pattern, text)| text_matches(pattern, text, Case::Sensitive, said.span)),
        );
    }
    let is_undecided = |piece: &Piece| matches!(piece, Piece::Deployed(_) | Piece::Unknown(_));
    match pattern.iter().chain(arn).any(is_undecided) {
        // What the deployment decides may hold more segments.
        true => text_matches(pattern, arn, Case::Sensitive, said.span),
        false => Answer::No,
    }
}

fn segments(pieces: &[Piece]) -> Vec<&[Piece]> {
    pieces.splitn(6, |piece| *piece == Piece::Letter(':')).collect()
}

fn meets(ordering: Ordering, order: Order) -> bool {
    match order {
        Order::Equal => ordering.is_eq(),
        Order::Less => ordering.is_lt(),
        Order::AtMost => ordering.is_le(),
        Order::Greater => ordering.is_gt(),
        Order::AtLeast => ordering.is_ge(),
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A point in time in W3C's profile of ISO 8601, or in seconds since 1970.
fn moment(text: &str) -> Option<OffsetDateTime> {
    let of_date = |text: &str| {
        let date = Date::parse(text, &Iso8601::PARSING).ok()?;
        Some(date.midnight().assume_utc())
    };
    match text.len() {
        4 => of_date(&format!("{text}-01-01")),
        7 if text.contains('-') => of_date(&format!("{text}-01")),
        _ => OffsetDateTime::parse(text, &Iso8601::PARSING)
            .ok()
            .or_else(|| of_date(text))
            .or_else(|| OffsetDateTime::from_unix_timestamp(text.parse().ok()?).ok()),
    }
}

/// Whether an address is in a range such as `203.0.113.0/24` or `2001:db8::/32`.
fn is_in_range(address: IpAddr, range: &str) -> Option<bool> {
    let (network, bits) = match range.split_once('/') {
        Some((network, bits)) => (network, Some(bits.parse::<u32>().ok()?)),
        None => (range, None),
    };
    let (address, network, width) = match (address, network.parse().ok()?) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u128::from(address.to_bits()), u128::from(network.to_bits()), 32)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => (address.to_bits(), network.to_bits(), 128),
        _ => return Some(false),
    };
    let free = u32::checked_sub(width, bits.unwrap_or(width))?;
    let prefix = |bits: u128| bits.checked_shr(free).unwrap_or(0);
    Some(prefix(address) == prefix(network))
}
