use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use super::automaton::{Automaton, DEAD};
use super::universe::{Progress, Universe};
use crate::pattern::Token;
use crate::symbol::Letter;

/// Most work that one comparison does, in steps of single patterns; policies that people write need
/// some thousands.
const MOST_STEPS: usize = 5_000_000;

/// Letters for what no pattern names, the first that is free.
const OTHERS: &str = "xyzwvabcdefghijklmnopqrstu0123456789-_";

/// Many patterns that read the same text.
#[derive(Debug)]
pub(super) struct Product {
    universe: Universe,
    automata: Vec<Automaton>,
}

/// The patterns are too many, or too entangled, to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMany;

/// Where the universe and each pattern that can still match stand.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    progress: Progress,
    alive: Box<[(u32, u32)]>,
}

/// How a state was reached: from which one, by which letter.
type Origin = Option<(usize, Letter)>;

impl Product {
    /// Makes the product of patterns, each given in the ways that it can be read.
    pub(super) fn new(universe: Universe, patterns: &[Vec<Vec<Token>>]) -> Self {
        let automata = patterns.iter().map(|readings| Automaton::new(readings)).collect();
        Self { universe, automata }
    }

    /// The numbers of the patterns that match a text; `None` where it is outside the universe.
    pub(super) fn matching(&mut self, word: impl Iterator<Item = Letter>) -> Option<Vec<usize>> {
        let State { mut progress, alive } = self.start();
        let mut alive = alive.into_vec();
        for letter in word {
            progress = self.universe.step(progress, letter)?;
            alive.retain_mut(|(pattern, state)| {
                let automaton = self.automata.get_mut(*pattern as usize);
                *state = automaton.map_or(DEAD, |automaton| automaton.step(*state, letter));
                *state != DEAD
            });
        }
        self.accepted(&State { progress, alive: alive.into_boxed_slice() })
    }

    /// Calls `visit` with each set of patterns that match a text together and with the shortest
    /// such text, until it breaks.
    ///
    /// Texts that none of the `wanted` patterns can match are left out; `None` wants all texts.
    pub(super) fn explore<B>(
        &mut self,
        wanted: Option<&BTreeSet<usize>>,
        mut visit: impl FnMut(&[usize], Vec<Letter>) -> ControlFlow<B>,
    ) -> Result<Option<B>, TooMany> {
        let start = self.start();
        let mut reached: Vec<(State, Origin)> = vec![(start.clone(), None)];
        let mut numbers = HashMap::from([(start, 0)]);
        let mut seen = BTreeSet::new();
        let mut next = 0;
        let mut steps = 0;
        while let Some((state, _)) = reached.get(next) {
            let state = state.clone();
            if let Some(accepted) = self.accepted(&state)
                && seen.insert(accepted.clone())
                && let ControlFlow::Break(found) = visit(&accepted, word(&reached, next))
            {
                return Ok(Some(found));
            }
            let letters = self.letters(&state);
            steps += letters.len() * (state.alive.len() + 1);
            if steps > MOST_STEPS {
                return Err(TooMany);
            }
            for letter in letters {
                let Some(after) = self.step(&state, letter) else { continue };
                let is_wanted = |alive: &(u32, u32)| {
                    wanted.is_none_or(|wanted| wanted.contains(&(alive.0 as usize)))
                };
                if wanted.is_some() && !after.alive.iter().any(is_wanted) {
                    continue;
                }
                if numbers.contains_key(&after) {
                    continue;
                }
                numbers.insert(after.clone(), reached.len());
                reached.push((after, Some((next, letter))));
            }
            next += 1;
        }
        Ok(None)
    }

    fn start(&self) -> State {
        let states = self.automata.iter().map(Automaton::start).enumerate();
        State { progress: self.universe.start(), alive: alive(states) }
    }

    fn step(&mut self, state: &State, letter: Letter) -> Option<State> {
        let progress = self.universe.step(state.progress, letter)?;
        let states: Vec<(usize, u32)> = state
            .alive
            .iter()
            .filter_map(|(pattern, state)| {
                let pattern = *pattern as usize;
                Some((pattern, self.automata.get_mut(pattern)?.step(*state, letter)))
            })
            .collect();
        Some(State { progress, alive: alive(states.into_iter()) })
    }

    fn accepted(&self, state: &State) -> Option<Vec<usize>> {
        let accepts = |(pattern, state): &(u32, u32)| {
            let automaton = self.automata.get(*pattern as usize)?;
            automaton.accepts(*state).then_some(*pattern as usize)
        };
        let is_inside = self.universe.accepts(state.progress);
        is_inside.then(|| state.alive.iter().filter_map(accepts).collect())
    }

    /// One letter of each kind that makes a difference now, the most telling first.
    fn letters(&self, state: &State) -> Vec<Letter> {
        let mut named: BTreeSet<Letter> = self.universe.letters(state.progress).collect();
        for (pattern, state) in &state.alive {
            if let Some(automaton) = self.automata.get(*pattern as usize) {
                named.extend(automaton.letters(*state));
            }
        }
        let mut others = OTHERS.chars().chain('\u{a1}'..);
        let other = others.find(|other| !named.contains(&Letter::Char(*other)));
        other.map(Letter::Char).into_iter().chain(named).collect()
    }
}

fn alive(states: impl Iterator<Item = (usize, u32)>) -> Box<[(u32, u32)]> {
    let alive = states.filter(|(_, state)| *state != DEAD);
    alive.filter_map(|(pattern, state)| Some((u32::try_from(pattern).ok()?, state))).collect()
}

fn word(reached: &[(State, Origin)], end: usize) -> Vec<Letter> {
    let mut word = Vec::new();
    let mut at = end;
    while let Some((_, Some((before, letter)))) = reached.get(at) {
        word.push(*letter);
        at = *before;
    }
    word.reverse();
    word
}
