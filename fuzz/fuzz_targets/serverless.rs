//! Any text as a Serverless Framework service; one that reads itself, too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use templates::{Files, Options, read};

fuzz_target!(|bytes: &[u8]| {
    let files = Files::memory([
        ("serverless.yml", [b"service: x\nprovider:\n  name: aws\n", bytes].concat()),
        ("other.yml", bytes.to_vec()),
    ]);
    for application in &read(&files, &Options::default()).applications {
        let _ = application.edges();
    }
});
