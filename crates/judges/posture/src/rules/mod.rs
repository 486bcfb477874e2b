//! One file a rule; each registered here once.

use app_graph::AppGraph;
use finding::{Rule, Sink};

use crate::Facts;

mod administrator_access;
mod any_origin_cors;
mod api_key_only_auth;
mod api_without_waf;
mod assumable_by_anyone;
mod broad_managed_policy;
mod bypassable_custom_domain;
mod cross_account_access;
mod default_memory;
mod default_timeout;
mod foreign_layer;
mod introspectable_graphql;
mod lost_async_events;
mod lost_stream_records;
mod maximum_timeout;
mod missing_hsts;
mod mutable_image_tag;
mod open_event_bus;
mod open_key_policy;
mod open_queue_policy;
mod open_topic_policy;
mod optional_mfa;
mod pass_role_to_anything;
mod plaintext_bucket_transport;
mod plaintext_cache_transport;
mod plaintext_database_transport;
mod plaintext_secret;
mod public_bucket;
mod public_database;
mod public_function_url;
mod public_invoke_permission;
mod publicly_writable_trigger;
mod retired_runtime;
mod retiring_runtime;
mod self_triggering_function;
mod shared_role;
mod static_access_key;
mod timeout_beyond_trigger;
mod unauthenticated_identities;
mod unauthenticated_route;
mod unencrypted_api_cache;
mod unencrypted_bucket;
mod unencrypted_cache;
mod unencrypted_database;
mod unencrypted_environment;
mod unencrypted_filesystem;
mod unencrypted_log_group;
mod unencrypted_queue;
mod unencrypted_stream;
mod unencrypted_table;
mod unencrypted_topic;
mod unlimited_concurrency;
mod unlogged_api;
mod unlogged_state_machine;
mod unlogged_trail;
mod unmonitored_concurrency;
mod unrecoverable_table;
mod unrestricted_egress;
mod unretained_logs;
mod unrotated_key;
mod unrotated_secret;
mod unscoped_invoke_permission;
mod unsigned_code;
mod unthrottled_api;
mod untraced_function;
mod untraced_state_machine;
mod untrusted_federation;
mod unvalidated_requests;
mod unversioned_bucket;
mod user_attached_policy;
mod visibility_shorter_than_timeout;
mod waf_blind_trigger;
mod weak_password_policy;
mod weak_tls;
mod wildcard_actions;
mod wildcard_policy_template;
mod wildcard_resources;

/// A rule and its judgement.
pub struct Check {
    /// What it is.
    pub rule: &'static Rule,
    /// Judges a graph.
    pub check: fn(&AppGraph, &Facts, &mut Sink),
}

/// Every rule, by family and then by id.
pub const RULES: &[Check] = &[
    // identity
    administrator_access::CHECK,
    assumable_by_anyone::CHECK,
    broad_managed_policy::CHECK,
    cross_account_access::CHECK,
    optional_mfa::CHECK,
    pass_role_to_anything::CHECK,
    public_invoke_permission::CHECK,
    shared_role::CHECK,
    static_access_key::CHECK,
    unauthenticated_identities::CHECK,
    unscoped_invoke_permission::CHECK,
    untrusted_federation::CHECK,
    user_attached_policy::CHECK,
    weak_password_policy::CHECK,
    wildcard_actions::CHECK,
    wildcard_policy_template::CHECK,
    wildcard_resources::CHECK,
    // function
    default_memory::CHECK,
    default_timeout::CHECK,
    foreign_layer::CHECK,
    lost_async_events::CHECK,
    lost_stream_records::CHECK,
    maximum_timeout::CHECK,
    mutable_image_tag::CHECK,
    plaintext_secret::CHECK,
    publicly_writable_trigger::CHECK,
    retired_runtime::CHECK,
    retiring_runtime::CHECK,
    self_triggering_function::CHECK,
    timeout_beyond_trigger::CHECK,
    unencrypted_environment::CHECK,
    unlimited_concurrency::CHECK,
    unmonitored_concurrency::CHECK,
    unrestricted_egress::CHECK,
    unretained_logs::CHECK,
    unsigned_code::CHECK,
    untraced_function::CHECK,
    visibility_shorter_than_timeout::CHECK,
    waf_blind_trigger::CHECK,
    // api
    any_origin_cors::CHECK,
    api_key_only_auth::CHECK,
    api_without_waf::CHECK,
    bypassable_custom_domain::CHECK,
    introspectable_graphql::CHECK,
    missing_hsts::CHECK,
    public_function_url::CHECK,
    unauthenticated_route::CHECK,
    unencrypted_api_cache::CHECK,
    unlogged_api::CHECK,
    unthrottled_api::CHECK,
    unvalidated_requests::CHECK,
    weak_tls::CHECK,
    // data
    open_event_bus::CHECK,
    open_key_policy::CHECK,
    open_queue_policy::CHECK,
    open_topic_policy::CHECK,
    plaintext_bucket_transport::CHECK,
    plaintext_cache_transport::CHECK,
    plaintext_database_transport::CHECK,
    public_bucket::CHECK,
    public_database::CHECK,
    unencrypted_bucket::CHECK,
    unencrypted_cache::CHECK,
    unencrypted_database::CHECK,
    unencrypted_filesystem::CHECK,
    unencrypted_log_group::CHECK,
    unencrypted_queue::CHECK,
    unencrypted_stream::CHECK,
    unencrypted_table::CHECK,
    unencrypted_topic::CHECK,
    unlogged_state_machine::CHECK,
    unlogged_trail::CHECK,
    unrecoverable_table::CHECK,
    unrotated_key::CHECK,
    unrotated_secret::CHECK,
    untraced_state_machine::CHECK,
    unversioned_bucket::CHECK,
];
