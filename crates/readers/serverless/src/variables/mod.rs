//! Variables of a service, replaced by what they stand for.
//!
//! Source: the Serverless Framework's guide, "Variables", versions 2 to 4.

mod sources;
mod syntax;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use text::{Part, PartialText, Problem, Pseudo, Span};

use documents::value::{Kind, Member, Value};
use documents::{Files, Options};
use syntax::{Delimiters, Piece};

/// How deep variables may lead from one to the next, and values may nest.
const DEEPEST: usize = 150;

/// How many values a service may resolve to: a bound against files that multiply themselves.
const MOST_VALUES: usize = 200_000;

/// How long a text may get that is put together from variables, in bytes.
const LONGEST_TEXT: usize = 64 << 10;

const TOO_MANY: &str = "the service's variables lead to too many values";

/// Resolves the variables of one service.
pub(super) struct Resolver<'a> {
    files: &'a Files,
    options: &'a Options,
    /// The service's file, as a path of `files`.
    path: &'a str,
    /// The service's document as written.
    root: &'a Value,
    /// Parameters given from outside: by a composition of services.
    parameters: BTreeMap<String, Value>,
    delimiters: Delimiters,
    memory: HashMap<String, Value>,
    under_way: Vec<String>,
    depth: usize,
    left: usize,
    /// Problems met on the way.
    pub(super) problems: Vec<Problem>,
    /// Files that were read, as shown to the user.
    pub(super) read: BTreeSet<String>,
}

/// What a variable leads to.
enum Outcome {
    /// A value, with its own place.
    Found(Value),
    /// Nothing: the next fallback counts.
    Missing(Missing),
    /// Something that cannot be known here, whatever the fallbacks.
    Unknown(String),
}

/// Why nothing was found, and what that means without a fallback.
struct Missing {
    why: String,
    consequence: Consequence,
}

/// A value at a path, or why there is none where that is known.
type Lookup = Result<Value, Option<String>>;

/// What it means that nothing was found.
enum Consequence {
    /// The service is broken: a problem.
    Broken,
    /// It is given at deployment.
    Given,
    /// It is given at deployment and has a name of its own.
    Pseudo(Pseudo),
}

impl<'a> Resolver<'a> {
    /// A resolver for the service whose document is `root`.
    pub(super) fn new(
        path: &'a str,
        root: &'a Value,
        files: &'a Files,
        options: &'a Options,
        parameters: BTreeMap<String, Value>,
    ) -> Self {
        let variable_syntax = root.get("provider").and_then(|it| it.get("variableSyntax"));
        Self {
            files,
            options,
            path,
            root,
            parameters,
            delimiters: Delimiters::of(variable_syntax),
            memory: HashMap::new(),
            under_way: Vec::new(),
            depth: 0,
            left: MOST_VALUES,
            problems: Vec::new(),
            read: BTreeSet::new(),
        }
    }

    /// The resolved value at the top of the document; null where there is none.
    pub(super) fn section(&mut self, name: &str) -> Value {
        match self.root.get(name) {
            Some(value) => self.resolve(value),
            None => Value::new(Kind::Null, self.root.span),
        }
    }

    /// The resolved value at a path of the document; null where there is none.
    pub(super) fn at(&mut self, segments: &[&str]) -> Value {
        let root = self.root;
        match self.lookup(root, segments) {
            Ok(value) => value,
            Err(None) => Value::new(Kind::Null, root.span),
            Err(Some(why)) => Value::unknown(why, root.span),
        }
    }

    /// The stage that is deployed: the option, the provider's, or `dev`.
    pub(super) fn stage(&mut self) -> Value {
        if let Some(stage) = &self.options.stage {
            return Value::text(stage.clone(), self.root.span);
        }
        match self.lookup_key("self:provider.stage", self.root, &["provider", "stage"]) {
            Ok(stage) if !stage.is_null() => stage,
            _ => Value::text("dev", self.root.span),
        }
    }

    /// Replaces every variable in a value.
    pub(super) fn resolve(&mut self, value: &Value) -> Value {
        if !self.spend(1, value.span) {
            return Value::unknown(TOO_MANY, value.span);
        }
        if self.depth >= DEEPEST {
            let message = format!("variables or values are nested more than {DEEPEST} deep");
            self.problems.push(Problem::incomplete(message.clone(), value.span.into()));
            return Value::unknown(message, value.span);
        }
        self.depth += 1;
        let resolved = match &value.kind {
            Kind::Text(text) => match text.literal() {
                Some(literal) => self.resolve_text(literal, value),
                None => value.clone(),
            },
            Kind::List(items) => {
                let items = items.iter().map(|item| self.resolve(item)).collect();
                Value { kind: Kind::List(items), ..shell(value) }
            }
            Kind::Map(members) => {
                let members = members.iter().map(|member| Member {
                    key: member.key.clone(),
                    key_span: member.key_span,
                    value: self.resolve(&member.value),
                });
                Value { kind: Kind::Map(members.collect()), ..shell(value) }
            }
            _ => value.clone(),
        };
        self.depth -= 1;
        resolved
    }

    /// Takes values off the budget, a problem when it is used up; answers whether it lasted.
    fn spend(&mut self, values: usize, at: Span) -> bool {
        if self.left > 0 && self.left <= values {
            let message = format!("variables lead to more than {MOST_VALUES} values");
            self.problems.push(Problem::incomplete(message, at.into()));
        }
        self.left = self.left.saturating_sub(values);
        self.left > 0
    }

    fn resolve_text(&mut self, literal: &str, value: &Value) -> Value {
        if !self.delimiters.occur_in(literal) && !literal.contains("#{") {
            return value.clone();
        }
        let pieces = self.delimiters.clone();
        let pieces = pieces.split(literal);
        if let [Piece::Variable(inner)] = pieces.as_slice() {
            let found = self.variable(inner, value.span);
            return Value {
                span: value.span,
                origin: (found.span != value.span).then_some(found.origin.unwrap_or(found.span)),
                tag: value.tag.clone().or(found.tag),
                kind: found.kind,
            };
        }
        let mut text = PartialText::default();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => push_literal(literal, &mut text),
                Piece::Variable(inner) => {
                    let found = self.variable(inner, value.span);
                    text.extend(&text_of(&found, inner));
                }
            }
            if length(&text) > LONGEST_TEXT {
                return self.too_long(value.span);
            }
        }
        Value { kind: Kind::Text(text), ..shell(value) }
    }

    /// Texts that double from variable to variable are a problem, not a wait.
    fn too_long(&mut self, at: Span) -> Value {
        let message = format!("variables lead to a text of more than {LONGEST_TEXT} bytes");
        self.problems.push(Problem::incomplete(message.clone(), at.into()));
        Value::unknown(message, at)
    }

    /// The value of a variable, a problem where it leads nowhere.
    fn variable(&mut self, inner: &str, at: Span) -> Value {
        match self.outcome(inner, &[], at) {
            Outcome::Found(value) => value,
            Outcome::Unknown(why) => Value::unknown(why, at),
            Outcome::Missing(missing) => self.missing(missing, at),
        }
    }

    fn missing(&mut self, missing: Missing, at: Span) -> Value {
        match missing.consequence {
            Consequence::Given => Value::unknown(missing.why, at),
            Consequence::Pseudo(pseudo) => {
                let mut text = PartialText::default();
                text.push(Part::Pseudo(pseudo));
                Value::new(Kind::Text(text), at)
            }
            Consequence::Broken => {
                let problem = Problem::incomplete(missing.why.clone(), at.into());
                if !self.problems.contains(&problem) {
                    self.problems.push(problem);
                }
                Value::unknown(missing.why, at)
            }
        }
    }

    /// What the first alternative that is found leads to, `behind` it the rest of an address.
    fn outcome(&mut self, inner: &str, behind: &[&str], at: Span) -> Outcome {
        if self.depth >= DEEPEST {
            let message = format!("variables are nested more than {DEEPEST} deep");
            let problem = Problem::incomplete(message.clone(), at.into());
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return Outcome::Unknown(message);
        }
        self.depth += 1;
        let mut first_missing = None;
        let mut found = None;
        for alternative in syntax::alternatives(inner) {
            match self.alternative(alternative, behind, at) {
                Outcome::Found(value) if value.is_null() => {}
                Outcome::Missing(missing) => {
                    first_missing.get_or_insert(missing);
                }
                outcome => {
                    found = Some(outcome);
                    break;
                }
            }
        }
        self.depth -= 1;
        match (found, first_missing) {
            (Some(outcome), _) => outcome,
            (None, Some(missing)) => Outcome::Missing(missing),
            (None, None) => Outcome::Found(Value::new(Kind::Null, at)),
        }
    }

    fn alternative(&mut self, alternative: &str, behind: &[&str], at: Span) -> Outcome {
        let pieces = self.delimiters.clone();
        let pieces = pieces.split(alternative);
        if let [Piece::Variable(inner)] = pieces.as_slice() {
            return self.outcome(inner, behind, at);
        }
        let mut text = PartialText::default();
        for piece in &pieces {
            match piece {
                Piece::Literal(literal) => text.push(Part::Literal((*literal).to_owned())),
                Piece::Variable(inner) => {
                    let found = self.variable(inner, at);
                    text.extend(&text_of(&found, inner));
                }
            }
            if length(&text) > LONGEST_TEXT {
                return Outcome::Found(self.too_long(at));
            }
        }
        if let Some(literal) = sources::literal(&text, at) {
            return Outcome::Found(literal);
        }
        let Some(known) = text.literal() else {
            let reason = text.unknown_reason().map(str::to_owned);
            let reason = reason.unwrap_or_else(|| "part of it is decided at deployment".to_owned());
            return Outcome::Unknown(format!("`{alternative}` cannot be resolved: {reason}"));
        };
        match syntax::parse_call(known) {
            Some(call) => self.source(&call, behind, at),
            None => Outcome::Missing(Missing {
                why: format!("`{known}` is no variable"),
                consequence: Consequence::Broken,
            }),
        }
    }

    /// The resolved value at a path of an unresolved one, remembered and guarded against circles.
    fn lookup_key(&mut self, key: &str, start: &Value, segments: &[&str]) -> Lookup {
        if let Some(value) = self.memory.get(key) {
            let (values, span) = (count(value), value.span);
            if !self.spend(values, span) {
                return Ok(Value::unknown(TOO_MANY, span));
            }
            if let Some(value) = self.memory.get(key) {
                return Ok(value.clone());
            }
        }
        if self.under_way.iter().any(|other| other == key) {
            let why = format!("variable `{key}` refers to itself");
            let place = start_of(start, segments);
            let problem = Problem::incomplete(why.clone(), place.into());
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
            return Ok(Value::unknown(why, place));
        }
        self.under_way.push(key.to_owned());
        let found = self.lookup(start, segments);
        self.under_way.pop();
        if let Ok(value) = &found {
            self.memory.insert(key.to_owned(), value.clone());
        }
        found
    }

    fn lookup(&mut self, start: &Value, segments: &[&str]) -> Lookup {
        let mut current = start;
        for (index, segment) in segments.iter().enumerate() {
            let rest = segments.get(index..).unwrap_or_default();
            match &current.kind {
                Kind::Map(_) => current = current.get(segment).ok_or(None)?,
                Kind::List(items) => {
                    let index = segment.parse::<usize>().ok();
                    current = index.and_then(|index| items.get(index)).ok_or(None)?;
                }
                Kind::Text(text) => {
                    let literal = text.literal().ok_or(None)?;
                    let pieces = self.delimiters.clone();
                    let [Piece::Variable(inner)] = pieces.split(literal)[..] else {
                        return Err(None);
                    };
                    // The rest of the address goes on in what the variable stands for, so that
                    // a file may refer to other parts of itself through the service.
                    return match self.outcome(inner, rest, current.span) {
                        Outcome::Found(value) => Ok(value),
                        Outcome::Unknown(why) => Ok(Value::unknown(why, current.span)),
                        Outcome::Missing(missing) => match missing.consequence {
                            Consequence::Broken => Err(Some(missing.why)),
                            _ => Ok(self.missing(missing, current.span)),
                        },
                    };
                }
                Kind::Unknown(_) => return Ok(current.clone()),
                _ => return Err(None),
            }
        }
        Ok(self.resolve(current))
    }
}

/// Everything of a value but what it is.
fn shell(value: &Value) -> Value {
    Value { span: value.span, origin: value.origin, tag: value.tag.clone(), kind: Kind::Null }
}

fn length(text: &PartialText) -> usize {
    let bytes = |part: &Part| match part {
        Part::Literal(literal) => literal.len(),
        _ => 1,
    };
    text.parts().iter().map(bytes).sum()
}

fn start_of(start: &Value, segments: &[&str]) -> Span {
    let mut current = start;
    for segment in segments {
        match current.get(segment) {
            Some(next) => current = next,
            None => break,
        }
    }
    current.span
}

fn count(value: &Value) -> usize {
    match &value.kind {
        Kind::List(items) => 1 + items.iter().map(count).sum::<usize>(),
        Kind::Map(members) => 1 + members.iter().map(|member| count(&member.value)).sum::<usize>(),
        _ => 1,
    }
}

/// A value inside a text.
fn text_of(value: &Value, variable: &str) -> PartialText {
    match &value.kind {
        Kind::Unknown(why) => PartialText::unknown(why.clone()),
        Kind::Null => PartialText::default(),
        _ => value
            .scalar_text()
            .filter(|_| value.tag.is_none())
            .unwrap_or_else(|| PartialText::unknown(format!("`{variable}` is no text"))),
    }
}

/// Literal text, with what the plugin for pseudo parameters replaces: `#{AWS::Region}`.
fn push_literal(literal: &str, text: &mut PartialText) {
    let mut rest = literal;
    while let Some((before, behind)) = rest.split_once("#{") {
        text.push(Part::Literal(before.to_owned()));
        let Some((name, after)) = behind.split_once('}') else {
            text.push(Part::Literal("#{".to_owned()));
            rest = behind;
            continue;
        };
        match name.trim() {
            "AWS::AccountId" => text.push(Part::Pseudo(Pseudo::Account)),
            "AWS::Region" => text.push(Part::Pseudo(Pseudo::Region)),
            "AWS::Partition" => text.push(Part::Pseudo(Pseudo::Partition)),
            "AWS::StackName" => text.push(Part::Pseudo(Pseudo::Stack)),
            "AWS::StackId" => text.push(Part::Pseudo(Pseudo::StackId)),
            "AWS::URLSuffix" => text.push(Part::Pseudo(Pseudo::DomainSuffix)),
            _ => text.push(Part::Literal(format!("#{{{name}}}"))),
        }
        rest = after;
    }
    text.push(Part::Literal(rest.to_owned()));
}

#[cfg(test)]
mod tests;
