//! Any text as a CloudFormation or SAM template, evaluated and lowered to its graph.
#![no_main]

use libfuzzer_sys::fuzz_target;
use templates::{Files, Options, read};

fuzz_target!(|bytes: &[u8]| {
    let name = if bytes.first() == Some(&b'{') { "t.json" } else { "t.yaml" };
    // The name of the version makes it a template whatever else it says.
    let mark: &[u8] = if name == "t.yaml" { b"AWSTemplateFormatVersion: x\n" } else { b"" };
    let files = Files::memory([(name, [mark, bytes].concat())]);
    for application in &read(&files, &Options::default()).applications {
        let _ = application.edges();
    }
});
