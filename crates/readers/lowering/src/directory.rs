use std::collections::HashMap;

use text::{EntityId, Part, PartialText};

use documents::declaration::{Declaration, Declared};

/// Finds what a text refers to among the declarations: by reference, or by the name in an ARN.
pub(super) struct Directory<'a> {
    declarations: HashMap<&'a EntityId, &'a Declaration>,
    /// ARN service and deployed name (unresolved parts as written) to the declaration.
    names: HashMap<(&'static str, String), &'a Declaration>,
}

/// Types that are found by name: the type, its property for the name, its service in ARNs.
///
/// Source: AWS service authorization reference, "Resource types defined by …".
const NAMED: &[(&str, &str, &str)] = &[
    ("AWS::Lambda::Function", "FunctionName", "lambda"),
    ("AWS::S3::Bucket", "BucketName", "s3"),
    ("AWS::SQS::Queue", "QueueName", "sqs"),
    ("AWS::SNS::Topic", "TopicName", "sns"),
    ("AWS::DynamoDB::Table", "TableName", "dynamodb"),
    ("AWS::DynamoDB::GlobalTable", "TableName", "dynamodb"),
    ("AWS::Kinesis::Stream", "Name", "kinesis"),
    ("AWS::KinesisFirehose::DeliveryStream", "DeliveryStreamName", "firehose"),
    ("AWS::Events::EventBus", "Name", "events"),
    ("AWS::StepFunctions::StateMachine", "StateMachineName", "states"),
    ("AWS::Logs::LogGroup", "LogGroupName", "logs"),
    ("AWS::SecretsManager::Secret", "Name", "secretsmanager"),
    ("AWS::IAM::Role", "RoleName", "role"),
    ("AWS::IAM::User", "UserName", "user"),
    ("AWS::IAM::Group", "GroupName", "group"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName", "policy"),
    ("AWS::CodeCommit::Repository", "RepositoryName", "codecommit"),
    ("AWS::Cognito::UserPool", "UserPoolName", "cognito-idp"),
];

impl<'a> Directory<'a> {
    /// Reads the names of all declarations once.
    pub(super) fn new(declared: &'a Declared) -> Self {
        let mut names = HashMap::new();
        for declaration in &declared.declarations {
            let row = NAMED.iter().find(|(kind, _, _)| *kind == declaration.kind);
            let Some((_, property, service)) = row else { continue };
            for said in declaration.properties.text_at(&[property]).known_values() {
                if said.value.unknown_reason().is_none() {
                    names.entry((*service, said.value.to_string())).or_insert(declaration);
                }
            }
        }
        let declarations = declared.declarations.iter();
        let declarations = declarations.map(|declaration| (&declaration.id, declaration)).collect();
        Self { declarations, names }
    }

    /// The declaration of that id.
    pub(super) fn get(&self, id: &EntityId) -> Option<&'a Declaration> {
        self.declarations.get(id).copied()
    }

    /// Whether some declaration is as wanted.
    pub(super) fn any(&self, wanted: impl Fn(&Declaration) -> bool) -> bool {
        self.declarations.values().any(|declaration| wanted(declaration))
    }

    /// The function that a text leads to: a reference to it, to its version or alias, its ARN with
    /// or without a qualifier, or its name.
    pub(super) fn function(&self, text: &PartialText) -> Option<EntityId> {
        for reference in text.references() {
            if let Some(function) = self.function_behind(&reference.entity) {
                return Some(function);
            }
        }
        let name = match after(text, ":function:") {
            Some(tail) => first_piece(&tail, ':'),
            None => first_piece(text, ':'),
        };
        let declaration = self.names.get(&("lambda", name.to_string()))?;
        Some(declaration.id.clone())
    }

    fn function_behind(&self, id: &EntityId) -> Option<EntityId> {
        let declaration = self.get(id)?;
        match declaration.kind.as_str() {
            "AWS::Lambda::Function" => Some(id.clone()),
            "AWS::Lambda::Version" | "AWS::Lambda::Alias" => {
                let name = declaration.properties.text_at(&["FunctionName"]);
                // A version or alias refers to the function itself, never to another of its kind.
                let function = name.known_values().find_map(|said| {
                    let reference = said.value.references().next();
                    let by_reference = reference
                        .and_then(|reference| self.get(&reference.entity))
                        .filter(|target| target.kind == "AWS::Lambda::Function");
                    by_reference
                        .or_else(|| self.names.get(&("lambda", said.value.to_string())).copied())
                });
                function.map(|declaration| declaration.id.clone())
            }
            _ => None,
        }
    }

    /// The declaration that a text refers to: by a reference in it, or by its ARN.
    pub(super) fn target(&self, text: &PartialText) -> Option<&'a Declaration> {
        let referred = text.references().find_map(|reference| self.get(&reference.entity));
        referred.or_else(|| {
            let arn = arn_of(text)?;
            let row = NAMED.iter().find(|(_, _, service)| *service == arn.service);
            let service = match arn.service.as_str() {
                "iam" => match first_piece(&arn.resource, '/').literal()? {
                    "role" => "role",
                    "user" => "user",
                    "group" => "group",
                    "policy" => "policy",
                    _ => return None,
                },
                _ => row?.2,
            };
            self.named(service, &name_in(&arn))
        })
    }

    /// The declaration of that name in an ARN's service (`role`, `user`, `group` and `policy` for
    /// those of IAM).
    pub(super) fn named(
        &self,
        service: &'static str,
        name: &PartialText,
    ) -> Option<&'a Declaration> {
        self.names.get(&(service, name.to_string())).copied()
    }
}

/// An ARN of which some parts may be known only at deployment.
pub(super) struct PartialArn {
    /// Third part.
    pub(super) service: String,
    /// All behind the fifth colon.
    pub(super) resource: PartialText,
}

/// The text as an ARN; `None` where it is none, or where its service is not known.
pub(super) fn arn_of(text: &PartialText) -> Option<PartialArn> {
    match text.parts().first()? {
        Part::Literal(literal) if literal.starts_with("arn:") => {}
        _ => return None,
    }
    let mut rest = text.clone();
    let mut service = None;
    for index in 0..5 {
        let (piece, behind) = split_at(&rest, ':')?;
        if index == 2 {
            service = Some(piece.literal()?.to_owned());
        }
        rest = behind;
    }
    Some(PartialArn { service: service?, resource: rest })
}

/// The name within an ARN's resource part: `table/orders/stream/x` and `function:orders:live`
/// are both `orders`.
fn name_in(arn: &PartialArn) -> PartialText {
    match arn.service.as_str() {
        "s3" => first_piece(&arn.resource, '/'),
        "sqs" | "sns" | "codecommit" => first_piece(&arn.resource, ':'),
        "iam" => last_piece(&arn.resource, '/'),
        "lambda" | "states" | "secretsmanager" | "logs" => {
            let behind = split_at(&arn.resource, ':').map(|(_, behind)| behind);
            behind.map_or_else(|| arn.resource.clone(), |behind| first_piece(&behind, ':'))
        }
        _ => {
            let behind = split_at(&arn.resource, '/').map(|(_, behind)| behind);
            behind.map_or_else(|| arn.resource.clone(), |behind| first_piece(&behind, '/'))
        }
    }
}

fn first_piece(text: &PartialText, separator: char) -> PartialText {
    split_at(text, separator).map_or_else(|| text.clone(), |(first, _)| first)
}

fn last_piece(text: &PartialText, separator: char) -> PartialText {
    let mut last = text.clone();
    while let Some((_, behind)) = split_at(&last, separator) {
        last = behind;
    }
    last
}

/// Splits at the first separator in the known parts.
fn split_at(text: &PartialText, separator: char) -> Option<(PartialText, PartialText)> {
    let mut before = PartialText::default();
    let mut parts = text.parts().iter();
    for part in parts.by_ref() {
        match part {
            Part::Literal(literal) => {
                if let Some((head, tail)) = literal.split_once(separator) {
                    before.push(Part::Literal(head.to_owned()));
                    let mut behind = PartialText::known(tail);
                    parts.for_each(|part| behind.push(part.clone()));
                    return Some((before, behind));
                }
                before.push(part.clone());
            }
            part => before.push(part.clone()),
        }
    }
    None
}

/// What follows `marker` in the known parts.
fn after(text: &PartialText, marker: &str) -> Option<PartialText> {
    let mut parts = text.parts().iter();
    while let Some(part) = parts.next() {
        let Part::Literal(literal) = part else { continue };
        if let Some((_, tail)) = literal.split_once(marker) {
            let mut behind = PartialText::known(tail);
            parts.for_each(|part| behind.push(part.clone()));
            return Some(behind);
        }
    }
    None
}
