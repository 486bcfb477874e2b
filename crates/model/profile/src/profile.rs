use text::{EntityId, PartialText, Span};

use crate::{Activity, Behaviour, LogPlace};

/// What one function needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The function.
    pub function: EntityId,
    /// What its code does.
    pub behaviour: Behaviour,
    /// The permissions it needs, sorted by action and resource, each once.
    pub needs: Vec<Need>,
    /// What logs say it did; `None` where no logs were read.
    pub activity: Option<Activity>,
}

/// A permission that a function needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The action in AWS's own spelling.
    pub action: String,
    /// The ARN, in the spelling of [`app_graph::Arns`]; what is not known of it is a part of its
    /// own, with the reason.
    pub resource: PartialText,
    /// The services that a role is passed to, for `iam:PassRole`.
    pub passed_to: Vec<String>,
    /// Where it comes from; never empty.
    pub evidence: Vec<Evidence>,
}

/// Where a need comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A call in the code.
    Code {
        /// The call.
        span: Span,
        /// The operation called: `s3.GetObject`.
        operation: String,
        /// Calls that lead from the handler to it, outermost first.
        through: Vec<Span>,
        /// Whether the call surely needs it: not where that depends on an argument of which nothing
        /// is known, or where a library calls it when something else failed.
        is_certain: bool,
    },
    /// How the function or a resource is set up.
    Template {
        /// The setting.
        span: Span,
        /// Why it asks for the permission: "the queue is polled".
        why: &'static str,
    },
    /// Calls that logs tell of, and neither code nor templates.
    Observed {
        /// The function: logs are no part of the project.
        span: Span,
        /// The first record.
        place: LogPlace,
        /// How often it was permitted.
        count: u64,
        /// The last time, as the log writes it.
        last: String,
    },
}

impl Evidence {
    /// Whether what it tells of surely needs the permission.
    pub fn is_certain(&self) -> bool {
        !matches!(self, Evidence::Code { is_certain: false, .. })
    }

    /// The place.
    pub fn span(&self) -> Span {
        match self {
            Evidence::Code { span, .. }
            | Evidence::Template { span, .. }
            | Evidence::Observed { span, .. } => *span,
        }
    }
}

impl Need {
    /// Whether it surely arises where the code gets to what it rests on.
    pub fn is_certain(&self) -> bool {
        self.evidence.iter().any(Evidence::is_certain)
    }

    /// Whether the ARN names one resource, or one resource's part: everything in it is known but
    /// what stands behind a resource's own name.
    pub fn is_concrete(&self) -> bool {
        iam::api::names_resource(&self.action, &self.resource)
    }

    /// Whether a policy can narrow the permission to resources: not where it is for `*` alone.
    pub fn is_scopable(&self) -> bool {
        let action = iam::actions::lookup(&self.action);
        action.is_some_and(|action| action.is_scopable()) && self.resource.literal() != Some("*")
    }
}
