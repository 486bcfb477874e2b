//! The scan of any template in every format: each is written, and the text holds no escape.
#![no_main]

use libfuzzer_sys::fuzz_target;
use report::terminal::Colour;
use scan::{Config, Request};
use templates::Files;

fuzz_target!(|bytes: &[u8]| {
    let files = Files::memory([
        ("t.yaml", [b"AWSTemplateFormatVersion: x\n", bytes].concat()),
        ("main.tf", bytes.to_vec()),
    ]);
    let config = Config::default();
    let request = Request { paths: Vec::new(), config, baseline: None, today: (2026, 11, 1) };
    let scan = scan::scan_files(&files, Vec::new(), &request);
    let text = report::terminal::render(&scan, Colour::Plain);
    assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'));
    report::json::render(&scan).expect("JSON");
    report::sarif::render(&scan).expect("SARIF");
    report::junit::render(&scan).expect("JUnit");
    report::html::render(&scan).expect("HTML");
    report::markdown::render(&scan);
    report::picture::dot(&scan);
    report::picture::mermaid(&scan);
});
