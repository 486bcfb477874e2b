use oxc_ast::ast;
use oxc_span::GetSpan as _;

use super::Reader;
use crate::tree::Type;

impl Reader {
    pub(super) fn annotation(self, annotation: Option<&ast::TSTypeAnnotation<'_>>) -> Option<Type> {
        self.type_of(&annotation?.type_annotation)
    }

    /// A type by its name; of a union the first part that has one. What says nothing (`any`, a
    /// literal, a shape) is none.
    pub(super) fn type_of(self, written: &ast::TSType<'_>) -> Option<Type> {
        let span = self.span(written.span());
        let plain = |name: &str, arguments| Type { span, path: vec![name.to_owned()], arguments };
        match written {
            ast::TSType::TSStringKeyword(_) | ast::TSType::TSTemplateLiteralType(_) => {
                Some(plain("string", Vec::new()))
            }
            ast::TSType::TSNumberKeyword(_) => Some(plain("number", Vec::new())),
            ast::TSType::TSBooleanKeyword(_) => Some(plain("boolean", Vec::new())),
            ast::TSType::TSArrayType(array) => {
                Some(plain("Array", self.type_of(&array.element_type).into_iter().collect()))
            }
            ast::TSType::TSTypeReference(reference) => {
                let arguments =
                    reference.type_arguments.iter().flat_map(|arguments| &arguments.params);
                let arguments = arguments.filter_map(|argument| self.type_of(argument)).collect();
                Some(Type { span, path: path(&reference.type_name), arguments })
            }
            ast::TSType::TSUnionType(union) => {
                union.types.iter().find_map(|part| self.type_of(part))
            }
            ast::TSType::TSIntersectionType(parts) => {
                parts.types.iter().find_map(|part| self.type_of(part))
            }
            ast::TSType::TSParenthesizedType(inner) => self.type_of(&inner.type_annotation),
            ast::TSType::TSTypeOperatorType(operator) => self.type_of(&operator.type_annotation),
            _ => None,
        }
    }
}

/// The segments of a type's name: `AWS.DynamoDB.DocumentClient`.
fn path(name: &ast::TSTypeName<'_>) -> Vec<String> {
    let mut segments = Vec::new();
    let mut name = name;
    loop {
        match name {
            ast::TSTypeName::QualifiedName(qualified) => {
                segments.push(qualified.right.name.to_string());
                name = &qualified.left;
            }
            ast::TSTypeName::IdentifierReference(reference) => {
                segments.push(reference.name.to_string());
                break;
            }
            ast::TSTypeName::ThisExpression(_) => {
                segments.push("this".to_owned());
                break;
            }
        }
    }
    segments.reverse();
    segments
}
