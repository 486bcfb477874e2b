//! Templates within texts: interpolations and directives, keeping what is not known as holes.

use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, Strip, Template};
use text::{Part, PartialText, Span};

use super::evaluate::{BUILT_IN, Evaluator, Scope, elements};
use super::json_text::Piece;
use super::values;
use documents::value::{Kind, Value};

/// Longest text that a template makes, in bytes: texts that double from one to the next are all
/// remembered.
const LONGEST: usize = 256 << 10;

/// What a template of one interpolation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unwrap {
    /// The interpolated value itself, of whatever kind.
    Single,
    /// A text.
    Never,
}

impl Evaluator<'_> {
    /// Evaluates a template to a text.
    pub(super) fn template(
        &self,
        template: &Template,
        span: Span,
        scope: &Scope,
        unwrap: Unwrap,
    ) -> Value {
        if let (Unwrap::Single, Some(Element::Interpolation(interpolation))) =
            (unwrap, template.as_single_element())
        {
            let value = self.expression(&interpolation.expr, scope);
            let keeps = span.source == BUILT_IN && value.span.source != BUILT_IN;
            return if keeps { value } else { Value { span, ..value } };
        }
        let elements: Vec<&Element> = template.iter().collect();
        let strips: Vec<(Strip, Strip)> = elements.iter().map(|element| strips(element)).collect();
        let mut texts = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            texts.push(match element {
                Element::Literal(literal) => {
                    let before = index.checked_sub(1).and_then(|index| strips.get(index));
                    let mut text = literal.value().as_str();
                    if before.is_some_and(|(_, end)| trims(*end, Strip::End)) {
                        text = text.trim_start();
                    }
                    let after = strips.get(index + 1);
                    if after.is_some_and(|(start, _)| trims(*start, Strip::Start)) {
                        text = text.trim_end();
                    }
                    Value::text(text, scope.span(literal.span()))
                }
                Element::Interpolation(interpolation) => {
                    let at = scope.span(element.span());
                    Value { span: at, ..self.expression(&interpolation.expr, scope) }
                }
                Element::Directive(directive) => self.directive(directive, span, scope),
            });
        }
        values::distribute(&texts, span, &mut |texts| {
            let mut text = PartialText::default();
            let mut pieces = Vec::new();
            let mut bytes = 0;
            for value in texts {
                if values::is_error(value) {
                    return value.clone();
                }
                let Some(part) = values::as_text(value) else {
                    return values::error("a text was expected in the template", value.span);
                };
                bytes += length(&part);
                if bytes > LONGEST {
                    return self.lost("the text is too long to evaluate", span);
                }
                text.extend(&part);
                match part.literal() {
                    Some(literal) => self.locate(literal, value.span, &mut pieces),
                    None => pieces.extend(
                        part.parts()
                            .iter()
                            .map(|part| Piece { part: part.clone(), span: value.span }),
                    ),
                }
            }
            let begins = text.parts().first();
            if matches!(begins, Some(Part::Literal(first)) if first.trim_start().starts_with(['{', '[']))
            {
                self.pieces.borrow_mut().insert((span, text.clone()), Rc::new(pieces));
            }
            Value::new(Kind::Text(text), span)
        })
    }

    fn directive(&self, directive: &Directive, span: Span, scope: &Scope) -> Value {
        match directive {
            Directive::If(directive) => {
                let condition = &directive.if_expr.cond_expr;
                self.conditional(condition, span, scope, &mut |outcome| match outcome {
                    true => self.template(&directive.if_expr.template, span, scope, Unwrap::Never),
                    false => match &directive.else_expr {
                        Some(other) => self.template(&other.template, span, scope, Unwrap::Never),
                        None => Value::text("", span),
                    },
                })
            }
            Directive::For(directive) => {
                let for_expr = &directive.for_expr;
                let collection = self.expression(&for_expr.collection_expr, scope);
                let Some(elements) = elements(&collection) else {
                    return Value::unknown(values::why(&collection), span);
                };
                let mut texts = Vec::new();
                for (key, value) in elements {
                    let mut scope = scope.with(for_expr.value_var.as_str(), value);
                    if let Some(key_var) = &for_expr.key_var {
                        scope = scope.with(key_var.as_str(), key);
                    }
                    let template =
                        trimmed(&for_expr.template, for_expr.strip, directive.endfor_expr.strip);
                    texts.push(self.template(&template, span, &scope, Unwrap::Never));
                }
                values::distribute(&texts, span, &mut |texts| {
                    let mut text = PartialText::default();
                    texts.iter().filter_map(values::as_text).for_each(|part| text.extend(&part));
                    Value::new(Kind::Text(text), span)
                })
            }
        }
    }

    /// Remembers where each line of a literal stands; heredocs are indented in the file and not
    /// in the text.
    fn locate(&self, literal: &str, span: Span, pieces: &mut Vec<Piece>) {
        let whole = |text: &str| Piece { part: Part::Literal(text.to_owned()), span };
        let source = self.source(span.source);
        let raw = source
            .as_ref()
            .and_then(|source| source.text.get(span.start as usize..span.end as usize));
        let Some(raw) = raw else { return pieces.push(whole(literal)) };
        let lines: Vec<&str> = literal.split_inclusive('\n').collect();
        let raw_lines: Vec<&str> = raw.split_inclusive('\n').collect();
        let fits = lines.len() == raw_lines.len()
            && lines.iter().zip(&raw_lines).all(|(line, raw)| raw.ends_with(line));
        if !fits {
            return pieces.push(whole(literal));
        }
        let mut end = span.start as usize;
        for (line, raw) in lines.into_iter().zip(raw_lines) {
            end += raw.len();
            let span = Span::new(span.source, end - line.len(), end);
            pieces.push(Piece { part: Part::Literal(line.to_owned()), span });
        }
    }

    /// Remembers where the letters of a quoted text stand, escapes taken into account.
    pub(super) fn remember_quoted(&self, text: &str, span: Span) {
        let source = self.source(span.source);
        let raw = source
            .as_ref()
            .and_then(|source| source.text.get(span.start as usize..span.end as usize));
        let Some(raw) = raw else { return };
        let mut pieces = Vec::new();
        let mut at = span.start as usize + 1;
        let mut rest = raw.strip_prefix('"').unwrap_or(raw);
        for letter in text.chars() {
            let width =
                if rest.starts_with(letter) && letter != '\\' { letter.len_utf8() } else { 2 };
            let letter_span = Span::new(span.source, at, at + letter.len_utf8());
            match pieces.last_mut() {
                Some(Piece { part: Part::Literal(before), span })
                    if span.end as usize == at && width == letter.len_utf8() =>
                {
                    before.push(letter);
                    span.end += letter.len_utf8() as u32;
                }
                _ => pieces
                    .push(Piece { part: Part::Literal(letter.to_string()), span: letter_span }),
            }
            at += width;
            rest = rest.get(width..).unwrap_or_default();
        }
        let key = (span, PartialText::known(text));
        self.pieces.borrow_mut().insert(key, Rc::new(pieces));
    }
}

fn trims(strip: Strip, side: Strip) -> bool {
    strip == Strip::Both || strip == side
}

/// What an element takes from the literal before it and from the one behind it.
fn strips(element: &Element) -> (Strip, Strip) {
    match element {
        Element::Literal(_) => (Strip::None, Strip::None),
        Element::Interpolation(interpolation) => (interpolation.strip, interpolation.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(directive) => (directive.if_expr.strip, directive.endif_expr.strip),
            Directive::For(directive) => (directive.for_expr.strip, directive.endfor_expr.strip),
        },
    }
}

fn trimmed(template: &Template, open: Strip, close: Strip) -> Template {
    let mut elements: Vec<Element> = template.iter().cloned().collect();
    if trims(open, Strip::End)
        && let Some(Element::Literal(literal)) = elements.first_mut()
    {
        *literal.value_mut() = literal.trim_start().to_owned();
    }
    if trims(close, Strip::Start)
        && let Some(Element::Literal(literal)) = elements.last_mut()
    {
        *literal.value_mut() = literal.trim_end().to_owned();
    }
    let mut trimmed = Template::new();
    elements.into_iter().for_each(|element| trimmed.push(element));
    trimmed
}

/// Length in bytes; what is not known counts as one.
fn length(text: &PartialText) -> usize {
    let bytes = |part: &Part| match part {
        Part::Literal(literal) => literal.len(),
        _ => 1,
    };
    text.parts().iter().map(bytes).sum()
}
