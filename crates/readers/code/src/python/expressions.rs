//! Python's expressions as the tree's.

use std::rc::Rc;

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, Number, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use text::{SourceId, Span};

use crate::tree::{
    Act, Argument, Binding, Element, Entry, Expression, Form, Function, Parameter, Passing,
    Statement, Takes, Type,
};

/// Expressions nest this deep at most; deeper ones are not followed.
const DEEPEST: u32 = 4_000;

/// What lowering one file needs to know.
pub(super) struct Lowering<'file> {
    /// The file.
    pub(super) source: SourceId,
    /// The module's name, which is what `__name__` is.
    pub(super) module: &'file str,
    /// How deep the present expression lies.
    pub(super) depth: u32,
    /// Places that lie too deep.
    pub(super) too_deep: Vec<Span>,
    /// Names that the present function says are the module's (`global`).
    pub(super) globals: Vec<String>,
    /// Names that the present function says are those of a function around it (`nonlocal`).
    pub(super) nonlocals: Vec<String>,
}

impl Lowering<'_> {
    pub(super) fn span(&self, range: TextRange) -> Span {
        Span::new(self.source, range.start().to_usize(), range.end().to_usize())
    }

    pub(super) fn all(&mut self, expressions: &[Expr]) -> Vec<Expression> {
        expressions.iter().map(|expression| self.expression(expression)).collect()
    }

    pub(super) fn expression(&mut self, expression: &Expr) -> Expression {
        let span = self.span(expression.range());
        if self.depth >= DEEPEST {
            self.too_deep.push(span);
            return Expression::new(span, Form::Opaque("nesting", Vec::new()));
        }
        self.depth += 1;
        let form = self.form(expression, span);
        self.depth -= 1;
        Expression::new(span, form)
    }

    fn form(&mut self, expression: &Expr, span: Span) -> Form {
        match expression {
            Expr::BoolOp(operation) => self.either(operation, span),
            Expr::Named(named) => Form::Assign {
                target: self.expression(&named.target),
                value: self.expression(&named.value),
            },
            Expr::BinOp(operation) => self.operation(operation),
            Expr::UnaryOp(operation) => {
                let operand = self.expression(&operation.operand);
                match (operation.op, &*operand.form) {
                    (UnaryOp::USub, Form::Number(number)) => Form::Number(-number),
                    (UnaryOp::Not, _) => Form::Opaque("not", vec![operand]),
                    _ => Form::Opaque("arithmetic", vec![operand]),
                }
            }
            Expr::Lambda(lambda) => {
                let value = self.expression(&lambda.body);
                let body = vec![Statement { span: value.span, act: Act::Return(Some(value)) }];
                let parameters = lambda.parameters.as_deref();
                Form::Function(Rc::new(Function {
                    span,
                    name: String::new(),
                    parameters: parameters.map(|all| self.parameters(all)).unwrap_or_default(),
                    receiver: None,
                    result: None,
                    decorators: Vec::new(),
                    body,
                    keeps_this: true,
                    binding: Binding::Instance,
                }))
            }
            Expr::If(conditional) => Form::Conditional {
                test: self.expression(&conditional.test),
                then: self.expression(&conditional.body),
                otherwise: self.expression(&conditional.orelse),
            },
            Expr::Dict(dict) => Form::Map(dict.items.iter().map(|item| self.entry(item)).collect()),
            Expr::Set(set) => self.list(&set.elts),
            Expr::List(list) => self.list(&list.elts),
            Expr::Tuple(tuple) => self.list(&tuple.elts),
            Expr::ListComp(made) => self.comprehension(&made.elt, &made.generators),
            Expr::SetComp(made) => self.comprehension(&made.elt, &made.generators),
            Expr::Generator(made) => self.comprehension(&made.elt, &made.generators),
            Expr::DictComp(made) => {
                let keys = made.key.iter().map(|key| Element::One(self.expression(key)));
                let mut pair: Vec<Element> = keys.collect();
                pair.push(Element::One(self.expression(&made.value)));
                let pair = Expression::new(span, Form::List(pair));
                let pairs = self.clauses(pair, &made.generators);
                Form::Opaque("map of pairs", vec![Expression::new(span, pairs)])
            }
            Expr::Await(awaited) => *self.expression(&awaited.value).form,
            Expr::Yield(yielded) => {
                let value = yielded.value.iter().map(|value| self.expression(value)).collect();
                Form::Opaque("yield", value)
            }
            Expr::YieldFrom(yielded) => {
                Form::Opaque("yield from", vec![self.expression(&yielded.value)])
            }
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::Call(call) => Form::Call {
                callee: self.expression(&call.func),
                arguments: self.arguments(&call.arguments),
                construction: false,
            },
            Expr::FString(text) => self.joined(text, span),
            Expr::StringLiteral(text) => Form::Text(text.value.to_str().to_owned()),
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(number) => match number.as_i64() {
                    Some(number) => Form::Number(number as f64),
                    None => Form::Opaque("number", Vec::new()),
                },
                Number::Float(number) => Form::Number(*number),
                Number::Complex { .. } => Form::Opaque("number", Vec::new()),
            },
            Expr::BooleanLiteral(truth) => Form::Truth(truth.value),
            Expr::NoneLiteral(_) => Form::Null,
            Expr::Attribute(attribute) => Form::Member {
                object: self.expression(&attribute.value),
                name: attribute.attr.as_str().to_owned(),
            },
            Expr::Subscript(subscript) => self.subscript(subscript),
            Expr::Starred(starred) => *self.expression(&starred.value).form,
            Expr::Name(name) if name.id.as_str() == "__name__" => {
                Form::Text(self.module.to_owned())
            }
            Expr::Name(name) => Form::Name(name.id.as_str().to_owned()),
            Expr::Slice(slice) => {
                let parts = [&slice.lower, &slice.upper, &slice.step];
                let parts = parts.into_iter().flatten().map(|part| self.expression(part)).collect();
                Form::Opaque("slice", parts)
            }
            Expr::TString(_)
            | Expr::BytesLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Form::Opaque("literal", Vec::new()),
        }
    }

    fn either(&mut self, operation: &ast::ExprBoolOp, span: Span) -> Form {
        let mut values = operation.values.iter().map(|value| self.expression(value));
        let Some(mut joined) = values.next() else { return Form::Null };
        for value in values {
            let form = match operation.op {
                BoolOp::And => Form::And(joined, value),
                BoolOp::Or => Form::Or(joined, value),
            };
            joined = Expression::new(span, form);
        }
        *joined.form
    }

    fn operation(&mut self, operation: &ast::ExprBinOp) -> Form {
        let left = self.expression(&operation.left);
        let right = self.expression(&operation.right);
        match (operation.op, &*left.form) {
            (
                Operator::Mod,
                Form::Text(_) | Form::Joined(_) | Form::Name(_) | Form::Member { .. },
            ) => Form::Formatted { format: left, values: right },
            (operator, _) => Form::Opaque(operator_word(operator), vec![left, right]),
        }
    }

    fn comparison(&mut self, comparison: &ast::ExprCompare) -> Form {
        let mut parts = vec![self.expression(&comparison.left)];
        parts.extend(comparison.comparators.iter().map(|part| self.expression(part)));
        let word = match &*comparison.ops {
            [CmpOp::Eq | CmpOp::Is] => "equal",
            [CmpOp::NotEq | CmpOp::IsNot] => "unequal",
            _ => "comparison",
        };
        Form::Opaque(word, parts)
    }

    fn joined(&mut self, text: &ast::ExprFString, span: Span) -> Form {
        let mut parts = Vec::new();
        for part in text.value.as_slice() {
            match part {
                ast::FStringPart::Literal(literal) => {
                    parts.push(Expression::new(span, Form::Text(literal.as_str().to_owned())));
                }
                ast::FStringPart::FString(text) => {
                    for element in &text.elements {
                        parts.push(match element {
                            ast::InterpolatedStringElement::Literal(literal) => {
                                Expression::new(span, Form::Text(literal.value.to_string()))
                            }
                            ast::InterpolatedStringElement::Interpolation(element) => {
                                self.expression(&element.expression)
                            }
                        });
                    }
                }
            }
        }
        Form::Joined(parts)
    }

    fn subscript(&mut self, subscript: &ast::ExprSubscript) -> Form {
        let object = self.expression(&subscript.value);
        match &*subscript.slice {
            Expr::Slice(slice) => {
                let mut parts = vec![object];
                for part in [&slice.lower, &slice.upper, &slice.step].into_iter().flatten() {
                    parts.push(self.expression(part));
                }
                Form::Opaque("slice", parts)
            }
            index => Form::Index { object, index: self.expression(index) },
        }
    }

    fn list(&mut self, elements: &[Expr]) -> Form {
        let mut list = Vec::new();
        for element in elements {
            list.push(match element {
                Expr::Starred(starred) => Element::Spread(self.expression(&starred.value)),
                element => Element::One(self.expression(element)),
            });
        }
        Form::List(list)
    }

    fn entry(&mut self, item: &ast::DictItem) -> Entry {
        match &item.key {
            Some(key) => Entry::One(self.expression(key), self.expression(&item.value)),
            None => Entry::Spread(self.expression(&item.value)),
        }
    }

    fn comprehension(&mut self, element: &Expr, generators: &[ast::Comprehension]) -> Form {
        let element = self.expression(element);
        self.clauses(element, generators)
    }

    fn clauses(&mut self, element: Expression, generators: &[ast::Comprehension]) -> Form {
        let mut clauses = Vec::new();
        let mut conditions = Vec::new();
        for generator in generators {
            clauses.push((self.expression(&generator.target), self.expression(&generator.iter)));
            conditions.extend(self.all(&generator.ifs));
        }
        Form::Comprehension { element, clauses, conditions }
    }

    pub(super) fn arguments(&mut self, written: &ast::Arguments) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for argument in &written.args {
            let (passing, value) = match argument {
                Expr::Starred(starred) => (Passing::Spread, &*starred.value),
                value => (Passing::Position, value),
            };
            arguments.push(Argument { passing, value: self.expression(value) });
        }
        for keyword in &written.keywords {
            let passing = match &keyword.arg {
                Some(name) => Passing::Name(name.as_str().to_owned()),
                None => Passing::SpreadNames,
            };
            arguments.push(Argument { passing, value: self.expression(&keyword.value) });
        }
        arguments
    }

    pub(super) fn parameters(&mut self, written: &ast::Parameters) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for parameter in written.posonlyargs.iter().chain(&written.args) {
            parameters.push(self.parameter(parameter, Takes::One));
        }
        if let Some(rest) = &written.vararg {
            parameters.push(self.rest(rest, Takes::Rest));
        }
        for parameter in &written.kwonlyargs {
            parameters.push(self.parameter(parameter, Takes::Named));
        }
        if let Some(rest) = &written.kwarg {
            parameters.push(self.rest(rest, Takes::RestNames));
        }
        parameters
    }

    fn parameter(&mut self, written: &ast::ParameterWithDefault, takes: Takes) -> Parameter {
        let default = written.default.as_ref().map(|default| self.expression(default));
        Parameter { default, ..self.rest(&written.parameter, takes) }
    }

    fn rest(&mut self, written: &ast::Parameter, takes: Takes) -> Parameter {
        let span = self.span(written.range);
        let declared = match takes {
            Takes::One | Takes::Named => self.declared(written.annotation.as_deref()),
            // The annotation is that of each.
            Takes::Rest | Takes::RestNames => None,
        };
        let target = Expression::new(span, Form::Name(written.name.as_str().to_owned()));
        Parameter { target, default: None, declared, takes }
    }

    /// The type that an annotation names.
    pub(super) fn declared(&self, annotation: Option<&Expr>) -> Option<Type> {
        super::annotations::type_of(annotation?, self.source)
    }
}

/// What an operator does, in the evaluator's word.
pub(super) fn operator_word(operator: Operator) -> &'static str {
    match operator {
        Operator::Add | Operator::BitOr => "add",
        Operator::Div => "divide",
        _ => "arithmetic",
    }
}
