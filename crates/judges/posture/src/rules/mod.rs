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
mod default_timeout;
mod introspectable_graphql;
mod missing_hsts;
mod optional_mfa;
mod pass_role_to_anything;
mod public_function_url;
mod public_invoke_permission;
mod shared_role;
mod static_access_key;
mod unauthenticated_identities;
mod unauthenticated_route;
mod unencrypted_api_cache;
mod unlogged_api;
mod unscoped_invoke_permission;
mod unthrottled_api;
mod untrusted_federation;
mod unvalidated_requests;
mod user_attached_policy;
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
    default_timeout::CHECK,
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
];
