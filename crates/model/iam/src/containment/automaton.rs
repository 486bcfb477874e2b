use std::collections::HashMap;

use crate::pattern::Token;
use crate::symbol::Letter;

/// The state from which nothing is accepted any more.
pub(super) const DEAD: u32 = 0;

/// A pattern as a deterministic automaton, whose states are made when they are first reached.
#[derive(Debug)]
pub(super) struct Automaton {
    nodes: Vec<Node>,
    start: u32,
    /// Each state is the sorted set of nodes that may come next.
    states: Vec<State>,
    numbers: HashMap<Box<[u32]>, u32>,
    steps: HashMap<(u32, Letter), u32>,
}

#[derive(Debug, Clone, Copy)]
enum Node {
    Token(Token),
    Accept,
}

#[derive(Debug)]
struct State {
    nodes: Box<[u32]>,
    accepts: bool,
}

impl Automaton {
    /// Makes the automaton of a pattern from each way that it can be read.
    pub(super) fn new(readings: &[Vec<Token>]) -> Self {
        let mut automaton = Self {
            nodes: Vec::new(),
            start: DEAD,
            states: Vec::new(),
            numbers: HashMap::new(),
            steps: HashMap::new(),
        };
        automaton.state(Vec::new());
        let mut starts = Vec::new();
        for reading in readings {
            let start = automaton.nodes.len();
            automaton.nodes.extend(reading.iter().copied().map(Node::Token));
            automaton.nodes.push(Node::Accept);
            automaton.enter(start, &mut starts);
        }
        automaton.start = automaton.state(starts);
        automaton
    }

    pub(super) fn start(&self) -> u32 {
        self.start
    }

    pub(super) fn accepts(&self, state: u32) -> bool {
        self.states.get(state as usize).is_some_and(|state| state.accepts)
    }

    /// The letters that a state tells from all others.
    pub(super) fn letters(&self, state: u32) -> impl Iterator<Item = Letter> {
        let nodes = self.states.get(state as usize).map(|state| &state.nodes);
        nodes.into_iter().flatten().filter_map(|node| match self.nodes.get(*node as usize) {
            Some(Node::Token(Token::Literal(letter))) => Some(Letter::Char(*letter)),
            Some(Node::Token(Token::Symbol(number))) => Some(Letter::Symbol(*number)),
            _ => None,
        })
    }

    /// The state after one more letter.
    pub(super) fn step(&mut self, state: u32, letter: Letter) -> u32 {
        if let Some(next) = self.steps.get(&(state, letter)) {
            return *next;
        }
        let nodes = self.states.get(state as usize).map(|state| state.nodes.clone());
        let mut reached = Vec::new();
        for node in nodes.into_iter().flatten() {
            let at = node as usize;
            let Some(Node::Token(token)) = self.nodes.get(at).copied() else { continue };
            if takes(token, letter) {
                match token {
                    Token::Run(_) => self.enter(at, &mut reached),
                    _ => self.enter(at + 1, &mut reached),
                }
            }
        }
        let next = self.state(reached);
        self.steps.insert((state, letter), next);
        next
    }

    /// Adds a node and those behind runs that may be empty.
    fn enter(&self, node: usize, reached: &mut Vec<u32>) {
        let from = self.nodes.get(node..).unwrap_or_default();
        let runs =
            from.iter().take_while(|node| matches!(node, Node::Token(Token::Run(_)))).count();
        reached.extend((node..=node + runs).filter_map(|node| u32::try_from(node).ok()));
    }

    fn state(&mut self, mut nodes: Vec<u32>) -> u32 {
        nodes.sort_unstable();
        nodes.dedup();
        let nodes = nodes.into_boxed_slice();
        if let Some(number) = self.numbers.get(&nodes) {
            return *number;
        }
        let number = u32::try_from(self.states.len()).unwrap_or(DEAD);
        let is_end = |node: &u32| matches!(self.nodes.get(*node as usize), Some(Node::Accept));
        let accepts = nodes.iter().any(is_end);
        self.states.push(State { nodes: nodes.clone(), accepts });
        self.numbers.insert(nodes, number);
        number
    }
}

fn takes(token: Token, letter: Letter) -> bool {
    match (token, letter) {
        (Token::Literal(expected), Letter::Char(found)) => expected == found,
        (Token::Symbol(expected), Letter::Symbol(found)) => expected == found,
        (Token::One(reach) | Token::Run(reach), Letter::Char(found)) => reach.passes(found),
        (Token::Run(_), Letter::Symbol(_)) => true,
        // A symbol's length is not known.
        (Token::One(_) | Token::Literal(_), Letter::Symbol(_))
        | (Token::Symbol(_), Letter::Char(_)) => false,
    }
}
