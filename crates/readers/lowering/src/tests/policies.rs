use app_graph::{AttachedOrigin, IdentityKind};
use iam::{Effect, Listing, Principals};

use super::lowered;

/// Compares the statements of the role `R`: `effect actions on resources [condition]`.
fn check(document: &str, expect: &[&str]) {
    let document = document.trim().replace('\n', "\n            ");
    let (graph, _) = lowered(&format!(
        "
  Box: {{Type: AWS::S3::Bucket}}
  R:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: p
          PolicyDocument:
            {document}
"
    ));
    let attached = &graph.identities[0].attached;
    let policy = &attached[0].policy;
    let patterns = |patterns: &iam::Patterns| {
        let listing = if patterns.listing == Listing::Only { "" } else { "not " };
        let texts: Vec<String> =
            patterns.patterns.iter().map(|said| said.value.to_string()).collect();
        let unknown = if patterns.unknowns.is_empty() { "" } else { "?" };
        format!("{listing}{}{unknown}", texts.join(","))
    };
    let mut found: Vec<String> = policy
        .statements
        .iter()
        .map(|statement| {
            let effect = if statement.effect == Effect::Allow { "allow" } else { "deny" };
            let when = statement.when.as_deref();
            let when = when.map_or(String::new(), |words| format!(" [{words}]"));
            let actions = patterns(&statement.actions);
            let conditions: Vec<String> = statement
                .conditions
                .iter()
                .map(|condition| format!(" if {} {}", condition.operator, condition.key))
                .collect();
            let resources = patterns(&statement.resources);
            format!("{effect} {actions} on {resources}{}{when}", conditions.join(""))
        })
        .collect();
    found.extend(policy.unknowns.iter().map(|unknown| format!("unknown: {}", unknown.why)));
    assert_eq!(found, expect);
}

#[test]
fn every_form_of_a_statement_is_read() {
    check(
        "
Statement:
  Effect: Allow
  Action: 's3:*'
  Resource: '*'",
        &["allow s3:* on *"],
    );
    check(
        "
Statement:
  - {Effect: Deny, NotAction: ['s3:GetObject', 'sqs:*'], NotResource: !Sub '${Box.Arn}/*'}
  - {Effect: Allow, Action: a:B, Resource: '*', Condition: {Bool: {'aws:SecureTransport': true}}}",
        &[
            "deny not s3:GetObject,sqs:* on not ${Box.Arn}/*",
            "allow a:B on * if Bool aws:SecureTransport",
        ],
    );
}

#[test]
fn conditions_of_the_template_stay_with_what_they_guard() {
    check(
        "
Statement:
  - Effect: Allow
    Action: ['s3:GetObject', !If [Prod, 's3:PutObject', 's3:*']]
    Resource: '*'
  - !If [Prod, {Effect: Allow, Action: 'sqs:*', Resource: '*'}, !Ref AWS::NoValue]",
        &[
            "allow s3:GetObject on *",
            "allow s3:PutObject on * [`Prod` is true]",
            "allow s3:* on * [`Prod` is false]",
            "allow sqs:* on * [`Prod` is true]",
        ],
    );
}

#[test]
fn what_is_unknown_is_said() {
    check(
        "
Statement:
  - {Effect: Allow, Action: !ImportValue actions, Resource: !ImportValue resource}
  - {Effect: Permit, Action: 's3:*', Resource: '*'}
  - {Effect: Allow, Resource: '*'}",
        &[
            "allow ? on ?",
            "unknown: the statement's effect is wrong",
            "unknown: the statement has no `Action`",
        ],
    );
}

#[test]
fn a_document_written_as_text_keeps_its_references() {
    let (graph, problems) = lowered(
        r#"
  Box: {Type: AWS::S3::Bucket}
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: !Sub '{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${Box.Arn}/*"}]}'
"#,
    );
    assert!(problems.is_empty(), "{problems:?}");
    let identity = &graph.identities[0];
    assert_eq!(identity.kind, IdentityKind::Policy);
    let resource = &identity.attached[0].policy.statements[0].resources.patterns[0];
    assert_eq!(resource.value.to_string(), "${Box.Arn}/*");
    assert_eq!(resource.value.references().count(), 1);
}

#[test]
fn policies_are_attached_to_the_roles_that_they_name() {
    let (graph, _) = lowered(
        "
  R:
    Type: AWS::IAM::Role
    Properties:
      RoleName: worker
      ManagedPolicyArns: [!Ref Shared, 'arn:aws:iam::aws:policy/AmazonS3FullAccess', !If [Prod, 'arn:aws:iam::aws:policy/ReadOnlyAccess', !Ref AWS::NoValue]]
      AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {Service: [lambda.amazonaws.com], AWS: '*'}, Action: 'sts:AssumeRole'}}
  Shared: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: 's3:*', Resource: '*'}}}}
  Inline: {Type: AWS::IAM::Policy, Properties: {PolicyName: i, Roles: [worker], PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}}}
  Alone: {Type: AWS::IAM::ManagedPolicy, Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:*', Resource: '*'}}}}
",
    );
    let role = &graph.identities[0];
    let names: Vec<_> = role
        .attached
        .iter()
        .map(|attached| attached.declared_by.as_ref().map(|entity| entity.name.as_str()))
        .collect();
    assert_eq!(names, [Some("Shared"), Some("Inline")]);
    let managed: Vec<_> = role
        .managed
        .iter()
        .map(|managed| (managed.arn.value.literal().unwrap(), managed.when.is_some()))
        .collect();
    assert_eq!(
        managed,
        [
            ("arn:aws:iam::aws:policy/AmazonS3FullAccess", false),
            ("arn:aws:iam::aws:policy/ReadOnlyAccess", true),
        ]
    );
    assert_eq!(role.attached[0].origin, AttachedOrigin::Written);
    let trust = role.trust.as_ref().unwrap();
    let Principals::Only(principals) = &trust.statements[0].principals else { panic!() };
    assert_eq!(principals.len(), 2);
    assert!(principals.iter().any(iam::Principal::is_everyone));
    let kinds: Vec<_> = graph.identities.iter().map(|identity| identity.kind).collect();
    assert_eq!(kinds, [IdentityKind::Role, IdentityKind::Policy]);
}

#[test]
fn policies_reach_apis_parameters_and_logs_by_every_name_they_have() {
    use app_graph::Access::{Full, Read, ReadWrite, Write};
    for (statement, target, access) in [
        ("Action: appsync:GraphQL, Resource: !Sub '${Graph.Arn}/*'", "Graph", Write),
        ("Action: appsync:GraphQL, Resource: 'arn:aws:appsync:*:*:apis/*/types/*'", "Graph", Write),
        (
            "Action: execute-api:ManageConnections, Resource: !Sub 'arn:aws:execute-api:*:*:${Sockets}/*'",
            "Sockets",
            Write,
        ),
        ("Action: ssm:GetParameter, Resource: 'arn:aws:ssm:*:*:parameter/app/key'", "Key", Read),
        (
            "Action: logs:PutLogEvents, Resource: !Sub 'arn:aws:logs:*:*:log-group:/aws/lambda/${F}:*'",
            "Log",
            Write,
        ),
        (
            "Action: [sqs:ReceiveMessage, sqs:SendMessage], Resource: !GetAtt Jobs.Arn",
            "Jobs",
            ReadWrite,
        ),
        ("Action: [sqs:ReceiveMessage, 'sqs:*'], Resource: !GetAtt Jobs.Arn", "Jobs", Full),
    ] {
        let role = format!(
            "Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{{Effect: Allow, {statement}}}]}}}}]"
        );
        assert_eq!(accesses(&role), [(target.to_owned(), access)], "{statement}");
    }
    let basic =
        "ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]";
    assert_eq!(accesses(basic), [("Log".to_owned(), Write)]);
}

/// What a role with these properties may do to which resource.
fn accesses(role: &str) -> Vec<(String, app_graph::Access)> {
    let (graph, _) = lowered(&format!(
        "
  Role: {{Type: AWS::IAM::Role, Properties: {{{role}}}}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt Role.Arn}}}}
  Log: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: !Sub '/aws/lambda/${{F}}'}}}}
  Other: {{Type: AWS::Logs::LogGroup, Properties: {{LogGroupName: other}}}}
  Graph: {{Type: AWS::AppSync::GraphQLApi, Properties: {{AuthenticationType: AWS_IAM}}}}
  Sockets: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: WEBSOCKET}}}}
  Key: {{Type: AWS::SSM::Parameter, Properties: {{Name: /app/key, Type: String, Value: x}}}}
  Jobs: {{Type: AWS::SQS::Queue}}
"
    ));
    let edges = graph.edges().into_iter();
    let accesses = edges.filter_map(|edge| match (edge.to, edge.kind) {
        (app_graph::Node::Entity(id), app_graph::EdgeKind::MayAccess(access)) => {
            Some((id.as_str().to_owned(), access))
        }
        _ => None,
    });
    accesses.collect()
}
