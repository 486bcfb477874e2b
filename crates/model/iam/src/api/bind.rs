//! Which argument names a resource where no row of the table says it: the one of the same name.

use super::catalog::Operation;

/// Members that name the resource itself, whatever its type.
const ARN_NAMES: [&str; 2] = ["resourcearn", "arn"];
const OWN_NAMES: [&str; 4] = ["name", "id", "identifier", "resourceid"];

/// Finds the member for a placeholder of a resource type's ARN; `is_last` says that no placeholder
/// follows, `is_only` that the action has no other resource type and the ARN no other placeholder.
pub(super) fn member<'operation>(
    operation: &'operation Operation,
    kind: &str,
    placeholder: &str,
    is_last: bool,
    is_only: bool,
) -> Option<&'operation str> {
    let placeholder = fold(placeholder);
    let kind = fold(kind);
    let stem = ["name", "identifier", "id", "arn"]
        .iter()
        .find_map(|end| placeholder.strip_suffix(end))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(&placeholder);
    let mut names = vec![placeholder.clone()];
    let mut stems = vec![stem];
    if is_last {
        stems.push(&kind);
    }
    for stem in stems {
        for end in ["arn", "name", "id", "identifier", ""] {
            names.push(format!("{stem}{end}"));
        }
    }
    if is_last {
        names.extend(ARN_NAMES.map(str::to_owned));
    }
    if is_only {
        names.extend(OWN_NAMES.map(str::to_owned));
    }
    names.iter().find_map(|name| {
        let (member, _) = operation.members.iter().find(|(member, _)| fold(member) == *name)?;
        Some(member.as_str())
    })
}

fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
