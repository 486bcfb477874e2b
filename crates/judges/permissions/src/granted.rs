//! What a role's policies allow, compared with what functions need.

use std::borrow::Cow;

use app_graph::{Arns, Attached, AttachedOrigin, Identity, ManagedPolicy};
use iam::actions::{self, Action};
use iam::pattern::{Case, comparable, has_wildcard, intersects, wildcard_matches};
use iam::{Effect, Listing, Statement};
use profile::Need;
use text::{Part, PartialText, Span, Unknown};

/// What one identity may do, as its policies say.
pub(crate) struct Granted<'a> {
    /// Statements that allow.
    pub(crate) allowed: Vec<Grant<'a>>,
    /// Statements that deny.
    denied: Vec<Grant<'a>>,
    /// Why more may be allowed than is written: policies that are not in the templates, parts that
    /// could not be resolved.
    pub(crate) unknown: Vec<Unknown>,
}

/// One statement, its patterns spelled as needs are.
pub(crate) struct Grant<'a> {
    /// The statement.
    pub(crate) statement: Cow<'a, Statement>,
    /// Who wrote or attached it.
    pub(crate) origin: &'a AttachedOrigin,
    /// The policy that says it, where that is taken or left as a whole.
    pub(crate) package: Option<Package<'a>>,
    /// Its action patterns as written, with their places.
    pub(crate) actions: Vec<(String, Span)>,
    /// Its resource patterns, in the one spelling.
    pub(crate) resources: Vec<Pattern>,
}

/// A policy that others wrote and that is taken or left as a whole.
#[derive(Clone, Copy)]
pub(crate) enum Package<'a> {
    /// A managed policy of AWS's.
    Managed(&'a ManagedPolicy),
    /// A framework's policy template of that name.
    Template(&'a str, &'a Attached),
}

/// A pattern of ARNs.
pub(crate) struct Pattern {
    /// In the spelling of [`Arns`].
    pub(crate) spelled: PartialText,
    /// As written.
    pub(crate) written: PartialText,
    /// Where.
    pub(crate) span: Span,
    comparable: String,
}

impl<'a> Granted<'a> {
    /// Reads an identity's policies.
    pub(crate) fn new(arns: &Arns<'_>, identity: &'a Identity) -> Self {
        let mut granted = Self { allowed: Vec::new(), denied: Vec::new(), unknown: Vec::new() };
        for attached in &identity.attached {
            granted.unknown.extend(attached.policy.unknowns.iter().cloned());
            for statement in &attached.policy.statements {
                granted.unknown.extend(statement.actions.unknowns.iter().cloned());
                granted.unknown.extend(statement.resources.unknowns.iter().cloned());
                let package = match &attached.origin {
                    AttachedOrigin::Template(name) => Some(Package::Template(name, attached)),
                    _ => None,
                };
                let grant = Grant::new(arns, Cow::Borrowed(statement), &attached.origin);
                granted.add(Grant { package, ..grant });
            }
        }
        for managed in &identity.managed {
            let Some(policy) = managed.document() else {
                granted.unknown.push(not_in_templates(managed));
                continue;
            };
            for statement in policy.statements {
                let grant = Grant::new(arns, Cow::Owned(statement), &managed.origin);
                granted.add(Grant { package: Some(Package::Managed(managed)), ..grant });
            }
        }
        granted
    }

    fn add(&mut self, grant: Grant<'a>) {
        match grant.statement.effect {
            Effect::Allow => self.allowed.push(grant),
            Effect::Deny => self.denied.push(grant),
        }
    }

    /// Whether some statement may allow the need.
    pub(crate) fn may_allow(&self, need: &Need) -> bool {
        // Two resources of which nothing but the names in the templates is known may be one.
        let is_hidden = is_hidden(&need.resource);
        let may_be = |grant: &Grant<'_>| {
            is_hidden && grant.names(&need.action) && grant.resources.iter().any(Pattern::is_hidden)
        };
        self.allowed.iter().any(|grant| grant.may_cover(need) || may_be(grant))
    }

    /// The statement that denies the need whatever the request is, if one does.
    pub(crate) fn denies(&self, need: &Need) -> Option<&Statement> {
        let certain = self.denied.iter().filter(|grant| {
            grant.statement.conditions.is_empty() && grant.statement.when.is_none()
        });
        certain.filter(|grant| grant.covers(need)).map(|grant| &*grant.statement).next()
    }
}

/// A managed policy whose text is neither in the templates nor AWS's.
fn not_in_templates(managed: &ManagedPolicy) -> Unknown {
    let why = format!("the text of `{}` is not in the templates", managed.arn.value);
    Unknown::new(why, managed.arn.span)
}

impl<'a> Grant<'a> {
    fn new(arns: &Arns<'_>, statement: Cow<'a, Statement>, origin: &'a AttachedOrigin) -> Self {
        let actions = statement.actions.patterns.iter();
        let actions = actions.map(|said| (comparable(&said.value), said.span)).collect();
        let resources = statement.resources.patterns.iter().map(|said| {
            let spelled = arns.spelled(&said.value);
            Pattern {
                comparable: comparable(&spelled),
                spelled,
                written: said.value.clone(),
                span: said.span,
            }
        });
        // A resource that could not be resolved may be any.
        let unknowns = statement.resources.unknowns.iter().map(|unknown| Pattern {
            comparable: "*".to_owned(),
            spelled: PartialText::unknown(&unknown.why),
            written: PartialText::unknown(&unknown.why),
            span: unknown.span,
        });
        let resources = resources.chain(unknowns).collect();
        Self { statement, origin, package: None, actions, resources }
    }

    /// Every action that it allows, as far as the table of actions goes.
    pub(crate) fn all_actions(&self) -> Vec<(String, Action)> {
        match self.statement.actions.listing {
            Listing::Only => {
                self.actions.iter().flat_map(|(pattern, _)| actions::matching(pattern)).collect()
            }
            Listing::AllExcept => {
                actions::matching("*").filter(|(action, _)| self.names(action)).collect()
            }
        }
    }

    /// Whether the action is among those that the statement speaks of.
    pub(crate) fn names(&self, action: &str) -> bool {
        let mut patterns = self.actions.iter();
        let listed =
            patterns.any(|(pattern, _)| wildcard_matches(pattern, action, Case::Insensitive));
        listed == (self.statement.actions.listing == Listing::Only)
    }

    /// Whether some request within the need may be what the statement speaks of.
    pub(crate) fn may_cover(&self, need: &Need) -> bool {
        self.names(&need.action)
            && match self.statement.resources.listing {
                Listing::Only => self.resources.iter().any(|pattern| pattern.meets(need)),
                Listing::AllExcept => !self.resources.iter().any(|pattern| pattern.contains(need)),
            }
    }

    /// Whether every request within the need is what the statement speaks of.
    fn covers(&self, need: &Need) -> bool {
        self.names(&need.action)
            && match self.statement.resources.listing {
                Listing::Only => self.resources.iter().any(|pattern| pattern.contains(need)),
                Listing::AllExcept => !self.resources.iter().any(|pattern| pattern.meets(need)),
            }
    }
}

impl Pattern {
    /// Whether some ARN matches both this and what is needed.
    pub(crate) fn meets(&self, need: &Need) -> bool {
        // How such an ARN is spelled is not known, so it may be any that is written out.
        self.is_hidden() != is_hidden(&need.resource)
            || intersects(&self.comparable, &comparable(&need.resource), Case::Sensitive)
    }

    /// Whether every ARN that is needed matches this.
    fn contains(&self, need: &Need) -> bool {
        wildcard_matches(&self.comparable, &comparable(&need.resource), Case::Sensitive)
    }

    /// Whether what is needed is all that this matches.
    pub(crate) fn is_within(&self, needed: &PartialText) -> bool {
        let is_same = |part: &Part| match part {
            Part::Reference(reference) => needed.parts().iter().any(
                |part| matches!(part, Part::Reference(needed) if needed.entity == reference.entity),
            ),
            _ => false,
        };
        (is_hidden(needed) && self.spelled.parts().iter().any(is_same))
            || wildcard_matches(&shortened(needed), &shortened(&self.spelled), Case::Sensitive)
    }

    /// Whether it stands for more than one ARN, as it is written.
    pub(crate) fn is_wide(&self) -> bool {
        has_wildcard(&self.comparable)
    }

    fn is_hidden(&self) -> bool {
        is_hidden(&self.spelled)
    }
}

/// An ARN as it is compared, without what a wildcard at its end stands for anyway.
fn shortened(arn: &PartialText) -> String {
    let mut arn = comparable(arn);
    while arn.ends_with("/*/*") {
        arn.truncate(arn.len().saturating_sub(2));
    }
    arn
}

/// Whether an ARN is said by reference to something whose ARN the graph does not spell.
fn is_hidden(arn: &PartialText) -> bool {
    matches!(arn.parts().first(), Some(Part::Reference(_)))
}
