use ruff_python_ast::{self as ast, Pattern};
use ruff_text_size::Ranged;
use text::Span;

use super::expressions::Lowering;
use crate::tree::{Act, Declares, Expression, Form, Statement};

impl Lowering<'_> {
    /// `match` as a chain of `if`, built from the last case on.
    pub(super) fn matched(
        &mut self,
        written: &ast::StmtMatch,
        span: Span,
        body: &mut Vec<Statement>,
    ) {
        let subject = self.expression(&written.subject);
        let (subject, bound) = self.kept(subject, span);
        body.push(bound);
        let mut otherwise = Vec::new();
        for case in written.cases.iter().rev() {
            let mut then = Vec::new();
            self.captures(&case.pattern, &subject, true, &mut then);
            let guard = case.guard.as_ref().map(|guard| self.expression(guard));
            then.extend(self.body(&case.body));
            let at = self.span(case.range);
            if guard.is_none() && is_irrefutable(&case.pattern) {
                otherwise = then;
                continue;
            }
            let mut parts = vec![subject.clone()];
            let word = match (&case.pattern, guard) {
                (Pattern::MatchValue(value), None) => {
                    parts.push(self.expression(&value.value));
                    "equal"
                }
                (_, guard) => {
                    parts.extend(guard);
                    "match"
                }
            };
            let test = Expression::new(at, Form::Opaque(word, parts));
            let act = Act::If { test, then, otherwise };
            otherwise = vec![Statement { span: at, act }];
        }
        body.push(Statement { span, act: Act::Block(otherwise) });
    }

    /// Binds the names of a pattern: the whole subject where it is the whole, else a part.
    fn captures(
        &mut self,
        pattern: &Pattern,
        subject: &Expression,
        is_whole: bool,
        body: &mut Vec<Statement>,
    ) {
        let span = self.span(pattern.range());
        let mut name = |name: &ast::Identifier, is_whole: bool| {
            let value = match is_whole {
                true => subject.clone(),
                false => Expression::new(span, Form::Opaque("part", vec![subject.clone()])),
            };
            let target = Expression::new(span, Form::Name(name.as_str().to_owned()));
            let declares = Declares::Function;
            let act = Act::Bind { target, declares, value: Some(value), declared: None };
            body.push(Statement { span, act });
        };
        match pattern {
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
            Pattern::MatchStar(star) => star.name.iter().for_each(|found| name(found, false)),
            Pattern::MatchAs(captured) => {
                captured.name.iter().for_each(|found| name(found, is_whole));
                if let Some(inner) = &captured.pattern {
                    self.captures(inner, subject, is_whole, body);
                }
            }
            Pattern::MatchOr(either) => {
                for inner in &either.patterns {
                    self.captures(inner, subject, is_whole, body);
                }
            }
            Pattern::MatchSequence(sequence) => {
                for inner in &sequence.patterns {
                    self.captures(inner, subject, false, body);
                }
            }
            Pattern::MatchMapping(mapping) => {
                mapping.rest.iter().for_each(|found| name(found, false));
                for inner in &mapping.patterns {
                    self.captures(inner, subject, false, body);
                }
            }
            Pattern::MatchClass(class) => {
                for inner in &class.arguments.patterns {
                    self.captures(inner, subject, false, body);
                }
                for keyword in &class.arguments.keywords {
                    self.captures(&keyword.pattern, subject, false, body);
                }
            }
        }
    }
}

/// Whether a pattern matches anything.
fn is_irrefutable(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchAs(captured) => captured.pattern.as_deref().is_none_or(is_irrefutable),
        _ => false,
    }
}
