//! Texts as trees.

use casemate_templates::Files;
use documents::value::Value;

use crate::rendered;

fn parsed(path: &str, text: &str) -> (String, Vec<String>) {
    let files = Files::memory([(path, text)]);
    let document = files.document(path).unwrap();
    let document = document.get().unwrap();
    let value = document.value.as_ref().map(rendered::value).unwrap_or_default();
    let problems = document.problems.iter();
    (value, problems.map(|problem| rendered::problem(problem, &files)).collect())
}

fn check(path: &str, text: &str, expected: &str, expected_problems: &[&str]) {
    let (value, problems) = parsed(path, text);
    assert_eq!(value, expected, "{text}");
    assert_eq!(problems, expected_problems, "{text}");
}

#[test]
fn plain_scalars_are_typed_and_quoted_ones_are_texts() {
    check(
        "a.yaml",
        "a: 10\nb: '10'\nc: true\nd: yes\ne: ~\nf: 2012-10-17\ng:\n",
        "{a: 10, b: 10, c: true, d: yes, e: null, f: 2012-10-17, g: null}",
        &[],
    );
    check("a.json", "{\"a\": [1, \"b\", null, true, {}]}", "{a: [1, b, null, true, {}]}", &[]);
}

#[test]
fn anchors_aliases_and_merge_keys_are_resolved() {
    check(
        "a.yaml",
        "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne: *x\n",
        "{a: {b: 1, c: 2}, d: {c: 3, b: 1}, e: {b: 1, c: 2}}",
        &[],
    );
}

#[test]
fn spans_hold_exactly_what_is_written() {
    let text =
        "a:\n  b: word # why\n  c: 'quoted'\n  d: !Ref X\n  e:\n    - 1\n    - 2\n\n\nf: 1\n";
    let files = Files::memory([("a.yaml", text)]);
    let document = files.document("a.yaml").unwrap();
    let value = document.get().unwrap().value.as_ref().unwrap();
    let source = files.load("a.yaml").unwrap().source;
    let slice = |value: &Value| source.slice(value.span).to_owned();
    let a = value.get("a").unwrap();
    assert_eq!(slice(a.get("b").unwrap()), "word");
    assert_eq!(slice(a.get("c").unwrap()), "'quoted'");
    assert_eq!(slice(a.get("d").unwrap()), "!Ref X");
    assert_eq!(slice(a.get("e").unwrap()), "- 1\n    - 2");
    assert!(slice(a).starts_with("b: word") && slice(a).ends_with("- 2"));
    assert_eq!(source.slice(a.member("b").unwrap().key_span), "b");
}

#[test]
fn byte_order_marks_and_carriage_returns_move_no_span() {
    let text = "\u{feff}a: 1\r\nb:\r\n  c: two\r\n";
    let files = Files::memory([("a.yaml", text)]);
    let document = files.document("a.yaml").unwrap();
    let value = document.get().unwrap().value.as_ref().unwrap();
    let source = files.load("a.yaml").unwrap().source;
    assert_eq!(source.slice(value.get("b").unwrap().get("c").unwrap().span), "two");
    assert_eq!(source.slice(value.get("b").unwrap().span), "c: two");
}

#[test]
fn the_last_of_equal_keys_wins_and_is_reported() {
    check(
        "a.yaml",
        "a: 1\nb: 2\na: 3\n",
        "{a: 3, b: 2}",
        &["a.yaml:3:1: advice: the key `a` is given twice; the last wins"],
    );
    check(
        "a.json",
        "{\"a\": 1,\n \"a\": 2}",
        "{a: 2}",
        &["a.json:2:2: advice: the key `a` is given twice; the last wins"],
    );
}

#[test]
fn quoted_texts_indented_too_little_are_read_all_the_same() {
    check(
        "a.yaml",
        "a:\n    b: !Sub '{\n  \"c\": 1\n}'\n    d: 2\ne: 3\n",
        "{a: {b: {   \"c\": 1 }, d: 2}, e: 3}",
        &["a.yaml:3:3: advice: this line of a quoted text is indented less than its key"],
    );
}

#[test]
fn a_fault_costs_its_own_block_only() {
    let (value, problems) =
        parsed("a.yaml", "a:\n  b:\n    c: 1\n  d:oops\n    e: 2\n  f:\n    g: 3\nh: 4\n");
    assert_eq!(value, "{a: {b: {c: 1}, f: {g: 3}}, h: 4}");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("a.yaml:4:3: this is not YAML"), "{problems:?}");
}

#[test]
fn an_unclosed_quote_costs_its_own_line_only() {
    let (value, problems) = parsed("a.yaml", "a: 1\nb: \"oops\nc: 2\nd:\n  e: 3\n");
    assert_eq!(value, "{a: 1, c: 2, d: {e: 3}}");
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn tabs_are_a_problem_and_lose_nothing() {
    let (value, problems) = parsed("a.yaml", "a:\n\tb: 1\n\tc:\n\t\td: 2\ne: 3\n");
    assert_eq!(value, "{a: {b: 1, c: {d: 2}}, e: 3}");
    assert_eq!(problems.len(), 1, "{problems:?}");
}

#[test]
fn broken_json_keeps_what_can_be_read() {
    let (value, problems) = parsed("a.json", "{\"a\": 1 \"b\": {\"c\": 2,}, \"d\": [1 2]");
    assert_eq!(value, "{a: 1, b: {c: 2}, d: [1, 2]}");
    assert!(problems[0].contains("a.json:1:9: a comma is missing"), "{problems:?}");
}

#[test]
fn values_filled_in_later_are_unknown() {
    check(
        "a.yaml",
        "a: {{ name }}\nb: 1\n",
        "{a: ?`{{ name }}` is filled in before deployment, b: 1}",
        &[],
    );
    check("a.json", "{\"a\": ${Timeout}, \"b\": \"${X}\"}", "{a: ${Timeout}, b: ${X}}", &[]);
}

#[test]
fn only_the_first_document_is_read() {
    check(
        "a.yaml",
        "a: 1\n---\nb: 2\n",
        "{a: 1}",
        &["a.yaml:3:1: only the first document of this file is read"],
    );
    check("a.yaml", "---\na: 1\n---\n", "{a: 1}", &[]);
}

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    let flow = format!("a: 1\nb: {}{}\nc: 2\n", "[".repeat(10_000), "]".repeat(10_000));
    let json =
        format!("{{\"a\": 1, \"b\": {}{}, \"c\": 2}}", "[".repeat(10_000), "]".repeat(10_000));
    let open = format!("{{\"a\": 1, \"b\": {}", "{\"x\":".repeat(10_000));
    let mut block = String::from("a: 1\nb:\n");
    for depth in 1..3_000 {
        block.push_str(&format!("{}x:\n", " ".repeat(depth)));
    }
    block.push_str("c: 2\n");
    for (path, text, whole) in [
        ("a.yaml", flow, true),
        ("a.json", json, true),
        ("b.json", open, false),
        ("b.yaml", block, true),
    ] {
        let (value, problems) = parsed(path, &text);
        assert!(value.starts_with("{a: 1, b: "), "{path}");
        assert_eq!(value.ends_with(", c: 2}"), whole, "{path}");
        assert!(problems[0].contains("levels deep"), "{path} {problems:?}");
    }
}

#[test]
fn an_alias_bomb_ends_early() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let before = level - 1;
        let aliases = vec![format!("*a{before}"); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    text.push_str("end: 1\n");
    let (value, problems) = parsed("a.yaml", &text);
    assert!(value.ends_with("end: 1}"));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("aliases of this document copy too much"));
}
