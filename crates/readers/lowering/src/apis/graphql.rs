use std::collections::HashMap;

use app_graph::{GraphqlApi, Integration, ResourceKind, Route, RouteAuth, Trigger, TriggerKind};
use text::{EntityId, Said, Setting};

use super::integrations::{Target, function};
use super::{Context, api_of, part_of, trigger};
use crate::entity;
use crate::settings::{or_else, presence, texts, word_is};
use documents::declaration::{Declaration, Declared};
use documents::value::Value;

/// Most fields that are named for one data source.
const MOST_FIELDS: usize = 3;

/// Source: `AWS::AppSync::GraphQLApi`, `AWS::AppSync::ApiCache`.
pub(super) fn api(
    declaration: &Declaration,
    context: &Context<'_>,
    triggers: &mut Vec<Trigger>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let cache = context.attachments.of("AWS::AppSync::ApiCache", &declaration.id).first();
    let cached = |property: &str| {
        let cache = cache?;
        let switch = cache.properties.bool_at(&[property]);
        Some(or_else(switch, &|| Setting::known(false, cache.said)))
    };
    for configuration in modes(properties) {
        for authorizer in texts(configuration, &["LambdaAuthorizerConfig", "AuthorizerUri"]) {
            let function = function(&authorizer.value, context);
            let entity = part_of(declaration, "authorizer", authorizer.span, configuration.span);
            let target = Target { function, other: None };
            let api = Some(&declaration.id);
            triggers.push(trigger(entity, TriggerKind::Authorizer, api, None, target));
        }
    }
    ResourceKind::GraphqlApi(Box::new(GraphqlApi {
        auth: auth(declaration, context),
        introspection: word_is(properties.string_at(&["IntrospectionConfig"]), &["ENABLED"]),
        logging: presence(properties, &["LogConfig"]),
        tracing: properties.bool_at(&["XrayEnabled"]),
        depth_limit: properties.u32_at(&["QueryDepthLimit"]),
        private: word_is(properties.string_at(&["Visibility"]), &["PRIVATE"]),
        web_acl: context.attachments.web_acl(declaration),
        cache_at_rest: cached("AtRestEncryptionEnabled"),
        cache_in_transit: cached("TransitEncryptionEnabled"),
    }))
}

/// The default authentication's configuration and the additional ones.
fn modes(properties: &Value) -> Vec<&Value> {
    let mut modes = vec![properties];
    let additional = properties.list_at(&["AdditionalAuthenticationProviders"]);
    modes.extend(additional.iter().map(|provider| provider.value));
    modes
}

fn auth(declaration: &Declaration, context: &Context<'_>) -> Vec<Setting<RouteAuth>> {
    let modes = modes(&declaration.properties).into_iter();
    modes
        .map(|mode| {
            mode.string_at(&["AuthenticationType"]).map(|kind| match kind.as_str() {
                "API_KEY" => RouteAuth::ApiKey,
                "AWS_IAM" => RouteAuth::Iam,
                "AMAZON_COGNITO_USER_POOLS" | "OPENID_CONNECT" => RouteAuth::Token,
                "AWS_LAMBDA" => {
                    let path = ["LambdaAuthorizerConfig", "AuthorizerUri"];
                    let authorizers = texts(mode, &path);
                    RouteAuth::Function(
                        authorizers.iter().find_map(|said| function(&said.value, context)),
                    )
                }
                _ => RouteAuth::Other(kind),
            })
        })
        .collect()
}

/// Fields that each data source answers, each with where its resolver is declared.
pub(super) struct Resolvers {
    fields: HashMap<EntityId, Vec<Said<String>>>,
}

impl Resolvers {
    /// Reads all resolvers once.
    ///
    /// Source: `AWS::AppSync::Resolver`.
    pub(super) fn new(declared: &Declared) -> Self {
        let mut fields: HashMap<EntityId, Vec<Said<String>>> = HashMap::new();
        for resolver in &declared.declarations {
            if resolver.kind != "AWS::AppSync::Resolver" {
                continue;
            }
            let properties = &resolver.properties;
            let source = properties.text_at(&["DataSourceName"]);
            let word = |key: &str| properties.get(key).and_then(Value::as_str).unwrap_or("?");
            let field = format!("{}.{}", word("TypeName"), word("FieldName"));
            for said in source.known_values() {
                if let Some(reference) = said.value.references().next() {
                    let field = Said::new(field.clone(), resolver.said);
                    fields.entry(reference.entity.clone()).or_default().push(field);
                }
            }
        }
        Self { fields }
    }
}

/// A data source that is a function; `None` for others.
///
/// Source: `AWS::AppSync::DataSource`.
pub(super) fn data_source(
    declaration: &Declaration,
    resolvers: &Resolvers,
    context: &Context<'_>,
) -> Option<Trigger> {
    let properties = &declaration.properties;
    let arn = properties.text_at(&["LambdaConfig", "LambdaFunctionArn"]);
    if arn.is_unset() {
        return None;
    }
    let function = arn.known_values().find_map(|said| function(&said.value, context));
    let api = api_of(declaration, "ApiId", context);
    let fields = resolvers.fields.get(&declaration.id).map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = fields.iter().map(|field| field.value.as_str()).collect();
    let path = match names.as_slice() {
        [] => declaration.name.clone(),
        names if names.len() <= MOST_FIELDS => names.join(", "),
        names => format!("{} and {} more", names.first()?, names.len() - 1),
    };
    let mut entity = entity(declaration);
    if let Some(first) = fields.first() {
        entity.said = first.span;
    }
    let auth = api.and_then(|api| auth(api, context).into_iter().next());
    let route = Route {
        method: String::new(),
        path,
        api: api.map(|api| api.id.clone()),
        auth: auth.unwrap_or_default(),
        api_key: Setting::Unset,
        validation: Setting::Unset,
        integration: Some(Integration::Function),
    };
    let target = Target { function, other: None };
    let api = api.map(|api| &api.id);
    Some(trigger(entity, TriggerKind::GraphqlApi, api, Some(route), target))
}
