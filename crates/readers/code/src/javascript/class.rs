use std::rc::Rc;

use oxc_ast::ast;

use super::Reader;
use crate::tree::{Binding, Class, Expression, Field, Form, Function, Statement};

impl Reader {
    pub(super) fn class(self, class: &ast::Class<'_>) -> Rc<Class> {
        let mut read = Class {
            span: self.span(class.span),
            name: class.id.as_ref().map(|id| id.name.to_string()).unwrap_or_default(),
            bases: class
                .heritage
                .iter()
                .map(|heritage| self.expression(&heritage.expression))
                .collect(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: self.decorators(&class.decorators),
            body: Vec::new(),
        };
        for element in &class.body.body {
            self.element(element, &mut read);
        }
        Rc::new(read)
    }

    fn decorators(self, decorators: &[ast::Decorator<'_>]) -> Vec<Expression> {
        decorators.iter().map(|decorator| self.expression(&decorator.expression)).collect()
    }

    fn element(self, element: &ast::ClassElement<'_>, class: &mut Class) {
        match element {
            ast::ClassElement::StaticBlock(block) => {
                class.body.extend(self.statements(&block.body))
            }
            ast::ClassElement::MethodDefinition(method) => self.method(method, class),
            ast::ClassElement::PropertyDefinition(property) => {
                self.computed(&property.key, class);
                class.fields.push(Field {
                    name: name(&property.key),
                    value: property.value.as_ref().map(|value| self.expression(value)),
                    declared: self.annotation(property.type_annotation.as_deref()),
                    decorators: self.decorators(&property.decorators),
                    is_static: property.r#static,
                });
            }
            ast::ClassElement::AccessorProperty(property) => {
                self.computed(&property.key, class);
                class.fields.push(Field {
                    name: name(&property.key),
                    value: property.value.as_ref().map(|value| self.expression(value)),
                    declared: self.annotation(property.type_annotation.as_deref()),
                    decorators: self.decorators(&property.decorators),
                    is_static: property.r#static,
                });
            }
            ast::ClassElement::TSIndexSignature(_) => {}
        }
    }

    fn method(self, method: &ast::MethodDefinition<'_>, class: &mut Class) {
        self.computed(&method.key, class);
        let binding = match method.kind {
            ast::MethodDefinitionKind::Get => Binding::Getter,
            _ if method.r#static => Binding::Static,
            _ => Binding::Instance,
        };
        let Some(function) = self.function(&method.value, binding) else { return };
        let name = match method.kind {
            ast::MethodDefinitionKind::Constructor => "constructor".to_owned(),
            // No name of a method has a space, so that nothing takes it for one.
            ast::MethodDefinitionKind::Set => format!("set {}", name(&method.key)),
            _ => name(&method.key),
        };
        if method.kind == ast::MethodDefinitionKind::Constructor {
            for (name, declared) in self.declared_fields(&method.value.params) {
                class.fields.push(Field {
                    name,
                    value: None,
                    declared,
                    decorators: Vec::new(),
                    is_static: false,
                });
            }
        }
        let span = self.span(method.span);
        let decorators = self.decorators(&method.decorators);
        class.methods.push(Rc::new(Function {
            name,
            span,
            decorators,
            ..Function::clone(&function)
        }));
    }

    /// A key that is calculated is evaluated with the class.
    fn computed(self, key: &ast::PropertyKey<'_>, class: &mut Class) {
        let key = self.key(key);
        if !matches!(*key.form, Form::Text(_)) {
            class.body.push(Statement { span: key.span, act: crate::tree::Act::Evaluate(key) });
        }
    }
}

/// A key's name, private ones with their `#`; of a calculated one, one that nobody can write.
fn name(key: &ast::PropertyKey<'_>) -> String {
    match key {
        ast::PropertyKey::PrivateIdentifier(key) => format!("#{}", key.name),
        key => {
            key.static_name().map_or_else(|| "[calculated]".to_owned(), |name| name.into_owned())
        }
    }
}
