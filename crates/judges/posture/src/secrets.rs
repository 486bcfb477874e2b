//! Texts that are secrets, by their form or by the name they stand under.

use finding::{Confidence, Severity};
use text::{Part, PartialText};

/// A secret seen in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret {
    /// What it is, with its article: "a password in a connection string".
    pub(crate) what: &'static str,
    /// How certain that is.
    pub(crate) confidence: Confidence,
    /// How severe it is that it is written there.
    pub(crate) severity: Severity,
}

impl Secret {
    const fn new(what: &'static str, confidence: Confidence) -> Self {
        let severity = match confidence {
            Confidence::High => Severity::High,
            Confidence::Medium | Confidence::Low => Severity::Medium,
        };
        Self { what, confidence, severity }
    }

    /// The same where its place leaves no doubt.
    pub(crate) fn certain(self) -> Self {
        Self::new(self.what, Confidence::High)
    }
}

/// Keys that AWS's own documentation shows.
const EXAMPLE_KEYS: [&str; 2] = ["AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE"];

/// A shape of issued secrets: how it begins, and how many characters follow at least.
struct Shape {
    prefix: &'static str,
    following: usize,
    what: &'static str,
}

/// Sources: the issuers' documentation, and the patterns published for secret scanning.
const SHAPES: [Shape; 27] = [
    shape("AKIA", 16, "an AWS access key"),
    shape("ghp_", 36, "a GitHub token"),
    shape("gho_", 36, "a GitHub token"),
    shape("ghs_", 36, "a GitHub token"),
    shape("ghu_", 36, "a GitHub token"),
    shape("github_pat_", 60, "a GitHub token"),
    shape("glpat-", 20, "a GitLab token"),
    shape("xoxb-", 20, "a Slack token"),
    shape("xoxp-", 20, "a Slack token"),
    shape("xapp-", 20, "a Slack token"),
    shape("https://hooks.slack.com/services/T", 30, "a Slack webhook"),
    shape("https://discord.com/api/webhooks/", 60, "a Discord webhook"),
    shape("sk_live_", 20, "a Stripe key"),
    shape("rk_live_", 20, "a Stripe key"),
    shape("whsec_", 24, "a webhook signing secret"),
    shape("AIza", 35, "a Google API key"),
    shape("GOCSPX-", 24, "a Google client secret"),
    shape("SG.", 60, "a SendGrid key"),
    shape("npm_", 36, "an npm token"),
    shape("pypi-", 60, "a PyPI token"),
    shape("dop_v1_", 64, "a DigitalOcean token"),
    shape("shpat_", 32, "a Shopify token"),
    shape("sk-ant-", 40, "an Anthropic key"),
    shape("sk-proj-", 40, "an OpenAI key"),
    shape("hf_", 34, "a Hugging Face token"),
    shape("hvs.", 24, "a Vault token"),
    shape("eyJhbGciOi", 60, "a signed token"),
];

const fn shape(prefix: &'static str, following: usize, what: &'static str) -> Shape {
    Shape { prefix, following, what }
}

/// The secret in the text that stands under `name`, if there is one.
pub(crate) fn secret_in(name: &str, text: &PartialText) -> Option<Secret> {
    let with_holes = text.with_holes(HOLE);
    if let Some(what) = issued(&with_holes) {
        return Some(Secret::new(what, Confidence::High));
    }
    if has_password_in_address(&with_holes) {
        return Some(Secret::new("a password in a connection string", Confidence::High));
    }
    let value = text.literal()?.trim();
    if EXAMPLE_KEYS.iter().any(|key| value.contains(key)) {
        let what = "an example AWS access key, where a real one is about to stand";
        return Some(Secret { severity: Severity::Low, ..Secret::new(what, Confidence::Low) });
    }
    if has_long_value(value, "AKIA", 16) {
        return Some(Secret::new("an AWS access key", Confidence::Low));
    }
    if is_placeholder(value) || is_pointer(value) {
        return None;
    }
    match holds(name) {
        Holds::Password if value.len() >= 4 => {
            let confidence = if is_random(value) { Confidence::High } else { Confidence::Medium };
            Some(Secret::new("a password", confidence))
        }
        Holds::Token if value.len() >= 8 && !names_a_secret(value) => {
            let confidence = if is_random(value) { Confidence::High } else { Confidence::Low };
            Some(Secret::new("a key or token", confidence))
        }
        _ => None,
    }
}

/// Every secret in a text that is a secret's whole value: plain, or a JSON object of texts.
pub(crate) fn secret_value(name: &str, text: &PartialText) -> Option<Secret> {
    let Some(literal) = text.literal().map(str::trim) else { return secret_in(name, text) };
    if literal.starts_with('{') {
        let found = pairs(literal);
        let mut found = found.into_iter();
        return found.find_map(|(key, value)| secret_in(key, &PartialText::known(value)));
    }
    let plain = literal.len() >= 4 && !is_placeholder(literal) && !is_pointer(literal);
    plain.then_some(Secret::new("a secret's value", Confidence::Medium))
}

/// Whether a variable of this name holds a secret, whatever its value.
pub(crate) fn is_secret_name(name: &str) -> bool {
    holds(name) != Holds::Nothing
}

/// Whether a field of this name holds who signs in, which is no secret.
pub(crate) fn names_a_user(name: &str) -> bool {
    let words = words(name);
    let before = words.iter().rev().nth(1).map_or("", String::as_str);
    match words.last().map_or("", String::as_str) {
        "user" | "username" | "login" | "email" => true,
        "name" => before == "user" || before == "login",
        _ => false,
    }
}

/// A character that no template holds, in place of what is decided at deployment.
const HOLE: &str = "\u{0}";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Password,
    Token,
    Nothing,
}

/// What a name promises, by its last words.
fn holds(name: &str) -> Holds {
    let words = words(name);
    let Some(last) = words.last().map(String::as_str) else { return Holds::Nothing };
    let before = words.iter().rev().nth(1).map_or("", String::as_str);
    match last {
        "pwd" | "passphrase" | "pass" => Holds::Password,
        word if word.ends_with("password") || word.ends_with("passwd") => Holds::Password,
        word if word.ends_with("secret") => Holds::Token,
        "token" | "apikey" | "secretkey" | "privatekey" | "accesskey" => Holds::Token,
        "key" => match before {
            "api" | "access" | "secret" | "private" | "auth" | "encryption" | "signing"
            | "license" | "master" | "account" | "webhook" | "jwt" | "session" => Holds::Token,
            _ => Holds::Nothing,
        },
        "value" | "string" if before == "secret" || before == "token" => Holds::Token,
        _ => Holds::Nothing,
    }
}

/// The words of `API_KEY`, `apiKey` and `api-key`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for letter in name.chars() {
        let camel = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if !letter.is_ascii_alphanumeric() {
            before = '_';
            continue;
        }
        match words.last_mut() {
            Some(word) if before != '_' && !camel => word.push(letter.to_ascii_lowercase()),
            _ => words.push(letter.to_ascii_lowercase().to_string()),
        }
        before = letter;
    }
    words
}

fn issued(text: &str) -> Option<&'static str> {
    if text.contains("PRIVATE KEY-----") && text.contains("-----BEGIN") && text.len() > 200 {
        return Some("a private key");
    }
    if has_long_value(text, "AccountKey=", 60) || has_long_value(text, "SharedAccessKey=", 30) {
        return Some("an Azure key");
    }
    if is_placeholder(text) {
        return None;
    }
    SHAPES
        .iter()
        .find(|shape| has_long_value(text, shape.prefix, shape.following))
        .map(|shape| shape.what)
}

/// Whether `prefix` stands at the beginning of a word, with at least that many characters of a
/// token behind it.
fn has_long_value(text: &str, prefix: &str, following: usize) -> bool {
    let Some(at) = text.find(prefix) else { return false };
    let begins = !text
        .get(..at)
        .is_some_and(|before| before.ends_with(|letter: char| letter.is_ascii_alphanumeric()));
    let rest = text.get(at + prefix.len()..).unwrap_or_default();
    let length = rest
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || "_-./+=".contains(*letter))
        .count();
    begins && length >= following
}

/// Whether an address carries a password: `scheme://user:password@host`, `Password=…;`.
fn has_password_in_address(text: &str) -> bool {
    let address = text.split_once("://").is_some_and(|(scheme, rest)| {
        let authority = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let password = authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'))
            .map(|(_, password)| password);
        !scheme.is_empty() && password.is_some_and(is_written_password)
    });
    let lower = text.to_ascii_lowercase();
    let field = ["password=", "pwd="].iter().any(|field| {
        let Some(at) = lower.find(field) else { return false };
        let rest = text.get(at + field.len()..).unwrap_or_default();
        let is_list = lower.contains(';') || lower.contains("host=");
        is_list && is_written_password(rest.split([';', ' ', '&']).next().unwrap_or_default())
    });
    address || field
}

fn is_written_password(password: &str) -> bool {
    !password.is_empty() && !password.contains(HOLE) && !is_placeholder(password)
}

/// Whether a text only marks the place of a value.
fn is_placeholder(value: &str) -> bool {
    const MARKS: [&str; 23] = [
        "changeme",
        "change-me",
        "change_me",
        "change this",
        "replace",
        "your",
        "xxx",
        "todo",
        "example",
        "placeholder",
        "dummy",
        "insert",
        "fake",
        "sample",
        "redacted",
        "foobar",
        "{{",
        "${",
        "<",
        "***",
        "...",
        "not-set",
        "undefined",
    ];
    let lower = value.to_ascii_lowercase();
    let mut letters = lower.chars();
    let first = letters.next();
    let one_letter = letters.all(|letter| Some(letter) == first);
    one_letter
        || matches!(lower.as_str(), "true" | "false" | "none" | "null" | "test" | "empty" | "n/a")
        || MARKS.iter().any(|mark| lower.contains(mark))
}

/// Whether a text says where a secret is: an ARN, a path, an address, a reference.
fn is_pointer(value: &str) -> bool {
    let has_scheme = value.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '+')
    });
    value.starts_with("arn:")
        || value.starts_with('/')
        || value.starts_with('@')
        || value.starts_with("alias/")
        || value.contains("resolve:")
        || has_scheme
        || value.contains(char::is_whitespace) && !value.starts_with("-----BEGIN")
        || is_number_of_little(value)
}

fn is_number_of_little(value: &str) -> bool {
    value.len() < 6 && value.chars().all(|letter| letter.is_ascii_digit())
}

/// Whether a value reads as the name of a secret in a store: `prod/db`, `github-token`.
fn names_a_secret(value: &str) -> bool {
    const WORDS: [&str; 7] = ["secret", "token", "key", "password", "credential", "auth", "api"];
    let lower = value.to_ascii_lowercase();
    let parts = words(value);
    let is_words = parts.iter().all(|part| part.chars().all(|letter| letter.is_ascii_alphabetic()));
    value.contains('/') && !is_random(value) && is_words
        || WORDS.iter().any(|word| lower.contains(word)) && is_words
}

/// Whether a value looks drawn at random: long, and of mixed letters.
fn is_random(value: &str) -> bool {
    let kinds = [
        value.chars().any(|letter| letter.is_ascii_lowercase()),
        value.chars().any(|letter| letter.is_ascii_uppercase()),
        value.chars().any(|letter| letter.is_ascii_digit()),
        value.chars().any(|letter| !letter.is_ascii_alphanumeric()),
    ];
    let kinds = kinds.into_iter().filter(|has| *has).count();
    value.len() >= 12 && kinds >= 3
        || value.len() >= 20 && kinds >= 2 && bits_per_letter(value) > 3.5
}

/// Shannon's entropy of the letters.
fn bits_per_letter(value: &str) -> f64 {
    let mut counts = std::collections::BTreeMap::new();
    for letter in value.bytes() {
        *counts.entry(letter).or_insert(0_u32) += 1;
    }
    let total = f64::from(u32::try_from(value.len().max(1)).unwrap_or(u32::MAX));
    counts
        .values()
        .map(|count| {
            let share = f64::from(*count) / total;
            -share * share.log2()
        })
        .sum()
}

/// The texts of a JSON object with their keys, one level or more deep; enough to look at each.
fn pairs(json: &str) -> Vec<(&str, &str)> {
    let mut quoted = Vec::new();
    let mut rest = json;
    while let Some((before, after)) = rest.split_once('"') {
        let Some((text, behind)) = after.split_once('"') else { break };
        quoted.push((before.trim(), text));
        rest = behind;
    }
    let followed = quoted.iter().zip(quoted.iter().skip(1));
    followed
        .filter(|(_, (between, _))| *between == ":")
        .map(|((_, key), (_, value))| (*key, *value))
        .collect()
}

/// Whether any part of a text is a dynamic reference to a secret store, which is resolved when the
/// stack is deployed.
pub(crate) fn is_resolved_at_deployment(text: &PartialText) -> bool {
    text.parts().iter().any(|part| {
        matches!(part, Part::Literal(literal)
            if literal.contains("{{resolve:secretsmanager:") || literal.contains("{{resolve:ssm-secure:"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str, expect: Option<Confidence>) {
        let found = secret_in(name, &PartialText::known(value));
        assert_eq!(found.map(|secret| secret.confidence), expect, "{name}={value}");
    }

    #[test]
    fn secrets_are_told_from_names_pointers_and_placeholders() {
        let (high, medium) = (Some(Confidence::High), Some(Confidence::Medium));
        check("DATABASE_URL", "postgres://report:Winter-Sale-1987@db.internal:5432/shop", high);
        check("DATABASE_URL", "postgres://db.internal:5432/shop", None);
        check("DATABASE_URL", "postgres://user:${PASSWORD}@db.internal/shop", None);
        check("DB", "Server=db;User=sa;Password=Winter-Sale-1987;", high);
        check("DB_PASSWORD", "winter87", medium);
        check("DB_PASSWORD", "changeme", None);
        check("DB_PASSWORD_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:x", None);
        check("DB_PASSWORD", "{{resolve:secretsmanager:shop:SecretString:password}}", None);
        check("API_KEY", "github-api-key", None);
        check("API_KEY", "/shop/api-key", None);
        check("apiKey", "q8Zr2LwX0bTn5VdK", high);
        check("PARTITION_KEY", "q8Zr2LwX0bTn5VdK", None);
        check("TOKEN", "3600", None);
        check("ANY", &format!("gh{}_{}", "p", "a1".repeat(18)), high);
        check("SECRET_NAME", "prod/db", None);
    }

    #[test]
    fn a_password_that_is_decided_at_deployment_is_none() {
        let mut text = PartialText::known("mysql://root:");
        text.push(Part::Unknown("parameter `Password` has no default".into()));
        text.push(Part::Literal("@db/shop".into()));
        assert_eq!(secret_in("DATABASE_URL", &text), None);
    }

    #[test]
    fn a_secret_of_several_fields_is_looked_at_field_by_field() {
        let secret = |text: &str| secret_value("Db", &PartialText::known(text)).is_some();
        assert!(secret(r#"{"username": "admin", "password": "Winter-1987"}"#));
        assert!(!secret(r#"{"username": "admin", "password": "changeme"}"#));
        assert!(!secret(r#"{"username": "admin"}"#));
    }
}
