use text::Span;

use super::evaluator::{Evaluator, State};
use documents::value::{Kind, Member, Value};

/// Where a type keeps a definition in another file, and the property it would be written in.
const DEFINITIONS: [(&str, &str, &str); 6] = [
    ("AWS::Serverless::Api", "DefinitionUri", "DefinitionBody"),
    ("AWS::Serverless::HttpApi", "DefinitionUri", "DefinitionBody"),
    ("AWS::Serverless::StateMachine", "DefinitionUri", "Definition"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location", "Definition"),
    ("AWS::ApiGateway::RestApi", "BodyS3Location", "Body"),
    ("AWS::ApiGatewayV2::Api", "BodyS3Location", "Body"),
];

impl Evaluator<'_> {
    /// Puts definitions that stand in other files or in texts among the properties, so that what
    /// follows sees one shape.
    pub(super) fn inline_definition(
        &self,
        kind: &str,
        raw: &Value,
        members: &mut Vec<Member>,
        state: &State,
    ) {
        for (of, from, to) in DEFINITIONS {
            if of != kind || members.iter().any(|member| &*member.key == to) {
                continue;
            }
            let Some(member) = members.iter().find(|member| &*member.key == from) else { continue };
            let (key_span, span) = (member.key_span, member.value.span);
            let value = match &member.value.kind {
                Kind::Map(_) => Value::unknown("the definition lies in a bucket", span),
                _ => self.included(&member.value.clone(), span, state),
            };
            members.push(Member { key: to.into(), key_span, value });
        }
        if matches!(kind, "AWS::Serverless::StateMachine" | "AWS::StepFunctions::StateMachine") {
            self.parse_definition(raw, members, state);
            self.apply_substitutions(members, state);
        }
    }

    /// A state machine's definition given as a text of JSON.
    fn parse_definition(&self, raw: &Value, members: &mut [Member], state: &State) {
        if members.iter().any(|member| &*member.key == "Definition") {
            return;
        }
        let Some(raw) = raw.get("DefinitionString") else { return };
        let member = members.iter_mut().find(|member| &*member.key == "DefinitionString");
        let Some(member) = member else { return };
        let value = match &member.value.kind {
            Kind::Unknown(why) => Value::unknown(why.clone(), member.value.span),
            _ => match self.json_tree(raw, &member.value, state) {
                Some(tree) => tree,
                None => Value::unknown("the definition is no JSON text", member.value.span),
            },
        };
        // In place of the text: one definition, one shape.
        member.key = "Definition".into();
        member.value = value;
    }

    /// `DefinitionSubstitutions` replace `${Name}` in the definition.
    fn apply_substitutions(&self, members: &mut [Member], state: &State) {
        let substitutions = members
            .iter()
            .find(|member| &*member.key == "DefinitionSubstitutions")
            .map(|member| member.value.clone());
        let Some(substitutions) = substitutions else { return };
        let names: Vec<(&str, Value)> = substitutions
            .members()
            .iter()
            .map(|member| (&*member.key, member.value.clone()))
            .collect();
        if names.is_empty() {
            return;
        }
        for member in members {
            if matches!(&*member.key, "Definition" | "DefinitionString") {
                self.substitute(&mut member.value, &names, state);
            }
        }
    }

    fn substitute(&self, value: &mut Value, names: &[(&str, Value)], state: &State) {
        match &mut value.kind {
            Kind::Text(text) => {
                let Some(literal) = text.literal().filter(|literal| literal.contains("${")) else {
                    return;
                };
                *value = self.replaced(literal, names, value.span, state);
            }
            Kind::List(items) => {
                items.iter_mut().for_each(|item| self.substitute(item, names, state));
            }
            Kind::Map(members) => {
                members.iter_mut().for_each(|member| {
                    self.substitute(&mut member.value, names, state);
                });
            }
            Kind::Branches(alternatives) => alternatives.iter_mut().for_each(|alternative| {
                self.substitute(&mut alternative.value, names, state);
            }),
            _ => {}
        }
    }

    fn replaced(&self, literal: &str, names: &[(&str, Value)], span: Span, state: &State) -> Value {
        self.substituted(literal, span, names, span, state)
    }
}
