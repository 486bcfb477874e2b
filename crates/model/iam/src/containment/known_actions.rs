use std::collections::{BTreeSet, HashMap};

use super::compiled::{Compilation, Side};
use super::meant;
use super::product::Product;
use super::universe::Universe;
use crate::symbol::Letter;
use crate::{Listing, actions};

/// The actions that exist, by the statements that speak of them; looked through no further than
/// is asked for.
pub(super) struct KnownActions<'c> {
    compilation: &'c Compilation<'c>,
    product: Product,
    rest: Box<dyn Iterator<Item = String>>,
    found: HashMap<Vec<usize>, String>,
}

impl<'c> KnownActions<'c> {
    /// Looks at what the inner policies allow.
    pub(super) fn new(compilation: &'c Compilation<'c>) -> Self {
        let statements = compilation.statements.iter();
        let mut patterns = BTreeSet::new();
        for compiled in statements.filter(|compiled| compiled.side == Side::InnerAllow) {
            let listed = &compiled.statement.actions;
            let written = listed.patterns.iter().map(|said| said.value.with_holes("*"));
            match listed.listing {
                Listing::Only if listed.unknowns.is_empty() => patterns.extend(written),
                _ => drop(patterns.insert("*".to_owned())),
            }
        }
        let names = patterns.into_iter().flat_map(|pattern| actions::matching(&pattern));
        Self {
            compilation,
            product: Product::new(Universe::Actions, &compilation.actions.patterns),
            rest: Box::new(names.map(|(name, _)| name)),
            found: HashMap::new(),
        }
    }

    /// An action of which exactly these statements speak.
    pub(super) fn reaching(&mut self, numbers: &[usize]) -> Option<String> {
        if let Some(name) = self.found.get(numbers) {
            return Some(name.clone());
        }
        let statements = &self.compilation.statements;
        for name in &mut self.rest {
            let word = name.chars().map(|letter| Letter::Char(letter.to_ascii_lowercase()));
            let Some(accepted) = self.product.matching(word) else { continue };
            let all = 0..statements.len();
            let meant = meant(statements, all, |compiled| &compiled.actions, &accepted);
            let is_asked = meant == numbers;
            self.found.entry(meant).or_insert_with(|| name.clone());
            if is_asked {
                return Some(name);
            }
        }
        None
    }
}
