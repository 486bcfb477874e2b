use super::facts::Facts;
use super::solver::Choice;
use crate::pattern::{Reach, Token};
use crate::piece::{Stance, Wildcards, arn_readings, pieces, tokens};
use crate::symbol::Symbols;
use crate::{Effect, Listing, Patterns, Policy, Statement, Version};

/// A statement as it is compared.
#[derive(Debug)]
pub(super) struct Compiled<'a> {
    pub(super) statement: &'a Statement,
    pub(super) side: Side,
    pub(super) actions: Matcher,
    pub(super) resources: Matcher,
    /// What must hold besides: each of these choices.
    pub(super) demands: Vec<Choice>,
}

/// Which policies a statement is of, and its effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Allows, in the policies that are to be within the others.
    InnerAllow,
    /// Denies, in the same.
    InnerDeny,
    /// Allows, in the others.
    OuterAllow,
    /// Denies, in the others.
    OuterDeny,
}

/// Which policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Those that are to be within the others.
    Inner,
    /// The others.
    Outer,
}

/// Which of the numbered patterns a statement names, and how it means them.
#[derive(Debug, Default)]
pub(super) struct Matcher {
    pub(super) listing: Listing,
    pub(super) patterns: Vec<usize>,
}

impl Matcher {
    /// Whether the statement means what exactly these patterns match.
    pub(super) fn means(&self, accepted: &[usize]) -> bool {
        let is_named = self.patterns.iter().any(|pattern| accepted.binary_search(pattern).is_ok());
        is_named == (self.listing == Listing::Only)
    }
}

/// Patterns, each once, in the ways that it can be read.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    pub(super) patterns: Vec<Vec<Vec<Token>>>,
    numbers: std::collections::HashMap<Vec<Vec<Token>>, usize>,
}

impl Numbered {
    fn number(&mut self, readings: Vec<Vec<Token>>) -> usize {
        if let Some(number) = self.numbers.get(&readings) {
            return *number;
        }
        self.patterns.push(readings.clone());
        self.numbers.insert(readings, self.patterns.len() - 1);
        self.patterns.len() - 1
    }
}

/// Everything that the statements of both sides say.
#[derive(Debug, Default)]
pub(super) struct Compilation<'a> {
    pub(super) statements: Vec<Compiled<'a>>,
    pub(super) actions: Numbered,
    pub(super) resources: Numbered,
    pub(super) facts: Facts,
    pub(super) symbols: Symbols,
}

impl<'a> Compilation<'a> {
    /// Adds a policy's statements.
    pub(super) fn add(&mut self, policy: &'a Policy, origin: Origin) {
        for statement in &policy.statements {
            let side = match (origin, statement.effect) {
                (Origin::Inner, Effect::Allow) => Side::InnerAllow,
                (Origin::Inner, Effect::Deny) => Side::InnerDeny,
                (Origin::Outer, Effect::Allow) => Side::OuterAllow,
                (Origin::Outer, Effect::Deny) => Side::OuterDeny,
            };
            let compiled = Compiled {
                statement,
                side,
                actions: self.actions(&statement.actions, side),
                resources: self.resources(&statement.resources, side, policy.version),
                demands: self.facts.demands(statement, policy.version),
            };
            self.statements.push(compiled);
        }
    }

    fn actions(&mut self, patterns: &Patterns, side: Side) -> Matcher {
        let stance = side.stance(patterns.listing);
        let mut numbers = Vec::new();
        for said in &patterns.patterns {
            let pieces = pieces(&said.value, Wildcards::Meant, Version::V2008);
            let Some(mut tokens) = tokens(&pieces, &mut self.symbols, stance) else { continue };
            for token in &mut tokens {
                if let Token::Literal(letter) = token {
                    letter.make_ascii_lowercase();
                }
            }
            numbers.push(self.actions.number(vec![tokens]));
        }
        if !patterns.unknowns.is_empty() && stance == Stance::Symbolically {
            numbers.push(self.actions.number(anything()));
        }
        Matcher { listing: patterns.listing, patterns: numbers }
    }

    fn resources(&mut self, patterns: &Patterns, side: Side, version: Version) -> Matcher {
        let stance = side.stance(patterns.listing);
        let mut numbers = Vec::new();
        for said in &patterns.patterns {
            let pieces = pieces(&said.value, Wildcards::Meant, version);
            let readings = arn_readings(&pieces, &mut self.symbols, stance);
            numbers.push(self.resources.number(readings));
        }
        // A trust policy names no resource: it is its role's.
        let is_absent = patterns.patterns.is_empty() && patterns.unknowns.is_empty();
        let is_unknown = !patterns.unknowns.is_empty() && stance == Stance::Symbolically;
        if is_absent || is_unknown {
            numbers.push(self.resources.number(anything()));
        }
        Matcher { listing: patterns.listing, patterns: numbers }
    }
}

impl Side {
    /// What is not known must never make the inner policies narrower, nor the outer ones wider.
    fn stance(self, listing: Listing) -> Stance {
        match (self, listing) {
            (Side::InnerAllow | Side::OuterDeny, Listing::Only)
            | (Side::InnerDeny | Side::OuterAllow, Listing::AllExcept) => Stance::Symbolically,
            _ => Stance::Surely,
        }
    }
}

fn anything() -> Vec<Vec<Token>> {
    vec![vec![Token::Run(Reach::Text)]]
}
