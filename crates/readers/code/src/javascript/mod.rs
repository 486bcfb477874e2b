//! JavaScript and TypeScript, with JSX, as modules or CommonJS: source text to the tree.
//!
//! `import("x")` and re-exports become calls of the name `import`, which no program can define;
//! `require`, `module` and `exports` stay the ordinary names that they are.

mod builtins;
mod class;
mod compiled;
mod expression;
mod function;
mod jsx;
mod language;
mod module;
mod nesting;
mod package;
mod pattern;
mod resolve;
mod start;
mod statement;
mod types;

#[cfg(test)]
mod tests;

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;
use text::{Problem, SourceId, Span};

pub(crate) use language::Node;

use crate::tree::{Act, Module, Statement};

/// Parses one file; what it is, its extension says (`.json` is read as what `require` makes of it).
///
/// What cannot be parsed is a problem at its place. The caller provides a large stack: the parser
/// descends as deep as the text nests, up to a limit.
fn parse(text: &str, id: SourceId, path: &str) -> (Module, Vec<Problem>) {
    let span = Span::new(id, 0, text.len());
    let empty = |problem| (Module { span, package: None, body: Vec::new() }, vec![problem]);
    if let Some(offset) = nesting::too_deep(text) {
        let place = Span::new(id, offset, offset + 1);
        return empty(Problem::incomplete("nested too deeply to be read", place.into()));
    }
    if path.ends_with(".json") {
        return match json(text, id) {
            Ok(body) => (Module { span, package: None, body }, Vec::new()),
            Err(problem) => empty(problem),
        };
    }
    let mut read = attempt(text, id, source_type(path));
    // Types in a file that is called JavaScript (Flow, or a build step's habit).
    if read.0.is_none() && path.ends_with("js") {
        let typed = attempt(text, id, SourceType::tsx().with_unambiguous(true));
        if typed.0.is_some() {
            read = typed;
        }
    }
    (Module { span, package: None, body: read.0.unwrap_or_default() }, read.1)
}

fn source_type(path: &str) -> SourceType {
    let extension = path.rsplit('.').next().unwrap_or_default();
    match extension {
        "mjs" => SourceType::mjs().with_jsx(true),
        "cjs" => SourceType::cjs().with_jsx(true),
        "ts" => SourceType::ts().with_unambiguous(true),
        "mts" => SourceType::ts(),
        "cts" => SourceType::ts().with_commonjs(true),
        "tsx" => SourceType::tsx().with_unambiguous(true),
        _ => SourceType::jsx().with_unambiguous(true),
    }
}

/// The statements, or none if the parser gave up; and what it said.
fn attempt(text: &str, id: SourceId, kind: SourceType) -> (Option<Vec<Statement>>, Vec<Problem>) {
    let allocator = Allocator::default();
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, text, kind).with_options(options).parse();
    let mut problems = Vec::new();
    for diagnostic in parsed.diagnostics.iter().take(3) {
        let label = diagnostic.labels.iter().next();
        let place = label.map_or(Span::file(id), |label| {
            Span::new(id, label.offset() as usize, label.offset() as usize + label.len() as usize)
        });
        let message = sentence(&diagnostic.message);
        // A mistake from which the parser recovered has cost nothing.
        problems.push(match parsed.panicked {
            true => Problem::incomplete(message, place.into()),
            false => Problem::advice(message, place.into()),
        });
    }
    let body = (!parsed.panicked).then(|| Reader { id }.program(&parsed.program));
    (body, problems)
}

fn json(text: &str, id: SourceId) -> Result<Vec<Statement>, Problem> {
    let allocator = Allocator::default();
    let parser = Parser::new(&allocator, text, SourceType::cjs());
    let expression = parser.parse_expression().map_err(|diagnostics| {
        let message =
            diagnostics.iter().next().map_or_else(String::new, |first| sentence(&first.message));
        Problem::incomplete(message, Span::file(id).into())
    })?;
    let value = Reader { id }.expression(&expression);
    let span = value.span;
    Ok(vec![Statement { span, act: Act::Export { name: "module.exports".to_owned(), value } }])
}

/// The parser's message in the house's form: lower case, no full stop.
fn sentence(message: &str) -> String {
    let message = message.replace("Unexpected token", "unexpected token");
    format!("syntax error: {}", message.trim_end_matches('.'))
}

/// What turning the parser's tree into ours needs to know.
#[derive(Clone, Copy)]
struct Reader {
    id: SourceId,
}

impl Reader {
    fn span(self, span: oxc_span::Span) -> Span {
        Span { source: self.id, start: span.start, end: span.end }
    }
}
