//! Imports, exports, and the declarations that only TypeScript has.

use std::rc::Rc;

use oxc_ast::ast;

use super::Reader;
use crate::tree::{
    Act, Argument, Binding, Declares, Entry, Expression, Form, Function, Import, Imported, Passing,
    Statement,
};

impl Reader {
    /// A whole file: imports and functions first, exports of names last, when they have their value.
    pub(super) fn program(self, program: &ast::Program<'_>) -> Vec<Statement> {
        let body = self.statements(&program.body);
        let (mut ordered, rest): (Vec<_>, Vec<_>) =
            body.into_iter().partition(|statement| matches!(statement.act, Act::Import(_)));
        let late = |statement: &Statement| matches!(&statement.act, Act::Export { value, .. } if matches!(*value.form, Form::Name(_)));
        let (exports, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(late);
        ordered.extend(rest);
        ordered.extend(exports);
        ordered
    }

    pub(super) fn module_declaration(
        self,
        declaration: &ast::ModuleDeclaration<'_>,
        into: &mut Vec<Statement>,
    ) {
        use oxc_span::GetSpan as _;
        let span = self.span(declaration.span());
        match declaration {
            ast::ModuleDeclaration::ImportDeclaration(import) => self.import(import, into),
            ast::ModuleDeclaration::ExportAllDeclaration(all) => {
                let name =
                    all.exported.as_ref().map_or("*".to_owned(), |name| name.name().to_string());
                let value = self.load(&all.source);
                into.push(Statement { span, act: Act::Export { name, value } });
            }
            ast::ModuleDeclaration::ExportDefaultDeclaration(export) => {
                self.default_export(export, into)
            }
            ast::ModuleDeclaration::ExportDeclaration(export) => {
                let declared = self.declaration(&export.declaration);
                let mut names = Vec::new();
                declared.iter().for_each(|statement| bound(statement, &mut names));
                into.extend(declared);
                into.extend(
                    names.into_iter().map(|name| self.export_name(export.span, &name, &name)),
                );
            }
            ast::ModuleDeclaration::ExportNamedDeclaration(export) => {
                for specifier in &export.specifiers {
                    let (local, exported) = (specifier.local.name(), specifier.exported.name());
                    into.push(self.export_name(specifier.span, &local, &exported));
                }
            }
            ast::ModuleDeclaration::ExportFromDeclaration(export) => {
                for specifier in &export.specifiers {
                    let (name, object) =
                        (specifier.local.name().to_string(), self.load(&export.source));
                    let span = self.span(specifier.span);
                    let value = Expression::new(span, Form::Member { object, name });
                    let name = specifier.exported.name().to_string();
                    into.push(Statement { span, act: Act::Export { name, value } });
                }
            }
            ast::ModuleDeclaration::TSExportAssignment(export) => {
                let value = self.expression(&export.expression);
                into.push(Statement {
                    span,
                    act: Act::Export { name: "module.exports".to_owned(), value },
                });
            }
            ast::ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn import(self, import: &ast::ImportDeclaration<'_>, into: &mut Vec<Statement>) {
        let span = self.span(import.span);
        let source = import.source.value.to_string();
        let mut push = |names| {
            into.push(Statement {
                span,
                act: Act::Import(Import { source: source.clone(), names }),
            });
        };
        let Some(specifiers) = &import.specifiers else { return push(Imported::Nothing) };
        let mut names = Vec::new();
        for specifier in specifiers {
            match specifier {
                ast::ImportDeclarationSpecifier::ImportSpecifier(one) => {
                    names.push((one.imported.name().to_string(), one.local.name.to_string()));
                }
                ast::ImportDeclarationSpecifier::ImportDefaultSpecifier(one) => {
                    names.push(("default".to_owned(), one.local.name.to_string()));
                }
                ast::ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => {
                    push(Imported::Module(all.local.name.to_string()));
                }
            }
        }
        if !names.is_empty() {
            push(Imported::Names(names));
        }
    }

    fn default_export(self, export: &ast::ExportDefaultDeclaration<'_>, into: &mut Vec<Statement>) {
        let span = self.span(export.span);
        let mut push = |act| into.push(Statement { span, act });
        let name = "default".to_owned();
        match &export.declaration {
            ast::ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                let Some(function) = self.function(function, Binding::Instance) else { return };
                if function.name.is_empty() {
                    let value = Expression::new(function.span, Form::Function(function));
                    return push(Act::Export { name, value });
                }
                let value = Expression::new(function.span, Form::Name(function.name.clone()));
                push(Act::Function(function));
                push(Act::Export { name, value });
            }
            ast::ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                let class = self.class(class);
                if class.name.is_empty() {
                    let value = Expression::new(class.span, Form::Class(class));
                    return push(Act::Export { name, value });
                }
                let value = Expression::new(class.span, Form::Name(class.name.clone()));
                push(Act::Class(class));
                push(Act::Export { name, value });
            }
            ast::ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => {}
            declaration => {
                if let Some(value) = declaration.as_expression() {
                    push(Act::Export { name, value: self.expression(value) });
                }
            }
        }
    }

    pub(super) fn declaration(self, declaration: &ast::Declaration<'_>) -> Vec<Statement> {
        use oxc_span::GetSpan as _;
        let span = self.span(declaration.span());
        let act = match declaration {
            ast::Declaration::VariableDeclaration(variables) => return self.variables(variables),
            ast::Declaration::FunctionDeclaration(function) => {
                self.function(function, Binding::Instance).map(Act::Function)
            }
            ast::Declaration::ClassDeclaration(class) => Some(Act::Class(self.class(class))),
            ast::Declaration::TSEnumDeclaration(declaration) => Some(self.enumeration(declaration)),
            ast::Declaration::TSNamespaceDeclaration(namespace) => Some(self.namespace(namespace)),
            ast::Declaration::TSImportEqualsDeclaration(import) => {
                let value = match &import.module_reference {
                    ast::TSModuleReference::ExternalModuleReference(module) => {
                        self.load(&module.expression)
                    }
                    ast::TSModuleReference::IdentifierReference(name) => {
                        Expression::new(span, Form::Name(name.name.to_string()))
                    }
                    ast::TSModuleReference::QualifiedName(name) => self.qualified(name),
                };
                Some(bind(span, &import.id.name, value))
            }
            ast::Declaration::TSTypeAliasDeclaration(_)
            | ast::Declaration::TSInterfaceDeclaration(_)
            | ast::Declaration::TSExternalModuleDeclaration(_)
            | ast::Declaration::TSGlobalDeclaration(_) => None,
        };
        act.map(|act| Statement { span, act }).into_iter().collect()
    }

    fn qualified(self, name: &ast::TSQualifiedName<'_>) -> Expression {
        let object = match &name.left {
            ast::TSTypeName::QualifiedName(left) => self.qualified(left),
            ast::TSTypeName::IdentifierReference(left) => {
                Expression::new(self.span(left.span), Form::Name(left.name.to_string()))
            }
            ast::TSTypeName::ThisExpression(this) => {
                Expression::new(self.span(this.span), Form::Name("this".to_owned()))
            }
        };
        let name_of = name.right.name.to_string();
        Expression::new(self.span(name.span), Form::Member { object, name: name_of })
    }

    /// An enum is the map of its members; one without a value is not a text, and more does not matter.
    fn enumeration(self, declaration: &ast::TSEnumDeclaration<'_>) -> Act {
        let span = self.span(declaration.span);
        let member = |(index, member): (usize, &ast::TSEnumMember<'_>)| {
            let span = self.span(member.span);
            let key = Expression::new(span, Form::Text(member.id.static_name().to_string()));
            let value = member.initializer.as_ref().map(|value| self.expression(value));
            Entry::One(key, value.unwrap_or(Expression::new(span, Form::Number(index as f64))))
        };
        let members = declaration.body.members.iter().enumerate().map(member).collect();
        bind(span, &declaration.id.name, Expression::new(span, Form::Map(members)))
    }

    /// `namespace X { … }` as a function called at once that gives the map of what it exports.
    fn namespace(self, namespace: &ast::TSNamespaceDeclaration<'_>) -> Act {
        let span = self.span(namespace.span);
        let mut body = match &namespace.body {
            ast::TSNamespaceDeclarationBody::TSModuleBlock(block) => self.statements(&block.body),
            ast::TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let name = inner.id.name.to_string();
                let value = Expression::new(span, Form::Name(name.clone()));
                vec![
                    Statement { span, act: self.namespace(inner) },
                    Statement { span, act: Act::Export { name, value } },
                ]
            }
        };
        let mut exported = Vec::new();
        body.retain(|statement| match &statement.act {
            Act::Export { name, value } => {
                let key = Expression::new(statement.span, Form::Text(name.clone()));
                exported.push(Entry::One(key, value.clone()));
                false
            }
            _ => true,
        });
        let value = Some(Expression::new(span, Form::Map(exported)));
        body.push(Statement { span, act: Act::Return(value) });
        let function = Function {
            span,
            name: String::new(),
            parameters: Vec::new(),
            receiver: None,
            result: None,
            decorators: Vec::new(),
            body,
            keeps_this: true,
            binding: Binding::Instance,
        };
        let callee = Expression::new(span, Form::Function(Rc::new(function)));
        let call = Form::Call { callee, arguments: Vec::new(), construction: false };
        bind(span, &namespace.id.name, Expression::new(span, call))
    }

    /// `import("source")`.
    fn load(self, source: &ast::StringLiteral<'_>) -> Expression {
        let span = self.span(source.span);
        let callee = Expression::new(span, Form::Name("import".to_owned()));
        let value = Expression::new(span, Form::Text(source.value.to_string()));
        let arguments = vec![Argument { passing: Passing::Position, value }];
        Expression::new(span, Form::Call { callee, arguments, construction: false })
    }

    fn export_name(self, span: oxc_span::Span, local: &str, exported: &str) -> Statement {
        let span = self.span(span);
        let value = Expression::new(span, Form::Name(local.to_owned()));
        Statement { span, act: Act::Export { name: exported.to_owned(), value } }
    }
}

fn bind(span: text::Span, name: &str, value: Expression) -> Act {
    let target = Expression::new(span, Form::Name(name.to_owned()));
    Act::Bind { target, declares: Declares::Block, value: Some(value), declared: None }
}

/// The names that a declaration binds.
fn bound(statement: &Statement, names: &mut Vec<String>) {
    match &statement.act {
        Act::Function(function) => names.push(function.name.clone()),
        Act::Class(class) => names.push(class.name.clone()),
        Act::Bind { target, .. } => bound_in(target, names),
        _ => {}
    }
}

fn bound_in(target: &Expression, names: &mut Vec<String>) {
    match target.form.as_ref() {
        Form::Name(name) => names.push(name.clone()),
        Form::Assign { target, .. } => bound_in(target, names),
        Form::List(elements) => elements.iter().for_each(|element| match element {
            crate::tree::Element::One(target) | crate::tree::Element::Spread(target) => {
                bound_in(target, names)
            }
        }),
        Form::Map(entries) => entries.iter().for_each(|entry| match entry {
            Entry::One(_, target) | Entry::Spread(target) => bound_in(target, names),
        }),
        _ => {}
    }
}
