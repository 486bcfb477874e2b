use std::rc::Rc;

use ruff_python_ast::{self as ast, Decorator, Expr, Stmt};

use super::expressions::Lowering;
use crate::tree::{Binding, Class, Expression, Field, Function};

impl Lowering<'_> {
    pub(super) fn class(&mut self, written: &ast::StmtClassDef) -> Class {
        let mut class = Class {
            span: self.span(written.range),
            name: written.name.as_str().to_owned(),
            bases: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            body: Vec::new(),
        };
        if let Some(arguments) = &written.arguments {
            class.bases = self.all(&arguments.args);
        }
        for decorator in &written.decorator_list {
            class.decorators.push(self.expression(&decorator.expression));
        }
        let mut loose: Vec<Stmt> = Vec::new();
        for statement in &written.body {
            match statement {
                Stmt::FunctionDef(function) => {
                    class.methods.extend(self.method(function).map(Rc::new));
                }
                Stmt::Assign(assignment) => match assignment.targets.as_slice() {
                    [Expr::Name(name)] => class.fields.push(Field {
                        name: name.id.as_str().to_owned(),
                        value: Some(self.expression(&assignment.value)),
                        declared: None,
                        decorators: Vec::new(),
                        is_static: true,
                    }),
                    _ => loose.push(statement.clone()),
                },
                Stmt::AnnAssign(assignment) => {
                    let Expr::Name(name) = &*assignment.target else { continue };
                    class.fields.push(Field {
                        name: name.id.as_str().to_owned(),
                        value: assignment.value.as_ref().map(|value| self.expression(value)),
                        declared: self.declared(Some(&assignment.annotation)),
                        decorators: Vec::new(),
                        is_static: true,
                    });
                }
                Stmt::Pass(_) => {}
                statement => loose.push(statement.clone()),
            }
        }
        class.body = self.body(&loose);
        class
    }

    /// A method; setters of properties are reached by assignment only, under a name of their own.
    fn method(&mut self, written: &ast::StmtFunctionDef) -> Option<Function> {
        let accessor = written.decorator_list.iter().find_map(|decorator| {
            self.decorator_name(&decorator.expression)
                .filter(|name| matches!(*name, "setter" | "deleter" | "overload"))
        });
        let mut function = match self.function(written) {
            function if accessor.is_none() => function,
            mut function if accessor == Some("setter") => {
                function.name = format!("{}=", function.name);
                function.decorators.clear();
                function
            }
            _ => return None,
        };
        if function.name == "__init__" {
            function.name = "constructor".to_owned();
        }
        if matches!(function.name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__") {
            function.binding = Binding::Class;
        }
        Some(function)
    }

    /// How a method is reached, and the decorators that remain to be called.
    pub(super) fn binding(&mut self, written: &[Decorator]) -> (Binding, Vec<Expression>) {
        let mut binding = Binding::Instance;
        let mut decorators = Vec::new();
        for decorator in written {
            match self.decorator_name(&decorator.expression) {
                Some("staticmethod") => binding = Binding::Static,
                Some("classmethod") => binding = Binding::Class,
                Some("property" | "cached_property") => binding = Binding::Getter,
                _ => decorators.push(self.expression(&decorator.expression)),
            }
        }
        (binding, decorators)
    }
}
