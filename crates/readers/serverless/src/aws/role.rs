//! Roles of functions: the one that all share, and those of single functions.
//!
//! Source: the Serverless Framework's `lib/plugins/aws/package/lib/merge-iam-templates.js`, and the
//! plugin serverless-iam-roles-per-function.

use text::{PartialText, Problem};

use super::super::service::FunctionEntry;
use super::super::variables::Resolver;
use super::template::{Origin, Template};
use super::write::{At, is_intrinsic, is_on, pattern};
use super::{Aws, naming};
use documents::declaration::{GENERATED_MANAGED_POLICIES, GENERATED_POLICY, POLICY_ORIGIN};
use documents::value::{Kind, Value};

/// The logical id of the role that functions share.
const SHARED: &str = "IamRoleLambdaExecution";

/// The plugin by which functions have statements and a role of their own.
const PER_FUNCTION: &str = "serverless-iam-roles-per-function";

/// A role that the author names in place of a generated one.
fn existing<'a>(aws: &Aws<'a>) -> Option<&'a Value> {
    let role = aws.provider_at(&["role"]).or_else(|| aws.provider_at(&["iam", "role"]))?;
    let is_reference =
        role.scalar_text().is_some() || is_intrinsic(role) || matches!(role.kind, Kind::Unknown(_));
    is_reference.then_some(role)
}

/// A role's ARN: by logical id, ARN or intrinsic.
fn role_arn(role: &Value) -> Value {
    match role.as_str().filter(|_| role.tag.is_none()) {
        Some(id) if !id.contains(':') => At(role.span).attribute(id, "Arn"),
        _ => role.clone(),
    }
}

/// The statements that a function has for itself, with the member that holds them.
fn own_statements<'a>(aws: &Aws<'_>, function: &'a FunctionEntry) -> Option<&'a Value> {
    let own = &function.value;
    let role = own.get("iam").and_then(|iam| iam.get("role"));
    if let Some(role) = role.filter(|role| !role.members().is_empty() && !is_intrinsic(role)) {
        return Some(role);
    }
    let statements = own.get("iamRoleStatements")?;
    aws.service.may_have_plugin(PER_FUNCTION).then_some(statements)
}

/// Statements of a function that only the plugin reads, which is not there.
fn ignored_statements(function: &FunctionEntry) -> Option<Problem> {
    let ignored = function.value.member("iamRoleStatements")?;
    let message =
        format!("`iamRoleStatements` of `{}` grant nothing: no plugin reads them", function.key);
    let problem = Problem::advice(message, ignored.key_span.into());
    Some(problem.help(format!("add the plugin `{PER_FUNCTION}`, or say `iam.role.statements`")))
}

fn own_role_id(function: &FunctionEntry) -> String {
    format!("{}{SHARED}", naming::normalized(&function.key))
}

/// The `Role` property of a function.
pub(super) fn role_of(aws: &Aws<'_>, function: &FunctionEntry, at: At) -> Option<Value> {
    let own = function.value.get("role").filter(|role| !role.is_null());
    if let Some(role) = own {
        return Some(role_arn(role));
    }
    if own_statements(aws, function).is_some() {
        return Some(at.attribute(&own_role_id(function), "Arn"));
    }
    Some(match existing(aws) {
        Some(role) => role_arn(role),
        None => at.attribute(SHARED, "Arn"),
    })
}

/// Adds the shared role and those of single functions.
pub(super) fn add(aws: &Aws<'_>, resolver: &mut Resolver<'_>, template: &mut Template) {
    let statements = std::mem::take(&mut template.statements);
    let mut sharing = Vec::new();
    for function in &aws.service.functions {
        if function.value.get("role").is_some_and(|role| !role.is_null()) {
            continue;
        }
        match own_statements(aws, function) {
            Some(own) => {
                let inherit = inherits(function, resolver);
                add_own(aws, function, own, inherit, &statements, template);
            }
            None => {
                template.problems.extend(ignored_statements(function));
                sharing.push(function);
            }
        }
    }
    if !sharing.is_empty() && existing(aws).is_none() {
        add_shared(aws, &sharing, &statements, template);
    }
}

enum Inherit {
    Yes,
    No,
}

fn inherits(function: &FunctionEntry, resolver: &mut Resolver<'_>) -> Inherit {
    let said = function.value.get("iamRoleStatementsInherit").cloned();
    let said = said.unwrap_or_else(|| resolver.at(&["custom", PER_FUNCTION, "defaultInherit"]));
    if is_on(Some(&said)) { Inherit::Yes } else { Inherit::No }
}

/// The provider's statements, where versions keep them.
fn shared_statements<'a>(aws: &Aws<'a>) -> Option<&'a Value> {
    let statements = aws.provider_at(&["iam", "role", "statements"]);
    statements.or_else(|| aws.provider_at(&["iamRoleStatements"]))
}

fn shared_managed_policies<'a>(aws: &Aws<'a>) -> Option<&'a Value> {
    let policies = aws.provider_at(&["iam", "role", "managedPolicies"]);
    policies.or_else(|| aws.provider_at(&["iamManagedPolicies"]))
}

fn add_shared(
    aws: &Aws<'_>,
    sharing: &[&FunctionEntry],
    statements: &[(String, Value)],
    template: &mut Template,
) {
    let path: &[&str] = if aws.provider_at(&["iam", "role"]).is_some() {
        &["iam", "role"]
    } else {
        &["iamRoleStatements"]
    };
    let origin = aws.provider_origin(path, SHARED);
    let at = aws.at();
    let mut generated = Vec::new();
    let mut prefix_used = false;
    for function in sharing {
        let has_own_name = function.value.get("name").is_some_and(|name| !name.is_null());
        if is_on(function.value.get("disableLogs")) {
            continue;
        }
        if !has_own_name {
            prefix_used = true;
            continue;
        }
        let name = aws.function_name(function);
        let at = At(function.key_span);
        generated.extend(log_statements(at, &name, ""));
    }
    if prefix_used {
        generated.splice(0..0, log_statements(at, &aws.named("{0}-{1}"), "*"));
    }
    if sharing.iter().any(|function| traces(aws, function)) {
        generated.push(trace_statement(at));
    }
    generated.extend(of_functions(statements, |key| sharing.iter().any(|it| it.key == key)));
    generated.extend(template.provider_statements.iter().cloned());
    let has_network = |function: &&&FunctionEntry| is_on(function.value.get("vpc"));
    let in_network =
        aws.provider_at(&["vpc"]).is_some() || sharing.iter().any(|it| has_network(&it));
    let role = aws.provider_at(&["iam", "role"]);
    let empty = Value::new(Kind::Null, at.0);
    let role = role.unwrap_or(&empty);
    let name = aws.named("{0}-{1}-{region}-lambdaRole");
    let name = role.get("name").cloned().unwrap_or_else(|| at.partial(name));
    let properties = at
        .properties()
        .set("AssumeRolePolicyDocument", trust(at, sharing))
        .set("Policies", policies(aws, at, generated, shared_statements(aws)))
        .set("RoleName", name)
        .take("Path", role, "path")
        .take_first("PermissionsBoundary", &[role], "permissionsBoundary")
        .set_some("ManagedPolicyArns", shared_managed_policies(aws).cloned())
        .set_some(GENERATED_MANAGED_POLICIES, in_network.then(|| network_policy(at)))
        .set_some("Tags", role.get("tags").and_then(super::functions::tag_list));
    let properties = match aws.provider().member("rolePermissionsBoundary") {
        Some(boundary) if role.get("permissionsBoundary").is_none() => {
            properties.set("PermissionsBoundary", boundary.value.clone())
        }
        _ => properties.take("PermissionsBoundary", role, "permissionBoundary"),
    };
    template.add(SHARED, "AWS::IAM::Role", properties.build(), &origin);
}

fn add_own(
    aws: &Aws<'_>,
    function: &FunctionEntry,
    own: &Value,
    inherit: Inherit,
    statements: &[(String, Value)],
    template: &mut Template,
) {
    let at = At(function.key_span);
    let member = function.value.member("iamRoleStatements");
    let member = member.or_else(|| function.value.member("iam"));
    let origin = Origin {
        name: own_role_id(function),
        type_name: "function's role".to_owned(),
        said: member.map_or(function.key_span, |member| member.key_span),
        extent: own.span,
        insertion: None,
    };
    let mut generated = Vec::new();
    if !is_on(function.value.get("disableLogs")) {
        generated.extend(log_statements(at, &aws.function_name(function), ""));
    }
    if traces(aws, function) {
        generated.push(trace_statement(at));
    }
    generated.extend(of_functions(statements, |key| key == function.key));
    if matches!(inherit, Inherit::Yes) {
        generated.extend(template.provider_statements.iter().cloned());
    }
    let list = if own.members().is_empty() { Some(own) } else { own.get("statements") };
    let mut policies = policies(aws, at, generated, list);
    if let (Inherit::Yes, Some(shared), Kind::List(items)) =
        (inherit, shared_statements(aws), &mut policies.kind)
    {
        items.push(policy(at, aws.named("{0}-{1}-lambda-inherited"), shared.clone(), None));
    }
    let in_network = is_on(function.value.get("vpc").or_else(|| aws.provider_at(&["vpc"])));
    let key = PartialText::known(&*function.key);
    let name = pattern("{0}-{1}-{2}-{region}-lambdaRole", &[&aws.name, &aws.stage, &key]);
    let said_name = function.value.get("iamRoleStatementsName").or_else(|| own.get("name"));
    let properties = at
        .properties()
        .set("AssumeRolePolicyDocument", trust(at, &[function]))
        .set("Policies", policies)
        .set("RoleName", said_name.cloned().unwrap_or_else(|| at.partial(name)))
        .take("Path", own, "path")
        .take_first("PermissionsBoundary", &[own, &function.value], "permissionsBoundary")
        .take("ManagedPolicyArns", own, "managedPolicies")
        .set_some(GENERATED_MANAGED_POLICIES, in_network.then(|| network_policy(at)));
    template.add(&own_role_id(function), "AWS::IAM::Role", properties.build(), &origin);
}

fn of_functions(
    statements: &[(String, Value)],
    wanted: impl Fn(&str) -> bool,
) -> impl Iterator<Item = Value> {
    statements.iter().filter(move |(key, _)| wanted(key)).map(|(_, statement)| statement.clone())
}

/// What the framework adds by itself, and what the author says, as two policies.
fn policies(aws: &Aws<'_>, at: At, generated: Vec<Value>, said: Option<&Value>) -> Value {
    let name = aws.named("{0}-{1}-lambda");
    let mut policies = Vec::new();
    if !generated.is_empty() {
        policies.push(policy(at, name.clone(), at.list(generated), Some(GENERATED_POLICY)));
    }
    if let Some(said) = said.filter(|said| !said.is_null()) {
        policies.push(policy(At(said.span), name, said.clone(), None));
    }
    at.list(policies)
}

fn policy(at: At, name: PartialText, statements: Value, origin: Option<&str>) -> Value {
    let document = at.map([("Version", at.text("2012-10-17")), ("Statement", statements)]);
    at.properties()
        .set_some(POLICY_ORIGIN, origin.map(|origin| at.text(origin)))
        .set("PolicyName", at.partial(name))
        .set("PolicyDocument", document)
        .build()
}

fn trust(at: At, functions: &[&FunctionEntry]) -> Value {
    let has = |is_wanted: &dyn Fn(&Value) -> bool| {
        functions.iter().any(|function| {
            let events = function.value.get("events").map(Value::items).unwrap_or_default();
            events.iter().any(is_wanted)
        })
    };
    let mut services = vec!["lambda.amazonaws.com"];
    if has(&|event| event.get("cloudFront").is_some()) {
        services.push("edgelambda.amazonaws.com");
    }
    // The scheduler invokes the function as this role.
    if has(&|event| {
        event.get("schedule").and_then(|it| it.get("method")?.as_str()) == Some("scheduler")
    }) {
        services.push("scheduler.amazonaws.com");
    }
    let statement = at.map([
        ("Effect", at.text("Allow")),
        ("Principal", at.map([("Service", at.texts(&services))])),
        ("Action", at.list([at.text("sts:AssumeRole")])),
    ]);
    at.map([("Version", at.text("2012-10-17")), ("Statement", at.list([statement]))])
}

fn log_statements(at: At, name: &PartialText, behind: &str) -> [Value; 2] {
    let group = "arn:{partition}:logs:{region}:{account}:log-group:/aws/lambda/{0}";
    let statement = |actions: &[&str], streams: &str| {
        let resource = at.pattern(&format!("{group}{behind}{streams}"), &[name]);
        at.map([
            ("Effect", at.text("Allow")),
            ("Action", at.texts(actions)),
            ("Resource", at.list([resource])),
        ])
    };
    let create = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"];
    [statement(&create, ":*"), statement(&["logs:PutLogEvents"], ":*:*")]
}

fn traces(aws: &Aws<'_>, function: &FunctionEntry) -> bool {
    let own = function.value.get("tracing").filter(|value| !value.is_null());
    is_on(own.or_else(|| aws.provider_at(&["tracing", "lambda"])))
}

fn trace_statement(at: At) -> Value {
    at.map([
        ("Effect", at.text("Allow")),
        ("Action", at.texts(&["xray:PutTraceSegments", "xray:PutTelemetryRecords"])),
        ("Resource", at.list([at.text("*")])),
    ])
}

fn network_policy(at: At) -> Value {
    let arn = "arn:{partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";
    at.list([at.pattern(arn, &[])])
}
