use text::Loss;

use super::*;
use documents::declaration::Maker;
use documents::value::{Kind, Value};

fn service(text: &str) -> Declared {
    let files = Files::memory([
        ("serverless.yml", text),
        ("functions.yml", "late:\n  handler: late.run\n  timeout: 9\n"),
    ]);
    read("serverless.yml", &files, &Options::default()).unwrap()
}

/// Shows a value on one line, references as CloudFormation's `Sub` would.
fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Text(text) => text.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Bool(value) => value.to_string(),
        Kind::Null => "null".to_owned(),
        Kind::Unknown(why) => format!("?{why}"),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(members) => {
            let members = members.iter().map(|it| format!("{}: {}", it.key, shown(&it.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Kind::Branches(branches) => {
            let branches = branches.iter().map(|it| shown(&it.value));
            branches.collect::<Vec<_>>().join(" | ")
        }
    }
}

fn property(declared: &Declared, id: &str, path: &[&str]) -> Option<String> {
    let declaration = declared.declarations.iter().find(|it| it.id.as_str() == id);
    let Some(declaration) = declaration else {
        let ids: Vec<&str> = declared.declarations.iter().map(|it| it.id.as_str()).collect();
        panic!("no {id} among {ids:?}: {:?}", declared.problems)
    };
    let mut value = &declaration.properties;
    for key in path {
        value = match key.parse::<usize>() {
            Ok(index) => value.items().get(index)?,
            Err(_) => value.get(key)?,
        };
    }
    Some(shown(value))
}

/// Reads a service on AWS with `rest` behind its provider, and compares properties: the logical
/// id, the path in dots, the value.
fn check(rest: &str, expected: &[(&str, &str, &str)]) {
    let declared = service(&format!("service: shop\n{rest}"));
    let problems: Vec<_> =
        declared.problems.iter().filter(|it| it.loss == Loss::Incomplete).collect();
    assert!(problems.is_empty(), "{problems:?}");
    for (id, path, value) in expected {
        let path: Vec<&str> = path.split('.').collect();
        assert_eq!(property(&declared, id, &path).as_deref(), Some(*value), "{id} {path:?}");
    }
}

const AWS: &str = "provider: { name: aws, runtime: nodejs22.x, memorySize: 256 }\n";

#[test]
fn a_function_takes_the_providers_settings_where_it_has_none() {
    let service = "
provider:
  name: aws
  runtime: python3.13
  timeout: 7
  tracing: { lambda: true }
  logRetentionInDays: 30
  environment: { A: shared, B: shared }
  vpc: { subnetIds: [subnet-1], securityGroupIds: [sg-1] }
functions:
  get-item:
    handler: a.b
    timeout: 3
    environment: { B: own, C: !GetAtt Table.Arn, D: !Sub 'x-${Table.Arn}-${env:NONE}-${self:service}-${AWS::Region}', E: { 'Fn::ImportValue': '${self:service}-out' } }
    onError: !GetAtt Dead.Arn
    destinations: { onFailure: other }
    maximumRetryAttempts: 1
    reservedConcurrency: 5
    provisionedConcurrency: 2
  other: { handler: c.d, name: named, vpc: ~, image: \"1.dkr.ecr.eu-west-1.amazonaws.com/x:1\" }
resources:
  Resources:
    Table: { Type: AWS::DynamoDB::Table, Properties: { TableName: t } }
    Dead: { Type: AWS::SQS::Queue }
    GetDashitemLambdaFunction: { Properties: { CodeSigningConfigArn: arn:x } }
";
    let id = "GetDashitemLambdaFunction";
    check(
        service,
        &[
            (id, "Runtime", "python3.13"),
            (id, "casemate:AssetPath", "."),
            (id, "Timeout", "3"),
            ("OtherLambdaFunction", "Timeout", "7"),
            (id, "FunctionName", "shop-dev-get-item"),
            (
                id,
                "Environment.Variables",
                "{A: shared, B: own, C: ${Table.Arn}, D: x-${Table.Arn}-${?}-shop-${AWS::Region}, E: ?the export `shop-out` of another stack}",
            ),
            (id, "TracingConfig.Mode", "Active"),
            (id, "VpcConfig.SubnetIds", "[subnet-1]"),
            (id, "DeadLetterConfig.TargetArn", "${Dead.Arn}"),
            (id, "Role", "${IamRoleLambdaExecution.Arn}"),
            (id, "ReservedConcurrentExecutions", "5"),
            (id, "CodeSigningConfigArn", "arn:x"),
            (
                "GetDashitemLambdaEvConf",
                "DestinationConfig.OnFailure.Destination",
                "${OtherLambdaFunction.Arn}",
            ),
            ("GetDashitemLambdaEvConf", "MaximumRetryAttempts", "1"),
            (
                "GetDashitemProvConcLambdaAlias",
                "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
                "2",
            ),
            ("GetDashitemLogGroup", "LogGroupName", "/aws/lambda/shop-dev-get-item"),
            ("GetDashitemLogGroup", "RetentionInDays", "30"),
            ("OtherLogGroup", "LogGroupName", "/aws/lambda/named"),
            ("OtherLambdaFunction", "PackageType", "Image"),
        ],
    );
    let declared = self::service(&format!("service: shop\n{service}"));
    assert_eq!(property(&declared, "OtherLambdaFunction", &["VpcConfig"]), None);
    let function = declared.declarations.iter().find(|it| it.id.as_str() == id).unwrap();
    assert_eq!((function.name.as_str(), function.type_name.as_str()), ("get-item", "function"));
    assert_eq!(function.made_by, Maker::Author);
    let insertion = function.insertion.as_ref().unwrap();
    assert_eq!(insertion.property("KmsKeyArn", "1"), "kmsKeyArn: 1\n    ");
}

#[test]
fn what_nobody_says_is_what_the_framework_writes() {
    let declared = service("service: a\nprovider: { name: aws }\nfunctions: { f: { handler: h } }");
    let value = |key| property(&declared, "FLambdaFunction", &[key]);
    assert_eq!(value("Timeout").as_deref(), Some("6"));
    assert_eq!(value("MemorySize").as_deref(), Some("1024"));
    assert_eq!(value("Runtime").as_deref(), Some("?the framework's version decides on it"));
}

#[test]
fn rest_routes_are_methods_with_their_authorizers() {
    let service = format!("{AWS}
functions:
  auth: {{ handler: a.auth }}
  list:
    handler: a.list
    events:
      - http: GET items/{{itemId}}
      - http: {{ path: items, method: post, cors: true, private: true, authorizer: auth }}
      - http: {{ path: own, method: put, authorizer: aws_iam, cors: {{ origins: [https://a.example] }} }}
      - http:
          path: pool
          method: any
          authorizer: {{ name: pool, type: COGNITO_USER_POOLS, arn: !GetAtt Pool.Arn }}
          request: {{ schemas: {{ application/json: {{ type: object }} }} }}
resources:
  Resources: {{ Pool: {{ Type: AWS::Cognito::UserPool }} }}
");
    check(
        &service,
        &[
            ("ApiGatewayMethodItemsItemidVarGet", "HttpMethod", "GET"),
            ("ApiGatewayMethodItemsItemidVarGet", "AuthorizationType", "NONE"),
            ("ApiGatewayMethodItemsPost", "AuthorizerId", "${AuthApiGatewayAuthorizer}"),
            ("ApiGatewayMethodItemsPost", "ApiKeyRequired", "true"),
            ("ApiGatewayMethodOwnPut", "AuthorizationType", "AWS_IAM"),
            ("ApiGatewayMethodPoolAny", "AuthorizationType", "COGNITO_USER_POOLS"),
            ("ApiGatewayMethodPoolAny", "RequestValidatorId", "${ApiGatewayShopRequestValidator}"),
            ("PoolApiGatewayAuthorizer", "ProviderARNs", "[${Pool.Arn}]"),
            ("ApiGatewayResourceItemsItemidVar", "ParentId", "${ApiGatewayResourceItems}"),
            (
                "ApiGatewayMethodItemsOptions",
                "Integration.IntegrationResponses.0.ResponseParameters",
                "{method.response.header.Access-Control-Allow-Origin: '*', \
             method.response.header.Access-Control-Allow-Headers: 'Content-Type,X-Amz-Date,\
             Authorization,X-Api-Key,X-Amz-Security-Token,X-Amz-User-Agent,X-Amzn-Trace-Id', \
             method.response.header.Access-Control-Allow-Methods: 'OPTIONS'}",
            ),
            ("ApiGatewayStage", "StageName", "dev"),
            ("ListLambdaPermissionApiGateway", "Principal", "apigateway.amazonaws.com"),
        ],
    );
}

#[test]
fn http_and_websocket_routes() {
    let service = "
provider:
  name: aws
  logs: { httpApi: true }
  httpApi:
    cors: true
    authorizers:
      tokens: { identitySource: $request.header.Authorization, issuerUrl: https://i, audience: a }
      custom: { type: request, functionName: auth }
functions:
  auth: { handler: a.auth }
  api:
    handler: a.api
    events:
      - httpApi: '*'
      - httpApi: { method: GET, path: /x, authorizer: { name: tokens, scopes: [s] } }
      - httpApi: { method: POST, path: /x, authorizer: custom }
      - websocket: $connect
      - websocket: { route: send, authorizer: auth }
";
    check(
        service,
        &[
            ("HttpApi", "CorsConfiguration.AllowOrigins", "[*]"),
            ("HttpApiRouteDefault", "RouteKey", "$default"),
            ("HttpApiRouteGetX", "AuthorizerId", "${HttpApiAuthorizerTokens}"),
            ("HttpApiRouteGetX", "AuthorizationScopes", "[s]"),
            ("HttpApiAuthorizerTokens", "JwtConfiguration", "{Issuer: https://i, Audience: [a]}"),
            ("HttpApiRoutePostX", "AuthorizationType", "CUSTOM"),
            ("HttpApiIntegrationApi", "IntegrationUri", "${ApiLambdaFunction.Arn}"),
            ("HttpApiStage", "AccessLogSettings.DestinationArn", "${HttpApiLogGroup.Arn}"),
            ("SconnectWebsocketsRoute", "AuthorizationType", "NONE"),
            ("sendWebsocketsRoute", "AuthorizerId", "${AuthWebsocketsAuthorizer}"),
        ],
    );
}

#[test]
fn every_other_event_becomes_its_resource() {
    let service = format!("{AWS}
functions:
  f:
    handler: a.b
    url: {{ cors: {{ allowedOrigins: ['https://a.example'] }} }}
    events:
      - sqs: {{ arn: !GetAtt Queue.Arn, batchSize: 3, maximumConcurrency: 4 }}
      - stream: {{ type: dynamodb, arn: !GetAtt Table.StreamArn, maximumRetryAttempts: 2, destinations: {{ onFailure: !GetAtt Queue.Arn }} }}
      - sns: orders
      - sns: {{ arn: 'arn:aws:sns:eu-west-1:111122223333:far', filterPolicy: {{ a: [b] }} }}
      - s3: {{ bucket: uploads, event: 's3:ObjectCreated:Put', rules: [{{ prefix: in/ }}] }}
      - s3: {{ bucket: old, existing: true }}
      - schedule: rate(1 hour)
      - schedule: {{ rate: [rate(2 hours), cron(0 1 * * ? *)], enabled: false }}
      - schedule: {{ rate: rate(3 hours), method: scheduler }}
      - eventBridge: {{ eventBus: shop, pattern: {{ source: [x] }}, deadLetterQueueArn: !GetAtt Queue.Arn }}
      - cloudwatchEvent: {{ event: {{ source: [aws.ec2] }} }}
      - cloudwatchLog: /aws/x
      - alexaSkill: amzn1.ask.skill.1
      - iot: {{ sql: 'SELECT * FROM t' }}
      - alb: {{ listenerArn: 'arn:l', priority: 1, conditions: {{ path: /x }} }}
      - cloudFront: {{ eventType: viewer-request, origin: 's3://x' }}
      - cognitoUserPool: {{ pool: users, trigger: PreSignUp }}
      - msk: {{ arn: 'arn:aws:kafka:r:1:cluster/c/1', topic: t }}
      - kafka: {{ topic: t, bootstrapServers: [b:1], accessConfigurations: {{ vpcSubnet: s }} }}
      - activemq: {{ arn: 'arn:aws:mq:r:1:broker:b:1', queue: q, basicAuthArn: 'arn:s' }}
      - teapot: {{ short: true }}
resources:
  Resources:
    Queue: {{ Type: AWS::SQS::Queue }}
    Table: {{ Type: AWS::DynamoDB::Table }}
");
    check(
        &service,
        &[
            ("FLambdaFunctionUrl", "AuthType", "NONE"),
            ("FLambdaFunctionUrl", "Cors.AllowOrigins", "[https://a.example]"),
            ("FLambdaPermissionFnUrl", "Principal", "*"),
            ("FEventSourceMappingSQSQueue", "EventSourceArn", "${Queue.Arn}"),
            ("FEventSourceMappingSQSQueue", "ScalingConfig.MaximumConcurrency", "4"),
            ("FEventSourceMappingDynamodbTable", "MaximumRetryAttempts", "2"),
            (
                "FEventSourceMappingDynamodbTable",
                "DestinationConfig.OnFailure.Destination",
                "${Queue.Arn}",
            ),
            ("SNSTopicOrders", "TopicName", "orders"),
            ("FSnsSubscriptionOrders", "TopicArn", "${SNSTopicOrders}"),
            ("FSnsSubscriptionFar", "FilterPolicy", "{a: [b]}"),
            (
                "S3BucketUploads",
                "NotificationConfiguration.LambdaConfigurations.0.Function",
                "${FLambdaFunction.Arn}",
            ),
            ("FCustomS32", "BucketName", "old"),
            ("FLambdaPermissionUploadsS3", "SourceArn", "arn:${AWS::Partition}:s3:::uploads"),
            ("FEventsRuleSchedule1", "ScheduleExpression", "rate(1 hour)"),
            ("FEventsRuleSchedule3", "State", "DISABLED"),
            ("FSchedulerSchedule4", "Target.Arn", "${FLambdaFunction.Arn}"),
            ("Shopdevfrule1EventBridgeRule", "EventBusName", "${ShopEventBridgeEventBus}"),
            ("Shopdevfrule1EventBridgeRule", "Targets.0.DeadLetterConfig.Arn", "${Queue.Arn}"),
            ("FEventsRuleCloudWatchEvent1", "EventPattern", "{source: [aws.ec2]}"),
            ("FLogsSubscriptionFilterCloudWatchLog1", "LogGroupName", "/aws/x"),
            ("FLambdaPermissionAlexaSkill1", "Principal", "alexa-appkit.amazon.com"),
            (
                "FIotTopicRule1",
                "TopicRulePayload.Actions.0.Lambda.FunctionArn",
                "${FLambdaFunction.Arn}",
            ),
            ("FAlbTargetGroup1", "Targets.0.Id", "${FLambdaFunction.Arn}"),
            (
                "CloudFrontDistribution",
                "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.0.EventType",
                "viewer-request",
            ),
            ("CognitoUserPoolUsers", "LambdaConfig.PreSignUp", "${FLambdaFunction.Arn}"),
            ("FEventSourceMappingMSKCT", "Topics", "[t]"),
            (
                "FEventSourceMappingKafkaT",
                "SelfManagedEventSource.Endpoints.KafkaBootstrapServers",
                "[b:1]",
            ),
            ("FEventSourceMappingActiveMQQ", "Queues", "[q]"),
            ("FEventTeapot1", "Settings.short", "true"),
        ],
    );
}

#[test]
fn the_shared_role_keeps_what_the_author_said_apart() {
    let text = "service: shop
provider:
  name: aws
  iam:
    role:
      managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess']
      statements:
        - { Effect: Allow, Action: 's3:*', Resource: !GetAtt Bucket.Arn }
functions:
  f: { handler: a.b, events: [{ sqs: 'arn:aws:sqs:r:1:q' }] }
resources: { Resources: { Bucket: { Type: AWS::S3::Bucket } } }
";
    let declared = service(text);
    let role = "IamRoleLambdaExecution";
    let policy = |index: &str, key: &str| property(&declared, role, &["Policies", index, key]);
    assert_eq!(policy("0", "casemate:origin").as_deref(), Some("generated"));
    assert!(policy("0", "PolicyDocument").unwrap().contains("sqs:ReceiveMessage"));
    assert_eq!(policy("1", "casemate:origin"), None);
    let said = property(&declared, role, &["Policies", "1", "PolicyDocument", "Statement", "0"]);
    assert_eq!(said.as_deref(), Some("{Effect: Allow, Action: s3:*, Resource: ${Bucket.Arn}}"));
    let role = declared.declarations.iter().find(|it| it.id.as_str() == role).unwrap();
    assert_eq!(role.made_by, Maker::Framework);
    let action = role.properties.get("Policies").unwrap().items()[1].get("PolicyDocument");
    let action = action.unwrap().get("Statement").unwrap().items()[0].get("Action").unwrap();
    assert_eq!(
        &text[action.span.start as usize..action.span.end as usize].trim_matches('\''),
        &"s3:*"
    );
}

#[test]
fn functions_may_have_roles_of_their_own() {
    let service = "
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  iamRoleStatements: [{ Effect: Allow, Action: 'sns:Publish', Resource: '*' }]
functions:
  a: { handler: a.b, iamRoleStatementsInherit: true, iamRoleStatements: [{ Effect: Allow, Action: 'sqs:*', Resource: '*' }] }
  b: { handler: a.b, role: OwnRole }
  c: { handler: a.b, role: 'arn:aws:iam::111122223333:role/x' }
  d: { handler: a.b }
resources: { Resources: { OwnRole: { Type: AWS::IAM::Role } } }
";
    check(
        service,
        &[
            ("ALambdaFunction", "Role", "${AIamRoleLambdaExecution.Arn}"),
            ("AIamRoleLambdaExecution", "Policies.1.PolicyDocument.Statement.0.Action", "sqs:*"),
            (
                "AIamRoleLambdaExecution",
                "Policies.2.PolicyDocument.Statement.0.Action",
                "sns:Publish",
            ),
            ("BLambdaFunction", "Role", "${OwnRole.Arn}"),
            ("CLambdaFunction", "Role", "arn:aws:iam::111122223333:role/x"),
            ("DLambdaFunction", "Role", "${IamRoleLambdaExecution.Arn}"),
        ],
    );
}

#[test]
fn plugins_declare_resources() {
    let service = format!("{AWS}
custom:
  customDomain: {{ domainName: api.example.com, securityPolicy: tls_1_0 }}
functions:
  f: {{ handler: a.b, events: [{{ http: GET / }}] }}
stepFunctions:
  stateMachines:
    orders:
      tracingConfig: {{ enabled: true }}
      events: [{{ http: {{ path: orders/new, method: POST, private: true }} }}]
      definition: {{ StartAt: A, States: {{ A: {{ Type: Task, Resource: !GetAtt f.Arn, End: true }} }} }}
");
    check(
        &service,
        &[
            ("CustomDomainApiexamplecom", "SecurityPolicy", "TLS_1_0"),
            ("CustomDomainApiexamplecomMapping", "RestApiId", "${ApiGatewayRestApi}"),
            (
                "OrdersStepFunctionsStateMachine",
                "Definition.States.A.Resource",
                "${FLambdaFunction.Arn}",
            ),
            ("OrdersStepFunctionsStateMachine", "TracingConfiguration.Enabled", "true"),
            ("ApiGatewayMethodOrdersNewPost", "ApiKeyRequired", "true"),
            ("ApiGatewayStage", "StageName", "dev"),
            (
                "ApiGatewayMethodOrdersNewPost",
                "Integration.Uri",
                "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution",
            ),
            (
                "OrdersRole",
                "Policies.0.PolicyDocument.Statement.0.Resource",
                "[${FLambdaFunction.Arn}]",
            ),
        ],
    );
}

#[test]
fn constructs_are_queues_with_workers_and_buckets() {
    let service = format!(
        "{AWS}
constructs:
  jobs: {{ type: queue, batchSize: 5, worker: {{ handler: w.run, timeout: 10 }} }}
  files: {{ type: storage }}
functions:
  f: {{ handler: a.b, environment: {{ Q: '${{construct:jobs.queueUrl}}' }} }}
"
    );
    check(
        &service,
        &[
            ("FLambdaFunction", "Environment.Variables.Q", "${JobsQueue}"),
            ("JobsWorkerLambdaFunction", "Timeout", "10"),
            ("JobsWorkerEventSourceMappingSQSJobsQueue", "EventSourceArn", "${JobsQueue.Arn}"),
            ("JobsQueue", "VisibilityTimeout", "60"),
            ("FilesBucket", "VersioningConfiguration.Status", "Enabled"),
        ],
    );
}

#[test]
fn constructs_let_the_functions_use_them() {
    let service = |lift: &str| {
        format!(
            "{AWS}
{lift}
constructs:
  jobs: {{ type: queue, worker: {{ handler: w.run }} }}
  files: {{ type: storage }}
  all: {{ type: database/dynamodb-single-table }}
functions:
  f: {{ handler: a.b, disableLogs: true, environment: {{ T: '${{construct:all.tableName}}' }} }}
"
        )
    };
    let role = "IamRoleLambdaExecution";
    let statement =
        |at: usize, key: &str| format!("Policies.0.PolicyDocument.Statement.{at}.{key}");
    check(
        &service(""),
        &[
            ("FLambdaFunction", "Environment.Variables.T", "${AllTable}"),
            (role, &statement(3, "Action"), "[sqs:SendMessage]"),
            (role, &statement(3, "Resource"), "[${JobsQueue.Arn}]"),
            (role, &statement(4, "Resource"), "[${FilesBucket.Arn}, ${FilesBucket.Arn}/*]"),
            (role, &statement(5, "Resource"), "[${AllTable.Arn}, ${AllTable.Arn}/index/*]"),
        ],
    );
    let declared = super::tests::service(&format!(
        "service: shop\n{}",
        service("lift: { automaticPermissions: false }")
    ));
    let path = ["Policies", "0", "PolicyDocument", "Statement", "3"];
    assert_eq!(property(&declared, role, &path), None);
}

#[test]
fn functions_may_mount_what_they_are_set_up_with() {
    let point = |service: &str| format!("arn:aws:{service}:eu-west-1:111122223333:access-point/p");
    for (service, action) in [
        ("elasticfilesystem", "[elasticfilesystem:ClientMount, elasticfilesystem:ClientWrite]"),
        ("s3files", "[s3files:ClientMount, s3files:ClientWrite]"),
    ] {
        let arn = point(service);
        let system = format!("fileSystemConfig: {{ arn: '{arn}', localMountPath: /mnt/x }}");
        check(
            &format!("{AWS}functions: {{ f: {{ handler: a.b, disableLogs: true, {system} }} }}"),
            &[
                ("FLambdaFunction", "FileSystemConfigs.0.Arn", &arn),
                ("IamRoleLambdaExecution", "Policies.0.PolicyDocument.Statement.0.Action", action),
            ],
        );
    }
}

#[test]
fn functions_come_from_files_and_lists() {
    let service = format!(
        "{AWS}
functions:
  - ${{file(functions.yml)}}
  - early: {{ handler: e.f, timeout: '${{file(functions.yml):late.timeout}}' }}
"
    );
    check(
        &service,
        &[("LateLambdaFunction", "Handler", "late.run"), ("EarlyLambdaFunction", "Timeout", "9")],
    );
    let declared = self::service(&format!("service: shop\n{service}"));
    let early = declared.declarations.iter().find(|it| it.name == "early").unwrap();
    let timeout = early.properties.i64_at(&["Timeout"]);
    let said = timeout.single().unwrap();
    assert_eq!(said.value, 9);
    assert_ne!(said.origin.unwrap().source, said.span.source);
    assert_eq!(declared.files, ["serverless.yml", "functions.yml"]);
}

/// Reads a service with a fault and names the message that is expected, and how many functions
/// are left.
fn check_problem(text: &str, message: &str, functions: usize) {
    let declared = service(text);
    let messages: Vec<&str> = declared.problems.iter().map(|it| it.message.as_str()).collect();
    assert!(messages.contains(&message), "{messages:?}");
    let found = declared.declarations.iter().filter(|it| it.type_name == "function").count();
    assert_eq!(found, functions, "{message}");
}

#[test]
fn faults_are_problems_and_nothing_else_is_lost() {
    let aws = "service: s\nprovider: { name: aws }\n";
    check_problem(
        &format!("{aws}functions: {{ a: ~, b: {{ handler: h }} }}"),
        "function `a` is empty",
        2,
    );
    check_problem(
        &format!("{aws}functions: {{ a: '${{file(x.js):a}}', b: {{ handler: h }} }}"),
        "function `a` could not be read: `x.js` is code, which is not run",
        2,
    );
    check_problem(
        &format!("{aws}functions: {{ a: {{ handler: h, events: '${{file(x.js)}}' }} }}"),
        "events of `a` could not be read: `x.js` is code, which is not run",
        1,
    );
    check_problem(
        &format!(
            "{aws}functions: {{ a: {{ handler: h }} }}\nresources: ['${{file(none.yml)}}', {{ Resources: {{ Q: {{ Type: AWS::SQS::Queue }} }} }}]"
        ),
        "there is no file `none.yml`",
        1,
    );
    check_problem(
        &format!("{aws}functions: {{ a: {{ handler: h, events: [{{ teapot: 1 }}] }} }}"),
        "event `teapot` of `a` is none of the framework's",
        1,
    );
    check_problem(
        &format!(
            "{aws}functions: {{ a: {{ handler: h, iamRoleStatements: [{{ Effect: Allow, Action: 'sqs:*', Resource: '*' }}] }} }}"
        ),
        "`iamRoleStatements` of `a` grant nothing: no plugin reads them",
        1,
    );
    check_problem(
        &format!(
            "{aws}functions: {{ a: {{ handler: h }} }}\nplugins: [serverless-step-functions]\nstepFunctions: {{ stateMachines: {{ m: {{ events: [{{ schedule: rate(1 hour) }}], definition: {{ StartAt: A, States: {{ A: {{ Type: Succeed }} }} }} }} }} }}"
        ),
        "event `schedule` of state machine `m` is not read",
        1,
    );
    check_problem(
        "service: s\nprovider: {}\nfunctions: 7",
        "functions were expected here, each under its name",
        0,
    );
}

#[test]
fn other_clouds_are_read_or_named() {
    let google = service(
        "service: g\nprovider: { name: google, runtime: nodejs20, timeout: 60s }\nfunctions: { f: { handler: http, memorySize: 512, events: [{ http: path }] } }",
    );
    assert_eq!(property(&google, "f", &["available_memory_mb"]).as_deref(), Some("512"));
    assert_eq!(property(&google, "f", &["trigger_http"]).as_deref(), Some("true"));
    let azure = service(
        "service: g\nprovider: { name: azure, runtime: nodejs18 }\nfunctions: { f: { handler: h, events: [{ queue: orders, x-azure-settings: { connection: c } }, { http: true, x-azure-settings: { direction: out, name: res } }] } }",
    );
    assert_eq!(
        property(&azure, "f", &["bindings"]).as_deref(),
        Some(
            "[{type: queueTrigger, source: orders, connection: c}, {type: http, direction: out, name: res}]"
        )
    );
    let other = service("service: g\nprovider: { name: teapot }\nfunctions: { f: { handler: h } }");
    assert_eq!(other.not_read.len(), 1);
    assert!(other.declarations.is_empty());
}

#[test]
fn compositions_give_parameters() {
    let files = Files::memory([
        (
            "serverless-compose.yml",
            "services:\n  api: { path: api, params: { size: 3, queue: '${jobs.queueArn}' } }\n",
        ),
        (
            "api/serverless.yml",
            "service: a\nprovider: { name: aws }\nfunctions: { f: { handler: h, timeout: '${param:size}', environment: { Q: '${param:queue}' } } }",
        ),
    ]);
    let declared = read("api/serverless.yml", &files, &Options::default()).unwrap();
    assert_eq!(property(&declared, "FLambdaFunction", &["Timeout"]).as_deref(), Some("3"));
    let queue = property(&declared, "FLambdaFunction", &["Environment", "Variables", "Q"]).unwrap();
    assert!(queue.contains("resolved when the composition is deployed"), "{queue}");
    assert!(read("serverless-compose.yml", &files, &Options::default()).is_none());
    let services = composed_services("serverless-compose.yml", &files);
    assert_eq!(services[0].folder, "api");
}

#[test]
fn services_in_code_are_named() {
    let files = Files::memory([("serverless.ts", "export default {}")]);
    let declared = read("serverless.ts", &files, &Options::default()).unwrap();
    assert_eq!(declared.not_read.len(), 1);
}

#[test]
fn routes_on_an_api_of_another_stack_have_an_api_of_which_little_is_known() {
    let service = "
provider:
  name: aws
  apiGateway: { restApiId: { 'Fn::ImportValue': shared }, restApiRootResourceId: r }
functions:
  f: { handler: a.b, events: [http: { path: a, method: post, cors: true }] }
";
    let elsewhere = "?the REST API is declared elsewhere";
    check(
        service,
        &[
            ("ApiGatewayMethodAPost", "RestApiId", "${ApiGatewayRestApi}"),
            ("ApiGatewayMethodAOptions", "RestApiId", "${ApiGatewayRestApi}"),
            ("ApiGatewayStage", "AccessLogSetting", elsewhere),
            ("ApiGatewayStage", "MethodSettings", elsewhere),
            ("ApiGatewayWebAcl", "WebACLArn", elsewhere),
        ],
    );
}

#[test]
fn a_usage_plan_beside_the_apis_settings_is_read_before_version_3() {
    for (version, is_read) in [
        ("'2'", true),
        ("^2.72.0", true),
        ("'>=1.0.0 <3.0.0'", true),
        ("'3'", false),
        ("4.x", false),
    ] {
        let text = format!(
            "service: shop\nframeworkVersion: {version}\nprovider: {{ name: aws, usagePlan: {{ throttle: {{ rateLimit: 5 }} }} }}\nfunctions: {{ f: {{ handler: a.b, events: [http: GET a] }} }}\n"
        );
        let declared = service(&text);
        let plan = declared.declarations.iter().any(|it| it.id.as_str() == "ApiGatewayUsagePlan");
        assert_eq!(plan, is_read, "{version}");
    }
}

#[test]
fn a_skill_without_its_id_invokes_in_older_frameworks_only() {
    let service_of = |version: &str| {
        service(&format!(
            "service: s\n{version}provider: {{ name: aws, runtime: nodejs22.x }}\nfunctions: {{ f: {{ handler: a.b, events: [alexaSkill] }} }}"
        ))
    };
    let permitted = |declared: &Declared| {
        declared.declarations.iter().any(|it| it.kind == "AWS::Lambda::Permission")
    };
    let old = service_of("frameworkVersion: '2'\n");
    assert!(permitted(&old) && old.problems.is_empty());
    let new = service_of("frameworkVersion: '3'\n");
    assert!(!permitted(&new));
    assert_eq!(new.problems[0].message, "a skill without its id may not invoke the function");
}
