use std::sync::Arc;

use crate::{Said, Span, Unknown};

/// A condition of the template under which a branch holds, in words: "`IsProd` is false".
pub type Condition = Arc<str>;

/// A property as far as it can be known before deployment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Setting<T> {
    /// Nothing was said: the platform's default holds.
    #[default]
    Unset,
    /// The value is known.
    Known(Said<T>),
    /// A value was said and could not be resolved.
    Unknown(Unknown),
    /// The value depends on conditions; every branch is possible.
    Branches(Vec<Branch<T>>),
}

/// One branch of a conditional setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch<T> {
    /// When it holds.
    pub condition: Condition,
    /// The setting then.
    pub setting: Setting<T>,
}

/// One possible outcome of a setting, with the conditions that lead to it.
#[derive(Debug)]
pub struct Case<'a, T> {
    /// All conditions on the way, outermost first; empty when the setting is unconditional.
    pub conditions: Vec<&'a str>,
    /// The outcome.
    pub value: Settled<'a, T>,
}

/// A setting without branches.
#[derive(Debug, PartialEq, Eq)]
pub enum Settled<'a, T> {
    /// Nothing was said.
    Unset,
    /// The value is known.
    Known(&'a Said<T>),
    /// The value could not be resolved.
    Unknown(&'a Unknown),
}

impl<T> Setting<T> {
    /// A known value written at `span`.
    pub fn known(value: T, span: Span) -> Self {
        Setting::Known(Said::new(value, span))
    }

    /// Every possible outcome; never empty.
    pub fn cases(&self) -> Vec<Case<'_, T>> {
        let mut cases = Vec::new();
        self.collect_cases(&mut Vec::new(), &mut cases);
        cases
    }

    fn collect_cases<'a>(&'a self, conditions: &mut Vec<&'a str>, cases: &mut Vec<Case<'a, T>>) {
        let value = match self {
            Setting::Unset => Settled::Unset,
            Setting::Known(said) => Settled::Known(said),
            Setting::Unknown(unknown) => Settled::Unknown(unknown),
            Setting::Branches(branches) => {
                for branch in branches {
                    conditions.push(&branch.condition);
                    branch.setting.collect_cases(conditions, cases);
                    conditions.pop();
                }
                return;
            }
        };
        cases.push(Case { conditions: conditions.clone(), value });
    }

    /// Every known value among the outcomes.
    pub fn known_values(&self) -> impl Iterator<Item = &Said<T>> {
        self.cases().into_iter().filter_map(|case| match case.value {
            Settled::Known(said) => Some(said),
            _ => None,
        })
    }

    /// The value, if it is known and the same under every condition of the template.
    pub fn single(&self) -> Option<&Said<T>> {
        match self {
            Setting::Known(said) => Some(said),
            _ => None,
        }
    }

    /// Whether no outcome says anything.
    pub fn is_unset(&self) -> bool {
        self.cases().iter().all(|case| matches!(case.value, Settled::Unset))
    }

    /// The first reason for which an outcome is unknown.
    pub fn unknown(&self) -> Option<&Unknown> {
        self.cases().into_iter().find_map(|case| match case.value {
            Settled::Unknown(unknown) => Some(unknown),
            _ => None,
        })
    }

    /// Whether some outcome is known and satisfies `wanted`.
    pub fn any(&self, wanted: impl Fn(&T) -> bool) -> bool {
        self.known_values().any(|said| wanted(&said.value))
    }

    /// Changes every known value; what `change` refuses becomes unknown for that reason.
    pub fn try_map<U>(self, change: &impl Fn(T) -> Result<U, String>) -> Setting<U> {
        match self {
            Setting::Unset => Setting::Unset,
            Setting::Unknown(unknown) => Setting::Unknown(unknown),
            Setting::Known(said) => match change(said.value) {
                Ok(value) => Setting::Known(Said { value, span: said.span, origin: said.origin }),
                Err(why) => Setting::Unknown(Unknown::new(why, said.span)),
            },
            Setting::Branches(branches) => Setting::Branches(
                branches
                    .into_iter()
                    .map(|branch| Branch {
                        condition: branch.condition,
                        setting: branch.setting.try_map(change),
                    })
                    .collect(),
            ),
        }
    }

    /// Changes every known value.
    pub fn map<U>(self, change: impl Fn(T) -> U) -> Setting<U> {
        self.try_map(&|value| Ok(change(value)))
    }
}
