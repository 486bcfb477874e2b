//! Single cases of the rules on functions and data.

use crate::{findings_of, reported};

fn check(rule: &str, template: &str, expect: &[&str]) {
    assert_eq!(findings_of(rule, template), expect, "{rule} on\n{template}");
}

/// A function of the Serverless Application Model with these lines among its properties.
fn function(properties: &str, resources: &str) -> String {
    format!(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      CodeUri: src/
{properties}
{resources}"
    )
}

/// A bucket that starts the function on objects with a prefix, and a right to write there.
fn image_loop(prefix: &str, written: &str) -> String {
    function(
        &format!(
            "      Runtime: python3.13
      Policies:
        - Statement: [{{Effect: Allow, Action: 's3:PutObject', Resource: '{written}'}}]
      Events:
        Uploaded:
          Type: S3
          Properties:
            Bucket: !Ref Images
            Events: s3:ObjectCreated:*
            Filter: {{S3Key: {{Rules: [{{Name: prefix, Value: {prefix}}}]}}}}"
        ),
        "  Images:
    Type: AWS::S3::Bucket
    Properties: {BucketName: images-of-the-shop}
",
    )
}

#[test]
fn prefixes_that_cannot_meet_are_no_loop() {
    let rule = "self-triggering-function";
    let told = ["`Worker` may start itself: `Images` → `Worker`"];
    check(rule, &image_loop("in/", "arn:aws:s3:::images-of-the-shop/*"), &told);
    check(rule, &image_loop("in/", "arn:aws:s3:::images-of-the-shop/i*"), &told);
    check(rule, &image_loop("in/", "arn:aws:s3:::images-of-the-shop/out/*"), &[]);
    check(rule, &image_loop("in/", "arn:aws:s3:::images-of-the-shop"), &[]);
    check(rule, &image_loop("in/", "arn:aws:s3:::other-images/*"), &[]);
}

#[test]
fn a_right_to_invoke_itself_is_told_without_a_way() {
    let template = function(
        "      Runtime: python3.13
      FunctionName: worker
      Policies:
        - Statement: [{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:worker'}]",
        "",
    );
    let told = ["`Worker` may start itself: it may invoke itself"];
    check("self-triggering-function", &template, &told);
}

#[test]
fn a_loop_by_way_of_other_services_is_seen() {
    let rule = "self-triggering-function";
    let writes = |action: &str, target: &str| {
        format!(
            "      Runtime: python3.13
      Policies:
        - Statement: [{{Effect: Allow, Action: '{action}', Resource: {target}}}]
"
        )
    };
    let by_rule = function(
        &(writes("s3:PutObject", "!Sub '${Images.Arn}/*'")
            + "      Events:
        Uploaded:
          Type: EventBridgeRule
          Properties:
            Pattern: {source: [aws.s3], detail-type: [Object Created], detail: {bucket: {name: [!Ref Images]}}}"),
        "  Images: {Type: AWS::S3::Bucket}\n",
    );
    check(rule, &by_rule, &["`Worker` may start itself: `Images` → `Worker`"]);
    let by_queue = function(
        &(writes("sns:Publish", "!Ref News")
            + "      Events:
        Q: {Type: SQS, Properties: {Queue: !GetAtt Inbox.Arn}}"),
        "  News: {Type: AWS::SNS::Topic}
  Inbox: {Type: AWS::SQS::Queue}
  Forward: {Type: AWS::SNS::Subscription, Properties: {Protocol: sqs, TopicArn: !Ref News, Endpoint: !GetAtt Inbox.Arn}}
",
    );
    check(rule, &by_queue, &["`Worker` may start itself: `News` → `Worker`"]);
}

#[test]
fn an_asynchronous_kind_without_a_name_of_its_own_loses_events_too() {
    let logs = function(
        "      Runtime: python3.13
      Events:
        L: {Type: CloudWatchLogs, Properties: {LogGroupName: /a, FilterPattern: ''}}",
        "",
    );
    let message = "`Worker` drops events of its log subscription that it cannot handle";
    check("lost-async-events", &logs, &[message]);
}

#[test]
fn a_concurrency_is_offered_in_the_words_of_the_format() {
    let service = "service: s\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  f:\n    handler: a.b\n    url: true\n";
    let found = reported("unlimited-concurrency", service);
    let edits = &found[0].fix.as_ref().unwrap().edits;
    assert_eq!(edits[0].replacement.trim(), "reservedConcurrency: 20");
}

#[test]
fn an_open_url_weighs_as_much_as_what_its_function_may_do() {
    let severity = |policies: &str| {
        let url = "      Runtime: python3.13\n      FunctionUrlConfig: {AuthType: NONE}\n";
        reported("public-function-url", &function(&format!("{url}{policies}"), ""))[0].severity
    };
    assert_eq!(severity(""), finding::Severity::Medium);
    let rights = "      Policies: [{SQSSendMessagePolicy: {QueueName: orders}}]";
    assert_eq!(severity(rights), finding::Severity::High);
}

#[test]
fn a_url_behind_a_distribution_is_not_closed_to_it() {
    let behind = |origin: &str| {
        let template = function(
            "      Runtime: python3.13\n      FunctionUrlConfig: {AuthType: NONE}",
            &format!(
                "  Cdn:\n    Type: AWS::CloudFront::Distribution\n    Properties:\n      DistributionConfig: {{Enabled: true, Origins: [{{Id: o, DomainName: {origin}}}]}}\n"
            ),
        );
        reported("public-function-url", &template)[0].fix.clone().unwrap()
    };
    assert_eq!(behind("a.example").edits.len(), 1);
    let url = "!Select [2, !Split ['/', !GetAtt WorkerUrl.FunctionUrl]]";
    assert!(behind(url).edits.is_empty());
    assert!(behind(url).summary.contains("origin access control"));
}

#[test]
fn a_page_without_the_token_reads_nothing() {
    let api = |auth: &str| {
        function(
            "      Runtime: python3.13
      Events: {G: {Type: HttpApi, Properties: {ApiId: !Ref Api, Path: /, Method: get}}}",
            &format!(
                "  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      CorsConfiguration: {{AllowOrigins: ['*']}}\n{auth}"
            ),
        )
    };
    let severity = |auth: &str| reported("any-origin-cors", &api(auth))[0].severity;
    assert_eq!(severity(""), finding::Severity::Low);
    let token = "      Auth:\n        DefaultAuthorizer: J\n        Authorizers: {J: {IdentitySource: $request.header.Authorization, JwtConfiguration: {issuer: 'https://a.example', audience: [a]}}}\n";
    assert_eq!(severity(token), finding::Severity::Info);
}

/// Two functions, each started by the other's queue.
#[test]
fn a_loop_through_two_functions_is_told_once() {
    let worker = |name: &str, own: &str, other: &str| {
        format!(
            "  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Policies: [{{SQSSendMessagePolicy: {{QueueName: !GetAtt {other}.QueueName}}}}]
      Events: {{Sent: {{Type: SQS, Properties: {{Queue: !GetAtt {own}.Arn}}}}}}
"
        )
    };
    let queues = "  First: {Type: AWS::SQS::Queue}\n  Second: {Type: AWS::SQS::Queue}\n";
    let template = format!(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n{}{}{queues}",
        worker("Ping", "First", "Second"),
        worker("Pong", "Second", "First"),
    );
    let told = "`Ping` may start itself: `Second` → `Pong` → `First` → `Ping`";
    check("self-triggering-function", &template, &[told]);
}

#[test]
fn the_platforms_visibility_is_judged_where_none_is_said() {
    let template = |timeout: u32| {
        function(
            &format!(
                "      Runtime: python3.13
      Timeout: {timeout}
      Events: {{Sent: {{Type: SQS, Properties: {{Queue: !GetAtt Orders.Arn}}}}}}"
            ),
            "  Orders: {Type: AWS::SQS::Queue}\n",
        )
    };
    let told =
        "`Orders` shows a message again after 30 seconds, while `Worker` may work on it for 31";
    check("visibility-shorter-than-timeout", &template(31), &[told]);
    check("visibility-shorter-than-timeout", &template(30), &[]);
}

#[test]
fn both_branches_of_a_condition_are_judged() {
    let template = function(
        "      Runtime: python3.13
      Timeout: !If [IsProduction, 60, 900]",
        "Parameters:
  Stage: {Type: String, Default: production}
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
",
    );
    check(
        "maximum-timeout",
        &template,
        &["`Worker` may run for 900 seconds, the longest there is"],
    );
}

#[test]
fn an_asynchronous_safeguard_is_asked_of_asynchronous_triggers_only() {
    let on = |event: &str| {
        function(
            &format!("      Runtime: python3.13\n      Events: {{Sent: {event}}}"),
            "  News: {Type: AWS::SNS::Topic}\n  Orders: {Type: AWS::SQS::Queue}\n",
        )
    };
    let topic = "{Type: SNS, Properties: {Topic: !Ref News}}";
    let told = "`Worker` drops events of its topic that it cannot handle";
    check("lost-async-events", &on(topic), &[told]);
    for event in [
        "{Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}",
        "{Type: HttpApi, Properties: {Method: GET, Path: /}}",
        "{Type: Schedule, Properties: {Schedule: rate(1 day)}}",
    ] {
        check("lost-async-events", &on(event), &[]);
    }
}

#[test]
fn a_runtime_without_dates_is_never_clean() {
    check("retired-runtime", &function("      Runtime: python3.13", ""), &[]);
    let told = "`Worker` runs on `nodejs16.x`, unpatched since 2024-06-12";
    check("retired-runtime", &function("      Runtime: nodejs16.x", ""), &[told]);
}

fn bucket(block: &str, statement: &str) -> String {
    format!(
        "Resources:
  Images:
    Type: AWS::S3::Bucket
    Properties: {{{block}}}
  ImagesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Images
      PolicyDocument:
        Statement: [{statement}]
"
    )
}

#[test]
fn a_bucket_is_public_only_where_nothing_closes_it() {
    let everyone = |more: &str| {
        format!("{{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'{more}}}")
    };
    let told = ["anyone can read what lies in `Images`"];
    let open = "PublicAccessBlockConfiguration: {BlockPublicAcls: true, IgnorePublicAcls: true}";
    let closed = "PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}";
    check("public-bucket", &bucket("", &everyone("")), &told);
    check("public-bucket", &bucket(open, &everyone("")), &told);
    check("public-bucket", &bucket(closed, &everyone("")), &[]);
    let here = ", Condition: {StringEquals: {'aws:SourceVpce': vpce-0123456789abcdef0}}";
    check("public-bucket", &bucket("", &everyone(here)), &[]);
    let anywhere = ", Condition: {IpAddress: {'aws:SourceIp': 0.0.0.0/0}}";
    check("public-bucket", &bucket("", &everyone(anywhere)), &told);
}

#[test]
fn what_the_platform_encrypts_by_itself_is_not_unencrypted() {
    for (rule, kind) in [
        ("unencrypted-bucket", "AWS::S3::Bucket"),
        ("unencrypted-queue", "AWS::SQS::Queue"),
        ("unencrypted-table", "AWS::DynamoDB::Table"),
        ("unencrypted-log-group", "AWS::Logs::LogGroup"),
    ] {
        check(rule, &format!("Resources:\n  Store: {{Type: '{kind}'}}\n"), &[]);
    }
    let topic = "Resources:\n  Store: {Type: 'AWS::SNS::Topic'}\n";
    check(
        "unencrypted-topic",
        topic,
        &["`Store` has no KMS key: no key policy guards its messages"],
    );
}

#[test]
fn one_policy_for_two_queues_opens_only_the_one_it_names() {
    let template = "Resources:
  Open: {Type: AWS::SQS::Queue}
  Closed: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Open, !Ref Closed]
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: '*', Action: 'sqs:SendMessage', Resource: !GetAtt Open.Arn}]
";
    check("open-queue-policy", template, &["`Open` allows `sqs:SendMessage` to everyone"]);
}

#[test]
fn a_password_is_told_once_and_at_the_default_that_writes_it() {
    let template = "Parameters:\n  Password:\n    Type: String\n    NoEcho: true\n    Default: Winter-Sale-1987\nResources:\n  Main:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref Password\n  Copy:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: !Ref Password\n";
    check("plaintext-secret", template, &["the password of `Main` is written in the template"]);
    let resolved =
        template.replace("!Ref Password", "'{{resolve:secretsmanager:db:SecretString:password}}'");
    check("plaintext-secret", &resolved, &[]);
}

#[test]
fn a_service_is_let_in_only_on_behalf_of_somebody() {
    let policy = |condition: &str| {
        format!(
            "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n  P:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n      Queues: [!Ref Q]\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Principal: {{Service: events.amazonaws.com}}\n            Action: sqs:SendMessage\n            Resource: !GetAtt Q.Arn\n{condition}"
        )
    };
    let message = "`events.amazonaws.com` may send to `Q` on behalf of any account";
    check("open-queue-policy", &policy(""), &[message]);
    let bound = "            Condition: {ArnEquals: {aws:SourceArn: !Sub 'arn:aws:events:eu-west-1:${AWS::AccountId}:rule/r'}}\n";
    check("open-queue-policy", &policy(bound), &[]);
    for unbound in [
        "Bool: {aws:SecureTransport: true}",
        "ArnLike: {aws:SourceArn: 'arn:aws:events:*:*:*'}",
        "ArnLike: {aws:SourceArn: !Sub 'arn:${AWS::Partition}:events:*:*:*'}",
    ] {
        let condition = format!("            Condition: {{{unbound}}}\n");
        check("open-queue-policy", &policy(&condition), &[message]);
    }
}

#[test]
fn a_secret_from_outside_is_not_asked_to_be_rotated() {
    let secret = |value: &str| {
        format!(
            "Parameters:\n  Value: {{Type: String, NoEcho: true}}\nResources:\n  S:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Description: s\n{value}"
        )
    };
    check("unrotated-secret", &secret("      SecretString: !Ref Value\n"), &[]);
    check(
        "unrotated-secret",
        &secret("      GenerateSecretString: {PasswordLength: 30}\n"),
        &["`S` is never rotated"],
    );
}

#[test]
fn a_caller_that_does_not_wait_needs_no_short_timeout() {
    let method = |integration: &str| {
        format!(
            "Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: {{Name: a}}\n  Post:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      RestApiId: !Ref Api\n      ResourceId: !GetAtt Api.RootResourceId\n      HttpMethod: POST\n      AuthorizationType: AWS_IAM\n      Integration:\n        Type: AWS\n        IntegrationHttpMethod: POST\n        Uri: !Sub arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${{F.Arn}}/invocations\n{integration}  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.14\n      Handler: a.b\n      Timeout: 300\n      Role: arn:aws:iam::111122223333:role/r\n      Code: {{ZipFile: 'x'}}\n"
        )
    };
    let rule = "timeout-beyond-trigger";
    let message = "`F` may run for 300 seconds, but its REST API gives up after 29";
    check(rule, &method(""), &[message]);
    let event = "        RequestParameters:\n          integration.request.header.X-Amz-Invocation-Type: \"'Event'\"\n";
    check(rule, &method(event), &[]);
    check(rule, &method("        ResponseTransferMode: STREAM\n"), &[]);
    let waits = |milliseconds: u32| method(&format!("        TimeoutInMillis: {milliseconds}\n"));
    check(rule, &waits(300_000), &[]);
    check(rule, &waits(5_000), &["`F` may run for 300 seconds, but its REST API gives up after 5"]);
}

#[test]
fn what_a_framework_writes_is_not_the_platforms_default() {
    let service = |function: &str| {
        format!(
            "service: s\nprovider: {{name: aws, runtime: python3.13}}\nfunctions:\n  f:\n    handler: a.b\n{function}"
        )
    };
    let silent = service("");
    let message = "`f` has no timeout of its own; the framework sets 6 seconds";
    check("default-timeout", &silent, &[message]);
    check("default-timeout", &service("    timeout: 6\n"), &[]);
    check("default-memory", &silent, &[]);
    let queue = "    events: [{sqs: {arn: !GetAtt Q.Arn}}]\nresources:\n  Resources:\n    Q: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 5}}\n";
    check(
        "visibility-shorter-than-timeout",
        &service(queue),
        &["`Q` shows a message again after 5 seconds, while `f` may work on it for 6"],
    );
}

#[test]
fn a_timeout_offered_leaves_the_caller_the_answer() {
    let offered = |events: &str| {
        let found = reported("default-timeout", &function("      Runtime: python3.13", events));
        found[0].fix.as_ref().unwrap().edits[0].replacement.trim().to_owned()
    };
    assert_eq!(offered(""), "Timeout: 10");
    let pool = "      Events:\n        P: {Type: Cognito, Properties: {UserPool: !Ref Pool, Trigger: PreSignUp}}\n  Pool: {Type: AWS::Cognito::UserPool}\n";
    assert_eq!(offered(pool), "Timeout: 4");
}

#[test]
fn a_retired_runtime_says_what_is_refused() {
    let on = |runtime: &str| function(&format!("      Runtime: {runtime}"), "");
    check(
        "retired-runtime",
        &on("go1.x"),
        &[
            "`Worker` runs on `go1.x`, unpatched since 2024-01-08; no function can be created with it since 2024-02-08",
        ],
    );
}

#[test]
fn a_durable_execution_that_ends_sooner_is_no_longest_run() {
    let durable = |seconds: u32| {
        function(
            &format!(
                "      Runtime: python3.13\n      Timeout: 900\n      DurableConfig: {{ExecutionTimeout: {seconds}}}"
            ),
            "",
        )
    };
    let rule = "maximum-timeout";
    check(rule, &durable(300), &[]);
    check(rule, &durable(3_600), &["`Worker` may run for 900 seconds, the longest there is"]);
}

#[test]
fn a_secret_attribute_is_one_under_any_name() {
    let function = |attribute: &str| {
        format!(
            "Resources:
  Client: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: p, GenerateSecret: true}}}}
  F:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: 'arn:aws:iam::111122223333:role/r', Code: {{ZipFile: x}}, Environment: {{Variables: {{COGNITO: !GetAtt Client.{attribute}}}}}}}
"
        )
    };
    let rule = "unencrypted-environment";
    let message = "`COGNITO` of `F` is a secret and no key of yours protects it";
    check(rule, &function("ClientSecret"), &[message]);
    check(rule, &function("ClientId"), &[]);
}
