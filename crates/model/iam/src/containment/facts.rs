use text::PartialText;

use super::solver::{Choice, Literal, Truth};
use crate::arn::Arn;
use crate::condition::operator::{Absence, Comparison, Operator, Quantifier, Sense};
use crate::pattern::{Case, wildcard_matches};
use crate::{Condition, Principal, PrincipalKind, Principals, Statement, Version};

/// What a request may be besides its action and resource, as facts that hold or not.
///
/// Facts are symbols: what they say is not looked into, but for what follows from one another
/// ([`Facts::consequences`]).
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<Fact>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    /// A value of the request compares with this one.
    Compares { comparison: Comparison, key: String, value: PartialText, said: Condition },
    /// All values of the request compare with one of these.
    AllCompare { comparison: Comparison, key: String, values: Vec<PartialText>, said: Condition },
    /// The request has no such key.
    Absent { key: String, said: Condition },
    /// What the template decides: the statement exists.
    Exists(text::Condition),
    /// The request is made by this principal.
    MadeBy(PrincipalKind, PartialText),
    /// A condition of which not enough is known to compare it, even with itself.
    Opaque(Condition),
}

impl Facts {
    /// What must hold for a statement to speak of a request: each of these choices.
    pub(super) fn demands(&mut self, statement: &Statement, version: Version) -> Vec<Choice> {
        let mut demands = Vec::new();
        if let Some(when) = &statement.when {
            demands.push(one(Literal::holds(self.number(Fact::Exists(when.clone())))));
        }
        match &statement.principals {
            Principals::Absent => {}
            Principals::Only(principals) => {
                if !principals.iter().any(Principal::is_everyone) {
                    let made_by = |principal| vec![Literal::holds(self.made_by(principal))];
                    demands.push(principals.iter().map(made_by).collect());
                }
            }
            Principals::AllExcept(principals) => {
                for principal in principals {
                    demands.push(match principal.is_everyone() {
                        true => Choice::new(),
                        false => one(Literal::fails(self.made_by(principal))),
                    });
                }
            }
        }
        for condition in &statement.conditions {
            demands.extend(self.of_condition(condition, version));
        }
        demands
    }

    fn of_condition(&mut self, condition: &Condition, version: Version) -> Vec<Choice> {
        // What another version calls a variable is plain text in this one.
        let is_text = |value: &PartialText| version == Version::V2008 && value.has_literal("${");
        let is_unknown = |value: &PartialText| value.unknown_reason().is_some() || is_text(value);
        let values: Vec<_> = condition.values.iter().map(|said| said.value.clone()).collect();
        let operator = match Operator::parse(&condition.operator) {
            Some(operator) if !values.iter().any(is_unknown) => operator,
            _ => {
                self.0.push(Fact::Opaque(condition.clone()));
                return vec![one(Literal::holds(self.0.len() - 1))];
            }
        };
        let key = condition.key.to_ascii_lowercase();
        let comparison = operator.comparison;
        let absent = Fact::Absent { key: key.clone(), said: condition.clone() };
        if comparison == Comparison::Null {
            let absent = self.number(absent);
            let literal = |value: &PartialText| match value.literal() {
                Some(word) if word.eq_ignore_ascii_case("true") => Literal::holds(absent),
                _ => Literal::fails(absent),
            };
            return vec![values.iter().map(|value| vec![literal(value)]).collect()];
        }
        let or_absent = match (operator.absence, operator.sense, operator.quantifier) {
            (Absence::Holds, Sense::Is, Quantifier::Single | Quantifier::Any)
            | (Absence::Holds, Sense::IsNot, Quantifier::Any) => {
                Some(vec![Literal::holds(self.number(absent))])
            }
            // The others hold for an absent key anyway.
            _ => None,
        };
        match (operator.quantifier, operator.sense) {
            (Quantifier::Single | Quantifier::Any, Sense::Is) => {
                let compares = values.into_iter().map(|value| {
                    let (key, said) = (key.clone(), condition.clone());
                    let fact = Fact::Compares { comparison, key, value, said };
                    vec![Literal::holds(self.number(fact))]
                });
                let choice = compares.collect::<Choice>();
                vec![choice.into_iter().chain(or_absent).collect()]
            }
            (Quantifier::Single | Quantifier::All, Sense::IsNot) => {
                let differs = values.into_iter().map(|value| {
                    let (key, said) = (key.clone(), condition.clone());
                    let fact = Fact::Compares { comparison, key, value, said };
                    one(Literal::fails(self.number(fact)))
                });
                differs.collect()
            }
            (Quantifier::All, Sense::Is) => {
                vec![one(Literal::holds(self.all(condition, operator)))]
            }
            (Quantifier::Any, Sense::IsNot) => {
                let differs = vec![Literal::fails(self.all(condition, operator))];
                vec![std::iter::once(differs).chain(or_absent).collect()]
            }
        }
    }

    fn all(&mut self, condition: &Condition, operator: Operator) -> usize {
        let mut values: Vec<_> = condition.values.iter().map(|said| said.value.clone()).collect();
        values.sort();
        values.dedup();
        let key = condition.key.to_ascii_lowercase();
        let comparison = operator.comparison;
        self.number(Fact::AllCompare { comparison, key, values, said: condition.clone() })
    }

    fn made_by(&mut self, principal: &Principal) -> usize {
        let value = principal.value.value.clone();
        if value.unknown_reason().is_some() {
            self.0.push(Fact::MadeBy(principal.kind, value));
            return self.0.len() - 1;
        }
        self.number(Fact::MadeBy(principal.kind, value))
    }

    fn number(&mut self, fact: Fact) -> usize {
        if let Some(known) = self.0.iter().position(|known| known.is(&fact)) {
            return known;
        }
        self.0.push(fact);
        self.0.len() - 1
    }

    /// What follows from a literal, besides itself.
    pub(super) fn consequences(&self, literal: Literal) -> Vec<Literal> {
        let Some(fact) = self.0.get(literal.fact) else { return Vec::new() };
        let others = self.0.iter().enumerate();
        let follows = others.filter_map(|(number, other)| match literal.truth {
            Truth::Holds if fact.excludes(other) || other.excludes(fact) => {
                Some(Literal::fails(number))
            }
            Truth::Holds if fact.implies(other) => Some(Literal::holds(number)),
            Truth::Fails if other.implies(fact) => Some(Literal::fails(number)),
            _ => None,
        });
        follows.filter(|other| other.fact != literal.fact).collect()
    }

    /// Writes literals out as conditions of a policy; what a template decides is left out.
    pub(super) fn conditions(&self, literals: &[Literal]) -> Vec<Condition> {
        let written = |literal: &Literal| self.0.get(literal.fact)?.written(literal.truth);
        literals.iter().filter_map(written).collect()
    }
}

/// The choice that is none.
fn one(literal: Literal) -> Choice {
    vec![vec![literal]]
}

impl Fact {
    /// Whether both say the same, wherever they are written.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Fact::Compares { comparison, key, value, .. },
                Fact::Compares { comparison: its, key: its_key, value: its_value, .. },
            ) => comparison == its && key == its_key && value == its_value,
            (
                Fact::AllCompare { comparison, key, values, .. },
                Fact::AllCompare { comparison: its, key: its_key, values: its_values, .. },
            ) => comparison == its && key == its_key && values == its_values,
            (Fact::Absent { key, .. }, Fact::Absent { key: its_key, .. }) => key == its_key,
            (Fact::Exists(when), Fact::Exists(its)) => when == its,
            (Fact::MadeBy(kind, value), Fact::MadeBy(its, its_value)) => {
                kind == its && value == its_value && value.unknown_reason().is_none()
            }
            _ => false,
        }
    }

    /// Whether the other cannot hold where this one does.
    fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Fact::Compares { key, .. }, Fact::Absent { key: absent, .. }) => key == absent,
            _ => false,
        }
    }

    /// Whether the other holds wherever this one does.
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Fact::Compares { comparison, key, value, .. },
                Fact::Compares { comparison: its, key: its_key, value: its_value, .. },
            ) => key == its_key && is_narrower((*comparison, value), (*its, its_value)),
            (
                Fact::AllCompare { comparison, key, values, .. },
                Fact::AllCompare { comparison: its, key: its_key, values: its_values, .. },
            ) => {
                let is_covered = |value: &PartialText| {
                    let mut wider = its_values.iter();
                    wider.any(|its_value| is_narrower((*comparison, value), (*its, its_value)))
                };
                key == its_key && values.iter().all(is_covered)
            }
            // Of no values all compare.
            (Fact::Absent { key, .. }, Fact::AllCompare { key: its_key, .. }) => key == its_key,
            _ => false,
        }
    }

    fn written(&self, truth: Truth) -> Option<Condition> {
        let sense = match truth {
            Truth::Holds => Sense::Is,
            Truth::Fails => Sense::IsNot,
        };
        let written = |said: &Condition, operator: String, values: Vec<PartialText>| {
            let said_at = |value| text::Said::new(value, said.span);
            let values = values.into_iter().map(said_at).collect();
            Condition { span: said.span, operator, key: said.key.clone(), values }
        };
        match self {
            Fact::Compares { comparison, value, said, .. } => {
                let operator = named("", *comparison, sense)?;
                Some(written(said, operator, vec![value.clone()]))
            }
            Fact::AllCompare { comparison, values, said, .. } => {
                let quantifier = match truth {
                    Truth::Holds => "ForAllValues:",
                    Truth::Fails => "ForAnyValue:",
                };
                let operator = named(quantifier, *comparison, sense)?;
                Some(written(said, operator, values.clone()))
            }
            Fact::Absent { said, .. } => {
                let value = PartialText::known((truth == Truth::Holds).to_string());
                Some(written(said, "Null".to_owned(), vec![value]))
            }
            Fact::Opaque(said) if truth == Truth::Holds => Some(said.clone()),
            Fact::Opaque(_) | Fact::Exists(_) | Fact::MadeBy(..) => None,
        }
    }
}

/// The operator's name; `None` where the language has none: nothing says that a number is not less.
fn named(quantifier: &str, comparison: Comparison, sense: Sense) -> Option<String> {
    let name = Operator::name(comparison, sense);
    (!name.is_empty()).then(|| format!("{quantifier}{name}"))
}

/// Whether all that compares with the first value compares with the second too.
fn is_narrower(
    (comparison, value): (Comparison, &PartialText),
    (wider, pattern): (Comparison, &PartialText),
) -> bool {
    if comparison == wider && value == pattern {
        return true;
    }
    let (Some(value), Some(pattern)) = (value.literal(), pattern.literal()) else { return false };
    // A variable's value may hold anything, and `?` stands for one character only.
    if value.contains("${") || pattern.contains("${") {
        return false;
    }
    let is_plain = comparison == Comparison::Equals;
    let is_safe = is_plain || !pattern.contains('?');
    match (comparison, wider) {
        (Comparison::Equals | Comparison::Like, Comparison::Like) => {
            is_safe && wildcard_matches(pattern, value, Case::Sensitive)
        }
        (Comparison::Arn, Comparison::Arn) => {
            let parsed = Arn::parse(value).zip(Arn::parse(pattern));
            is_safe && parsed.is_some_and(|(value, pattern)| value.is_like(&pattern))
        }
        _ => false,
    }
}
