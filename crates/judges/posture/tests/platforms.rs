//! Functions on platforms of which no defaults are known.

use app_graph::{Cloud, TriggerKind};
use casemate_posture::judge;

use crate::{FACTS, findings_of, reported};

/// Compares what a rule says of a service on a platform.
fn check(rule: &str, provider: &str, functions: &str, expect: &[&str]) {
    let service = format!("service: shop\nprovider: {provider}\nfunctions:\n{functions}\n");
    assert_eq!(findings_of(rule, &service), expect, "{rule} on\n{service}");
}

/// One function of every platform, with nothing said but its handler and its events.
const BARE: &[(&str, &str)] = &[
    ("openwhisk", "{ handler: h, events: [{ trigger: t }, { schedule: cron(* * * * *) }] }"),
    ("kubeless", "{ handler: h, runtime: python2.7, events: [{ http: { path: /a } }] }"),
    (
        "knative",
        "{ handler: h.dockerfile, events: [{ awsSqs: { queue: q } }, { kafka: { topics: [t] } }] }",
    ),
    ("fn", "{ runtime: go, events: [{ http: { path: /a } }] }"),
    ("aliyun", "{ handler: h, runtime: nodejs8, events: [{ oss: { sourceArn: 'acs:oss:b' } }] }"),
    (
        "tencent",
        "{ handler: h, runtime: nodejs8.10, events: [{ cos: { name: b } }, { cmq: { name: q } }] }",
    ),
    ("huawei", "{ handler: h, runtime: nodejs6.10, events: [{ obs: { bucket: b } }] }"),
    ("cloudflare", "{ script: h }"),
    ("spotinst", "{ handler: h, runtime: ruby2.4.1, access: private }"),
    ("twilio", "{ handler: h, path: /a, access: protected }"),
];

#[test]
fn no_rule_judges_a_platform_by_the_defaults_of_another() {
    for (provider, function) in BARE {
        let service = format!(
            "service: s\nprovider: {{ name: {provider} }}\nfunctions: {{ f: {function} }}\n"
        );
        let files = templates::Files::memory([("serverless.yml", service.as_str())]);
        let reading = templates::read(&files, &templates::Options::default());
        assert_eq!(reading.problems, [], "{service}");
        let [application] = reading.applications.as_slice() else { panic!("{service}") };
        assert_eq!(application.functions.len(), 1, "{service}");
        let mut sink = finding::Sink::default();
        judge(application, &FACTS, &|_| true, &mut sink);
        let (findings, _) = sink.into_parts();
        let told: Vec<_> = findings.iter().map(|it| (it.rule.id, &it.message)).collect();
        assert_eq!(told, [], "{service}");
    }
}

#[test]
fn what_a_platform_opens_to_everyone_is_told_with_a_fix_of_its_own() {
    let rule = "unauthenticated-route";
    let http = "  time: { handler: h, events: [{ http: POST orders }] }";
    let told = ["anyone may call `POST /orders` and start `time`"];
    check(rule, "{ name: openwhisk }", http, &told);
    check(rule, "{ name: kubeless }", http, &[]);
    check(rule, "{ name: google }", "  time: { handler: h, events: [{ http: path }] }", &[]);
    let public =
        |access: &str| format!("  time: {{ handler: h, path: /orders, access: {access} }}");
    let told = ["anyone may call `ANY /orders` and start `time`"];
    check(rule, "{ name: twilio }", &public("public"), &told);
    check(rule, "{ name: twilio }", &public("protected"), &[]);
    let service = format!("service: s\nprovider: {{ name: openwhisk }}\nfunctions:\n{http}\n");
    let fix = format!("{:?}", reported(rule, &service)[0].fix);
    assert!(fix.contains("gateway") && !fix.contains("authorizer"), "{fix}");
}

#[test]
fn a_function_of_azure_answers_under_its_name() {
    let check = |event: &str, host: &str, expect: &str| {
        let service = format!(
            "service: s\nprovider: {{ name: azure }}\nfunctions: {{ hello: {{ handler: h, events: [{{ http: true, authLevel: anonymous{event} }}] }} }}\n"
        );
        let files = templates::Files::memory([("serverless.yml", &*service), ("host.json", host)]);
        let reading = templates::read(&files, &templates::Options::default());
        let route = reading.applications[0].triggers[0].route.as_ref();
        assert_eq!(route.map(|route| route.path.as_str()), Some(expect), "{service}{host}");
    };
    let prefixed = |prefix: &str| {
        format!("{{\"extensions\": {{\"http\": {{\"routePrefix\": \"{prefix}\"}}}}}}")
    };
    check("", "{}", "/api/hello");
    check(", route: /orders", "{}", "/api/orders");
    check("", &prefixed("v1"), "/v1/hello");
    check(", route: orders", &prefixed(""), "/orders");
}

#[test]
fn a_route_to_a_state_machine_is_judged() {
    let machine = "provider: { name: aws }
functions: { f: { handler: h } }
stepFunctions:
  stateMachines:
    orders:
      events: [{ http: { path: orders, method: POST } }]
      definition: { StartAt: A, States: { A: { Type: Pass, End: true } } }
";
    let service = format!("service: s\n{machine}");
    let told = ["anyone may call `POST /orders`"];
    assert_eq!(findings_of("unauthenticated-route", &service), told);
}

#[test]
fn secrets_are_found_in_variables_of_every_platform() {
    let secret = "AKIA2OGYBAH6QZ5LWXYT";
    for (provider, key) in [
        ("openwhisk", "parameters"),
        ("kubeless", "environment"),
        ("twilio", "environmentVars"),
        ("spotinst", "environmentVariables"),
    ] {
        let function = format!("  f: {{ handler: h, {key}: {{ KEY: {secret} }} }}");
        let service =
            format!("service: s\nprovider: {{ name: {provider} }}\nfunctions:\n{function}\n");
        assert_eq!(findings_of("plaintext-secret", &service).len(), 1, "{service}");
    }
}

#[test]
fn settings_and_triggers_are_those_of_any_function() {
    let service = "service: s
provider: { name: aliyun, memorySize: 512, timeout: 60s }
functions:
  f:
    handler: h
    timeout: 90s
    events: [{ http: { path: /a, method: get } }, { oss: { sourceArn: 'acs:oss:b' } }, { timer: {} }, { mns: {} }]
";
    let files = templates::Files::memory([("serverless.yml", service)]);
    let reading = templates::read(&files, &templates::Options::default());
    let application = &reading.applications[0];
    let function = &application.functions[0];
    assert_eq!(function.entity.cloud, Cloud::Other);
    assert!(function.timeout.any(|seconds| *seconds == 90));
    assert!(function.memory.any(|mebibytes| *mebibytes == 512));
    let kinds: Vec<_> = application.triggers_of(&function.entity.id).map(|it| &it.kind).collect();
    let other = TriggerKind::Other("mns".to_owned());
    assert_eq!(
        kinds,
        [&TriggerKind::HttpApi, &TriggerKind::Bucket, &TriggerKind::Schedule, &other]
    );
}
