use oxc_ast::ast;
use oxc_ast::ast::{AssignmentOperator, BinaryOperator, LogicalOperator, UnaryOperator};
use oxc_span::GetSpan as _;

use super::Reader;
use crate::tree::{Argument, Binding, Element, Entry, Expression, Form, Passing};

impl Reader {
    pub(super) fn expression(self, expression: &ast::Expression<'_>) -> Expression {
        // What only wraps another is where and what that is.
        match expression {
            ast::Expression::AwaitExpression(inner) => self.expression(&inner.argument),
            ast::Expression::ParenthesizedExpression(inner) => self.expression(&inner.expression),
            ast::Expression::TSSatisfiesExpression(inner) => self.expression(&inner.expression),
            ast::Expression::TSNonNullExpression(inner) => self.expression(&inner.expression),
            ast::Expression::TSInstantiationExpression(inner) => self.expression(&inner.expression),
            expression => Expression::new(self.span(expression.span()), self.form(expression)),
        }
    }

    fn boxed(self, expression: &ast::Expression<'_>) -> Form {
        *self.expression(expression).form
    }

    fn form(self, expression: &ast::Expression<'_>) -> Form {
        use ast::Expression as Source;
        match expression {
            Source::BooleanLiteral(literal) => Form::Truth(literal.value),
            Source::NullLiteral(_) => Form::Null,
            Source::NumericLiteral(literal) => Form::Number(literal.value),
            Source::BigIntLiteral(literal) => {
                Form::Number(literal.value.as_str().parse().unwrap_or(f64::MAX))
            }
            Source::RegExpLiteral(_) => Form::Opaque("regular expression", Vec::new()),
            Source::StringLiteral(literal) => Form::Text(literal.value.to_string()),
            Source::TemplateLiteral(template) => self.template(template),
            Source::Identifier(name) if name.name == "undefined" => Form::Null,
            Source::Identifier(name) => Form::Name(name.name.to_string()),
            Source::Super(_) => Form::Name("super".to_owned()),
            Source::ThisExpression(_) => Form::Name("this".to_owned()),
            Source::ArrayExpression(array) => Form::List(
                array.elements.iter().filter_map(|element| self.element_of(element)).collect(),
            ),
            Source::ObjectExpression(object) => Form::Map(
                object.properties.iter().filter_map(|property| self.entry(property)).collect(),
            ),
            Source::ArrowFunctionExpression(arrow) => Form::Function(self.arrow(arrow)),
            Source::FunctionExpression(function) => {
                self.function(function, Binding::Instance).map_or(Form::Null, Form::Function)
            }
            Source::ClassExpression(class) => Form::Class(self.class(class)),
            Source::AssignmentExpression(assignment) => self.assignment(assignment),
            Source::BinaryExpression(binary) => self.binary(binary),
            Source::LogicalExpression(logical) => {
                let (left, right) =
                    (self.expression(&logical.left), self.expression(&logical.right));
                match logical.operator {
                    LogicalOperator::And => Form::And(left, right),
                    LogicalOperator::Or | LogicalOperator::Coalesce => Form::Or(left, right),
                }
            }
            Source::CallExpression(call) => self
                .compiled(call)
                .unwrap_or_else(|| self.call(&call.callee, &call.arguments, false)),
            Source::NewExpression(call) => self.call(&call.callee, &call.arguments, true),
            Source::V8IntrinsicExpression(call) => Form::Opaque(
                "intrinsic",
                call.arguments.iter().map(|part| self.argument(part).value).collect(),
            ),
            Source::ImportExpression(import) => {
                let source =
                    Argument { passing: Passing::Position, value: self.expression(&import.source) };
                let callee =
                    Expression::new(self.span(import.span), Form::Name("import".to_owned()));
                Form::Call { callee, arguments: vec![source], construction: false }
            }
            Source::ChainExpression(chain) => match &chain.expression {
                ast::ChainElement::CallExpression(call) => {
                    self.call(&call.callee, &call.arguments, false)
                }
                ast::ChainElement::TSNonNullExpression(inner) => self.boxed(&inner.expression),
                element => element
                    .as_member_expression()
                    .map_or(Form::Null, |member| *self.member(member).form),
            },
            Source::ConditionalExpression(conditional) => Form::Conditional {
                test: self.expression(&conditional.test),
                then: self.expression(&conditional.consequent),
                otherwise: self.expression(&conditional.alternate),
            },
            Source::SequenceExpression(sequence) => Form::Sequence(
                sequence.expressions.iter().map(|part| self.expression(part)).collect(),
            ),
            Source::TaggedTemplateExpression(tagged) => self.tagged(tagged),
            Source::UnaryExpression(unary) => self.unary(unary),
            Source::UpdateExpression(update) => {
                Form::Opaque("arithmetic", vec![self.simple_target(&update.argument)])
            }
            Source::YieldExpression(produced) => Form::Opaque(
                "yield",
                produced.argument.iter().map(|argument| self.expression(argument)).collect(),
            ),
            Source::PrivateInExpression(test) => {
                Form::Opaque("comparison", vec![self.expression(&test.right)])
            }
            Source::ImportMeta(_) => Form::Opaque("import.meta", Vec::new()),
            Source::NewTarget(_) => Form::Opaque("new.target", Vec::new()),
            Source::JSXElement(element) => self.jsx_element(element),
            Source::JSXFragment(fragment) => self.jsx_fragment(fragment),
            Source::TSAsExpression(cast) => self.cast(&cast.expression, &cast.type_annotation),
            Source::TSTypeAssertion(cast) => self.cast(&cast.expression, &cast.type_annotation),
            expression => expression
                .as_member_expression()
                .map_or(Form::Null, |member| *self.member(member).form),
        }
    }

    pub(super) fn member(self, member: &ast::MemberExpression<'_>) -> Expression {
        let span = self.span(member.span());
        let object = self.expression(member.object());
        let form = match member {
            ast::MemberExpression::StaticMemberExpression(member) => {
                Form::Member { object, name: member.property.name.to_string() }
            }
            ast::MemberExpression::PrivateFieldExpression(member) => {
                Form::Member { object, name: format!("#{}", member.field.name) }
            }
            ast::MemberExpression::ComputedMemberExpression(member) => match &member.expression {
                ast::Expression::StringLiteral(name) => {
                    Form::Member { object, name: name.value.to_string() }
                }
                index => Form::Index { object, index: self.expression(index) },
            },
        };
        Expression::new(span, form)
    }

    fn call(
        self,
        callee: &ast::Expression<'_>,
        arguments: &[ast::Argument<'_>],
        construction: bool,
    ) -> Form {
        let arguments = arguments.iter().map(|argument| self.argument(argument)).collect();
        Form::Call { callee: self.expression(callee), arguments, construction }
    }

    fn argument(self, argument: &ast::Argument<'_>) -> Argument {
        match argument {
            ast::Argument::SpreadElement(spread) => {
                Argument { passing: Passing::Spread, value: self.expression(&spread.argument) }
            }
            argument => {
                let span = self.span(argument.span());
                let value = argument.as_expression().map(|value| self.expression(value));
                let value = value.unwrap_or(Expression::new(span, Form::Null));
                Argument { passing: Passing::Position, value }
            }
        }
    }

    fn element_of(self, element: &ast::ArrayExpressionElement<'_>) -> Option<Element> {
        match element {
            ast::ArrayExpressionElement::SpreadElement(spread) => {
                Some(Element::Spread(self.expression(&spread.argument)))
            }
            ast::ArrayExpressionElement::Elision(hole) => {
                Some(Element::One(Expression::new(self.span(hole.span), Form::Null)))
            }
            element => element.as_expression().map(|value| Element::One(self.expression(value))),
        }
    }

    fn entry(self, property: &ast::ObjectPropertyKind<'_>) -> Option<Entry> {
        match property {
            ast::ObjectPropertyKind::SpreadProperty(spread) => {
                Some(Entry::Spread(self.expression(&spread.argument)))
            }
            ast::ObjectPropertyKind::ObjectProperty(property) => {
                let key = self.key(&property.key);
                let value = match (&property.kind, &property.value) {
                    (ast::PropertyKind::Get, ast::Expression::FunctionExpression(getter)) => {
                        let getter = self.function(getter, Binding::Getter)?;
                        Expression::new(self.span(property.span), Form::Function(getter))
                    }
                    (ast::PropertyKind::Set, _) => return None,
                    (_, value) => self.expression(value),
                };
                Some(Entry::One(key, value))
            }
        }
    }

    pub(super) fn key(self, key: &ast::PropertyKey<'_>) -> Expression {
        let span = self.span(key.span());
        if let ast::PropertyKey::PrivateIdentifier(key) = key {
            return Expression::new(span, Form::Text(format!("#{}", key.name)));
        }
        match (key.static_name(), key.as_expression()) {
            (Some(name), _) => Expression::new(span, Form::Text(name.into_owned())),
            (None, Some(calculated)) => self.expression(calculated),
            (None, None) => Expression::new(span, Form::Null),
        }
    }

    fn template(self, template: &ast::TemplateLiteral<'_>) -> Form {
        let span = self.span(template.span);
        let text = |quasi: &ast::TemplateElement<'_>| {
            quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw).to_string()
        };
        if template.expressions.is_empty() {
            return Form::Text(template.quasis.iter().map(text).collect());
        }
        let mut parts = Vec::new();
        let mut values = template.expressions.iter();
        for quasi in &template.quasis {
            let text = text(quasi);
            if !text.is_empty() {
                parts.push(Expression::new(span, Form::Text(text)));
            }
            parts.extend(values.next().map(|value| self.expression(value)));
        }
        Form::Joined(parts)
    }

    /// A tag is called with the list of texts and the values.
    fn tagged(self, tagged: &ast::TaggedTemplateExpression<'_>) -> Form {
        let span = self.span(tagged.quasi.span);
        let text = |quasi: &ast::TemplateElement<'_>| {
            Element::One(Expression::new(span, Form::Text(quasi.value.raw.to_string())))
        };
        let texts =
            Expression::new(span, Form::List(tagged.quasi.quasis.iter().map(text).collect()));
        let values = tagged.quasi.expressions.iter().map(|value| self.expression(value));
        let position = |value| Argument { passing: Passing::Position, value };
        let arguments = std::iter::once(texts).chain(values).map(position).collect();
        Form::Call { callee: self.expression(&tagged.tag), arguments, construction: false }
    }

    fn assignment(self, assignment: &ast::AssignmentExpression<'_>) -> Form {
        let target = self.assignment_target(&assignment.left);
        let value = self.expression(&assignment.right);
        let span = self.span(assignment.span);
        // Only a single name or member can be changed in place, and it reads like it is written.
        let form = match assignment.operator {
            AssignmentOperator::Assign => return Form::Assign { target, value },
            AssignmentOperator::LogicalOr | AssignmentOperator::LogicalNullish => {
                Form::Or(target.clone(), value)
            }
            AssignmentOperator::LogicalAnd => Form::And(target.clone(), value),
            AssignmentOperator::Addition => Form::Joined(vec![target.clone(), value]),
            _ => Form::Opaque("arithmetic", vec![target.clone(), value]),
        };
        Form::Assign { target, value: Expression::new(span, form) }
    }

    fn binary(self, binary: &ast::BinaryExpression<'_>) -> Form {
        if binary.operator == BinaryOperator::Addition {
            return self.addition(binary);
        }
        let word = match binary.operator {
            BinaryOperator::Equality | BinaryOperator::StrictEquality => "equal",
            BinaryOperator::Inequality | BinaryOperator::StrictInequality => "unequal",
            operator if operator.is_compare() => "comparison",
            BinaryOperator::In | BinaryOperator::Instanceof => "comparison",
            _ => "arithmetic",
        };
        Form::Opaque(word, vec![self.expression(&binary.left), self.expression(&binary.right)])
    }

    /// `a + b + c` as one list, without descending: long texts are built so.
    fn addition(self, binary: &ast::BinaryExpression<'_>) -> Form {
        let mut parts = vec![self.expression(&binary.right)];
        let mut left = &binary.left;
        while let ast::Expression::BinaryExpression(next) = left {
            if next.operator != BinaryOperator::Addition {
                break;
            }
            parts.push(self.expression(&next.right));
            left = &next.left;
        }
        parts.push(self.expression(left));
        parts.reverse();
        match parts.iter().all(|part| matches!(*part.form, Form::Number(_))) {
            true => Form::Opaque("arithmetic", parts),
            false => Form::Joined(parts),
        }
    }

    fn unary(self, unary: &ast::UnaryExpression<'_>) -> Form {
        let argument = self.expression(&unary.argument);
        match (unary.operator, *argument.form) {
            (UnaryOperator::Void, Form::Number(_)) => Form::Null,
            (UnaryOperator::LogicalNot, Form::Number(number)) => Form::Truth(number == 0.0),
            (UnaryOperator::UnaryNegation, Form::Number(number)) => Form::Number(-number),
            (operator, form) => {
                let word = match operator {
                    UnaryOperator::LogicalNot => "not",
                    UnaryOperator::Typeof => "typeof",
                    UnaryOperator::Delete => "delete",
                    UnaryOperator::Void => "void",
                    _ => "arithmetic",
                };
                Form::Opaque(word, vec![Expression::new(argument.span, form)])
            }
        }
    }

    fn cast(self, value: &ast::Expression<'_>, to: &ast::TSType<'_>) -> Form {
        let value = self.expression(value);
        match self.type_of(to).filter(|to| to.path != ["const"]) {
            Some(to) => Form::Typed(value, to),
            None => *value.form,
        }
    }
}
