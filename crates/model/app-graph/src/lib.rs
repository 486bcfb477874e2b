//! The application graph: functions, triggers, identities and resources, each with where it was said.
//!
//! Job: the one shape that all readers produce and all judges read.
//! Input: what readers lowered from templates or a live account. Output: entities, and the edges
//! trigger → function → identity → resource derived from them.
//! It must never know a template format, and nothing here is named after one cloud unless it
//! exists in one cloud only.

mod access;
mod api;
mod arns;
mod entity;
mod function;
mod graph;
mod identity;
mod links;
mod managed_policy;
mod messaging;
mod paths;
mod reach;
mod resource;
mod storage;
mod trigger;

pub use api::{
    Api, ApiProtocol, Cors, Distribution, Domain, EndpointKind, GraphqlApi, Integration, Listener,
    LoadBalancer, Origin, Route, RouteAuth, Unmapped, WebAcl,
};
pub use arns::Arns;
pub use entity::{Allowance, AllowanceTool, Cloud, Content, Entity, InsertionPoint, Owner, Syntax};
pub use function::{
    Architecture, Code, FailureDestination, Function, FunctionUrl, Layer, Network, Packaging,
    Tracing, UrlAuth, Variable,
};
pub use graph::{AppGraph, Framework, Index, NotRead};
pub use identity::{Attached, AttachedOrigin, Identity, IdentityKind};
pub use links::{Access, Edge, EdgeKind, Node};
pub use managed_policy::ManagedPolicy;
pub use messaging::{EventBus, Queue, StateMachine, Stream, StreamKind, Topic};
pub use paths::{Path, Paths};
pub use reach::Reach;
pub use resource::{
    AccessKey, Alarm, Encryption, IdentityPool, Key, Parameter, PasswordPolicy, Resource,
    ResourceKind, Secret, SecurityGroup, TrafficRule, Trail, UserPool,
};
pub use storage::{Bucket, Cache, Database, FileSystem, LogGroup, PublicAccessBlock, Table};
pub use trigger::{Answer, Delivery, StreamSettings, Trigger, TriggerKind};
