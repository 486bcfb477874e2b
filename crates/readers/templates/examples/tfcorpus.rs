use casemate_templates::{Files, Options, terraform, value::*};
use std::collections::*;
fn show(v: &Value) -> String {
    match &v.kind {
        Kind::Null => "null".into(),
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::Text(t) => format!("{:?}", t.to_string()),
        Kind::List(i) => format!("[{}]", i.iter().map(show).collect::<Vec<_>>().join(", ")),
        Kind::Map(m) => format!(
            "{{{}}}",
            m.iter()
                .map(|m| format!("{}: {}", m.key, show(&m.value)))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Kind::Unknown(w) => format!("?({w})"),
        Kind::Branches(b) => format!(
            "<{}>",
            b.iter()
                .map(|a| format!("{} => {}", a.condition, show(&a.value)))
                .collect::<Vec<_>>()
                .join(" | ")
        ),
    }
}
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let only = std::env::args().nth(2);
    let mut dirs = BTreeSet::new();
    let mut stack = vec![std::path::PathBuf::from(&root)];
    while let Some(d) = stack.pop() {
        for e in std::fs::read_dir(&d).unwrap().flatten() {
            let p = e.path();
            if p.is_dir() {
                stack.push(p);
            } else if p.extension().is_some_and(|x| x == "tf") {
                dirs.insert(d.strip_prefix(&root).unwrap().to_str().unwrap().to_string());
            }
        }
    }
    let files = Files::folder(&root, "", vec![]);
    let mut calls = BTreeSet::new();
    for d in &dirs {
        for c in terraform::module_calls(d, &files) {
            calls.insert(c);
        }
    }
    let mut n = 0;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut whys: BTreeMap<String, usize> = BTreeMap::new();
    for d in &dirs {
        if let Some(o) = &only {
            if !d.contains(o.as_str()) {
                continue;
            }
        } else if calls.contains(d) {
            continue;
        }
        let t = std::time::Instant::now();
        let Some(x) = terraform::read(d, &files, &Options::default()) else { continue };
        let e = t.elapsed();
        if e.as_millis() > 20 {
            println!("SLOW {d} {e:?}");
        }
        for p in &x.problems {
            println!("PROBLEM {d}: {} {:?}", p.message, p.place);
        }
        for p in &x.not_read {
            println!("NOTREAD {d}: {}", p.what);
        }
        for c in &x.declarations {
            n += 1;
            *kinds.entry(c.kind.clone()).or_default() += 1;
            if only.is_some() {
                println!("{} [{}] {} {:?}", c.id, c.kind, show(&c.properties), c.condition);
            } else if c.kind == "AWS::Lambda::Function" {
                println!(
                    "FN {d} {} {:?} rt={} to={} mem={} role={} code={}",
                    c.id,
                    c.condition,
                    ["Runtime", "Timeout", "MemorySize", "Role", "Code"].map(|k| c
                        .properties
                        .get(k)
                        .map(show)
                        .unwrap_or("-".into()))[0],
                    ["Timeout"].map(|k| c.properties.get(k).map(show).unwrap_or("-".into()))[0],
                    c.properties.get("MemorySize").map(show).unwrap_or("-".into()),
                    c.properties.get("Role").map(show).unwrap_or("-".into()),
                    c.properties.get("Code").map(show).unwrap_or("-".into())
                );
            }
            fn walk(v: &Value, w: &mut BTreeMap<String, usize>) {
                match &v.kind {
                    Kind::Unknown(y) => *w.entry(y.clone()).or_default() += 1,
                    Kind::List(i) => i.iter().for_each(|i| walk(i, w)),
                    Kind::Map(m) => m.iter().for_each(|m| walk(&m.value, w)),
                    Kind::Branches(b) => b.iter().for_each(|b| walk(&b.value, w)),
                    _ => {}
                }
            }
            walk(&c.properties, &mut whys);
        }
    }
    println!("{} dirs, {n} declarations", dirs.len());
    if only.is_none() {
        let mut k: Vec<_> = kinds.into_iter().collect();
        k.sort_by_key(|x| std::cmp::Reverse(x.1));
        for (k, n) in k.iter().take(150) {
            println!("{n} {k}");
        }
    }
    let mut k: Vec<_> = whys.into_iter().collect();
    k.sort_by_key(|x| std::cmp::Reverse(x.1));
    for (k, n) in k.iter().take(80) {
        println!("WHY {n} {k}");
    }
}
