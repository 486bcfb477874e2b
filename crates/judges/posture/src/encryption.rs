//! Encryption at rest: one judgement for all kinds of stores.

use app_graph::{Encryption, Entity};
use finding::{Finding, Fix, Rule, Severity, Sink};
use text::{Setting, Settled};

use crate::edit::{self, Wording};

/// What holds where a template says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    /// The platform stores plaintext.
    Plaintext,
    /// The platform encrypts with a key of its own.
    ProviderKey,
}

/// What is said of a store in which data rests in plain text.
pub(crate) const NOT_ENCRYPTED: &str = "is not encrypted at rest";

/// A store to judge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Store<'a> {
    /// Its declaration.
    pub(crate) entity: &'a Entity,
    /// Its encryption.
    pub(crate) encryption: &'a Setting<Encryption>,
    /// What holds where nothing is said.
    pub(crate) default: Default,
    /// What is said of it when it is not encrypted: [`NOT_ENCRYPTED`], or what that means for it.
    pub(crate) fault: &'a str,
    /// How severe it is when it is not encrypted.
    pub(crate) severity: Severity,
    /// The property that switches it on, CloudFormation's name and a value in JSON syntax.
    pub(crate) property: Option<(&'a str, &'a str)>,
    /// The properties that switch it on, where they are more than a scalar or named otherwise.
    pub(crate) wording: Option<&'a Wording<'a>>,
    /// What to do, in one line.
    pub(crate) advice: &'a str,
}

impl<'a> Store<'a> {
    /// A store that the platform encrypts with a key of its own, and others of the application
    /// with a key of the customer's.
    pub(crate) fn beside_peers(entity: &'a Entity, encryption: &'a Setting<Encryption>) -> Self {
        Self {
            entity,
            encryption,
            default: Default::ProviderKey,
            fault: NOT_ENCRYPTED,
            severity: Severity::Low,
            property: None,
            wording: None,
            advice: "encrypt it with the same customer key",
        }
    }
}

/// Reports every case in which a store is not encrypted at rest.
pub(crate) fn judge(rule: &'static Rule, store: &Store<'_>, sink: &mut Sink) {
    let entity = store.entity;
    for case in store.encryption.cases() {
        let (span, edit) = match case.value {
            Settled::Unset if store.default == Default::ProviderKey => continue,
            Settled::Unset => {
                let edit = store
                    .property
                    .and_then(|(name, value)| edit::add_property(entity, name, value))
                    .or_else(|| edit::add(entity, store.wording?));
                (entity.said, edit)
            }
            Settled::Known(said) if said.value == Encryption::Off => {
                let scalar = store.property.filter(|(_, value)| *value == "true");
                let edit = scalar.and_then(|(_, value)| edit::replace(entity, &case, said, value));
                (said.span, edit)
            }
            Settled::Known(_) => continue,
            Settled::Unknown(unknown) => {
                sink.unknown(rule, entity, "encryption", unknown);
                continue;
            }
        };
        // A property that stands under a condition is not simply added or replaced.
        let edit = edit.filter(|_| case.conditions.is_empty());
        let message = format!("`{}` {}", entity.name, store.fault);
        sink.report(
            Finding::new(rule, span, message)
                .severity(store.severity)
                .resource(entity)
                .when(entity.condition.as_deref())
                .when(case.conditions)
                .fix(Fix::maybe(store.advice, edit)),
        );
    }
}

/// Reports stores that the platform encrypts with its own key while a store of the same kind has a
/// key of the customer.
pub(crate) fn judge_beside_peers(rule: &'static Rule, stores: &[Store<'_>], sink: &mut Sink) {
    let has_key = |store: &&Store<'_>| {
        store.encryption.any(|encryption| matches!(encryption, Encryption::CustomerKey(_)))
    };
    for store in stores {
        judge(rule, store, sink);
        let Some(peer) = stores.iter().find(has_key) else { continue };
        let span = match store.encryption {
            Setting::Unset => store.entity.said,
            Setting::Known(said) if said.value == Encryption::ProviderKey => said.span,
            _ => continue,
        };
        let (name, beside) = (&store.entity.name, &peer.entity.name);
        sink.report(
            Finding::new(
                rule,
                span,
                format!("`{name}` is encrypted with the provider's key only, `{beside}` with a key of yours"),
            )
            .severity(Severity::Info)
            .confidence(finding::Confidence::Medium)
            .resource(store.entity)
            .when(store.entity.condition.as_deref())
            .cause("provider key")
            .label(peer.entity.said, "has a customer key")
            .fix(Fix::advice(store.advice)),
        );
    }
}
