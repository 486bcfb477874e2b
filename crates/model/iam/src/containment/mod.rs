//! Whether everything that some policies allow is also allowed by others.
//!
//! Actions and resources are compared as languages: the patterns of both sides become automata that
//! read the same text, and each set of statements that some text reaches is judged once. Conditions,
//! principals and a template's conditions are symbols: a statement speaks of a request where its
//! symbols hold. What the deployment decides ([`text::Part::Reference`], [`text::Part::Pseudo`]) and
//! policy variables are letters of their own, which differ from every text that is written out.
//!
//! What is not known is taken as the widest on the inner side and as nothing on the outer one:
//! `Ok` is a proof.
//!
//! Source of the method: J. E. Hopcroft, R. Motwani, J. D. Ullman, Introduction to Automata Theory,
//! Languages, and Computation, on products of automata and the emptiness of languages.

mod automaton;
mod compiled;
mod facts;
mod known_actions;
mod product;
mod solver;
mod universe;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use text::{PartialText, Span, Unknown};

use self::compiled::{Compilation, Compiled, Matcher, Origin, Side};
use self::known_actions::KnownActions;
use self::product::{Product, TooMany};
use self::solver::{Choice, Literal, Solution, solve};
use self::universe::Universe;
use crate::symbol::{Letter, spelled};
use crate::{Condition, Listing, Policy, Statement};

/// A request that the inner policies allow and the outer ones do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// The action; a made-up one, such as `s3:x`, where no action that is known makes the difference.
    pub action: String,
    /// The resource, with letters made up where any would do.
    pub resource: PartialText,
    /// The conditions that hold.
    pub conditions: Vec<Condition>,
    /// The statement of the inner policies that allows it; `None` where one could not be read.
    pub statement: Option<Statement>,
    /// What is not known and may decide otherwise.
    pub doubt: Option<Unknown>,
}

/// Tells whether everything that the inner policies allow together, less what they deny, is allowed
/// by the outer ones together.
///
/// # Errors
///
/// A request that makes the difference. Where the policies are too entangled to compare, or a part
/// of them could not be read, it says so in [`Counterexample::doubt`].
pub fn within(inner: &[&Policy], outer: &[&Policy]) -> Result<(), Box<Counterexample>> {
    if inner.iter().all(|policy| policy.statements.is_empty() && policy.unknowns.is_empty()) {
        return Ok(());
    }
    let mut unread = inner.iter().chain(outer).flat_map(|policy| &policy.unknowns);
    if let Some(unread) = unread.next() {
        return Err(Counterexample::not_compared(unread.clone()));
    }
    let statements = inner.iter().chain(outer).flat_map(|policy| &policy.statements);
    let mut conditions = statements.flat_map(|statement| &statement.conditions);
    // What an operator means that does not exist cannot be compared, not even with itself.
    if let Some(unmeant) = conditions.find(|condition| !condition.has_operator()) {
        let why = format!("there is no condition operator `{}`", unmeant.operator);
        return Err(Counterexample::not_compared(Unknown::new(why, unmeant.span)));
    }
    let mut compilation = Compilation::default();
    inner.iter().for_each(|policy| compilation.add(policy, Origin::Inner));
    outer.iter().for_each(|policy| compilation.add(policy, Origin::Outer));
    compare(&compilation).map_or(Ok(()), Err)
}

impl Counterexample {
    fn not_compared(doubt: Unknown) -> Box<Self> {
        Box::new(Self {
            action: "*".to_owned(),
            resource: PartialText::unknown(doubt.why.clone()),
            conditions: Vec::new(),
            statement: None,
            doubt: Some(doubt),
        })
    }
}

/// A difference, before its words are chosen.
struct Difference {
    /// The statement that allows it, by number.
    statement: usize,
    resource: Vec<Letter>,
    literals: Vec<Literal>,
}

fn compare(compilation: &Compilation<'_>) -> Option<Box<Counterexample>> {
    let statements = &compilation.statements;
    let mut product = Product::new(Universe::Actions, &compilation.actions.patterns);
    let wanted = wanted(statements.iter().map(|compiled| (compiled.side, &compiled.actions)));
    let mut compared = BTreeSet::new();
    let mut differences: Vec<(Option<String>, Vec<Letter>, Difference)> = Vec::new();
    let mut known_actions = KnownActions::new(compilation);
    let explored = product.explore(wanted.as_ref(), |accepted, action| {
        let meant = meant(statements, 0..statements.len(), |compiled| &compiled.actions, accepted);
        if !compared.insert(meant.clone()) {
            return ControlFlow::Continue(());
        }
        match differs(compilation, &meant) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some(difference)) => {
                // An action that exists says more than one made up.
                let known = known_actions.reaching(&meant);
                let is_known = known.is_some();
                differences.push((known, action, difference));
                if is_known { ControlFlow::Break(Ok(())) } else { ControlFlow::Continue(()) }
            }
            Err(TooMany) => ControlFlow::Break(Err(TooMany)),
        }
    });
    if let Err(TooMany) | Ok(Some(Err(TooMany))) = explored {
        return Some(too_many(statements));
    }
    let (known, action, difference) = match explored {
        Ok(Some(_)) => differences.pop()?,
        _ => differences.into_iter().next()?,
    };
    let action = known.unwrap_or_else(|| spelled(&action, &compilation.symbols).to_string());
    let allowing = statements.get(difference.statement)?.statement;
    Some(Box::new(Counterexample {
        action,
        resource: spelled(&difference.resource, &compilation.symbols),
        conditions: compilation.facts.conditions(&difference.literals),
        statement: Some(allowing.clone()),
        doubt: doubt(allowing, statements),
    }))
}

/// The patterns that the inner policies allow by; `None` where they allow all except some.
fn wanted<'m>(matchers: impl Iterator<Item = (Side, &'m Matcher)>) -> Option<BTreeSet<usize>> {
    let mut wanted = BTreeSet::new();
    for (_, matcher) in matchers.filter(|(side, _)| *side == Side::InnerAllow) {
        match matcher.listing {
            Listing::Only => wanted.extend(matcher.patterns.iter().copied()),
            Listing::AllExcept => return None,
        }
    }
    Some(wanted)
}

/// The numbers of the statements that mean what exactly these patterns match.
fn meant(
    statements: &[Compiled<'_>],
    among: impl IntoIterator<Item = usize>,
    matcher: impl for<'c> Fn(&'c Compiled<'_>) -> &'c Matcher,
    accepted: &[usize],
) -> Vec<usize> {
    let means = |number: &usize| {
        statements.get(*number).is_some_and(|compiled| matcher(compiled).means(accepted))
    };
    among.into_iter().filter(means).collect()
}

/// A resource on which these statements, which speak of one action, allow more on the inner side.
fn differs(
    compilation: &Compilation<'_>,
    numbers: &[usize],
) -> Result<Option<Difference>, TooMany> {
    let statements = &compilation.statements;
    let of = |number: &usize| statements.get(*number);
    if !numbers.iter().filter_map(of).any(|compiled| compiled.side == Side::InnerAllow) {
        return Ok(None);
    }
    // Only the patterns of these statements are read, under numbers of their own.
    let used: BTreeSet<usize> = numbers
        .iter()
        .filter_map(of)
        .flat_map(|compiled| compiled.resources.patterns.iter().copied())
        .collect();
    let used: Vec<usize> = used.into_iter().collect();
    let readings = used.iter().filter_map(|number| compilation.resources.patterns.get(*number));
    let mut product = Product::new(Universe::Resources, &readings.cloned().collect::<Vec<_>>());
    let matchers = numbers.iter().filter_map(of);
    let wanted = wanted(matchers.map(|compiled| (compiled.side, &compiled.resources)));
    let wanted: Option<BTreeSet<usize>> = wanted.map(|wanted| {
        wanted.iter().filter_map(|pattern| used.binary_search(pattern).ok()).collect()
    });
    let mut compared = BTreeSet::new();
    let found = product.explore(wanted.as_ref(), |accepted, resource| {
        let accepted: Vec<usize> =
            accepted.iter().filter_map(|pattern| used.get(*pattern).copied()).collect();
        let among = numbers.iter().copied();
        let meant = meant(statements, among, |compiled| &compiled.resources, &accepted);
        if !compared.insert(meant.clone()) {
            return ControlFlow::Continue(());
        }
        match allowed_more(compilation, &meant) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some((statement, literals))) => {
                ControlFlow::Break(Ok(Difference { statement, resource, literals }))
            }
            Err(TooMany) => ControlFlow::Break(Err(TooMany)),
        }
    })?;
    found.transpose()
}

/// Conditions under which these statements, which all speak of one action and resource, allow more
/// on the inner side.
fn allowed_more(
    compilation: &Compilation<'_>,
    numbers: &[usize],
) -> Result<Option<(usize, Vec<Literal>)>, TooMany> {
    let statements = &compilation.statements;
    let on = |side: Side| {
        let compiled =
            numbers.iter().filter_map(|number| Some((*number, statements.get(*number)?)));
        compiled.filter(move |(_, compiled)| compiled.side == side)
    };
    let refused = |side: Side| on(side).map(|(_, compiled)| refusal(&compiled.demands));
    // The outer side says no in one of these ways: nothing allows, or a statement denies.
    let silence: Vec<Choice> = refused(Side::OuterAllow).collect();
    let denials = on(Side::OuterDeny).map(|(_, denying)| denying.demands.clone());
    let refusals: Vec<Vec<Choice>> = std::iter::once(silence).chain(denials).collect();
    for (number, allowing) in on(Side::InnerAllow) {
        for refusal in &refusals {
            let mut choices = allowing.demands.clone();
            choices.extend(refused(Side::InnerDeny));
            choices.extend(refusal.iter().cloned());
            match solve(choices, &|literal| compilation.facts.consequences(literal)) {
                Solution::Found(literals) => return Ok(Some((number, literals))),
                Solution::Impossible => {}
                Solution::TooMany => return Err(TooMany),
            }
        }
    }
    Ok(None)
}

/// The ways in which demands are not met: one of them fails in all its options.
///
/// An option is a single literal here, as [`facts::Facts::demands`] makes them.
fn refusal(demands: &[Choice]) -> Choice {
    let fails =
        |choice: &Choice| choice.iter().flatten().map(|literal| literal.negated()).collect();
    demands.iter().map(fails).collect()
}

/// What is not known in the statement that allows, or in what the outer policies say.
fn doubt(allowing: &Statement, statements: &[Compiled<'_>]) -> Option<Unknown> {
    let outer = statements
        .iter()
        .filter(|compiled| matches!(compiled.side, Side::OuterAllow | Side::OuterDeny))
        .map(|compiled| compiled.statement);
    std::iter::once(allowing).chain(outer).find_map(|statement| {
        let listed = [&statement.actions, &statement.resources];
        listed.into_iter().find_map(|patterns| {
            let in_part = patterns
                .patterns
                .iter()
                .find_map(|said| Some(Unknown::new(said.value.unknown_reason()?, said.span)));
            in_part.or_else(|| patterns.unknowns.first().cloned())
        })
    })
}

fn too_many(statements: &[Compiled<'_>]) -> Box<Counterexample> {
    let first = statements.first().map(|compiled| compiled.statement.span);
    let span = first.unwrap_or(Span::file(text::SourceId(0)));
    Counterexample::not_compared(Unknown::new("the policies are too many to compare", span))
}
