use app_graph::{Code, Packaging, UrlAuth};
use iam::PrincipalKind;
use text::Setting;

use super::lowered;

#[test]
fn a_function_keeps_everything_that_is_said_of_it() {
    let (graph, problems) = lowered(
        "
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Timeout: !If [Prod, 30, 900]
      MemorySize: '512'
      Code: src/
      Role: arn:aws:iam::111122223333:role/imported
      Environment: {Variables: {TABLE: !Ref Orders, KEY: !If [Prod, a, b], OTHER: !ImportValue x}}
      VpcConfig: {SubnetIds: [], SecurityGroupIds: []}
      DeadLetterConfig: {TargetArn: !GetAtt Dead.Arn}
      Layers: [!If [Prod, 'arn:aws:lambda:eu-west-1:999999999999:layer:x:1', !Ref AWS::NoValue]]
  Orders: {Type: AWS::DynamoDB::Table}
  Dead: {Type: AWS::SQS::Queue}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub '/aws/lambda/${Work}'}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Work, AuthType: NONE, Cors: {AllowOrigins: ['*']}}}
  Anyone: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Work, Action: 'lambda:InvokeFunctionUrl', Principal: '*', FunctionUrlAuthType: NONE}}
  Async: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref Work, Qualifier: $LATEST, MaximumRetryAttempts: 0}}
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Work, Name: live, ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}}}
  Boxed: {Type: AWS::Lambda::Function, Properties: {Code: {ImageUri: 'x/y:latest'}}}
  Shipped: {Type: AWS::Lambda::Function, Properties: {Code: {ImageUri: !ImportValue x}}}
",
    );
    assert!(problems.is_empty(), "{problems:?}");
    let work = &graph.functions[0];
    let timeouts: Vec<u32> = work.timeout.known_values().map(|said| said.value).collect();
    assert_eq!(timeouts, [30, 900]);
    assert!(work.memory.any(|memory| *memory == 512));
    assert!(work.code.any(|code| *code == Code::Path("src".into())));
    assert_eq!(work.network, Setting::Unset);
    let variables: Vec<&str> =
        work.environment.iter().map(|variable| variable.name.value.as_str()).collect();
    assert_eq!(variables, ["TABLE", "KEY", "OTHER"]);
    assert!(work.environment[2].value.unknown().is_some());
    let destination = &work.failure_destination.single().unwrap().value;
    assert_eq!(destination.entity.as_ref().unwrap().as_str(), "Dead");
    assert!(work.layers[0].when.is_some());
    let url = work.url.as_ref().unwrap();
    assert!(url.auth.any(|auth| *auth == UrlAuth::Anyone));
    assert!(work.maximum_retries.any(|retries| *retries == 0));
    assert!(work.provisioned_concurrency.any(|warm| *warm == 5));
    let permission = &work.permissions[0];
    assert_eq!(permission.principals.named()[0].kind, PrincipalKind::Everyone);
    assert!(permission.has_condition_on("lambda:FunctionUrlAuthType"));
    assert_eq!(graph.log_group_of(work).unwrap().entity.name, "Logs");
    assert_eq!(graph.functions[1].packaging, Packaging::Image);
    let shipped = &graph.functions[2].code.unknown().unwrap().why;
    assert_eq!(shipped, "it is a container image: the export `x` of another stack");
}
