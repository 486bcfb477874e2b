use std::collections::HashMap;

use app_graph::{Domain, ResourceKind};
use text::EntityId;

use crate::settings::{first_within, or_else, presence};
use documents::declaration::{Declaration, Declared};

/// Which APIs are mapped to which domain, by the domain's id or name.
pub(super) struct Mappings {
    apis: HashMap<String, Vec<EntityId>>,
}

impl Mappings {
    /// Reads all mappings once.
    ///
    /// Source: `AWS::ApiGateway::BasePathMapping`, `AWS::ApiGatewayV2::ApiMapping`.
    pub(super) fn new(declared: &Declared) -> Self {
        let mut apis: HashMap<String, Vec<EntityId>> = HashMap::new();
        for declaration in &declared.declarations {
            let property = match declaration.kind.as_str() {
                "AWS::ApiGateway::BasePathMapping" => "RestApiId",
                "AWS::ApiGatewayV2::ApiMapping" => "ApiId",
                _ => continue,
            };
            let properties = &declaration.properties;
            let api = properties.text_at(&[property]);
            let mapped =
                api.known_values().find_map(|said| said.value.references().next().cloned());
            let Some(mapped) = mapped else { continue };
            for said in properties.text_at(&["DomainName"]).known_values() {
                let key = match said.value.sole_reference() {
                    Some(reference) => reference.entity.to_string(),
                    None => said.value.to_string(),
                };
                let list = apis.entry(key).or_default();
                if !list.contains(&mapped.entity) {
                    list.push(mapped.entity.clone());
                }
            }
        }
        Self { apis }
    }
}

/// Source: `AWS::ApiGateway::DomainName`, `AWS::ApiGatewayV2::DomainName`.
pub(super) fn domain(declaration: &Declaration, mappings: &Mappings) -> ResourceKind {
    let properties = &declaration.properties;
    let name = properties.text_at(&["DomainName"]);
    let mut apis = mappings.apis.get(declaration.id.as_str()).cloned().unwrap_or_default();
    for said in name.known_values() {
        let named = mappings.apis.get(&said.value.to_string()).into_iter().flatten();
        for api in named {
            if !apis.contains(api) {
                apis.push(api.clone());
            }
        }
    }
    let tls_policy = or_else(properties.string_at(&["SecurityPolicy"]), &|| {
        first_within(properties, &["DomainNameConfigurations"], &|configuration| {
            configuration.string_at(&["SecurityPolicy"])
        })
    });
    let mutual_tls = presence(properties, &["MutualTlsAuthentication", "TruststoreUri"]);
    ResourceKind::Domain(Box::new(Domain { name, tls_policy, mutual_tls, apis }))
}
