//! The formats of ARNs as the service authorization reference writes them.

/// A piece of a format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'format> {
    Literal(&'format str),
    Placeholder(&'format str),
}

/// Takes a format apart: `arn:${Partition}:s3:::${BucketName}`.
pub(super) fn pieces(format: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        pieces.push(Piece::Placeholder(name));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

/// Whether a placeholder is filled by the place of deployment.
pub(super) fn is_pseudo(placeholder: &str) -> bool {
    matches!(placeholder, "Partition" | "Region" | "Account")
}
