//! How an argument's text names a resource, where it is not simply the name.
//!
//! Each form turns what a call passes into what stands in the ARN: a name, or a whole ARN.

use text::{Part, PartialText, Pseudo};

/// Applies a form by its name in the tables; a reference and nothing else stays what it is.
pub(super) fn apply(form: &str, text: PartialText) -> PartialText {
    if text.sole_reference().is_some() || is_arn(&text) && form != "secret" && form != "key" {
        return text;
    }
    match form {
        "url" => queue(&text),
        "secret" => secret(text),
        "parameter" => without_slash(text),
        "below" => below(without_slash(text)),
        "function" => function(text),
        "key" => key(text),
        "last" => last(&text),
        "family" => family(text),
        _ => text,
    }
}

/// Tells whether a text is an ARN as a whole, as far as can be seen.
pub(super) fn is_arn(text: &PartialText) -> bool {
    match text.parts().first() {
        Some(Part::Literal(literal)) => literal.starts_with("arn:"),
        Some(Part::Reference(reference)) => reference.attribute.ends_with("Arn"),
        _ => false,
    }
}

/// `https://sqs.REGION.amazonaws.com/ACCOUNT/NAME`; also the name alone, which some callers pass.
fn queue(url: &PartialText) -> PartialText {
    if let Some(url) = url.literal()
        && let Some((_, rest)) = url.split_once("://")
        && let [host, account, name] = rest.split('/').collect::<Vec<_>>().as_slice()
        && let ["sqs", region, "amazonaws", ..] = host.split('.').collect::<Vec<_>>().as_slice()
    {
        let mut arn = PartialText::known("arn:");
        arn.push(Part::Pseudo(Pseudo::Partition));
        arn.push(Part::Literal(format!(":sqs:{region}:{account}:{name}")));
        return arn;
    }
    last(url)
}

/// What follows the last slash.
fn last(text: &PartialText) -> PartialText {
    let mut rest = PartialText::default();
    for part in text.parts() {
        match part {
            Part::Literal(literal) => match literal.rsplit_once('/') {
                Some((_, after)) => rest = PartialText::known(after),
                None => rest.push(part.clone()),
            },
            part => rest.push(part.clone()),
        }
    }
    rest
}

/// A secret's ARN ends in a hyphen and six characters that the service chose.
///
/// Source: AWS Secrets Manager user guide, "Determine who has permissions to your secrets".
fn secret(mut text: PartialText) -> PartialText {
    let literal = text.literal().unwrap_or_default();
    let whole = literal.starts_with("arn:")
        && literal.rsplit_once('-').is_some_and(|(_, random)| random.len() == 6);
    if text.parts().iter().all(|part| matches!(part, Part::Unknown(_))) || whole {
        return text;
    }
    text.push(Part::Literal("-??????".to_owned()));
    text
}

/// A parameter's ARN has one slash before the name, whether the name begins with one or not.
fn without_slash(text: PartialText) -> PartialText {
    match text.parts().split_first() {
        Some((Part::Literal(first), rest)) => {
            let mut name = PartialText::known(first.trim_start_matches('/'));
            rest.iter().for_each(|part| name.push(part.clone()));
            name
        }
        _ => text,
    }
}

/// All parameters under a path.
fn below(text: PartialText) -> PartialText {
    let mut path = PartialText::default();
    let last = text.parts().len().saturating_sub(1);
    for (place, part) in text.parts().iter().enumerate() {
        path.push(match part {
            Part::Literal(end) if place == last => {
                Part::Literal(end.trim_end_matches('/').to_owned())
            }
            part => part.clone(),
        });
    }
    path.push(Part::Literal(if path.parts().is_empty() { "*" } else { "/*" }.to_owned()));
    path
}

/// `name`, `name:alias` or `account:function:name`.
fn function(text: PartialText) -> PartialText {
    let Some((account, name)) = text.literal().and_then(|name| name.split_once(":function:"))
    else {
        return text;
    };
    let account = account.rsplit(':').next().unwrap_or_default();
    let mut arn = PartialText::known("arn:");
    arn.push(Part::Pseudo(Pseudo::Partition));
    arn.push(Part::Literal(":lambda:".to_owned()));
    arn.push(Part::Pseudo(Pseudo::Region));
    arn.push(Part::Literal(format!(":{account}:function:{name}")));
    arn
}

/// A key's permissions are on the key, so an alias leaves it unknown.
///
/// Source: AWS KMS developer guide, "Key ARN … in IAM policies: you cannot use a key alias".
fn key(text: PartialText) -> PartialText {
    let alias = |text: &str| format!("which key the alias `{text}` names is not known");
    match text.parts().first() {
        Some(Part::Literal(first)) if first.starts_with("alias/") => {
            PartialText::unknown(alias(first))
        }
        Some(Part::Literal(first)) if first.starts_with("arn:") => {
            match first.split_once(":alias/") {
                Some((before, name)) => {
                    let mut arn = PartialText::known(format!("{before}:key/"));
                    arn.push(Part::Unknown(alias(name)));
                    arn
                }
                None => text,
            }
        }
        _ => text,
    }
}

/// A task definition is named by its family, with or without its revision.
fn family(text: PartialText) -> PartialText {
    match text.literal().and_then(|name| name.split_once(':')) {
        Some((family, _)) => PartialText::known(family),
        None => text,
    }
}
