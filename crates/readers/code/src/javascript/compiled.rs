//! Helpers that compilers write into their output, known by their names.

use oxc_ast::ast;

use super::Reader;
use crate::tree::{Argument, Expression, Form, Passing};

impl Reader {
    /// What a call of such a helper comes to; `None` for any other call.
    pub(super) fn compiled(self, call: &ast::CallExpression<'_>) -> Option<Form> {
        let name = match &call.callee {
            ast::Expression::Identifier(name) => name.name.as_str(),
            ast::Expression::SequenceExpression(sequence) => {
                sequence.expressions.last()?.get_member_expr()?.static_property_name()?
            }
            callee => callee.get_member_expr()?.static_property_name()?,
        };
        let argument = |position: usize| {
            call.arguments.get(position)?.as_expression().map(|value| self.expression(value))
        };
        match name {
            // A module, with or without what makes it look like the other kind.
            "__importDefault"
            | "__importStar"
            | "__toESM"
            | "__toCommonJS"
            | "_interopRequireDefault"
            | "_interopRequireWildcard"
            | "_interop_require_default"
            | "_interop_require_wildcard" => argument(0).map(|module| *module.form),
            // An `async` function's body, as a generator; `_a.sent()` is what was waited for.
            "__awaiter" => Some(self.run_with_this(argument(3)?, argument(0)?, None)),
            "__generator" => {
                let body = argument(1)?;
                let state = Expression::new(body.span, Form::Opaque("awaited", Vec::new()));
                Some(self.run_with_this(body, argument(0)?, Some(state)))
            }
            _ => None,
        }
    }

    /// `function.call(this, argument)`.
    fn run_with_this(
        self,
        function: Expression,
        this: Expression,
        argument: Option<Expression>,
    ) -> Form {
        let span = function.span;
        let callee = Form::Member { object: function, name: "call".to_owned() };
        let values = std::iter::once(this).chain(argument);
        let arguments =
            values.map(|value| Argument { passing: Passing::Position, value }).collect();
        Form::Call { callee: Expression::new(span, callee), arguments, construction: false }
    }
}
