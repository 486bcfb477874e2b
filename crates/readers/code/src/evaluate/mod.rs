//! Runs the tree over abstract values, from the handler on.
//!
//! Modules run when they are imported and functions when they are called, with the values they are
//! called with. Both ways of a branch are tried and their outcomes joined ([`heap`]); a loop's body
//! runs until it changes nothing more, twice at most. What is bounded says so: recursion, depth and
//! steps end in an unresolved call, never in silence.

mod bindings;
mod callbacks;
mod calls;
mod classes;
mod commonjs;
mod comprehensions;
mod elements;
mod environment;
mod event;
mod expressions;
pub(crate) mod heap;
mod implicit;
mod imports;
mod inline;
pub(crate) mod interfaces;
mod lists;
mod maps;
mod members;
mod prototypes;
mod record;
pub(crate) mod scope;
mod statements;
mod texts;
mod value;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use documents::Files;
use profile::{Behaviour, Coverage};
use text::{Problem, SourceId, Span};

pub(crate) use environment::OWN_KEY;
pub(crate) use value::{Arguments, Closure, Method, ModuleValue, Object, Value};

use crate::Entry;
use crate::language::Language;
use crate::tree;
use heap::{Heap, Writes};
use scope::Scope;
use value::ClassValue;

/// As many expressions are evaluated for one function.
const MOST_STEPS: u32 = 4_000_000;

/// Lists are not longer than this.
const LONGEST_LIST: usize = 256;

/// Calls of the project's functions nest this deep at most.
const DEEPEST_CALL: usize = 120;

/// Modules that were parsed, by path: shared by all functions of one reading.
pub(crate) type Parsed = RefCell<HashMap<String, Rc<Result<ParsedFile, String>>>>;

/// A file's tree, and what was wrong with the file.
type ParsedFile = (Rc<tree::Module>, Vec<Problem>);

/// One function being followed.
pub(crate) struct Evaluator<'run> {
    /// The files of the project.
    pub(crate) files: &'run Files,
    /// Where the function begins.
    pub(crate) entry: &'run Entry,
    /// Its language.
    pub(crate) language: &'run dyn Language,
    /// All that can change.
    pub(crate) heap: Heap,
    parsed: &'run Parsed,
    problems: Vec<Problem>,
    behaviour: Behaviour,
    modules: HashMap<String, Rc<ModuleValue>>,
    paths: HashMap<SourceId, String>,
    frames: Vec<Frame>,
    steps: u32,
    /// What was recorded already, so that a place that is passed twice is told once.
    recorded: HashSet<record::Recorded>,
    /// Functions that a library holds and may call, each called once.
    called_back: HashSet<callbacks::CalledBack>,
    /// Functions that libraries were given and that are not called yet.
    given: VecDeque<callbacks::Given>,
    /// Classes of which an instance is being made.
    making: Vec<Rc<ClassValue>>,
    /// Members of functions that have some: [`heap::Map`].
    members_of_functions: HashMap<prototypes::Identity, heap::Address>,
}

/// One call that is being followed.
struct Frame {
    /// The function; `None` for the body of a module.
    closure: Option<Rc<Closure>>,
    /// Where it was called.
    at: Span,
    /// What it may return.
    returns: Vec<Value>,
    /// What it yields.
    yields: Vec<Value>,
    /// What was written on ways that ended the function early.
    exits: Vec<Writes>,
}

/// How a row of statements ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    /// The next statement follows.
    Next,
    /// The turn of the loop is over.
    Broken,
    /// The function is over.
    Ended,
}

/// Follows one function from its handler.
pub(crate) fn follow(
    files: &Files,
    entry: &Entry,
    language: &dyn Language,
    parsed: &Parsed,
) -> (Behaviour, Vec<Problem>) {
    let coverage = Coverage::Read(language.language());
    let mut evaluator = Evaluator {
        files,
        entry,
        language,
        parsed,
        heap: Heap::default(),
        problems: Vec::new(),
        behaviour: Behaviour::new(coverage),
        modules: HashMap::new(),
        paths: HashMap::new(),
        frames: Vec::new(),
        steps: 0,
        recorded: HashSet::new(),
        called_back: HashSet::new(),
        given: VecDeque::new(),
        making: Vec::new(),
        members_of_functions: HashMap::new(),
    };
    if let Err(reason) = evaluator.run() {
        evaluator.behaviour.coverage = Coverage::NotRead(reason);
    }
    evaluator.place_inline();
    (evaluator.behaviour, evaluator.problems)
}

impl Evaluator<'_> {
    /// Loads the handler's module and calls the handler with the event.
    fn run(&mut self) -> Result<(), String> {
        let start = self.language.start(self.files, self.entry)?;
        let first = start.module.files.first().ok_or("the handler's module has no file")?.clone();
        self.behaviour.file = Some(self.files.shown(&first));
        self.behaviour.coverage = Coverage::Read(self.language.language_of(&first));
        let module = self.load_module(&start.module, None)?;
        let at = module.span.ok_or("the handler's module has no file")?;
        if start.members.is_empty() {
            // A framework is the handler; it calls what it finds.
            self.language.run_application(self, at);
            return Ok(());
        }
        let mut value = Value::Module(module);
        for name in &start.members {
            if let Value::Class(class) = &value {
                value = self.construct(&class.clone(), Arguments::default(), at);
            }
            value = self.export_named(&value, name, at).ok_or_else(|| {
                format!("`{}` has no `{}`", self.files.shown(&first), start.members.join("."))
            })?;
        }
        self.behaviour.handler = handler_span(&value);
        let arguments = Arguments::of([self.event(), Value::Data]);
        let at = self.behaviour.handler.unwrap_or(at);
        self.call(&value, arguments, at);
        Ok(())
    }

    /// Counts one step; false when there were too many.
    fn step(&mut self, at: Span) -> bool {
        self.steps = self.steps.saturating_add(1);
        if self.steps == MOST_STEPS {
            self.unresolved(at, format!("the function was not followed beyond {MOST_STEPS} steps"));
        }
        self.steps < MOST_STEPS
    }

    /// A new list; of a long one the positions are not told apart.
    pub(crate) fn list(&mut self, items: Vec<Value>, more: Option<Value>) -> Value {
        let (items, more) = match items.len() {
            0..=LONGEST_LIST => (items, more),
            _ => (Vec::new(), Some(Value::either(items.into_iter().chain(more)))),
        };
        Value::List(self.heap.add(heap::Slot::List(Rc::new(heap::List { items, more }))))
    }

    /// A new map.
    pub(crate) fn map(&mut self, entries: Vec<(Value, Value)>, more: Option<Value>) -> Value {
        Value::Map(self.heap.add(heap::Slot::Map(Rc::new(heap::Map {
            entries,
            more,
            others: None,
        }))))
    }

    /// A new variable.
    fn variable(&mut self, scope: &Scope, name: &str, value: Option<Value>) {
        let address = self.heap.add(heap::Slot::Variable(value));
        scope.declare(name, address);
    }
}

/// Where a handler is defined.
fn handler_span(value: &Value) -> Option<Span> {
    match value {
        Value::Function(closure) => Some(closure.function.span),
        Value::Bound(bound) => match &bound.method {
            Method::Function(closure) => Some(closure.function.span),
            Method::Partial(_) => handler_span(&bound.receiver),
            Method::Named(_) | Method::Super(_) => None,
        },
        Value::Class(class) => Some(class.class.span),
        Value::Either(choices) => choices.iter().find_map(handler_span),
        _ => None,
    }
}
