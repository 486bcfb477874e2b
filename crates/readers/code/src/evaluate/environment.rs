//! The environment that the template gives the function.

use super::{Evaluator, Value};

impl Evaluator<'_> {
    /// What a variable of the environment may be.
    pub(crate) fn environment_variable(&self, name: &Value) -> Value {
        let mut values = Vec::new();
        for choice in name.choices() {
            let Some(name) = choice.literal() else {
                values.push(Value::unknown("a variable of the environment, chosen at run time"));
                continue;
            };
            match (self.entry.environment.get(name), &self.entry.environment_unknown) {
                (Some(texts), _) => values.extend(texts.iter().cloned().map(Value::Text)),
                (None, Some(why)) => values.push(Value::unknown(format!(
                    "environment variable `{name}`: {why}"
                ))),
                (None, None) => values.push(Value::unknown(format!(
                    "environment variable `{name}` is not in the template"
                ))),
            }
        }
        Value::either(values)
    }
}
