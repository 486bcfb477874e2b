use text::{Source, SourceId};

use crate::outline;

fn check(input: &str, expect: &str) {
    let (module, problems) = super::parse(&Source::new("A.java", input), SourceId(0));
    assert_eq!(problems, []);
    let outline = outline::module(&module);
    let expect: Vec<&str> = expect.trim().lines().map(str::trim_end).collect();
    assert_eq!(outline.trim().lines().collect::<Vec<_>>(), expect, "\n{outline}");
}

#[test]
fn names_come_from_imports_the_package_and_packages_imported_whole() {
    check(
        r#"
package app.store;
import software.amazon.awssdk.services.s3.S3Client;
import java.util.*;
import static app.Names.TABLE;
class A { Map<String, Item> items; S3Client s3; }
"#,
        r#"
package app.store
import software.amazon.awssdk.services.s3.S3Client [("S3Client", "S3Client")]
import app.Names [("Names", "Names")]
TABLE = Names.TABLE
import app.store.Map|java.util.Map [("Map", "Map")]
import app.store.String|java.util.String [("String", "String")]
import app.store.Item|java.util.Item [("Item", "Item")]
class A()
  items: Map<String, Item>
  s3: S3Client
"#,
    );
}

#[test]
fn classes_have_their_members() {
    check(
        r#"
class Handler extends Base implements Runs {
    private static final String TABLE = System.getenv("TABLE");
    private S3Client s3 = S3Client.builder().region(r).build(), other;
    static { init(); }
    Handler(S3Client s3, String... rest) { super(s3); this.s3 = s3; }
    @Override public String handleRequest(Map<String, String> event, Context c) { return s3.x(r -> r.bucket("b" + TABLE)); }
    static void init() {}
}
"#,
        r#"
import Base [("Base", "Base")]
import Runs [("Runs", "Runs")]
import String [("String", "String")]
import System [("System", "System")]
import S3Client [("S3Client", "S3Client")]
import Map [("Map", "Map")]
import Context [("Context", "Context")]
class Handler(Base, Runs)
  static TABLE: String = System.getenv("TABLE")
  s3: S3Client = S3Client.builder().region(r).build()
  other: S3Client
  block
    init()
  fn constructor(s3: S3Client, rest)
    super.constructor(s3)
    this.s3 = s3
  fn handleRequest(event: Map<String, String>, c: Context) -> String
    return s3.x(fn (r) { return r.bucket(join("b", TABLE)) })
  fn init()
"#,
    );
}

#[test]
fn what_nobody_writes_is_there() {
    check(
        r#"
record Order(String id, int size) { Order { check(id); } }
enum Queue { JOBS("jobs"), MAIL("mail"); final String url; Queue(String url) { this.url = url; } }
@Getter @RequiredArgsConstructor class Store { private final S3Client s3; }
"#,
        r#"
import String [("String", "String")]
import S3Client [("S3Client", "S3Client")]
class Order()
  id: String
  size: int
  fn id()
    return this.id
  fn size()
    return this.size
  fn constructor(id: String, size: int)
    check(id)
    this.id = id
    this.size = size
class Queue()
  url: String
  fn constructor(url: String)
    this.url = url
Queue.JOBS = new Queue("jobs")
Queue.MAIL = new Queue("mail")
class Store()
  s3: S3Client
  fn getS3()
    return this.s3
  fn constructor(s3: S3Client)
    this.s3 = s3
"#,
    );
}

#[test]
fn control_flow_keeps_every_call() {
    check(
        r#"
void f() {
    for (int i = 0; i < 3; i++) { g(i); }
    for (var row : rows()) { if (row == null) continue; use(row); }
    while (more()) { step(); break; }
    try (S3Client s3 = make()) { s3.listBuckets(); } catch (IOException | Error e) { log(e); } finally { end(); }
    switch (kind()) { case "a": a(); break; default: z(); }
    String text = switch (kind) { case 1, 2 -> one(); case 3 -> { yield two(); } default -> throw new X(); };
    if (value instanceof Item item && item.ok()) { item.go(); }
    Object o = new Base(1) { void run() { x(); } };
    list.forEach(this::handle);
    items[0] = (Item) (flag ? a : b);
}
"#,
        r#"
import S3Client [("S3Client", "S3Client")]
import IOException [("IOException", "IOException")]
import Error [("Error", "Error")]
import String [("String", "String")]
import X [("X", "X")]
import Item [("Item", "Item")]
import Object [("Object", "Object")]
import Base [("Base", "Base")]
fn f()
  block
    i: int = 0
    loop while <comparison i, 3>
      g(i)
      (i = <arithmetic i>)
  loop row in rows()
    if <equal row, null>
      break
    use(row)
  loop while more()
    step()
    break
  try
    s3: S3Client = make()
    s3.listBuckets()
  catch e
    log(e)
  finally
    end()
  block
    switch = kind()
    if <comparison "a", switch>
      a()
    else
      z()
  text: String = fn () { switch = kind; if <comparison 1, 2, switch>;   return one(); else;   if <comparison 3>;     block;       return two();   else;     raise new X() }()
  if <comparison <comparison (item = (value as Item))>, item.ok()>
    item.go()
  o: Object = new class(Base) { fn run() }(1)
  list.forEach(this.handle)
  items[0] = (flag ? a : b as Item)
"#,
    );
}

#[test]
fn broken_text_is_a_problem_at_its_place_and_the_rest_is_read() {
    let source = Source::new("A.java", "class A { void f() { a( } void g() { b(); } }");
    let (module, problems) = super::parse(&source, SourceId(0));
    assert!(!problems.is_empty());
    assert!(outline::module(&module).contains("b()"), "{}", outline::module(&module));
}
