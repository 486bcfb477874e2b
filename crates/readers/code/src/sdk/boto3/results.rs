use text::{Part, PartialText, Pseudo};

use super::pseudo;
use crate::evaluate::{Arguments, Evaluator, Value};

/// What a call gives: data, but for the few responses that follow from what was asked.
pub(super) fn of(
    evaluator: &mut Evaluator<'_>,
    service: &str,
    operation: &str,
    arguments: &Arguments,
) -> Value {
    let entries = match (service, operation) {
        ("sts", "GetCallerIdentity") => vec![("Account", pseudo(Pseudo::Account))],
        ("sqs", "GetQueueUrl" | "CreateQueue") => {
            let Some(name) = arguments.named("QueueName") else { return Value::Data };
            let name = evaluator.text_of(name);
            let parts = ["https://sqs.", "${Region}", ".", "${Domain}", "/", "${Account}", "/"];
            vec![("QueueUrl", composed(&parts, &name))]
        }
        ("sns", "CreateTopic") => {
            let Some(name) = arguments.named("Name") else { return Value::Data };
            let name = evaluator.text_of(name);
            let parts = ["arn:", "${Partition}", ":sns:", "${Region}", ":", "${Account}", ":"];
            vec![("TopicArn", composed(&parts, &name))]
        }
        _ => return Value::Data,
    };
    let entries = entries.into_iter().map(|(key, text)| (Value::text(key), Value::Text(text)));
    evaluator.map(entries.collect(), Some(Value::Data))
}

/// Texts and values of the deployment in a row, then the name.
fn composed(parts: &[&str], name: &PartialText) -> PartialText {
    let mut text = PartialText::default();
    for part in parts {
        text.push(match *part {
            "${Partition}" => Part::Pseudo(Pseudo::Partition),
            "${Region}" => Part::Pseudo(Pseudo::Region),
            "${Account}" => Part::Pseudo(Pseudo::Account),
            "${Domain}" => Part::Pseudo(Pseudo::DomainSuffix),
            part => Part::Literal(part.to_owned()),
        });
    }
    text.extend(name);
    text
}
