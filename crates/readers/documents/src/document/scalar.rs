use text::PartialText;

use crate::value::Kind;

/// Types a plain scalar by YAML's core schema. Numbers are kept as written; dates are texts.
///
/// Source: YAML 1.2.2, section 10.3.2 "Tag Resolution". The words yes, no, on and off of YAML 1.1
/// stay texts; who wants a boolean takes them too.
pub(super) fn plain(word: &str) -> Kind {
    match word {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(word) => Kind::Number(word.into()),
        _ => Kind::Text(PartialText::known(word)),
    }
}

fn is_number(word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return false };
    if !matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.') {
        return false;
    }
    if let Some(digits) = word.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = word.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let has_digit = !whole.is_empty() || !fraction.is_empty();
    has_digit && digits(whole) && digits(fraction) && exponent_fits
}
