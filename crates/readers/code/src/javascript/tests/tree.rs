use text::{Loss, SourceId};

use crate::tree::{Act, Declares, Element, Entry, Expression, Form, Function, Imported, Statement};

/// The tree written shortly, one top statement a line.
fn check(path: &str, code: &str, expect: &[&str]) {
    let (module, problems) = super::super::parse(code, SourceId(0), path);
    assert!(problems.is_empty(), "{problems:?}");
    let written: Vec<String> = module.body.iter().map(statement).collect();
    assert_eq!(written, expect, "{code}");
}

fn block(statements: &[Statement]) -> String {
    format!("{{ {} }}", statements.iter().map(statement).collect::<Vec<_>>().join("; "))
}

fn statement(written: &Statement) -> String {
    match &written.act {
        Act::Import(import) => match &import.names {
            Imported::Nothing => format!("load {}", import.source),
            Imported::Module(name) => format!("import {name} = {}", import.source),
            Imported::Names(names) => {
                format!("import {names:?} of {}", import.source).replace('"', "")
            }
            Imported::All => format!("import * of {}", import.source),
        },
        Act::Export { name, value } => format!("export {name} = {}", expression(value)),
        Act::Bind { target, declares, value, declared } => {
            let word = match declares {
                Declares::Block => "let ",
                Declares::Function => "var ",
                Declares::Module => "module ",
                Declares::Nothing => "",
            };
            let declared =
                declared.as_ref().map(|of| format!(": {}", of.path.join("."))).unwrap_or_default();
            let value =
                value.as_ref().map(|value| format!(" = {}", expression(value))).unwrap_or_default();
            format!("{word}{}{declared}{value}", expression(target))
        }
        Act::Evaluate(value) => expression(value),
        Act::Return(value) => {
            format!("return {}", value.as_ref().map(expression).unwrap_or_default())
        }
        Act::Function(of) => format!("function {}{}", of.name, function(of)),
        Act::Class(class) => {
            let fields = class.fields.iter().map(|field| field.name.clone());
            let methods =
                class.methods.iter().map(|method| format!("{}{}", method.name, function(method)));
            format!(
                "class {} {{ {} }}",
                class.name,
                fields.chain(methods).collect::<Vec<_>>().join("; ")
            )
        }
        Act::If { test, then, otherwise } => {
            format!("if {} {} else {}", expression(test), block(then), block(otherwise))
        }
        Act::Loop { each: Some((target, iterated)), body, .. } => {
            format!("for {} in {} {}", expression(target), expression(iterated), block(body))
        }
        Act::Loop { body, .. } => format!("loop {}", block(body)),
        Act::Try { body, handlers, .. } => {
            let handlers: Vec<String> = handlers.iter().map(|(_, body)| block(body)).collect();
            format!("try {} catch {}", block(body), handlers.join(" "))
        }
        Act::Raise(value) => {
            format!("raise {}", value.as_ref().map(expression).unwrap_or_default())
        }
        Act::Break => "break".to_owned(),
        Act::Block(body) => block(body),
    }
}

fn function(function: &Function) -> String {
    let names: Vec<String> =
        function.parameters.iter().map(|one| expression(&one.target)).collect();
    format!("({}) {}", names.join(", "), block(&function.body))
}

fn all<'a>(parts: impl IntoIterator<Item = &'a Expression>) -> String {
    parts.into_iter().map(expression).collect::<Vec<_>>().join(", ")
}

fn expression(written: &Expression) -> String {
    match written.form.as_ref() {
        Form::Text(text) => format!("'{text}'"),
        Form::Number(number) => number.to_string(),
        Form::Truth(truth) => truth.to_string(),
        Form::Null => "null".to_owned(),
        Form::Joined(parts) => format!("joined({})", all(parts)),
        Form::Name(name) => name.clone(),
        Form::Member { object, name } => format!("{}.{name}", expression(object)),
        Form::Index { object, index } => format!("{}[{}]", expression(object), expression(index)),
        Form::Call { callee, arguments, construction } => {
            let word = if *construction { "new " } else { "" };
            let arguments = all(arguments.iter().map(|argument| &argument.value));
            format!("{word}{}({arguments})", expression(callee))
        }
        Form::List(elements) => {
            let element = |element: &Element| match element {
                Element::One(value) => expression(value),
                Element::Spread(value) => format!("...{}", expression(value)),
            };
            format!("[{}]", elements.iter().map(element).collect::<Vec<_>>().join(", "))
        }
        Form::Map(entries) => {
            let entry = |entry: &Entry| match entry {
                Entry::One(key, value) => format!("{}: {}", expression(key), expression(value)),
                Entry::Spread(value) => format!("...{}", expression(value)),
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Form::Function(of) => format!("function {}{}", of.name, function(of)),
        Form::Or(one, two) => format!("({} or {})", expression(one), expression(two)),
        Form::And(one, two) => format!("({} and {})", expression(one), expression(two)),
        Form::Assign { target, value } => {
            format!("({} = {})", expression(target), expression(value))
        }
        Form::Typed(value, of) => format!("({} as {})", expression(value), of.path.join(".")),
        Form::Opaque(word, parts) => format!("<{word} {}>", all(parts)),
        form => format!("{form:?}"),
    }
}

#[test]
fn imports_and_exports() {
    check(
        "a.mjs",
        "import d, { S3Client as C } from '@aws-sdk/client-s3'; import * as n from './n.js'; import './effect.js';
         export { a as b }; export * from './all'; export * as space from './s'; export { x } from './x';
         const a = 1; export const { one, two: [three] } = a; export default function () { return 1 }",
        &[
            "import [(default, d), (S3Client, C)] of @aws-sdk/client-s3",
            "import n = ./n.js",
            "load ./effect.js",
            "export * = import('./all')",
            "export space = import('./s')",
            "export x = import('./x').x",
            "let a = 1",
            "let {'one': one, 'two': [three]} = a",
            "export default = function () { return 1 }",
            "export b = a",
            "export one = one",
            "export three = three",
        ],
    );
}

#[test]
fn functions_come_first_and_assignments_bind() {
    check(
        "a.js",
        "module.exports = { handler: run }; exports.later = async (event, { id = 1, ...rest }) => id; client ??= make();
         async function run() { const { Item } = await table.get({ ...key, Name: `a-${b}` }).promise(); }",
        &[
            "function run() { let {'Item': Item} = table.get({...key, 'Name': joined('a-', b)}).promise() }",
            "module.exports = {'handler': run}",
            "exports.later = function (event, {'id': (id = 1), ...rest}) { return id }",
            "client = (client or make())",
        ],
    );
}

#[test]
fn loops_and_switches() {
    check(
        "a.js",
        "switch (kind) { case 'a': one(); case 'b': two(); break; default: three() }
         for (const [k, v] of list) { if (k) continue; use(v) } for (let i = 0; i < 2; i++) go(i); for (const k in map) go(k)",
        &[
            "kind",
            "{ if <comparison 'a'> { one(); two() } else { if <comparison 'b'> { two() } else { three() } } }",
            "for [k, v] in list { if k { break } else {  }; use(v) }",
            "{ let i = 0; loop { go(i); <arithmetic i> } }",
            "for k in Object.keys(map) { go(k) }",
        ],
    );
}

#[test]
fn typescript() {
    check(
        "a.ts",
        "import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'; import AWS = require('aws-sdk');
         enum Kind { A = 'a', B } interface Nothing { a: string }
         class Store<T> { static #hidden = 1; constructor(private readonly client: DynamoDBClient, table?: string) {} get name(): string { return 'n' } }
         const store = new Store<string>(client!, <string>name as any); let db: AWS.DynamoDB.DocumentClient | undefined;
         namespace Names { export const one = 1 }",
        &[
            "import [(DynamoDBClient, DynamoDBClient)] of @aws-sdk/client-dynamodb",
            "let AWS = import('aws-sdk')",
            "let Kind = {'A': 'a', 'B': 1}",
            "class Store { #hidden; client; constructor(client, table) { this.client = client }; name() { return 'n' } }",
            "let store = new Store(client, (name as string))",
            "let db: AWS.DynamoDB.DocumentClient",
            "let Names = function () { let one = 1; return {'one': one} }()",
        ],
    );
}

#[test]
fn json_is_what_require_gives() {
    check(
        "tables.json",
        r#"{"orders": "Orders"}"#,
        &["export module.exports = {'orders': 'Orders'}"],
    );
}

#[test]
fn bad_text_is_a_problem() {
    let nested = "[".repeat(20_000);
    let chained = format!("a{}", "\n.b()".repeat(20_000));
    for code in ["const a = {", "export const = 1", &nested, &chained, "`${"] {
        let (_, problems) = super::super::parse(code, SourceId(0), "a.js");
        assert!(problems.iter().any(|problem| problem.loss == Loss::Incomplete), "{code:.20}");
    }
}

#[test]
fn long_flat_text_is_not_deep() {
    let statements = "if (a) { b({c: [1, 2]}) }\nfoo()\n".repeat(20_000);
    let list = format!("var t = [{}]", "{a: 'b'},".repeat(20_000));
    let mut chain = "first()".to_owned();
    chain.push_str(&", second(function (x) { return x })".repeat(20_000));
    for code in [statements, list, chain] {
        assert_eq!(super::super::parse(&code, SourceId(0), "a.js").1, Vec::new(), "{code:.20}");
    }
}
