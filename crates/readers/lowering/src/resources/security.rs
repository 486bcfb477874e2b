use app_graph::{
    AccessKey, IdentityPool, Key, Parameter, PasswordPolicy, ResourceKind, Secret, UserPool,
};
use text::{Problem, Setting};

use super::Context;
use crate::attachments::{own_condition, policy_at};
use crate::settings::{and_then, or_else, under};
use documents::declaration::Declaration;
use documents::value::Value;

/// Source: `AWS::KMS::Key`. Only symmetric keys that the service made for encryption rotate by
/// themselves (AWS KMS developer guide, "Rotate AWS KMS keys").
pub(super) fn key(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let mut policies: Vec<_> = policy_at(properties, "KeyPolicy", problems).into_iter().collect();
    policies.extend(context.attachments.policies("AWS::KMS::KeyPolicy", declaration, problems));
    ResourceKind::Key(Box::new(Key {
        rotation: properties.bool_at(&["EnableKeyRotation"]),
        rotatable: rotatable(declaration),
        policies,
    }))
}

fn rotatable(declaration: &Declaration) -> Setting<bool> {
    let properties = &declaration.properties;
    let wanted =
        [("KeySpec", "SYMMETRIC_DEFAULT"), ("KeyUsage", "ENCRYPT_DECRYPT"), ("Origin", "AWS_KMS")];
    let yes = || Setting::known(true, declaration.said);
    wanted.iter().fold(yes(), |so_far, (property, word)| {
        and_then(so_far, &|before| {
            if !before.value {
                return Setting::Known(before);
            }
            let holds = properties.string_at(&[property]).map(|said| said == *word);
            or_else(holds, &|| Setting::Known(before.clone()))
        })
    })
}

/// Source: `AWS::KMS::ReplicaKey`, which rotates with its primary key.
pub(super) fn replica_key(declaration: &Declaration, problems: &mut Vec<Problem>) -> ResourceKind {
    ResourceKind::Key(Box::new(Key {
        rotation: Setting::Unset,
        rotatable: Setting::known(false, declaration.said),
        policies: policy_at(&declaration.properties, "KeyPolicy", problems).into_iter().collect(),
    }))
}

/// Source: `AWS::SecretsManager::Secret`, `AWS::SecretsManager::RotationSchedule`.
pub(super) fn secret(
    declaration: &Declaration,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> ResourceKind {
    let properties = &declaration.properties;
    let schedules =
        context.attachments.of("AWS::SecretsManager::RotationSchedule", &declaration.id);
    let rotation = schedules.first().map_or(Setting::Unset, |schedule| {
        under(own_condition(schedule, declaration), Setting::known(true, schedule.said))
    });
    let kind = "AWS::SecretsManager::ResourcePolicy";
    ResourceKind::Secret(Box::new(Secret {
        name: properties.text_at(&["Name"]),
        rotation,
        key: properties.text_at(&["KmsKeyId"]),
        policies: context.attachments.policies(kind, declaration, problems),
        written_value: properties.text_at(&["SecretString"]),
        generated_field: properties.string_at(&["GenerateSecretString", "GenerateStringKey"]),
    }))
}

/// Source: `AWS::SSM::Parameter`, and the same of Terraform, which has secure ones too.
pub(super) fn parameter(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    ResourceKind::Parameter(Box::new(Parameter {
        name: properties.text_at(&["Name"]),
        value: properties.text_at(&["Value"]),
        secure: properties.string_at(&["Type"]).map(|kind| kind == "SecureString"),
    }))
}

/// Source: `AWS::Cognito::UserPool`.
pub(super) fn user_pool(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let nothing = Value::new(documents::value::Kind::Null, declaration.said);
    let policies = properties.get("Policies").and_then(|policies| policies.get("PasswordPolicy"));
    let passwords = policies.filter(|policy| !policy.is_null());
    let mut policy = passwords_of(passwords.unwrap_or(&nothing), "MinimumLength", "Require");
    policy.span = passwords.map(|policy| policy.span);
    let clients = context.attachments.of("AWS::Cognito::UserPoolClient", &declaration.id);
    ResourceKind::UserPool(Box::new(UserPool {
        passwords: policy,
        mfa: properties.string_at(&["MfaConfiguration"]),
        only_programs: !clients.is_empty() && clients.iter().all(|client| is_program(client)),
        admin_creates_users: properties
            .bool_at(&["AdminCreateUserConfig", "AllowAdminCreateUserOnly"]),
        web_acl: context.attachments.web_acl(declaration),
    }))
}

/// Whether a client gets its tokens by a secret of its own and by nothing else.
fn is_program(client: &Declaration) -> bool {
    let flows = client.properties.list_at(&["AllowedOAuthFlows"]);
    let mut flows = flows.iter().map(|flow| flow.value.as_str());
    flows.len() == 1 && flows.all(|flow| flow == Some("client_credentials"))
}

fn passwords_of(policy: &Value, length: &str, asked: &str) -> PasswordPolicy {
    let suffix = if length == "MinimumPasswordLength" { "Characters" } else { "" };
    let asks = |what: &str, suffix: &str| policy.bool_at(&[&format!("{asked}{what}{suffix}")]);
    PasswordPolicy {
        span: Some(policy.span),
        minimum_length: policy.u32_at(&[length]),
        uppercase: asks("Uppercase", suffix),
        lowercase: asks("Lowercase", suffix),
        numbers: asks("Numbers", ""),
        symbols: asks("Symbols", ""),
    }
}

/// The account's password policy, which only Terraform declares; names of the IAM service's API.
pub(super) fn account_passwords(declaration: &Declaration) -> ResourceKind {
    let properties = &declaration.properties;
    let mut policy = passwords_of(properties, "MinimumPasswordLength", "Require");
    policy.span = Some(declaration.said);
    ResourceKind::PasswordPolicy(Box::new(policy))
}

/// Source: `AWS::Cognito::IdentityPool`.
pub(super) fn identity_pool(declaration: &Declaration) -> ResourceKind {
    let unauthenticated = declaration.properties.bool_at(&["AllowUnauthenticatedIdentities"]);
    ResourceKind::IdentityPool(Box::new(IdentityPool { unauthenticated }))
}

/// Source: `AWS::IAM::AccessKey`.
pub(super) fn access_key(declaration: &Declaration) -> ResourceKind {
    let user = declaration.properties.text_at(&["UserName"]);
    ResourceKind::AccessKey(Box::new(AccessKey { user }))
}
