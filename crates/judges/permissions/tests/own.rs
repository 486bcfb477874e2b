use app_graph::Arns;
use iam::api::Call;
use profile::{ApiCall, Behaviour, Coverage, Language};
use text::{SourceId, Span};

const TEMPLATE: &str = "
Resources:
  Order:
    Type: AWS::Lambda::Function
    Properties: {FunctionName: order, Runtime: python3.13, Handler: app.handler, Code: {ZipFile: ''}}
";

#[test]
fn a_durable_function_checkpoints_its_own_executions() {
    let files = templates::Files::memory([("template.yaml", TEMPLATE)]);
    let reading = templates::read(&files, &templates::Options::default());
    let [application] = reading.applications.as_slice() else { panic!("{reading:?}") };
    let call = Call {
        service: "lambda".to_owned(),
        operation: "CheckpointDurableExecution".to_owned(),
        arguments: Vec::new(),
        rest_unknown: None,
    };
    let calls = vec![ApiCall { call, span: Span::file(SourceId(0)), through: Vec::new() }];
    let behaviour = Behaviour { calls, ..Behaviour::new(Coverage::Read(Language::Python)) };
    let arns = Arns::new(application);
    let profile = profile::derive(application, &arns, &application.functions[0], behaviour);
    let needs = profile.needs.iter().filter(|need| need.action.starts_with("lambda:"));
    let shown: Vec<String> = needs.map(|need| need.resource.to_string()).collect();
    let own = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:order";
    assert_eq!(shown, [format!("{own}:*/durable-execution/*/*")]);
}
