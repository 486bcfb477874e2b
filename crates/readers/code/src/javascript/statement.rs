use oxc_ast::ast;

use super::Reader;
use crate::tree::{Act, Declares, Expression, Form, Statement};

impl Reader {
    /// The statements of a block, with the function declarations first: they are hoisted.
    pub(super) fn statements(self, statements: &[ast::Statement<'_>]) -> Vec<Statement> {
        let mut read = Vec::with_capacity(statements.len());
        for statement in statements {
            self.statement(statement, &mut read);
        }
        let (mut hoisted, rest): (Vec<_>, Vec<_>) =
            read.into_iter().partition(|statement| matches!(statement.act, Act::Function(_)));
        hoisted.extend(rest);
        hoisted
    }

    /// A statement as a list: a branch of `if`, the body of a loop.
    fn branch(self, statement: &ast::Statement<'_>) -> Vec<Statement> {
        match statement {
            ast::Statement::BlockStatement(block) => self.statements(&block.body),
            statement => self.statements(std::slice::from_ref(statement)),
        }
    }

    pub(super) fn statement(self, statement: &ast::Statement<'_>, into: &mut Vec<Statement>) {
        use oxc_span::GetSpan as _;
        let span = self.span(statement.span());
        let mut push = |act| into.push(Statement { span, act });
        match statement {
            ast::Statement::BlockStatement(block) => push(Act::Block(self.statements(&block.body))),
            ast::Statement::BreakStatement(_) | ast::Statement::ContinueStatement(_) => {
                push(Act::Break)
            }
            ast::Statement::DebuggerStatement(_) | ast::Statement::EmptyStatement(_) => {}
            ast::Statement::ExpressionStatement(statement) => {
                push(self.evaluation(&statement.expression))
            }
            ast::Statement::ReturnStatement(statement) => {
                push(Act::Return(statement.argument.as_ref().map(|value| self.expression(value))));
            }
            ast::Statement::ThrowStatement(statement) => {
                push(Act::Raise(Some(self.expression(&statement.argument))));
            }
            ast::Statement::IfStatement(statement) => push(Act::If {
                test: self.expression(&statement.test),
                then: self.branch(&statement.consequent),
                otherwise: statement
                    .alternate
                    .as_ref()
                    .map(|other| self.branch(other))
                    .unwrap_or_default(),
            }),
            ast::Statement::DoWhileStatement(statement) => {
                push(self.repeat(None, Some(&statement.test), self.branch(&statement.body)));
            }
            ast::Statement::WhileStatement(statement) => {
                push(self.repeat(None, Some(&statement.test), self.branch(&statement.body)));
            }
            ast::Statement::ForStatement(statement) => {
                let mut block = match &statement.init {
                    Some(ast::ForStatementInit::VariableDeclaration(declaration)) => {
                        self.variables(declaration)
                    }
                    Some(init) => {
                        init.as_expression().map(|init| self.evaluated(init)).into_iter().collect()
                    }
                    None => Vec::new(),
                };
                let mut body = self.branch(&statement.body);
                body.extend(statement.update.as_ref().map(|step| self.evaluated(step)));
                let act = self.repeat(None, statement.test.as_ref(), body);
                block.push(Statement { span, act });
                push(Act::Block(block));
            }
            ast::Statement::ForOfStatement(statement) => {
                let each = (self.loop_target(&statement.left), self.expression(&statement.right));
                push(self.repeat(Some(each), None, self.branch(&statement.body)));
            }
            ast::Statement::ForInStatement(statement) => {
                let object = self.expression(&statement.right);
                let each = (self.loop_target(&statement.left), keys(object));
                push(self.repeat(Some(each), None, self.branch(&statement.body)));
            }
            ast::Statement::LabeledStatement(statement) => match &statement.body {
                // Within it, leaving it looks like leaving a loop outside.
                ast::Statement::BlockStatement(block) => {
                    let mut body = self.statements(&block.body);
                    drop_breaks(&mut body);
                    push(Act::Block(body));
                }
                body => self.statement(body, into),
            },
            ast::Statement::SwitchStatement(statement) => self.switch(statement, into),
            ast::Statement::TryStatement(statement) => push(self.attempt_block(statement)),
            ast::Statement::WithStatement(statement) => {
                let mut block = vec![self.evaluated(&statement.object)];
                block.extend(self.branch(&statement.body));
                push(Act::Block(block));
            }
            ast::Statement::VariableDeclaration(declaration) => {
                into.extend(self.variables(declaration))
            }
            statement => {
                if let Some(declaration) = statement.as_declaration() {
                    into.extend(self.declaration(declaration));
                } else if let Some(declaration) = statement.as_module_declaration() {
                    self.module_declaration(declaration, into);
                }
            }
        }
    }

    fn repeat(
        self,
        each: Option<(Expression, Expression)>,
        test: Option<&ast::Expression<'_>>,
        body: Vec<Statement>,
    ) -> Act {
        let test = test.map(|test| self.expression(test));
        Act::Loop { each, test, body, otherwise: Vec::new() }
    }

    /// An expression as a statement; an assignment is a binding.
    fn evaluation(self, expression: &ast::Expression<'_>) -> Act {
        let expression = self.expression(expression);
        match *expression.form {
            Form::Assign { target, value } => Act::Bind {
                target,
                declares: Declares::Nothing,
                value: Some(value),
                declared: None,
            },
            form => Act::Evaluate(Expression::new(expression.span, form)),
        }
    }

    fn evaluated(self, expression: &ast::Expression<'_>) -> Statement {
        use oxc_span::GetSpan as _;
        Statement { span: self.span(expression.span()), act: self.evaluation(expression) }
    }

    pub(super) fn variables(self, declaration: &ast::VariableDeclaration<'_>) -> Vec<Statement> {
        let declares = match declaration.kind {
            ast::VariableDeclarationKind::Var => Declares::Function,
            _ => Declares::Block,
        };
        let read = |variable: &ast::VariableDeclarator<'_>| Statement {
            span: self.span(variable.span),
            act: Act::Bind {
                target: self.binding(&variable.id),
                declares,
                value: variable.init.as_ref().map(|value| self.expression(value)),
                declared: self.annotation(variable.type_annotation.as_deref()),
            },
        };
        declaration.declarations.iter().map(read).collect()
    }

    fn loop_target(self, left: &ast::ForStatementLeft<'_>) -> Expression {
        match left {
            ast::ForStatementLeft::VariableDeclaration(declaration) => {
                let variable = declaration.declarations.first();
                variable.map_or_else(
                    || Expression::new(self.span(declaration.span), Form::Null),
                    |variable| self.binding(&variable.id),
                )
            }
            left => left.as_assignment_target().map_or_else(
                || Expression::new(text::Span::file(self.id), Form::Null),
                |target| self.assignment_target(target),
            ),
        }
    }

    /// `switch` as one `if` after the other: each case with those into which it falls.
    fn switch(self, statement: &ast::SwitchStatement<'_>, into: &mut Vec<Statement>) {
        into.push(self.evaluated(&statement.discriminant));
        let bodies: Vec<Vec<Statement>> =
            statement.cases.iter().map(|case| self.statements(&case.consequent)).collect();
        let mut chain: Vec<Statement> = Vec::new();
        // From the last to the first, so that each stands in the other's `otherwise`.
        for (index, case) in statement.cases.iter().enumerate().rev() {
            let mut body: Vec<Statement> = Vec::new();
            for statements in bodies.iter().skip(index).take(FALLS_AT_MOST) {
                body.extend(statements.iter().cloned());
                if statements.last().is_some_and(leaves) {
                    break;
                }
            }
            drop_breaks(&mut body);
            let span = self.span(case.span);
            match &case.test {
                Some(test) => {
                    let test = self.expression(test);
                    let test = Expression::new(test.span, Form::Opaque("comparison", vec![test]));
                    chain = vec![Statement {
                        span,
                        act: Act::If { test, then: body, otherwise: chain },
                    }];
                }
                // Wherever `default` stands, it is what is left; cases behind it stay reachable.
                None if chain.is_empty() => chain = body,
                None => {
                    let test = Expression::new(span, Form::Opaque("comparison", Vec::new()));
                    chain = vec![Statement {
                        span,
                        act: Act::If { test, then: body, otherwise: chain },
                    }];
                }
            }
        }
        into.push(Statement { span: self.span(statement.span), act: Act::Block(chain) });
    }

    fn attempt_block(self, statement: &ast::TryStatement<'_>) -> Act {
        let handlers = statement.handler.as_ref().map(|handler| {
            let mut body = self.statements(&handler.body.body);
            let name = match handler.param.as_ref().map(|parameter| &parameter.pattern) {
                Some(ast::BindingPattern::BindingIdentifier(name)) => Some(name.name.to_string()),
                Some(pattern) => {
                    let target = self.binding(pattern);
                    let value = Expression::new(target.span, Form::Opaque("error", Vec::new()));
                    let span = target.span;
                    let act = Act::Bind {
                        target,
                        declares: Declares::Block,
                        value: Some(value),
                        declared: None,
                    };
                    body.insert(0, Statement { span, act });
                    None
                }
                None => None,
            };
            (name, body)
        });
        let finally = statement.finalizer.as_ref().map(|block| self.statements(&block.body));
        Act::Try {
            body: self.statements(&statement.block.body),
            handlers: handlers.into_iter().collect(),
            otherwise: Vec::new(),
            finally: finally.unwrap_or_default(),
        }
    }
}

/// A case that falls through more often than this is cut there: its followers are cases themselves.
const FALLS_AT_MOST: usize = 32;

/// `Object.keys(object)`.
fn keys(object: Expression) -> Expression {
    let span = object.span;
    let name = Expression::new(span, Form::Name("Object".to_owned()));
    let callee = Expression::new(span, Form::Member { object: name, name: "keys".to_owned() });
    let argument = crate::tree::Argument { passing: crate::tree::Passing::Position, value: object };
    Expression::new(span, Form::Call { callee, arguments: vec![argument], construction: false })
}

fn leaves(statement: &Statement) -> bool {
    match &statement.act {
        Act::Break | Act::Return(_) | Act::Raise(_) => true,
        Act::Block(body) => body.last().is_some_and(leaves),
        _ => false,
    }
}

/// Removes what would leave a `switch` or a labelled block, but not what leaves loops within: what
/// stands behind is then taken as reachable.
fn drop_breaks(body: &mut Vec<Statement>) {
    body.retain(|statement| !matches!(statement.act, Act::Break));
    for statement in body {
        match &mut statement.act {
            Act::Block(body) => drop_breaks(body),
            Act::If { then, otherwise, .. } => {
                drop_breaks(then);
                drop_breaks(otherwise);
            }
            Act::Try { body, handlers, otherwise, finally } => {
                handlers.iter_mut().for_each(|(_, body)| drop_breaks(body));
                [body, otherwise, finally].into_iter().for_each(drop_breaks);
            }
            _ => {}
        }
    }
}
