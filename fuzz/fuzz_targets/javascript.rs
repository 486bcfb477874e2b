//! Any text as a handler in JavaScript and in TypeScript, that also imports itself.
#![no_main]

use code::{Entry, read};
use documents::Files;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for ending in ["js", "ts"] {
        let files = Files::memory([
            (format!("index.{ending}"), bytes.to_vec()),
            (format!("lib/index.{ending}"), bytes.to_vec()),
            ("package.json".to_owned(), b"{\"workspaces\": [\"lib\"]}".to_vec()),
        ]);
        let entry = Entry {
            runtime: "nodejs22.x".to_owned(),
            handler: "index.handler".to_owned(),
            roots: vec![String::new()],
            ..Entry::default()
        };
        read(&files, &entry);
    }
});
