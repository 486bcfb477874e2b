use std::collections::BTreeMap;

use super::model::{Column, Picture};

/// Sweeps over the columns; the order settles after a few.
const SWEEPS: usize = 12;

/// The nodes of each column from top to bottom, ordered so that few edges cross.
///
/// Method: barycenters, each node to the mean place of its neighbours in the other columns
/// (Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system
/// structures", 1981). Ties keep their order, so the result is the same in every run.
pub(crate) fn columns(picture: &Picture) -> BTreeMap<Column, Vec<usize>> {
    let mut columns: BTreeMap<Column, Vec<usize>> = BTreeMap::new();
    for (position, node) in picture.nodes.iter().enumerate() {
        columns.entry(node.column).or_default().push(position);
    }
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); picture.nodes.len()];
    for edge in &picture.edges {
        for (node, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
            if let Some(list) = neighbours.get_mut(node) {
                list.push(other);
            }
        }
    }
    let mut place = vec![0.0_f64; picture.nodes.len()];
    columns.values().for_each(|nodes| settle(nodes, &mut place));
    let order: Vec<Column> = columns.keys().copied().collect();
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let walk: Vec<Column> =
            if forward { order.clone() } else { order.iter().rev().copied().collect() };
        for column in walk {
            let Some(nodes) = columns.get_mut(&column) else { continue };
            let mut wanted: Vec<(f64, usize)> = nodes
                .iter()
                .map(|&node| {
                    let around = neighbours.get(node).map_or(&[][..], Vec::as_slice);
                    let sum: f64 = around.iter().filter_map(|other| place.get(*other)).sum();
                    let own = place.get(node).copied().unwrap_or(0.0);
                    let mean = if around.is_empty() { own } else { sum / around.len() as f64 };
                    (mean, node)
                })
                .collect();
            wanted.sort_by(|left, right| left.0.total_cmp(&right.0));
            *nodes = wanted.into_iter().map(|(_, node)| node).collect();
            settle(nodes, &mut place);
        }
    }
    columns
}

/// Places a column's nodes evenly between 0 and 1.
fn settle(nodes: &[usize], place: &mut [f64]) {
    for (row, node) in nodes.iter().enumerate() {
        if let Some(place) = place.get_mut(*node) {
            *place = (row as f64 + 0.5) / nodes.len() as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Line, Node};
    use super::*;

    #[test]
    fn crossing_edges_are_untangled() {
        let node = |column| Node {
            column,
            name: String::new(),
            kind: String::new(),
            entities: Vec::new(),
            worst: None,
        };
        let nodes = vec![
            node(Column::Trigger),
            node(Column::Trigger),
            node(Column::Function),
            node(Column::Function),
        ];
        let line = |from, to| Line { from, to, words: "invokes" };
        let picture = Picture { title: String::new(), nodes, edges: vec![line(0, 3), line(1, 2)] };
        let columns = columns(&picture);
        let row = |column, node| columns[&column].iter().position(|other| *other == node).unwrap();
        assert_eq!(row(Column::Trigger, 0), row(Column::Function, 3));
        assert_eq!(row(Column::Trigger, 1), row(Column::Function, 2));
    }
}
