//! What the service authorization reference says of each service: resource types with their ARN
//! formats, which of them an action takes, condition keys, dependent actions.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use crate::archive;

/// One service of IAM.
#[derive(Debug)]
pub struct Service {
    /// The resource types that its actions can be limited to.
    pub types: Vec<ResourceType>,
    /// The service's own condition keys with their types: `("s3:prefix", "String")`.
    pub keys: Vec<(String, String)>,
    actions: BTreeMap<String, Detail>,
}

/// A kind of resource that a statement can name.
#[derive(Debug)]
pub struct ResourceType {
    /// Its name in the reference: `table`.
    pub name: String,
    /// Its format: `arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}`.
    pub arn: String,
    /// The condition keys that are there where an action meets such a resource.
    pub condition_keys: Vec<String>,
}

/// What an action takes.
#[derive(Debug)]
pub struct Detail {
    /// Its name without the prefix, in AWS's own spelling.
    pub name: String,
    /// The names of its resource types, and whether every call needs one of that type.
    pub types: Vec<(String, bool)>,
    /// The condition keys that it supports.
    pub condition_keys: Vec<String>,
    /// The actions that the reference calls dependent: some or all calls need them too.
    pub dependents: Vec<String>,
}

impl Service {
    /// Finds an action by its name without the prefix, without regard to case.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Detail> {
        self.actions.get(&name.to_ascii_lowercase())
    }

    /// Finds a resource type by its name; several where the reference gives it several formats.
    pub fn types_named(&self, name: &str) -> impl Iterator<Item = &ResourceType> {
        self.types.iter().filter(move |kind| kind.name.eq_ignore_ascii_case(name))
    }
}

static SERVICES: LazyLock<BTreeMap<&'static str, OnceLock<Service>>> = LazyLock::new(|| {
    archive::index().services.keys().map(|name| (name.as_str(), OnceLock::new())).collect()
});

/// Finds a service by its prefix in IAM, without regard to case; it is decoded when first asked for.
#[must_use]
pub fn service(prefix: &str) -> Option<&'static Service> {
    let prefix = prefix.to_ascii_lowercase();
    let block = archive::index().services.get(&prefix)?;
    Some(SERVICES.get(prefix.as_str())?.get_or_init(|| decode(&block.text())))
}

/// Finds what an action takes by its whole name: `s3:GetObject`.
#[must_use]
pub fn action(name: &str) -> Option<&'static Detail> {
    let (prefix, action) = name.split_once(':')?;
    service(prefix)?.action(action)
}

fn decode(text: &str) -> Service {
    let mut service = Service { types: Vec::new(), keys: Vec::new(), actions: BTreeMap::default() };
    for line in text.lines() {
        let mut fields = line.split('\t');
        let kind = fields.next().unwrap_or_default();
        let mut field = || fields.next().unwrap_or_default();
        let name = field().to_owned();
        match kind {
            "type" => {
                let (arns, keys) = (field(), field());
                service.types.extend(arns.split(", ").map(|arn| ResourceType {
                    name: name.clone(),
                    arn: arn.to_owned(),
                    condition_keys: list(keys),
                }));
            }
            "key" => service.keys.push((name, field().to_owned())),
            _ => {
                let types = list(field()).into_iter().map(required).collect();
                let (condition_keys, dependents) = (list(field()), list(field()));
                let detail = Detail { name, types, condition_keys, dependents };
                service.actions.insert(detail.name.to_ascii_lowercase(), detail);
            }
        }
    }
    service
}

/// Takes the mark from a name of a list: `table!` is required.
pub(crate) fn required(name: String) -> (String, bool) {
    match name.strip_suffix('!') {
        Some(name) => (name.to_owned(), true),
        None => (name, false),
    }
}

pub(crate) fn list(field: &str) -> Vec<String> {
    field.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
