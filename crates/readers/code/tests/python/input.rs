use super::{check, check_code};
use crate::{read, told};

const BOTO: &str = "import boto3\ns3 = boto3.client('s3')\n";

#[test]
fn a_syntax_error_is_told_and_the_rest_followed() {
    check_code(
        &format!(
            "{BOTO}def handler(event, context):\n    s3.get_object(Bucket='b')\n\ndef broken(:\n    pass\n"
        ),
        &[
            "s3.GetObject(Bucket=b)",
            "problem 6: syntax error: expected a parameter or the end of the parameter list",
        ],
    );
}

#[test]
fn a_handler_that_is_not_there_is_said() {
    check(&[("other.py", "")], &["not read: there is no file for handler `app.handler`"]);
    check(&[("app.py", "")], &["not read: `app.py` has no `handler`"]);
    let outside = told("python3.13", "../../app.handler", &[("app.py", "")]);
    assert_eq!(outside, ["not read: `../../app` lies outside the scanned folder"]);
    assert_eq!(
        told("python3.13", "handler", &[]),
        ["not read: handler `handler` names no function"]
    );
}

#[test]
fn modules_that_import_each_other_are_each_run_once() {
    check(
        &[
            ("app.py", "from pack import one\n\ndef handler(event, context):\n    one.go()\n"),
            (
                "pack/one.py",
                "from . import two\nimport boto3\n\ndef go():\n    two.come()\n\nclient = boto3.client('sqs')\n",
            ),
            (
                "pack/two.py",
                "from . import one\n\ndef come():\n    one.client.purge_queue(QueueUrl='q')\n",
            ),
        ],
        &["sqs.PurgeQueue(QueueUrl=q)"],
    );
}

#[test]
fn what_calls_itself_comes_to_an_end() {
    check_code(
        &format!(
            "{BOTO}def walk(n):\n    s3.list_objects_v2(Bucket='b')\n    for x in n:\n        walk(x)\n        walk(n)\n    return walk(n) or s3\n\ndef handler(event, context):\n    walk(event).get_object(Bucket='c')\n"
        ),
        &["s3.ListObjectsV2(Bucket=b)", "s3.GetObject(Bucket=c)"],
    );
}

#[test]
fn deep_nesting_is_a_problem() {
    for code in
        ["(".repeat(20_000), "[".repeat(5_000) + &"]".repeat(5_000), "-".repeat(200_000) + "1"]
    {
        let told = told("python3.13", "app.handler", &[("app.py", &code)]);
        assert!(told.iter().any(|line| line.contains("problem 1: ")), "{told:?}");
    }
    let chain =
        format!("x = 1{}\n{BOTO}def handler(e, c): s3.list_buckets()\n", " + 1".repeat(100_000));
    let told = told("python3.13", "app.handler", &[("app.py", &chain)]);
    assert_eq!(told.first().map(String::as_str), Some("s3.ListBuckets()"));
}

#[test]
fn a_bundle_of_five_megabytes_is_read() {
    let mut code = BOTO.to_owned();
    for number in 0..60_000 {
        code.push_str(&format!(
            "def function_{number}(x):\n    return s3.get_object(Bucket=x, Key='k{number}')\n"
        ));
    }
    code.push_str("def handler(event, context):\n    function_7('b')\n");
    assert!(code.len() > 4 << 20);
    check_code(&code, &["s3.GetObject(Bucket=b, Key=k7)"]);
}

#[test]
fn bytes_that_are_no_text_are_a_problem_of_the_files() {
    let files =
        documents::Files::memory([("app.py", b"# \xff\ndef handler(e, c): pass\n".to_vec())]);
    let entry = casemate_code::Entry {
        runtime: "python3.12".to_owned(),
        handler: "app.handler".to_owned(),
        roots: vec![String::new()],
        ..Default::default()
    };
    let (behaviour, _) = casemate_code::read(&files, &entry);
    assert!(matches!(behaviour.coverage, profile::Coverage::Read(_)));
    assert_eq!(files.problems(&[]).len(), 1);
}

#[test]
fn layers_packages_and_installed_libraries() {
    let files = [
        (
            "src/app.py",
            "from shared.store import Store\nimport requests\n\ndef handler(event, context):\n    requests.get('https://a.example')\n    Store().load()\n",
        ),
        ("src/requests/__init__.py", "raise Exception('followed')"),
        ("src/requests-2.0.dist-info/METADATA", ""),
        (
            "layer/python/shared/store.py",
            "import boto3\nclass Store:\n    @property\n    def client(self):\n        return boto3.client('s3')\n    def load(self):\n        self.client.get_object(Bucket='b')\n",
        ),
    ];
    let files = documents::Files::memory(files);
    let entry = casemate_code::Entry {
        runtime: "python3.12".to_owned(),
        handler: "app.handler".to_owned(),
        roots: vec!["src".to_owned(), "layer".to_owned()],
        ..Default::default()
    };
    let (behaviour, problems) = casemate_code::read(&files, &entry);
    assert_eq!(behaviour.calls.len(), 1);
    assert_eq!(behaviour.destinations.len(), 1);
    assert_eq!(behaviour.unresolved, []);
    assert_eq!(problems, []);
}

#[test]
fn code_in_a_template_is_told_at_its_place() {
    let template = "Code: |\n  import boto3\n  def handler(event, context):\n    boto3.client('s3').list_buckets()\n";
    let code = "import boto3\ndef handler(event, context):\n  boto3.client('s3').list_buckets()\n";
    let files = documents::Files::memory([("template.yaml", template)]);
    let id = files.load("template.yaml").unwrap().id;
    let entry = casemate_code::Entry {
        runtime: "python3.12".to_owned(),
        handler: "index.handler".to_owned(),
        inline: Some(text::Said::new(code.to_owned(), text::Span::new(id, 6, template.len()))),
        ..Default::default()
    };
    let (behaviour, _) = casemate_code::read(&files, &entry);
    let source = files.source(id).unwrap();
    let span = behaviour.calls.first().unwrap().span;
    assert_eq!(source.slice(span), "boto3.client('s3').list_buckets()");
    assert_eq!(behaviour.file.as_deref(), Some("template.yaml"));
}

#[test]
fn other_runtimes_are_not_supported() {
    let (behaviour, ..) = read("ruby3.3", "app.handler", &[]);
    assert_eq!(behaviour.coverage, profile::Coverage::Unsupported("ruby3.3".to_owned()));
}

#[test]
fn code_in_a_template_is_the_module_index_and_no_other() {
    for (runtime, handler) in [("python3.12", "agent.handler.run"), ("nodejs22.x", "agent.run")] {
        let entry = casemate_code::Entry {
            runtime: runtime.to_owned(),
            handler: handler.to_owned(),
            inline: Some(text::Said::new(
                "# agent".to_owned(),
                text::Span::new(text::SourceId(0), 0, 7),
            )),
            inline_module: Some("index".to_owned()),
            ..Default::default()
        };
        let nothing: [(&str, &str); 0] = [];
        let (behaviour, _) = casemate_code::read(&documents::Files::memory(nothing), &entry);
        assert!(
            matches!(&behaviour.coverage, profile::Coverage::NotRead(why) if why.contains("agent")),
            "{:?}",
            behaviour.coverage
        );
    }
}
