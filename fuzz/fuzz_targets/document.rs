//! Any bytes as a YAML and as a JSON document: spans lie in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use templates::Files;

fuzz_target!(|bytes: &[u8]| {
    for path in ["t.yaml", "t.json"] {
        let files = Files::memory([(path, bytes)]);
        let Ok(document) = files.document(path) else { continue };
        let Some(document) = document.get() else { continue };
        let Some(value) = &document.value else { continue };
        let source = files.source(value.span.source).expect("a root lies in its source");
        assert!(value.span.start <= value.span.end);
        assert!(value.span.end as usize <= source.text.len());
    }
});
