//! The `Globals` section, merged into the resources of each type.

use text::Problem;

use documents::declaration::{Declaration, IGNORE_GLOBALS};
use documents::value::{Kind, Value};

/// Properties that `Globals` takes for each type.
///
/// Source: AWS SAM developer guide, "Globals section of the AWS SAM template", and the translator's
/// own list (version 1.115).
const SUPPORTED: &[(&str, &str)] = &[
    (
        "Function",
        "Handler Runtime CodeUri DeadLetterQueue Description MemorySize Timeout VpcConfig \
         Environment Tags PropagateTags Tracing KmsKeyArn AutoPublishAlias \
         AutoPublishAliasAllProperties Layers DeploymentPreference RolePath PermissionsBoundary \
         ReservedConcurrentExecutions ProvisionedConcurrencyConfig AssumeRolePolicyDocument \
         EventInvokeConfig FileSystemConfigs CodeSigningConfigArn Architectures SnapStart \
         EphemeralStorage FunctionUrlConfig RuntimeManagementConfig LoggingConfig RecursiveLoop \
         SourceKMSKeyArn TenancyConfig DurableConfig CapacityProviderConfig \
         FunctionScalingConfig PublishToLatestPublished VersionDeletionPolicy",
    ),
    (
        "Api",
        "Auth Name DefinitionUri CacheClusterEnabled CacheClusterSize MergeDefinitions Variables \
         EndpointConfiguration MethodSettings BinaryMediaTypes MinimumCompressionSize Cors \
         GatewayResponses AccessLogSetting CanarySetting TracingEnabled OpenApiVersion Domain \
         AlwaysDeploy PropagateTags SecurityPolicy EndpointAccessMode",
    ),
    (
        "HttpApi",
        "Auth AccessLogSettings StageVariables Tags CorsConfiguration DefaultRouteSettings Domain \
         RouteSettings FailOnWarnings PropagateTags",
    ),
    ("SimpleTable", "SSESpecification"),
    ("StateMachine", "PropagateTags"),
    ("LayerVersion", "PublishLambdaVersion"),
    (
        "CapacityProvider",
        "VpcConfig OperatorRole Tags InstanceRequirements ScalingConfig KmsKeyArn PropagateTags \
         LoggingConfig ManagedResourceTags",
    ),
    (
        "MicroVMImage",
        "BuildRoleArn BaseImageArn BaseImageVersion Logging EgressNetworkConnectors \
         CpuConfigurations Resources AdditionalOsCapabilities Hooks EnvironmentVariables Tags \
         PropagateTags",
    ),
    ("NetworkConnector", "OperatorRole Tags PropagateTags"),
    (
        "WebSocketApi",
        "AccessLogSettings ApiKeySelectionExpression DefaultRouteSettings \
         DisableExecuteApiEndpoint DisableSchemaValidation Domain FailOnWarnings IpAddressType \
         PropagateTags RouteSelectionExpression RouteSettings StageVariables Tags",
    ),
];

/// Lists of which the resource's replaces the global one.
const REPLACED_LISTS: &[&str] = &["Architectures", "InstanceRequirements.Architectures"];

/// Says what the section holds that the transform refuses.
pub(super) fn check(globals: &Value, problems: &mut Vec<Problem>) {
    for section in globals.members() {
        let Some((_, supported)) = SUPPORTED.iter().find(|(name, _)| *name == &*section.key) else {
            let message = format!("`Globals` takes no section `{}`", section.key);
            problems.push(Problem::incomplete(message, section.key_span.into()));
            continue;
        };
        for property in section.value.members() {
            if !supported.split_ascii_whitespace().any(|name| name == &*property.key) {
                let message =
                    format!("`Globals` takes no `{}` for `{}`", property.key, section.key);
                // It is merged all the same: what the author meant is clear.
                problems.push(Problem::advice(message, property.key_span.into()));
            }
        }
    }
}

/// Merges the section of the declaration's type into its properties.
pub(super) fn merge_into(declaration: &mut Declaration, globals: &Value) {
    let Some(section) = declaration.kind.strip_prefix("AWS::Serverless::") else { return };
    let Some(section) = globals.get(section) else { return };
    let ignored = declaration.properties.get(IGNORE_GLOBALS);
    if ignored.and_then(Value::as_str) == Some("*") {
        return;
    }
    let ignored: Vec<&str> =
        ignored.map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let mut section = section.clone();
    if let Kind::Map(members) = &mut section.kind {
        members.retain(|member| !ignored.contains(&&*member.key));
    }
    declaration.properties = if declaration.properties.is_null() {
        Value { span: declaration.properties.span, ..section }
    } else {
        merge(&section, &declaration.properties, "")
    };
}

/// Merges as the transform does: mappings member by member, lists one behind the other with the
/// global items first, and of anything else the resource's own value.
fn merge(global: &Value, own: &Value, path: &str) -> Value {
    match (&global.kind, &own.kind) {
        (Kind::Map(global), Kind::Map(members)) => {
            let mut merged = global.clone();
            for member in members {
                let path = if path.is_empty() {
                    member.key.to_string()
                } else {
                    format!("{path}.{}", member.key)
                };
                match merged.iter_mut().find(|other| other.key == member.key) {
                    Some(other) => {
                        other.value = merge(&other.value, &member.value, &path);
                        other.key_span = member.key_span;
                    }
                    None => merged.push(member.clone()),
                }
            }
            Value { kind: Kind::Map(merged), ..own.clone() }
        }
        (Kind::List(global), Kind::List(items)) if !REPLACED_LISTS.contains(&path) => {
            let items = global.iter().chain(items).cloned().collect();
            Value { kind: Kind::List(items), ..own.clone() }
        }
        _ => own.clone(),
    }
}
