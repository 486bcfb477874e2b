use text::{PartialText, Span};

use super::evaluator::{Evaluator, State};
use documents::value::{Kind, Member, Value};

/// Repetitions of one loop.
const REPETITION_LIMIT: usize = 1_000;

/// One member that a loop makes.
pub(super) struct Repeated<'v> {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: &'v Value,
    pub(super) state: State,
}

impl Evaluator<'_> {
    /// The members that `Fn::ForEach::Name: [identifier, collection, {key: value}]` makes.
    ///
    /// Source: CloudFormation template reference, "Fn::ForEach".
    pub(super) fn repetitions<'v>(&self, member: &'v Member, state: &State) -> Vec<Repeated<'v>> {
        let mut repeated = Vec::new();
        self.repeat(member, state, &mut repeated);
        repeated
    }

    fn repeat<'v>(&self, member: &'v Member, state: &State, repeated: &mut Vec<Repeated<'v>>) {
        let misused = "`Fn::ForEach` takes a name, a list and a mapping";
        let [identifier, collection, body] = member.value.items() else {
            return self.incomplete(misused, member.key_span);
        };
        let (Some(identifier), Kind::Map(body)) = (identifier.as_str(), &body.kind) else {
            return self.incomplete(misused, member.key_span);
        };
        let collection = self.value(collection, state);
        let items = match &collection.kind {
            Kind::List(items) => items,
            Kind::Unknown(why) => {
                let message = format!("`{}` repeats over an unknown list: {why}", member.key);
                return self.incomplete(message, collection.span);
            }
            _ => {
                let message = format!("`{}` repeats over something that is no list", member.key);
                return self.incomplete(message, collection.span);
            }
        };
        for item in items {
            if repeated.len() >= REPETITION_LIMIT {
                let message =
                    format!("`{}` repeats more than {REPETITION_LIMIT} times", member.key);
                return self.incomplete(message, member.key_span);
            }
            if item.scalar_text().as_ref().and_then(PartialText::literal).is_none() {
                let message = format!("`{}` repeats over an unknown item", member.key);
                self.incomplete(message, item.span);
                continue;
            }
            let state = state.binding(identifier, item.clone());
            for inner in body {
                if inner.key.starts_with("Fn::ForEach::") {
                    self.repeat(inner, &state, repeated);
                } else {
                    repeated.push(Repeated {
                        key: self.bound_key(&inner.key, &state),
                        key_span: inner.key_span,
                        value: &inner.value,
                        state: state.clone(),
                    });
                }
            }
        }
    }

    /// A key or name with the loops' identifiers replaced: `${X}` as it is, `&{X}` letters and
    /// digits only.
    pub(super) fn bound_key(&self, key: &str, state: &State) -> String {
        let mut replaced = String::new();
        let mut rest = key;
        while let Some(begin) = rest.find(['$', '&']) {
            let (before, marked) = rest.split_at(begin);
            replaced.push_str(before);
            let name = marked.get(1..).and_then(|behind| behind.strip_prefix('{'));
            let found = name.and_then(|name| name.split_once('}')).and_then(|(name, behind)| {
                let text = state.bound(name)?.scalar_text()?;
                Some((text.literal()?.to_owned(), behind))
            });
            match found {
                Some((value, behind)) => {
                    if marked.starts_with('&') {
                        replaced.extend(value.chars().filter(char::is_ascii_alphanumeric));
                    } else {
                        replaced.push_str(&value);
                    }
                    rest = behind;
                }
                None => {
                    replaced.push_str(marked.get(..1).unwrap_or_default());
                    rest = marked.get(1..).unwrap_or_default();
                }
            }
        }
        replaced.push_str(rest);
        replaced
    }
}
