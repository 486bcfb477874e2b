//! ARNs as far as a template says them, in one spelling, so that patterns can be compared with
//! them.

use std::collections::HashMap;

use app_graph::{AppGraph, Entity, Identity, IdentityKind};
use iam::pattern::{Case, wildcard_matches};
use text::{EntityId, Part, PartialText, Pseudo, Setting};

/// The account deployed into: no pattern spells it, and every wildcard stands for it.
pub(crate) const ACCOUNT: char = '\u{e000}';

/// The region deployed into.
pub(crate) const REGION: char = '\u{e001}';

/// A name that nobody spelled: what only a wildcard meets.
pub(crate) const ANY: &str = "\u{e002}";

/// Begins and ends a name that is made up at deployment.
const MADE_UP: char = '\u{e003}';

/// The ARNs of a graph's entities.
pub(crate) struct Names<'g> {
    arns: HashMap<&'g EntityId, Vec<String>>,
}

impl<'g> Names<'g> {
    pub(crate) fn new(graph: &'g AppGraph) -> Self {
        let mut names = Self { arns: HashMap::new() };
        for function in &graph.functions {
            let prefix = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:");
            names.add(&function.entity, &prefix, &function.function_name);
        }
        for identity in &graph.identities {
            if let Some(kind) = kind_in_arn(identity) {
                let prefix = format!("arn:aws:iam::{ACCOUNT}:{kind}/");
                names.add(&identity.entity, &prefix, &identity.name);
            }
            for attached in &identity.attached {
                let managed = attached.declared_by.as_ref().filter(|entity| is_managed(entity));
                let Some(entity) = managed else { continue };
                let name = attached.name.as_deref().unwrap_or(&entity.name);
                let arn = format!("arn:aws:iam::{ACCOUNT}:policy/{name}");
                names.arns.insert(&entity.id, vec![arn]);
            }
        }
        names
    }

    fn add(&mut self, entity: &'g Entity, prefix: &str, name: &Setting<PartialText>) {
        let mut arns: Vec<String> = Vec::new();
        for said in name.known_values() {
            arns.push(format!("{prefix}{}", self.spelled(&said.value, None).text));
        }
        if arns.is_empty() {
            arns.push(format!("{prefix}{MADE_UP}{}{MADE_UP}", entity.id));
        }
        self.arns.insert(&entity.id, arns);
    }

    /// The ARNs that an entity may have, one for each branch of its name.
    pub(crate) fn arns(&self, id: &EntityId) -> &[String] {
        self.arns.get(id).map_or(&[], Vec::as_slice)
    }

    /// A pattern or value in the spelling of this module; policy variables are those of `caller`.
    pub(crate) fn spelled(&self, value: &PartialText, caller: Option<&Identity>) -> Spelled {
        let mut text = String::new();
        let mut is_known = true;
        for part in value.parts() {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Pseudo(Pseudo::Partition) => text.push_str("aws"),
                Part::Pseudo(Pseudo::Account) => text.push(ACCOUNT),
                Part::Pseudo(Pseudo::Region) => text.push(REGION),
                Part::Pseudo(Pseudo::DomainSuffix) => text.push_str("amazonaws.com"),
                Part::Pseudo(pseudo) => text.push_str(&format!("{MADE_UP}{pseudo}{MADE_UP}")),
                Part::Reference(reference) => {
                    let arn = self.arns(&reference.entity).first();
                    let is_arn = text.is_empty()
                        && (&*reference.attribute == "Arn"
                            || arn.is_some_and(|arn| arn.contains(":policy/")));
                    match arn {
                        Some(arn) if is_arn => text.push_str(arn),
                        Some(arn) => text.push_str(name_in(arn)),
                        None => {
                            text.push_str(&format!("{MADE_UP}{}{MADE_UP}", reference.entity));
                        }
                    }
                }
                Part::Unknown(_) => {
                    is_known = false;
                    text.push('*');
                }
            }
        }
        if text.contains("${") {
            let own = caller.filter(|caller| caller.kind == IdentityKind::User);
            let own = own.and_then(|caller| self.arns(&caller.entity.id).first());
            let own = own.map_or("\u{e004}", |arn| name_in(arn));
            text = text.replace("${aws:username}", own);
            if let Some(general) = without_variables(&text) {
                is_known = false;
                text = general;
            }
        }
        Spelled { text: own_account(text), is_known }
    }
}

/// A text in which what cannot be known is `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spelled {
    pub(crate) text: String,
    pub(crate) is_known: bool,
}

/// Whether the entity is a policy that can be attached to several identities.
pub(crate) fn is_managed(entity: &Entity) -> bool {
    matches!(entity.type_name.as_str(), "AWS::IAM::ManagedPolicy" | "aws_iam_policy")
}

/// Whether an action's pattern stands for an action.
pub(crate) fn is_action(pattern: &str, action: &str) -> bool {
    wildcard_matches(pattern, action, Case::Insensitive)
}

/// The name at the end of an ARN.
pub(crate) fn name_in(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or(arn)
}

fn kind_in_arn(identity: &Identity) -> Option<&'static str> {
    Some(match identity.kind {
        IdentityKind::Role | IdentityKind::GeneratedRole => "role",
        IdentityKind::User => "user",
        IdentityKind::Group => "group",
        IdentityKind::Policy if is_managed(&identity.entity) => "policy",
        IdentityKind::Policy | IdentityKind::ServiceAccount => return None,
    })
}

/// An account that is written out is taken for the one deployed into: IAM's own actions reach no
/// other.
fn own_account(text: String) -> String {
    let Some(arn) = iam::arn::Arn::parse(&text) else { return text };
    if arn.account.len() != 12 || !arn.account.bytes().all(|byte| byte.is_ascii_digit()) {
        return text;
    }
    let iam::arn::Arn { partition, service, region, resource, .. } = arn;
    format!("arn:{partition}:{service}:{region}:{ACCOUNT}:{resource}")
}

/// The text with `*` in place of each policy variable, if it holds any.
fn without_variables(text: &str) -> Option<String> {
    let (before, rest) = text.split_once("${")?;
    let (_, after) = rest.split_once('}')?;
    let after = without_variables(after).unwrap_or_else(|| after.to_owned());
    Some(format!("{before}*{after}"))
}
