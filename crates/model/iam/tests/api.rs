use casemate_iam::api::{Argument, Call, MemberKind, Sdk, Service, client, event, needs};
use text::{EntityId, Part, PartialText, Pseudo};

/// A text in which `${Table}` and `${Table.Name}` are references, `${?}` is unknown and
/// `${@Region}` is the region.
fn t(text: &str) -> PartialText {
    let mut partial = PartialText::default();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap();
        partial.push(Part::Literal(before.to_owned()));
        match name {
            "?" => partial.push(Part::Unknown("an event".to_owned())),
            "@Region" => partial.push(Part::Pseudo(Pseudo::Region)),
            name => {
                let (entity, attribute) = name.split_once('.').unwrap_or((name, "Ref"));
                partial.extend(&PartialText::reference(EntityId::new(entity), attribute));
            }
        }
        rest = after;
    }
    partial.push(Part::Literal(rest.to_owned()));
    partial
}

fn text(value: &str) -> Argument {
    Argument::Text(t(value))
}

fn list<const N: usize>(elements: [Argument; N]) -> Argument {
    Argument::List(elements.into())
}

fn map<const N: usize>(entries: [(&str, Argument); N]) -> Argument {
    Argument::Map(entries.into_iter().map(|(key, value)| (t(key), value)).collect())
}

/// Compares what a call needs, each as `ACTION RESOURCE`, partition, region and account shortened
/// to `P`, `R` and `A`.
fn check<const N: usize>(call: &str, arguments: [(&str, Argument); N], expect: &[&str]) {
    check_all(call, arguments, None, expect);
}

fn check_all<const N: usize>(
    call: &str,
    arguments: [(&str, Argument); N],
    rest_unknown: Option<&str>,
    expect: &[&str],
) {
    let (service, operation) = call.split_once(' ').unwrap();
    let described = Call {
        service: service.to_owned(),
        operation: operation.to_owned(),
        arguments: arguments.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        rest_unknown: rest_unknown.map(str::to_owned),
    };
    let shown: Vec<String> = match needs(&described) {
        Ok(needs) => needs
            .iter()
            .map(|need| {
                let resource = need.resource.to_string();
                let resource = resource
                    .replace("${AWS::Partition}", "P")
                    .replace("${AWS::Region}", "R")
                    .replace("${AWS::AccountId}", "A");
                format!("{} {resource}", need.action)
            })
            .collect(),
        Err(unknown) => vec![unknown.to_string()],
    };
    assert_eq!(shown, expect, "{call}");
}

#[test]
fn objects_are_named_by_bucket_and_key() {
    check(
        "s3 GetObject",
        [("Bucket", text("orders")), ("Key", text("uploads/${?}.json"))],
        &["s3:GetObject arn:P:s3:::orders/uploads/${?}.json"],
    );
    check(
        "s3 GetObject",
        [("Bucket", text("${Bucket}")), ("Key", text("a")), ("VersionId", text("1"))],
        &["s3:GetObjectVersion ${Bucket.Arn}/a"],
    );
    check("s3 ListObjectsV2", [("Bucket", text("${Bucket}"))], &["s3:ListBucket ${Bucket.Arn}"]);
    check("s3 ListBuckets", [], &["s3:ListAllMyBuckets *"]);
    check(
        "s3 PutObject",
        [("Bucket", text("b")), ("Key", text("k")), ("ACL", text("private"))],
        &["s3:PutObject arn:P:s3:::b/k", "s3:PutObjectAcl arn:P:s3:::b/k"],
    );
    check(
        "s3 CopyObject",
        [("Bucket", text("b")), ("Key", text("k")), ("CopySource", text("${From}/x/${?}"))],
        &["s3:GetObject ${From.Arn}/x/${?}", "s3:PutObject arn:P:s3:::b/k"],
    );
    check(
        "s3 CopyObject",
        [
            ("Bucket", text("b")),
            ("Key", text("k")),
            ("CopySource", map([("Bucket", text("from")), ("Key", text("x"))])),
        ],
        &["s3:GetObject arn:P:s3:::from/x", "s3:PutObject arn:P:s3:::b/k"],
    );
    check(
        "s3 DeleteObjects",
        [
            ("Bucket", text("b")),
            (
                "Delete",
                map([("Objects", list([map([("Key", text("x"))]), map([("Key", text("y"))])]))]),
            ),
        ],
        &["s3:DeleteObject arn:P:s3:::b/x", "s3:DeleteObject arn:P:s3:::b/y"],
    );
    check_all(
        "s3 GetObject",
        [("Bucket", text("b"))],
        Some("`**options`"),
        &["s3:GetObject arn:P:s3:::b/${?}", "s3:GetObjectVersion arn:P:s3:::b/${?}"],
    );
}

#[test]
fn tables_and_their_indexes() {
    check(
        "dynamodb GetItem",
        [("TableName", text("${Table}"))],
        &["dynamodb:GetItem ${Table.Arn}"],
    );
    check(
        "dynamodb Query",
        [("TableName", text("${Table}")), ("IndexName", text("by-day"))],
        &["dynamodb:Query ${Table.Arn}/index/by-day"],
    );
    check(
        "dynamodb Query",
        [("TableName", text("t"))],
        &["dynamodb:Query arn:P:dynamodb:R:A:table/t"],
    );
    check(
        "dynamodb BatchGetItem",
        [("RequestItems", map([("a", Argument::Other), ("${B}", Argument::Other)]))],
        &["dynamodb:BatchGetItem arn:P:dynamodb:R:A:table/a", "dynamodb:BatchGetItem ${B.Arn}"],
    );
    let put = |table| map([("Put", map([("TableName", text(table))]))]);
    let delete = |table| map([("Delete", map([("TableName", text(table))]))]);
    check(
        "dynamodb TransactWriteItems",
        [("TransactItems", list([put("a"), delete("b")]))],
        &[
            "dynamodb:DeleteItem arn:P:dynamodb:R:A:table/b",
            "dynamodb:PutItem arn:P:dynamodb:R:A:table/a",
        ],
    );
}

#[test]
fn queues_topics_and_buses() {
    check(
        "sqs SendMessageBatch",
        [("QueueUrl", text("https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"))],
        &["sqs:SendMessage arn:P:sqs:eu-west-1:111122223333:jobs"],
    );
    check("sqs SendMessage", [("QueueUrl", text("${Queue}"))], &["sqs:SendMessage ${Queue.Arn}"]);
    check("sns Publish", [("TopicArn", text("${Topic}"))], &["sns:Publish ${Topic.Arn}"]);
    check("sns Publish", [("PhoneNumber", text("+1"))], &["sns:Publish *"]);
    check("sns Publish", [("TopicArn", text("${?}"))], &["sns:Publish arn:P:sns:${?}:${?}:${?}"]);
    let entry = |bus| map([("EventBusName", text(bus))]);
    check(
        "events PutEvents",
        [("Entries", list([entry("orders"), map([("Source", text("shop"))])]))],
        &[
            "events:PutEvents arn:P:events:R:A:event-bus/default",
            "events:PutEvents arn:P:events:R:A:event-bus/orders",
        ],
    );
}

#[test]
fn secrets_parameters_and_keys() {
    check(
        "secretsmanager GetSecretValue",
        [("SecretId", text("prod/db"))],
        &["secretsmanager:GetSecretValue arn:P:secretsmanager:R:A:secret:prod/db-??????"],
    );
    check(
        "secretsmanager GetSecretValue",
        [("SecretId", text("${Secret}"))],
        &["secretsmanager:GetSecretValue ${Secret.Arn}"],
    );
    check(
        "ssm GetParameter",
        [("Name", text("/a/b"))],
        &["ssm:GetParameter arn:P:ssm:R:A:parameter/a/b"],
    );
    check(
        "ssm GetParameters",
        [("Names", list([text("/a"), text("b")]))],
        &[
            "ssm:GetParameters arn:P:ssm:R:A:parameter/a",
            "ssm:GetParameters arn:P:ssm:R:A:parameter/b",
        ],
    );
    check(
        "ssm GetParametersByPath",
        [("Path", text("/a/"))],
        &[
            "ssm:GetParametersByPath arn:P:ssm:R:A:parameter/a/",
            "ssm:GetParametersByPath arn:P:ssm:R:A:parameter/a/*",
        ],
    );
    check("kms Decrypt", [("KeyId", text("${Key}"))], &["kms:Decrypt ${Key.Arn}"]);
    check("kms Encrypt", [("KeyId", text("alias/shop"))], &["kms:Encrypt arn:P:kms:R:A:key/${?}"]);
    check("kms Decrypt", [], &["kms:Decrypt arn:P:kms:R:A:key/${?}"]);
}

#[test]
fn functions_and_state_machines() {
    check(
        "lambda Invoke",
        [("FunctionName", text("${Worker}"))],
        &["lambda:InvokeFunction ${Worker.Arn}"],
    );
    check(
        "lambda Invoke",
        [("FunctionName", text("111122223333:function:worker"))],
        &["lambda:InvokeFunction arn:P:lambda:R:111122223333:function:worker"],
    );
    check(
        "lambda Invoke",
        [("FunctionName", text("worker")), ("Qualifier", text("live"))],
        &["lambda:InvokeFunction arn:P:lambda:R:A:function:worker:live"],
    );
    check(
        "stepfunctions StartExecution",
        [("stateMachineArn", text("${Machine}"))],
        &["states:StartExecution ${Machine.Arn}"],
    );
    check(
        "lambda CreateFunction",
        [
            ("FunctionName", text("f")),
            ("Role", text("${Role.Arn}")),
            ("Code", map([("ZipFile", Argument::Other)])),
        ],
        &["iam:PassRole ${Role.Arn}", "lambda:CreateFunction arn:P:lambda:R:A:function:f"],
    );
}

#[test]
fn data_services_and_models() {
    check(
        "rds-data ExecuteStatement",
        [("resourceArn", text("${Cluster.DBClusterArn}")), ("secretArn", text("${Secret}"))],
        &[
            "rds-data:ExecuteStatement ${Cluster.DBClusterArn}",
            "secretsmanager:GetSecretValue ${Secret.Arn}",
        ],
    );
    check(
        "dynamodb ExecuteStatement",
        [("Statement", text("SELECT * FROM \"${Table}\" WHERE id = ?"))],
        &["dynamodb:PartiQLSelect ${Table.Arn}"],
    );
    check(
        "dynamodb ExecuteStatement",
        [("Statement", text("UPDATE orders SET paid = true"))],
        &["dynamodb:PartiQLUpdate arn:P:dynamodb:R:A:table/orders"],
    );
    check(
        "bedrock-runtime InvokeModel",
        [("modelId", text("eu.anthropic.claude"))],
        &[
            "bedrock:InvokeModel arn:P:bedrock:R:A:inference-profile/eu.anthropic.claude",
            "bedrock:InvokeModel arn:P:bedrock:*::foundation-model/anthropic.claude",
        ],
    );
    check(
        "ses SendEmail",
        [("Source", text("Shop <orders@example.com>"))],
        &[
            "ses:SendEmail arn:P:ses:R:A:identity/example.com",
            "ses:SendEmail arn:P:ses:R:A:identity/orders@example.com",
        ],
    );
    check(
        "textract DetectDocumentText",
        [(
            "Document",
            map([("S3Object", map([("Bucket", text("${Scans}")), ("Name", text("a.png"))]))]),
        )],
        &["s3:GetObject ${Scans.Arn}/a.png", "textract:DetectDocumentText *"],
    );
}

#[test]
fn tasks_logs_and_paths() {
    check(
        "ecs RunTask",
        [("taskDefinition", text("worker"))],
        &[
            "ecs:RunTask arn:P:ecs:R:A:task-definition/worker:*",
            "iam:PassRole arn:P:iam::A:role/${?}",
        ],
    );
    check(
        "ecs UpdateService",
        [("cluster", text("${Cluster.Arn}")), ("service", text("web"))],
        &["ecs:UpdateService arn:P:ecs:R:A:service/${?}/web"],
    );
    check(
        "ecs UpdateService",
        [("service", text("web"))],
        &["ecs:UpdateService arn:P:ecs:R:A:service/default/web"],
    );
    check(
        "logs PutLogEvents",
        [("logGroupName", text("/shop")), ("logStreamName", text("a"))],
        &["logs:PutLogEvents arn:P:logs:R:A:log-group:/shop:*"],
    );
    check(
        "apigateway GetStage",
        [("restApiId", text("a1")), ("stageName", text("live"))],
        &["apigateway:GET arn:P:apigateway:R::/restapis/a1/stages/live"],
    );
    check(
        "apigatewaymanagementapi PostToConnection",
        [("ConnectionId", text("${?}"))],
        &["execute-api:ManageConnections arn:P:execute-api:R:A:${?}/${?}/POST/@connections/*"],
    );
    check(
        "kinesis PutRecord",
        [("StreamARN", text("${Stream.Arn}"))],
        &["kinesis:PutRecord ${Stream.Arn}"],
    );
    check("cognito-idp InitiateAuth", [("ClientId", text("a"))], &[]);
}

#[test]
fn apis_are_known_by_what_libraries_call_them() {
    let check = |sdk, name: &str, expect: &str| {
        assert_eq!(client(sdk, name).map(|service| service.name), Some(expect), "{name}");
    };
    check(Sdk::Python, "stepfunctions", "stepfunctions");
    check(Sdk::JavaScript3, "@aws-sdk/client-sfn", "stepfunctions");
    check(Sdk::JavaScript3, "S3Client", "s3");
    check(Sdk::JavaScript3, "S3", "s3");
    check(Sdk::JavaScript3, "CognitoIdentityProviderClient", "cognito-idp");
    check(Sdk::JavaScript3, "@aws-sdk/client-eventbridge", "events");
    check(Sdk::JavaScript2, "CognitoIdentityServiceProvider", "cognito-idp");
    check(Sdk::JavaScript2, "aws-sdk/clients/dynamodb", "dynamodb");
    check(Sdk::Go, "cloudwatchlogs", "logs");
    check(Sdk::Java, "software.amazon.awssdk.services.secretsmanager", "secretsmanager");
    check(Sdk::Java, "DynamoDbClient", "dynamodb");
    check(Sdk::Java, "AmazonDynamoDB", "dynamodb");
    check(Sdk::Java, "AmazonSQSAsyncClient", "sqs");
    check(Sdk::Java, "AWSLambda", "lambda");
    check(Sdk::Java, "AWSSimpleSystemsManagementClientBuilder", "ssm");
    check(Sdk::Java, "com.amazonaws.services.dynamodbv2.AmazonDynamoDB", "dynamodb");
    check(Sdk::Go, "eventbridge", "events");
    check(Sdk::Go, "opensearchservice", "opensearch");
}

#[test]
fn log_records_name_operations() {
    let check = |source: &str, name: &str, expect: Option<(&str, &str)>| {
        let found = event(source, name).map(|(service, operation)| (service.name, operation));
        assert_eq!(found, expect, "{source} {name}");
    };
    check("s3.amazonaws.com", "ListObjects", Some(("s3", "ListObjects")));
    check("lambda.amazonaws.com", "Invoke20150331", Some(("lambda", "Invoke")));
    check(
        "lambda.amazonaws.com",
        "UpdateFunctionCode20150331v2",
        Some(("lambda", "UpdateFunctionCode")),
    );
    check("monitoring.amazonaws.com", "PutMetricData", Some(("cloudwatch", "PutMetricData")));
    check("states.amazonaws.com", "StartExecution", Some(("stepfunctions", "StartExecution")));
    check("apigateway.amazonaws.com", "CreateApi", Some(("apigatewayv2", "CreateApi")));
    check("bedrock.amazonaws.com", "InvokeModel", Some(("bedrock-runtime", "InvokeModel")));
    check("s3.amazonaws.com", "GetBucketPublicAccessBlock", Some(("s3", "GetPublicAccessBlock")));
    check("dynamodb.amazonaws.com", "GetRecords", Some(("dynamodbstreams", "GetRecords")));
    check("elasticloadbalancing.amazonaws.com", "CreateRule", Some(("elbv2", "CreateRule")));
    check("lambda.amazonaws.com", "GetFunction20150331v2", Some(("lambda", "GetFunction")));
    check("s3.amazonaws.com", "Buy", None);
}

#[test]
fn waiters_paginators_and_models() {
    let s3 = Service::named("s3").unwrap();
    assert_eq!(s3.operation("list_objects_v2"), Some("ListObjectsV2"));
    assert_eq!(s3.operation("getObject"), Some("GetObject"));
    assert_eq!(s3.waiter("bucket_exists"), Some("HeadBucket"));
    assert_eq!(s3.paginator("list_objects_v2"), Some("ListObjectsV2"));
    assert!(Service::is_any_operation("get_item"));
    assert!(!Service::is_any_operation("json"));
    let object = s3.model("Object").unwrap();
    assert_eq!(object.identifiers, ["BucketName", "Key"]);
    let get = object.members_named("get").next().unwrap();
    assert_eq!((get.kind, get.operation.as_str()), (MemberKind::Action, "GetObject"));
    assert_eq!(get.parameters[0].target, "Bucket");
    assert!(s3.model("").unwrap().members_named("Bucket").any(|has| has.returns == "Bucket"));
}

#[test]
fn what_needs_nothing_and_what_is_not_known() {
    check("sts GetCallerIdentity", [], &[]);
    check("shop Buy", [], &["there is no API `shop`"]);
    check("s3 Buy", [], &["there is no operation `s3:Buy`"]);
}

#[test]
fn a_signed_token_needs_the_right_to_connect() {
    let expect = ["rds-db:connect arn:aws:rds-db:R:A:dbuser:${?}/report"];
    check("rds generatedbauthtoken", [("DBUsername", text("report"))], &expect);
    let expect = ["dsql:DbConnect arn:aws:dsql:R:A:cluster/${?}"];
    check("dsql GenerateDbConnectAuthToken", [], &expect);
}
