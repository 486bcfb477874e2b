//! One ARN for several, where an argument does not tell of which type the resource is.

use std::collections::{BTreeMap, BTreeSet};

use text::{Part, PartialText};

/// Types of resource that one argument may name, up to which each gets an ARN of its own.
const FEW_TYPES: usize = 3;

/// Fields of an ARN; the last is the resource.
const FIELDS: usize = 6;

/// What the arguments say of one type of resource.
pub(super) struct Met {
    /// Whether every call meets one, or every placeholder has its argument.
    pub(super) is_whole: bool,
    /// The arguments that name it.
    pub(super) paths: Vec<String>,
    pub(super) arns: BTreeSet<PartialText>,
}

/// The ARNs of all types; of many that the same argument may name, what their ARNs share.
pub(super) fn told_apart(met: Vec<Met>) -> BTreeSet<PartialText> {
    let mut by_paths: BTreeMap<Vec<String>, Vec<BTreeSet<PartialText>>> = BTreeMap::new();
    for one in met {
        by_paths.entry(one.paths).or_default().push(one.arns);
    }
    let mut found = BTreeSet::new();
    for (paths, arns) in by_paths {
        let all: BTreeSet<PartialText> = arns.iter().flatten().cloned().collect();
        if paths.is_empty() || arns.len() <= FEW_TYPES {
            found.extend(all);
            continue;
        }
        // An argument that is an ARN is the same for every type.
        let (sure, open): (Vec<PartialText>, Vec<PartialText>) =
            all.into_iter().partition(|arn| arns.iter().all(|of_type| of_type.contains(arn)));
        match merge(&open) {
            Some(merged) => found.extend(sure.into_iter().chain([merged])),
            None => found.extend(sure.into_iter().chain(open)),
        }
    }
    found
}

/// Returns an ARN that covers all of these: field by field what they share, and unknown what not.
fn merge(arns: &[PartialText]) -> Option<PartialText> {
    let mut arns = arns.iter().map(|arn| split(arn, &[':'], FIELDS));
    let first = arns.next()?;
    let fields = arns.try_fold(first, |merged, arn| {
        (merged.len() == arn.len())
            .then(|| merged.iter().zip(&arn).map(|(one, other)| shared(one, other)).collect())
    })?;
    let mut merged = PartialText::default();
    fields.iter().for_each(|field: &PartialText| merged.extend(field));
    Some(merged)
}

/// The steps that two fields begin and end with, what lies between them unknown.
fn shared(one: &PartialText, other: &PartialText) -> PartialText {
    let (one, other) = (steps(one), steps(other));
    if one == other {
        return joined(&one);
    }
    let shorter = one.len().min(other.len());
    let begin = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let from_end = one.iter().rev().zip(other.iter().rev());
    let end = from_end.take(shorter - begin).take_while(|(one, other)| one == other).count();
    let between = |steps: &[PartialText]| -> Option<char> {
        let last = steps.len().checked_sub(end + 1)?;
        match steps.get(last)?.parts().last()? {
            Part::Literal(text) => text.chars().last().filter(|last| [':', '/'].contains(last)),
            _ => None,
        }
    };
    let mut shared = joined(one.get(..begin).unwrap_or_default());
    shared.push(Part::Unknown("its type does not follow from the arguments".to_owned()));
    if let Some(separator) = between(&one).filter(|own| between(&other) == Some(*own)) {
        shared.push(Part::Literal(separator.to_string()));
    }
    shared.extend(&joined(one.get(one.len() - end..).unwrap_or_default()));
    shared
}

fn steps(field: &PartialText) -> Vec<PartialText> {
    split(field, &[':', '/'], usize::MAX)
}

fn joined(steps: &[PartialText]) -> PartialText {
    let mut joined = PartialText::default();
    steps.iter().for_each(|step| joined.extend(step));
    joined
}

/// Takes a text apart behind each separator, into `most` pieces at most.
fn split(text: &PartialText, separators: &[char], most: usize) -> Vec<PartialText> {
    let mut pieces = vec![PartialText::default()];
    for part in text.parts() {
        let Part::Literal(literal) = part else {
            if let Some(last) = pieces.last_mut() {
                last.push(part.clone());
            }
            continue;
        };
        let mut rest = literal.as_str();
        while let Some(place) = rest.find(separators).filter(|_| pieces.len() < most) {
            let (piece, after) = rest.split_at(place + 1);
            if let Some(last) = pieces.last_mut() {
                last.push(Part::Literal(piece.to_owned()));
            }
            pieces.push(PartialText::default());
            rest = after;
        }
        if let Some(last) = pieces.last_mut() {
            last.push(Part::Literal(rest.to_owned()));
        }
    }
    pieces
}
