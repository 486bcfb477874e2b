use text::{Branch, Condition, Part, PartialText, Said, Setting, Span, Unknown};

use documents::value::{Kind, Value};

/// Reads what stands at `path`, into every branch on the way; missing is `Unset`.
pub(super) fn within<T>(
    value: &Value,
    path: &[&str],
    read: &dyn Fn(&Value) -> Setting<T>,
) -> Setting<T> {
    match &value.kind {
        Kind::Null => Setting::Unset,
        Kind::Unknown(why) => Setting::Unknown(Unknown::new(why.clone(), value.span)),
        Kind::Branches(alternatives) => Setting::Branches(
            alternatives
                .iter()
                .map(|alternative| Branch {
                    condition: alternative.condition.clone(),
                    setting: within(&alternative.value, path, read),
                })
                .collect(),
        ),
        kind => match path.split_first() {
            None => read(value),
            Some((key, rest)) => match (value.get(key), kind) {
                (Some(member), _) => within(member, rest, read),
                (None, Kind::Text(text)) if text.literal().is_none() => {
                    let why = format!("`{text}` is known only at deployment");
                    Setting::Unknown(Unknown::new(why, value.span))
                }
                (None, _) => Setting::Unset,
            },
        },
    }
}

/// Reads the first item of the list at `path`; a single value in place of a list is its item.
pub(super) fn first_within<T>(
    value: &Value,
    path: &[&str],
    read: &dyn Fn(&Value) -> Setting<T>,
) -> Setting<T> {
    within(value, path, &|list| match &list.kind {
        Kind::List(items) => items.first().map_or(Setting::Unset, |item| within(item, &[], read)),
        _ => read(list),
    })
}

/// Whether anything stands at `path`.
pub(super) fn presence(value: &Value, path: &[&str]) -> Setting<bool> {
    value.setting(path, &|_| Ok(true))
}

/// Goes on from every known value.
pub(super) fn and_then<T, U>(
    setting: Setting<T>,
    next: &dyn Fn(Said<T>) -> Setting<U>,
) -> Setting<U> {
    match setting {
        Setting::Unset => Setting::Unset,
        Setting::Unknown(unknown) => Setting::Unknown(unknown),
        Setting::Known(said) => next(said),
        Setting::Branches(branches) => Setting::Branches(
            branches
                .into_iter()
                .map(|branch| Branch {
                    condition: branch.condition,
                    setting: and_then(branch.setting, next),
                })
                .collect(),
        ),
    }
}

/// Takes another setting wherever nothing was said.
pub(super) fn or_else<T>(setting: Setting<T>, otherwise: &dyn Fn() -> Setting<T>) -> Setting<T> {
    match setting {
        Setting::Unset => otherwise(),
        Setting::Branches(branches) => Setting::Branches(
            branches
                .into_iter()
                .map(|branch| Branch {
                    condition: branch.condition,
                    setting: or_else(branch.setting, otherwise),
                })
                .collect(),
        ),
        said => said,
    }
}

/// The setting as far as the declaration that makes it exists.
pub(super) fn under<T>(condition: Option<&Condition>, setting: Setting<T>) -> Setting<T> {
    match condition {
        None => setting,
        Some(condition) => Setting::Branches(vec![
            Branch { condition: condition.clone(), setting },
            Branch { condition: opposite(condition), setting: Setting::Unset },
        ]),
    }
}

/// The condition's opposite, in words.
fn opposite(condition: &Condition) -> Condition {
    let words = condition.as_ref();
    let simple = !words.contains(" and ");
    if let Some(words) = words.strip_suffix(" is true").filter(|_| simple) {
        return Condition::from(format!("{words} is false"));
    }
    if let Some(words) = words.strip_suffix(" is false").filter(|_| simple) {
        return Condition::from(format!("{words} is true"));
    }
    Condition::from(format!("not ({words})"))
}

/// One setting of several that hold side by side, each under its name: equal ones are one.
pub(super) fn side_by_side<T>(mut settings: Vec<(String, Setting<T>)>) -> Setting<T> {
    match settings.len() {
        0 => Setting::Unset,
        1 => settings.pop().map_or(Setting::Unset, |(_, setting)| setting),
        _ if settings.iter().all(|(_, setting)| setting.is_unset()) => Setting::Unset,
        _ => Setting::Branches(
            settings
                .into_iter()
                .map(|(name, setting)| Branch { condition: Condition::from(name), setting })
                .collect(),
        ),
    }
}

/// A switch between two words.
pub(super) fn word_is(setting: Setting<String>, on: &'static [&'static str]) -> Setting<bool> {
    setting.map(|word| on.iter().any(|on| word.eq_ignore_ascii_case(on)))
}

/// Every text of the list at `path`; what is no text is unknown.
pub(super) fn texts(value: &Value, path: &[&str]) -> Vec<Said<PartialText>> {
    let items = value.list_at(path);
    items.iter().map(|item| said_text(item.value)).collect()
}

/// A scalar as text; anything else is a text that is unknown.
pub(super) fn said_text(value: &Value) -> Said<PartialText> {
    let text = value.scalar_text().unwrap_or_else(|| match &value.kind {
        Kind::Unknown(why) => PartialText::unknown(why.clone()),
        _ => PartialText::unknown("a text was expected here"),
    });
    Said { value: text, span: value.span, origin: value.origin }
}

/// Whole requests a second: rates may be written with a fraction.
pub(super) fn rate(value: &Value, path: &[&str]) -> Setting<u32> {
    value.string_at(path).try_map(&|written: String| match written.trim().parse::<f64>() {
        Ok(rate) if rate >= 0.0 && rate <= f64::from(u32::MAX) => Ok(rate.ceil() as u32),
        _ => Err(format!("`{written}` is no rate")),
    })
}

/// What stands behind the last of `separators` in a text.
pub(super) fn last_segment(text: &PartialText, separators: &[char]) -> PartialText {
    let mut segment = PartialText::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => match literal.rsplit_once(separators) {
                Some((_, tail)) => segment = PartialText::known(tail),
                None => segment.push(part.clone()),
            },
            part => segment.push(part.clone()),
        }
    }
    segment
}

/// An unknown as a setting.
pub(super) fn unknown<T>(why: impl Into<String>, span: Span) -> Setting<T> {
    Setting::Unknown(Unknown::new(why, span))
}
