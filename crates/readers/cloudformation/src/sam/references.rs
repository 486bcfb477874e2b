//! References to what the transform generates, in SAM's own words: `Function.Alias`, `Api.Stage`.

use std::collections::BTreeMap;

use text::{EntityId, Part, PartialText};

use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// What the transform calls each generated declaration in references, by its type.
const NAMES: &[(&str, &str)] = &[
    ("Alias", "AWS::Lambda::Alias"),
    ("Alias", "AWS::StepFunctions::StateMachineAlias"),
    ("Version", "AWS::Lambda::Version"),
    ("Version", "AWS::StepFunctions::StateMachineVersion"),
    ("DestinationTopic", "AWS::SNS::Topic"),
    ("DestinationQueue", "AWS::SQS::Queue"),
    ("Stage", "AWS::ApiGateway::Stage"),
    ("Stage", "AWS::ApiGatewayV2::Stage"),
    ("Deployment", "AWS::ApiGateway::Deployment"),
    ("DomainName", "AWS::ApiGateway::DomainName"),
    ("UsagePlan", "AWS::ApiGateway::UsagePlan"),
    ("UsagePlanKey", "AWS::ApiGateway::UsagePlanKey"),
    ("ApiKey", "AWS::ApiGateway::ApiKey"),
];

/// Points references such as `Function.Alias` at the declaration they mean, whether the dotted name
/// came as an entity or its second part as an attribute (`Alias`, `Version.Version`).
pub(super) fn resolve(declarations: &mut [Declaration]) {
    let mut targets: BTreeMap<String, EntityId> = BTreeMap::new();
    let owners: Vec<String> = declarations
        .iter()
        .filter(|declaration| declaration.type_name.starts_with("AWS::Serverless::"))
        .map(|declaration| declaration.id.as_str().to_owned())
        .collect();
    for declaration in declarations.iter() {
        if declaration.type_name != declaration.kind {
            continue;
        }
        let Some((name, _)) = NAMES.iter().find(|(_, kind)| *kind == declaration.kind) else {
            continue;
        };
        // The longest id that begins this one is the owner's: `Api` and `ApiTwo` both begin
        // `ApiTwoProdStage`.
        let id = declaration.id.as_str();
        let owner = owners.iter().filter(|owner| id.starts_with(owner.as_str()));
        if let Some(owner) = owner.max_by_key(|owner| owner.len()) {
            targets.entry(format!("{owner}.{name}")).or_insert_with(|| declaration.id.clone());
        }
    }
    if targets.is_empty() {
        return;
    }
    for declaration in declarations {
        point(&mut declaration.properties, &targets);
    }
}

fn point(value: &mut Value, targets: &BTreeMap<String, EntityId>) {
    match &mut value.kind {
        Kind::Text(text) => {
            let dotted = |text: &PartialText| {
                text.references().any(|reference| {
                    reference.entity.as_str().contains('.')
                        || NAMES.iter().any(|(name, _)| reference.attribute.starts_with(name))
                })
            };
            if dotted(text) {
                *text = pointed(text, targets);
            }
        }
        Kind::List(items) => items.iter_mut().for_each(|item| point(item, targets)),
        Kind::Map(members) => {
            members.iter_mut().for_each(|member| point(&mut member.value, targets));
        }
        Kind::Branches(alternatives) => {
            alternatives.iter_mut().for_each(|it| point(&mut it.value, targets));
        }
        _ => {}
    }
}

fn pointed(text: &PartialText, targets: &BTreeMap<String, EntityId>) -> PartialText {
    let mut pointed = PartialText::default();
    for part in text.parts() {
        let Part::Reference(reference) = part else {
            pointed.push(part.clone());
            continue;
        };
        let direct = targets.get(reference.entity.as_str());
        let (word, rest) = match reference.attribute.split_once('.') {
            Some((word, rest)) => (word, rest),
            None => (&*reference.attribute, "Ref"),
        };
        let by_attribute = targets.get(&format!("{}.{word}", reference.entity));
        match (direct, by_attribute) {
            (Some(target), _) => {
                pointed.extend(&PartialText::reference(target.clone(), &reference.attribute));
            }
            (None, Some(target)) => pointed.extend(&PartialText::reference(target.clone(), rest)),
            (None, None) => pointed.push(part.clone()),
        }
    }
    pointed
}
