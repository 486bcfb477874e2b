use text::{Source, SourceId};

use crate::outline;

fn check(input: &str, expect: &str) {
    let (module, problems) = super::parse(&Source::new("main.go", input), SourceId(0));
    assert_eq!(problems, []);
    let outline = outline::module(&module);
    let expect: Vec<&str> = expect.trim().lines().map(str::trim_end).collect();
    assert_eq!(outline.trim().lines().collect::<Vec<_>>(), expect, "\n{outline}");
}

#[test]
fn packages_imports_and_types() {
    check(
        r#"
package main

import (
	"os"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/acme/store/v2"
	_ "embed"
	. "fmt"
)

type Store struct {
	*ddb.Client
	table, index string
	items        map[string][]*Item
}

type Getter interface {
	Get(ctx context.Context, id string) (*Item, error)
}

type Name string

func (s *Store) Get(ctx context.Context, id string) (*Item, error) { return nil, nil }
"#,
        r#"
package main
import os as os
import github.com/aws/aws-sdk-go-v2/service/dynamodb as ddb
import github.com/acme/store/v2 as store
import embed
import fmt *
class Store(ddb.Client)
  Client: ddb.Client
  table: string
  index: string
  items: map<string, []<Item>>
class Getter()
  fn Get(parameter 0: context.Context, parameter 1: string) -> Item
    return <abstract parameter 0, parameter 1>
class Name(string)
fn (s: Store) Get(ctx: context.Context, id: string) -> Item
  return [null, null]
"#,
    );
}

#[test]
fn several_results_are_a_list() {
    check(
        r#"
package main
var table, size = os.Getenv("TABLE"), 3
func load() (client *s3.Client, err error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil { return }
	value, ok := names[key]
	client = s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	return client, nil
}
"#,
        r#"
package main
table = os.Getenv("TABLE")
size = 3
fn load() -> s3.Client
  client: s3.Client
  err: error
  [cfg, err] = config.LoadDefaultConfig(ctx)
  if <unequal err, null>
    return [client, err]
  value = names[key]
  ok = <comparison >
  client = s3.NewFromConfig(cfg, fn (o: s3.Options) { o.UsePathStyle = true })
  return [client, null]
"#,
    );
}

#[test]
fn literals_have_the_types_of_what_holds_them() {
    check(
        r#"
package main
func f() {
	svc.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: aws.String("t-" + stage),
		Item: map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: id}},
		Tags: []types.Tag{{Key: k}, {Key: l}},
	})
	rows = append(rows, row, more...)
	x := bson.M{"a": 1}
	made := make(map[string]string, 3)
	text := string(raw[1:n]) + `x\n`
	in := new(s3.GetObjectInput)
	it := v.(*s3.Client)
}
"#,
        r#"
package main
fn f()
  svc.PutItem(ctx, dynamodb.PutItemInput{TableName: aws.String(join("t-", stage)), Item: {"id": types.AttributeValueMemberS{Value: id}}, Tags: [types.Tag{Key: k}, types.Tag{Key: l}]})
  rows = [...rows, row, ...more]
  x = {"a": 1}
  made = {}
  text = join((raw.slice(1, n) as string), "x\\n")
  in = s3.GetObjectInput{}
  it = (v as s3.Client)
"#,
    );
}

#[test]
fn control_flow_keeps_every_call() {
    check(
        r#"
package main
func f() {
	for i, row := range rows() {
		switch kind := row.(type) {
		case *A:
			a(kind)
			break
		default:
			b(kind)
		}
		if i > 3 { break }
	}
	for i := 0; i < 3; i++ { g(i) }
	switch x := h(); x {
	case 1, 2:
		one()
	case 3:
		two()
	}
	defer func() { close() }()
	go work(<-queue)
	select {
	case m := <-queue:
		use(m)
	case <-time.After(1):
		late()
	}
	panic(fmt.Errorf("x"))
}
"#,
        r#"
package main
fn f()
  loop [i, row] in rows().entries()
    block
      switch = row
      if <comparison >
        kind = (switch as A)
        a(kind)
      else
        kind = switch
        b(kind)
    if <comparison i, 3>
      break
  block
    i = 0
    loop while <comparison i, 3>
      g(i)
      i = <arithmetic i>
  block
    x = h()
    switch = x
    if <comparison 1, 2, switch>
      one()
    else
      if <comparison 3>
        two()
  fn () { <arithmetic > }()
  work(<channel queue>)
  block
    if <comparison >
      m = <channel queue>
      use(m)
    else
      if <comparison >
        <channel time.After(1)>
        late()
  raise fmt.Errorf("x")
"#,
    );
}

#[test]
fn broken_text_is_a_problem_at_its_place_and_the_rest_is_read() {
    let source = Source::new("main.go", "package main\nfunc f() { a( }\nfunc g() { b() }\n");
    let (module, problems) = super::parse(&source, SourceId(0));
    assert!(!problems.is_empty());
    assert!(outline::module(&module).contains("b()"), "{}", outline::module(&module));
}

#[test]
fn deep_nesting_is_a_problem() {
    let deep = std::thread::Builder::new().stack_size(256 << 20).spawn(|| {
        let text = format!("package main\nvar x = {}1{}\n", "(".repeat(10_000), ")".repeat(10_000));
        super::parse(&Source::new("main.go", text), SourceId(0)).1.len()
    });
    assert_eq!(deep.unwrap().join().unwrap(), 1);
}
