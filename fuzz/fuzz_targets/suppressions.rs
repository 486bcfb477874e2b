//! Any text as comments and configuration of a template with findings: a finding is allowed only
//! with a reason.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use scan::{Config, Request, Status};
use templates::Files;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let config = Config::parse(&text, Path::new("casemate.toml")).unwrap_or_default();
    let template = text.lines().fold(
        String::from("Resources:\n  Images:\n    Type: AWS::S3::Bucket\n    Properties: {}\n"),
        |template, line| format!("{template}  # {line}\n"),
    ) + "  Others: {Type: 'AWS::S3::Bucket', Properties: {AccessControl: PublicRead}}\n";
    let files = Files::memory([("t.yaml", template)]);
    let request = Request { paths: Vec::new(), config, baseline: None, today: (2026, 11, 1) };
    let scan = scan::scan_files(&files, Vec::new(), &request);
    for judged in &scan.findings {
        if judged.status == Status::Suppressed {
            assert!(judged.suppression.is_some());
        }
    }
});
