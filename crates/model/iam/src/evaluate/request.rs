use std::collections::BTreeMap;

use text::{Part, PartialText, Pseudo};

use crate::arn::Arn;

/// One request of a principal, as policies see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Who asks: the ARN of a user, role, role session, federated user or account root, or a
    /// service's domain (`lambda.amazonaws.com`).
    pub principal: PartialText,
    /// The account of the principal; empty for a service.
    pub principal_account: PartialText,
    /// What is asked for, such as `s3:GetObject`.
    pub action: String,
    /// The ARN that it is asked for; `*` for an action without resources.
    pub resource: PartialText,
    /// The account of the resource.
    pub resource_account: PartialText,
    /// What else the request says, by condition key; keys are compared without regard to case.
    pub context: Context,
}

/// The values of a request's condition keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context(BTreeMap<String, Vec<PartialText>>);

/// What a request says about a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values<'a> {
    /// These values.
    Given(&'a [PartialText]),
    /// Nothing: it has no such key.
    Absent,
    /// Something that was not told: every request has such a key.
    NotTold,
}

/// Keys that AWS puts in every request, of which none follows from its principal and resource.
///
/// Source: IAM user guide, "AWS global condition context keys", "Availability".
const IN_EVERY_REQUEST: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:useragent",
    "aws:userid",
    "aws:viaawsservice",
];

impl Request {
    /// A request with the accounts that its ARNs name and with the condition keys that follow from
    /// them; a resource whose ARN names no account is taken as the principal's own.
    #[must_use]
    pub fn new(principal: PartialText, action: &str, resource: PartialText) -> Self {
        let principal_account = account(&principal).unwrap_or_default();
        let resource_account = account(&resource).unwrap_or_else(|| principal_account.clone());
        Self {
            principal,
            principal_account,
            action: action.to_owned(),
            resource,
            resource_account,
            context: Context::default(),
        }
    }

    /// The request's own context, completed by the keys that its principal and resource decide.
    pub(crate) fn whole_context(&self) -> Context {
        let mut context = self.context.clone();
        let mut add = |key: &str, value: PartialText| {
            context.0.entry(key.to_owned()).or_insert_with(|| vec![value]);
        };
        add("aws:resourceaccount", self.resource_account.clone());
        let who = self.principal.literal();
        let is_service = who.is_some_and(|who| Arn::parse(who).is_none());
        add("aws:principalisawsservice", PartialText::known(is_service.to_string()));
        if is_service {
            return context;
        }
        add("aws:principalaccount", self.principal_account.clone());
        let Some(arn) = who.and_then(Arn::parse) else {
            add("aws:principalarn", self.principal.clone());
            return context;
        };
        let (kind, name) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        let last = name.rsplit('/').next().unwrap_or_default();
        match kind {
            "user" => {
                add("aws:username", PartialText::known(last));
                add("aws:principaltype", PartialText::known("User"));
                add("aws:principalarn", self.principal.clone());
            }
            "assumed-role" => {
                let role = name.split('/').next().unwrap_or_default();
                let Arn { partition, account, .. } = arn;
                let role = format!("arn:{partition}:iam::{account}:role/{role}");
                add("aws:principaltype", PartialText::known("AssumedRole"));
                add("aws:principalarn", PartialText::known(role));
            }
            "role" => {
                add("aws:principaltype", PartialText::known("AssumedRole"));
                add("aws:principalarn", self.principal.clone());
            }
            "root" => {
                add("aws:principaltype", PartialText::known("Account"));
                add("aws:principalarn", self.principal.clone());
            }
            "federated-user" => {
                add("aws:principaltype", PartialText::known("FederatedUser"));
                add("aws:principalarn", self.principal.clone());
            }
            _ => add("aws:principalarn", self.principal.clone()),
        }
        context
    }
}

impl Context {
    /// Adds a value to a key.
    pub fn add(&mut self, key: &str, value: PartialText) {
        self.0.entry(key.to_ascii_lowercase()).or_default().push(value);
    }

    /// Says what the request says about a key.
    pub(crate) fn values(&self, key: &str) -> Values<'_> {
        let key = key.to_ascii_lowercase();
        match self.0.get(&key) {
            Some(values) => Values::Given(values),
            None if IN_EVERY_REQUEST.contains(&key.as_str()) => Values::NotTold,
            None => Values::Absent,
        }
    }
}

/// The account in an ARN; none where it names none, or is known only at deployment.
pub(crate) fn account(arn: &PartialText) -> Option<PartialText> {
    let mut colons = 0;
    let mut account = PartialText::default();
    for part in arn.parts() {
        let Part::Literal(literal) = part else {
            // What the deployment decides belongs to its own account.
            match colons {
                4 => account.push(part.clone()),
                0 => {
                    account.push(Part::Pseudo(Pseudo::Account));
                    return Some(account);
                }
                _ => {}
            }
            continue;
        };
        for character in literal.chars() {
            match character {
                ':' => colons += 1,
                letter if colons == 4 => account.push(Part::Literal(letter.to_string())),
                _ => {}
            }
        }
    }
    let is_arn = arn.with_holes("").starts_with("arn:") && colons >= 5;
    (is_arn && account != PartialText::default()).then_some(account)
}
