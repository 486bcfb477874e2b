//! Calls of AWS's APIs, and the permissions each needs.
//!
//! A [`Call`] is what code or a log record says: a service, an operation, and the arguments as far
//! as they are known. What it needs is a list of [`Need`]s: actions on resources.

mod bind;
mod catalog;
mod format;
mod forms;
mod merge;
mod models;
mod names;
mod naming;
mod needs;
mod path;
mod resources;
mod rows;
mod tagging;
mod tokens;

pub use catalog::{Operation, Service};
pub use models::{Filled, Member, MemberKind, Model};
pub use names::{Sdk, client, event};
pub use naming::names_resource;
pub use needs::{UnknownCall, needs};
use text::PartialText;
pub use tokens::{SIGNED, is_signed_for};

/// The name under which a call has the address that its client was told to use, where it was.
pub const ENDPOINT: &str = "casemate:Endpoint";

/// One call of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    /// The service as botocore names it: `s3`, `dynamodb`, `stepfunctions`.
    pub service: String,
    /// The operation in the API's own spelling: `GetObject`.
    pub operation: String,
    /// The arguments by the API's own member names (`Bucket`, `TableName`); what is absent here was
    /// not passed, unless `rest_unknown` says otherwise.
    pub arguments: Vec<(String, Argument)>,
    /// Why more arguments than those listed may have been passed, if so: "`**options`".
    pub rest_unknown: Option<String>,
}

/// One argument of a call, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Argument {
    /// A text, as far as it is known.
    Text(PartialText),
    /// Several in order.
    List(Vec<Argument>),
    /// A structure or map; keys of a map may be known in part (table names of `BatchGetItem`).
    Map(Vec<(PartialText, Argument)>),
    /// A value that names no resource: a number, a truth value, bytes.
    Other,
    /// What could not be resolved, with the reason.
    Unknown(String),
    /// One of several, depending on the way the code takes.
    Either(Vec<Argument>),
}

/// A permission that a call needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Need {
    /// The action in AWS's own spelling: `s3:GetObject`.
    pub action: String,
    /// The resource: an ARN whose unknown parts are [`text::Part::Unknown`]; `*` where the action
    /// cannot be narrowed. Where an argument is a reference to an entity and nothing else, the ARN
    /// begins with that entity's attribute `Arn`: `${Table.Arn}/index/*`.
    pub resource: PartialText,
    /// Whether the call surely needs it: not where that depends on an argument of which nothing is
    /// known.
    pub is_certain: bool,
}
