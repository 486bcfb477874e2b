mod databases;
mod edge;
mod messaging;
mod monitoring;
mod network;
mod security;
mod storage;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use app_graph::{AppGraph, Encryption, Resource, ResourceKind};
use text::{EntityId, PartialText, Problem, Setting, Span};

use super::attachments::Attachments;
use super::directory::Directory;
use super::entity;
use documents::declaration::{Declaration, Declared};

/// What lowering one resource may look at.
struct Context<'a> {
    directory: Directory<'a>,
    attachments: Attachments<'a>,
}

/// Adds every declaration that is neither function, identity, trigger nor API.
pub(super) fn lower(declared: &Declared, graph: &mut AppGraph, problems: &mut Vec<Problem>) {
    let directory = Directory::new(declared);
    let attachments = Attachments::new(declared, &directory);
    let context = Context { directory, attachments };
    let mut taken: HashSet<EntityId> = graph.entities().map(|entity| entity.id.clone()).collect();
    for declaration in &declared.declarations {
        if lowered_elsewhere(&declaration.kind) || !taken.insert(declaration.id.clone()) {
            continue;
        }
        let kind = kind(declaration, &context, problems);
        graph.resources.push(Resource { entity: entity(declaration), kind });
        if declaration.kind == "AWS::CloudWatch::Alarm" {
            monitoring::further_metrics(declaration, graph);
        }
    }
}

/// Types that become functions, identities, triggers or APIs.
fn lowered_elsewhere(kind: &str) -> bool {
    matches!(
        kind,
        "AWS::Lambda::Function"
            | "AWS::Lambda::EventSourceMapping"
            | "AWS::IAM::Role"
            | "AWS::IAM::User"
            | "AWS::IAM::Group"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::IAM::Policy"
            | "AWS::ApiGateway::RestApi"
            | "AWS::ApiGateway::Method"
            | "AWS::ApiGateway::Authorizer"
            | "AWS::ApiGateway::DomainName"
            | "AWS::ApiGatewayV2::Api"
            | "AWS::ApiGatewayV2::Route"
            | "AWS::ApiGatewayV2::Authorizer"
            | "AWS::ApiGatewayV2::DomainName"
            | "AWS::AppSync::GraphQLApi"
            | "AWS::AppSync::DataSource"
            | "AWS::Events::Rule"
            | "AWS::Scheduler::Schedule"
            | "AWS::Pipes::Pipe"
            | "AWS::SNS::Subscription"
            | "AWS::Logs::SubscriptionFilter"
            | "AWS::IoT::TopicRule"
            | "AWS::SES::ReceiptRule"
            | "AWS::Config::ConfigRule"
            | "Serverless::Function"
            | "Serverless::Trigger"
    ) || kind.starts_with("google_")
        || kind.starts_with("azurerm_")
}

fn kind(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    match declaration.kind.as_str() {
        "AWS::S3::Bucket" => storage::bucket(declaration, context, problems),
        "AWS::DynamoDB::Table" => storage::table(declaration, problems),
        "AWS::DynamoDB::GlobalTable" => storage::global_table(declaration, problems),
        "AWS::Logs::LogGroup" => storage::log_group(declaration),
        "AWS::EFS::FileSystem" => storage::file_system(declaration),
        "AWS::SQS::Queue" => messaging::queue(declaration, context, problems),
        "AWS::SNS::Topic" => messaging::topic(declaration, context, problems),
        "AWS::Kinesis::Stream" => messaging::data_stream(declaration),
        "AWS::KinesisFirehose::DeliveryStream" => messaging::delivery_stream(declaration),
        "AWS::Events::EventBus" => messaging::event_bus(declaration, context, problems),
        "AWS::StepFunctions::StateMachine" => messaging::state_machine(declaration),
        "AWS::ElastiCache::ReplicationGroup" => databases::replication_group(declaration),
        "AWS::ElastiCache::CacheCluster" => databases::cache_cluster(declaration),
        "AWS::ElastiCache::ServerlessCache" => databases::serverless_cache(declaration),
        "AWS::MemoryDB::Cluster" => databases::memory_db(declaration),
        "AWS::DAX::Cluster" => databases::dax(declaration),
        "AWS::RDS::DBInstance" => databases::instance(declaration, context),
        "AWS::RDS::DBCluster" => databases::cluster(declaration, context),
        "AWS::DocDB::DBCluster" => databases::document_cluster(declaration, context),
        "AWS::Neptune::DBCluster" => databases::graph_cluster(declaration, context),
        "AWS::Redshift::Cluster" => databases::warehouse(declaration, context),
        "AWS::OpenSearchService::Domain" | "AWS::Elasticsearch::Domain" => {
            databases::search_domain(declaration, problems)
        }
        "AWS::KMS::Key" => security::key(declaration, context, problems),
        "AWS::KMS::ReplicaKey" => security::replica_key(declaration, problems),
        "AWS::SecretsManager::Secret" => security::secret(declaration, context, problems),
        "AWS::SSM::Parameter" => security::parameter(declaration),
        "AWS::Cognito::UserPool" => security::user_pool(declaration, context),
        "AWS::Cognito::IdentityPool" => security::identity_pool(declaration),
        "AWS::IAM::AccessKey" => security::access_key(declaration),
        "Casemate::IAM::AccountPasswordPolicy" => security::account_passwords(declaration),
        "AWS::EC2::SecurityGroup" => network::security_group(declaration, context),
        "AWS::ElasticLoadBalancingV2::LoadBalancer" => network::load_balancer(declaration, context),
        "AWS::ElasticLoadBalancing::LoadBalancer" => network::classic_load_balancer(declaration),
        "AWS::CloudFront::Distribution" => edge::distribution(declaration, context),
        "AWS::CloudWatch::Alarm" => monitoring::alarm(declaration),
        "AWS::CloudTrail::Trail" => monitoring::trail(declaration),
        // Policies of something that this application does not declare are judged all the same.
        "AWS::S3::BucketPolicy" => storage::foreign_bucket(declaration, context, problems),
        "AWS::SQS::QueuePolicy" | "AWS::SQS::QueueInlinePolicy" => {
            messaging::foreign_queue(declaration, context, problems)
        }
        "AWS::SNS::TopicPolicy" | "AWS::SNS::TopicInlinePolicy" => {
            messaging::foreign_topic(declaration, context, problems)
        }
        "AWS::Events::EventBusPolicy" => messaging::foreign_bus(declaration, context, problems),
        _ => ResourceKind::Other,
    }
}

/// What a policy names that this application does not declare; `None` if all of it is declared.
fn foreign(declaration: &Declaration, context: &Context<'_>) -> Option<Setting<PartialText>> {
    let name = context.attachments.orphan(&declaration.id)?;
    Some(Setting::known(name.clone(), declaration.said))
}

/// Why a setting of something declared elsewhere is unknown.
fn elsewhere<T>(declaration: &Declaration) -> Setting<T> {
    super::settings::unknown("it is declared outside this application", declaration.said)
}

/// Encryption with the key named: an alias of the provider's own is the provider's key.
fn encryption_with(key: PartialText) -> Encryption {
    match key.literal() {
        Some("") => Encryption::ProviderKey,
        Some(name) if name.contains("alias/aws/") => Encryption::ProviderKey,
        _ if key.has_literal(":alias/aws/") => Encryption::ProviderKey,
        _ => Encryption::CustomerKey(key),
    }
}

/// Encryption by a switch and a key: off where the switch is, else with the key if one is named.
fn switched_encryption(switch: Setting<bool>, key: &Setting<PartialText>) -> Setting<Encryption> {
    super::settings::and_then(switch, &|on| {
        if !on.value {
            return Setting::Known(on.map(|_| Encryption::Off));
        }
        let provider = || Setting::Known(on.clone().map(|_| Encryption::ProviderKey));
        super::settings::or_else(key.clone().map(encryption_with), &provider)
    })
}

/// A default that is not the same for all of a kind, said by nobody: placed at the declaration's own token.
fn by_default<T: Clone>(setting: Setting<T>, default: &T, at: Span) -> Setting<T> {
    super::settings::or_else(setting, &|| Setting::known(default.clone(), at))
}
