//! Types of variables: what they put in where a value leaves it out.

use hcl_edit::expr::{Expression, ObjectKey};

use super::evaluate::{Evaluator, Scope};
use documents::value::{Alternative, Kind, Member, Value};

/// Attributes that one variable's type puts in; a type may stand for every element of a map.
const MOST_DEFAULTS: usize = 50_000;

/// The value as a variable's type makes it: an `optional` attribute that is left out, or null, has
/// its default.
///
/// Source: "Optional Object Type Attributes" of the Terraform language documentation.
pub(super) fn completed(
    evaluator: &Evaluator<'_>,
    value: Value,
    declared: &Expression,
    scope: &Scope,
) -> Value {
    Completion { evaluator, scope, left: MOST_DEFAULTS }.value(value, declared)
}

struct Completion<'a> {
    evaluator: &'a Evaluator<'a>,
    scope: &'a Scope,
    left: usize,
}

impl Completion<'_> {
    fn value(&mut self, value: Value, declared: &Expression) -> Value {
        let Expression::FuncCall(call) = declared else { return value };
        let Some(inner) = call.args.iter().next() else { return value };
        let Value { span, origin, tag, kind } = value;
        let kind = match (call.name.name.as_str(), kind) {
            (_, Kind::Branches(alternatives)) => {
                let each = |alternative: Alternative| Alternative {
                    value: self.value(alternative.value, declared),
                    ..alternative
                };
                Kind::Branches(alternatives.into_iter().map(each).collect())
            }
            ("list" | "set", Kind::List(items)) => {
                Kind::List(items.into_iter().map(|item| self.value(item, inner)).collect())
            }
            ("map", Kind::Map(members)) => {
                let each =
                    |member: Member| Member { value: self.value(member.value, inner), ..member };
                Kind::Map(members.into_iter().map(each).collect())
            }
            ("object", Kind::Map(members)) => Kind::Map(self.object(members, inner, span)),
            (_, kind) => kind,
        };
        Value { span, origin, tag, kind }
    }

    fn object(
        &mut self,
        mut members: Vec<Member>,
        declared: &Expression,
        span: text::Span,
    ) -> Vec<Member> {
        let Expression::Object(attributes) = declared else { return members };
        for (key, attribute) in attributes {
            let name = match key {
                ObjectKey::Ident(name) => name.as_str(),
                ObjectKey::Expression(expression) => match expression.as_str() {
                    Some(name) => name,
                    None => continue,
                },
            };
            let (declared, default) = match attribute.expr() {
                Expression::FuncCall(call) if call.name.name.as_str() == "optional" => {
                    let mut arguments = call.args.iter();
                    let Some(declared) = arguments.next() else { continue };
                    (declared, Some(arguments.next()))
                }
                declared => (declared, None),
            };
            let given = members.iter_mut().find(|member| &*member.key == name);
            match (given, default) {
                (Some(member), Some(Some(default))) if member.value.is_null() => {
                    member.value = self.default(default, declared);
                }
                (Some(member), _) => {
                    let value = std::mem::replace(&mut member.value, Value::new(Kind::Null, span));
                    member.value = self.value(value, declared);
                }
                (None, Some(default)) => {
                    let value = match default {
                        Some(default) => self.default(default, declared),
                        None => Value::new(Kind::Null, span),
                    };
                    members.push(Member { key: name.into(), key_span: span, value });
                }
                // Terraform refuses a value that lacks it; whoever asks for it learns so.
                (None, None) => {}
            }
        }
        members
    }

    fn default(&mut self, default: &Expression, declared: &Expression) -> Value {
        let value = self.evaluator.expression(default, self.scope);
        let size = super::values::size(&value);
        if size > self.left {
            return Value::unknown("the variable's type puts in too many defaults", value.span);
        }
        self.left -= size;
        self.value(value, declared)
    }
}
