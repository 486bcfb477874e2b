use insta::assert_snapshot;

use crate::sample::fixed;

const GET: (&str, &str) = ("dynamodb:GetItem", "{Orders.Arn}");

#[test]
fn policies_of_a_sam_function_are_replaced_and_all_else_stays() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  # What customers ordered.
  Orders:
    Type: AWS::Serverless::SimpleTable
  Topic:
    Type: AWS::SNS::Topic
  Setting:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /app/setting
      Type: String
      Value: x
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.read   # the only one
      Policies: # too wide
        - AWSLambdaBasicExecutionRole
        - AmazonDynamoDBFullAccess
        - SNSPublishMessagePolicy:
            TopicName: !GetAtt Topic.TopicName
        - Statement:
            - {Effect: Allow, Action: [sns:*, ssm:Get*, 'kms:*'], Resource: '*'}
      Timeout: 3
";
    let grants: &[(&str, &str)] = &[
        ("dynamodb:GetItem dynamodb:Query", "{Orders.Arn} {Orders.Arn}/index/*"),
        ("sns:Publish", "{Topic.Arn}"),
        ("ssm:GetParameter", "{Setting.Arn}"),
        ("kms:Decrypt", "* if kms:ViaService=ssm.eu-west-1.amazonaws.com"),
        (
            "logs:PutLogEvents",
            "arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/{Read.Ref}:*",
        ),
    ];
    assert_snapshot!(fixed(&[("template.yaml", template)], &[("Read", grants)]));
}

#[test]
fn a_sam_function_with_a_shared_role_gets_policies_of_its_own() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Shared:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: []}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Role: !GetAtt Shared.Arn
      Runtime: python3.13
      Events:
        Api:
          Type: HttpApi # the front door

  Log:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Role: !GetAtt Shared.Arn # shared
";
    let log = ("logs:PutLogEvents", "arn:aws:logs:{region}:{account}:log-group:/aws/lambda/*");
    let roles: &[(&str, &[(&str, &str)])] = &[("Read", &[GET, log]), ("Log", &[log])];
    assert_snapshot!(fixed(&[("template.yaml", template)], roles));
}

#[test]
fn what_is_not_granted_today_is_not_added() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Policies: [AmazonS3FullAccess]
";
    assert_snapshot!(fixed(&[("template.yaml", template)], &[("Read", &[GET])]));
}

#[test]
fn a_shared_role_is_split() {
    let template = "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Shared:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: # who may take it
        - Effect: Allow
          Principal: {Service: lambda.amazonaws.com}
          Action: sts:AssumeRole
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess
      Path: /app/
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Shared.Arn # shared
      Runtime: python3.13
  Write:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Shared.Arn
      Runtime: python3.13
";
    let put = ("dynamodb:PutItem", "{Orders.Arn}");
    let roles: &[(&str, &[(&str, &str)])] = &[("Read", &[GET]), ("Write", &[put])];
    assert_snapshot!(fixed(&[("template.yaml", template)], roles));
}

#[test]
fn a_role_of_one_function_is_narrowed_where_it_stands() {
    let template = "\
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Own:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns:
        # for the log
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess # why?
      Policies:
        - PolicyName: old
          PolicyDocument:
            Statement: {Effect: Allow, Action: '*', Resource: '*'}
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Own.Arn
";
    assert_snapshot!(fixed(&[("template.yaml", template)], &[("Read", &[GET])]));
}

#[test]
fn json_stays_json() {
    let template = r#"{
  "Resources": {
    "Orders": { "Type": "AWS::DynamoDB::Table" },
    "Own": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        "AssumeRolePolicyDocument": {"Statement": []}
      }
    },
    "Policy": {
      "Type": "AWS::IAM::Policy",
      "Properties": {
        "PolicyName": "p",
        "Roles": [{"Ref": "Own"}],
        "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
      }
    },
    "Read": {
      "Type": "AWS::Lambda::Function",
      "Properties": { "Role": {"Fn::GetAtt": ["Own", "Arn"]}, "Runtime": "python3.13" }
    }
  }
}
"#;
    let grants: &[(&str, &str)] = &[("dynamodb:GetItem", "{Orders.Arn} {Orders.Arn}/index/*")];
    assert_snapshot!(fixed(&[("template.json", template)], &[("Read", grants)]));
}

#[test]
fn a_bucket_that_notifies_the_function_is_named_and_not_referred_to() {
    let template = |name: &str| {
        format!(
            "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Inbox:
    Type: AWS::S3::Bucket
    Properties:
      {name}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Policies: AmazonS3FullAccess
      Events:
        Put:
          Type: S3
          Properties:
            Bucket: !Ref Inbox
            Events: s3:ObjectCreated:*
"
        )
    };
    let grants: &[(&str, &str)] = &[("s3:GetObject", "{Inbox.Arn}/*")];
    let told = |name: &str| fixed(&[("template.yaml", &template(name))], &[("Read", grants)]);
    assert_snapshot!(told("BucketName: !Sub inbox-${AWS::AccountId}"));
    assert_snapshot!(told("Tags: []"));
}

#[test]
fn a_user_pool_that_calls_the_function_is_a_pattern() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
  Other:
    Type: AWS::Cognito::UserPool
    Properties:
      LambdaConfig:
        PreSignUp: !GetAtt Read.Arn
  Free:
    Type: AWS::Cognito::UserPool
  Alarms:
    Type: AWS::SNS::Topic
    Properties:
      Subscription:
        - {Protocol: lambda, Endpoint: !GetAtt Read.Arn}
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Policies: [AmazonCognitoPowerUser, AmazonSNSFullAccess]
      Events:
        SignUp:
          Type: Cognito
          Properties:
            UserPool: !Ref Pool
            Trigger: PostConfirmation
";
    let told = |resources: &str| {
        let grants: &[(&str, &str)] = &[("cognito-idp:AdminGetUser", resources)];
        fixed(&[("template.yaml", template)], &[("Read", grants)])
    };
    assert_snapshot!(told("{Free.Arn}"));
    assert_snapshot!(told("{Pool.Arn}"));
    assert_snapshot!(told("{Other.Arn}"));
    let grants: &[(&str, &str)] = &[("sns:Publish", "{Alarms.Arn}")];
    assert_snapshot!(fixed(&[("template.yaml", template)], &[("Read", grants)]));
}

#[test]
fn what_is_not_certain_is_left_with_a_reason() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  RoleArn:
    Type: String
Resources:
  Given:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Role: !Ref RoleArn
  Anchored:
    Type: AWS::Serverless::Function
    Properties: &all
      Runtime: python3.13
      Policies: &policies
        - AmazonS3FullAccess
  Aliased:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Policies: *policies
";
    let grant: &[(&str, &str)] = &[("s3:ListAllMyBuckets", "*")];
    let roles = [("Given", grant), ("Anchored", grant), ("Aliased", grant)];
    assert_snapshot!(fixed(&[("template.yaml", template)], &roles));
}

#[test]
fn what_was_a_parameter_stays_one() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Inbox: {Type: String, Default: shop-inbox}
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Policies: AmazonS3FullAccess
";
    let grants: &[(&str, &str)] =
        &[("s3:GetObject", "arn:aws:s3:::shop-inbox/in/* arn:aws:s3:::my-shop-inbox2/*")];
    assert_snapshot!(fixed(&[("template.yaml", template)], &[("Read", grants)]));
}
