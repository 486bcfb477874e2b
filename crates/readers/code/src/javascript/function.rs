use std::rc::Rc;

use oxc_ast::ast;

use super::Reader;
use crate::tree::{
    Act, Binding, Declares, Expression, Form, Function, Parameter, Statement, Takes, Type,
};

impl Reader {
    /// A function with a body; a declaration without one (an overload) is nothing.
    pub(super) fn function(
        self,
        function: &ast::Function<'_>,
        binding: Binding,
    ) -> Option<Rc<Function>> {
        let body = function.body.as_ref()?;
        let mut read = Function {
            span: self.span(function.span),
            name: function.id.as_ref().map(|id| id.name.to_string()).unwrap_or_default(),
            parameters: self.parameters(&function.params),
            receiver: None,
            result: self.annotation(function.return_type.as_deref()),
            decorators: Vec::new(),
            body: self.parameter_fields(&function.params),
            keeps_this: false,
            binding,
        };
        read.body.extend(self.statements(&body.statements));
        Some(Rc::new(read))
    }

    pub(super) fn arrow(self, arrow: &ast::ArrowFunctionExpression<'_>) -> Rc<Function> {
        let body = match &arrow.body {
            ast::ArrowFunctionBody::FunctionBody(body) => self.statements(&body.statements),
            body => {
                let value = body.as_expression().map(|value| self.expression(value));
                let span = value.as_ref().map_or(self.span(arrow.span), |value| value.span);
                vec![Statement { span, act: Act::Return(value) }]
            }
        };
        Rc::new(Function {
            span: self.span(arrow.span),
            name: String::new(),
            parameters: self.parameters(&arrow.params),
            receiver: None,
            result: self.annotation(arrow.return_type.as_deref()),
            decorators: Vec::new(),
            body,
            keeps_this: true,
            binding: Binding::Instance,
        })
    }

    fn parameters(self, parameters: &ast::FormalParameters<'_>) -> Vec<Parameter> {
        let one = |parameter: &ast::FormalParameter<'_>| Parameter {
            target: self.binding(&parameter.pattern),
            default: parameter.initializer.as_ref().map(|value| self.expression(value)),
            declared: self.annotation(parameter.type_annotation.as_deref()),
            takes: Takes::One,
        };
        let rest = |rest: &ast::FormalParameterRest<'_>| Parameter {
            target: self.binding(&rest.rest.argument),
            default: None,
            declared: self.annotation(rest.type_annotation.as_deref()),
            takes: Takes::Rest,
        };
        let mut read: Vec<Parameter> = parameters.items.iter().map(one).collect();
        read.extend(parameters.rest.as_deref().map(rest));
        read
    }

    /// TypeScript's `constructor(private client: S3Client)` also sets the field.
    fn parameter_fields(self, parameters: &ast::FormalParameters<'_>) -> Vec<Statement> {
        let declares = parameters.items.iter().filter(|parameter| declares_field(parameter));
        let set = |parameter: &ast::FormalParameter<'_>| {
            let value = self.binding(&parameter.pattern);
            let Form::Name(name) = value.form.as_ref() else { return None };
            let this = Expression::new(value.span, Form::Name("this".to_owned()));
            let member = Form::Member { object: this, name: name.clone() };
            let act = Act::Bind {
                target: Expression::new(value.span, member),
                declares: Declares::Nothing,
                value: Some(value.clone()),
                declared: None,
            };
            Some(Statement { span: value.span, act })
        };
        declares.filter_map(set).collect()
    }

    /// The fields that a constructor's parameters declare, with their types.
    pub(super) fn declared_fields(
        self,
        parameters: &ast::FormalParameters<'_>,
    ) -> Vec<(String, Option<Type>)> {
        let declares = parameters.items.iter().filter(|parameter| declares_field(parameter));
        let field = |parameter: &ast::FormalParameter<'_>| {
            let name = parameter.pattern.get_identifier_name()?.to_string();
            Some((name, self.annotation(parameter.type_annotation.as_deref())))
        };
        declares.filter_map(field).collect()
    }
}

fn declares_field(parameter: &ast::FormalParameter<'_>) -> bool {
    parameter.accessibility.is_some() || parameter.readonly || parameter.r#override
}
