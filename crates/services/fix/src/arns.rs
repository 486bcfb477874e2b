//! What gives the ARN of a resource in CloudFormation, by its type.

const TABLE: &str = include_str!("../data/arns.txt");

/// What gives an ARN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Giver {
    /// The plain reference.
    Ref,
    /// An attribute.
    Attribute(&'static str),
    /// Nothing: it is built, with `${Ref}` for what the plain reference gives.
    Built(&'static str),
}

/// What gives the ARN of a declared type; `None` for a type that the table does not know.
pub(crate) fn giver(type_name: &str) -> Option<Giver> {
    let type_name = match type_name {
        // As the Serverless Framework declares them.
        "function" => "AWS::Lambda::Function",
        other => other,
    };
    let mut lines = TABLE.lines().filter_map(|line| line.split_once(' '));
    let (_, giver) = lines.find(|(known, _)| *known == type_name)?;
    Some(match giver {
        "Ref" => Giver::Ref,
        built if built.starts_with("arn:") => Giver::Built(built),
        attribute => Giver::Attribute(attribute),
    })
}
