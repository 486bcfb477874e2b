//! How an argument's text names a resource, where it is not simply the name.
//!
//! Each form turns what a call passes into what stands in the ARN: a name, or a whole ARN.

use text::{Part, PartialText, Pseudo};

use super::path::split_text;

/// A form's name, and what makes an ARN's part of an argument in it.
type Form = (&'static str, fn(PartialText) -> PartialText);

/// The forms by their names in the tables.
const FORMS: [Form; 18] = [
    ("url", |text| queue(&text)),
    ("secret", secret),
    ("parameter", without_slash),
    ("below", |text| below(without_slash(text))),
    ("function", function),
    ("key", key),
    ("family", family),
    ("revision", |text| revision(&text)),
    ("group", group),
    ("model", model),
    ("address", |text| address(&text)),
    ("domain", |text| domain(&text)),
    ("table", |text| table(&text)),
    ("api", |text| api(&text).0),
    ("stage", |text| api(&text).1),
    ("s3-bucket", |text| s3_uri(&text).0),
    ("s3-key", |text| s3_uri(&text).1),
    ("s3-below", |text| {
        let mut below = s3_uri(&text).1;
        below.push(Part::Literal("*".to_owned()));
        below
    }),
];

/// Applies a form by its name; a reference and nothing else stays what it is.
pub(super) fn apply(form: &str, text: PartialText) -> PartialText {
    let is_address = matches!(form, "api" | "stage");
    let is_whole = text.sole_reference().is_some() && !is_address;
    if is_whole || is_arn(&text) && form != "secret" && form != "key" {
        return text;
    }
    match FORMS.iter().find(|(name, _)| *name == form) {
        Some((_, apply)) => apply(text),
        None => text,
    }
}

/// Tells whether there is such a form.
#[cfg(test)]
pub(super) fn is_known(form: &str) -> bool {
    form.is_empty() || FORMS.iter().any(|(name, _)| *name == form)
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

/// The revision behind the family; the newest where none is said.
fn revision(text: &PartialText) -> PartialText {
    match text.literal().map(|name| name.split_once(':')) {
        Some(Some((_, revision))) => PartialText::known(revision),
        Some(None) => PartialText::known("*"),
        None => PartialText::unknown("the task definition's revision is not known"),
    }
}

/// A log group is authorized with what lies in it: `log-group:NAME:*`.
///
/// Source: Amazon CloudWatch Logs user guide, "CloudWatch Logs resources and operations".
fn group(mut text: PartialText) -> PartialText {
    text.push(Part::Literal(":*".to_owned()));
    text
}

/// A model behind an inference profile (`eu.anthropic.claude`) may run in any of its regions.
///
/// Source: Amazon Bedrock user guide, "Prerequisites for inference profiles".
fn model(text: PartialText) -> PartialText {
    let areas = ["us", "us-gov", "eu", "apac", "global", "jp", "au", "ca", "sa"];
    let name = text.literal().and_then(|id| id.split_once('.'));
    match name {
        Some((area, model)) if areas.contains(&area) => {
            let mut arn = PartialText::known("arn:");
            arn.push(Part::Pseudo(Pseudo::Partition));
            arn.push(Part::Literal(format!(":bedrock:*::foundation-model/{model}")));
            arn
        }
        _ => text,
    }
}

/// The address in `Shop <orders@example.com>`.
fn address(text: &PartialText) -> PartialText {
    let Some(literal) = text.literal() else { return text.clone() };
    let bare = literal.rsplit_once('<').map_or(literal, |(_, address)| address);
    PartialText::known(bare.trim_end_matches('>').trim())
}

/// The domain of an address, which may be verified instead of the address.
fn domain(text: &PartialText) -> PartialText {
    let address = address(text);
    match address.literal().and_then(|address| address.rsplit_once('@')) {
        Some((_, domain)) => PartialText::known(domain),
        None => address,
    }
}

/// API and stage of the address of a client: `https://API.execute-api.REGION.amazonaws.com/STAGE`.
///
/// Source: Amazon API Gateway developer guide, "Use @connections commands in your backend service".
fn api(address: &PartialText) -> (PartialText, PartialText) {
    let unknown = |what: &str| PartialText::unknown(format!("the address names no {what}"));
    if let Some(api) = address.sole_reference() {
        return (PartialText::reference(api.entity.clone(), "Ref"), unknown("stage"));
    }
    let (host, path) = split_text(&without_scheme(address), "/");
    let (api, domain) = split_text(&host, ".execute-api.");
    let api = if domain.is_some() { api } else { unknown("API") };
    let stage = path.map(|path| split_text(&path, "/").0);
    (api, stage.filter(|stage| !stage.parts().is_empty()).unwrap_or_else(|| unknown("stage")))
}

fn without_scheme(address: &PartialText) -> PartialText {
    match split_text(address, "://") {
        (_, Some(rest)) => rest,
        (whole, None) => whole,
    }
}

/// Bucket and key of `s3://bucket/key`, of an address that begins with the bucket or has it in its
/// path.
///
/// Source: Amazon S3 user guide, "Virtual hosting of general purpose buckets".
fn s3_uri(text: &PartialText) -> (PartialText, PartialText) {
    let unknown = |what: &str| PartialText::unknown(format!("the {what} is not known"));
    let (before, key) = split_text(&without_scheme(text), "/");
    let is_address =
        matches!(text.parts().first(), Some(Part::Literal(it)) if it.starts_with("http"));
    if !is_address {
        let is_open = before.literal().is_none() && text.parts().len() == 1;
        let no_key = if is_open { unknown("key") } else { PartialText::default() };
        return (before, key.unwrap_or(no_key));
    }
    let is_path = matches!(
        before.parts().first(),
        Some(Part::Literal(host)) if host.starts_with("s3.") || host.starts_with("s3-")
    );
    if is_path {
        let (bucket, key) = key.map(|path| split_text(&path, "/")).unwrap_or_default();
        let bucket = if bucket.parts().is_empty() { unknown("bucket") } else { bucket };
        return (bucket, key.unwrap_or_else(|| unknown("key")));
    }
    let key = key.unwrap_or_else(|| unknown("key"));
    for service in [".s3.", ".s3-"] {
        if let (bucket, Some(_)) = split_text(&before, service) {
            return (bucket, key);
        }
    }
    (unknown("bucket"), key)
}

/// The table of a PartiQL statement: `SELECT * FROM "orders"."by-day"`.
///
/// Source: Amazon DynamoDB developer guide, "PartiQL statements for DynamoDB".
fn table(statement: &PartialText) -> PartialText {
    let mut name: Option<PartialText> = None;
    for part in statement.parts() {
        let Part::Literal(literal) = part else {
            if let Some(name) = &mut name {
                name.push(part.clone());
            }
            continue;
        };
        let rest = match name {
            Some(_) => literal.as_str(),
            None => match after_keyword(literal) {
                Some(rest) => rest,
                None => continue,
            },
        };
        let begun = name.get_or_insert_default();
        let rest =
            if begun.parts().is_empty() { rest.trim_start_matches([' ', '"']) } else { rest };
        let end = rest.find([' ', '"', '.', '[', '\n', '\t', ';']);
        begun.push(Part::Literal(rest.get(..end.unwrap_or(rest.len())).unwrap_or_default().into()));
        if end.is_some() {
            break;
        }
    }
    match name {
        Some(name) if !name.parts().is_empty() => name,
        _ => PartialText::unknown("the statement's table is not known"),
    }
}

fn after_keyword(statement: &str) -> Option<&str> {
    let lower = statement.to_ascii_lowercase();
    let end = ["from ", "into ", "update "]
        .iter()
        .filter_map(|keyword| lower.find(keyword).map(|start| start + keyword.len()))
        .min()?;
    statement.get(end..).map(str::trim_start)
}
