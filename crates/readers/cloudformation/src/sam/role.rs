//! Execution roles that the transform makes.

use text::{Condition, PartialText, Span};

use crate::sam::Expansion;
use crate::sam::generated::{self, Properties, document, text_value, under};
use crate::sam::policy_template;
use documents::declaration::{
    Declaration, GENERATED_MANAGED_POLICIES, GENERATED_POLICY, POLICY_ORIGIN,
};
use documents::value::{Conditional, Kind, Value};

/// A role being put together.
#[derive(Debug)]
pub(super) struct RoleDraft {
    /// Managed policies the author names.
    managed: Vec<Value>,
    /// Managed policies the transform adds, by name.
    generated: Vec<(String, Span)>,
    /// Inline policies.
    policies: Vec<Value>,
}

impl RoleDraft {
    pub(super) fn new() -> Self {
        Self { managed: Vec::new(), generated: Vec::new(), policies: Vec::new() }
    }

    /// Adds an AWS managed policy by its path and name, once.
    pub(super) fn add_managed(&mut self, name: &str, span: Span) {
        if !self.generated.iter().any(|(other, _)| other == name) {
            self.generated.push((name.to_owned(), span));
        }
    }

    /// Adds an inline policy that the transform makes.
    pub(super) fn add_generated(&mut self, name: &str, statements: Vec<Value>, span: Span) {
        let policy = generated_policy(name, statements, span);
        let same = |other: &Value| other.get("PolicyDocument") == policy.get("PolicyDocument");
        if !self.policies.iter().any(same) {
            self.policies.push(policy);
        }
    }

    /// Reads the author's `Policies`.
    pub(super) fn add_policies(
        &mut self,
        policies: &Value,
        role_name: &str,
        expansion: &mut Expansion<'_>,
    ) {
        for (index, entry) in policies.list_at(&[]).into_iter().enumerate() {
            self.add_entry(&entry, &format!("{role_name}Policy{index}"), expansion);
        }
    }

    fn add_entry(
        &mut self,
        entry: &Conditional<'_>,
        policy_name: &str,
        expansion: &mut Expansion<'_>,
    ) {
        let condition = entry.condition.as_ref();
        let value = entry.value;
        match &value.kind {
            Kind::Text(text) => {
                let arn = match text.literal() {
                    Some(name) if !name.starts_with("arn:") => {
                        policy_template::managed_policy_arn(name)
                    }
                    _ => text.clone(),
                };
                let arn = Value { kind: Kind::Text(arn), ..value.clone() };
                self.managed.push(under(condition, arn));
            }
            Kind::Unknown(_) => self.managed.push(under(condition, value.clone())),
            Kind::Map(_) if value.get("Statement").is_some() => {
                let policy = Properties::new(value.span)
                    .set("PolicyName", Value::text(policy_name, value.span))
                    .set("PolicyDocument", value.clone())
                    .build();
                self.policies.push(under(condition, policy));
            }
            Kind::Map(members) => {
                for member in members {
                    self.add_template(member, condition, policy_name, expansion);
                }
            }
            _ => expansion.lost("this entry of `Policies` is no policy", value.span),
        }
    }

    fn add_template(
        &mut self,
        member: &documents::value::Member,
        condition: Option<&Condition>,
        policy_name: &str,
        expansion: &mut Expansion<'_>,
    ) {
        let Some(template) = policy_template::find(&member.key) else {
            let message = format!("`{}` is no policy template of SAM", member.key);
            expansion.lost(message, member.key_span);
            return;
        };
        for parameter in &template.parameters {
            if !matches!(member.value.kind, Kind::Unknown(_))
                && member.value.at(&[parameter]).is_empty()
            {
                let message = format!("policy template `{}` needs `{parameter}`", member.key);
                expansion.lost(message, member.key_span);
            }
        }
        let span = Span { end: member.value.span.end.max(member.key_span.end), ..member.key_span };
        let span =
            if member.value.span.source == member.key_span.source { span } else { member.key_span };
        let statements = template.statements(&member.value, span);
        let policy = Properties::new(span)
            .set("PolicyName", Value::text(policy_name, span))
            .set("PolicyDocument", Value::map([("Statement", Value::list(statements, span))], span))
            .set(POLICY_ORIGIN, Value::text(&*member.key, member.key_span))
            .build();
        self.policies.push(under(condition, policy));
    }

    /// Declares the role `<Id>Role` of a function or state machine.
    pub(super) fn declare(
        self,
        owner: &Declaration,
        condition: Option<&Condition>,
        trust: Value,
        expansion: &mut Expansion<'_>,
    ) {
        let span = owner.said;
        let generated = self.generated.iter().map(|(name, span)| {
            let arn = format!("arn:${{AWS::Partition}}:iam::aws:policy/{name}");
            text_value(generated::pattern(&arn, &[]), *span)
        });
        // What the author names as well is the author's.
        let generated = generated.filter(|policy| {
            let arn = |policy: &Value| generated::hole(Some(policy)).with_holes("aws");
            !self.managed.iter().any(|own| arn(own) == arn(policy))
        });
        let generated = Value::list(generated, span);
        let properties = &owner.properties;
        let mut role = Properties::new(span).set("AssumeRolePolicyDocument", trust);
        if !self.managed.is_empty() {
            role = role.set("ManagedPolicyArns", Value::list(self.managed, span));
        }
        if !generated.items().is_empty() {
            role = role.set(GENERATED_MANAGED_POLICIES, generated);
        }
        if !self.policies.is_empty() {
            role = role.set("Policies", Value::list(self.policies, span));
        }
        let role = role
            .keep_as(properties, "RolePath", "Path")
            .keep(properties, &["PermissionsBoundary"])
            .set_some("Tags", properties.get("Tags").map(generated::tag_list))
            .build();
        let name = format!("{}Role", owner.name);
        expansion.declare(owner, condition, &name, "AWS::IAM::Role", role, span);
    }
}

/// An entry of a role's `Policies` that the transform makes.
pub(super) fn generated_policy(name: &str, statements: Vec<Value>, span: Span) -> Value {
    Properties::new(span)
        .set("PolicyName", Value::text(name, span))
        .set("PolicyDocument", document(statements, span))
        .set(POLICY_ORIGIN, Value::text(GENERATED_POLICY, span))
        .build()
}

/// The statements that let an execution role hand over events to a destination of that type.
pub(super) fn destination_statements(
    destination_type: &str,
    destination: &Value,
    span: Span,
) -> Option<(&'static str, Vec<Value>)> {
    let allow =
        |action: &str, resource: Value| generated::statement(&[action], vec![resource], span);
    let resource = destination.clone();
    Some(match destination_type {
        "SQS" => ("SQSPolicy", vec![allow("sqs:SendMessage", resource)]),
        "SNS" => ("SNSPolicy", vec![allow("sns:publish", resource)]),
        "EventBridge" => ("EventBridgePolicy", vec![allow("events:PutEvents", resource)]),
        "Lambda" => ("LambdaPolicy", vec![allow("lambda:InvokeFunction", resource)]),
        "S3" | "S3Bucket" => {
            let objects = generated::each_case(destination, &mut |bucket| {
                let mut objects = generated::hole(Some(bucket));
                objects.extend(&PartialText::known("/*"));
                text_value(objects, bucket.span)
            });
            let put = allow("s3:PutObject", objects);
            ("S3Policy", vec![put, allow("s3:ListBucket", resource)])
        }
        _ => return None,
    })
}
