//! How far a resource pattern of a policy reaches.

use text::PartialText;

/// How far a resource pattern reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Resources of every service.
    Everything,
    /// Every resource of a service, or of one of its kinds.
    EveryOfKind,
    /// A resource that is named, wholly or in part.
    Named,
}

/// Services whose ARNs begin their last part with a name instead of a kind.
///
/// Source: AWS service authorization reference, "Resource types defined by" these services.
const NAME_FIRST: &[&str] = &["codecommit", "execute-api", "s3", "sns", "sqs"];

/// Words inside an ARN's last part that name a kind and no resource:
/// `table/*/index/*`, `table/*/stream/*`.
const INNER_KINDS: &[&str] = &["index", "stream", "log-stream", "backup", "export", "*", ""];

/// Stands for parts that are not known; no ARN contains it.
const HOLE: &str = "\u{fffc}";

/// How far a pattern reaches; parts that are not known count as names.
pub(crate) fn reach(pattern: &PartialText) -> Reach {
    let text = pattern.with_holes(HOLE);
    if !text.is_empty() && text.chars().all(|letter| letter == '*') {
        return Reach::Everything;
    }
    let Some(arn) = iam::arn::Arn::parse(&text) else { return Reach::Named };
    if arn.service == "*" {
        return Reach::Everything;
    }
    let mut segments = arn.resource.split([':', '/']);
    let first = segments.next().unwrap_or_default();
    let is_all_stars = |segment: &str| !segment.is_empty() && segment.chars().all(|c| c == '*');
    if is_all_stars(first) {
        return Reach::EveryOfKind;
    }
    let is_kind = first
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    if NAME_FIRST.contains(&arn.service) || !is_kind {
        return Reach::Named;
    }
    let mut has_star = false;
    for segment in segments {
        if is_all_stars(segment) {
            has_star = true;
        } else if !INNER_KINDS.contains(&segment) {
            return Reach::Named;
        }
    }
    if has_star { Reach::EveryOfKind } else { Reach::Named }
}

#[cfg(test)]
mod tests {
    use text::{Part, Pseudo};

    use super::*;

    fn check(pattern: &str, expect: Reach) {
        let mut partial = PartialText::default();
        for (index, piece) in pattern.split('$').enumerate() {
            if index > 0 {
                partial.push(Part::Pseudo(Pseudo::Account));
            }
            partial.push(Part::Literal(piece.to_owned()));
        }
        assert_eq!(reach(&partial), expect, "{pattern}");
    }

    #[test]
    fn a_pattern_that_names_nothing_reaches_everything_of_its_kind() {
        check("*", Reach::Everything);
        check("arn:aws:*:*:*:*", Reach::Everything);
        check("arn:$:dynamodb:$:$:table/*", Reach::EveryOfKind);
        check("arn:aws:dynamodb:*:*:table/*/index/*", Reach::EveryOfKind);
        check("arn:aws:s3:::*", Reach::EveryOfKind);
        check("arn:aws:s3:::*/*", Reach::EveryOfKind);
        check("arn:aws:sqs:eu-west-1:$:*", Reach::EveryOfKind);
        check("arn:aws:lambda:eu-west-1:$:function:*", Reach::EveryOfKind);
        check("arn:aws:iam::$:role/*", Reach::EveryOfKind);
    }

    #[test]
    fn a_pattern_that_names_something_is_named() {
        check("arn:aws:s3:::pictures/*", Reach::Named);
        check("$/*", Reach::Named);
        check("arn:aws:s3:::$-pictures/*", Reach::Named);
        check("arn:aws:sns:eu-west-1:$:news:*", Reach::Named);
        check("arn:aws:dynamodb:eu-west-1:$:table/orders/index/*", Reach::Named);
        check("arn:aws:execute-api:eu-west-1:$:a1b2c3/*", Reach::Named);
        check("arn:aws:iam::$:role/service-role/*", Reach::Named);
        check("arn:aws:kms:eu-west-1:$:key/1234", Reach::Named);
    }
}
