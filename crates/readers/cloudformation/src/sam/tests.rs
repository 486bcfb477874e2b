use std::collections::BTreeMap;

use crate::{Context, evaluate};
use documents::declaration::Declaration;
use documents::value::{Kind, Value};
use documents::{Files, Options};

/// Expands a template and compares what stands at paths: `Id` gives the kind, `Id.a.b.0` the value
/// there as compact text, `-` where nothing is; a path with `@` before it gives the text in the
/// template that it is placed at, and `!` every problem.
#[track_caller]
fn check(resources: &str, expected: &[(&str, &str)]) {
    let text = format!("Transform: AWS::Serverless-2016-10-31\n{resources}");
    let files = Files::memory([("template.yaml", text.clone())]);
    let parsed = files.document("template.yaml").expect("the template is there");
    let parsed = parsed.get().expect("it was parsed");
    let template = parsed.value.as_ref().expect("it is a document");
    let options = Options::default();
    let context = Context {
        files: &files,
        options: &options,
        path: "template.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    let evaluated = evaluate(template, &context);
    for (path, wanted) in expected {
        if *path == "!" {
            let problems: Vec<_> = evaluated.problems.iter().map(|it| &*it.message).collect();
            assert_eq!(problems.join("; "), *wanted);
            continue;
        }
        let placed = path.strip_prefix('@');
        let found = find(&evaluated.declarations, placed.unwrap_or(path));
        let shown = match (found, placed) {
            (Found::Nothing, _) => "-".to_owned(),
            (Found::Kind(kind), _) => kind,
            (Found::Value(value), None) => show(value),
            (Found::Value(value), Some(_)) => {
                let source = files.source(value.span.source).expect("the span has a source");
                source.slice(value.span).to_owned()
            }
        };
        let made: Vec<_> = evaluated.declarations.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(shown, *wanted, "at `{path}` among {made:?}");
    }
}

enum Found<'a> {
    Nothing,
    Kind(String),
    Value(&'a Value),
}

fn find<'a>(declarations: &'a [Declaration], path: &str) -> Found<'a> {
    let mut steps = path.split(' ');
    let id = steps.next().unwrap_or_default();
    let Some(declaration) = declarations.iter().find(|it| it.id.as_str() == id) else {
        return Found::Nothing;
    };
    let mut value = &declaration.properties;
    let mut walked = false;
    for step in steps {
        walked = true;
        let next = match step.parse::<usize>() {
            Ok(index) if !value.items().is_empty() => value.items().get(index),
            _ => value.get(step),
        };
        match next {
            Some(next) => value = next,
            None => return Found::Nothing,
        }
    }
    if walked { Found::Value(value) } else { Found::Kind(declaration.kind.clone()) }
}

fn show(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => text.to_string(),
        Kind::List(items) => format!("[{}]", list(items.iter().map(show).collect())),
        Kind::Map(members) => {
            let members = members.iter().map(|it| format!("{}: {}", it.key, show(&it.value)));
            format!("{{{}}}", list(members.collect()))
        }
        Kind::Unknown(why) => format!("?{why}"),
        Kind::Branches(alternatives) => {
            let cases =
                alternatives.iter().map(|it| format!("{} → {}", it.condition, show(&it.value)));
            format!("<{}>", list(cases.collect()))
        }
    }
}

#[test]
fn globals_are_merged_by_their_rules() {
    check(
        r"
Globals:
  Function:
    Timeout: 5
    Runtime: python3.13
    Architectures: [arm64]
    Layers: [arn:one]
    Environment: {Variables: {A: '1', B: '1'}}
    Colour: red
Resources:
  Plain: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/}}
  Own:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 9
      Architectures: [x86_64]
      Layers: [arn:two]
      Environment: {Variables: {B: '2'}}
  Free:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Layers]
    Properties: {Layers: [arn:three]}
",
        &[
            ("Plain", "AWS::Lambda::Function"),
            ("Plain Timeout", "5"),
            ("@Plain Timeout", "5"),
            ("Plain Code", "src/"),
            ("Plain MemorySize", "-"),
            ("Own Timeout", "9"),
            ("Own Architectures", "[x86_64]"),
            ("Own Layers", "[arn:one, arn:two]"),
            ("Own Environment Variables", "{A: 1, B: 2}"),
            ("Free Layers", "[arn:three]"),
            ("Free Timeout", "5"),
            ("!", "`Globals` takes no `Colour` for `Function`"),
        ],
    );
}

#[test]
fn a_role_is_made_of_policies_templates_and_what_the_function_needs() {
    check(
        r"
Conditions:
  Production: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Tracing: Active
      Policies:
        - AmazonS3FullAccess
        - S3ReadPolicy: {BucketName: !Ref Bucket}
        - Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]
        - !If [Production, AWSLambdaRole, !Ref AWS::NoValue]
      Events:
        Jobs: {Type: SQS, Properties: {Queue: arn:queue}}
  Given:
    Type: AWS::Serverless::Function
    Properties: {Role: arn:role, Policies: AmazonS3FullAccess}
  Wrong:
    Type: AWS::Serverless::Function
    Properties: {Policies: [{NoSuchPolicy: {}}, {SQSPollerPolicy: {}}]}
",
        &[
            ("Fn Role", "${FnRole.Arn}"),
            ("FnRole", "AWS::IAM::Role"),
            (
                "FnRole casemate:GeneratedManagedPolicyArns",
                "[arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole, \
                 arn:${AWS::Partition}:iam::aws:policy/AWSXrayWriteOnlyAccess, \
                 arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole]",
            ),
            (
                "FnRole ManagedPolicyArns 0",
                "arn:${AWS::Partition}:iam::aws:policy/AmazonS3FullAccess",
            ),
            (
                "FnRole ManagedPolicyArns 1",
                "<`Production` is true → arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole>",
            ),
            ("FnRole Policies 0 casemate:origin", "S3ReadPolicy"),
            ("@FnRole Policies 0 casemate:origin", "S3ReadPolicy"),
            (
                "FnRole Policies 0 PolicyDocument Statement 0 Resource",
                "[arn:${AWS::Partition}:s3:::${Bucket}, arn:${AWS::Partition}:s3:::${Bucket}/*]",
            ),
            ("FnRole Policies 1 PolicyDocument Statement 0 Action", "s3:*"),
            ("@FnRole Policies 1 PolicyDocument Statement 0 Action", "'s3:*'"),
            ("GivenRole", "-"),
            (
                "!",
                "`Policies` has no effect where `Role` is given; `NoSuchPolicy` is no policy \
                 template of SAM; policy template `SQSPollerPolicy` needs `QueueName`",
            ),
        ],
    );
}

#[test]
fn every_policy_template_has_its_statements() {
    let table = include_str!("../../data/sam-policy-templates.txt");
    let names = table.lines().filter_map(|line| line.strip_prefix("policy "));
    let names: Vec<_> = names.filter_map(|heading| heading.split(' ').next()).collect();
    assert_eq!(names.len(), 81);
    let span = text::Span::file(text::SourceId(0));
    for name in names {
        let template = super::policy_template::find(name).expect(name);
        let arguments = template.parameters.iter().map(|it| (*it, Value::text("x", span)));
        let statements = template.statements(&Value::map(arguments, span), span);
        assert!(!statements.is_empty(), "{name}");
        for statement in statements {
            assert!(statement.get("Resource").is_some_and(|it| !it.items().is_empty()), "{name}");
            assert!(!show(&statement).contains("${x"), "{name}: {}", show(&statement));
            let actions = statement.get("Action").map(Value::items).unwrap_or_default();
            let all_known = actions.iter().all(|it| it.as_str().is_some_and(|it| it.contains(':')));
            assert!(all_known && !actions.is_empty(), "{name}");
        }
    }
}

#[test]
fn events_of_sources_become_their_resources() {
    check(
        r"
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic}
  Pool: {Type: AWS::Cognito::UserPool}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        New: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: 's3:ObjectCreated:*'}}
        Note: {Type: SNS, Properties: {Topic: !Ref Topic}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day), Enabled: false, DeadLetterConfig: {Type: SQS}}}
        Later: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day)}}
        SignUp: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PreSignUp}}
        Skill: {Type: AlexaSkill}
        Odd: {Type: Telegraph}
",
        &[
            (
                "Bucket NotificationConfiguration LambdaConfigurations",
                "[{Event: s3:ObjectCreated:*, Function: ${Fn.Arn}}]",
            ),
            ("FnNewPermission Principal", "s3.amazonaws.com"),
            ("FnNewPermission SourceAccount", "${AWS::AccountId}"),
            ("FnNewPermission SourceArn", "-"),
            ("FnNote Endpoint", "${Fn.Arn}"),
            ("FnNotePermission SourceArn", "${Topic}"),
            ("FnDaily State", "DISABLED"),
            ("FnDaily Targets 0 DeadLetterConfig Arn", "${FnDailyQueue.Arn}"),
            ("FnDailyQueuePolicy", "AWS::SQS::QueuePolicy"),
            ("FnDailyPermission SourceArn", "${FnDaily.Arn}"),
            ("FnLater Target RoleArn", "${FnLaterRole.Arn}"),
            ("Pool LambdaConfig PreSignUp", "${Fn.Arn}"),
            ("FnSkillPermission EventSourceToken", "-"),
            ("@FnNote Protocol", "Note"),
            ("!", "events of type `Telegraph` are not known"),
        ],
    );
}

#[test]
fn routes_carry_who_may_call_them() {
    let definition = "Rest Body paths";
    check(
        r"
Resources:
  Rest:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      TracingEnabled: true
      Cors: '*'
      Auth:
        DefaultAuthorizer: Users
        AddDefaultAuthorizerToCorsPreflight: false
        Authorizers: {Users: {UserPoolArn: arn:pool}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Default: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /mine, Method: GET}}
        Open: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /open, Method: any, Auth: {Authorizer: NONE, ApiKeyRequired: true}}}
        Signed: {Type: Api, Properties: {RestApiId: !Ref Rest, Path: /signed, Method: post, Auth: {Authorizer: AWS_IAM}}}
        Implicit: {Type: Api, Properties: {Path: '/a/{id}', Method: get}}
        Rest: {Type: HttpApi}
",
        &[
            ("Rest", "AWS::ApiGateway::RestApi"),
            (&format!("{definition} /mine get security"), "[{Users: []}]"),
            (&format!("@{definition} /mine get"), "Default"),
            (&format!("{definition} /mine options security"), "-"),
            (
                &format!("{definition} /open x-amazon-apigateway-any-method security"),
                "[{api_key: []}]",
            ),
            (&format!("{definition} /signed post security"), "[{AWS_IAM: []}]"),
            (
                &format!("{definition} /mine get x-amazon-apigateway-integration uri"),
                "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations",
            ),
            (
                "Rest Body securityDefinitions Users x-amazon-apigateway-authtype",
                "cognito_user_pools",
            ),
            ("Rest Body securityDefinitions AWS_IAM x-amazon-apigateway-authtype", "awsSigv4"),
            ("RestliveStage TracingEnabled", "true"),
            (
                "FnImplicitPermissionProd SourceArn",
                "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ServerlessRestApi}/*/GET/a/*",
            ),
            ("ServerlessRestApi Body paths /a/{id} get security", "-"),
            ("ServerlessHttpApi", "AWS::ApiGatewayV2::Api"),
            (
                "ServerlessHttpApi Body paths $default x-amazon-apigateway-any-method isDefaultRoute",
                "true",
            ),
            ("ServerlessHttpApiApiGatewayDefaultStage StageName", "$default"),
            ("!", ""),
        ],
    );
}

#[test]
fn an_open_route_stays_open_under_a_default_authorizer() {
    check(
        r"
Resources:
  Http:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: true
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens: {IdentitySource: $request.header.Authorization, JwtConfiguration: {Issuer: https://issuer, Audience: [a]}}
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Open: {Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /open, Method: get, Auth: {Authorizer: NONE}}}
        Mine: {Type: HttpApi, Properties: {ApiId: !Ref Http, Path: /mine, Method: get}}
",
        &[
            ("Http Body paths /open get security", "[]"),
            ("@Http Body paths /open get security", "NONE"),
            ("Http Body paths /mine get security", "[{Tokens: []}]"),
            ("Http Body components securitySchemes Tokens type", "oauth2"),
            ("Http CorsConfiguration", "{AllowOrigins: [*]}"),
        ],
    );
}

#[test]
fn addresses_aliases_destinations_and_roles_under_conditions() {
    check(
        r"
Conditions:
  Production: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Role: !If [Production, arn:role, !Ref AWS::NoValue]
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}
  Caller:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {VERSION: !Ref Fn.Version, ALIAS: !Ref Fn.Alias}}}
",
        &[
            ("Fn Role", "<`Production` is true → arn:role, `Production` is false → ${FnRole.Arn}>"),
            ("FnUrl TargetFunctionArn", "${FnAliaslive}"),
            ("FnAliaslive FunctionName", "${Fn}"),
            ("FnUrlPublicPermissions Principal", "*"),
            ("@FnUrlPublicPermissions Principal", "NONE"),
            ("FnURLInvokeAllowPublicAccess InvokedViaFunctionUrl", "true"),
            (
                "FnEventInvokeConfig DestinationConfig OnFailure Destination",
                "${FnEventInvokeConfigOnFailureQueue.Arn}",
            ),
            ("FnRole Policies 0 PolicyDocument Statement 0 Action", "[sqs:SendMessage]"),
            ("Caller Environment Variables", "{VERSION: ${FnVersion}, ALIAS: ${FnAliaslive}}"),
        ],
    );
}

#[test]
fn state_machines_tables_and_connectors() {
    check(
        r"
Resources:
  Table: {Type: AWS::Serverless::SimpleTable}
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Fn:
    Type: AWS::Serverless::Function
    Connectors:
      ToTable: {Properties: {Destination: {Id: Table}, Permissions: [Read]}}
  Machine:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: First}
      Policies: [{LambdaInvokePolicy: {FunctionName: !Ref Fn}}]
      Events:
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Fan:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Topic}, Destination: {Id: Queue}, Permissions: [Write]}
",
        &[
            ("Table", "AWS::DynamoDB::Table"),
            ("Table BillingMode", "PAY_PER_REQUEST"),
            ("Machine", "AWS::StepFunctions::StateMachine"),
            ("Machine RoleArn", "${MachineRole.Arn}"),
            ("MachineRole Policies 0 casemate:origin", "LambdaInvokePolicy"),
            ("MachineDaily Targets 0 RoleArn", "${MachineDailyRole.Arn}"),
            ("FnToTablePolicy Roles", "[${FnRole}]"),
            (
                "FnToTablePolicy PolicyDocument Statement 0 Resource",
                "[${Table.Arn}, ${Table.Arn}/index/*]",
            ),
            ("FanQueuePolicy Queues", "[${Queue}]"),
            ("Fan", "-"),
            ("!", ""),
        ],
    );
}

#[test]
fn what_is_unknown_stays_unknown() {
    check(
        r"
Parameters: {Secret: {Type: String}}
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: !Ref Secret
      Events: {Odd: {Type: !Ref Secret}}
  Two: {Type: AWS::Serverless::Function, Properties: 7}
  Three: {Type: AWS::Serverless::Function, Properties: {Events: [], Policies: [7], FunctionUrlConfig: yes}}
",
        &[("Fn", "AWS::Lambda::Function"), ("Two", "AWS::Lambda::Function")],
    );
}
