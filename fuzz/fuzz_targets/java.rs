//! Any text as a Java handler, alone and as what it extends.
#![no_main]

use code::{Entry, read};
use libfuzzer_sys::fuzz_target;
use templates::Files;

fuzz_target!(|bytes: &[u8]| {
    let handler = b"package a; class Handler extends Base { void handle(Base b) { b.f(this); } }".to_vec();
    for (name, files) in [
        ("Handler::handleRequest", Files::memory([("Handler.java", bytes.to_vec())])),
        (
            "a.Handler::handle",
            Files::memory([("a/Handler.java", handler), ("a/Base.java", bytes.to_vec())]),
        ),
    ] {
        let entry = Entry {
            runtime: "java21".to_owned(),
            handler: name.to_owned(),
            roots: vec![String::new()],
            ..Entry::default()
        };
        let _ = read(&files, &entry);
    }
});
