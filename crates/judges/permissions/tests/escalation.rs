//! Known ways to more rights, and what takes each of them away.

use app_graph::Arns;
use casemate_permissions::{Facts, RULES, judge};
use finding::{Confidence, Finding, Severity, UnknownValue};

const RULE: &str = "privilege-escalation";

/// What the rule reports of one template, and why it could not judge parts of it.
fn judged(template: &str) -> (Vec<Finding>, Vec<UnknownValue>) {
    let files = templates::Files::memory([("template.yaml", template)]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in\n{template}");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        let facts = Facts { profiles: Vec::new(), arns: Arns::new(application) };
        judge(application, &facts, &|candidate| candidate.id == RULE, &mut sink);
    }
    sink.into_parts()
}

/// What the rule says of one template.
fn findings_of(template: &str) -> Vec<String> {
    judged(template).0.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn it_fires_on_its_firing_example_and_not_on_its_clean_one() {
    let rules = RULES.iter().map(|check| check.rule).filter(|rule| rule.id == RULE);
    for rule in rules {
        assert_eq!(findings_of(rule.firing).len(), 1);
        assert_eq!(findings_of(rule.clean), [""; 0]);
    }
}

/// The ways of the public lists, each by the fewest actions that are enough.
const WAYS: &[(Holder, &[&str])] = &[
    (Holder::User, &["iam:CreatePolicyVersion"]),
    (Holder::User, &["iam:SetDefaultPolicyVersion"]),
    (Holder::Role, &["iam:PassRole", "ec2:RunInstances"]),
    (Holder::User, &["iam:CreateAccessKey"]),
    (Holder::User, &["iam:CreateLoginProfile"]),
    (Holder::User, &["iam:UpdateLoginProfile"]),
    (Holder::User, &["iam:AttachUserPolicy"]),
    (Holder::User, &["iam:AttachGroupPolicy"]),
    (Holder::Role, &["iam:AttachRolePolicy"]),
    (Holder::User, &["iam:PutUserPolicy"]),
    (Holder::User, &["iam:PutGroupPolicy"]),
    (Holder::Role, &["iam:PutRolePolicy"]),
    (Holder::User, &["iam:AddUserToGroup"]),
    (Holder::Role, &["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]),
    (Holder::Role, &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]),
    (Holder::Role, &["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"]),
    (Holder::Role, &["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"]),
    (Holder::Role, &["lambda:UpdateFunctionCode"]),
    (Holder::Role, &["lambda:UpdateFunctionConfiguration"]),
    (Holder::Role, &["iam:PassRole", "glue:CreateDevEndpoint"]),
    (Holder::Role, &["glue:UpdateDevEndpoint"]),
    (Holder::Role, &["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"]),
    (Holder::Role, &["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"]),
    (Holder::Role, &["iam:PassRole", "cloudformation:CreateStack"]),
    (Holder::Role, &["cloudformation:UpdateStack"]),
    (Holder::Role, &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"]),
    (
        Holder::Role,
        &[
            "iam:PassRole",
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
    ),
    (
        Holder::Role,
        &[
            "iam:PassRole",
            "sagemaker:CreateNotebookInstance",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
        ],
    ),
    (Holder::Role, &["sagemaker:CreatePresignedNotebookInstanceUrl"]),
    (Holder::Role, &["iam:PassRole", "sagemaker:CreateTrainingJob"]),
    (Holder::Role, &["iam:PassRole", "sagemaker:CreateProcessingJob"]),
    (Holder::Role, &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"]),
    (Holder::Role, &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask"]),
    (Holder::Role, &["iam:PassRole", "codestar:CreateProject"]),
    (Holder::Role, &["codestar:CreateProjectFromTemplate"]),
    (Holder::Role, &["codestar:CreateProject", "codestar:AssociateTeamMember"]),
    (Holder::Role, &["codebuild:StartBuild"]),
    (Holder::Role, &["ssm:SendCommand"]),
    (Holder::Role, &["ssm:StartSession"]),
    (Holder::Role, &["ec2-instance-connect:SendSSHPublicKey"]),
    (Holder::Role, &["sts:AssumeRole"]),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Holder {
    User,
    Role,
}

/// A template with one holder, its policies as JSON statements, and more resources.
fn template(holder: Holder, policies: &[&str], properties: &str, more: &str) -> String {
    let (kind, trust) = match holder {
        Holder::User => ("User", String::new()),
        Holder::Role => ("Role", trust(r#"{"Service": "lambda.amazonaws.com"}"#)),
    };
    let policies: String = policies
        .iter()
        .zip(1..)
        .map(|(statements, number)| {
            format!(
                "        - {{PolicyName: p{number}, PolicyDocument: {{Statement: {statements}}}}}\n"
            )
        })
        .collect();
    format!(
        "Resources:
  Worker:
    Type: AWS::IAM::{kind}
    Properties:
{trust}{properties}      Policies:
{policies}{more}"
    )
}

fn trust(principal: &str) -> String {
    format!(
        "      AssumeRolePolicyDocument:
        Statement: [{{Effect: Allow, Principal: {principal}, Action: 'sts:AssumeRole'}}]
"
    )
}

/// A role `Strong` that may do what one statement says.
fn strong(principal: &str, action: &str, resource: &str) -> String {
    format!(
        "  Strong:
    Type: AWS::IAM::Role
    Properties:
      RoleName: strong
{}      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{{Effect: Allow, Action: '{action}', Resource: '{resource}'}}]
",
        trust(principal)
    )
}

const LAMBDA: &str = "{Service: lambda.amazonaws.com}";

fn statement(effect: &str, actions: &[&str], resource: &str) -> String {
    let actions: Vec<String> = actions.iter().map(|action| format!("'{action}'")).collect();
    format!("{{Effect: {effect}, Action: [{}], Resource: {resource}}}", actions.join(", "))
}

/// Judges a role with these policies.
fn check(policies: &[&str], properties: &str, more: &str, expect: &[&str]) {
    let template = template(Holder::Role, policies, properties, more);
    assert_eq!(findings_of(&template), expect, "{template}");
}

#[test]
fn every_way_of_the_public_lists_is_found() {
    for (holder, actions) in WAYS {
        let policy = format!("[{}]", statement("Allow", actions, "'*'"));
        let template = template(*holder, &[&policy], "", "");
        assert!(!findings_of(&template).is_empty(), "{actions:?}");
    }
}

#[test]
fn a_way_split_over_policies_is_found() {
    for (holder, actions) in WAYS {
        let policies: Vec<String> = actions
            .iter()
            .map(|action| format!("[{}]", statement("Allow", &[action], "'*'")))
            .collect();
        let policies: Vec<&str> = policies.iter().map(String::as_str).collect();
        let template = template(*holder, &policies, "", "");
        assert!(!findings_of(&template).is_empty(), "{actions:?}");
    }
}

#[test]
fn a_way_is_closed_by_a_second_policy_that_denies() {
    for (holder, actions) in WAYS {
        let allow = format!("[{}]", statement("Allow", actions, "'*'"));
        let deny = format!("[{}]", statement("Deny", actions, "'*'"));
        let template = template(*holder, &[&allow, &deny], "", "");
        assert_eq!(findings_of(&template), [""; 0], "{actions:?}");
    }
}

#[test]
fn a_way_is_closed_when_one_of_its_actions_is_missing() {
    let alone = |action: &str| WAYS.iter().any(|(_, actions)| *actions == [action]);
    for (holder, actions) in WAYS.iter().filter(|(_, actions)| actions.len() > 1) {
        for missing in *actions {
            let rest: Vec<&str> =
                actions.iter().copied().filter(|action| action != missing).collect();
            if rest.iter().any(|action| alone(action) || *action == "iam:UpdateAssumeRolePolicy") {
                continue;
            }
            let policy = format!("[{}]", statement("Allow", &rest, "'*'"));
            let template = template(*holder, &[&policy], "", "");
            assert_eq!(findings_of(&template), [""; 0], "{rest:?}");
        }
    }
}

#[test]
fn a_way_is_found_behind_not_action_and_wildcards() {
    let rest = "[{Effect: Allow, NotAction: ['iam:Update*', 'iam:Create*', 'iam:Attach*'], Resource: '*'}]";
    assert!(!findings_of(&template(Holder::Role, &[rest], "", "")).is_empty());
    let all_iam = "[{Effect: Allow, Action: 'iam:*', Resource: '*'}]";
    check(
        &[all_iam],
        "",
        "",
        &["`Worker` can become an administrator: it may attach any policy to its own role (also \
           `put-role-policy`, `create-policy-version`, `set-default-policy-version` and 9 more ways)"],
    );
    let but_iam = "[{Effect: Allow, NotAction: ['iam:*', 'sts:*', 'lambda:*', 'ec2*', 'ssm:*', \
         'glue:*', 'sagemaker:*', 'codebuild:*', 'codestar:*', 'cloudformation:*', 'apprunner:*', \
         'bedrock-agentcore:*'], Resource: '*'}]";
    check(&[but_iam], "", "", &[]);
}

#[test]
fn an_administrator_does_not_escalate() {
    check(&["[{Effect: Allow, Action: '*', Resource: '*'}]"], "", "", &[]);
    let managed = "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n";
    check(&["[{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: '*'}]"], managed, "", &[]);
    let denied = "[{Effect: Deny, Action: '*', Resource: '*'}]";
    check(&["[{Effect: Allow, Action: '*', Resource: '*'}]", denied], "", "", &[]);
}

#[test]
fn only_ones_own_policies_are_worth_rewriting() {
    let on = |resource: &str| {
        format!("[{{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: {resource}}}]")
    };
    let own = ["`Worker` can become an administrator: it may write any policy into its own role"];
    let named = "      RoleName: worker\n";
    check(&[&on("'arn:aws:iam::*:role/worker'")], named, "", &own);
    check(&[&on("!Sub 'arn:aws:iam::${AWS::AccountId}:role/work*'")], named, "", &own);
    check(&[&on("'arn:aws:iam::111122223333:role/other'")], named, "", &[]);
    check(&[&on("'arn:aws:iam::*:user/*'")], named, "", &[]);
    check(&[&on("!GetAtt Strong.Arn")], named, &strong(LAMBDA, "s3:*", "*"), &[]);
}

#[test]
fn a_policy_that_is_attached_is_rewritten_and_one_of_aws_is_not() {
    let managed = |resource: &str| {
        format!(
            "Resources:
  Limits:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: limits
      Roles: [!Ref Worker]
      PolicyDocument:
        Statement: [{{Effect: Allow, Action: 'iam:CreatePolicyVersion', Resource: '{resource}'}}]
  Worker:
    Type: AWS::IAM::Role
    Properties:
{}",
            trust(LAMBDA)
        )
    };
    assert_eq!(
        findings_of(&managed("arn:aws:iam::*:policy/lim*")),
        ["`Worker` can become an administrator: it may write a new version of a policy that is \
          attached to it"]
    );
    assert_eq!(findings_of(&managed("arn:aws:iam::aws:policy/lim*")), [""; 0]);
    assert_eq!(findings_of(&managed("arn:aws:iam::*:policy/other")), [""; 0]);
}

#[test]
fn conditions_close_a_way_or_leave_it_open() {
    let pass = |condition: &str| {
        format!(
            "[{{Effect: Allow, Action: 'iam:PassRole', Resource: '*', Condition: {condition}}}, \
              {{Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction'], Resource: '*'}}]"
        )
    };
    let found =
        ["`Worker` can get rights that it does not have: it may make a function that runs as \
                  any role that trusts `lambda.amazonaws.com`, and invoke it"];
    check(
        &[&pass("{StringEquals: {'iam:PassedToService': 'lambda.amazonaws.com'}}")],
        "",
        "",
        &found,
    );
    check(&[&pass("{StringLike: {'iam:PassedToService': ['ecs*', 'lambda*']}}")], "", "", &found);
    check(
        &[&pass("{StringEquals: {'iam:PassedToService': 'ecs-tasks.amazonaws.com'}}")],
        "",
        "",
        &[],
    );
    check(
        &[&pass("{StringNotEquals: {'iam:PassedToService': 'lambda.amazonaws.com'}}")],
        "",
        "",
        &[],
    );
    check(
        &[&pass("{DateGreaterThan: {'aws:TokenIssueTime': '2020-01-01T00:00:01Z'}}")],
        "",
        "",
        &found,
    );
    check(&[&pass("{DateLessThan: {'aws:TokenIssueTime': '2020-01-01T00:00:01Z'}}")], "", "", &[]);
    let attach = |condition: &str| {
        format!(
            "[{{Effect: Allow, Action: 'iam:AttachRolePolicy', Resource: '*', Condition: {condition}}}]"
        )
    };
    let only = "{ArnEquals: {'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess'}}";
    check(&[&attach(only)], "", "", &[]);
    let bound =
        "{StringEquals: {'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/bound'}}";
    check(&[&attach(bound)], "", "", &[]);
}

#[test]
fn a_condition_that_may_hold_lowers_the_confidence() {
    let of = |condition: &str| {
        let policy = format!(
            "[{{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: !Sub 'arn:aws:iam::*:role/worker'{condition}}}]"
        );
        let template = template(Holder::Role, &[&policy], "      RoleName: worker\n", "");
        judged(&template).0.into_iter().map(|it| it.confidence).collect::<Vec<_>>()
    };
    assert_eq!(of(""), [Confidence::High]);
    assert_eq!(
        of(", Condition: {IpAddress: {'aws:SourceIp': '203.0.113.0/24'}}"),
        [Confidence::Medium]
    );
}

#[test]
fn a_user_may_manage_its_own_keys() {
    let policy = "[{Effect: Allow, Action: ['iam:CreateAccessKey', 'iam:CreateLoginProfile'], \
         Resource: !Sub 'arn:aws:iam::${AWS::AccountId}:user/${!aws:username}'}]";
    assert_eq!(findings_of(&template(Holder::User, &[policy], "", "")), [""; 0]);
}

#[test]
fn a_boundary_takes_ways_away() {
    let bound = |statement: &str| {
        format!(
            "  Bound:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{statement}]
"
        )
    };
    let put = "[{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: !Sub 'arn:aws:iam::*:role/worker'}]";
    let properties = "      RoleName: worker\n      PermissionsBoundary: !Ref Bound\n";
    let found = ["`Worker` can become an administrator: it may write any policy into its own role"];
    check(&[put], properties, &bound("{Effect: Allow, Action: 's3:*', Resource: '*'}"), &[]);
    // What it writes for itself is bounded as before.
    check(
        &[put],
        properties,
        &bound("{Effect: Allow, Action: ['s3:*', 'iam:*'], Resource: '*'}"),
        &{ [] },
    );
    check(&[put], properties, &bound("{Effect: Allow, Action: '*', Resource: '*'}"), &found);
    let elsewhere = "      RoleName: worker\n      PermissionsBoundary: 'arn:aws:iam::111122223333:policy/bound'\n";
    let template = template(Holder::Role, &[put], elsewhere, "");
    let (findings, unknowns) = judged(&template);
    assert_eq!((findings.len(), unknowns.len()), (0, 1));
}

#[test]
fn a_passed_role_counts_by_its_own_rights_and_trust() {
    let pass = "[{Effect: Allow, Action: 'iam:PassRole', Resource: !GetAtt Strong.Arn}, \
         {Effect: Allow, Action: ['lambda:CreateFunction', 'lambda:InvokeFunction', 's3:*'], Resource: '*'}]";
    check(
        &[pass],
        "",
        &strong(LAMBDA, "*", "*"),
        &[
            "`Worker` can become an administrator: it may make a function that runs as `Strong`, and invoke it",
        ],
    );
    check(
        &[pass],
        "",
        &strong(LAMBDA, "dynamodb:GetItem", "*"),
        &[
            "`Worker` can get rights that it does not have (`dynamodb:GetItem`): it may make a function \
           that runs as `Strong`, and invoke it",
        ],
    );
    check(&[pass], "", &strong(LAMBDA, "s3:GetObject", "*"), &[]);
    check(&[pass], "", &strong("{Service: ec2.amazonaws.com}", "*", "*"), &[]);
}

#[test]
fn ways_lead_over_other_roles() {
    let assume = "[{Effect: Allow, Action: 'sts:AssumeRole', Resource: !GetAtt Strong.Arn}]";
    let named = "      RoleName: worker\n";
    let worker = "{AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/worker'}";
    check(
        &[assume],
        named,
        &strong(worker, "iam:PutRolePolicy", "*"),
        &[
            "`Worker` can become an administrator: it may assume `Strong`, which may write any policy into its own role",
            "`Strong` can become an administrator: it may write any policy into its own role",
        ],
    );
    // It is meant to have the rights of a role that lets it in by name.
    check(&[assume], named, &strong(worker, "s3:*", "*"), &[]);
    check(&[assume], "", &strong(LAMBDA, "*", "*"), &[]);
    let write = "[{Effect: Allow, Action: ['sts:AssumeRole', 'iam:AttachRolePolicy'], Resource: !GetAtt Strong.Arn}]";
    check(
        &[write],
        named,
        &strong(worker, "s3:*", "*"),
        &["`Worker` can become an administrator: it may attach any policy to `Strong`"],
    );
}

#[test]
fn a_function_lends_its_role_to_who_may_replace_its_code() {
    let update = "[{Effect: Allow, Action: 'lambda:UpdateFunctionCode', Resource: !Sub 'arn:aws:lambda:*:${AWS::AccountId}:function:shop'}]";
    let shop = |role: &str| {
        format!(
            "  Shop:
    Type: AWS::Lambda::Function
    Properties: {{FunctionName: shop, Runtime: python3.13, Handler: a.b, Code: {{ZipFile: ''}}, Role: !GetAtt {role}.Arn}}
"
        )
    };
    let more = format!("{}{}", shop("Strong"), strong(LAMBDA, "dynamodb:*", "*"));
    check(
        &[update],
        "",
        &more,
        &[
            "`Worker` can get rights that it does not have (`dynamodb:*`): it may replace the code of `Shop`",
        ],
    );
    check(&[update], "", &shop("Worker"), &[]);
}

#[test]
fn what_is_not_declared_here_is_unknown() {
    let policy = "[{Effect: Allow, Action: ['iam:PassRole'], Resource: 'arn:aws:iam::111122223333:role/elsewhere'}, \
         {Effect: Allow, Action: 'ec2:RunInstances', Resource: '*'}]";
    let (findings, unknowns) = judged(&template(Holder::Role, &[policy], "", ""));
    assert_eq!(findings.len(), 0);
    let whys: Vec<_> = unknowns.into_iter().map(|it| it.unknown.why).collect();
    assert_eq!(whys, ["what `iam:PassRole` leads to is not declared here"]);
}

#[test]
fn a_finding_says_what_to_change() {
    let policy = "[{Effect: Allow, Action: 'iam:PutRolePolicy', Resource: '*'}]";
    let (findings, _) = judged(&template(Holder::Role, &[policy], "", ""));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.severity, Severity::High);
    assert_eq!(
        finding.fix.as_ref().map(|fix| fix.summary.as_str()),
        Some("take `iam:PutRolePolicy` away, or allow it on others than `Worker`")
    );
}
