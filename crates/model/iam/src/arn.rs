//! Amazon Resource Names, and the patterns of them that policies hold.
//!
//! Two places of a policy match ARNs differently: the `Resource` element ([`resource_matches`])
//! lets some wildcards reach over colons, the condition operators `ArnLike` and `ArnEquals`
//! ([`Arn::is_like`]) do not.
//!
//! Source: the AWS Identity and Access Management user guide, "Identify AWS resources with Amazon
//! Resource Names (ARNs)", "IAM JSON policy elements: Resource" and "ARN condition operators".

use crate::pattern::{Case, Reach, Token, share_a_text, wildcard_matches};

/// An ARN taken apart at its first five colons.
///
/// ```
/// let arn = casemate_iam::arn::Arn::parse("arn:aws:sqs:eu-west-1:111122223333:orders").unwrap();
/// assert_eq!((arn.service, arn.resource), ("sqs", "orders"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Arn<'text> {
    /// `aws`, `aws-cn`, `aws-us-gov` and the like.
    pub partition: &'text str,
    /// The service's prefix, for example `s3`.
    pub service: &'text str,
    /// The region; empty for what belongs to none, for example a bucket.
    pub region: &'text str,
    /// The account's 12 digits; empty for what names none, for example a bucket.
    pub account: &'text str,
    /// All the rest, with its own colons and slashes.
    pub resource: &'text str,
}

impl<'text> Arn<'text> {
    /// Takes an ARN apart; `None` where it does not begin with `arn:` or has under six segments.
    ///
    /// Wildcards may stand in every segment.
    #[must_use]
    pub fn parse(text: &'text str) -> Option<Self> {
        let mut segments = text.splitn(6, ':');
        if segments.next() != Some("arn") {
            return None;
        }
        Some(Self {
            partition: segments.next()?,
            service: segments.next()?,
            region: segments.next()?,
            account: segments.next()?,
            resource: segments.next()?,
        })
    }

    /// Tells whether this ARN matches a pattern as the condition operators `ArnLike` and
    /// `ArnEquals` compare: each of the six segments by itself, with regard to case.
    #[must_use]
    pub fn is_like(&self, pattern: &Arn<'_>) -> bool {
        pattern
            .segments()
            .into_iter()
            .zip(self.segments())
            .all(|(pattern, text)| wildcard_matches(pattern, text, Case::Sensitive))
    }

    fn segments(&self) -> [&'text str; 5] {
        [self.partition, self.service, self.region, self.account, self.resource]
    }
}

/// Tells whether an ARN matches what a policy's `Resource` or `NotResource` holds.
///
/// A `*` that ends a segment also stands for colons, every other wildcard stays in its segment;
/// in the resource, which keeps its own colons and slashes, all of them reach on. A pattern of
/// under six segments is completed with `*`: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`. `*` alone
/// matches every text. Case counts.
#[must_use]
pub fn resource_matches(pattern: &str, arn: &str) -> bool {
    if pattern == "*" || pattern == arn {
        return true;
    }
    if let (Some(pattern), Some(arn)) = (Arn::parse(pattern), Arn::parse(arn))
        && arn.is_like(&pattern)
    {
        return true;
    }
    let literal: Vec<Token> = arn.chars().map(Token::Literal).collect();
    readings(pattern).any(|pattern| {
        // Without the bounds of segments more texts match, and that is told faster.
        wildcard_matches(&pattern, arn, Case::Sensitive)
            && share_a_text(&tokens(&pattern), &literal, Case::Sensitive)
    })
}

/// Tells whether what two `Resource` elements hold has an ARN in common.
#[must_use]
pub fn resources_intersect(left: &str, right: &str) -> bool {
    readings(left).any(|left| {
        let left = tokens(&left);
        readings(right).any(|right| share_a_text(&left, &tokens(&right), Case::Sensitive))
    })
}

/// Returns the pattern as it stands, and completed where it has under six segments.
fn readings(pattern: &str) -> impl Iterator<Item = String> + use<> {
    let is_short = pattern.starts_with("arn:") && pattern.split(':').count() < 6;
    let completed = is_short.then(|| format!("{pattern}:*"));
    std::iter::once(pattern.to_owned()).chain(completed)
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    for (place, segment) in pattern.splitn(6, ':').enumerate() {
        if place > 0 {
            tokens.push(Token::Literal(':'));
        }
        let last = segment.len().saturating_sub(1);
        tokens.extend(segment.char_indices().map(|(at, character)| match Token::of(character) {
            Token::Run(_) if place < 5 && at < last => Token::Run(Reach::Segment),
            Token::One(_) if place < 5 => Token::One(Reach::Segment),
            token => token,
        }));
    }
    tokens
}
