use std::collections::{BTreeSet, HashMap};

use text::{EntityId, Problem};

use documents::declaration::Declaration;
use documents::value::{Kind, Value};

/// Resources that refer to one another in a circle, each circle said once: they are read, and
/// cannot be deployed.
pub(super) fn problems(declarations: &[Declaration]) -> Vec<Problem> {
    let numbers: HashMap<&EntityId, usize> = declarations
        .iter()
        .enumerate()
        .map(|(number, declaration)| (&declaration.id, number))
        .collect();
    let edges: Vec<Vec<usize>> = declarations
        .iter()
        .map(|declaration| {
            let mut targets = BTreeSet::new();
            collect(&declaration.properties, &numbers, &mut targets);
            targets.into_iter().collect()
        })
        .collect();
    let mut problems = Vec::new();
    // 0: not seen, 1: on the way here, 2: done.
    let mut marks = vec![0u8; declarations.len()];
    for first in 0..declarations.len() {
        if marks.get(first) != Some(&0) {
            continue;
        }
        let mut way: Vec<(usize, usize)> = vec![(first, 0)];
        mark(&mut marks, first, 1);
        while let Some((node, next)) = way.last_mut() {
            let target = edges.get(*node).and_then(|targets| targets.get(*next)).copied();
            *next += 1;
            let Some(target) = target else {
                mark(&mut marks, *node, 2);
                way.pop();
                continue;
            };
            match marks.get(target) {
                Some(0) => {
                    mark(&mut marks, target, 1);
                    way.push((target, 0));
                }
                Some(1) => {
                    let circle = way.iter().map(|(node, _)| *node);
                    let circle: Vec<usize> = circle.skip_while(|node| *node != target).collect();
                    problems.extend(said(&circle, declarations));
                }
                _ => {}
            }
        }
    }
    problems
}

fn mark(marks: &mut [u8], node: usize, value: u8) {
    if let Some(mark) = marks.get_mut(node) {
        *mark = value;
    }
}

fn said(circle: &[usize], declarations: &[Declaration]) -> Option<Problem> {
    let members: Vec<&Declaration> =
        circle.iter().filter_map(|node| declarations.get(*node)).collect();
    let (first, rest) = members.split_first()?;
    let message = match rest {
        [] => format!("`{}` refers to itself", first.name),
        [others @ .., last] => {
            let names = std::iter::once(first).chain(others);
            let names: Vec<String> = names.map(|it| format!("`{}`", it.name)).collect();
            format!("{} and `{}` refer to one another in a circle", names.join(", "), last.name)
        }
    };
    Some(Problem::advice(message, first.said.into()))
}

fn collect(value: &Value, numbers: &HashMap<&EntityId, usize>, targets: &mut BTreeSet<usize>) {
    match &value.kind {
        Kind::Text(text) => {
            targets.extend(text.references().filter_map(|it| numbers.get(&it.entity).copied()));
        }
        Kind::List(items) => items.iter().for_each(|item| collect(item, numbers, targets)),
        Kind::Map(members) => {
            members.iter().for_each(|member| collect(&member.value, numbers, targets));
        }
        Kind::Branches(alternatives) => {
            alternatives.iter().for_each(|it| collect(&it.value, numbers, targets));
        }
        _ => {}
    }
}
