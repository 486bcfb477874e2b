fn main() {
    let mut seed = 88172645463325252u64;
    let mut next = move || { seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17; seed };
    let list: Vec<String> = std::io::stdin().lines().map_while(Result::ok).collect();
    let texts: Vec<(bool, Vec<u8>)> = list.iter().map(|p| (p.ends_with(".go"), std::fs::read(p).unwrap())).collect();
    let start = std::time::Instant::now();
    let mut n = 0;
    while start.elapsed().as_secs() < 60 {
        let (go, text) = &texts[next() as usize % texts.len()];
        let mut text = text.clone();
        for _ in 0..(next() % 6 + 1) {
            if text.is_empty() { break }
            let a = next() as usize % text.len();
            let l = (next() as usize % 40).min(text.len() - a);
            match next() % 4 {
                0 => { text.drain(a..a + l); }
                1 => { let other = &texts[next() as usize % texts.len()].1; let b = next() as usize % other.len().max(1); let m = (next() as usize % 200).min(other.len() - b); text.splice(a..a, other[b..b + m].to_vec()); }
                2 => { text[a] = next() as u8; }
                _ => { let piece = text[a..a + l].to_vec(); text.splice(a..a, piece); }
            }
        }
        let t = std::time::Instant::now();
        std::fs::write("/tmp/gj/current", &text).unwrap(); let (files, rt, h) = if *go { (documents::Files::memory([("main.go", text.clone())]), "provided.al2", "bootstrap".to_string()) } else {
            let s = String::from_utf8_lossy(&text).into_owned();
            let pk = s.lines().find_map(|l| l.trim().strip_prefix("package ")).unwrap_or("a;").trim_end_matches(';').trim().to_string();
            let cl = s.split("class ").nth(1).and_then(|r| r.split(|c: char| !c.is_alphanumeric()).next()).unwrap_or("A").to_string();
            (documents::Files::memory([(format!("{}/{cl}.java", pk.replace('.', "/")), text.clone())]), "java21", format!("{pk}.{cl}"))
        };
        let e = casemate_code::Entry { runtime: rt.into(), handler: h, roots: vec![String::new()], ..Default::default() };
        let (b, _) = casemate_code::read(&files, &e);
        if matches!(&b.coverage, profile::Coverage::NotRead(w) if w.contains("was not followed")) { println!("CRASH"); std::fs::write(format!("/tmp/gj/crash-{n}"), &text).unwrap(); }
        if t.elapsed().as_millis() > 2000 { println!("SLOW {:?}", t.elapsed()); std::fs::write(format!("/tmp/gj/slow-{n}"), &text).unwrap(); }
        n += 1;
    }
    println!("{n} runs");
}
