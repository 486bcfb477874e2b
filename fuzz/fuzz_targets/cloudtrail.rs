//! Records of CloudTrail, plain and gzipped: never a panic, and each record is read once.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut count = 0;
    let problems = cloudtrail::read_one("trail.json", bytes, &mut |_| count += 1);
    assert!(count <= bytes.len() || bytes.starts_with(&[0x1f, 0x8b]));
    assert!(problems.iter().all(|problem| !problem.message.is_empty()));
});
