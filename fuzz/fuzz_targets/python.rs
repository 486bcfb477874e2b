//! Any text as a Python handler, and as a module that it imports.
#![no_main]

use code::{Entry, read};
use documents::Files;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let handler = b"import boto3, other\ndef handler(event, context):\n    other.main(boto3)\n";
    let files = Files::memory([
        ("app.py", [handler, bytes].concat()),
        ("other.py", bytes.to_vec()),
    ]);
    let entry = Entry {
        runtime: "python3.13".to_owned(),
        handler: "app.handler".to_owned(),
        roots: vec![String::new()],
        ..Entry::default()
    };
    let (behaviour, _) = read(&files, &entry);
    for call in &behaviour.calls {
        let source = files.source(call.span.source).expect("a call lies in a file");
        assert!(call.span.end as usize <= source.text.len());
    }
});
