//! Any text as a Terraform configuration, alone and as a module under itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use templates::{Files, Options, read};

fuzz_target!(|bytes: &[u8]| {
    let files = Files::memory([
        ("main.tf", bytes.to_vec()),
        ("calls.tf", b"module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"a\", \"b\"])\n}\n".to_vec()),
        ("m/main.tf", bytes.to_vec()),
    ]);
    for application in &read(&files, &Options::default()).applications {
        let _ = application.edges();
    }
});
