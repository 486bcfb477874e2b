//! Data sources: what they answer before deployment.

use std::rc::Rc;

use text::{EntityId, Part, PartialText, Pseudo, Span};

use super::evaluate::{Evaluator, Scope, put};
use super::module::Instance;
use super::template::Unwrap;
use super::values;
use super::{archives, policy_document};
use documents::value::{Kind, Member, Value};

/// The attributes of a data source as far as they are known; the others are not there.
pub(super) fn read(evaluator: &Evaluator<'_>, instance: &Rc<Instance>) -> Value {
    let Some(block) = instance.block() else {
        return Value::unknown("the data source is gone", Span::file(super::evaluate::BUILT_IN));
    };
    let span = block.extent;
    let scope = instance.scope(span.source);
    let Value { kind: Kind::Map(mut members), .. } = evaluator.body(&block.body, &scope, span)
    else {
        return Value::unknown("the data source is not readable", span);
    };
    let body = Value::new(Kind::Map(members.clone()), span);
    let mut answer = |name: &str, value: Value| put(&mut members, name.to_owned(), span, value);
    let pseudo = |pseudo| {
        let mut text = PartialText::default();
        text.push(Part::Pseudo(pseudo));
        Value::new(Kind::Text(text), span)
    };
    match instance.kind.as_str() {
        "aws_caller_identity" => {
            answer("account_id", pseudo(Pseudo::Account));
            answer("id", pseudo(Pseudo::Account));
        }
        "aws_region" => {
            for name in ["name", "id", "region"] {
                answer(name, pseudo(Pseudo::Region));
            }
        }
        "aws_partition" => {
            answer("partition", pseudo(Pseudo::Partition));
            answer("id", pseudo(Pseudo::Partition));
            answer("dns_suffix", pseudo(Pseudo::DomainSuffix));
        }
        "google_project" | "google_client_config" => {
            for name in ["project_id", "number", "project"] {
                answer(name, pseudo(Pseudo::Account));
            }
        }
        "aws_iam_policy_document" => {
            let document = policy_document::document(evaluator, &body, span);
            answer("json", document.clone());
            answer("minified_json", document);
        }
        "google_iam_policy" => {
            let bindings = body.get("binding").cloned();
            let bindings = bindings.unwrap_or_else(|| Value::list([], span));
            let data = Value::map([("bindings", bindings)], span);
            answer("policy_data", Value { tag: Some(values::JSON.into()), ..data });
        }
        "aws_iam_policy" => {
            let name = body.get("name").filter(|name| !name.is_null());
            if let Some(text) = name.and_then(values::as_text) {
                let mut arn = PartialText::known("arn:aws:iam::aws:policy/");
                // Service policies lie in folders that only the account knows; AWS's own names
                // are enough to tell them apart.
                arn.extend(&text);
                let place = name.map_or(span, |name| name.span);
                answer("arn", Value::new(Kind::Text(arn), place));
            }
        }
        "archive_file" => {
            if let Some(path) = archives::output_path(evaluator, instance, &body) {
                answer("output_path", path);
            }
        }
        "template_file" => answer("rendered", rendered(evaluator, &scope, &body, span)),
        kind => {
            if let Some((name, arn)) = arn_of(kind, &body, span) {
                answer("arn", arn);
                answer("id", name.clone());
                answer("name", name);
            }
        }
    }
    Value::new(Kind::Map(members), span)
}

fn rendered(evaluator: &Evaluator<'_>, scope: &Scope, body: &Value, span: Span) -> Value {
    let Some(text) = body.get("template").and_then(values::as_string) else {
        return Value::unknown("the template is not known", span);
    };
    let Ok(template) = hcl_edit::parser::parse_template(&text) else {
        return Value::unknown("the template is not valid", span);
    };
    let mut scope = scope.clone();
    for Member { key, value, .. } in body.get("vars").map(Value::members).unwrap_or_default() {
        scope = scope.with(key, value.clone());
    }
    Value { span, ..evaluator.template(&template, span, &scope, Unwrap::Never) }
}

/// Name and ARN of what a data source looks up by a name.
///
/// Source: "ARN format" column of the tables of the AWS Service Authorization Reference.
fn arn_of(kind: &str, body: &Value, span: Span) -> Option<(Value, Value)> {
    let (attribute, service, resource) = match kind {
        "aws_s3_bucket" => ("bucket", "s3", ""),
        "aws_sqs_queue" => ("name", "sqs", ""),
        "aws_sns_topic" => ("name", "sns", ""),
        "aws_dynamodb_table" => ("name", "dynamodb", "table/"),
        "aws_lambda_function" => ("function_name", "lambda", "function:"),
        "aws_iam_role" => ("name", "iam", "role/"),
        "aws_iam_user" => ("user_name", "iam", "user/"),
        "aws_kinesis_stream" => ("name", "kinesis", "stream/"),
        "aws_ssm_parameter" => ("name", "ssm", "parameter/"),
        "aws_cloudwatch_log_group" => ("name", "logs", "log-group:"),
        "aws_cloudwatch_event_bus" => ("name", "events", "event-bus/"),
        "aws_sfn_state_machine" => ("name", "states", "stateMachine:"),
        "aws_ecr_repository" => ("name", "ecr", "repository/"),
        "aws_secretsmanager_secret" => ("name", "secretsmanager", "secret:"),
        _ => return None,
    };
    let name = body.get(attribute)?;
    let text = values::as_text(name)?;
    let mut arn = PartialText::known("arn:");
    arn.push(Part::Pseudo(Pseudo::Partition));
    arn.push(Part::Literal(format!(":{service}:")));
    if !matches!(service, "s3" | "iam") {
        arn.push(Part::Pseudo(Pseudo::Region));
    }
    arn.push(Part::Literal(":".to_owned()));
    if service != "s3" {
        arn.push(Part::Pseudo(Pseudo::Account));
    }
    arn.push(Part::Literal(format!(":{resource}")));
    arn.extend(&text);
    Some((name.clone(), Value::new(Kind::Text(arn), span)))
}

/// Attributes that CloudFormation has no word for and that are made of known parts.
///
/// Source: "ARN format" of Amazon API Gateway's and AWS Lambda's developer guides.
pub(super) fn composed(kind: &str, attribute: &str, id: &EntityId) -> Option<PartialText> {
    use Pseudo::{Account, Partition, Region};
    let literal = |text: &str| Part::Literal(text.to_owned());
    let reference = |attribute: &str| {
        let entity = id.clone();
        Part::Reference(text::Reference { entity, attribute: attribute.into() })
    };
    let parts = match (kind, attribute) {
        ("aws_api_gateway_rest_api" | "aws_apigatewayv2_api", "execution_arn") => vec![
            literal("arn:"),
            Part::Pseudo(Partition),
            literal(":execute-api:"),
            Part::Pseudo(Region),
            literal(":"),
            Part::Pseudo(Account),
            literal(":"),
            reference("Ref"),
        ],
        ("aws_lambda_function" | "aws_lambda_alias", "invoke_arn") => vec![
            literal("arn:"),
            Part::Pseudo(Partition),
            literal(":apigateway:"),
            Part::Pseudo(Region),
            literal(":lambda:path/2015-03-31/functions/"),
            reference(if kind == "aws_lambda_alias" { "Ref" } else { "Arn" }),
            literal("/invocations"),
        ],
        ("aws_api_gateway_stage", "arn") => vec![
            literal("arn:"),
            Part::Pseudo(Partition),
            literal(":apigateway:"),
            Part::Pseudo(Region),
            literal("::/restapis/*/stages/"),
            reference("Ref"),
        ],
        _ => return None,
    };
    let mut text = PartialText::default();
    parts.into_iter().for_each(|part| text.push(part));
    Some(text)
}
