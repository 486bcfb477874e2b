//! The one tree that all languages become: small, and rich enough to follow values and calls.
//!
//! A language's reader desugars what is its own (`with`, `for … of`, `switch`, `defer`, `switch` on
//! types, getters, decorators kept, `await` dropped) and keeps every expression that could call
//! something: what has no form of its own here becomes [`Form::Opaque`] with its parts, never
//! nothing.

use std::rc::Rc;

use text::Span;

/// One source file.
#[derive(Debug, Clone, PartialEq)]
pub struct Module {
    /// The whole file.
    pub span: Span,
    /// Its name where the language says one: the package of Go and Java.
    pub package: Option<String>,
    /// Its statements in order.
    pub body: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub act: Act,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// Binds names of another module.
    Import(Import),
    /// Makes a value visible to other modules under a name: JavaScript's `export`, also
    /// `module.exports = …` (name `module.exports`) and `exports.name = …`.
    Export {
        /// The name outside; `default` for the default export.
        name: String,
        /// What it is.
        value: Expression,
    },
    /// Binds names of the current scope: `x = …`, `const x = …`, `x := …`, `var x T`.
    Bind {
        /// A name, member, index, or pattern ([`Form::List`], [`Form::Map`]) of them.
        target: Expression,
        /// Declared here, or assigned to wherever it was declared.
        declares: Declares,
        /// The value; `None` for a declaration without one.
        value: Option<Expression>,
        /// The type declared for it.
        declared: Option<Type>,
    },
    /// Evaluates an expression.
    Evaluate(Expression),
    /// Ends the function.
    Return(Option<Expression>),
    /// Defines a named function.
    Function(Rc<Function>),
    /// Defines a class, struct or interface.
    Class(Rc<Class>),
    /// One of two ways; `switch` becomes a chain of these.
    If {
        /// The condition, evaluated first.
        test: Expression,
        /// If it holds.
        then: Vec<Statement>,
        /// If not.
        otherwise: Vec<Statement>,
    },
    /// Repeats; the body may run any number of times.
    Loop {
        /// What takes each element, and what is gone through: `for target in iterated`.
        each: Option<(Expression, Expression)>,
        /// The condition of `while` and of `for (;;)`.
        test: Option<Expression>,
        /// The body; the step of `for (;;)` stands at its end.
        body: Vec<Statement>,
        /// Python's `else`.
        otherwise: Vec<Statement>,
    },
    /// `try`; each handler may run after any part of the body.
    Try {
        /// The body.
        body: Vec<Statement>,
        /// Handlers, each with the name that the error is bound to.
        handlers: Vec<(Option<String>, Vec<Statement>)>,
        /// Python's `else`.
        otherwise: Vec<Statement>,
        /// What always runs.
        finally: Vec<Statement>,
    },
    /// Ends by an error.
    Raise(Option<Expression>),
    /// Leaves or goes on with a loop.
    Break,
    /// Statements with a scope of their own.
    Block(Vec<Statement>),
}

/// Where a bound name lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declares {
    /// In the innermost block (`let`, `const`, `:=`).
    Block,
    /// In the function or module, Python's rule and JavaScript's `var`.
    Function,
    /// In the module, from within a function: Python's `global`.
    Module,
    /// Nowhere new: assigns where the name was declared; also Python's `nonlocal`.
    Nothing,
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// What is imported, as written: `boto3`, `.lib.store`, `@aws-sdk/client-s3`, `../lib`,
    /// `github.com/aws/aws-sdk-go-v2/service/s3`, `software.amazon.awssdk.services.s3`.
    pub source: String,
    /// What it binds.
    pub names: Imported,
}

/// What an import binds.
#[derive(Debug, Clone, PartialEq)]
pub enum Imported {
    /// Nothing: the module runs.
    Nothing,
    /// The module itself under a name. Python's `import a.b` binds `a` (and loads `a.b`); `import a.b as c`
    /// binds `c`. JavaScript's `* as c`. Go's package, by alias or last segment.
    Module(String),
    /// Some of its names: outside, inside. JavaScript's default import is `default`; a Java class is
    /// its simple name.
    Names(Vec<(String, String)>),
    /// All of its names: Python's and Java's `*`, Go's `.`, JavaScript's `export * from` (with
    /// [`Act::Export`] of name `*` instead where it is re-exported).
    All,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// Where it is.
    pub span: Span,
    /// What it is.
    pub form: Box<Form>,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// `None`, `null`, `undefined`, `nil`.
    Null,
    /// Texts and values joined: f-strings, template literals, `"…" + x`.
    Joined(Vec<Expression>),
    /// A name. `self` and `this` are names too (`this` for JavaScript and Java); `super` likewise.
    Name(String),
    /// `object.name`, `object?.name`, `package::name`.
    Member {
        /// Of what.
        object: Expression,
        /// Which.
        name: String,
    },
    /// `object[index]`.
    Index {
        /// Of what.
        object: Expression,
        /// Which.
        index: Expression,
    },
    /// A call, or `new` of a class.
    Call {
        /// What is called.
        callee: Expression,
        /// With what.
        arguments: Vec<Argument>,
        /// Whether it is written with `new`.
        construction: bool,
    },
    /// A list, tuple, set, array, slice.
    List(Vec<Element>),
    /// An object, dict or map literal; keys of objects are [`Form::Text`].
    Map(Vec<Entry>),
    /// A typed literal with named fields: Go's `&s3.GetObjectInput{Bucket: …}`.
    Construct {
        /// Its type.
        of: Type,
        /// Its fields; unnamed ones have their position as name.
        fields: Vec<(String, Expression)>,
    },
    /// A function without a name of its own in this scope: lambda, arrow, closure.
    Function(Rc<Function>),
    /// A class expression.
    Class(Rc<Class>),
    /// `a or b`, `a || b`, `a ?? b`: either value.
    Or(Expression, Expression),
    /// `a and b`, `a && b`: either value.
    And(Expression, Expression),
    /// `test ? then : otherwise`.
    Conditional {
        /// The condition.
        test: Expression,
        /// If it holds.
        then: Expression,
        /// If not.
        otherwise: Expression,
    },
    /// `text % values`: Python's formatting with `%`; `fmt.Sprintf` and `String.format` are calls.
    Formatted {
        /// The text with its placeholders.
        format: Expression,
        /// A value, a list or a map.
        values: Expression,
    },
    /// An assignment within an expression; its value is the value assigned.
    Assign {
        /// A name, member, index or pattern.
        target: Expression,
        /// The value.
        value: Expression,
    },
    /// `[element for target in iterated if …]`, also of sets, maps (the element is a list of key and
    /// value) and generators.
    Comprehension {
        /// What is made each time.
        element: Expression,
        /// The clauses, outermost first: target and what is gone through.
        clauses: Vec<(Expression, Expression)>,
        /// Conditions.
        conditions: Vec<Expression>,
    },
    /// A value said to be of a type: a cast, a type assertion, `as`.
    Typed(Expression, Type),
    /// Several, of which the last is the value.
    Sequence(Vec<Expression>),
    /// Anything else: its parts are evaluated, its value is not known, and this word says what it is
    /// (`comparison`, `arithmetic`, `yield`).
    Opaque(&'static str, Vec<Expression>),
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// How it is passed.
    pub passing: Passing,
    /// Its value.
    pub value: Expression,
}

/// How an argument is passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passing {
    /// By position.
    Position,
    /// By name.
    Name(String),
    /// A list spread over positions: `*args`, `...args`.
    Spread,
    /// A map spread over names: `**options`.
    SpreadNames,
}

/// An element of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// One value.
    One(Expression),
    /// All values of another list; in a pattern, the rest.
    Spread(Expression),
}

/// An entry of a map.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A key with its value; in a pattern, a key and the target it is bound to.
    One(Expression, Expression),
    /// All entries of another map; in a pattern, the rest.
    Spread(Expression),
}

/// A function or method.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The whole definition.
    pub span: Span,
    /// Its name; empty for one without.
    pub name: String,
    /// Its parameters, without Go's receiver; Python's `self` is an ordinary first one.
    pub parameters: Vec<Parameter>,
    /// Go's receiver.
    pub receiver: Option<Parameter>,
    /// The type of its result, where one is said; of several results the first.
    pub result: Option<Type>,
    /// Decorators and annotations, outermost first.
    pub decorators: Vec<Expression>,
    /// The body; an arrow's expression is a [`Act::Return`].
    pub body: Vec<Statement>,
    /// Whether `this` is the caller's: arrows.
    pub keeps_this: bool,
    /// How a method is reached.
    pub binding: Binding,
}

/// How a function of a class is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// Through an instance; outside classes it means nothing.
    Instance,
    /// Through the class, without an instance.
    Static,
    /// Through the class, which is its first argument: Python's `@classmethod`.
    Class,
    /// Read as a property.
    Getter,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// A name, or a pattern.
    pub target: Expression,
    /// The value without an argument.
    pub default: Option<Expression>,
    /// Its type, where one is said.
    pub declared: Option<Type>,
    /// What it takes.
    pub takes: Takes,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// One argument, by position or name.
    One,
    /// One argument by name only.
    Named,
    /// The rest of the positions.
    Rest,
    /// The rest of the names.
    RestNames,
}

/// A class, struct, interface or enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// The whole definition.
    pub span: Span,
    /// Its name; empty for one without.
    pub name: String,
    /// What it extends or implements; Go's embedded fields.
    pub bases: Vec<Expression>,
    /// Fields, those of the class itself too, in order.
    pub fields: Vec<Field>,
    /// Methods; the constructor is named `constructor` in every language (Python's `__init__`
    /// included). Methods of Go stand outside and have a receiver.
    pub methods: Vec<Rc<Function>>,
    /// Decorators and annotations.
    pub decorators: Vec<Expression>,
    /// Other statements of the class's body: static blocks, Python's loose statements.
    pub body: Vec<Statement>,
}

/// A field of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its value at first.
    pub value: Option<Expression>,
    /// Its type, where one is said.
    pub declared: Option<Type>,
    /// Decorators and annotations (`@Inject`).
    pub decorators: Vec<Expression>,
    /// Whether it is the class's own.
    pub is_static: bool,
}

/// A type as it is named; arguments, pointers and optionality are dropped, but the element of a
/// list, map or promise is kept in `arguments`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// Where it is written.
    pub span: Span,
    /// The name's segments as written: `dynamodb`, `Client`.
    pub path: Vec<String>,
    /// Type arguments and elements.
    pub arguments: Vec<Type>,
}

impl Expression {
    /// An expression at its place.
    pub fn new(span: Span, form: Form) -> Self {
        Self { span, form: Box::new(form) }
    }
}
