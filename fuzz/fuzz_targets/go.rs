//! Any text as a Go program, alone and beside a package of itself.
#![no_main]

use code::{Entry, read};
use libfuzzer_sys::fuzz_target;
use templates::Files;

fuzz_target!(|bytes: &[u8]| {
    let main = b"package main\nimport \"m/p\"\nfunc main() { p.F(p.V) }\n".to_vec();
    for files in [
        Files::memory([("main.go", bytes.to_vec())]),
        Files::memory([
            ("go.mod", b"module m\n".to_vec()),
            ("main.go", main),
            ("p/p.go", bytes.to_vec()),
        ]),
    ] {
        let entry = Entry {
            runtime: "provided.al2023".to_owned(),
            handler: "bootstrap".to_owned(),
            roots: vec![String::new()],
            ..Entry::default()
        };
        let _ = read(&files, &entry);
    }
});
