use documents::declaration::{Declaration, Declared};
use documents::value::{Kind, Value};
use documents::{Files, Options};

const FUNCTION: &[&str] =
    &["name", "runtime", "handler", "image", "timeout", "memory", "environment"];
const TRIGGER: &[&str] = &["kind", "method", "path", "source", "enabled", "access"];

/// Reads a service and compares its functions and triggers, each on one line: what was said of it
/// in the neutral words' order.
fn check(provider: &str, functions: &str, expect: &[&str]) {
    let text = format!("service: shop\nprovider: {provider}\nfunctions:\n{functions}");
    let declared = read(&text);
    let lines: Vec<String> = declared.declarations.iter().map(line).collect();
    assert_eq!(lines, expect, "{text}");
    assert!(declared.problems.is_empty(), "{:?}", declared.problems);
    assert!(declared.not_read.is_empty());
}

fn read(text: &str) -> Declared {
    let files = Files::memory([("serverless.yml", text)]);
    crate::read("serverless.yml", &files, &Options::default()).unwrap()
}

fn line(declaration: &Declaration) -> String {
    let is_trigger = declaration.kind == "Serverless::Trigger";
    let keys = if is_trigger { TRIGGER } else { FUNCTION };
    let mut words = vec![declaration.name.clone()];
    for key in keys {
        if let Some(value) = declaration.properties.get(key) {
            words.push(format!("{key}={}", shown(value)));
        }
    }
    words.join(" ")
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Unknown(why) => format!("?{why}"),
        Kind::Map(members) => {
            let members = members.iter().map(|it| format!("{}:{}", it.key, shown(&it.value)));
            members.collect::<Vec<_>>().join(",")
        }
        _ => value.scalar_text().map_or_else(|| "…".to_owned(), |text| text.to_string()),
    }
}

#[test]
fn actions_of_openwhisk_have_gateways_rules_and_sequences() {
    check(
        "{ name: openwhisk, runtime: 'nodejs:20', memory: 256 }",
        "
  time:
    handler: handler.time
    timeout: 10
    parameters: { MODE: fast }
    events: [{ http: GET time }, { schedule: cron(* * * * *) }]
  web: { handler: a.b, annotations: { web-export: true, require-whisk-auth: secret } }
  both:
    sequence: [time]
    events:
      - trigger:
        name: placed
        rule: r
",
        &[
            "time name=shop-dev-time runtime=nodejs:20 handler=handler.time timeout=10 memory=256 environment=MODE:fast",
            "time kind=http method=GET path=time",
            "time kind=schedule source=cron(* * * * *)",
            "web name=shop-dev-web runtime=nodejs:20 handler=a.b memory=256",
            "web kind=http access=key",
            "both name=shop-dev-both runtime=nodejs:20 memory=256",
            "both kind=trigger source=placed",
            "time kind=sequence source=${both}",
        ],
    );
}

#[test]
fn routes_into_a_cluster_are_open_to_an_unknown_part() {
    check(
        "{ name: kubeless, runtime: python3.11, environment: { A: shared } }",
        "
  create:
    handler: todos.create
    environment: { B: own }
    events: [{ http: { path: /create } }, { trigger: hello }]
",
        &[
            "create name=shop-dev-create runtime=python3.11 handler=todos.create environment=A:shared,B:own",
            "create kind=http path=/create access=?the cluster's ingress decides",
            "create kind=trigger source=hello",
        ],
    );
    check(
        "{ name: knative }",
        "
  show: { handler: 'registry.example/show:latest', events: [{ awsSqs: { queue: orders } }] }
  made: { handler: made.dockerfile, events: [{ cron: { schedule: '* * * * *' } }] }
",
        &[
            "show name=shop-dev-show image=registry.example/show:latest",
            "show kind=awsSqs source=orders",
            "made name=shop-dev-made handler=made.dockerfile",
            "made kind=cron source=* * * * *",
        ],
    );
}

#[test]
fn gateways_of_public_clouds_ask_who_calls_only_where_told() {
    check(
        "{ name: aliyun, runtime: nodejs8 }",
        "
  open: { handler: a.b, events: [{ http: { path: /foo, method: get } }] }
  kept: { handler: a.b, events: [{ http: { path: /k, method: get, AuthType: APP } }] }
",
        &[
            "open name=shop-dev-open runtime=nodejs8 handler=a.b",
            "open kind=http method=get path=/foo",
            "kept name=shop-dev-kept runtime=nodejs8 handler=a.b",
            "kept kind=http method=get path=/k access=key",
        ],
    );
    check(
        "{ name: tencent, runtime: Go1 }",
        "
  f:
    handler: index
    memorySize: 128
    environment: { variables: { A: b } }
    events:
      - apigw: { name: api, parameters: { stageName: release, httpMethod: POST } }
      - timer: { name: tick, parameters: { cronExpression: '0 * * * *', enable: false } }
      - apigw: { name: plain }
",
        &[
            "f name=shop-dev-f runtime=Go1 handler=index memory=128 environment=A:b",
            "f kind=apigw method=POST source=api",
            "f kind=timer source=0 * * * * enabled=false",
            "f kind=apigw method=GET source=plain",
        ],
    );
    check(
        "{ name: cloudflare }",
        "  f: { name: hello, script: hello, events: [{ http: { url: example.com/hello/*, method: GET } }] }",
        &["f name=hello handler=hello", "f kind=http method=GET path=example.com/hello/*"],
    );
}

#[test]
fn who_may_call_is_a_setting_of_the_function_on_some_platforms() {
    check(
        "{ name: twilio, environment: dev, environmentVars: { M: x } }",
        "
  open: { handler: h, path: /open, access: public }
  kept: { handler: h, path: /kept, access: protected }
  none: { handler: h, path: /none, access: private }
",
        &[
            "open name=shop-dev-open handler=h environment=M:x",
            "open kind=http path=/open access=anyone",
            "kept name=shop-dev-kept handler=h environment=M:x",
            "kept kind=http path=/kept access=signed",
            "none name=shop-dev-none handler=h environment=M:x",
        ],
    );
    check(
        "{ name: spotinst, spotinst: { environment: env-1 } }",
        "
  f:
    { runtime: nodejs8.3, handler: h, memory: 128, timeout: 30, access: private, cron: { active: true, value: '* * * * *' }, environmentVariables: { A: b } }
",
        &[
            "f name=shop-dev-f runtime=nodejs8.3 handler=h timeout=30 memory=128 environment=A:b",
            "f kind=cron source=* * * * * enabled=true",
        ],
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let text = "service: s\nprovider: { name: fn }\nfunctions: { f: { events: [7, '${ssm:/e}'] } }";
    let declared = read(text);
    assert_eq!(declared.problems.len(), 2, "{:?}", declared.problems);
}
