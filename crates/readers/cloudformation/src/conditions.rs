use text::{Condition, Span};

use super::evaluator::{Evaluator, State, function_name};
use documents::value::{Kind, Value};

/// What can be said of a condition before deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    /// The same, whatever the parameters are.
    Always(bool),
    /// Parameters or the deployment decide.
    Open,
}

impl Evaluator<'_> {
    /// A condition's outcome in words.
    pub(super) fn words(&self, name: &str, holds: bool) -> Condition {
        Condition::from(format!("`{}{name}` is {holds}", self.context.scope))
    }

    /// The state in which a condition, and the one it is defined by, holds or not.
    pub(super) fn assuming(&self, name: &str, holds: bool, state: &State) -> State {
        let (name, is_negated) = self.canonical(name);
        state.assuming(&name, holds != is_negated)
    }

    /// Follows conditions that are but another one or its negation.
    fn canonical(&self, name: &str) -> (String, bool) {
        let mut name = name.to_owned();
        let mut is_negated = false;
        // As many steps as there are conditions: definitions may be cyclic.
        for _ in 0..=self.conditions.len() {
            let Some(definition) = self.conditions.get(name.as_str()) else { break };
            match call_of(definition) {
                Some(("Condition", argument)) => match argument.as_str() {
                    Some(other) => name = other.to_owned(),
                    None => break,
                },
                Some(("Not", argument)) => {
                    let [inner] = argument.items() else { break };
                    let Some(("Condition", inner)) = call_of(inner) else { break };
                    let Some(other) = inner.as_str() else { break };
                    name = other.to_owned();
                    is_negated = !is_negated;
                }
                _ => break,
            }
        }
        (name, is_negated)
    }

    /// What can be said of a condition by its name.
    pub(super) fn named_truth(&self, name: &str, span: Span, state: &State) -> Truth {
        let (canonical, is_negated) = self.canonical(name);
        if let Some(holds) = state.assumption(&canonical) {
            return Truth::Always(holds != is_negated);
        }
        // The CDK switches a stream's encryption off in two regions that had none, and asks nobody.
        if name == "AwsCdkKinesisEncryptedStreamsUnsupportedRegions" {
            return Truth::Always(false);
        }
        let Some(definition) = self.conditions.get(name).copied() else {
            self.incomplete(format!("there is no condition `{name}`"), span);
            return Truth::Open;
        };
        if self.visited_conditions.borrow().iter().any(|visited| visited == name) {
            self.incomplete(format!("the condition `{name}` is defined by itself"), span);
            return Truth::Open;
        }
        self.visited_conditions.borrow_mut().push(name.to_owned());
        let truth = self.truth(definition, state);
        self.visited_conditions.borrow_mut().pop();
        truth
    }

    fn truth(&self, expression: &Value, state: &State) -> Truth {
        match call_of(expression) {
            Some((name, argument)) => self.call_truth(name, argument, state),
            None => match &expression.kind {
                Kind::Bool(value) => Truth::Always(*value),
                _ => Truth::Open,
            },
        }
    }

    /// What can be said of the call of a condition function.
    pub(super) fn call_truth(&self, name: &str, argument: &Value, state: &State) -> Truth {
        match name {
            "Condition" => match argument.as_str() {
                Some(name) => self.named_truth(name, argument.span, state),
                None => Truth::Open,
            },
            "Equals" => match argument.items() {
                [first, second] => {
                    match (self.constant(first, state), self.constant(second, state)) {
                        (Some(first), Some(second)) => Truth::Always(first == second),
                        _ => Truth::Open,
                    }
                }
                _ => {
                    self.misused("Equals", "two values", argument.span);
                    Truth::Open
                }
            },
            "Not" => match argument.items() {
                [inner] => match self.truth(inner, state) {
                    Truth::Always(value) => Truth::Always(!value),
                    Truth::Open => Truth::Open,
                },
                _ => {
                    self.misused("Not", "one condition", argument.span);
                    Truth::Open
                }
            },
            "And" => self.all(argument, true, state),
            "Or" => self.all(argument, false, state),
            _ => Truth::Open,
        }
    }

    /// `And` is decided by one that is false, `Or` by one that is true.
    fn all(&self, argument: &Value, neutral: bool, state: &State) -> Truth {
        let mut truth = Truth::Always(neutral);
        for item in argument.items() {
            match self.truth(item, state) {
                Truth::Always(value) if value != neutral => return Truth::Always(value),
                Truth::Always(_) => {}
                Truth::Open => truth = Truth::Open,
            }
        }
        truth
    }

    /// A value that no parameter and no deployment changes.
    fn constant(&self, value: &Value, state: &State) -> Option<String> {
        let literal = match call_of(value) {
            None => value.scalar_text(),
            Some(("Ref", name)) => state.bound(name.as_str()?)?.scalar_text(),
            Some(_) => None,
        };
        literal?.literal().map(str::to_owned)
    }
}

/// The function a value calls, and its argument.
fn call_of(value: &Value) -> Option<(&str, &Value)> {
    if let Some(tag) = value.tag.as_deref() {
        return Some((tag.trim_start_matches('!').trim_start_matches("Fn::"), value));
    }
    match value.members() {
        [member] if &*member.key == "Condition" => Some(("Condition", &member.value)),
        [member] => function_name(&member.key).map(|name| (name, &member.value)),
        _ => None,
    }
}
