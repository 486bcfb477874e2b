// stdin: root \t runtime \t handler \t codefolder
use std::collections::BTreeMap;
fn walk(root: &std::path::Path, dir: &std::path::Path, out: &mut Vec<String>) {
    let Ok(rd) = std::fs::read_dir(dir) else { return };
    for e in rd.flatten() {
        let p = e.path();
        if p.is_dir() {
            if !matches!(p.file_name().and_then(|n| n.to_str()), Some("node_modules" | ".git")) { walk(root, &p, out) }
        } else if let Ok(r) = p.strip_prefix(root) { out.push(r.to_string_lossy().into_owned()) }
    }
}
fn main() {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut n, mut clean, mut notread, mut ncalls, mut nocalls) = (0, 0, 0, 0, 0);
    let verbose = std::env::var("V").is_ok();
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let f: Vec<&str> = line.split('\t').collect();
        let [root, runtime, handler, code] = f[..] else { continue };
        let mut paths = vec![];
        walk(root.as_ref(), root.as_ref(), &mut paths);
        let files = documents::Files::folder(root, "", paths);
        let entry = casemate_code::Entry {
            runtime: runtime.into(), handler: handler.into(), roots: vec![code.into()], inline: None,
            environment: BTreeMap::new(), environment_unknown: Some("none given".into()), ..Default::default()
        };
        let t = std::time::Instant::now();
        let (b, p) = casemate_code::read(&files, &entry);
        if t.elapsed().as_millis() > 1000 { println!("SLOW {line} {:?}", t.elapsed()); }
        n += 1;
        ncalls += b.calls.len();
        if verbose {
            println!("== {line} {:?}", b.coverage);
            for c in &b.calls { println!("   {}.{} {:?} {:?}", c.call.service, c.call.operation, c.call.arguments.iter().map(|(n, a)| match a { iam::api::Argument::Text(t) => format!("{n}={t}"), _ => n.clone() }).collect::<Vec<_>>().join(" "), c.call.rest_unknown); }
            for d in &b.destinations { println!("   host {}", d.host) }
            for d in &b.processes { println!("   process {}", d.command) }
            for d in &b.files { println!("   file {}", d.path) }
            for u in &b.unresolved { println!("   UNRESOLVED {}: {}", u.call, u.reason); }
        }
        for p in &p { println!("PROBLEM {line} {}", p.message); }
        if let profile::Coverage::NotRead(why) = &b.coverage { notread += 1; println!("NOTREAD {line} {why}"); continue; }
        if b.unresolved.is_empty() { clean += 1; }
        if b.calls.is_empty() { nocalls += 1; println!("NOCALLS {line}"); }
        for u in &b.unresolved {
            let at = files.source(u.span.source).map(|s| format!("{root}/{}:{} {}", s.path, s.position(u.span.start).line, u.call)).unwrap_or_default();
            reasons.entry(u.reason.clone()).or_default().push(at);
        }
    }
    let mut rows: Vec<_> = reasons.into_iter().collect();
    rows.sort_by_key(|(_, at)| std::cmp::Reverse(at.len()));
    for (reason, at) in rows { println!("{:4} {reason}\n       {}", at.len(), at.iter().take(3).cloned().collect::<Vec<_>>().join("\n       ")); }
    println!("{n} functions, {clean} without unresolved, {notread} not read, {nocalls} read without calls, {ncalls} calls");
}
