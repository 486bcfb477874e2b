use std::collections::BTreeMap;

use super::*;

const SERVICE: &str = "
service: shop
provider:
  name: aws
  stage: ${opt:stage, 'dev'}
params:
  default: { size: 1 }
  prod: { size: 9 }
custom:
  table: orders-${self:provider.stage}
  timeouts: { dev: 5, prod: 30 }
  settings: ${file(./config/settings.yml)}
  absent: ${file(absent.yml)}
  loop: ${self:custom.loop}
  a: ${self:custom.b}
  b: x-${self:custom.a}
  list: [first, second]
  on: ${strToBool('true')}
use: ";

const SETTINGS: &str = "
memory: 512
name: ${self:service}-${self:custom.settings.memory}
";

/// Resolves `text` as a value of the service and shows it: unknowns by their reason.
fn check(text: &str, stage: Option<&str>, expected: &str) {
    let service = format!("{SERVICE}{text}\n");
    let files = Files::memory([
        ("app/serverless.yml", service.as_str()),
        ("app/config/settings.yml", SETTINGS),
        ("app/code.js", "module.exports = {}"),
        ("app/key.txt", "secret\n"),
        ("above.yml", "x: 1"),
    ]);
    let options = Options {
        stage: stage.map(str::to_owned),
        parameters: BTreeMap::from([("given".to_owned(), "yes".to_owned())]),
        environment: BTreeMap::from([("HOME".to_owned(), "/home".to_owned())]),
    };
    let parsed = files.document("app/serverless.yml").unwrap();
    let root = parsed.get().unwrap().value.as_ref().unwrap();
    let parameters = BTreeMap::new();
    let mut resolver = Resolver::new("app/serverless.yml", root, &files, &options, parameters);
    let value = resolver.section("use");
    let mut shown = match &value.kind {
        Kind::Unknown(why) => format!("? {why}"),
        Kind::Map(members) => members.iter().map(|member| format!("{}; ", member.key)).collect(),
        Kind::Null => "null".to_owned(),
        _ => match value.scalar_text() {
            Some(text) => match text.unknown_reason() {
                Some(why) => format!("{text} ({why})"),
                None => text.to_string(),
            },
            None => format!("{:?}", value.kind),
        },
    };
    if !resolver.problems.is_empty() {
        shown.push_str(" !");
    }
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn the_service_itself_is_referred_to() {
    check("${self:custom.table}", None, "orders-dev");
    check("${self:custom.table}", Some("prod"), "orders-prod");
    check("${self:custom.timeouts.${self:provider.stage}}", Some("prod"), "30");
    check("${self:custom.timeouts}", None, "dev; prod; ");
    check("${self:custom.list.1}", None, "second");
    check("${self:provider.region}", None, "us-east-1");
    check("${self:custom.on}", None, "true");
}

#[test]
fn fallbacks_hold_where_nothing_is_found() {
    check("${self:custom.none, 'x, y'}", None, "x, y");
    check("${env:NONE, self:custom.none, 7}", None, "7");
    check("${opt:none, ${self:custom.table}}", None, "orders-dev");
    check("${self:custom.absent.x, 'kept'}", None, "kept");
    check(
        "${self:custom.none}",
        None,
        "? variable `${self:custom.none}` refers to nothing in the service !",
    );
}

#[test]
fn what_deployments_decide_stays_unknown_with_its_reason() {
    check("${env:NONE}", None, "? environment variable `NONE` is not given");
    check("a-${env:NONE}", None, "a-${?} (environment variable `NONE` is not given)");
    check("${env:HOME}", None, "/home");
    check("${opt:given}", None, "yes");
    check("${opt:stage}", None, "${stage}");
    check("${aws:accountId}/${aws:region}", None, "${AWS::AccountId}/${AWS::Region}");
    check("${ssm:/a/b, 'x'}", None, "? `ssm:/a/b` is looked up in the account at deployment");
    check("${param:size}", Some("prod"), "9");
    check("${param:size}", None, "1");
    check("${param:none}", None, "? parameter `none` is not given");
    check("${sls:stage}", None, "dev");
    check("\"#{AWS::AccountId}-x\"", None, "${AWS::AccountId}-x");
}

#[test]
fn files_are_read_within_the_root_only() {
    check("${file(./config/settings.yml):memory}", None, "512");
    check("${self:custom.settings.name}", None, "shop-512");
    check("${file(config/settings.yml)}", None, "memory; name; ");
    check("${file(../above.yml):x}", None, "1");
    check("${file(key.txt)}", None, "secret");
    check("${file(code.js):x}", None, "? `code.js` is code, which is not run");
    check(
        "${file(../../etc/passwd.yml)}",
        None,
        "? `../../etc/passwd.yml` lies outside the scanned folder !",
    );
    check("${file(none.yml)}", None, "? there is no file `app/none.yml` !");
    check("${file(config/settings.yml):none}", None, "? `none` is not in `config/settings.yml` !");
}

#[test]
fn circles_end() {
    check("${self:custom.loop}", None, "? variable `self:custom.loop` refers to itself !");
    check("${self:custom.a}", None, "x-${?} (variable `self:custom.a` refers to itself) !");
    check("${self:}", None, "service; provider; params; custom; use;  !");
}

#[test]
fn cloudformations_own_stays() {
    check("'${AWS::Region} ${Table.Arn}'", None, "${AWS::Region} ${Table.Arn}");
}

#[test]
fn files_that_multiply_themselves_are_bounded() {
    let mut service = "service: x\ncustom:\n  l0: [a, a, a, a, a, a, a, a, a, a]\n".to_owned();
    for level in 1..12 {
        let below = format!("${{self:custom.l{}}}", level - 1);
        let list = vec![below; 10].join(", ");
        service
            .push_str(&format!("  l{level}: [{}]\n", list.replace("${", "'${").replace('}', "}'")));
    }
    let files = Files::memory([("serverless.yml", service)]);
    let parsed = files.document("serverless.yml").unwrap();
    let root = parsed.get().unwrap().value.as_ref().unwrap();
    let options = Options::default();
    let mut resolver = Resolver::new("serverless.yml", root, &files, &options, BTreeMap::new());
    let value = resolver.at(&["custom", "l11"]);
    assert!(count(&value) <= 2 * MOST_VALUES);
    assert!(!resolver.problems.is_empty());
}
