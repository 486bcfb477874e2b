//! Which argument names a resource where no row of the table says it: the one of the same name.

use super::catalog::Operation;

/// Members that name the resource itself, whatever its type.
const ARN_NAMES: [&str; 3] = ["resourcearn", "arn", "resource"];
const OWN_NAMES: [&str; 4] = ["name", "id", "identifier", "resourceid"];

/// Finds the members for a placeholder of a resource type's ARN, as paths apart by commas;
/// `is_last` says that no placeholder follows, `is_only` that the action has no other resource type
/// and the ARN no other placeholder. `Name` and `Id` are the resource's own where that is so, and in
/// operations that are called as the type: `DescribeApiDestination`.
pub(super) fn members(
    operation: &Operation,
    kind: &str,
    placeholder: &str,
    is_last: bool,
    is_only: bool,
) -> Option<String> {
    let kind = fold(kind);
    let is_own = is_only || is_last && fold(&operation.name).ends_with(&kind);
    // The service makes up the id of what is created, whatever name it is given.
    let is_made_up = operation.name.starts_with("Create") && fold(placeholder).ends_with("id");
    let names = names(&kind, &fold(placeholder), is_last, is_own, is_made_up);
    let mut paths: Vec<String> = Vec::new();
    for name in &names {
        for (member, _) in &operation.members {
            let folded = fold(member);
            let path = if folded == *name {
                member.clone()
            } else if folded.strip_suffix('s') == Some(name) {
                format!("{member}[]")
            } else {
                continue;
            };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    (!paths.is_empty()).then(|| paths.join(","))
}

fn names(
    kind: &str,
    placeholder: &str,
    is_last: bool,
    is_own: bool,
    is_made_up: bool,
) -> Vec<String> {
    let stem = ["name", "identifier", "id", "arn"]
        .iter()
        .find_map(|end| placeholder.strip_suffix(end))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(placeholder);
    let mut names = vec![placeholder.to_owned()];
    let stems = if is_last { vec![stem, kind] } else { vec![stem] };
    for stem in stems {
        for end in ["arn", "name", "id", "identifier", ""] {
            names.push(format!("{stem}{end}"));
        }
    }
    if is_last {
        names.extend(ARN_NAMES.map(str::to_owned));
    }
    if is_own {
        names.extend(OWN_NAMES.map(str::to_owned));
    }
    if is_made_up {
        names.retain(|name| !name.ends_with("name"));
    }
    names
}

fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
