use std::collections::BTreeMap;

use text::EntityId;

use super::directory::Directory;
use documents::declaration::Declared;

/// Types whose ARN is that of another entity or lies within it, and the property that names it.
///
/// Source: AWS CloudFormation template reference, "Return values" of each type; Amazon API Gateway
/// developer guide, "Control access for invoking an API".
const STAND_INS: &[(&str, &str)] = &[
    ("AWS::ApiGateway::Stage", "RestApiId"),
    ("AWS::ApiGatewayV2::Stage", "ApiId"),
    ("AWS::Lambda::Alias", "FunctionName"),
    ("AWS::Lambda::Version", "FunctionName"),
    ("AWS::SecretsManager::SecretTargetAttachment", "SecretId"),
];

/// Finds the declarations that stand for another entity where a policy refers to them.
pub(super) fn find(declared: &Declared) -> BTreeMap<EntityId, EntityId> {
    let directory = Directory::new(declared);
    let found = declared.declarations.iter().filter_map(|declaration| {
        let (_, property) = STAND_INS.iter().find(|(kind, _)| *kind == declaration.kind)?;
        let named = declaration.properties.text_at(&[property]);
        let target = named.known_values().find_map(|said| {
            let function = directory.function(&said.value);
            function.or_else(|| directory.target(&said.value).map(|target| target.id.clone()))
        });
        Some((declaration.id.clone(), target?))
    });
    found.collect()
}
