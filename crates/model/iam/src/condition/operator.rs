/// A condition operator, taken apart: `ForAnyValue:StringNotLikeIfExists`.
///
/// Source: the AWS Identity and Access Management user guide, "IAM JSON policy elements: Condition
/// operators".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Operator {
    /// Which of the request's values must satisfy it.
    pub(crate) quantifier: Quantifier,
    /// How two values are compared.
    pub(crate) comparison: Comparison,
    /// Whether what does not compare is meant.
    pub(crate) sense: Sense,
    /// What holds where the request has no such key.
    pub(crate) absence: Absence,
}

/// Which of the request's values must satisfy a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Quantifier {
    /// The only one.
    Single,
    /// `ForAnyValue`.
    Any,
    /// `ForAllValues`.
    All,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Comparison {
    /// Letter by letter.
    Equals,
    /// Letter by letter, whatever their case.
    EqualsIgnoreCase,
    /// With wildcards.
    Like,
    /// As numbers.
    Numeric(Order),
    /// As points in time.
    Date(Order),
    /// As truth values.
    Bool,
    /// As bytes in Base64.
    Binary,
    /// As an address in a range.
    Address,
    /// As ARNs with wildcards, segment by segment.
    Arn,
    /// Not at all: whether the key is there.
    Null,
}

/// How the request's value stands to the policy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Order {
    /// The same.
    Equal,
    /// Less.
    Less,
    /// Less or the same.
    AtMost,
    /// More.
    Greater,
    /// More or the same.
    AtLeast,
}

/// Whether what compares is meant, or all else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sense {
    /// What compares.
    Is,
    /// What does not.
    IsNot,
}

/// What holds where the request has no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Absence {
    /// What the operator says by itself.
    Plain,
    /// `IfExists`: the condition holds.
    Holds,
}

/// The operators without their prefixes and suffixes.
const NAMES: &[(&str, Comparison, Sense)] = &[
    ("StringEquals", Comparison::Equals, Sense::Is),
    ("StringNotEquals", Comparison::Equals, Sense::IsNot),
    ("StringEqualsIgnoreCase", Comparison::EqualsIgnoreCase, Sense::Is),
    ("StringNotEqualsIgnoreCase", Comparison::EqualsIgnoreCase, Sense::IsNot),
    ("StringLike", Comparison::Like, Sense::Is),
    ("StringNotLike", Comparison::Like, Sense::IsNot),
    ("NumericEquals", Comparison::Numeric(Order::Equal), Sense::Is),
    ("NumericNotEquals", Comparison::Numeric(Order::Equal), Sense::IsNot),
    ("NumericLessThan", Comparison::Numeric(Order::Less), Sense::Is),
    ("NumericLessThanEquals", Comparison::Numeric(Order::AtMost), Sense::Is),
    ("NumericGreaterThan", Comparison::Numeric(Order::Greater), Sense::Is),
    ("NumericGreaterThanEquals", Comparison::Numeric(Order::AtLeast), Sense::Is),
    ("DateEquals", Comparison::Date(Order::Equal), Sense::Is),
    ("DateNotEquals", Comparison::Date(Order::Equal), Sense::IsNot),
    ("DateLessThan", Comparison::Date(Order::Less), Sense::Is),
    ("DateLessThanEquals", Comparison::Date(Order::AtMost), Sense::Is),
    ("DateGreaterThan", Comparison::Date(Order::Greater), Sense::Is),
    ("DateGreaterThanEquals", Comparison::Date(Order::AtLeast), Sense::Is),
    ("Bool", Comparison::Bool, Sense::Is),
    ("BinaryEquals", Comparison::Binary, Sense::Is),
    ("IpAddress", Comparison::Address, Sense::Is),
    ("NotIpAddress", Comparison::Address, Sense::IsNot),
    // The user guide: both behave alike.
    ("ArnLike", Comparison::Arn, Sense::Is),
    ("ArnEquals", Comparison::Arn, Sense::Is),
    ("ArnNotLike", Comparison::Arn, Sense::IsNot),
    ("ArnNotEquals", Comparison::Arn, Sense::IsNot),
    ("Null", Comparison::Null, Sense::Is),
];

impl Operator {
    /// Takes an operator's name apart, without regard to case; `None` where there is none of it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (quantifier, rest) = match name.split_once(':') {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAnyValue") => {
                (Quantifier::Any, rest)
            }
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("ForAllValues") => {
                (Quantifier::All, rest)
            }
            Some(_) => return None,
            None => (Quantifier::Single, name),
        };
        let suffix = rest.len().checked_sub("IfExists".len());
        let parts = suffix.and_then(|at| rest.split_at_checked(at));
        let (rest, absence) = match parts {
            Some((rest, suffix)) if suffix.eq_ignore_ascii_case("IfExists") => {
                (rest, Absence::Holds)
            }
            _ => (rest, Absence::Plain),
        };
        let named = NAMES.iter().find(|(name, ..)| name.eq_ignore_ascii_case(rest));
        let (_, comparison, sense) = *named?;
        // Whether a key is there is no matter of its values.
        let bare = quantifier == Quantifier::Single && absence == Absence::Plain;
        let is_known = comparison != Comparison::Null || bare;
        is_known.then_some(Self { quantifier, comparison, sense, absence })
    }

    /// The name of a plain comparison.
    pub(crate) fn name(comparison: Comparison, sense: Sense) -> &'static str {
        let mut names = NAMES.iter();
        let named = names.find(|(_, other, its)| *other == comparison && *its == sense);
        named.map_or("", |(name, ..)| name)
    }
}
