use iam::Policy;
use text::{PartialText, Setting};

use crate::Encryption;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
    /// Seconds a received message is hidden from other receivers.
    pub visibility_timeout: Setting<u32>,
    /// Queue for messages that failed.
    pub dead_letters: Setting<PartialText>,
    /// Receives before a message goes there.
    pub maximum_receives: Setting<u32>,
    /// Resource policies.
    pub policies: Vec<Policy>,
}

/// A topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
    /// Resource policies.
    pub policies: Vec<Policy>,
}

/// A data stream or delivery stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// Which of both.
    pub kind: StreamKind,
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
}

/// Which kind of stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StreamKind {
    /// Records kept and read by consumers.
    Data,
    /// Records delivered to a store.
    Delivery,
}

/// An event bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventBus {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Resource policies.
    pub policies: Vec<Policy>,
}

/// A state machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateMachine {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Whether executions are logged.
    pub logging: Setting<bool>,
    /// Whether executions are traced.
    pub tracing: Setting<bool>,
    /// Whether it is of the express kind, whose history is kept only in logs.
    pub express: Setting<bool>,
    /// Identity it runs as.
    pub role: Setting<PartialText>,
    /// Why its definition is not known, if so.
    pub definition_unknown: Option<text::Unknown>,
}
