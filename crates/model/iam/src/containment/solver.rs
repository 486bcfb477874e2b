/// Most choices that are tried before the answer is that it may be.
const MOST_TRIALS: usize = 20_000;

/// Most choices that are looked at, each on top of the one before.
const MOST_CHOICES: usize = 2_000;

/// A demand on one fact: that it is true, or that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Literal {
    /// The fact's number.
    pub(super) fact: usize,
    /// What it must be.
    pub(super) truth: Truth,
}

/// True or false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Truth {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
}

impl Literal {
    pub(super) fn holds(fact: usize) -> Self {
        Self { fact, truth: Truth::Holds }
    }

    pub(super) fn fails(fact: usize) -> Self {
        Self { fact, truth: Truth::Fails }
    }

    pub(super) fn negated(self) -> Self {
        match self.truth {
            Truth::Holds => Self::fails(self.fact),
            Truth::Fails => Self::holds(self.fact),
        }
    }
}

/// One of these must be met, each a list of literals of which all must be.
pub(super) type Choice = Vec<Vec<Literal>>;

/// What follows from a literal, besides itself.
pub(super) type Consequences<'a> = &'a dyn Fn(Literal) -> Vec<Literal>;

/// Whether all choices can be made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Solution {
    /// They can, with these literals.
    Found(Vec<Literal>),
    /// They cannot.
    Impossible,
    /// That takes too long to tell.
    TooMany,
}

/// Makes all choices without contradiction, or tells that this cannot be done.
pub(super) fn solve(mut choices: Vec<Choice>, consequences: Consequences<'_>) -> Solution {
    if choices.len() > MOST_CHOICES {
        return Solution::TooMany;
    }
    // What leaves no choice is decided first. Then what decides most at once: a statement's refusal
    // before its demands, which it contradicts soon.
    choices.sort_by_key(|choice| {
        let decides_much = choice.iter().any(|option| option.len() > 1);
        (choice.len() > 1, !decides_much, choice.len())
    });
    let mut left = MOST_TRIALS;
    match assign(&choices, Vec::new(), consequences, &mut left) {
        Some(found) => Solution::Found(found),
        None if left == 0 => Solution::TooMany,
        None => Solution::Impossible,
    }
}

fn assign(
    choices: &[Choice],
    decided: Vec<Literal>,
    consequences: Consequences<'_>,
    left: &mut usize,
) -> Option<Vec<Literal>> {
    let Some((choice, rest)) = choices.split_first() else { return Some(decided) };
    let is_met = |option: &Vec<Literal>| option.iter().all(|literal| decided.contains(literal));
    if choice.iter().any(is_met) {
        return assign(rest, decided, consequences, left);
    }
    for option in choice {
        *left = left.checked_sub(1)?;
        if let Some(decided) = with(&decided, option, consequences)
            && rest.iter().all(|choice| is_open(choice, &decided))
            && let Some(found) = assign(rest, decided, consequences, left)
        {
            return Some(found);
        }
    }
    None
}

/// Whether one of a choice's options does not contradict what is decided.
fn is_open(choice: &Choice, decided: &[Literal]) -> bool {
    let is_possible = |literal: &Literal| !decided.contains(&literal.negated());
    choice.iter().any(|option| option.iter().all(is_possible))
}

/// What is decided together with more literals and all that follows; `None` where they contradict.
fn with(
    decided: &[Literal],
    more: &[Literal],
    consequences: Consequences<'_>,
) -> Option<Vec<Literal>> {
    let mut decided = decided.to_vec();
    let mut waiting = more.to_vec();
    while let Some(literal) = waiting.pop() {
        if decided.contains(&literal.negated()) {
            return None;
        }
        if !decided.contains(&literal) {
            decided.push(literal);
            waiting.extend(consequences(literal));
        }
    }
    Some(decided)
}
