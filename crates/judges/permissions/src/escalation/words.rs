//! What is said of a way.

use app_graph::IdentityKind;

use super::holders::Holder;
use super::paths::{Gain, Path, Target};
use super::techniques::{Kind, Technique};

/// Other ways that are named; of the rest only the number is told.
const NAMED: usize = 3;

/// The finding's sentence.
pub(crate) fn message(holders: &[Holder<'_>], holder: &Holder<'_>, path: &Path<'_>) -> String {
    let name = holder.name();
    let gained = match &path.gain {
        Gain::Administrator => "can become an administrator".to_owned(),
        Gain::More(action) => format!("can get rights that it does not have (`{action}`)"),
        _ => "can get rights that it does not have".to_owned(),
    };
    let mut does = done(holders, holder, path);
    let mut next = path.next.as_deref();
    let mut last = path;
    while let Some(path) = next {
        let by = at(holders, last);
        does.push_str(&match by {
            Some(by) => format!(", which may {}", done(holders, by, path)),
            None => format!(", then {}", done(holders, holder, path)),
        });
        last = path;
        next = path.next.as_deref();
    }
    format!("`{name}` {gained}: it may {does}")
}

/// The other ways that end with the same change.
pub(crate) fn others(paths: &[Path<'_>]) -> String {
    let ids: Vec<String> =
        paths.iter().skip(1).map(|path| format!("`{}`", path.technique.id)).collect();
    let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    match ids.len() {
        0 => String::new(),
        count if count <= NAMED => format!(" (also {})", named.join(", ")),
        count => format!(" (also {} and {} more ways)", named.join(", "), count - NAMED),
    }
}

/// The smallest change that takes the way away.
pub(crate) fn advice(holders: &[Holder<'_>], holder: &Holder<'_>, path: &Path<'_>) -> String {
    let name = holder.name();
    let action = path.technique.on_target.first().map_or("", String::as_str);
    match (path.target, &path.technique.service) {
        (Target::Holder(..), Some(_)) => {
            let target = target(holders, holder, path);
            format!("pass a role with no more rights than `{name}` in place of {target}")
        }
        (_, Some(service)) => format!(
            "name the role that is passed, with no more rights than `{name}`, or bind \
             `iam:PassedToService` to another service than `{service}`"
        ),
        (Target::Own, None) if path.technique.target == Kind::Policy => {
            format!(
                "take `{action}` away, or allow it on policies that are not attached to `{name}`"
            )
        }
        (Target::Own, None) => format!("take `{action}` away, or allow it on others than `{name}`"),
        (Target::Any, None) => {
            format!("take `{action}` away, or name the one {} that it is for", kind(path.technique))
        }
        (Target::Holder(..), None) => {
            format!("take `{action}` on {} away", target(holders, holder, path))
        }
    }
}

fn done(holders: &[Holder<'_>], holder: &Holder<'_>, path: &Path<'_>) -> String {
    path.technique.does.replace("{}", &target(holders, holder, path))
}

fn target(holders: &[Holder<'_>], holder: &Holder<'_>, path: &Path<'_>) -> String {
    match path.target {
        Target::Own => match (path.technique.target, holder.identity.kind) {
            (Kind::Policy, IdentityKind::Policy) => "itself".to_owned(),
            (Kind::Policy, _) => "a policy that is attached to it".to_owned(),
            (kind, _) => format!("its own {}", kind.word()),
        },
        Target::Any => match &path.technique.service {
            Some(service) => format!("any role that trusts `{service}`"),
            None => format!("any {}", kind(path.technique)),
        },
        Target::Holder(_, Some(function)) => format!("`{function}`"),
        Target::Holder(..) => match at(holders, path) {
            Some(target) => format!("`{}`", target.identity.entity.name),
            None => String::new(),
        },
    }
}

/// The holder that a path leads to.
fn at<'a, 'g>(holders: &'a [Holder<'g>], path: &Path<'_>) -> Option<&'a Holder<'g>> {
    match path.target {
        Target::Holder(at, _) => holders.get(at),
        _ => None,
    }
}

/// What a technique is applied to, in a word or two.
fn kind(technique: &Technique) -> String {
    let Some((_, kind)) = technique.arn.as_deref().and_then(|arn| arn.split_once(':')) else {
        return technique.target.word().to_owned();
    };
    let mut words = String::new();
    for letter in kind.trim_end_matches('/').chars() {
        match letter {
            '-' => words.push(' '),
            letter if letter.is_uppercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            letter => words.push(letter),
        }
    }
    words
}
