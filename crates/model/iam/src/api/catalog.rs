//! AWS's APIs as the cloud libraries know them: operations, waiters, paginators, resource models.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use super::models::{Model, read_models};
use crate::archive;
use crate::services::{list, required};

/// One API.
#[derive(Debug)]
pub struct Service {
    /// botocore's name: `stepfunctions`.
    pub name: &'static str,
    /// The service's prefix in IAM, `states`; `None` where it has none.
    pub prefix: Option<&'static str>,
    operations: BTreeMap<String, Operation>,
    waiters: BTreeMap<String, String>,
    paginators: BTreeMap<String, String>,
    models: BTreeMap<String, Model>,
}

/// One operation of an API.
#[derive(Debug)]
pub struct Operation {
    /// Its name in the API's own spelling.
    pub name: String,
    /// Its input's members in the API's own spelling, and whether every call must pass them.
    pub members: Vec<(String, bool)>,
    /// How it is authorized.
    pub(super) authorization: Authorization,
}

/// How an operation is authorized.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Authorization {
    /// By actions.
    Actions,
    /// Requests are not signed: anybody may call it.
    Public,
    /// By an action named as the HTTP method, on a path: `GET` and `/restapis/{restApiId}`.
    Path(String, String),
}

impl Service {
    /// Finds a service by botocore's name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        let (name, slot) = SERVICES.get_key_value(name)?;
        let (block, names) = archive::index().apis.get(*name)?;
        Some(slot.get_or_init(|| {
            let prefix = (names.prefix != "-").then_some(names.prefix.as_str());
            decode(name, prefix, &block.text())
        }))
    }

    /// Finds an operation however a library spells it, and returns the API's own spelling:
    /// `get_object`, `getObject` and `GetObject` give `GetObject`.
    #[must_use]
    pub fn operation(&self, spelled: &str) -> Option<&str> {
        self.described(spelled).map(|operation| operation.name.as_str())
    }

    /// Finds an operation with its members.
    #[must_use]
    pub fn described(&self, spelled: &str) -> Option<&Operation> {
        self.operations.get(&fold(spelled))
    }

    /// Returns all operations.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.operations.values()
    }

    /// Returns the operation that a waiter calls: `bucket_exists` calls `HeadBucket`.
    #[must_use]
    pub fn waiter(&self, spelled: &str) -> Option<&str> {
        self.waiters.get(&fold(spelled)).map(String::as_str)
    }

    /// Returns the operation that a paginator of this name calls: `list_objects_v2`.
    #[must_use]
    pub fn paginator(&self, spelled: &str) -> Option<&str> {
        self.paginators.get(&fold(spelled)).map(String::as_str)
    }

    /// Finds one of boto3's resource models, `Table`; the service resource has an empty name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }

    /// Tells whether any API has an operation that is spelled so.
    #[must_use]
    pub fn is_any_operation(spelled: &str) -> bool {
        archive::operations().is_some_and(|names| names.contains(fold(spelled)))
    }
}

static SERVICES: LazyLock<BTreeMap<&'static str, OnceLock<Service>>> = LazyLock::new(|| {
    archive::index().apis.keys().map(|name| (name.as_str(), OnceLock::new())).collect()
});

/// Libraries differ only in case and underscores.
fn fold(spelled: &str) -> String {
    spelled.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

fn decode(name: &'static str, prefix: Option<&'static str>, text: &str) -> Service {
    let mut service = Service {
        name,
        prefix,
        operations: BTreeMap::new(),
        waiters: BTreeMap::new(),
        paginators: BTreeMap::new(),
        models: read_models(text),
    };
    for line in text.lines() {
        let mut fields = line.split('\t');
        let kind = fields.next().unwrap_or_default();
        let mut field = || fields.next().unwrap_or_default();
        let name = field().to_owned();
        match kind {
            "op" => {
                let members = list(field()).into_iter().map(required).collect();
                let authorization = match field() {
                    "" => Authorization::Actions,
                    "public" => Authorization::Public,
                    path => {
                        path.split_once(' ').map_or(Authorization::Actions, |(method, path)| {
                            Authorization::Path(method.to_owned(), path.to_owned())
                        })
                    }
                };
                service.operations.insert(fold(&name), Operation { name, members, authorization });
            }
            "waiter" => {
                service.waiters.insert(fold(&name), field().to_owned());
            }
            "pages" => {
                service.paginators.insert(fold(&name), name);
            }
            _ => {}
        }
    }
    service
}
