//! What libraries and log records call an API.

use super::catalog::Service;
use crate::archive::{self, Names};

/// Names that follow from no rule: library, its name, botocore's.
const EXCEPTIONS: &str = include_str!("../../data/names.txt");

/// A family of cloud libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sdk {
    /// boto3 and aioboto3: `boto3.client("s3")`.
    Python,
    /// `@aws-sdk/client-s3`, `S3Client`, `S3`.
    JavaScript3,
    /// `AWS.S3`, `aws-sdk/clients/s3`.
    JavaScript2,
    /// The last segment of `github.com/aws/aws-sdk-go-v2/service/s3` and of version 1's.
    Go,
    /// `software.amazon.awssdk.services.s3`, `S3Client`, `com.amazonaws.services.s3`, `AmazonS3`.
    Java,
}

impl Sdk {
    fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript3 => "javascript3",
            Self::JavaScript2 => "javascript2",
            Self::Go => "go",
            Self::Java => "java",
        }
    }
}

/// Finds the API that a library's package, class or client name stands for.
#[must_use]
pub fn client(sdk: Sdk, name: &str) -> Option<&'static Service> {
    if sdk == Sdk::Python {
        return Service::named(name);
    }
    let name = bare(sdk, name);
    if let Some(api) = exception(sdk.word(), &name) {
        return Service::named(api);
    }
    let by_id = |names: &Names| {
        let id = fold(&names.id);
        id == name || id.strip_suffix("service") == Some(name.as_str())
    };
    let index = &archive::index().apis;
    let found = index
        .iter()
        .find(|(_, (_, names))| fold(&names.id) == name)
        .or_else(|| index.iter().find(|(api, (_, names))| by_id(names) || fold(api) == name));
    found.and_then(|(api, _)| Service::named(api))
}

/// Finds the API and operation of a log record by its `eventSource` and `eventName`:
/// `lambda.amazonaws.com` and `Invoke20150331` give `lambda` and `Invoke`.
#[must_use]
pub fn event(source: &str, name: &str) -> Option<(&'static Service, &'static str)> {
    let source = source.strip_suffix(".amazonaws.com").unwrap_or(source);
    let renamed = exception("event", &format!("{source}.{name}").to_ascii_lowercase());
    let (api, name) = match renamed.and_then(|renamed| renamed.split_once('.')) {
        Some((api, operation)) => (Some(api), operation),
        None => (exception("source", source), name),
    };
    let folded = fold(source);
    let mut candidates: Vec<(u8, &'static str)> = archive::index()
        .apis
        .iter()
        .filter_map(|(own, (_, names))| {
            let rank = match own.as_str() {
                own if api == Some(own) || own == source => 0,
                _ if names.endpoint == source => 1,
                _ if names.signing == source || names.prefix == source => 2,
                _ if fold(own) == folded || fold(&names.id) == folded => 3,
                _ => return None,
            };
            Some((rank, own.as_str()))
        })
        .collect();
    candidates.sort_unstable();
    [name, without_version(name)].into_iter().find_map(|name| {
        candidates.iter().find_map(|(_, api)| {
            let service = Service::named(api)?;
            Some((service, service.operation(name)?))
        })
    })
}

/// Takes the version from a log record's name: `UpdateFunctionCode20150331v2`.
fn without_version(name: &str) -> &str {
    let digits = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let end = match name.get(..digits(name)) {
        Some(before) if before.ends_with('v') => before.len() - 1,
        _ => name.len(),
    };
    let versioned = name.get(..end).unwrap_or(name);
    match versioned.get(..digits(versioned)) {
        Some(bare) if versioned.len() - bare.len() == 8 => bare,
        _ => name,
    }
}

fn exception(library: &str, name: &str) -> Option<&'static str> {
    EXCEPTIONS.lines().find_map(|line| {
        let mut words = line.split(' ');
        (words.next() == Some(library) && words.next() == Some(name)).then(|| words.next())?
    })
}

/// The name without what every name of the library has, folded.
fn bare(sdk: Sdk, name: &str) -> String {
    let name = name.rsplit('/').next().unwrap_or(name);
    let name = match sdk {
        Sdk::JavaScript3 => name.strip_prefix("client-").unwrap_or(name),
        Sdk::JavaScript2 => name.rsplit('.').next().unwrap_or(name),
        Sdk::Java => {
            let packages = ["software.amazon.awssdk.services.", "com.amazonaws.services."];
            let package = packages.iter().find_map(|package| name.strip_prefix(package));
            match package {
                Some(rest) => rest.split('.').next().unwrap_or(rest),
                None => name.rsplit('.').next().unwrap_or(name),
            }
        }
        Sdk::Python | Sdk::Go => name,
    };
    let name = match sdk {
        Sdk::JavaScript3 | Sdk::Java => {
            let name = name.strip_suffix("Builder").unwrap_or(name);
            let name = name.strip_suffix("Client").unwrap_or(name);
            name.strip_suffix("Async").unwrap_or(name)
        }
        _ => name,
    };
    let name = match sdk {
        Sdk::Java => {
            ["Amazon", "AWS"].iter().find_map(|brand| name.strip_prefix(brand)).unwrap_or(name)
        }
        _ => name,
    };
    fold(name)
}

fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}
