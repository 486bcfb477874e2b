//! The tree that every document is parsed to and every format evaluates to.

use text::{Branch, Condition, Part, PartialText, Said, Setting, Span, Unknown};

/// A value of a document with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// Where it is written.
    pub span: Span,
    /// Where it comes from when that is another place: a parameter's default, a variable's file.
    pub origin: Option<Span>,
    /// YAML tag as written (`!Ref`), only before evaluation.
    pub tag: Option<Box<str>>,
    /// The value.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Null, or a property taken away (`AWS::NoValue`).
    Null,
    /// A boolean.
    Bool(bool),
    /// A number as written.
    Number(Box<str>),
    /// A text, perhaps known in part only. References to other declarations are texts too.
    Text(PartialText),
    /// A list.
    List(Vec<Value>),
    /// A mapping in written order; keys are unique (the last wins).
    Map(Vec<Member>),
    /// Could not be resolved, and why.
    Unknown(String),
    /// One of several, by conditions.
    Branches(Vec<Alternative>),
}

/// A key of a mapping with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key.
    pub key: Box<str>,
    /// Where the key is written.
    pub key_span: Span,
    /// Its value.
    pub value: Value,
}

/// One branch of a conditional value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// When it holds.
    pub condition: Condition,
    /// The value then.
    pub value: Value,
}

impl Value {
    /// A value written at `span`.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { span, origin: None, tag: None, kind }
    }

    /// A known text.
    pub fn text(text: impl Into<String>, span: Span) -> Self {
        Self::new(Kind::Text(PartialText::known(text)), span)
    }

    /// A mapping of known keys, all written at `span`: for what a framework generates.
    pub fn map<K: Into<Box<str>>>(
        members: impl IntoIterator<Item = (K, Value)>,
        span: Span,
    ) -> Self {
        let members = members.into_iter();
        let members = members.map(|(key, value)| Member { key: key.into(), key_span: span, value });
        Self::new(Kind::Map(members.collect()), span)
    }

    /// A list written at `span`.
    pub fn list(items: impl IntoIterator<Item = Value>, span: Span) -> Self {
        Self::new(Kind::List(items.into_iter().collect()), span)
    }

    /// A value that could not be resolved.
    pub fn unknown(why: impl Into<String>, span: Span) -> Self {
        Self::new(Kind::Unknown(why.into()), span)
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The member of that key, if this is a mapping (not looking into branches).
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }

    /// The member of that key with the key's place.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| &*member.key == key)
    }

    /// The members, if this is a mapping; else none.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Map(members) => members,
            _ => &[],
        }
    }

    /// The items, if this is a list; else none.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one and wholly known; numbers and booleans are not texts.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => text.literal(),
            _ => None,
        }
    }

    /// A scalar as a text: known texts, numbers and booleans as written.
    pub fn scalar_text(&self) -> Option<PartialText> {
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(PartialText::known(&**number)),
            Kind::Bool(value) => Some(PartialText::known(value.to_string())),
            _ => None,
        }
    }

    /// Walks `path` through mappings, into every branch on the way, and converts what it finds.
    ///
    /// Missing or null is `Unset`; what `convert` refuses is `Unknown` with its reason.
    pub fn setting<T>(
        &self,
        path: &[&str],
        convert: &dyn Fn(&Value) -> Result<T, String>,
    ) -> Setting<T> {
        match &self.kind {
            Kind::Null => Setting::Unset,
            Kind::Unknown(why) => Setting::Unknown(Unknown::new(why.clone(), self.span)),
            Kind::Branches(alternatives) => Setting::Branches(
                alternatives
                    .iter()
                    .map(|alternative| Branch {
                        condition: alternative.condition.clone(),
                        setting: alternative.value.setting(path, convert),
                    })
                    .collect(),
            ),
            _ => match path.split_first() {
                None => match convert(self) {
                    Ok(value) => {
                        Setting::Known(Said { value, span: self.span, origin: self.origin })
                    }
                    Err(why) => Setting::Unknown(Unknown::new(why, self.span)),
                },
                Some((key, rest)) => match self.get(key) {
                    Some(value) => value.setting(rest, convert),
                    // A text with holes where a mapping is expected: a reference to a structure.
                    None => match &self.kind {
                        Kind::Text(text) if text.literal().is_none() => {
                            let why = format!("`{text}` is known only at deployment");
                            Setting::Unknown(Unknown::new(why, self.span))
                        }
                        _ => Setting::Unset,
                    },
                },
            },
        }
    }

    /// A text at `path`, perhaps known in part.
    pub fn text_at(&self, path: &[&str]) -> Setting<PartialText> {
        self.setting(path, &|value| match value.scalar_text() {
            // A text that is nothing but one unknown is no text.
            Some(text) => match text.parts() {
                [Part::Unknown(why)] => Err(why.clone()),
                _ => Ok(text),
            },
            None => Err("a text was expected here".to_owned()),
        })
    }

    /// A wholly known text at `path`.
    pub fn string_at(&self, path: &[&str]) -> Setting<String> {
        self.text_at(path).try_map(&|text: PartialText| match text.literal() {
            Some(text) => Ok(text.to_owned()),
            None => Err(text
                .unknown_reason()
                .map_or_else(|| format!("`{text}` is known only at deployment"), str::to_owned)),
        })
    }

    /// A boolean at `path`; the words true and false are taken too, as CloudFormation does.
    pub fn bool_at(&self, path: &[&str]) -> Setting<bool> {
        self.string_at(path).try_map(&|word: String| match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Ok(true),
            "false" | "no" | "0" => Ok(false),
            _ => Err(format!("`{word}` is neither true nor false")),
        })
    }

    /// A whole number at `path`; numbers in texts are taken too, as CloudFormation does.
    pub fn i64_at(&self, path: &[&str]) -> Setting<i64> {
        self.string_at(path).try_map(&|number: String| {
            let number = number.trim();
            let whole = number.strip_suffix(".0").unwrap_or(number);
            whole.parse().map_err(|_| format!("`{number}` is no whole number"))
        })
    }

    /// A whole number of at least 0 at `path`.
    pub fn u32_at(&self, path: &[&str]) -> Setting<u32> {
        self.i64_at(path).try_map(&|number| {
            u32::try_from(number).map_err(|_| format!("`{number}` is out of range"))
        })
    }

    /// Every value that may stand at `path`, with the conditions under which it does, looking into
    /// branches everywhere. Nulls and missing keys give nothing; unknowns are given as they are.
    pub fn at<'a>(&'a self, path: &[&str]) -> Vec<Conditional<'a>> {
        let mut found = Vec::new();
        self.collect_at(path, None, &mut found);
        found
    }

    fn collect_at<'a>(
        &'a self,
        path: &[&str],
        condition: Option<Condition>,
        found: &mut Vec<Conditional<'a>>,
    ) {
        match (&self.kind, path.split_first()) {
            (Kind::Null, _) => {}
            (Kind::Branches(alternatives), _) => {
                for alternative in alternatives {
                    let condition = both(condition.as_ref(), Some(&alternative.condition));
                    alternative.value.collect_at(path, condition, found);
                }
            }
            (Kind::Unknown(_), _) | (_, None) => {
                found.push(Conditional { condition, value: self });
            }
            (_, Some((key, rest))) => {
                if let Some(value) = self.get(key) {
                    value.collect_at(rest, condition, found);
                }
            }
        }
    }

    /// Every item of the list at `path`, with the conditions under which it stands there. A single
    /// value in place of a list counts as one item. Unknowns are given as they are.
    pub fn list_at<'a>(&'a self, path: &[&str]) -> Vec<Conditional<'a>> {
        let mut items = Vec::new();
        for found in self.at(path) {
            match &found.value.kind {
                Kind::List(list) => {
                    for item in list {
                        item.collect_at(&[], found.condition.clone(), &mut items);
                    }
                }
                _ => items.push(found),
            }
        }
        items
    }
}

/// A value with the conditions under which it holds, in words.
#[derive(Debug, Clone)]
pub struct Conditional<'a> {
    /// `None` when it always holds.
    pub condition: Option<Condition>,
    /// The value; never null and never branches.
    pub value: &'a Value,
}

/// Both conditions together, in words.
pub fn both(first: Option<&Condition>, second: Option<&Condition>) -> Option<Condition> {
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            Some(Condition::from(format!("{first} and {second}")))
        }
        (first, second) => first.or(second).cloned(),
    }
}
