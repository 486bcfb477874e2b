use text::{Span, Unknown};

/// An answer that may not be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
    /// It depends on what is not known.
    Perhaps(Unknown),
}

impl Answer {
    /// An answer that is known.
    pub(crate) fn known(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// An answer that is not.
    pub(crate) fn perhaps(why: impl Into<String>, span: Span) -> Self {
        Self::Perhaps(Unknown::new(why, span))
    }

    /// Yes where both are.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Perhaps(why), _) | (_, Self::Perhaps(why)) => Self::Perhaps(why),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Yes where one is.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Perhaps(why), _) | (_, Self::Perhaps(why)) => Self::Perhaps(why),
            (Self::No, Self::No) => Self::No,
        }
    }

    /// Yes where this is no.
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            perhaps => perhaps,
        }
    }

    /// Yes where any of them is.
    pub(crate) fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::No;
        for answer in answers {
            found = found.or(answer);
            if found == Self::Yes {
                break;
            }
        }
        found
    }

    /// Yes where all of them are.
    pub(crate) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        let mut found = Self::Yes;
        for answer in answers {
            found = found.and(answer);
            if found == Self::No {
                break;
            }
        }
        found
    }
}
