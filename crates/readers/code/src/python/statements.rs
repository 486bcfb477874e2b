//! Python's statements as the tree's.

use std::rc::Rc;

use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged;
use text::Span;

use super::expressions::{Lowering, operator_word};
use crate::tree::{Act, Declares, Expression, Form, Function, Import, Imported, Statement};

impl Lowering<'_> {
    pub(super) fn body(&mut self, written: &[Stmt]) -> Vec<Statement> {
        let mut body = Vec::new();
        for statement in written {
            let span = self.span(statement.range());
            self.statement(statement, span, &mut body);
        }
        body
    }

    fn statement(&mut self, written: &Stmt, span: Span, body: &mut Vec<Statement>) {
        let act = match written {
            Stmt::FunctionDef(function) => Act::Function(Rc::new(self.function(function))),
            Stmt::ClassDef(class) => Act::Class(Rc::new(self.class(class))),
            Stmt::Return(returned) => {
                Act::Return(returned.value.as_ref().map(|value| self.expression(value)))
            }
            Stmt::Delete(_) | Stmt::Pass(_) | Stmt::TypeAlias(_) | Stmt::IpyEscapeCommand(_) => {
                return;
            }
            Stmt::Assign(assignment) => return self.assignment(assignment, span, body),
            Stmt::AugAssign(assignment) => {
                let target = self.expression(&assignment.target);
                let parts = vec![target.clone(), self.expression(&assignment.value)];
                let value = Form::Opaque(operator_word(assignment.op), parts);
                self.bind(target, Some(Expression::new(span, value)))
            }
            Stmt::AnnAssign(assignment) => {
                let Some(value) = &assignment.value else { return };
                let value = self.expression(value);
                let target = self.expression(&assignment.target);
                let declares = self.declares(&target);
                let declared = self.declared(Some(&assignment.annotation));
                Act::Bind { target, declares, value: Some(value), declared }
            }
            Stmt::For(written) => Act::Loop {
                each: Some((self.expression(&written.target), self.expression(&written.iter))),
                test: None,
                body: self.body(&written.body),
                otherwise: self.body(&written.orelse),
            },
            Stmt::While(written) => Act::Loop {
                each: None,
                test: Some(self.expression(&written.test)),
                body: self.body(&written.body),
                otherwise: self.body(&written.orelse),
            },
            Stmt::If(written) => self.choice(written),
            Stmt::With(written) => return self.with(written, span, body),
            Stmt::Match(written) => return self.matched(written, span, body),
            Stmt::Raise(raised) => {
                Act::Raise(raised.exc.as_ref().map(|raised| self.expression(raised)))
            }
            Stmt::Try(written) => Act::Try {
                body: self.body(&written.body),
                handlers: written.handlers.iter().map(|handler| self.handler(handler)).collect(),
                otherwise: self.body(&written.orelse),
                finally: self.body(&written.finalbody),
            },
            Stmt::Assert(asserted) => Act::Evaluate(self.expression(&asserted.test)),
            Stmt::Import(import) => return self.import(import, span, body),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Global(written) => {
                self.globals.extend(written.names.iter().map(|name| name.as_str().to_owned()));
                return;
            }
            Stmt::Nonlocal(written) => {
                self.nonlocals.extend(written.names.iter().map(|name| name.as_str().to_owned()));
                return;
            }
            Stmt::Expr(written) => Act::Evaluate(self.expression(&written.value)),
            Stmt::Break(_) | Stmt::Continue(_) => Act::Break,
        };
        body.push(Statement { span, act });
    }

    pub(super) fn function(&mut self, written: &ast::StmtFunctionDef) -> Function {
        let globals = std::mem::take(&mut self.globals);
        let nonlocals = std::mem::take(&mut self.nonlocals);
        let (binding, decorators) = self.binding(&written.decorator_list);
        let function = Function {
            span: self.span(written.range),
            name: written.name.as_str().to_owned(),
            parameters: self.parameters(&written.parameters),
            receiver: None,
            result: self.declared(written.returns.as_deref()),
            decorators,
            body: self.body(&written.body),
            keeps_this: false,
            binding,
        };
        self.globals = globals;
        self.nonlocals = nonlocals;
        function
    }

    /// Where a name that is bound lives.
    pub(super) fn declares(&self, target: &Expression) -> Declares {
        match &*target.form {
            Form::Name(name) if self.globals.contains(name) => Declares::Module,
            Form::Name(name) if self.nonlocals.contains(name) => Declares::Nothing,
            _ => Declares::Function,
        }
    }

    pub(super) fn bind(&self, target: Expression, value: Option<Expression>) -> Act {
        let declares = self.declares(&target);
        Act::Bind { target, declares, value, declared: None }
    }

    /// `a = b = value` evaluates the value once.
    fn assignment(&mut self, written: &ast::StmtAssign, span: Span, body: &mut Vec<Statement>) {
        let value = self.expression(&written.value);
        match written.targets.as_slice() {
            [target] => {
                let target = self.expression(target);
                body.push(Statement { span, act: self.bind(target, Some(value)) });
            }
            targets => {
                let (kept, bound) = self.kept(value, span);
                body.push(bound);
                for target in targets {
                    let target = self.expression(target);
                    body.push(Statement { span, act: self.bind(target, Some(kept.clone())) });
                }
            }
        }
    }

    /// Binds a value to a name of its own, which no code can spell.
    pub(super) fn kept(&self, value: Expression, span: Span) -> (Expression, Statement) {
        let name = Expression::new(span, Form::Name(format!("value at {}", span.start)));
        let act = Act::Bind {
            target: name.clone(),
            declares: Declares::Function,
            value: Some(value),
            declared: None,
        };
        (name, Statement { span, act })
    }

    /// `elif` is an `if` within `else`, built from the last on.
    fn choice(&mut self, written: &ast::StmtIf) -> Act {
        let mut otherwise = Vec::new();
        for clause in written.elif_else_clauses.iter().rev() {
            let body = self.body(&clause.body);
            otherwise = match &clause.test {
                None => body,
                Some(test) => {
                    let act = Act::If { test: self.expression(test), then: body, otherwise };
                    vec![Statement { span: self.span(clause.range), act }]
                }
            };
        }
        Act::If { test: self.expression(&written.test), then: self.body(&written.body), otherwise }
    }

    fn with(&mut self, written: &ast::StmtWith, span: Span, body: &mut Vec<Statement>) {
        let mut managers = Vec::new();
        for item in &written.items {
            let manager = self.expression(&item.context_expr);
            let at = manager.span;
            let (manager, bound) = self.kept(manager, at);
            body.push(bound);
            let entered = Expression::new(at, Form::Opaque("enter", vec![manager.clone()]));
            let act = match &item.optional_vars {
                Some(target) => {
                    let target = self.expression(target);
                    self.bind(target, Some(entered))
                }
                None => Act::Evaluate(entered),
            };
            body.push(Statement { span: at, act });
            managers.push(manager);
        }
        let inner = self.body(&written.body);
        let leave = managers.into_iter().rev().map(|manager| {
            let span = manager.span;
            let left = Expression::new(span, Form::Opaque("exit", vec![manager]));
            Statement { span, act: Act::Evaluate(left) }
        });
        let finally = leave.collect();
        let act = Act::Try { body: inner, handlers: Vec::new(), otherwise: Vec::new(), finally };
        body.push(Statement { span, act });
    }

    fn handler(&mut self, written: &ExceptHandler) -> (Option<String>, Vec<Statement>) {
        let ExceptHandler::ExceptHandler(handler) = written;
        let name = handler.name.as_ref().map(|name| name.as_str().to_owned());
        (name, self.body(&handler.body))
    }

    fn import(&mut self, written: &ast::StmtImport, span: Span, body: &mut Vec<Statement>) {
        let mut push = |source: &str, names: Imported| {
            let import = Import { source: source.to_owned(), names };
            body.push(Statement { span, act: Act::Import(import) });
        };
        for alias in &written.names {
            let source = alias.name.as_str();
            match (&alias.asname, source.split_once('.')) {
                (Some(name), _) => push(source, Imported::Module(name.as_str().to_owned())),
                (None, None) => push(source, Imported::Module(source.to_owned())),
                (None, Some((first, _))) => {
                    push(source, Imported::Nothing);
                    push(first, Imported::Module(first.to_owned()));
                }
            }
        }
    }

    fn import_from(&self, written: &ast::StmtImportFrom) -> Act {
        let module = written.module.as_ref().map(|module| module.as_str()).unwrap_or_default();
        let source = format!("{}{module}", ".".repeat(written.level as usize));
        let is_all = written.names.iter().any(|alias| alias.name.as_str() == "*");
        let names = written.names.iter().map(|alias| {
            let outside = alias.name.as_str().to_owned();
            let inside = alias.asname.as_ref().map(|name| name.as_str().to_owned());
            (outside.clone(), inside.unwrap_or(outside))
        });
        let names = if is_all { Imported::All } else { Imported::Names(names.collect()) };
        Act::Import(Import { source, names })
    }

    pub(super) fn decorator_name<'tree>(&self, decorator: &'tree Expr) -> Option<&'tree str> {
        match decorator {
            Expr::Name(name) => Some(name.id.as_str()),
            Expr::Attribute(attribute) => Some(attribute.attr.as_str()),
            _ => None,
        }
    }
}
