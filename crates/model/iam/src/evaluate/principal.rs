use text::{PartialText, Span};

use super::answer::Answer;
use super::request::Request;
use crate::arn::Arn;
use crate::{Principal, PrincipalKind, Principals};

/// Who makes a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller<'a> {
    /// An IAM user.
    User,
    /// A role, whichever its session.
    Role,
    /// A session of the role of this name.
    Session(&'a str),
    /// A federated user.
    Federated,
    /// The account's root user.
    Root,
    /// A service of AWS.
    Service,
}

impl<'a> Caller<'a> {
    /// Says who a principal is; what only the deployment knows is a role.
    pub(crate) fn of(principal: &'a PartialText) -> Self {
        let Some(text) = principal.literal() else { return Self::Role };
        let Some(arn) = Arn::parse(text) else { return Self::Service };
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        match (arn.service, kind) {
            ("sts", "assumed-role") => Self::Session(name.split('/').next().unwrap_or_default()),
            ("sts", "federated-user") => Self::Federated,
            ("iam", "root") => Self::Root,
            ("iam", "user") => Self::User,
            _ => Self::Role,
        }
    }
}

/// How far a statement's principal reaches, the widest trust first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Named {
    /// Its account, which decides further.
    Account,
    /// The role of the session that asks.
    Role,
    /// Exactly who asks, or everyone.
    Itself,
}

/// Whether principals mean who asks, and how they name it; without a `Principal` they mean nobody.
pub(crate) fn meant(principals: &Principals, request: &Request, span: Span) -> (Answer, Named) {
    match principals {
        Principals::Absent => (Answer::No, Named::Account),
        Principals::Only(principals) => {
            let mut found = (Answer::No, Named::Account);
            for principal in principals {
                let (answer, named) = names(principal, request);
                if answer == Answer::No {
                    continue;
                }
                let is_better = match (&found.0, &answer) {
                    (Answer::Yes, Answer::Yes) => named > found.1,
                    (Answer::Yes, _) => false,
                    _ => true,
                };
                if is_better {
                    found = (answer, named);
                }
            }
            found
        }
        Principals::AllExcept(principals) => {
            let named = principals.iter().map(|principal| names(principal, request).0);
            let answer = match Answer::any(named) {
                Answer::Perhaps(why) => Answer::perhaps(why.why, span),
                known => known.not(),
            };
            (answer, Named::Itself)
        }
    }
}

fn names(principal: &Principal, request: &Request) -> (Answer, Named) {
    if principal.is_everyone() {
        return (Answer::Yes, Named::Itself);
    }
    let (value, span) = (&principal.value.value, principal.value.span);
    let caller = Caller::of(&request.principal);
    let is_service = caller == Caller::Service;
    if is_service != (principal.kind == PrincipalKind::Service)
        || matches!(principal.kind, PrincipalKind::Federated | PrincipalKind::CanonicalUser)
    {
        return (Answer::No, Named::Account);
    }
    if *value == request.principal && value.unknown_reason().is_none() {
        let named = if caller == Caller::Role { Named::Role } else { Named::Itself };
        return (Answer::Yes, named);
    }
    let account = &request.principal_account;
    if let Some(written) = account_of_root(value) {
        return match (written.literal(), account.literal()) {
            _ if written == *account => (Answer::Yes, Named::Account),
            (Some(_), Some(_)) => (Answer::No, Named::Account),
            _ => {
                let why = format!("whether `{written}` is the account `{account}`");
                (Answer::perhaps(why, span), Named::Account)
            }
        };
    }
    let (Some(value), Some(who)) = (value.literal(), request.principal.literal()) else {
        let why = match value.unknown_reason() {
            Some(why) => why.to_owned(),
            None => format!("whether `{value}` is `{}`", request.principal),
        };
        return (Answer::perhaps(why, span), Named::Role);
    };
    // A session's ARN leaves out the role's path.
    let is_its_role = match (caller, Arn::parse(value), Arn::parse(who)) {
        (Caller::Session(role), Some(value), Some(who)) => {
            value.service == "iam"
                && value.account == who.account
                && value.resource.starts_with("role/")
                && value.resource.rsplit('/').next() == Some(role)
        }
        _ => false,
    };
    (Answer::known(is_its_role), Named::Role)
}

/// The account that a principal is as a whole: its number, or the ARN of its root.
fn account_of_root(value: &PartialText) -> Option<PartialText> {
    if let Some(text) = value.literal()
        && text.len() == 12
        && text.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(value.clone());
    }
    let is_account = matches!(value.parts(), [text::Part::Pseudo(text::Pseudo::Account)]);
    if is_account {
        return Some(value.clone());
    }
    let ends_in_root = match value.parts().last() {
        Some(text::Part::Literal(end)) => end.ends_with(":root"),
        _ => false,
    };
    ends_in_root.then(|| super::request::account(value)).flatten()
}
