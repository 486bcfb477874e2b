use casemate_iam::pattern::{Case, has_wildcard, intersects, wildcard_matches};
use proptest::prelude::*;

fn check(pattern: &str, text: &str, expect: bool) {
    assert_eq!(wildcard_matches(pattern, text, Case::Sensitive), expect, "`{pattern}` on `{text}`");
}

#[test]
fn wildcards_match_as_iam_documents_them() {
    check("", "", true);
    check("", "a", false);
    check("*", "", true);
    check("*", "anything at all", true);
    check("?", "", false);
    check("?", "ä", true);
    check("s3:Get*", "s3:GetObject", true);
    check("s3:Get*", "s3:PutObject", false);
    check("*Object", "s3:GetObject", true);
    check("*Object", "s3:GetObjectAcl", false);
    check("a*b*c", "a-b-b-c", true);
    check("a*b?c", "a-b-b-c", true);
    check("**a**", "a", true);
    check("s3:getobject", "s3:GetObject", false);
    assert!(wildcard_matches("S3:get*", "s3:GetObject", Case::Insensitive));
}

#[test]
fn a_pattern_of_many_stars_takes_no_exponential_time() {
    let pattern = format!("{}b", "a*".repeat(2_000));
    let text = "a".repeat(4_000);
    check(&pattern, &text, false);
    assert!(!intersects(&pattern, &text, Case::Sensitive));
}

#[test]
fn patterns_too_long_to_compare_may_intersect() {
    let left = "a".repeat(10_000);
    let right = "b".repeat(10_000);
    assert!(intersects(&left, &right, Case::Sensitive));
}

#[test]
fn patterns_intersect_where_a_text_matches_both() {
    for (left, right, expect) in [
        ("", "", true),
        ("", "*", true),
        ("", "?", false),
        ("orders-*", "*-dev", true),
        ("orders-*", "invoices-*", false),
        ("a?c", "ab*", true),
        ("a?", "a", false),
        ("*a*", "b?b", true),
        ("*a", "*b", false),
        ("S3:Get*", "s3:*object", false),
    ] {
        assert_eq!(intersects(left, right, Case::Sensitive), expect, "{left} {right}");
    }
    assert!(intersects("S3:Get*", "s3:*object", Case::Insensitive));
}

#[test]
fn wildcards_are_seen() {
    assert!(has_wildcard("a*"));
    assert!(has_wildcard("a?"));
    assert!(!has_wildcard("a"));
}

/// The definition of a match, character by character.
fn brute_force(pattern: &[char], text: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['*', rest @ ..] => (0..=text.len()).any(|taken| brute_force(rest, &text[taken..])),
        [expected, rest @ ..] => {
            text.first().is_some_and(|found| *expected == '?' || expected == found)
                && brute_force(rest, &text[1..])
        }
    }
}

fn matches_by_force(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    brute_force(&pattern, &text)
}

/// All texts of at most `length` letters over an alphabet that holds one letter (`c`) which no
/// generated pattern names.
fn texts(length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..length {
        longest = longest
            .iter()
            .flat_map(|text| ["a", "b", "c"].map(|letter| format!("{text}{letter}")))
            .collect();
        all.extend(longest.iter().cloned());
    }
    all
}

proptest! {
    #[test]
    fn matching_equals_brute_force(pattern in "[ab*?]{0,8}", text in "[abc]{0,10}") {
        prop_assert_eq!(
            wildcard_matches(&pattern, &text, Case::Sensitive),
            matches_by_force(&pattern, &text)
        );
    }

    #[test]
    fn case_folds_only_where_asked(pattern in "[aAbB*?]{0,6}", text in "[aAbB]{0,8}") {
        prop_assert_eq!(
            wildcard_matches(&pattern, &text, Case::Insensitive),
            matches_by_force(&pattern.to_lowercase(), &text.to_lowercase())
        );
    }

    /// Two patterns of at most 3 characters each that share a text share one of at most 6.
    #[test]
    fn intersecting_equals_brute_force(left in "[ab*?]{0,3}", right in "[ab*?]{0,3}") {
        let shared = texts(6)
            .iter()
            .any(|text| matches_by_force(&left, text) && matches_by_force(&right, text));
        prop_assert_eq!(intersects(&left, &right, Case::Sensitive), shared);
    }

    #[test]
    fn a_match_is_an_intersection(pattern in "[ab*?]{0,8}", text in "[ab]{0,10}") {
        prop_assert_eq!(
            intersects(&pattern, &text, Case::Sensitive),
            wildcard_matches(&pattern, &text, Case::Sensitive)
        );
    }

    #[test]
    fn intersecting_has_no_order(left in "[aAb*?]{0,9}", right in "[aAb*?]{0,9}") {
        for case in [Case::Sensitive, Case::Insensitive] {
            prop_assert_eq!(intersects(&left, &right, case), intersects(&right, &left, case));
        }
    }
}
