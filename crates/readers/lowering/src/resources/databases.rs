use app_graph::{Cache, Database, Encryption, ResourceKind};
use text::{EntityId, PartialText, Problem, Setting};

use super::{Context, by_default, encryption_with, switched_encryption};
use crate::attachments::policy_at;
use crate::settings::{and_then, or_else, presence, texts, unknown, within, word_is};
use documents::declaration::Declaration;
use documents::value::Value;

/// Source: `AWS::ElastiCache::ReplicationGroup`; Valkey is encrypted at rest by default, Redis is
/// not.
pub(super) fn replication_group(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let engine = properties.string_at(&["Engine"]);
    let encrypts = engine.any(|engine| engine.eq_ignore_ascii_case("valkey"));
    let at_rest = properties.bool_at(&["AtRestEncryptionEnabled"]);
    let at_rest = if encrypts { by_default(at_rest, &true, declaration.said) } else { at_rest };
    ResourceKind::Cache(Box::new(Cache {
        engine: by_default(engine, &"redis".to_owned(), declaration.said),
        encryption: switched_encryption(at_rest, &properties.text_at(&["KmsKeyId"])),
        in_transit: properties.bool_at(&["TransitEncryptionEnabled"]),
    }))
}

/// Source: `AWS::ElastiCache::CacheCluster`, which cannot be encrypted at rest; a member of a
/// replication group is what the group is.
pub(super) fn cache_cluster(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    ResourceKind::Cache(Box::new(Cache {
        engine: properties.string_at(&["Engine"]),
        encryption: Setting::Unset,
        in_transit: properties.bool_at(&["TransitEncryptionEnabled"]),
    }))
}

/// Source: `AWS::ElastiCache::ServerlessCache`, always encrypted at rest and in transit.
pub(super) fn serverless_cache(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let encryption = properties.text_at(&["KmsKeyId"]).map(encryption_with);
    ResourceKind::Cache(Box::new(Cache {
        engine: properties.string_at(&["Engine"]),
        encryption: by_default(encryption, &Encryption::ProviderKey, declaration.said),
        in_transit: Setting::known(true, declaration.said),
    }))
}

/// Source: `AWS::MemoryDB::Cluster`, always encrypted at rest, and in transit unless switched off.
pub(super) fn memory_db(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let encryption = properties.text_at(&["KmsKeyId"]).map(encryption_with);
    let engine = properties.string_at(&["Engine"]);
    ResourceKind::Cache(Box::new(Cache {
        engine: by_default(engine, &"redis".to_owned(), declaration.said),
        encryption: by_default(encryption, &Encryption::ProviderKey, declaration.said),
        in_transit: by_default(properties.bool_at(&["TLSEnabled"]), &true, declaration.said),
    }))
}

/// Source: `AWS::DAX::Cluster`, encrypted only where it is said.
pub(super) fn dax(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let at_rest = properties.bool_at(&["SSESpecification", "SSEEnabled"]);
    let in_transit = word_is(properties.string_at(&["ClusterEndpointEncryptionType"]), &["TLS"]);
    ResourceKind::Cache(Box::new(Cache {
        engine: Setting::known("dax".to_owned(), declaration.said),
        encryption: switched_encryption(at_rest, &Setting::Unset),
        in_transit,
    }))
}

/// Source: `AWS::RDS::DBInstance`. One of a cluster, a snapshot or another instance is encrypted
/// as that is.
pub(super) fn instance(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let cluster = properties.text_at(&["DBClusterIdentifier"]);
    let group = &["DBParameterGroupName"];
    let own_transit = parameter(properties, group, TRANSIT, context);
    let of_cluster = cluster_of(&cluster, context);
    let declared_cluster = of_cluster.as_ref().map(|(id, _)| id.clone());
    let (encryption, in_transit) = match of_cluster {
        Some((_, of_cluster)) => {
            (of_cluster.encryption, or_else(own_transit, &|| of_cluster.in_transit.clone()))
        }
        None if !cluster.is_unset() => {
            let why = "its cluster, declared elsewhere, decides";
            (unknown(why, declaration.said), own_transit)
        }
        None => (storage_encryption(declaration), own_transit),
    };
    ResourceKind::Database(Box::new(Database {
        engine: properties.string_at(&["Engine"]),
        cluster: declared_cluster,
        encryption,
        public: properties.bool_at(&["PubliclyAccessible"]),
        in_transit,
        deletion_protection: properties.bool_at(&["DeletionProtection"]),
        security_groups: texts(properties, &["VPCSecurityGroups"]),
        password: properties.text_at(&["MasterUserPassword"]),
        policies: Vec::new(),
    }))
}

fn cluster_of(
    identifier: &Setting<PartialText>,
    context: &Context<'_>,
) -> Option<(EntityId, Database)> {
    let said = identifier.known_values().next()?;
    let reference = said.value.references().next()?;
    let cluster = context.directory.get(&reference.entity)?;
    match (cluster.kind == "AWS::RDS::DBCluster").then(|| self::cluster(cluster, context))? {
        ResourceKind::Database(database) => Some((cluster.id.clone(), *database)),
        _ => None,
    }
}

/// Storage encryption of a database that is off unless said, or taken from what it is restored
/// from.
fn storage_encryption(declaration: &Declaration) -> Setting<Encryption> {
    let properties = &declaration.properties;
    let key = properties.text_at(&["KmsKeyId"]);
    let said = switched_encryption(properties.bool_at(&["StorageEncrypted"]), &key);
    let origins = [
        "SourceDBInstanceIdentifier",
        "SourceDBClusterIdentifier",
        "DBSnapshotIdentifier",
        "DBClusterSnapshotIdentifier",
        "SnapshotIdentifier",
        "ReplicationSourceIdentifier",
        "GlobalClusterIdentifier",
    ];
    let origin = origins.iter().find(|origin| !presence(properties, &[origin]).is_unset());
    match origin {
        Some(origin) => or_else(said, &|| unknown(format!("`{origin}` decides"), declaration.said)),
        None => said,
    }
}

/// Source: `AWS::RDS::DBCluster`.
pub(super) fn cluster(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    ResourceKind::Database(Box::new(Database {
        engine: properties.string_at(&["Engine"]),
        cluster: None,
        encryption: or_else(storage_encryption(declaration), &|| default_encryption(declaration)),
        public: properties.bool_at(&["PubliclyAccessible"]),
        in_transit: parameter(properties, &["DBClusterParameterGroupName"], TRANSIT, context),
        deletion_protection: properties.bool_at(&["DeletionProtection"]),
        security_groups: texts(properties, &["VpcSecurityGroupIds"]),
        password: properties.text_at(&["MasterUserPassword"]),
        policies: Vec::new(),
    }))
}

/// Encryption of a cluster of which nothing is said: Aurora encrypts with a key of its own.
///
/// Source: Amazon Aurora user guide, "Encrypting Amazon Aurora resources", for clusters made since
/// February 2026. Terraform's resource without an engine is one of Aurora.
fn default_encryption(declaration: &Declaration) -> Setting<Encryption> {
    let engine = declaration.properties.string_at(&["Engine"]);
    if engine.is_unset() && declaration.type_name == "aws_rds_cluster" {
        return Setting::known(Encryption::ProviderKey, declaration.said);
    }
    and_then(engine, &|engine| match engine.value.starts_with("aurora") {
        true => Setting::known(Encryption::ProviderKey, declaration.said),
        false => Setting::Unset,
    })
}

/// Source: `AWS::DocDB::DBCluster`; connections are encrypted unless a parameter says otherwise.
pub(super) fn document_cluster(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let in_transit = parameter(properties, &["DBClusterParameterGroupName"], &["tls"], context);
    ResourceKind::Database(Box::new(Database {
        engine: Setting::known("docdb".to_owned(), declaration.said),
        cluster: None,
        encryption: storage_encryption(declaration),
        public: Setting::known(false, declaration.said),
        in_transit: by_default(in_transit, &true, declaration.said),
        deletion_protection: properties.bool_at(&["DeletionProtection"]),
        security_groups: texts(properties, &["VpcSecurityGroupIds"]),
        password: properties.text_at(&["MasterUserPassword"]),
        policies: Vec::new(),
    }))
}

/// Source: `AWS::Neptune::DBCluster`; connections are encrypted unless a parameter says otherwise.
pub(super) fn graph_cluster(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let parameters = &["neptune_enforce_ssl"];
    let in_transit = parameter(properties, &["DBClusterParameterGroupName"], parameters, context);
    ResourceKind::Database(Box::new(Database {
        engine: Setting::known("neptune".to_owned(), declaration.said),
        cluster: None,
        encryption: storage_encryption(declaration),
        public: properties.bool_at(&["DBClusterPubliclyAccessible"]),
        in_transit: by_default(in_transit, &true, declaration.said),
        deletion_protection: properties.bool_at(&["DeletionProtection"]),
        security_groups: texts(properties, &["VpcSecurityGroupIds"]),
        password: properties.text_at(&["MasterUserPassword"]),
        policies: Vec::new(),
    }))
}

/// Source: `AWS::Redshift::Cluster`; encrypted and private unless said otherwise since 2025.
pub(super) fn warehouse(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let at_rest = by_default(properties.bool_at(&["Encrypted"]), &true, declaration.said);
    let public = properties.bool_at(&["PubliclyAccessible"]);
    let group = &["ClusterParameterGroupName"];
    let in_transit = parameter(properties, group, &["require_ssl"], context);
    ResourceKind::Database(Box::new(Database {
        engine: Setting::known("redshift".to_owned(), declaration.said),
        cluster: None,
        encryption: switched_encryption(at_rest, &properties.text_at(&["KmsKeyId"])),
        public: by_default(public, &false, declaration.said),
        in_transit,
        deletion_protection: Setting::Unset,
        security_groups: texts(properties, &["VpcSecurityGroupIds"]),
        password: properties.text_at(&["MasterUserPassword"]),
        policies: Vec::new(),
    }))
}

/// Source: `AWS::OpenSearchService::Domain`; public unless it lies in a private network.
pub(super) fn search_domain(
    declaration: &Declaration,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let at_rest = properties.bool_at(&["EncryptionAtRestOptions", "Enabled"]);
    let key = properties.text_at(&["EncryptionAtRestOptions", "KmsKeyId"]);
    let in_transit = properties.bool_at(&["DomainEndpointOptions", "EnforceHTTPS"]);
    let public = presence(properties, &["VPCOptions"]).map(|private| !private);
    ResourceKind::Database(Box::new(Database {
        engine: Setting::known("opensearch".to_owned(), declaration.said),
        cluster: None,
        encryption: switched_encryption(at_rest, &key),
        public: by_default(public, &true, declaration.said),
        in_transit,
        deletion_protection: Setting::Unset,
        security_groups: texts(properties, &["VPCOptions", "SecurityGroupIds"]),
        password: properties.text_at(&[
            "AdvancedSecurityOptions",
            "MasterUserOptions",
            "MasterUserPassword",
        ]),
        policies: policy_at(properties, "AccessPolicies", problems).into_iter().collect(),
    }))
}

/// Parameters that make a relational database refuse plain connections.
///
/// Source: Amazon RDS user guide, "Requiring an SSL/TLS connection" of each engine.
const TRANSIT: &[&str] = &["rds.force_ssl", "require_secure_transport"];

/// A switch of the parameter group that `property` names: a map of names and values, or a list of
/// both.
fn parameter(
    properties: &Value,
    property: &[&str],
    names: &'static [&'static str],
    context: &Context<'_>,
) -> Setting<bool> {
    and_then(properties.text_at(property), &|said| {
        let reference = said.value.references().next();
        let group = reference.and_then(|reference| context.directory.get(&reference.entity));
        let Some(group) = group else {
            // The engine's own groups leave its defaults as they are.
            return match said.value.literal() {
                Some(name) if name.starts_with("default.") => Setting::Unset,
                _ => unknown("its parameter group is declared elsewhere", said.span),
            };
        };
        within(&group.properties, &["Parameters"], &|parameters| {
            let by_name = names.iter().map(|name| parameters.string_at(&[name]));
            let listed = parameters.items().iter().filter(|item| {
                let name = item.get("ParameterName").and_then(Value::as_str);
                name.is_some_and(|name| names.contains(&name))
            });
            let listed = listed.map(|item| item.string_at(&["ParameterValue"]));
            let found = by_name.chain(listed).find(|setting| !setting.is_unset());
            word_is(found.unwrap_or_default(), &["1", "on", "true", "enabled"])
        })
    })
}
