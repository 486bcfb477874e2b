//! Conditions of templates, as the words in which readers put them.

/// Whether two branches can never hold at one time: `X` is true in one, false in the other.
pub(crate) fn contradict(left: &[&str], right: &[&str]) -> bool {
    let opposite = |clause: &str| match clause.strip_suffix(" is true") {
        Some(name) => Some(format!("{name} is false")),
        None => clause.strip_suffix(" is false").map(|name| format!("{name} is true")),
    };
    let clauses = |conditions: &[&str]| -> Vec<String> {
        conditions.iter().flat_map(|it| it.split(" and ")).map(str::to_owned).collect()
    };
    let right = clauses(right);
    clauses(left).iter().any(|clause| opposite(clause).is_some_and(|it| right.contains(&it)))
}
