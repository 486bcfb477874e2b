//! Whether an ARN says which resource it names.

use text::{Part, PartialText};

use super::format::{Piece, pieces};
use crate::services;

/// Resources that are named by what they lie in, where that has no ARN of the same format: what lies
/// in an API, and what is made at run time.
///
/// Source: AWS service authorization reference, "Resource types defined by …".
const CONTAINERS: [&str; 4] = [
    "arn:${Partition}:execute-api:${Region}:${Account}:${ApiId}",
    "arn:${Partition}:states:${Region}:${Account}:execution:${StateMachineName}",
    "arn:${Partition}:states:${Region}:${Account}:express:${StateMachineName}",
    "arn:${Partition}:ecs:${Region}:${Account}:task/${ClusterName}",
];

/// What stands for an unknown part, and for one that the deployment decides.
const UNKNOWN: char = '\0';
const DECIDED: char = '\u{1}';

/// Tells whether an ARN that an action is needed on names one resource: everything of it is known,
/// or all up to what lies in the resource, such as an object in its bucket.
#[must_use]
pub fn names_resource(action: &str, arn: &PartialText) -> bool {
    if arn.unknown_reason().is_none() || matches!(arn.parts().first(), Some(Part::Reference(_))) {
        return true;
    }
    let service = action.split(':').next().and_then(services::service);
    let Some((service, detail)) = service.zip(services::action(action)) else { return false };
    let text = shown(arn);
    let formats = detail.types.iter().flat_map(|(name, _)| service.types_named(name));
    formats.into_iter().any(|kind| {
        let types = service.types.iter().map(|container| container.arn.as_str());
        types.chain(CONTAINERS).any(|container| {
            let behind = kind.arn.strip_prefix(container).and_then(|rest| rest.chars().next());
            behind.is_some_and(|separator| is_known_up_to(container, separator, &text))
        })
    })
}

fn shown(arn: &PartialText) -> String {
    let mut shown = String::new();
    for part in arn.parts() {
        match part {
            Part::Literal(text) => shown.push_str(text),
            Part::Unknown(_) => shown.push(UNKNOWN),
            Part::Reference(_) | Part::Pseudo(_) => shown.push(DECIDED),
        }
    }
    shown
}

/// Whether a text begins as the container's format, everything known up to the separator behind it.
fn is_known_up_to(container: &str, separator: char, text: &str) -> bool {
    let pieces = pieces(container);
    let mut rest = text;
    for (place, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(literal) => match rest.strip_prefix(literal) {
                Some(after) => rest = after,
                None => return false,
            },
            Piece::Placeholder(_) => {
                let end = match pieces.get(place + 1) {
                    Some(Piece::Literal(next)) => rest.find(next),
                    _ => rest.find(separator),
                };
                let Some((name, after)) = end.and_then(|end| rest.split_at_checked(end)) else {
                    return false;
                };
                if name.is_empty() || name.contains([UNKNOWN, '*']) {
                    return false;
                }
                rest = after;
            }
        }
    }
    rest.starts_with(separator)
}
