use iam::Policy;
use text::{PartialText, Setting};

use crate::Encryption;

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Block of public access; `Unset` is the platform's default, which is to block.
    pub public_access: PublicAccessBlock,
    /// Canned access control list: `PublicRead`, …
    pub acl: Setting<String>,
    /// Resource policies.
    pub policies: Vec<Policy>,
    /// Encryption at rest; `Unset` is the platform's default, which encrypts with its own key.
    pub encryption: Setting<Encryption>,
    /// Whether old versions are kept.
    pub versioning: Setting<bool>,
    /// Whether its lifecycle removes old versions; `Unset` where it has none.
    pub forgets_versions: Setting<bool>,
    /// Whether it is served as a web site.
    pub website: Setting<bool>,
    /// Whether accesses are logged.
    pub logging: Setting<bool>,
}

/// The four switches against public access.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicAccessBlock {
    /// Refuses new public lists.
    pub block_acls: Setting<bool>,
    /// Ignores public lists.
    pub ignore_acls: Setting<bool>,
    /// Refuses new public policies.
    pub block_policy: Setting<bool>,
    /// Restricts a bucket with a public policy to its account.
    pub restrict: Setting<bool>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Encryption at rest; `Unset` is the platform's default, which encrypts with its own key.
    pub encryption: Setting<Encryption>,
    /// Whether it can be restored to a point in time.
    pub recovery: Setting<bool>,
    /// Whether deletion is refused.
    pub deletion_protection: Setting<bool>,
    /// Attributes of its key.
    pub keys: Vec<String>,
    /// Whether a change stream is on.
    pub stream: Setting<bool>,
    /// Resource policies.
    pub policies: Vec<Policy>,
}

/// A log group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroup {
    /// Name when deployed.
    pub name: Setting<PartialText>,
    /// Days kept; unset is for ever.
    pub retention_days: Setting<u32>,
    /// Encryption at rest; `Unset` is the platform's default, which encrypts with its own key.
    pub encryption: Setting<Encryption>,
}

/// A network file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileSystem {
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
}

/// An in-memory cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache {
    /// Engine: `redis`, `valkey`, `memcached`.
    pub engine: Setting<String>,
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
    /// Whether connections are encrypted.
    pub in_transit: Setting<bool>,
}

/// A relational or document database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// Engine: `aurora-postgresql`, `docdb`, …
    pub engine: Setting<String>,
    /// The cluster it is a member of, where that is declared too: it is encrypted as that is.
    pub cluster: Option<text::EntityId>,
    /// Encryption at rest.
    pub encryption: Setting<Encryption>,
    /// Whether it has a public address.
    pub public: Setting<bool>,
    /// Whether connections must be encrypted.
    pub in_transit: Setting<bool>,
    /// Whether deletion is refused.
    pub deletion_protection: Setting<bool>,
    /// Security groups.
    pub security_groups: Vec<text::Said<PartialText>>,
    /// Password of its first user.
    pub password: Setting<PartialText>,
    /// Resource policies.
    pub policies: Vec<iam::Policy>,
}
