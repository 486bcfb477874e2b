use text::{Part, PartialText, Pseudo};

use super::{Evaluator, Value};

/// Variables that are set on a developer's machine only.
const LOCAL: &[&str] = &["AWS_SAM_LOCAL", "IS_LOCAL", "IS_OFFLINE", "LOCALSTACK_HOSTNAME"];

/// The name of the value of the function's own access key.
pub(crate) const OWN_KEY: &str = "AWS_ACCESS_KEY_ID";

impl Evaluator<'_> {
    /// The value of an environment variable; `default` where asking for a missing one is no error.
    pub(crate) fn environment(&self, name: &str, default: Option<&Value>) -> Value {
        if let Some(texts) = self.entry.environment.get(name) {
            return Value::either(texts.iter().cloned().map(Value::Text));
        }
        match name {
            "AWS_REGION" | "AWS_DEFAULT_REGION" => {
                let mut region = PartialText::default();
                region.push(Part::Pseudo(Pseudo::Region));
                return Value::Text(region);
            }
            OWN_KEY => return Value::foreign(OWN_KEY),
            _ if LOCAL.contains(&name) => return default.cloned().unwrap_or(Value::Null),
            _ => {}
        }
        let why = match &self.entry.environment_unknown {
            Some(why) => format!("environment variable `{name}`: {why}"),
            None => format!("environment variable `{name}` is not in the template"),
        };
        // It may be set elsewhere: the default alone would be a guess.
        let unknown = Value::Text(PartialText::unknown(why));
        Value::either([unknown].into_iter().chain(default.cloned()))
    }

    /// The value of the variable that a value names.
    pub(crate) fn environment_of(&self, name: &Value, default: Option<&Value>) -> Value {
        Value::either(name.choices().iter().map(|name| match name.literal() {
            Some(name) => self.environment(name, default),
            None => Value::unknown("an environment variable whose name is not known"),
        }))
    }
}
