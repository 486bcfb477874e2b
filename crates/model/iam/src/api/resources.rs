//! The ARNs that an action meets, from the arguments of a call.

use std::borrow::Cow;
use std::collections::BTreeSet;

use text::{Part, PartialText, Pseudo, Reference};

use super::catalog::Operation;
use super::format::{Piece, is_pseudo, pieces};
use super::merge::{Met, told_apart};
use super::path::{Found, find};
use super::rows::{Binding, Rows, Use};
use super::{Call, bind, forms};
use crate::services::{self, Detail, ResourceType};

/// More combinations of arguments than these are one unknown.
const MOST_RESOURCES: usize = 256;

/// One action of a call.
pub(super) struct Request<'call> {
    pub(super) call: &'call Call,
    pub(super) operation: &'call Operation,
    pub(super) rows: Option<&'call Rows>,
    pub(super) used: &'call Use<'call>,
}

/// Returns the ARNs that an action of a call meets; `*` for one that no resource limits.
pub(super) fn of(request: &Request<'_>, action: &str, detail: &Detail) -> Vec<PartialText> {
    let service = action.split(':').next().and_then(services::service);
    let Some(service) = service.filter(|_| !detail.types.is_empty()) else {
        return vec![PartialText::known("*")];
    };
    let formats: Vec<Vec<Piece<'_>>> = service.types.iter().map(|kind| pieces(&kind.arn)).collect();
    let wanted: Vec<(&str, bool)> = match &request.used.of {
        Some(only) => vec![(only, true)],
        None => detail.types.iter().map(|(name, required)| (name.as_str(), *required)).collect(),
    };
    let (mut met, mut was_absent) = (Vec::new(), false);
    for (name, required) in &wanted {
        for kind in service.types_named(name) {
            let (filling, paths, arns) = fill(request, kind, wanted.len() == 1, &formats);
            match filling {
                Filling::Absent | Filling::Unbound if !required => {
                    was_absent |= filling == Filling::Absent;
                }
                _ => {
                    let is_whole = *required || filling == Filling::Whole;
                    met.push(Met { is_whole, paths, arns });
                }
            }
        }
    }
    let has_whole = met.iter().any(|one| one.is_whole);
    met.retain(|one| one.is_whole == has_whole);
    let found = told_apart(met);
    match found.len() {
        0 if was_absent => vec![PartialText::known("*")],
        0 => vec![PartialText::unknown(format!(
            "which resource `{action}` meets does not follow from the arguments"
        ))],
        1..=MOST_RESOURCES => found.into_iter().collect(),
        _ => vec![PartialText::unknown("too many resources are possible")],
    }
}

/// How far the arguments fill a type's ARN.
#[derive(Clone, Copy, PartialEq)]
enum Filling {
    /// Every placeholder has its argument.
    Whole,
    /// Some have, the others have none among the operation's members.
    Partly,
    /// A placeholder has an optional argument that was not passed.
    Absent,
    /// No argument names a resource of this type.
    Unbound,
}

/// What fills one piece of an ARN.
#[derive(Clone)]
struct Value {
    text: PartialText,
    /// Whether the argument holds an ARN, by its name.
    is_arn: bool,
    /// Whether no argument is there for it.
    is_gap: bool,
    /// Whether it is the format's own text.
    is_fixed: bool,
}

/// Fills a type's ARN: how far, by which arguments, and the ARNs with unknown parts in place of gaps.
fn fill(
    request: &Request<'_>,
    kind: &ResourceType,
    is_only_type: bool,
    formats: &[Vec<Piece<'_>>],
) -> (Filling, Vec<String>, BTreeSet<PartialText>) {
    let format = pieces(&kind.arn);
    let own = |piece: &Piece<'_>| matches!(piece, Piece::Placeholder(name) if !is_pseudo(name));
    let last = format.iter().rposition(own);
    let is_only = is_only_type && format.iter().filter(|piece| own(piece)).count() == 1;
    let (mut bound, mut gaps, mut was_absent) = (0, 0, false);
    let mut paths = Vec::new();
    let mut combinations: Vec<Vec<Value>> = vec![Vec::new()];
    for (place, piece) in format.iter().enumerate() {
        let Piece::Placeholder(name) = piece else {
            combinations.iter_mut().for_each(|values| values.push(Value::of(piece, request.call)));
            continue;
        };
        if is_pseudo(name) {
            combinations.iter_mut().for_each(|values| values.push(Value::of(piece, request.call)));
            continue;
        }
        let values = match binding(request, kind, name, last == Some(place), is_only) {
            Some(binding) => {
                bound += 1;
                let found = passed(request, &binding);
                let is_repeated = binding.form.is_empty() && paths.contains(&binding.path);
                let mut values: Vec<Value> =
                    found.into_iter().map(|found| value(found, &binding, is_repeated)).collect();
                paths.push(binding.path);
                if values.iter().all(|value| value.is_gap) {
                    was_absent = true;
                } else {
                    values.retain(|value| !value.is_gap);
                }
                values
            }
            None => {
                gaps += 1;
                vec![Value::gap(format!("`{name}` is no argument of {}", request.operation.name))]
            }
        };
        combinations = combinations
            .iter()
            .flat_map(|before| {
                values.iter().map(|value| {
                    let mut values = before.clone();
                    values.push(value.clone());
                    values
                })
            })
            .take(MOST_RESOURCES + 1)
            .collect();
    }
    let arns = combinations.iter().map(|values| join(&format, values, formats)).collect();
    let filling = match (bound, gaps) {
        (0, 0) => Filling::Whole,
        (0, _) => Filling::Unbound,
        _ if was_absent => Filling::Absent,
        (_, 0) => Filling::Whole,
        _ => Filling::Partly,
    };
    (filling, paths.into_iter().map(Cow::into_owned).collect(), arns)
}

/// What the first of a binding's paths leads to at which something is passed.
fn passed(request: &Request<'_>, binding: &Binding<'_>) -> Vec<Found> {
    if let Some(text) = binding.path.strip_prefix('\'') {
        return vec![Found::Text(PartialText::known(text))];
    }
    let mut found = Vec::new();
    for path in binding.path.split(',') {
        found = find(request.call, request.operation, path);
        if found.iter().any(|found| *found != Found::Absent) {
            break;
        }
    }
    // An empty text is what stands in for one that is set at run time.
    let is_empty = |found: &Found| matches!(found, Found::Text(text) if text.parts().is_empty());
    if found.iter().all(is_empty) {
        found.fill(Found::Maybe(format!("`{}` is empty", binding.path)));
    }
    found.retain(|found| !is_empty(found));
    found
}

/// Which argument fills a placeholder: the action's own row, the API's rows, the same name.
fn binding<'call>(
    request: &Request<'call>,
    kind: &ResourceType,
    placeholder: &str,
    is_last: bool,
    is_only: bool,
) -> Option<Binding<'call>> {
    let own = request.used.with.iter().find(|binding| binding.placeholder == placeholder);
    let table = || {
        let binding = request.rows?.binding(&request.operation.name, placeholder)?;
        can_be_passed(request.operation, binding).then_some(binding)
    };
    if let Some(binding) = own.or_else(table) {
        return Some(binding.clone());
    }
    let path = bind::members(request.operation, &kind.name, placeholder, is_last, is_only)?;
    Some(Binding { placeholder: "", path: path.into(), form: "", default: None })
}

/// Whether an operation has one of the arguments that a row names.
fn can_be_passed(operation: &Operation, binding: &Binding<'_>) -> bool {
    binding.path.split(',').any(|path| {
        let first = path.split(['.', '[', '{']).next().unwrap_or_default();
        path.starts_with('\'') || operation.members.iter().any(|(member, _)| member == first)
    })
}

/// What an argument puts into the ARN. One that fills an earlier placeholder as well says nothing of
/// this one, unless it is an ARN and so all of it.
fn value(found: Found, binding: &Binding<'_>, is_repeated: bool) -> Value {
    let is_arn = binding.path.to_ascii_lowercase().trim_end_matches("[]").ends_with("arn");
    let text = match found {
        Found::Text(text) => forms::apply(binding.form, text),
        Found::Maybe(why) => PartialText::unknown(why),
        Found::Present => PartialText::unknown(format!("`{}` is no text", binding.path)),
        Found::Absent => match binding.default {
            Some(default) => PartialText::known(default),
            None => return Value::gap(format!("`{}` is not passed", binding.path)),
        },
    };
    let value = Value { text, is_arn, is_gap: false, is_fixed: false };
    if is_repeated && whole_arn(&value).is_none() {
        return Value::gap(format!("`{}` names another part", binding.path));
    }
    value
}

/// The ARN of a path of API Gateway's own API: `arn:aws:apigateway:eu-west-1::/restapis/a1b2c3`.
///
/// Source: Amazon API Gateway developer guide, "Resource format of permissions for managing API".
pub(super) fn path(call: &Call, operation: &Operation, path: &str) -> PartialText {
    let mut arn = PartialText::known("arn:");
    arn.push(Part::Pseudo(Pseudo::Partition));
    arn.push(Part::Literal(":apigateway:".to_owned()));
    arn.extend(&call.region());
    arn.push(Part::Literal("::".to_owned()));
    for (place, piece) in path.split(['{', '}']).enumerate() {
        if place % 2 == 0 {
            arn.push(Part::Literal(piece.to_owned()));
            continue;
        }
        match find(call, operation, piece).as_slice() {
            [Found::Text(text)] => arn.extend(text),
            [Found::Maybe(why)] => arn.push(Part::Unknown(why.clone())),
            _ => arn.push(Part::Unknown(format!("`{piece}` is not one text"))),
        }
    }
    arn
}

/// Joins the pieces of an ARN. An argument that is an ARN, or refers to a resource, stands for all
/// of the format up to it.
fn join(format: &[Piece<'_>], values: &[Value], formats: &[Vec<Piece<'_>>]) -> PartialText {
    // An argument that would be an ARN, and is not known, leaves region and account open as well.
    let opened = values.iter().any(|value| value.is_arn && all_unknown(&value.text));
    let mut arn = PartialText::default();
    for (place, value) in values.iter().enumerate() {
        let (Some(before), Some(after)) = (format.get(..=place), values.get(place + 1..)) else {
            break;
        };
        let names_one = formats.iter().any(|format| format == before);
        let no_more = after.iter().all(|value| value.is_gap || value.is_fixed);
        if value.is_fixed {
            match before.last() {
                Some(Piece::Placeholder("Region")) if opened => {
                    arn.push(Part::Unknown("the ARN is not known".to_owned()));
                }
                _ => arn.extend(&value.text),
            }
            continue;
        }
        let Some(whole) = whole_arn(value).filter(|_| names_one || no_more) else {
            if forms::is_arn(&value.text) {
                arn.push(name_of(&value.text));
            } else {
                arn.extend(&value.text);
            }
            continue;
        };
        arn = whole;
        if !names_one {
            break;
        }
    }
    if opened { without_place(&arn) } else { arn }
}

impl Value {
    fn of(piece: &Piece<'_>, call: &Call) -> Self {
        let text = match piece {
            Piece::Literal(text) => PartialText::known(*text),
            Piece::Placeholder("Region") => call.region(),
            Piece::Placeholder(name) => {
                let mut text = PartialText::default();
                text.push(Part::Pseudo(match *name {
                    "Account" => Pseudo::Account,
                    _ => Pseudo::Partition,
                }));
                text
            }
        };
        Self { text, is_arn: false, is_gap: false, is_fixed: true }
    }

    fn gap(why: String) -> Self {
        Self { text: PartialText::unknown(why), is_arn: false, is_gap: true, is_fixed: false }
    }
}

/// The ARN that a value is, or refers to.
fn whole_arn(value: &Value) -> Option<PartialText> {
    let text = &value.text;
    if let Some(Reference { entity, attribute }) = text.sole_reference() {
        let attribute = if attribute.ends_with("Arn") { attribute } else { "Arn" };
        return Some(PartialText::reference(entity.clone(), attribute));
    }
    forms::is_arn(text).then(|| text.clone())
}

/// The name at an ARN's end.
fn name_of(arn: &PartialText) -> Part {
    let name = arn.literal().and_then(|arn| arn.rsplit(['/', ':']).next());
    match name {
        Some(name) => Part::Literal(name.to_owned()),
        None => Part::Unknown(format!("the name in `{arn}` is not known")),
    }
}

fn all_unknown(text: &PartialText) -> bool {
    text.parts().iter().all(|part| matches!(part, Part::Unknown(_)))
}

fn without_place(arn: &PartialText) -> PartialText {
    let mut open = PartialText::default();
    for part in arn.parts() {
        open.push(match part {
            Part::Pseudo(Pseudo::Region | Pseudo::Account) => {
                Part::Unknown("the ARN is not known".to_owned())
            }
            part => part.clone(),
        });
    }
    open
}
