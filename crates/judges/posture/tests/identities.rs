//! Single cases of the rules on identities.

use finding::Severity;

use crate::{findings_of, reported, unknowns};

/// A role that trusts Lambda, with one statement.
fn role(statement: &str) -> String {
    format!(
        "Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}]
      Policies:
        - PolicyName: work
          PolicyDocument:
            Statement: [{statement}]
"
    )
}

/// A role whose trust policy is one statement.
fn trust(statement: &str) -> String {
    format!(
        "Resources:
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{statement}]
"
    )
}

fn check(rule: &str, template: &str, expect: &[&str]) {
    assert_eq!(findings_of(rule, template), expect, "{rule} on\n{template}");
}

#[test]
fn whole_services_are_wildcards_and_parts_of_them_are_not() {
    check(
        "wildcard-actions",
        &role("{Effect: Allow, Action: ['s3:*', 's3:Get*', 'sqs:*'], Resource: '*'}"),
        &[
            "`Worker` allows every action of s3 (`s3:*`) on every resource",
            "`Worker` allows every action of sqs (`sqs:*`) on every resource",
        ],
    );
    check("wildcard-actions", &role("{Effect: Deny, Action: '*', Resource: '*'}"), &[]);
    check(
        "wildcard-actions",
        &role("{Effect: Allow, NotAction: ['iam:*', 'sts:*'], Resource: '*'}"),
        &["`Worker` allows every action except `iam:*`, `sts:*` on every resource"],
    );
}

#[test]
fn only_what_can_be_narrowed_is_asked_to_be() {
    let on_all =
        |action: &str| role(&format!("{{Effect: Allow, Action: '{action}', Resource: '*'}}"));
    for action in
        ["s3:ListAllMyBuckets", "cloudwatch:PutMetricData", "ec2:CreateNetworkInterface", "sqs:*"]
    {
        check("wildcard-resources", &on_all(action), &[]);
    }
    check(
        "wildcard-resources",
        &on_all("dynamodb:Get*"),
        &["`Worker` may call `dynamodb:Get*` on every resource"],
    );
    check(
        "wildcard-resources",
        &role(
            "{Effect: Allow, Action: 's3:GetObject', Resource: ['arn:aws:s3:::*', 'arn:aws:s3:::*/*']}",
        ),
        &["`Worker` may call `s3:GetObject` on all of `arn:aws:s3:::*`"],
    );
    check(
        "wildcard-resources",
        &role("{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::pictures/*'}"),
        &[],
    );
    check(
        "wildcard-resources",
        &role(
            "{Effect: Allow, Action: 'lambda:InvokeFunction', Resource: '*', \
             Condition: {StringEquals: {'aws:ResourceTag/app': shop}}}",
        ),
        &[],
    );
}

#[test]
fn a_passed_role_is_named_or_reported() {
    let pass = |rest: &str| role(&format!("{{Effect: Allow, Action: 'iam:PassRole', {rest}}}"));
    check(
        "pass-role-to-anything",
        &pass("Resource: '*'"),
        &["`Worker` may pass every role of the account to any service"],
    );
    check(
        "pass-role-to-anything",
        &pass(
            "Resource: '*', Condition: {StringEquals: {'iam:PassedToService': scheduler.amazonaws.com}}",
        ),
        &["`Worker` may pass every role of the account to the services listed"],
    );
    check("pass-role-to-anything", &pass("Resource: 'arn:aws:iam::*:role/sale'"), &[]);
}

#[test]
fn each_function_of_a_shared_role_is_reported_once() {
    let template = "Transform: AWS::Serverless-2016-10-31
Parameters:
  RoleArn: {Type: String}
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: a/, Handler: a.b, Runtime: python3.13, Role: !Ref RoleArn}
  Two:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: a/, Handler: a.b, Runtime: python3.13, Role: !Ref RoleArn}
  Alone:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: a/, Handler: a.b, Runtime: python3.13}
";
    let messages = findings_of("shared-role", template);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages.iter().all(|message| !message.contains("Alone")), "{messages:?}");
}

/// Two functions of the Serverless Framework that take the service's role.
fn service(role: &str) -> String {
    format!(
        "service: shop
provider:
  name: aws
  runtime: python3.13
  {role}
functions:
  one: {{handler: a.one}}
  two: {{handler: a.two}}
"
    )
}

#[test]
fn the_role_of_a_whole_service_is_one_fault() {
    let statements = "[{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*'}]";
    let once = ["all 2 functions run as the role `IamRoleLambdaExecution`"];
    check("shared-role", &service(&format!("iam: {{role: {{statements: {statements}}}}}")), &once);
    check("shared-role", &service(&format!("iamRoleStatements: {statements}")), &once);
    check("shared-role", &service("memorySize: 256"), &[]);
    check(
        "shared-role",
        &service("iam: {role: 'arn:aws:iam::111122223333:role/everything'}"),
        &["all 2 functions run as the role `arn:aws:iam::111122223333:role/everything`"],
    );
}

#[test]
fn statements_and_managed_policies_of_a_service_are_judged() {
    let wildcard = "[{Effect: Allow, Action: 's3:*', Resource: '*'}]";
    let all = ["`IamRoleLambdaExecution` allows every action of s3 (`s3:*`) on every resource"];
    check("wildcard-actions", &service(&format!("iamRoleStatements: {wildcard}")), &all);
    check(
        "wildcard-actions",
        &service(&format!("iam: {{role: {{statements: {wildcard}}}}}")),
        &all,
    );
    let administrator = "['arn:aws:iam::aws:policy/AdministratorAccess']";
    let one =
        ["`IamRoleLambdaExecution` has `AdministratorAccess`: every action on every resource"];
    check("administrator-access", &service(&format!("iamManagedPolicies: {administrator}")), &one);
    check(
        "administrator-access",
        &service(&format!("iam: {{role: {{managedPolicies: {administrator}}}}}")),
        &one,
    );
}

#[test]
fn trust_of_a_list_of_services_and_principals_is_read() {
    let template = "variable \"trusted\" {
  default = [\"lambda.amazonaws.com\", { type = \"AWS\", identifiers = [\"*\"] }]
}
locals {
  others = [for one in var.trusted : { type = one.type, identifiers = one.identifiers } if !can(tostring(one))]
}
data \"aws_iam_policy_document\" \"trust\" {
  statement {
    actions = [\"sts:AssumeRole\"]
    dynamic \"principals\" {
      for_each = local.others
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }
}
resource \"aws_iam_role\" \"shop\" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
";
    let messages = findings_of("assumable-by-anyone", template);
    assert_eq!(messages.len(), 1, "{messages:?}");
}

/// A function of Google Cloud with one binding.
fn google(role: &str, member: &str) -> String {
    format!(
        "resource \"google_cloudfunctions2_function\" \"shop\" {{
  name     = \"shop\"
  location = \"europe-west1\"
  build_config {{
    runtime     = \"python312\"
    entry_point = \"main\"
  }}
  service_config {{
    service_account_email = google_service_account.shop.email
  }}
}}
resource \"google_service_account\" \"shop\" {{ account_id = \"shop\" }}
resource \"google_project_iam_member\" \"right\" {{
  project = \"shop\"
  role    = \"{role}\"
  member  = \"serviceAccount:${{google_service_account.shop.email}}\"
}}
resource \"google_cloud_run_service_iam_member\" \"invoker\" {{
  service  = google_cloudfunctions2_function.shop.name
  location = \"europe-west1\"
  role     = \"roles/run.invoker\"
  member   = \"{member}\"
}}
"
    )
}

#[test]
fn bindings_of_google_are_judged() {
    let count =
        |rule: &str, role: &str, member: &str| findings_of(rule, &google(role, member)).len();
    let user = "user:someone@shop.example";
    for role in ["roles/owner", "roles/editor"] {
        let broad =
            count("administrator-access", role, user) + count("broad-managed-policy", role, user);
        assert_eq!(broad, 1, "{role}");
    }
    assert_eq!(count("administrator-access", "roles/storage.objectViewer", user), 0);
    assert_eq!(count("unauthenticated-route", "roles/storage.objectViewer", "allUsers"), 1);
    assert_eq!(count("unauthenticated-route", "roles/storage.objectViewer", user), 0);
}

#[test]
fn an_anonymous_level_of_azure_is_an_open_route() {
    let template = |level: &str| {
        format!(
            "resource \"azurerm_linux_function_app\" \"shop\" {{
  name                = \"shop\"
  resource_group_name = \"shop\"
  location            = \"westeurope\"
  service_plan_id     = \"plan\"
  site_config {{}}
}}
resource \"azurerm_function_app_function\" \"order\" {{
  name            = \"order\"
  function_app_id = azurerm_linux_function_app.shop.id
  config_json = jsonencode({{
    bindings = [{{ type = \"httpTrigger\", direction = \"in\", name = \"req\", authLevel = \"{level}\", methods = [\"post\"] }}]
  }})
}}
"
        )
    };
    let told = ["anyone may call `POST /api/order` and start `azurerm_linux_function_app.shop`"];
    assert_eq!(findings_of("unauthenticated-route", &template("anonymous")), told);
    assert_eq!(findings_of("unauthenticated-route", &template("function")).len(), 0);
}

#[test]
fn trust_in_everyone_is_reported_unless_a_condition_binds() {
    let everyone = "Effect: Allow, Principal: {AWS: '*'}, Action: 'sts:AssumeRole'";
    check(
        "assumable-by-anyone",
        &trust(&format!("{{{everyone}}}")),
        &["anyone may assume `Guest`"],
    );
    check(
        "assumable-by-anyone",
        &trust(&format!(
            "{{{everyone}, Condition: {{StringEquals: {{'aws:PrincipalOrgID': o-a1b2c3}}}}}}"
        )),
        &[],
    );
    check(
        "assumable-by-anyone",
        &trust(&format!("{{{everyone}, Condition: {{StringLike: {{'aws:PrincipalArn': '*'}}}}}}")),
        &["anyone may assume `Guest`"],
    );
}

#[test]
fn federation_needs_a_subject_where_the_issuer_is_shared() {
    let federated = |provider: &str, condition: &str| {
        trust(&format!(
            "{{Effect: Allow, Principal: {{Federated: '{provider}'}}, \
             Action: 'sts:AssumeRoleWithWebIdentity', Condition: {condition}}}"
        ))
    };
    let github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    check(
        "untrusted-federation",
        &federated(
            github,
            "{StringEquals: {'token.actions.githubusercontent.com:aud': sts.amazonaws.com}}",
        ),
        &["`Guest` trusts every identity of token.actions.githubusercontent.com"],
    );
    check(
        "untrusted-federation",
        &federated(
            github,
            "{StringLike: {'token.actions.githubusercontent.com:sub': 'repo:shop/*'}}",
        ),
        &[],
    );
    check(
        "untrusted-federation",
        &federated(
            "cognito-identity.amazonaws.com",
            "{StringEquals: {'cognito-identity.amazonaws.com:aud': 'eu-west-1:a1b2'}}",
        ),
        &[],
    );
}

#[test]
fn the_permission_of_an_open_url_belongs_to_the_url() {
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: a/
      Handler: a.b
      Runtime: python3.13
      FunctionUrlConfig: {AuthType: NONE}
";
    check("public-invoke-permission", template, &[]);
    check("unscoped-invoke-permission", template, &[]);
    check("public-function-url", template, &["anyone on the internet may call the URL of `Hook`"]);
}

#[test]
fn another_account_needs_a_condition() {
    let supplier = "Effect: Allow, Principal: {AWS: 'arn:aws:iam::444455556666:root'}, Action: 'sts:AssumeRole'";
    check(
        "cross-account-access",
        &trust(&format!("{{{supplier}}}")),
        &["account 444455556666 may assume the role `Guest`"],
    );
    check(
        "cross-account-access",
        &trust(&format!(
            "{{{supplier}, Condition: {{StringEquals: {{'sts:ExternalId': 9b2f7c31}}}}}}"
        )),
        &[],
    );
    check(
        "cross-account-access",
        &trust(
            "{Effect: Allow, Principal: {AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root'}, Action: 'sts:AssumeRole'}",
        ),
        &[],
    );
    let queue = "Resources:
  Jobs:
    Type: AWS::SQS::Queue
  JobsPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Jobs]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: '444455556666'}, Action: 'sqs:SendMessage', Resource: '*'}
";
    check("cross-account-access", queue, &["account 444455556666 may change the queue `Jobs`"]);
}

#[test]
fn what_the_cdk_brings_along_is_not_the_authors_to_mend() {
    let framework = role("{Effect: Allow, Action: 's3:PutBucketNotification', Resource: '*'}")
        .replace(
            "  Worker:",
            "  BucketNotificationsHandler050a0587b7544547bf325f094a3db834RoleB6FB88EC:",
        );
    check("wildcard-resources", &framework, &[]);
    // The policy that the author gives to a custom resource of the CDK is theirs.
    let given = "
  Lookup:
    Type: AWS::IAM::Policy
    Properties:
      Roles: [!Ref AWS679f53fac002430cb0da5b7982bd2287ServiceRoleC1EA0FF2]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]}
  AWS679f53fac002430cb0da5b7982bd2287ServiceRoleC1EA0FF2:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {Statement: []}}
";
    check(
        "wildcard-resources",
        &format!("Resources:{given}"),
        &[
            "`AWS679f53fac002430cb0da5b7982bd2287ServiceRoleC1EA0FF2` may call `s3:GetObject` on every resource",
        ],
    );
}

#[test]
fn telephone_numbers_have_no_arn() {
    let text = role("{Effect: Allow, Action: 'sns:Publish', Resource: '*'}");
    check(
        "wildcard-resources",
        &text.replace("lambda.amazonaws.com", "cognito-idp.amazonaws.com"),
        &[],
    );
}

#[test]
fn what_is_denied_everywhere_is_not_allowed() {
    let with = |allowed: &str, denied: &str| {
        role(&format!(
            "{{Effect: Allow, Action: '{allowed}', Resource: '*'}}, {{Effect: Deny, Action: '{denied}', Resource: '*'}}"
        ))
    };
    check("wildcard-actions", &with("ec2:*", "ec2:*"), &[]);
    check("wildcard-resources", &with("dynamodb:PutItem", "dynamodb:*"), &[]);
    check(
        "wildcard-actions",
        &with("ec2:*", "ec2:RunInstances"),
        &["`Worker` allows every action of ec2 (`ec2:*`) on every resource"],
    );
}

#[test]
fn a_right_on_everything_is_as_severe_as_what_it_changes() {
    let severity = |action: &str| {
        let statement = format!("{{Effect: Allow, Action: '{action}', Resource: '*'}}");
        let found = reported("wildcard-resources", &role(&statement));
        found.first().map(|finding| finding.severity)
    };
    assert_eq!(severity("iam:AttachRolePolicy"), Some(Severity::High));
    assert_eq!(severity("secretsmanager:GetSecretValue"), Some(Severity::High));
    assert_eq!(severity("dynamodb:PutItem"), Some(Severity::Medium));
    assert_eq!(severity("iam:GetRole"), Some(Severity::Medium));
    assert_eq!(severity("bedrock:DeleteCustomModel"), Some(Severity::Medium));
    assert_eq!(severity("s3:GetBucketLocation"), Some(Severity::Low));
    let linked = "{Effect: Allow, Action: 'iam:CreateServiceLinkedRole', Resource: '*', Condition: {StringLike: {'iam:AWSServiceName': ops.apigateway.amazonaws.com}}}";
    check("wildcard-resources", &role(linked), &[]);
}

#[test]
fn a_prefix_of_no_service_is_unknown() {
    let template = role("{Effect: Allow, Action: 'docdb:*', Resource: '*'}");
    check("wildcard-actions", &template, &[]);
    assert_eq!(
        unknowns("wildcard-actions", &template),
        ["no service is known whose actions begin with `docdb:`"]
    );
}

#[test]
fn a_service_that_stays_in_its_account_needs_no_source() {
    let permission = |service: &str| {
        format!(
            "Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: 'arn:aws:iam::111122223333:role/r', Code: {{ZipFile: x}}}}
  P:
    Type: AWS::Lambda::Permission
    Properties: {{Action: 'lambda:InvokeFunction', FunctionName: !Ref F, Principal: {service}}}
"
        )
    };
    check("unscoped-invoke-permission", &permission("elasticloadbalancing.amazonaws.com"), &[]);
    check(
        "unscoped-invoke-permission",
        &permission("s3.amazonaws.com"),
        &["`s3.amazonaws.com` may invoke `F` on behalf of any account"],
    );
}

#[test]
fn guests_who_only_report_are_what_the_pool_is_for() {
    let pool = |action: &str| {
        format!(
            "Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {{AllowUnauthenticatedIdentities: true}}
  Guest:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {{Federated: cognito-identity.amazonaws.com}}
            Action: 'sts:AssumeRoleWithWebIdentity'
            Condition:
              StringEquals: {{'cognito-identity.amazonaws.com:aud': !Ref Pool}}
              'ForAnyValue:StringLike': {{'cognito-identity.amazonaws.com:amr': unauthenticated}}
      Policies:
        - PolicyName: p
          PolicyDocument: {{Statement: [{{Effect: Allow, Action: '{action}', Resource: 'arn:aws:rum:*:*:appmonitor/a'}}]}}
"
        )
    };
    check("unauthenticated-identities", &pool("rum:PutRumEvents"), &[]);
    check(
        "unauthenticated-identities",
        &pool("s3:GetObject"),
        &["`Pool` gives credentials to anyone"],
    );
}

#[test]
fn what_is_given_to_a_registry_module_is_the_callers() {
    let module = |inputs: &str| {
        format!(
            "module \"api\" {{\n  source        = \"terraform-aws-modules/lambda/aws\"\n  function_name = \"api\"\n{inputs}}}\n"
        )
    };
    let statements = module(
        "  attach_policy_statements = true\n  policy_statements = {\n    all = {\n      actions = [\"dynamodb:*\"], resources = [\"*\"]\n    }\n  }\n",
    );
    let json = module(
        "  attach_policy_json = true\n  policy_json = jsonencode({ Statement = [{ Effect = \"Allow\", Action = \"dynamodb:*\", Resource = \"*\" }] })\n",
    );
    for template in [statements, json] {
        let found = findings_of("wildcard-actions", &template);
        assert_eq!(found.len(), 1, "{template}");
    }
    // What the module itself allows is not the caller's to narrow.
    check("wildcard-resources", &module(""), &[]);
}

/// A function, and a permission for a principal that a parameter decides.
fn permission_for(principal: &str) -> String {
    format!(
        "Parameters: {{P: {{Type: String}}}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: 'arn:aws:iam::111122223333:role/r', Code: {{ZipFile: x}}}}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {{Action: 'lambda:InvokeFunction', FunctionName: !Ref F, Principal: {principal}}}
"
    )
}

#[test]
fn a_permission_for_whom_a_parameter_names_is_not_judged() {
    for rule in ["public-invoke-permission", "unscoped-invoke-permission"] {
        let scoped = permission_for("!Ref P, SourceAccount: !Ref AWS::AccountId");
        assert_eq!(unknowns(rule, &permission_for("!Ref P")), ["parameter `P` has no default"]);
        assert!(unknowns(rule, &scoped).is_empty());
        check(rule, &permission_for("!Ref P"), &[]);
    }
}

#[test]
fn an_account_that_a_parameter_names_is_not_judged() {
    let rule = "cross-account-access";
    let undecided = |account: &str| {
        let template = permission_for(&format!("!Sub 'arn:aws:iam::${{{account}}}:role/r'"));
        check(rule, &template, &[]);
        unknowns(rule, &template)
    };
    assert_eq!(undecided("P"), ["parameter `P` has no default"]);
    assert!(undecided("AWS::AccountId").is_empty());
}

#[test]
fn a_permission_for_one_role_of_another_account_is_as_narrow_as_can_be() {
    let rule = "cross-account-access";
    check(rule, &permission_for("'arn:aws:iam::444455556666:role/one'"), &[]);
    let whole = reported(rule, &permission_for("'444455556666'"));
    let advice = whole.iter().filter_map(|finding| finding.fix.as_ref()).map(|fix| &*fix.summary);
    let advice: Vec<_> = advice.collect();
    assert_eq!(advice, ["ask for your organisation, or name the one role that calls"]);
}
