use iam::Policy;
use text::{PartialText, Said, Setting, Span};

use crate::{
    Api, Bucket, Cache, Database, Distribution, Domain, Entity, EventBus, FileSystem, GraphqlApi,
    LoadBalancer, LogGroup, Queue, StateMachine, Stream, Table, Topic,
};

/// Anything that is neither function nor trigger nor identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Name, place, condition.
    pub entity: Entity,
    /// What it is.
    pub kind: ResourceKind,
}

/// What a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceKind {
    /// A bucket.
    Bucket(Box<Bucket>),
    /// A table.
    Table(Box<Table>),
    /// A queue.
    Queue(Box<Queue>),
    /// A topic.
    Topic(Box<Topic>),
    /// A data stream or delivery stream.
    Stream(Box<Stream>),
    /// An event bus.
    EventBus(Box<EventBus>),
    /// A state machine.
    StateMachine(Box<StateMachine>),
    /// A log group.
    LogGroup(Box<LogGroup>),
    /// A network file system.
    FileSystem(Box<FileSystem>),
    /// A cache.
    Cache(Box<Cache>),
    /// A database.
    Database(Box<Database>),
    /// An encryption key.
    Key(Box<Key>),
    /// A secret.
    Secret(Box<Secret>),
    /// A parameter in a parameter store.
    Parameter(Box<Parameter>),
    /// An API.
    Api(Box<Api>),
    /// A GraphQL API.
    GraphqlApi(Box<GraphqlApi>),
    /// A custom domain of APIs.
    Domain(Box<Domain>),
    /// A distribution.
    Distribution(Box<Distribution>),
    /// A load balancer.
    LoadBalancer(Box<LoadBalancer>),
    /// A user pool.
    UserPool(Box<UserPool>),
    /// An identity pool.
    IdentityPool(Box<IdentityPool>),
    /// The account's password policy.
    PasswordPolicy(Box<PasswordPolicy>),
    /// An access key of a user.
    AccessKey(Box<AccessKey>),
    /// A security group.
    SecurityGroup(Box<SecurityGroup>),
    /// An alarm.
    Alarm(Box<Alarm>),
    /// An audit trail.
    Trail(Box<Trail>),
    /// A declared resource that no rule judges yet.
    Other,
}

/// Encryption at rest.
///
/// Where nothing was said a setting of it is `Unset`; only where one kind of resource has several
/// defaults, readers give `ProviderKey` at the declaration's own token for those that encrypt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encryption {
    /// Switched off.
    Off,
    /// With a key the provider owns or manages.
    ProviderKey,
    /// With a key of the customer.
    CustomerKey(PartialText),
}

/// An encryption key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Whether it is rotated by itself.
    pub rotation: Setting<bool>,
    /// Whether it can be: symmetric, not imported.
    pub rotatable: Setting<bool>,
    /// Key policies.
    pub policies: Vec<Policy>,
}

/// A secret in a secret store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Whether it is rotated by itself.
    pub rotation: Setting<bool>,
    /// Customer key.
    pub key: Setting<PartialText>,
    /// Resource policies.
    pub policies: Vec<Policy>,
    /// A value written in the template.
    pub written_value: Setting<PartialText>,
    /// The field of a JSON object that the service fills with a value of its own making.
    pub generated_field: Setting<String>,
}

/// A parameter in a parameter store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// The value written in the template.
    pub value: Setting<PartialText>,
    /// Whether the store keeps it encrypted.
    pub secure: Setting<bool>,
}

/// A pool of the application's users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPool {
    /// What passwords must be.
    pub passwords: PasswordPolicy,
    /// Second factor: `OFF`, `OPTIONAL`, `ON`.
    pub mfa: Setting<String>,
    /// Whether programs alone sign in: it has clients, and each has a secret of its own in place of
    /// users (`client_credentials`).
    pub only_programs: bool,
    /// Whether only administrators make users.
    pub admin_creates_users: Setting<bool>,
    /// Web application firewall in front.
    pub web_acl: Setting<crate::WebAcl>,
}

/// What passwords must be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PasswordPolicy {
    /// Where it is written; `None` where nothing was said.
    pub span: Option<Span>,
    /// Characters.
    pub minimum_length: Setting<u32>,
    /// Upper case asked for.
    pub uppercase: Setting<bool>,
    /// Lower case asked for.
    pub lowercase: Setting<bool>,
    /// Digits asked for.
    pub numbers: Setting<bool>,
    /// Symbols asked for.
    pub symbols: Setting<bool>,
}

/// A pool that exchanges tokens for cloud credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityPool {
    /// Whether guests get credentials.
    pub unauthenticated: Setting<bool>,
}

/// A long-lived key of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The user.
    pub user: Setting<PartialText>,
}

/// A security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityGroup {
    /// Outgoing rules; `None` where nothing was said, which the platform takes as all.
    pub egress: Option<Vec<TrafficRule>>,
    /// Incoming rules.
    pub ingress: Vec<TrafficRule>,
    /// Whether its network is declared here and nothing that is declared leads out of it.
    pub cut_off: bool,
}

/// One rule of a security group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficRule {
    /// Where it is written.
    pub span: Span,
    /// `-1` is all.
    pub protocol: Setting<String>,
    /// First port.
    pub from_port: Setting<i64>,
    /// Last port.
    pub to_port: Setting<i64>,
    /// Address ranges, prefix lists or groups.
    pub peers: Vec<Said<PartialText>>,
}

/// An alarm on a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Namespace of the metric.
    pub namespace: Setting<PartialText>,
    /// Metric's name.
    pub metric: Setting<PartialText>,
    /// Dimensions: name and value.
    pub dimensions: Vec<(String, Setting<PartialText>)>,
}

/// An audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    /// Whether it records.
    pub logging: Setting<bool>,
    /// Whether it records what is done to resources, beside access to their data.
    pub management_events: bool,
    /// Whether it covers all regions.
    pub all_regions: Setting<bool>,
    /// Whether it covers services that have no region.
    pub global_services: Setting<bool>,
    /// Whether its files are signed.
    pub validation: Setting<bool>,
    /// Customer key.
    pub key: Setting<PartialText>,
    /// Log group it also writes to.
    pub log_group: Setting<PartialText>,
}

impl ResourceKind {
    /// A word or two for people.
    pub fn as_str(&self) -> &'static str {
        match self {
            ResourceKind::Bucket(_) => "bucket",
            ResourceKind::Table(_) => "table",
            ResourceKind::Queue(_) => "queue",
            ResourceKind::Topic(_) => "topic",
            ResourceKind::Stream(stream) => match stream.kind {
                crate::StreamKind::Data => "stream",
                crate::StreamKind::Delivery => "delivery stream",
            },
            ResourceKind::EventBus(_) => "event bus",
            ResourceKind::StateMachine(_) => "state machine",
            ResourceKind::LogGroup(_) => "log group",
            ResourceKind::FileSystem(_) => "file system",
            ResourceKind::Cache(_) => "cache",
            ResourceKind::Database(_) => "database",
            ResourceKind::Key(_) => "key",
            ResourceKind::Secret(_) => "secret",
            ResourceKind::Parameter(_) => "parameter",
            ResourceKind::Api(_) => "API",
            ResourceKind::GraphqlApi(_) => "GraphQL API",
            ResourceKind::Domain(_) => "domain",
            ResourceKind::Distribution(_) => "distribution",
            ResourceKind::LoadBalancer(_) => "load balancer",
            ResourceKind::UserPool(_) => "user pool",
            ResourceKind::IdentityPool(_) => "identity pool",
            ResourceKind::PasswordPolicy(_) => "password policy",
            ResourceKind::AccessKey(_) => "access key",
            ResourceKind::SecurityGroup(_) => "security group",
            ResourceKind::Alarm(_) => "alarm",
            ResourceKind::Trail(_) => "trail",
            ResourceKind::Other => "resource",
        }
    }
}
