use std::collections::HashMap;

use text::{Part, PartialText};

/// Texts that are decided elsewhere, numbered: the same number, the same text.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    numbers: HashMap<Symbol, u32>,
    symbols: Vec<Symbol>,
}

/// One text that is decided elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    /// By the deployment.
    Deployed(Part),
    /// By the request: a policy variable, as it is written.
    Variable(String),
}

impl Symbols {
    /// Returns the number of a symbol.
    pub(crate) fn number(&mut self, symbol: Symbol) -> u32 {
        if let Some(number) = self.numbers.get(&symbol) {
            return *number;
        }
        let number = u32::try_from(self.symbols.len()).unwrap_or(u32::MAX);
        self.symbols.push(symbol.clone());
        self.numbers.insert(symbol, number);
        number
    }

    /// Writes a symbol out as the part of a text.
    pub(crate) fn part(&self, number: u32) -> Part {
        match self.symbols.get(number as usize) {
            Some(Symbol::Deployed(part)) => part.clone(),
            Some(Symbol::Variable(written)) => Part::Literal(written.clone()),
            None => Part::Unknown("no such symbol".to_owned()),
        }
    }
}

/// A letter of a text that may hold symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Letter {
    /// A character.
    Char(char),
    /// A symbol.
    Symbol(u32),
}

/// Writes letters out.
pub(crate) fn spelled(word: &[Letter], symbols: &Symbols) -> PartialText {
    let mut text = PartialText::default();
    for letter in word {
        text.push(match letter {
            Letter::Char(character) => Part::Literal(character.to_string()),
            Letter::Symbol(number) => symbols.part(*number),
        });
    }
    text
}
