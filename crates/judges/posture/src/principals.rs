//! Whom statements of resource policies and trust policies let in.

use iam::arn::Arn;
use iam::{Condition, Effect, Principal, PrincipalKind, Principals, Statement};
use text::{Part, Unknown};

/// Condition keys that say who calls, or on whose behalf.
///
/// Source: AWS IAM user guide, "AWS global condition context keys"; `kms:CallerAccount` and
/// `s3:DataAccessPointAccount` from the services' own pages.
const CALLER_KEYS: &[&str] = &[
    "aws:calledvia",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalservicename",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:userid",
    "aws:username",
    "kms:calleraccount",
    "lambda:eventsourcetoken",
    "s3:dataaccesspointaccount",
    "sts:externalid",
];

/// Condition keys that say on whose behalf a service calls, or with which secret token.
///
/// Source: AWS IAM user guide, "Cross-service confused deputy prevention".
const SOURCE_KEYS: &[&str] = &[
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "lambda:eventsourcetoken",
];

/// Condition keys that say from which network a call comes.
const NETWORK_KEYS: &[&str] =
    &["aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:sourcevpcarn"];

/// Whether a condition compares in a way that lets only listed values in, and lists something
/// narrower than everything.
pub(crate) fn narrows(condition: &Condition) -> bool {
    let operator = condition.operator.to_ascii_lowercase();
    let operator = operator.rsplit(':').next().unwrap_or_default();
    let is_negative = operator.contains("not") || operator == "null";
    let if_exists = operator.ends_with("ifexists");
    !is_negative
        && !if_exists
        && !condition.values.is_empty()
        && !condition.values.iter().any(|said| is_everything(&said.value.with_holes("\u{fffc}")))
}

/// Whether a text stands for every network, or for every ARN of a service: an ARN in which neither
/// the account nor the resource is named.
fn is_everything(text: &str) -> bool {
    let names_nothing =
        |text: &str| text.chars().all(|letter| matches!(letter, '*' | ':' | '?' | '/'));
    text == "0.0.0.0/0"
        || text == "::/0"
        || names_nothing(text)
        || Arn::parse(text)
            .is_some_and(|arn| names_nothing(arn.account) && names_nothing(arn.resource))
}

/// Whether a condition on one of these keys (lower case) narrows the statement.
pub(crate) fn is_narrowed_by(statement: &Statement, keys: &[&str]) -> bool {
    statement.conditions.iter().any(|condition| {
        narrows(condition) && keys.contains(&condition.key.to_ascii_lowercase().as_str())
    })
}

/// Whether conditions bind a statement to certain callers or networks.
pub(crate) fn binds_callers(statement: &Statement) -> bool {
    let names_principal_tag = statement.conditions.iter().any(|condition| {
        narrows(condition) && condition.key.to_ascii_lowercase().starts_with("aws:principaltag/")
    });
    names_principal_tag
        || is_narrowed_by(statement, CALLER_KEYS)
        || is_narrowed_by(statement, NETWORK_KEYS)
}

/// Whether conditions say on whose behalf the services act that a statement lets in.
pub(crate) fn binds_sources(statement: &Statement) -> bool {
    is_narrowed_by(statement, SOURCE_KEYS)
}

/// Whether a statement speaks of networks at all, in either direction.
pub(crate) fn names_a_network(statement: &Statement) -> bool {
    NETWORK_KEYS.iter().any(|key| statement.has_condition_on(key))
}

/// The principals that a statement lets in.
pub(crate) fn let_in(statement: &Statement) -> &[Principal] {
    match &statement.principals {
        Principals::Only(principals) if statement.effect == Effect::Allow => principals,
        _ => &[],
    }
}

/// Why nothing at all is known of a principal, where that is so.
pub(crate) fn undecided(principal: &Principal) -> Option<Unknown> {
    match principal.value.value.parts() {
        [Part::Unknown(why)] => Some(Unknown::new(&**why, principal.value.span)),
        _ => None,
    }
}

/// Whose account a principal names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// This one, in digits.
    Numbered(String),
    /// One that is decided only at deployment.
    Undecided(Unknown),
}

/// The account that a principal names by itself or in its ARN; `None` for the deployment's own,
/// for that of a declared identity, and for what is no account.
pub(crate) fn account_of(principal: &Principal) -> Option<Account> {
    const HOLE: &str = "\u{0}";
    if principal.kind != PrincipalKind::Aws {
        return None;
    }
    let text: String = principal.value.value.parts().iter().fold(String::new(), |text, part| {
        let piece = match part {
            Part::Literal(literal) => literal,
            Part::Unknown(_) => HOLE,
            Part::Reference(_) | Part::Pseudo(_) => "\u{fffc}",
        };
        text + piece
    });
    let account = Arn::parse(&text).map_or(text.as_str(), |arn| arn.account);
    if account.contains(HOLE) {
        let why = principal.value.value.unknown_reason().unwrap_or_default();
        return Some(Account::Undecided(Unknown::new(why, principal.value.span)));
    }
    let is_number = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Account::Numbered(account.to_owned()))
}
