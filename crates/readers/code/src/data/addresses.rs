use text::{Part, PartialText};

/// The bucket or the key of an address `s3://bucket/key`; `None` for any other text.
pub(super) fn address_part(address: &PartialText, is_key: bool) -> Option<PartialText> {
    let mut parts = address.parts().iter();
    let Some(Part::Literal(first)) = parts.next() else { return None };
    let first =
        ["s3://", "s3a://", "s3n://"].iter().find_map(|scheme| first.strip_prefix(scheme))?;
    let mut rest = PartialText::known(first);
    parts.for_each(|part| rest.push(part.clone()));
    let (mut bucket, mut key, mut is_behind) =
        (PartialText::default(), PartialText::default(), false);
    for part in rest.parts() {
        match part {
            Part::Literal(text) if !is_behind => {
                let (before, after) = match text.split_once('/') {
                    Some((before, after)) => (before, Some(after)),
                    None => (text.as_str(), None),
                };
                bucket.push(Part::Literal(before.to_owned()));
                if let Some(after) = after {
                    is_behind = true;
                    key.push(Part::Literal(after.to_owned()));
                }
            }
            part if is_behind => key.push(part.clone()),
            part => bucket.push(part.clone()),
        }
    }
    Some(if is_key { key } else { bucket })
}
