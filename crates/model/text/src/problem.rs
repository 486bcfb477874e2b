use crate::Span;

/// Something about the input that its author should know: it could not be read, or not wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// One line: lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where it is.
    pub place: Place,
    /// What it costs the analysis.
    pub loss: Loss,
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a source that was read.
    Span(Span),
    /// A file or folder that could not be read as text.
    Path(String),
}

/// What a problem costs the analysis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    /// Nothing: all was read, this is advice (a duplicate key, of which the last wins).
    Nothing,
    /// Part of the application was not read: the run is incomplete.
    Incomplete,
}

impl Problem {
    /// A problem by which part of the input was lost.
    pub fn incomplete(message: impl Into<String>, place: Place) -> Self {
        Self { message: message.into(), help: None, place, loss: Loss::Incomplete }
    }

    /// A problem by which nothing was lost.
    pub fn advice(message: impl Into<String>, place: Place) -> Self {
        Self { message: message.into(), help: None, place, loss: Loss::Nothing }
    }

    /// Adds the line that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Place::Span(span)
    }
}
