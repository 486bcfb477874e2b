use oxc_ast::ast;

use super::Reader;
use crate::tree::{Expression, Form};

/// JSX: what is called and written within is evaluated, what comes out is nobody's client.
impl Reader {
    pub(super) fn jsx_element(self, element: &ast::JSXElement<'_>) -> Form {
        let mut parts = Vec::new();
        if let ast::JSXElementName::IdentifierReference(name) = &element.opening_element.name {
            parts.push(Expression::new(self.span(name.span), Form::Name(name.name.to_string())));
        }
        for attribute in &element.opening_element.attributes {
            match attribute {
                ast::JSXAttributeItem::SpreadAttribute(spread) => {
                    parts.push(self.expression(&spread.argument));
                }
                ast::JSXAttributeItem::Attribute(attribute) => {
                    parts.extend(attribute.value.as_ref().and_then(|value| self.jsx_value(value)));
                }
            }
        }
        self.jsx_children(&element.children, &mut parts);
        Form::Opaque("element", parts)
    }

    pub(super) fn jsx_fragment(self, fragment: &ast::JSXFragment<'_>) -> Form {
        let mut parts = Vec::new();
        self.jsx_children(&fragment.children, &mut parts);
        Form::Opaque("element", parts)
    }

    fn jsx_value(self, value: &ast::JSXAttributeValue<'_>) -> Option<Expression> {
        match value {
            ast::JSXAttributeValue::StringLiteral(_) => None,
            ast::JSXAttributeValue::ExpressionContainer(container) => {
                container.expression.as_expression().map(|value| self.expression(value))
            }
            ast::JSXAttributeValue::Element(element) => {
                Some(Expression::new(self.span(element.span), self.jsx_element(element)))
            }
            ast::JSXAttributeValue::Fragment(fragment) => {
                Some(Expression::new(self.span(fragment.span), self.jsx_fragment(fragment)))
            }
        }
    }

    fn jsx_children(self, children: &[ast::JSXChild<'_>], parts: &mut Vec<Expression>) {
        for child in children {
            match child {
                ast::JSXChild::Text(_) => {}
                ast::JSXChild::Element(element) => {
                    parts.push(Expression::new(self.span(element.span), self.jsx_element(element)));
                }
                ast::JSXChild::Fragment(fragment) => {
                    parts.push(Expression::new(
                        self.span(fragment.span),
                        self.jsx_fragment(fragment),
                    ));
                }
                ast::JSXChild::ExpressionContainer(container) => {
                    parts.extend(
                        container.expression.as_expression().map(|value| self.expression(value)),
                    );
                }
                ast::JSXChild::Spread(spread) => parts.push(self.expression(&spread.expression)),
            }
        }
    }
}
