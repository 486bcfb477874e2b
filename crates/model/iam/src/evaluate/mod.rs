//! What one request gets from policies.
//!
//! An explicit deny of any layer wins. Then every level of service control policies must allow, and:
//!
//! - in one account, the principal's policies within its boundary and session policies, or the
//!   resource's policy: where that names exactly who asks (a user, a session, everyone), neither
//!   boundary nor session policies limit it; where it names the role, they do; where it names the
//!   account, the principal's policies decide;
//! - across accounts, both sides;
//! - for keys and roles, the resource's own policy in any case.
//!
//! Source: the AWS Identity and Access Management user guide, "Policy evaluation logic", "How AWS
//! enforcement code logic evaluates requests to allow or deny access" and "Cross-account policy
//! evaluation logic"; the AWS Key Management Service developer guide, "Key policies in AWS KMS".

pub(crate) mod answer;
pub(crate) mod matching;
mod principal;
pub(crate) mod request;
mod statement;
mod voice;

use text::{Span, Unknown};

use self::answer::Answer;
use self::principal::Caller;
pub use self::request::{Context, Request};
use self::voice::{Heard, hear, own_answer};
pub use self::voice::{Layer, Verdict, Voice};
use crate::{Policy, Statement};

/// The policies that have a say in a request.
#[derive(Debug, Clone, Default)]
pub struct Policies<'a> {
    /// The principal's own.
    pub identity: Vec<&'a Policy>,
    /// The resource's, if it has one.
    pub resource: Option<&'a Policy>,
    /// The principal's permissions boundary, if it has one.
    pub boundary: Option<&'a Policy>,
    /// Those passed to the session; empty where none were.
    pub session: Vec<&'a Policy>,
    /// Those of each level of the organization, from its root down to the account; empty outside of
    /// organizations.
    pub service_control: Vec<Vec<&'a Policy>>,
}

/// What a request gets, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation<'a> {
    /// What it gets.
    pub decision: Decision,
    /// The statement that decided, with its layer; none where the lack of one did.
    pub decided_by: Option<(Layer, &'a Statement)>,
    /// What each layer says.
    pub voices: Vec<Voice<'a>>,
}

/// What a request gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is allowed.
    Allowed,
    /// A statement denies it.
    ExplicitDeny,
    /// Not everything that must allow it does.
    ImplicitDeny,
    /// It depends on what is not known.
    Unknown(Unknown),
}

/// Decides a request by the policies that have a say in it.
#[must_use]
pub fn decide<'a>(request: &Request, policies: &Policies<'a>) -> Evaluation<'a> {
    let context = request.whole_context();
    let ask = |layer, policies: &[&'a Policy]| hear(layer, policies, request, &context);
    let identity = ask(Layer::Identity, &policies.identity);
    let resource = policies.resource.map(|policy| ask(Layer::Resource, &[policy]));
    let boundary = policies.boundary.map(|policy| ask(Layer::Boundary, &[policy]));
    let is_session = !policies.session.is_empty();
    let session = is_session.then(|| ask(Layer::Session, &policies.session));
    let levels = policies.service_control.iter().enumerate();
    let levels: Vec<Heard<'a>> =
        levels.map(|(level, policies)| ask(Layer::ServiceControl(level), policies)).collect();

    let allowed = allowed(request, &identity, resource.as_ref(), &[&boundary, &session], &levels);
    let heard: Vec<&Heard<'a>> = std::iter::once(&identity)
        .chain(&resource)
        .chain(&boundary)
        .chain(&session)
        .chain(&levels)
        .collect();
    let denial = heard.iter().find(|heard| heard.denies == Answer::Yes);
    let doubt = heard.iter().find_map(|heard| match &heard.denies {
        Answer::Perhaps(why) => Some((why.clone(), heard)),
        _ => None,
    });
    let (decision, decided_by) = match (denial, allowed, doubt) {
        (Some(denial), ..) => {
            (Decision::ExplicitDeny, denial.denied_by.map(|by| (denial.layer, by)))
        }
        (_, Answer::No, _) => (Decision::ImplicitDeny, None),
        (_, _, Some((why, heard))) => {
            (Decision::Unknown(why), heard.denied_by.map(|by| (heard.layer, by)))
        }
        (_, Answer::Perhaps(why), _) => (Decision::Unknown(why), None),
        (_, Answer::Yes, None) => {
            let mut limits = boundary.iter().chain(&session);
            let is_limited = limits.any(|heard| heard.allows != Answer::Yes);
            let own = (!is_limited).then_some(&identity);
            let mut granting = own.into_iter().chain(&resource);
            let by = granting.find(|heard| heard.allows == Answer::Yes);
            (Decision::Allowed, by.and_then(|heard| Some((heard.layer, heard.allowed_by?))))
        }
    };
    let voices = heard.into_iter().map(Heard::voice).collect();
    Evaluation { decision, decided_by, voices }
}

/// Whether all that must allow the request does, denials apart.
fn allowed(
    request: &Request,
    identity: &Heard<'_>,
    resource: Option<&Heard<'_>>,
    limits: &[&Option<Heard<'_>>],
    levels: &[Heard<'_>],
) -> Answer {
    let caller = Caller::of(&request.principal);
    let (any, itself, role) = match resource {
        Some(heard) => (heard.allows.clone(), heard.itself.clone(), heard.role.clone()),
        None => (Answer::No, Answer::No, Answer::No),
    };
    if caller == Caller::Service {
        return any;
    }
    let within = |limits: &mut dyn Iterator<Item = &Heard<'_>>| {
        Answer::all(limits.map(|heard| heard.allows.clone()))
    };
    let limited = match caller {
        // Neither limits the root user.
        Caller::Root => Answer::Yes,
        _ => within(&mut limits.iter().filter_map(|heard| heard.as_ref())),
    };
    let own = own_answer(caller, identity).and(limited.clone());
    let direct = itself.or(role.and(limited));
    let needs_both = match resource {
        None if decides_itself(&request.action) => {
            let why = format!("`{}` needs the resource's own policy too", request.action);
            own.clone().and(Answer::perhaps(why, nowhere()))
        }
        _ => own.clone().and(any),
    };
    let alone = match decides_itself(&request.action) {
        true => direct.or(needs_both.clone()),
        false => direct.or(own),
    };
    let decided = match is_one_account(request) {
        Answer::Yes => alone,
        Answer::No => needs_both,
        Answer::Perhaps(_) if alone == needs_both => alone,
        perhaps => perhaps.and(alone.or(needs_both)),
    };
    decided.and(within(&mut levels.iter()))
}

/// Whether the principal's policies alone are not enough for an action, even in one account.
fn decides_itself(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    action.starts_with("kms:") && !is_listing(&action) || action.starts_with("sts:assumerole")
}

/// Actions on no key.
fn is_listing(action: &str) -> bool {
    const ON_NO_KEY: &[&str] = &[
        "kms:connectcustomkeystore",
        "kms:createcustomkeystore",
        "kms:createkey",
        "kms:deletecustomkeystore",
        "kms:describecustomkeystores",
        "kms:disconnectcustomkeystore",
        "kms:generaterandom",
        "kms:listaliases",
        "kms:listkeys",
        "kms:updatecustomkeystore",
    ];
    ON_NO_KEY.contains(&action)
}

fn is_one_account(request: &Request) -> Answer {
    let (own, other) = (&request.principal_account, &request.resource_account);
    let is_known = own.unknown_reason().is_none() && other.unknown_reason().is_none();
    if own == other && is_known {
        return Answer::Yes;
    }
    match (own.literal(), other.literal()) {
        (Some(_), Some(_)) => Answer::No,
        _ => Answer::perhaps(format!("whether `{own}` and `{other}` are one account"), nowhere()),
    }
}

/// What a request lacks is said in no file.
fn nowhere() -> Span {
    Span::file(text::SourceId(u32::MAX))
}
