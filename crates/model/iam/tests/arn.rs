use casemate_iam::arn::{Arn, resource_matches, resources_intersect};
use proptest::prelude::*;

#[test]
fn an_arn_is_taken_apart_at_five_colons() {
    let arn = Arn::parse("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/x:*").unwrap();
    assert_eq!(arn.partition, "aws");
    assert_eq!(arn.service, "logs");
    assert_eq!(arn.region, "eu-west-1");
    assert_eq!(arn.account, "111122223333");
    assert_eq!(arn.resource, "log-group:/aws/lambda/x:*");
    assert_eq!(Arn::parse("arn:aws:s3:::shop").unwrap().region, "");
}

#[test]
fn what_is_no_arn_is_none() {
    for text in ["", "*", "arn", "arn:aws:s3", "urn:aws:s3:::shop", "shop"] {
        assert_eq!(Arn::parse(text), None, "{text}");
    }
}

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:orders";
const STREAM: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b";

#[test]
fn a_resource_matches_as_iam_documents_it() {
    for (pattern, arn, expect) in [
        ("*", QUEUE, true),
        ("*", "no arn", true),
        (QUEUE, QUEUE, true),
        ("arn:aws:s3:::shop/*", "arn:aws:s3:::shop/a/b", true),
        ("arn:aws:s3:::shop/*", "arn:aws:s3:::shop", false),
        ("arn:aws:s3:::Shop", "arn:aws:s3:::shop", false),
        ("arn:aws:s3:*:*:shop", "arn:aws:s3:::shop", true),
        ("arn:aws:logs:*:*:log-group:*", STREAM, true),
        // A star that ends its segment reaches over colons, others do not.
        ("arn:*:orders", QUEUE, true),
        ("arn:aws:sqs:eu-*:orders", QUEUE, true),
        ("arn:aws:sqs:eu-*1:orders", QUEUE, false),
        ("arn:aws:sqs:eu-*1:*:orders", QUEUE, true),
        ("arn:aws:sqs:eu-west?1:111122223333:orders", QUEUE, true),
        ("arn:aws:sqs:eu-west-1?111122223333:orders", QUEUE, false),
        ("arn:aws:logs:*:log-group:a?log-stream:b", STREAM, true),
        ("arn:aws:logs:*:*:log-group:a?log-stream:b", STREAM, true),
        // Cut short.
        ("arn:aws:sqs", QUEUE, true),
        ("arn:aws:sqs:eu-west-1", QUEUE, true),
        ("arn:aws:sqs:us-east-1", QUEUE, false),
        ("arn:aws:sns", QUEUE, false),
        ("sqs", QUEUE, false),
    ] {
        assert_eq!(resource_matches(pattern, arn), expect, "{pattern} on {arn}");
    }
}

#[test]
fn a_condition_compares_segment_by_segment() {
    for (pattern, arn, expect) in [
        ("arn:aws:sqs:*:*:orders", QUEUE, true),
        ("arn:aws:sqs:*:111122223333:*", QUEUE, true),
        ("arn:aws:logs:*:*:log-group:*", STREAM, true),
        ("arn:aws:logs:*:*:*:b:*", STREAM, false),
        ("arn:aws:logs:*:log-group:a:*", STREAM, false),
    ] {
        let parsed = (Arn::parse(pattern).unwrap(), Arn::parse(arn).unwrap());
        assert_eq!(parsed.1.is_like(&parsed.0), expect, "{pattern} on {arn}");
    }
}

#[test]
fn resources_intersect_where_they_share_an_arn() {
    for (left, right, expect) in [
        ("*", "arn:aws:s3:::shop", true),
        ("arn:aws:s3:::shop*", "arn:aws:s3:::*-dev", true),
        ("arn:aws:s3:::shop*", "arn:aws:s3:::log*", false),
        ("arn:aws:sqs:*:*:a", "arn:aws:sqs:eu-west-1:*:?", true),
        ("arn:aws:sqs:*:*:a", "arn:aws:sns:*:*:a", false),
        ("arn:aws:sqs", "arn:*:orders", true),
        ("arn:aws:sqs:e*u:1:a", "arn:aws:sqs:e:u:1:a", false),
    ] {
        assert_eq!(resources_intersect(left, right), expect, "{left} {right}");
        assert_eq!(resources_intersect(right, left), expect, "{right} {left}");
    }
}

/// The definition of a match in a `Resource`, character by character.
fn brute_force(pattern: &[char], text: &[char], segment: usize) -> bool {
    let bounded = segment < 5;
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => {
            let reaches_on = !bounded || matches!(rest.first(), None | Some(':'));
            (0..=text.len())
                .take_while(|&taken| reaches_on || !text[..taken].contains(&':'))
                .any(|taken| brute_force(rest, &text[taken..], segment))
        }
        [expected, rest @ ..] => {
            let Some(found) = text.first() else {
                return false;
            };
            let meets = match expected {
                '?' => !bounded || *found != ':',
                _ => expected == found,
            };
            let next = segment + usize::from(*expected == ':');
            meets && brute_force(rest, &text[1..], next)
        }
    }
}

proptest! {
    #[test]
    fn matching_equals_brute_force(
        pattern in "(a|b|\\*|\\?|:){0,7}:(a|\\*|\\?|:){0,8}",
        text in "(a|b|:){0,7}:(a|:){0,9}",
    ) {
        let expect = brute_force(
            &pattern.chars().collect::<Vec<_>>(),
            &text.chars().collect::<Vec<_>>(),
            0,
        );
        prop_assert_eq!(resource_matches(&pattern, &text), expect);
        prop_assert_eq!(resources_intersect(&pattern, &text), expect);
    }
}
