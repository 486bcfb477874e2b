use std::rc::Rc;

use super::evaluate::Evaluator;
use super::module::Module;
use super::{declare, module_calls, modules, read, read_plan};
use documents::declaration::Declared;
use documents::value::{Kind, Value};
use documents::{Files, Options};

/// A value in short: `?(why)` is unknown, `<condition => value | …>` depends on conditions.
fn short(value: &Value) -> String {
    let joined = |items: Vec<String>| items.join(", ");
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => text.to_string(),
        Kind::List(items) => format!("[{}]", joined(items.iter().map(short).collect())),
        Kind::Map(members) => {
            let members = members.iter();
            let members = members.map(|member| format!("{}: {}", member.key, short(&member.value)));
            format!("{{{}}}", joined(members.collect()))
        }
        Kind::Unknown(why) => format!("?({why})"),
        Kind::Branches(alternatives) => {
            let alternatives = alternatives.iter().map(|alternative| {
                format!("{} => {}", alternative.condition, short(&alternative.value))
            });
            format!("<{}>", alternatives.collect::<Vec<_>>().join(" | "))
        }
    }
}

/// Every fact a test may ask for, a line each: properties, conditions, problems, what was not read.
fn facts(declared: &Declared) -> Vec<String> {
    let mut facts = Vec::new();
    for declaration in &declared.declarations {
        facts.push(format!("{} is {}", declaration.id, declaration.kind));
        if let Some(condition) = &declaration.condition {
            facts.push(format!("{} if {condition}", declaration.id));
        }
        for member in declaration.properties.members() {
            facts.push(format!("{} {} {}", declaration.id, member.key, short(&member.value)));
        }
    }
    facts.extend(declared.problems.iter().map(|problem| format!("problem {}", problem.message)));
    facts.extend(declared.not_read.iter().map(|not_read| format!("not read {}", not_read.what)));
    facts
}

fn check(files: &[(&str, &str)], expect: &[&str]) {
    let files = Files::memory(files.iter().copied());
    let declared = match files.exists("plan.json") {
        true => read_plan("plan.json", &files, &Options::default()),
        false => read("", &files, &Options::default()),
    };
    let facts = facts(&declared.unwrap());
    for line in expect {
        let found = match line.strip_prefix("no ") {
            Some(line) => !facts.iter().any(|fact| fact.contains(line)),
            None => facts.iter().any(|fact| fact.contains(line)),
        };
        assert!(found, "expected: {line}\nfound:\n{}", facts.join("\n"));
    }
}

fn function(body: &str) -> String {
    format!("resource \"aws_lambda_function\" \"f\" {{\n{body}\n}}\n")
}

#[test]
fn arguments_are_evaluated_and_named_as_cloudformation_does() {
    for (body, expect) in [
        ("timeout = 60 * 15", "f Timeout 900"),
        ("function_name = \"${local.name}-api\"", "f FunctionName shop-api"),
        ("runtime = lower(\"PYTHON3.8\")", "f Runtime python3.8"),
        ("reserved_concurrent_executions = 7", "f ReservedConcurrentExecutions 7"),
        ("tracing_config {\n mode = \"Active\"\n}", "f TracingConfig {Mode: Active}"),
        ("environment {\n variables = { A = 1 }\n}", "f Environment {Variables: {A: 1}}"),
        ("role = aws_iam_role.r.arn", "f Role ${aws_iam_role.r.Arn}"),
        ("timeout = var.given", "f Timeout ?(variable `given` has no default)"),
        ("timeout = var.defaulted", "f Timeout 5"),
        (
            "timeout = nothing_known(3)",
            "f Timeout ?(the function `nothing_known` is not evaluated)",
        ),
        ("timeout = try(local.missing, 4)", "f Timeout 4"),
        ("handler = join(\".\", [for x in [\"a\", \"b\"] : upper(x)])", "f Handler A.B"),
        ("handler = format(\"%s-%03d\", \"a\", 7)", "f Handler a-007"),
        ("handler = cidrsubnet(\"10.0.0.0/16\", 8, 2)", "f Handler 10.0.2.0/24"),
        ("handler = lookup({ a = \"b\" }, \"c\", \"d\")", "f Handler d"),
        ("handler = base64encode(\"hello\")", "f Handler aGVsbG8="),
        (
            "memory_size = var.big ? 1024 : 128",
            "f MemorySize <`var.big` is true => 1024 | `var.big` is false => 128>",
        ),
        (
            "memory_size = terraform.workspace == \"prod\" ? 1024 : 128",
            "=> 1024 | `terraform.workspace == \"prod\"` is false => 128>",
        ),
        (
            "dynamic \"dead_letter_config\" {\n for_each = [\"arn:q\"]\n content {\n target_arn = dead_letter_config.value\n }\n}",
            "f DeadLetterConfig {TargetArn: arn:q}",
        ),
    ] {
        let rest = "locals {\n name = \"shop\"\n}\nvariable \"given\" {}\nvariable \"defaulted\" {\n default = 5\n}\nvariable \"big\" {\n default = false\n}\nresource \"aws_iam_role\" \"r\" {}\n";
        check(&[("main.tf", &format!("{}{rest}", function(body)))], &[expect]);
    }
}

#[test]
fn minus_one_is_no_limit() {
    let text = function("reserved_concurrent_executions = -1");
    check(&[("main.tf", &text)], &["no ReservedConcurrentExecutions"]);
}

#[test]
fn a_module_under_for_each_gives_its_bad_value_to_every_instance() {
    let root = "module \"orders\" {\n  source   = \"./service\"\n  for_each = { eu = 900, us = 10 }\n  timeout  = each.value\n}\noutput \"a\" {\n value = module.orders[\"eu\"].arn\n}\nresource \"aws_lambda_permission\" \"p\" {\n function_name = module.orders[\"eu\"].arn\n}\n";
    let child = "variable \"timeout\" {}\nresource \"aws_lambda_function\" \"this\" {\n  count   = 1\n  timeout = var.timeout\n}\noutput \"arn\" {\n  value = aws_lambda_function.this[0].arn\n}\n";
    check(
        &[("main.tf", root), ("service/main.tf", child)],
        &[
            "module.orders[\"eu\"].aws_lambda_function.this[0] Timeout 900",
            "module.orders[\"us\"].aws_lambda_function.this[0] Timeout 10",
            "p FunctionName ${module.orders[\"eu\"].aws_lambda_function.this[0].Arn}",
        ],
    );
    let files = Files::memory([("main.tf", root), ("service/main.tf", child)]);
    assert_eq!(module_calls("", &files), ["service"]);
    let declared = read("", &files, &Options::default()).unwrap();
    let eu = &declared.declarations.iter().find(|it| it.name.contains("eu")).unwrap();
    let sources = files.sources();
    let timeout = eu.properties.get("Timeout").unwrap();
    assert_eq!(sources.of(timeout.span).unwrap().path, "service/main.tf");
    let origin = timeout.origin.unwrap();
    assert_eq!(sources.of(origin).unwrap().slice(origin), "900");
}

#[test]
fn policies_become_trees_with_places() {
    let encoded = "policy = jsonencode({\n Statement = [{ Action = \"s3:*\", Resource = aws_s3_bucket.b.arn }]\n})";
    let heredoc = "policy = <<-EOT\n    {\n      \"Statement\": [{\"Action\": \"s3:*\", \"Resource\": \"${aws_s3_bucket.b.arn}\"}]\n    }\n  EOT";
    let quoted = r#"policy = "{\"Statement\": [{\"Action\": \"s3:*\", \"Resource\": \"${aws_s3_bucket.b.arn}\"}]}""#;
    let document = "policy = data.aws_iam_policy_document.d.json";
    for policy in [encoded, heredoc, quoted, document] {
        let text = format!(
            "resource \"aws_iam_role_policy\" \"p\" {{\n role = aws_iam_role.r.id\n {policy}\n}}\nresource \"aws_iam_role\" \"r\" {{}}\nresource \"aws_s3_bucket\" \"b\" {{}}\ndata \"aws_iam_policy_document\" \"d\" {{\n statement {{\n actions = [\"s3:*\"]\n resources = [aws_s3_bucket.b.arn]\n }}\n}}\n"
        );
        let files = Files::memory([("main.tf", text.as_str())]);
        let declared = read("", &files, &Options::default()).unwrap();
        let policy = &declared.declarations[0].properties;
        let statement = &policy.get("PolicyDocument").unwrap().get("Statement").unwrap().items()[0];
        let action = statement.get("Action").unwrap();
        let action = action.items().first().unwrap_or(action);
        assert_eq!(action.as_str(), Some("s3:*"), "{text}");
        assert!(short(statement).contains("${aws_s3_bucket.b.Arn}"), "{}", short(statement));
        let shown = files.sources().of(action.span).unwrap().slice(action.span).to_owned();
        let exact = shown == "\"s3:*\"" || shown == "\\\"s3:*\\" || shown.contains("s3:*");
        assert!(exact, "{shown}");
        assert_eq!(short(policy.get("Roles").unwrap()), "[${aws_iam_role.r}]");
    }
}

#[test]
fn what_terraform_splits_is_put_together() {
    let bucket = "resource \"aws_s3_bucket\" \"b\" {\n bucket = \"shop\"\n}\nresource \"aws_s3_bucket_versioning\" \"v\" {\n bucket = aws_s3_bucket.b.id\n versioning_configuration {\n status = \"Enabled\"\n }\n}\nresource \"aws_s3_bucket_acl\" \"a\" {\n bucket = \"shop\"\n acl = \"public-read\"\n}\n";
    let role = "resource \"aws_iam_role\" \"r\" {}\nresource \"aws_iam_role_policy_attachment\" \"a\" {\n count = var.admin ? 1 : 0\n role = aws_iam_role.r.name\n policy_arn = \"arn:aws:iam::aws:policy/AdministratorAccess\"\n}\nvariable \"admin\" {\n default = false\n}\n";
    let queue = "resource \"aws_sqs_queue\" \"q\" {\n policy = jsonencode({ Statement = [] })\n}\n";
    for (text, expect) in [
        (bucket, "b VersioningConfiguration {Status: Enabled}"),
        (bucket, "b AccessControl PublicRead"),
        (bucket, "no aws_s3_bucket_acl"),
        (
            role,
            "r ManagedPolicyArns [<`var.admin` is true => arn:aws:iam::aws:policy/AdministratorAccess",
        ),
        (queue, "aws_sqs_queue.q/policy Queues [${aws_sqs_queue.q}]"),
        ("resource \"aws_security_group\" \"s\" {}\n", "s SecurityGroupEgress []"),
        ("resource \"some_new_thing\" \"x\" {\n size = 3\n}\n", "x is some_new_thing"),
    ] {
        check(&[("main.tf", text)], &[expect]);
    }
}

#[test]
fn number_of_instances() {
    let counted = |count: &str| {
        format!(
            "variable \"n\" {{}}\nvariable \"on\" {{\n default = true\n}}\nresource \"aws_sqs_queue\" \"q\" {{\n {count}\n name = \"q\"\n}}\n"
        )
    };
    for (count, expect) in [
        ("count = 0", "no aws_sqs_queue.q"),
        ("count = 2", "aws_sqs_queue.q[1] is"),
        ("count = var.n", "aws_sqs_queue.q[count.index] is"),
        ("count = var.on ? 1 : 0", "aws_sqs_queue.q[0] if `var.on` is true"),
        ("for_each = toset([\"a\", \"b\"])", "aws_sqs_queue.q[\"b\"] is"),
        ("for_each = var.n", "aws_sqs_queue.q[each.key] is"),
    ] {
        check(&[("main.tf", &counted(count))], &[expect]);
    }
}

#[test]
fn files_and_templates() {
    let text = function(
        "handler = templatefile(\"${path.module}/h.tftpl\", { names = [\"a\", \"b\"], on = true })",
    );
    let template = "%{ for name in names ~}${name}.%{ endfor ~}%{ if on }yes%{ else }no%{ endif }";
    check(&[("main.tf", &text), ("h.tftpl", template)], &["f Handler a.b.yes"]);
    let archive = "data \"archive_file\" \"z\" {\n source_dir = \"${path.module}/src\"\n output_path = \"z.zip\"\n}\n";
    for said in [
        "filename = data.archive_file.z.output_path",
        "filename = \"${path.module}/z.zip\"",
        "filename = local.zip",
        "filename = \"other.zip\"\nsource_code_hash = data.archive_file.z.output_base64sha256",
    ] {
        let text = function(said) + archive + "locals {\n zip = \"./z.zip\"\n}\n";
        check(&[("main.tf", &text)], &["f Code src"]);
    }
    let built = archive.replace("source_dir", "source_file").replace("/src", "/src/bootstrap");
    let text = function("filename = data.archive_file.z.output_path") + &built;
    check(&[("main.tf", &text), ("src/main.go", "")], &["f Code src", "no f Code src/"]);
    let object = "resource \"aws_s3_bucket\" \"b\" {}\nresource \"aws_s3_object\" \"o\" {\n bucket = aws_s3_bucket.b.id\n key = \"k\"\n source = data.archive_file.z.output_path\n}\n";
    for (said, code) in [
        ("s3_bucket = aws_s3_bucket.b.bucket\ns3_key = \"k\"", "f Code src"),
        ("s3_bucket = aws_s3_object.o.bucket\ns3_key = aws_s3_object.o.key", "f Code src"),
        ("s3_bucket = aws_s3_bucket.b.id\ns3_key = \"other\"", "f Code {S3Bucket"),
        ("s3_bucket = \"elsewhere\"\ns3_key = \"k\"", "f Code {S3Bucket"),
    ] {
        check(&[("main.tf", &(function(said) + archive + object))], &[code]);
    }
    let inline = "data \"archive_file\" \"z\" {\n output_path = \"z.zip\"\n source {\n  filename = \"other.py\"\n  content = \"\"\n }\n source {\n  filename = \"app.py\"\n  content = <<-EOT\n    import os\n    x = 1\n  EOT\n }\n}\n";
    for (handler, code) in [
        ("app.run", "f Code {ZipFile: import os\nx = 1\n}"),
        ("gone.run", "f Code ?(its archive has no file for handler `gone.run`)"),
    ] {
        let said = format!("handler = \"{handler}\"\nfilename = data.archive_file.z.output_path");
        check(&[("main.tf", &(function(&said) + inline))], &[code]);
    }
    let text = function("handler = file(\"../../secret\")");
    check(&[("main.tf", &text)], &["problem `../../secret` lies outside", "f Handler ?("]);
}

#[test]
fn bad_input_is_a_problem_and_nothing_else_is_lost() {
    let queue = "resource \"aws_sqs_queue\" \"q\" {}\n";
    let own = "module \"m\" {\n source = \"./m\"\n}\n";
    let deep = format!("locals {{\n x = {}1{}\n}}\n", "[".repeat(5_000), "]".repeat(5_000));
    let mut chain: String =
        (0..3_000).map(|n| format!("locals {{\n x{n} = local.x{}\n}}\n", n + 1)).collect();
    chain += &function("handler = local.x0");
    let doubled =
        |n| format!("locals {{\n x{n} = \"${{local.x{}}}${{local.x{}}}\"\n}}\n", n + 1, n + 1);
    let mut doubling: String = (0..20).map(doubled).collect();
    doubling += "locals {\n x20 = \"ab\"\n}\n";
    doubling += &function("handler = local.x0");
    let policy =
        |text: &str| format!("resource \"aws_iam_policy\" \"p\" {{\n policy = {text}\n}}\n");
    for (files, expect) in [
        (vec![("a.tf", "resource {{{"), ("b.tf", queue)], "aws_sqs_queue.q is"),
        (vec![("a.tf", "resource {{{"), ("b.tf", queue)], "problem the file is no valid HCL"),
        (
            vec![
                ("a.tf", own),
                ("m/a.tf", own),
                ("m/m/a.tf", "module \"m\" {\n source = \"../\"\n}"),
            ],
            "in a circle",
        ),
        (
            vec![("a.tf", "module \"m\" {\n source = \"../..\"\n}")],
            "problem module `m` is not read",
        ),
        (
            vec![("a.tf", "module \"v\" {\n source = \"a/vpc/aws\"\n}")],
            "not read module `v` from `a/vpc/aws`",
        ),
        (
            vec![(
                "a.tf",
                "locals {\n a = local.b\n b = local.a\n}\nresource \"aws_sqs_queue\" \"q\" {\n name = local.a\n}",
            )],
            "refers to itself in a circle",
        ),
        (
            vec![(
                "a.tf",
                "resource \"aws_sqs_queue\" \"q\" {\n count = length(aws_sqs_queue.q)\n}",
            )],
            "refers to itself in a circle",
        ),
        (vec![("a.tf", &deep), ("b.tf", queue)], "aws_sqs_queue.q is"),
        (vec![("a.tf", &chain)], "problem the configuration is nested too deeply"),
        (vec![("a.tf", &doubling)], "problem the text is too long to evaluate"),
        (
            vec![("a.tf", &policy("templatefile(\"p.tftpl\", {})"))],
            "problem there is no file `p.tftpl`",
        ),
        (vec![("a.tf", &policy("file(\"p.json\")"))], "problem there is no file `p.json`"),
        (vec![("a.tf", ""), ("b.tf", queue)], "aws_sqs_queue.q is"),
    ] {
        check(&files, &[expect]);
    }
}

#[test]
fn doubling_again_and_again_ends() {
    let doubled = |of: &dyn Fn(usize) -> String| -> String {
        let locals = (1..60).map(|n| format!("locals {{\n x{n} = {}\n}}\n", of(n - 1)));
        "locals {\n x0 = \"abcdefgh\"\n}\n".to_owned() + &locals.collect::<String>()
    };
    for (name, text) in [
        ("texts", doubled(&|n| format!("\"${{local.x{n}}}${{local.x{n}}}\""))),
        ("lists", doubled(&|n| format!("[local.x{n}, local.x{n}]"))),
        ("joined", doubled(&|n| format!("join(\"\", [local.x{n}, local.x{n}])"))),
        ("formatted", doubled(&|n| format!("format(\"%s%s\", local.x{n}, local.x{n})"))),
        ("encoded", doubled(&|n| format!("jsonencode([local.x{n}, local.x{n}])"))),
    ] {
        let text = text + &function("handler = local.x59");
        let files = Files::memory([("main.tf", text)]);
        let declared = read("", &files, &Options::default()).unwrap();
        let handler = declared.declarations[0].properties.get("Handler").unwrap();
        assert!(matches!(handler.kind, Kind::Unknown(_) | Kind::List(_) | Kind::Text(_)), "{name}");
    }
    let conditions: String = (0..40)
        .map(|n| format!("variable \"v{n}\" {{\n default = true\n}}\nlocals {{\n c{n} = var.v{n} ? \"a\" : \"b\"\n}}\n"))
        .collect();
    let all: String = (0..40).map(|n| format!("${{local.c{n}}}")).collect();
    let text = conditions + &function(&format!("handler = \"{all}\""));
    check(&[("main.tf", &text)], &["f Handler ?(the value depends on too many conditions)"]);
}

#[test]
fn variables_come_from_files_and_from_the_user() {
    let text = function("timeout = var.t") + "variable \"t\" {\n default = 1\n}\n";
    check(&[("main.tf", &text), ("terraform.tfvars", "t = 7\n")], &["f Timeout 7"]);
    let files = Files::memory([("main.tf", text.as_str()), ("terraform.tfvars", "t = 7\n")]);
    let mut options = Options::default();
    options.parameters.insert("t".to_owned(), "9".to_owned());
    let declared = read("", &files, &options).unwrap();
    assert!(facts(&declared).iter().any(|fact| fact.ends_with("f Timeout 9")));
}

#[test]
fn the_registrys_lambda_module_is_known_by_its_inputs() {
    let text = "module \"api\" {\n  source        = \"terraform-aws-modules/lambda/aws\"\n  function_name = \"api\"\n  runtime       = \"python3.8\"\n  create_lambda_function_url = true\n  attach_policy_statements = true\n  policy_statements = {\n    all = {\n      actions = [\"dynamodb:*\"], resources = [\"*\"]\n    }\n  }\n}\n";
    check(
        &[("main.tf", text)],
        &[
            "module.api.aws_lambda_function.this[0] Runtime python3.8",
            "no Timeout",
            "module.api.aws_lambda_function.this[0] Role ${module.api.aws_iam_role.lambda[0].Arn}",
            "Action: [dynamodb:*], Resource: [*]",
            "module.api.aws_lambda_function_url.this[0] AuthType NONE",
        ],
    );
    let files = Files::memory([("main.tf", text)]);
    let declared = read("", &files, &Options::default()).unwrap();
    let function = &declared.declarations.iter().find(|it| it.name.contains("function.this"));
    let runtime = function.unwrap().properties.get("Runtime").unwrap();
    let shown = files.sources().of(runtime.span).unwrap().slice(runtime.span).to_owned();
    assert_eq!(shown, "\"python3.8\"");
    let logs = declared.declarations.iter().find(|it| it.name.contains("log_group"));
    let insertion = logs.unwrap().insertion.as_ref().unwrap();
    let written = insertion.property("RetentionInDays", "365");
    assert_eq!(written, "cloudwatch_logs_retention_in_days = 365\n  ");
    assert!(insertion.has("tracing_config"), "what the module does not pass on has no place");
}

#[test]
fn sources_of_the_lambda_module_are_polled() {
    let text = r#"
module "api" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "api"
  event_source_mapping = {
    jobs = {
      event_source_arn = aws_sqs_queue.jobs.arn
      scaling_config   = { maximum_concurrency = 4 }
    }
    mq = {
      event_source_arn            = "arn:aws:mq:eu-west-1:111122223333:broker:b:b-1"
      queues                      = ["q"]
      source_access_configuration = [{ type = "BASIC_AUTH", uri = aws_secretsmanager_secret.login.arn }]
    }
    topics = {
      event_source_arn                         = aws_msk_cluster.c.arn
      topics                                   = ["t"]
      amazon_managed_kafka_event_source_config = [{ consumer_group_id = "g" }]
    }
  }
  allowed_triggers = {
    files = { service = "s3", source_arn = aws_s3_bucket.files.arn }
  }
}
resource "aws_sqs_queue" "jobs" {}
resource "aws_secretsmanager_secret" "login" {}
resource "aws_msk_cluster" "c" {}
resource "aws_s3_bucket" "files" {}
"#;
    let mapping = |key: &str, fact: &str| {
        format!("module.api.aws_lambda_event_source_mapping.this[\"{key}\"] {fact}")
    };
    let expect = [
        mapping("jobs", "EventSourceArn ${aws_sqs_queue.jobs.Arn}"),
        mapping("jobs", "FunctionName ${module.api.aws_lambda_function.this[0].Arn}"),
        mapping("jobs", "ScalingConfig {MaximumConcurrency: 4}"),
        mapping(
            "mq",
            "SourceAccessConfigurations [{Type: BASIC_AUTH, URI: ${aws_secretsmanager_secret.login}}]",
        ),
        mapping("topics", "AmazonManagedKafkaEventSourceConfig {ConsumerGroupId: g}"),
        "module.api.aws_lambda_permission.triggers[\"files\"] SourceArn ${aws_s3_bucket.files.Arn}"
            .to_owned(),
    ];
    let expect: Vec<&str> = expect.iter().map(String::as_str).collect();
    check(&[("main.tf", text)], &expect);
}

#[test]
fn inputs_of_the_lambda_module_that_open_it_are_read() {
    let module = |inputs: &str| {
        format!("module \"api\" {{\n  source = \"terraform-aws-modules/lambda/aws\"\n{inputs}}}\n")
    };
    let opened = "  trusted_entities = [\"events.amazonaws.com\", { type = \"AWS\", identifiers = [\"*\"] }]\n  assume_role_policy_statements = {\n    other = {\n      actions = [\"sts:AssumeRole\"]\n      principals = { all = { type = \"AWS\", identifiers = [\"arn:aws:iam::111122223333:root\"] } }\n    }\n  }\n";
    check(
        &[("main.tf", &module(opened))],
        &[
            "[lambda.amazonaws.com, events.amazonaws.com], AWS: [*]}}, {Effect: Allow, Action: [sts:AssumeRole], Principal: {AWS: [arn:aws:iam::111122223333:root]}}]",
        ],
    );
    check(
        &[("main.tf", &module("  tags = {}\n  a_new_input = 1\n"))],
        &["not read input `a_new_input` of module `api`", "no not read input `tags`"],
    );
}

#[test]
fn a_plan_keeps_references_that_are_known_after_apply() {
    let plan = r#"{"terraform_version": "1.9.0", "planned_values": {"root_module": {"resources": [
      {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r",
       "values": {"name": "r", "assume_role_policy": "{\"Statement\": []}"}},
      {"address": "aws_lambda_function.f[0]", "mode": "managed", "type": "aws_lambda_function", "name": "f", "index": 0,
       "values": {"timeout": 900, "runtime": "nodejs12.x", "environment": [{"variables": {"A": "b"}}]}}]}},
      "configuration": {"root_module": {"resources": [{"address": "aws_lambda_function.f",
        "expressions": {"role": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}, "timeout": {"constant_value": 900}}}]}}}"#;
    check(
        &[("plan.json", plan)],
        &[
            "aws_lambda_function.f[0] Timeout 900",
            "aws_lambda_function.f[0] Role ${aws_iam_role.r.Arn}",
            "aws_lambda_function.f[0] Environment {Variables: {A: b}}",
            "aws_iam_role.r AssumeRolePolicyDocument {Statement: []}",
        ],
    );
}

/// The shapes of `terraform show -json` 1.11 with the AWS provider 5.100, cut to what is asked.
#[test]
fn a_plan_says_of_each_instance_what_the_configuration_says() {
    let plan = r#"{"terraform_version": "1.11.4", "planned_values": {"root_module": {"resources": [
      {"address": "aws_iam_role.r[\"a\"]", "type": "aws_iam_role", "name": "r", "index": "a", "values": {"name": "ra"}},
      {"address": "aws_iam_role.r[\"b\"]", "type": "aws_iam_role", "name": "r", "index": "b", "values": {"name": "rb"}},
      {"address": "aws_iam_role_policy.p[\"b\"]", "type": "aws_iam_role_policy", "name": "p", "index": "b"},
      {"address": "aws_lambda_function.f[\"b\"]", "type": "aws_lambda_function", "name": "f", "index": "b",
       "values": {"timeout": 900, "memory_size": 128, "reserved_concurrent_executions": -1}}],
      "child_modules": [{"resources": [
        {"address": "module.q[\"x\"].aws_lambda_event_source_mapping.m", "type": "aws_lambda_event_source_mapping", "name": "m", "values": {}},
        {"address": "module.q[\"x\"].aws_sqs_queue.q", "type": "aws_sqs_queue", "name": "q", "values": {"name": "q"}},
        {"address": "module.q[\"x\"].aws_sqs_queue_policy.q", "type": "aws_sqs_queue_policy", "name": "q", "values": null}]}]}},
      "resource_changes": [{"address": "data.aws_iam_policy_document.d", "mode": "data", "type": "aws_iam_policy_document",
        "change": {"after": {"version": null, "statement": [{"actions": ["dynamodb:*"], "effect": null, "principals": [], "resources": [null], "condition": []}]}}}],
      "configuration": {"root_module": {"resources": [
        {"address": "aws_iam_role_policy.p", "expressions": {"role": {"references": ["aws_iam_role.r", "each.key"]},
          "policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}}},
        {"address": "aws_lambda_function.f", "expressions": {"timeout": {"constant_value": 900},
          "role": {"references": ["aws_iam_role.r", "each.key"]}}}],
       "module_calls": {"q": {"expressions": {"fn": {"references": ["aws_lambda_function.f[\"b\"].arn", "aws_lambda_function.f[\"b\"]", "aws_lambda_function.f"]}},
        "module": {"resources": [
          {"address": "aws_lambda_event_source_mapping.m", "expressions": {"function_name": {"references": ["var.fn"]}}},
          {"address": "aws_sqs_queue_policy.q", "expressions": {"queue_url": {"references": ["aws_sqs_queue.q.id", "aws_sqs_queue.q"]},
            "policy": {"references": ["aws_sqs_queue.q.arn", "aws_sqs_queue.q"]}}}]}}}}}}"#;
    check(
        &[("plan.json", plan)],
        &[
            "aws_lambda_function.f[\"b\"] Role ${aws_iam_role.r[\"b\"].Arn}",
            "aws_lambda_function.f[\"b\"] Timeout 900",
            "no MemorySize",
            "no ReservedConcurrentExecutions",
            "m FunctionName ${aws_lambda_function.f[\"b\"].Arn}",
            "[dynamodb:*], Resource: [?(known only after apply)]",
            "PolicyDocument ?(`aws_sqs_queue.q.arn` is known only after apply)",
        ],
    );
}

#[test]
fn functions_of_other_clouds_are_in_the_graph() {
    let text = "resource \"google_cloudfunctions2_function\" \"g\" {\n name = \"g\"\n build_config {\n runtime = \"python38\"\n }\n service_config {\n available_memory = \"1Gi\"\n timeout_seconds = 60\n service_account_email = google_service_account.a.email\n }\n}\nresource \"google_service_account\" \"a\" {}\nresource \"google_cloud_run_service_iam_member\" \"m\" {\n service = google_cloudfunctions2_function.g.name\n role = \"roles/run.invoker\"\n member = \"allUsers\"\n}\nresource \"google_project_iam_member\" \"p\" {\n role = \"roles/owner\"\n member = \"serviceAccount:${google_service_account.a.email}\"\n}\nresource \"azurerm_linux_function_app\" \"z\" {\n name = \"z\"\n app_settings = {\n K = \"v\"\n }\n site_config {\n application_stack {\n node_version = \"16\"\n }\n }\n}\nresource \"azurerm_function_app_function\" \"h\" {\n function_app_id = azurerm_linux_function_app.z.id\n config_json = jsonencode({ bindings = [{ type = \"httpTrigger\", authLevel = \"anonymous\" }] })\n}\n";
    let files = Files::memory([("main.tf", text)]);
    let declared = read("", &files, &Options::default()).unwrap();
    let (graph, _) = lowering::lower(&declared);
    let google = &graph.functions[0];
    assert_eq!(google.memory.single().map(|said| said.value), Some(1024));
    assert_eq!(google.timeout.single().map(|said| said.value), Some(60));
    assert_eq!(graph.identities_of(google).len(), 1);
    let bindings = graph.identities.iter().map(|identity| identity.attached.len()).sum::<usize>();
    assert_eq!(bindings, 1);
    let azure = &graph.functions[1];
    assert_eq!(azure.runtime.single().map(|said| said.value.as_str()), Some("node|16"));
    assert_eq!(azure.environment.len(), 1);
    let open = graph.triggers.iter().filter(|trigger| {
        let route = trigger.route.as_ref();
        route.is_some_and(|route| route.auth.any(|auth| *auth == app_graph::RouteAuth::Anyone))
    });
    assert_eq!(open.count(), 2);
}

#[test]
fn patterns_are_matched_and_replaced() {
    for (expression, expect) in [
        (r#"replace("a__b_c", "/_+/", "-")"#, "a-b-c"),
        (r#"replace("k=v", "/(\\w)=(\\w)/", "$2=$1")"#, "v=k"),
        (r#"regex("[0-9]+", "abc-42")"#, "42"),
        (r#"regex("^([a-z]+)-([0-9]+)$", "abc-42")[1]"#, "42"),
        (r#"regex("(?P<name>[a-z]+)", "42abc").name"#, "abc"),
        (r#"join("+", regexall("[a-z]", "1a2b"))"#, "a+b"),
        (r#"try(regex("x", "abc"), "none")"#, "none"),
        (r#"regex("(", "abc")"#, "?(the pattern of `regex` is not readable)"),
    ] {
        let text = function(&format!("description = {expression}"));
        check(&[("main.tf", &text)], &[&format!("f Description {expect}")]);
    }
}

#[test]
fn documents_and_folders_of_the_module_are_read() {
    let text = r#"
locals { settings = yamldecode(file("${path.module}/settings.yaml")) }
resource "aws_sqs_queue" "q" {
  for_each                   = fileset(path.module, "queues/*.json")
  name                       = trimsuffix(basename(each.value), ".json")
  visibility_timeout_seconds = local.settings.queue.visibility
}
resource "aws_sns_topic" "t" { name = yamldecode("name: !secret x").name }
"#;
    check(
        &[
            ("main.tf", text),
            ("settings.yaml", "queue:\n  visibility: 7\n"),
            ("queues/jobs.json", "{}"),
            ("queues/readme.md", ""),
        ],
        &[
            r#"aws_sqs_queue.q["queues/jobs.json"] QueueName jobs"#,
            r#"aws_sqs_queue.q["queues/jobs.json"] VisibilityTimeout 7"#,
            "aws_sns_topic.t TopicName x",
            "no readme",
        ],
    );
}

#[test]
fn types_of_variables_put_in_what_is_left_out() {
    let text = r#"
variable "queues" {
  type = map(object({
    delay  = optional(number, 5)
    name   = optional(string)
    limits = optional(object({ size = optional(number, 1024) }), {})
  }))
  default = { a = {}, b = { delay = 6, name = "b", limits = { size = 2048 } } }
}
resource "aws_sqs_queue" "q" {
  for_each         = var.queues
  name             = coalesce(each.value.name, "unnamed")
  delay_seconds    = each.value.delay
  max_message_size = each.value.limits.size
}
"#;
    check(
        &[("main.tf", text)],
        &[
            r#"q["a"] QueueName unnamed"#,
            r#"q["a"] DelaySeconds 5"#,
            r#"q["a"] MaxMessageSize 1024"#,
            r#"q["b"] QueueName b"#,
            r#"q["b"] DelaySeconds 6"#,
            r#"q["b"] MaxMessageSize 2048"#,
        ],
    );
}

#[test]
fn types_with_a_twin_in_cloudformation_are_named_as_it() {
    for (text, expect) in [
        (
            "resource \"aws_alb\" \"l\" {\n access_logs {\n  bucket = \"b\"\n  enabled = true\n }\n}",
            "l LoadBalancerAttributes [{Key: access_logs.s3.enabled, Value: true}]",
        ),
        (
            "resource \"aws_alb_listener\" \"l\" {\n default_action {\n  type = \"forward\"\n  forward {\n   target_group {\n    arn = \"g\"\n   }\n  }\n }\n}",
            "l DefaultActions [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: g}]}}]",
        ),
        (
            "resource \"aws_lb_listener_rule\" \"l\" {\n condition {\n  path_pattern {\n   values = [\"/a\"]\n  }\n }\n}",
            "l Conditions [{PathPatternConfig: {Values: [/a]}}]",
        ),
        (
            "resource \"aws_opensearch_domain\" \"s\" {\n encrypt_at_rest {\n  enabled = true\n }\n}",
            "s EncryptionAtRestOptions {Enabled: true}",
        ),
        (
            "resource \"aws_bedrockagent_agent\" \"a\" {}\nresource \"aws_bedrockagent_agent_action_group\" \"g\" {\n agent_id = aws_bedrockagent_agent.a.agent_id\n action_group_executor {\n  lambda = \"f\"\n }\n}",
            "a ActionGroups [{ActionGroupExecutor: {Lambda: f}}]",
        ),
        (
            "resource \"aws_s3control_object_lambda_access_point\" \"p\" {\n configuration {\n  transformation_configuration {\n   content_transformation {\n    aws_lambda {\n     function_arn = \"f\"\n    }\n   }\n  }\n }\n}",
            "p ObjectLambdaConfiguration {TransformationConfigurations: [{ContentTransformation: {AwsLambda: {FunctionArn: f}}}]}",
        ),
    ] {
        check(&[("main.tf", text)], &[expect]);
    }
}

#[test]
fn a_configuration_is_freed_when_it_was_read() {
    let child = "resource \"aws_sqs_queue\" \"q\" {\n count = 2\n}\n";
    let root = "module \"m\" {\n source = \"./m\"\n}\nresource \"aws_sqs_queue\" \"q\" {}\n";
    let files = Files::memory([("main.tf", root), ("m/main.tf", child)]);
    let options = Options::default();
    let evaluator = Evaluator::new(&files, &options);
    let configuration = modules::load(&evaluator, "").unwrap();
    let module = Rc::new(Module::new(String::new(), configuration, None, None));
    let mut drafts = Vec::new();
    declare::module(&evaluator, &module, &mut drafts);
    assert_eq!(drafts.len(), 3);
    let held = Rc::downgrade(&module);
    module.release();
    drop((module, evaluator));
    assert!(held.upgrade().is_none());
}
