use iam::api::Call;
use text::{PartialText, Span};

/// What the code of one function does, as far as its handler reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    /// Whether and how the code was read.
    pub coverage: Coverage,
    /// The handler's file, as shown to the user.
    pub file: Option<String>,
    /// The handler's definition.
    pub handler: Option<Span>,
    /// Calls of AWS's APIs.
    pub calls: Vec<ApiCall>,
    /// Hosts it connects to.
    pub destinations: Vec<Destination>,
    /// Programs it starts.
    pub processes: Vec<Process>,
    /// Files it writes.
    pub files: Vec<FileAccess>,
    /// Calls that may reach AWS and could not be resolved.
    pub unresolved: Vec<Unresolved>,
}

/// Whether and how a function's code was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// Read from the handler on.
    Read(Language),
    /// Not read, and why: no code at hand, an image, a syntax error, a handler that is not there.
    NotRead(String),
    /// In a language that no reader reads; its name.
    Unsupported(String),
}

/// A language that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// JavaScript.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// Go.
    Go,
    /// Java.
    Java,
}

/// One call of an API, and where it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiCall {
    /// What is called.
    pub call: Call,
    /// The call's expression.
    pub span: Span,
    /// Calls that lead from the handler to it, outermost first; empty when the handler makes it.
    pub through: Vec<Span>,
}

/// A host that is connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Host name, with `:port` where one is said; as far as it is known.
    pub host: PartialText,
    /// The call that connects.
    pub span: Span,
}

/// A program that is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// The program or command line, as far as it is known.
    pub command: PartialText,
    /// The call that starts it.
    pub span: Span,
}

/// A file that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAccess {
    /// Its path, as far as it is known.
    pub path: PartialText,
    /// The call that opens it.
    pub span: Span,
}

/// A call that may reach AWS and could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unresolved {
    /// Where it is.
    pub span: Span,
    /// The call as written, cut to a line: `self.store.put(…)`.
    pub call: String,
    /// Why: "the receiver's type is not known: parameter `client` of a function that is not called".
    pub reason: String,
}

impl Behaviour {
    /// Behaviour in which nothing was found yet.
    pub fn new(coverage: Coverage) -> Self {
        Self {
            coverage,
            file: None,
            handler: None,
            calls: Vec::new(),
            destinations: Vec::new(),
            processes: Vec::new(),
            files: Vec::new(),
            unresolved: Vec::new(),
        }
    }

    /// Whether the code was read from the handler on.
    pub fn is_read(&self) -> bool {
        matches!(self.coverage, Coverage::Read(_))
    }
}

impl Language {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Language::Python => "Python",
            Language::JavaScript => "JavaScript",
            Language::TypeScript => "TypeScript",
            Language::Go => "Go",
            Language::Java => "Java",
        }
    }
}
