//! What each function needs, is granted, and should be granted.

pub mod blast_radius;
pub mod json;
pub mod observed;
pub mod roles;
pub mod text;

use ::text::{Part, PartialText};

/// An ARN for people and machines: what the deployment decides as CloudFormation writes it, what is
/// not known as `*`.
pub(crate) fn shown(arn: &PartialText) -> String {
    let known = arn.parts().iter().map(|part| match part {
        Part::Unknown(_) => Part::Literal("*".to_owned()),
        part => part.clone(),
    });
    let mut shown = PartialText::default();
    known.for_each(|part| shown.push(part));
    shown.to_string()
}
