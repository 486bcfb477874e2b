//! The rules of all judges, in one list.

use finding::Rule;

/// There is no such rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoSuchRule {
    /// What was asked for.
    pub id: String,
    /// The rule that was perhaps meant.
    pub nearest: Option<&'static str>,
}

impl std::fmt::Display for NoSuchRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let id = &self.id;
        match self.nearest {
            Some(near) => write!(formatter, "there is no rule `{id}`; did you mean `{near}`?"),
            None => write!(formatter, "there is no rule `{id}`; `casemate rules` lists them"),
        }
    }
}

impl std::error::Error for NoSuchRule {}

/// Every rule, by family and then by id.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let posture = posture::RULES.iter().map(|check| check.rule);
    let mut rules: Vec<_> =
        posture.chain(permissions::RULES.iter().map(|check| check.rule)).collect();
    rules.sort_by_key(|rule| (rule.family, rule.id));
    rules.into_iter()
}

/// The rule of that id, or the nearest one as a suggestion.
pub fn rule(id: &str) -> Result<&'static Rule, NoSuchRule> {
    rules().find(|rule| rule.id == id).ok_or_else(|| {
        let near = rules().map(|rule| (distance(id, rule.id), rule.id)).min();
        let nearest = near.filter(|(edits, near)| edits * 2 <= near.len()).map(|(_, near)| near);
        NoSuchRule { id: id.to_owned(), nearest }
    })
}

/// How many letters have to be put in, taken out or changed: the Levenshtein distance, by one row
/// of its table at a time.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    // Nobody mistypes that much, and the table must stay small.
    for (number, letter) in from.chars().take(100).enumerate() {
        let mut next = vec![number + 1];
        for ((other, above), diagonal) in to.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or_default();
            let changed = diagonal + usize::from(letter != *other);
            next.push(changed.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
