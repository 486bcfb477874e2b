use std::rc::Rc;

use documents::Files;
use text::{Problem, SourceId, Span};

use crate::Entry;
use crate::evaluate::{Arguments, Evaluator, ModuleValue, Value};
use crate::tree::{Module, Statement};

/// What one language says: how its text becomes a tree, where its imports lead, and what the names
/// mean that are not in the project.
pub(crate) trait Language {
    /// Which one it is.
    fn language(&self) -> profile::Language;

    /// Which one a file is written in, where there are two of a kind.
    fn language_of(&self, _path: &str) -> profile::Language {
        self.language()
    }

    /// Turns the text of the file at `path` into a tree; what the parser mended or left out is a
    /// problem at its place.
    fn parse(&self, text: &str, source: SourceId, path: &str) -> (Module, Vec<Problem>);

    /// Where the function begins; the error is a reason for people.
    fn start(&self, files: &Files, entry: &Entry) -> Result<Start, String>;

    /// What an import of `source` in the file `from` leads to.
    fn find(&self, files: &Files, entry: &Entry, from: &str, source: &str) -> Found;

    /// Names that a module has before it runs.
    fn prepare(&self, _evaluator: &mut Evaluator<'_>, _module: &ModuleValue) {}

    /// A call of `object.name`, before it is asked what the member is; `None` leaves it to that.
    fn method(
        &self,
        _evaluator: &mut Evaluator<'_>,
        _object: &Value,
        _name: &str,
        _arguments: &Arguments,
        _at: Span,
    ) -> Option<Value> {
        None
    }

    /// A module that is reached as a member of another one: Python's `package.module`.
    fn submodule(
        &self,
        _files: &Files,
        _entry: &Entry,
        _module: &ModuleFiles,
        _name: &str,
    ) -> Option<ModuleFiles> {
        None
    }

    /// A member of a foreign name, an SDK's object or a plain value (`boto3.client`, `client.get_object`,
    /// `os.environ`); `None` leaves it to the evaluator: a member of [`Value::Foreign`] is the longer
    /// name, methods of texts, lists and maps are known, anything else is unknown.
    fn member(
        &self,
        evaluator: &mut Evaluator<'_>,
        object: &Value,
        name: &str,
        at: Span,
    ) -> Option<Value>;

    /// A call of a foreign name or an SDK's object; `None` leaves it to the evaluator, which knows
    /// hosts, processes, files and harmless packages by data and calls function values that are passed.
    fn call(
        &self,
        evaluator: &mut Evaluator<'_>,
        callee: &Value,
        arguments: &Arguments,
        at: Span,
    ) -> Option<Value>;

    /// What `object[index]` and `for element in object` give for an SDK's object or a foreign name.
    fn element(
        &self,
        _evaluator: &mut Evaluator<'_>,
        _object: &Value,
        _index: Option<&Value>,
        _at: Span,
    ) -> Option<Value> {
        None
    }

    /// An instance of a foreign type, for what is declared and has no known value.
    fn typed(&self, _evaluator: &mut Evaluator<'_>, _name: &str, _at: Span) -> Option<Value> {
        None
    }

    /// The statements of a module of several files, in the order in which they take effect; `None`
    /// for the order in which they are written.
    fn arrange(&self, _files: &Files, _parsed: &[Rc<Module>]) -> Option<Vec<Statement>> {
        None
    }

    /// Loads what may implement an interface of the project, where a framework chooses it.
    fn load_implementations(&self, _evaluator: &mut Evaluator<'_>, _interface: &str, _at: Span) {}

    /// Tells the call that a request of a foreign type stands for, when only its type is known;
    /// whether it did.
    fn request(
        &self,
        _evaluator: &mut Evaluator<'_>,
        _name: &str,
        _value: &Value,
        _at: Span,
    ) -> bool {
        false
    }

    /// Calls what a framework calls that is the handler itself.
    fn run_application(&self, _evaluator: &mut Evaluator<'_>, _at: Span) {}

    /// Whether functions and classes exist before the statements around them run.
    fn hoists(&self) -> bool {
        true
    }

    /// Whether a name that the project does not define is one of the language's own.
    fn gives_name(&self, _name: &str) -> bool {
        true
    }

    /// Whether a bare name may be a member of `this`.
    fn has_implicit_this(&self) -> bool {
        false
    }
}

/// Where a function begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Start {
    /// The module that is loaded first.
    pub(crate) module: ModuleFiles,
    /// What is called in it: `["handler"]`, `["Handler", "handleRequest"]`; a class on the way is
    /// constructed. Nothing where a framework decides.
    pub(crate) members: Vec<String>,
}

/// The files that one module is made of; several in Go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct ModuleFiles {
    /// Names the module among all others of the function: a path without its ending.
    pub(crate) key: String,
    /// The files in order; none for a folder that only holds modules.
    pub(crate) files: Vec<String>,
}

/// What an import leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// A module on disk.
    Module(ModuleFiles),
    /// A library that is not on disk, by its qualified name: `boto3`, `@aws-sdk/client-s3`.
    Foreign(String),
    /// Nothing, though it should be in the project: the reason.
    Missing(String),
}

/// The language of a runtime, if one reads it.
pub(crate) fn of_runtime(runtime: &str) -> Option<&'static dyn Language> {
    match runtime {
        _ if runtime.starts_with("python") => Some(&crate::python::Python),
        _ if runtime.starts_with("nodejs") => Some(&crate::javascript::Node),
        _ if runtime.starts_with("go") || runtime.starts_with("provided") => Some(&crate::go::Go),
        _ if runtime.starts_with("java") => Some(&crate::java::Java),
        _ => None,
    }
}

/// The language of the code where a runtime runs several and this is none that is read.
pub(crate) fn other(files: &Files, entry: &Entry) -> Option<&'static str> {
    const OTHERS: [(&str, &str); 8] = [
        (".kt", "Kotlin"),
        (".scala", "Scala"),
        (".groovy", "Groovy"),
        (".clj", "Clojure"),
        (".rs", "Rust"),
        (".swift", "Swift"),
        (".cpp", "C++"),
        (".cs", "C#"),
    ];
    let own = match entry.runtime.as_str() {
        runtime if runtime.starts_with("java") => ".java",
        runtime if runtime.starts_with("provided") => ".go",
        _ => return None,
    };
    let root = entry.roots.first().map(String::as_str).unwrap_or_default();
    let inside: Vec<&str> = files
        .paths()
        .iter()
        .filter_map(|path| match root {
            "" => Some(path.as_str()),
            root => path.strip_prefix(root)?.strip_prefix('/'),
        })
        .collect();
    if inside.iter().any(|path| path.ends_with(own)) {
        return None;
    }
    let found = OTHERS.iter().find(|(ending, _)| inside.iter().any(|path| path.ends_with(ending)));
    found.map(|(_, language)| *language)
}

/// Tells whether code in a template is what a handler names.
pub(crate) fn inline_module(entry: &Entry, module: &str) -> Result<(), String> {
    match entry.inline_module.as_deref() {
        Some(own) if own != module => {
            Err(format!("the code in the template is `{own}`, its handler is in `{module}`"))
        }
        _ => Ok(()),
    }
}
