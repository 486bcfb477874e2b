//! Any two texts as policies: read, asked for a request, and compared; each policy is within itself,
//! and what a comparison finds is never allowed by the other one.
#![no_main]

use documents::Files;
use iam::Policy;
use iam::containment::within;
use iam::evaluate::{Decision, Policies, Request, decide};
use libfuzzer_sys::fuzz_target;
use text::PartialText;

fuzz_target!(|bytes: &[u8]| {
    let middle = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (inner, outer) = bytes.split_at(middle);
    let outer = outer.get(1..).unwrap_or_default();
    let files = Files::memory([("inner.json", inner), ("outer.json", outer)]);
    let (Some(inner), Some(outer)) = (read(&files, "inner.json"), read(&files, "outer.json"))
    else {
        return;
    };
    let principal = PartialText::known("arn:aws:iam::111122223333:user/anna");
    let resource = PartialText::known("arn:aws:s3:::shop/a");
    let request = Request::new(principal.clone(), "s3:GetObject", resource);
    for policy in [&inner, &outer] {
        let _ = decide(&request, &policies(policy));
        if let Err(found) = within(&[policy], &[policy]) {
            assert!(found.doubt.is_some(), "a policy is within itself: {found:?}");
        }
    }
    if let Err(found) = within(&[&inner], &[&outer])
        && found.doubt.is_none()
        && found.conditions.is_empty()
    {
        let request = Request::new(principal, &found.action, found.resource.clone());
        let decision = decide(&request, &policies(&outer)).decision;
        assert!(decision != Decision::Allowed, "the outer policy allows {found:?}");
    }
});

fn read(files: &Files, path: &str) -> Option<Policy> {
    let document = files.document(path).ok()?;
    let value = document.get()?.value.as_ref()?;
    Some(lowering::policy_document(value).0)
}

fn policies(policy: &Policy) -> Policies<'_> {
    Policies { identity: vec![policy], ..Policies::default() }
}
