use std::fmt;

/// Identifies one [`crate::Source`] in its [`crate::Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in one source; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source it lies in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}

impl Span {
    /// Makes a span; offsets beyond 4 GiB saturate.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// The empty span at the beginning of a source: where a whole file is meant.
    pub fn file(source: SourceId) -> Self {
        Self { source, start: 0, end: 0 }
    }

    /// Whether `other` lies within this span of the same source.
    pub fn contains(&self, other: &Span) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}

/// A value with the place where it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// Where the property is written.
    pub span: Span,
    /// Where the value comes from when that is another place: a parameter's default, the parent
    /// stack's argument, a variables file.
    pub origin: Option<Span>,
}

impl<T> Said<T> {
    /// A value written at `span` itself.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span, origin: None }
    }

    /// Keeps the places and changes the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Said<U> {
        Said { value: change(self.value), span: self.span, origin: self.origin }
    }
}

/// A value that could not be resolved, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// A sentence part such as "parameter `Stage` has no default".
    pub why: String,
    /// Where the unresolved expression is written.
    pub span: Span,
}

impl Unknown {
    /// Makes an unknown with its reason.
    pub fn new(why: impl Into<String>, span: Span) -> Self {
        Self { why: why.into(), span }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.why)
    }
}
