use app_graph::{EdgeKind, Node};

use super::lowered;

const FUNCTION: &str = "
  Work:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: work, Role: !GetAtt WorkRole.Arn}
  WorkRole:
    Type: AWS::IAM::Role
    Properties: {}
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Work, Name: live}
";

/// Compares the triggers of a template that also has the function `Work` with its alias `Live`:
/// `name kind source > target [condition]`.
fn check(resources: &str, expect: &[&str]) {
    let (graph, problems) = lowered(&format!("{FUNCTION}{resources}"));
    assert!(problems.is_empty(), "{problems:?}");
    let mut found: Vec<String> = graph
        .triggers
        .iter()
        .map(|trigger| {
            let source = match (&trigger.source_entity, trigger.source.known_values().next()) {
                (Some(entity), _) => entity.to_string(),
                (None, Some(said)) => format!("'{}'", said.value),
                (None, None) => "-".to_owned(),
            };
            let target = trigger.function.as_ref().or(trigger.other_target.as_ref());
            let target = target.map_or("-".to_owned(), ToString::to_string);
            let kind = trigger.kind.as_str();
            let condition = trigger.entity.condition.as_deref();
            let condition = condition.map_or(String::new(), |words| format!(" [{words}]"));
            format!("{} {kind} {source} > {target}{condition}", trigger.entity.name)
        })
        .collect();
    found.sort();
    assert_eq!(found, expect);
    let ids: std::collections::BTreeSet<_> =
        graph.triggers.iter().map(|trigger| &trigger.entity.id).collect();
    assert_eq!(ids.len(), graph.triggers.len(), "ids are unique: {ids:?}");
}

#[test]
fn mappings_are_named_by_what_they_poll() {
    check(
        "
  Jobs: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}
  A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Live}}
  B: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Orders.StreamArn, FunctionName: work}}
  C: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !Sub 'arn:aws:kinesis:${AWS::Region}:111122223333:stream/clicks', FunctionName: !Sub '${Work.Arn}:live'}}
  D: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !ImportValue other, FunctionName: !Ref Work}}
  E: {Type: AWS::Lambda::EventSourceMapping, Properties: {SelfManagedEventSource: {}, Topics: [t], FunctionName: !Ref Work}}
  G: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !ImportValue other, AmazonManagedKafkaEventSourceConfig: [], SelfManagedEventSource: !Ref AWS::NoValue, FunctionName: !Ref Work}}
",
        &[
            "A queue Jobs > Work",
            "B table stream Orders > Work",
            "C stream 'arn:aws:kinesis:${AWS::Region}:111122223333:stream/clicks' > Work",
            "D event source - > Work",
            "E self-managed Kafka - > Work",
            "G event source - > Work",
        ],
    );
}

#[test]
fn pushed_events_reach_functions_and_queues() {
    check(
        "
  Files:
    Type: AWS::S3::Bucket
    Properties:
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: 's3:ObjectCreated:*', Function: !GetAtt Work.Arn, Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}}
        QueueConfigurations:
          - {Event: 's3:ObjectRemoved:*', Queue: !GetAtt Jobs.Arn}
  Jobs: {Type: AWS::SQS::Queue}
  News: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: sqs, Endpoint: !GetAtt Jobs.Arn}, {Protocol: email, Endpoint: a@example.com}]}}
  Sub: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, TopicArn: !Ref News, Endpoint: !If [Prod, !GetAtt Work.Arn, !Ref Live]}}
  Nightly: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt Work.Arn}, {Id: b, Arn: !GetAtt Jobs.Arn}]}}
  Uploaded:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.s3], detail: {bucket: {name: [!Ref Files]}}}
      Targets: [{Id: a, Arn: !GetAtt Work.Arn}]
",
        &[
            "Files bucket Files > Jobs",
            "Files bucket Files > Work",
            "News topic News > Jobs",
            "Nightly schedule - > Jobs",
            "Nightly schedule - > Work",
            "Sub topic News > Work [`Prod` is false]",
            "Sub topic News > Work [`Prod` is true]",
            "Uploaded event rule Files > Work",
        ],
    );
}

#[test]
fn results_and_failures_invoke_functions_only() {
    check(
        "
  Jobs: {Type: AWS::SQS::Queue}
  After:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Work
      DestinationConfig: {OnSuccess: {Destination: !Ref Live}, OnFailure: {Destination: !GetAtt Jobs.Arn}}
",
        &["After function Work > Work"],
    );
}

#[test]
fn schedules_that_call_services_invoke_what_the_call_names() {
    check(
        r#"
  Jobs: {Type: AWS::SQS::Queue}
  Call:
    Type: AWS::Scheduler::Schedule
    Properties:
      Target: {Arn: "arn:aws:scheduler:::aws-sdk:lambda:invoke", Input: !Sub '{"FunctionName": "${Work}"}'}
  Send:
    Type: AWS::Scheduler::Schedule
    Properties:
      Target: {Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", Input: !Sub '{"QueueUrl": "${Jobs}"}'}
"#,
        &["Call schedule - > Work", "Send schedule - > Jobs"],
    );
}

#[test]
fn services_invoke_by_their_own_settings() {
    check(
        "
  Pool: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt Work.Arn, CustomEmailSender: {LambdaArn: !Ref Live, LambdaVersion: V1_0}}}}
  Mail: {Type: AWS::SES::ReceiptRule, Properties: {Rule: {Actions: [{LambdaAction: {FunctionArn: !GetAtt Work.Arn}}]}}}
  Made: {Type: Custom::Seed, Properties: {ServiceToken: !GetAtt Work.Arn}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {DefaultCacheBehavior: {LambdaFunctionAssociations: [{LambdaFunctionARN: !Ref Live}]}}}
  Cool: {Type: AWS::CloudWatch::Alarm, Properties: {AlarmActions: ['arn:aws:automate:eu-west-1:ec2:reboot']}}
",
        &[
            "Made custom resource - > Work",
            "Mail mail Mail > Work",
            "Pool user pool Pool > Work",
            "Pool user pool Pool > Work",
            "Site distribution Site > Work",
        ],
    );
}

#[test]
fn a_state_machine_invokes_what_its_states_name() {
    check(
        r#"
  Jobs: {Type: AWS::SQS::Queue}
  Flow:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionSubstitutions: {Arn: !GetAtt Work.Arn}
      DefinitionString: !Sub >-
        {"StartAt": "A", "States": {
          "A": {"Type": "Task", "Resource": "${!Arn}", "Next": "B"},
          "B": {"Type": "Map", "Iterator": {"States": {"C": {"Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "${Jobs}"}}}}},
          "D": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::lambda:invoke.waitForTaskToken",
            "Arguments": {"FunctionName": "${Work.Arn}"}}}}
"#,
        &[
            "Flow state machine Flow > Jobs",
            "Flow state machine Flow > Work",
            "Flow state machine Flow > Work",
        ],
    );
}

#[test]
fn a_permission_alone_tells_of_a_trigger_elsewhere() {
    check(
        "
  Files: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: x, Function: !GetAtt Work.Arn}]}}}
  P1: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: s3.amazonaws.com, SourceArn: !GetAtt Files.Arn}}
  P2: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: !Sub 'apigateway.${AWS::URLSuffix}', SourceArn: 'arn:aws:execute-api:eu-west-1:111122223333:abc/prod/GET/orders'}}
  P3: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: alexa-appkit.amazon.com}}
  P4: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunction', Principal: sqs.amazonaws.com, SourceArn: !GetAtt Jobs.Arn}}
  Jobs: {Type: AWS::SQS::Queue}
",
        &[
            "Files bucket Files > Work",
            "P2 REST API 'arn:aws:execute-api:eu-west-1:111122223333:abc/prod/GET/orders' > Work",
            "P3 voice skill - > Work",
        ],
    );
}

/// Every edge of a graph in words.
fn edges_of(graph: &app_graph::AppGraph) -> Vec<String> {
    graph
        .edges()
        .iter()
        .map(|edge| {
            let node = |node: &Node| match node {
                Node::Internet => "internet".to_owned(),
                Node::Entity(id) => id.to_string(),
            };
            let kind = match edge.kind {
                EdgeKind::MayAccess(access) => format!("{access:?}"),
                kind => format!("{kind:?}"),
            };
            format!("{} {kind} {}", node(&edge.from), node(&edge.to))
        })
        .collect()
}

#[test]
fn a_path_leads_from_the_internet_to_the_table() {
    let (graph, _) = lowered(
        "
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Work, AuthType: NONE}}
  Work: {Type: AWS::Lambda::Function, Properties: {Role: !GetAtt WorkRole.Arn}}
  Orders: {Type: AWS::DynamoDB::Table}
  Other: {Type: AWS::DynamoDB::Table}
  WorkRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement: [{Effect: Allow, Action: ['dynamodb:GetItem'], Resource: [!GetAtt Orders.Arn, !Sub '${Orders.Arn}/*']}]
",
    );
    let edges = edges_of(&graph);
    assert_eq!(
        edges,
        [
            "internet Reaches Url>Work",
            "Url>Work Invokes Work",
            "Work RunsAs WorkRole",
            "WorkRole Read Orders",
        ]
    );
    let path = graph.path_through(&graph.functions[0].entity.id).unwrap();
    assert_eq!(path.nodes().count(), 5);
    let other = graph.resources.iter().find(|resource| resource.entity.name == "Other").unwrap();
    assert_eq!(graph.path_through(&other.entity.id), None);
}

/// Compares the way through an entity, as the names on it.
fn check_path(resources: &str, through: &str, expect: Option<&str>) {
    let (graph, _) = lowered(&format!("{FUNCTION}{resources}"));
    let path = graph.path_through(&text::EntityId::new(through)).map(|path| {
        let names = path.nodes().map(|node| match node {
            Node::Internet => "internet".to_owned(),
            Node::Entity(id) => id.to_string(),
        });
        names.collect::<Vec<_>>().join(" ")
    });
    assert_eq!(path.as_deref(), expect, "through {through}");
}

#[test]
fn a_path_begins_at_the_queue_where_nothing_is_open() {
    let resources = "
  Jobs: {Type: AWS::SQS::Queue}
  Orders: {Type: AWS::DynamoDB::Table}
  Poll: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Jobs.Arn, FunctionName: !Ref Work}}
  Grant:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref WorkRole]
      PolicyDocument: {Statement: [{Effect: Allow, Action: ['dynamodb:PutItem', 'sqs:SendMessage'], Resource: [!GetAtt Orders.Arn, !GetAtt Jobs.Arn]}]}
";
    let way = "Jobs Poll>Work Work WorkRole Orders";
    check_path(resources, "Orders", Some(way));
    // The function feeds its own queue, which is no way to anywhere.
    check_path(resources, "Jobs", Some(way));
    check_path(resources, "WorkRole", Some(way));
}

#[test]
fn a_runbook_invokes_what_its_steps_name() {
    check(
        "
  Runbook: {Type: AWS::SSM::Document, Properties: {DocumentType: Automation, Content: {schemaVersion: '0.3', mainSteps: [{name: a, action: 'aws:invokeLambdaFunction', inputs: {FunctionName: !Ref Work}}, {name: b, action: 'aws:sleep', inputs: {Duration: PT1M}}]}}}
  Written: {Type: AWS::SSM::Document, Properties: {Content: !Sub '{\"mainSteps\": [{\"action\": \"aws:invokeLambdaFunction\", \"inputs\": {\"FunctionName\": \"${Work}\"}}]}'}}
",
        &["Runbook automation Runbook > Work", "Written automation Written > Work"],
    );
}

#[test]
fn a_consumer_stands_for_its_stream() {
    check(
        "
  Clicks: {Type: AWS::Kinesis::Stream}
  Fan: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt Clicks.Arn, ConsumerName: c}}
  A: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Fan.ConsumerARN, FunctionName: !Ref Work}}
",
        &["A stream Clicks > Work"],
    );
}

#[test]
fn agents_call_functions_through_a_gateway() {
    let gateway = |auth: &str, interceptor: &str| {
        format!("
  Gate: {{Type: AWS::BedrockAgentCore::Gateway, Properties: {{AuthorizerType: {auth}{interceptor}}}}}
  Tool: {{Type: AWS::BedrockAgentCore::GatewayTarget, Properties: {{GatewayIdentifier: !Ref Gate, TargetConfiguration: {{Mcp: {{Lambda: {{LambdaArn: !GetAtt Work.Arn}}}}}}}}}}
  May: {{Type: AWS::Lambda::Permission, Properties: {{FunctionName: !Ref Work, Principal: bedrock-agentcore.amazonaws.com, Action: lambda:InvokeFunction}}}}
")
    };
    let intercepted = ", InterceptorConfigurations: [{InterceptionPoints: [REQUEST], Interceptor: {Lambda: {Arn: !GetAtt Work.Arn}}}]";
    let tool = "Tool agent gateway Gate > Work";
    check(&gateway("NONE", ""), &[tool]);
    check(&gateway("NONE", intercepted), &["Gate authorizer Gate > Work", tool]);
    for (auth, interceptor, expect) in [
        ("NONE", "", "Anyone"),
        ("NONE", intercepted, "Function"),
        ("AWS_IAM", "", "Iam"),
        ("CUSTOM_JWT", intercepted, "Token"),
    ] {
        let (graph, _) = lowered(&format!("{FUNCTION}{}", gateway(auth, interceptor)));
        let route = graph.triggers.iter().find_map(|trigger| trigger.route.clone()).unwrap();
        let said = format!("{:?}", route.auth.single().unwrap().value);
        assert!(said.starts_with(expect), "{auth}: {said}");
    }
}

#[test]
fn a_policy_reaches_what_it_refers_to_by_whatever_stands_for_it() {
    let (graph, _) = lowered(
        "
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {ProtocolType: WEBSOCKET}}
  Live: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Chat, StageName: live}}
  Cluster: {Type: AWS::MSK::ServerlessCluster}
  Jobs: {Type: AWS::SQS::Queue}
  Shop: {Type: AWS::DSQL::Cluster}
  Pipe: {Type: AWS::Pipes::Pipe, Properties: {RoleArn: !GetAtt PipeRole.Arn, Source: !GetAtt Jobs.Arn, Target: !Ref Cluster}}
  PipeRole:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 'execute-api:ManageConnections', Resource: !Sub '${Live.ExecutionArn}/POST/*'}
              - {Effect: Allow, Action: 'kafka-cluster:*', Resource: !Sub '${Cluster.Arn}/*'}
              - {Effect: Allow, Action: 'dsql:DbConnect', Resource: !Sub 'arn:${AWS::Partition}:dsql:*:*:cluster/${Shop}'}
              - {Effect: Allow, Action: 's3:GetObject', Resource: !Sub 'arn:aws:s3:::${Shop}'}
  Admin:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{PolicyName: p, PolicyDocument: {Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}}]
",
    );
    assert_eq!(
        edges_of(&graph),
        [
            "Admin Full Chat",
            "Admin Full Jobs",
            "Jobs Feeds Pipe>Cluster",
            "Pipe>Cluster Invokes Cluster",
            "Pipe>Cluster RunsAs PipeRole",
            "PipeRole Write Chat",
            "PipeRole Full Cluster",
            "PipeRole Write Shop",
        ]
    );
}
