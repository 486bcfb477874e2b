use oxc_ast::ast;
use oxc_span::GetSpan as _;

use super::Reader;
use crate::tree::{Element, Entry, Expression, Form};

/// Patterns: lists and maps of targets. A target with a default is [`Form::Assign`]; a place that
/// takes nothing is [`Form::Null`].
impl Reader {
    pub(super) fn binding(self, pattern: &ast::BindingPattern<'_>) -> Expression {
        let span = self.span(pattern.span());
        let form = match pattern {
            ast::BindingPattern::BindingIdentifier(name) => Form::Name(name.name.to_string()),
            ast::BindingPattern::ObjectPattern(object) => {
                let mut entries: Vec<Entry> = Vec::with_capacity(object.properties.len());
                for property in &object.properties {
                    entries
                        .push(Entry::One(self.key(&property.key), self.binding(&property.value)));
                }
                entries.extend(
                    object.rest.as_ref().map(|rest| Entry::Spread(self.binding(&rest.argument))),
                );
                Form::Map(entries)
            }
            ast::BindingPattern::ArrayPattern(array) => {
                let one = |element: &Option<ast::BindingPattern<'_>>| {
                    Element::One(
                        element.as_ref().map_or(nothing(span), |element| self.binding(element)),
                    )
                };
                let mut elements: Vec<Element> = array.elements.iter().map(one).collect();
                elements.extend(
                    array.rest.as_ref().map(|rest| Element::Spread(self.binding(&rest.argument))),
                );
                Form::List(elements)
            }
            ast::BindingPattern::AssignmentPattern(pattern) => Form::Assign {
                target: self.binding(&pattern.left),
                value: self.expression(&pattern.right),
            },
        };
        Expression::new(span, form)
    }

    pub(super) fn assignment_target(self, target: &ast::AssignmentTarget<'_>) -> Expression {
        let span = self.span(target.span());
        match target {
            ast::AssignmentTarget::ArrayAssignmentTarget(array) => {
                let one = |element: &Option<ast::AssignmentTargetMaybeDefault<'_>>| {
                    Element::One(
                        element
                            .as_ref()
                            .map_or(nothing(span), |element| self.with_default(element)),
                    )
                };
                let mut elements: Vec<Element> = array.elements.iter().map(one).collect();
                let rest = array.rest.as_ref().map(|rest| self.assignment_target(&rest.target));
                elements.extend(rest.map(Element::Spread));
                Expression::new(span, Form::List(elements))
            }
            ast::AssignmentTarget::ObjectAssignmentTarget(object) => {
                let mut entries: Vec<Entry> = object
                    .properties
                    .iter()
                    .map(|property| self.target_property(property))
                    .collect();
                let rest = object.rest.as_ref().map(|rest| self.assignment_target(&rest.target));
                entries.extend(rest.map(Entry::Spread));
                Expression::new(span, Form::Map(entries))
            }
            target => target
                .as_simple_assignment_target()
                .map_or(nothing(span), |target| self.simple_target(target)),
        }
    }

    pub(super) fn simple_target(self, target: &ast::SimpleAssignmentTarget<'_>) -> Expression {
        use ast::SimpleAssignmentTarget as Target;
        let span = self.span(target.span());
        match target {
            Target::AssignmentTargetIdentifier(name) => {
                Expression::new(span, Form::Name(name.name.to_string()))
            }
            Target::TSAsExpression(cast) => self.expression(&cast.expression),
            Target::TSSatisfiesExpression(cast) => self.expression(&cast.expression),
            Target::TSNonNullExpression(cast) => self.expression(&cast.expression),
            Target::TSTypeAssertion(cast) => self.expression(&cast.expression),
            target => {
                target.as_member_expression().map_or(nothing(span), |member| self.member(member))
            }
        }
    }

    fn with_default(self, target: &ast::AssignmentTargetMaybeDefault<'_>) -> Expression {
        let span = self.span(target.span());
        match target {
            ast::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => {
                Expression::new(
                    span,
                    Form::Assign {
                        target: self.assignment_target(&target.binding),
                        value: self.expression(&target.init),
                    },
                )
            }
            target => target
                .as_assignment_target()
                .map_or(nothing(span), |target| self.assignment_target(target)),
        }
    }

    fn target_property(self, property: &ast::AssignmentTargetProperty<'_>) -> Entry {
        match property {
            ast::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                let span = self.span(property.binding.span);
                let name = property.binding.name.to_string();
                let key = Expression::new(span, Form::Text(name.clone()));
                let target = Expression::new(span, Form::Name(name));
                match &property.init {
                    Some(init) => {
                        let value = self.expression(init);
                        Entry::One(key, Expression::new(span, Form::Assign { target, value }))
                    }
                    None => Entry::One(key, target),
                }
            }
            ast::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                Entry::One(self.key(&property.name), self.with_default(&property.binding))
            }
        }
    }
}

fn nothing(span: text::Span) -> Expression {
    Expression::new(span, Form::Null)
}
