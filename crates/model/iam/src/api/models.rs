//! boto3's resource models: objects whose methods are operations with arguments filled in.

use std::collections::BTreeMap;

use crate::services::list;

/// One kind of object: `Table` of DynamoDB, `Bucket` of S3; the service resource itself.
#[derive(Debug, Default)]
pub struct Model {
    /// What names one, in the order in which its constructor takes them: `["BucketName", "Key"]`.
    pub identifiers: Vec<String>,
    /// What it has: methods, sub-resources, collections, in boto3's CamelCase.
    pub members: Vec<Member>,
}

/// One method, sub-resource or collection.
#[derive(Debug)]
pub struct Member {
    /// What it is.
    pub kind: MemberKind,
    /// Its name in CamelCase: `PutItem`, which Python spells `put_item`.
    pub name: String,
    /// The operation that it calls, or for [`MemberKind::Wait`] the waiter; empty for none.
    pub operation: String,
    /// The arguments that it fills in.
    pub parameters: Vec<Filled>,
    /// The model of what it returns; empty where it returns plain data.
    pub returns: String,
    /// Where the identifiers of what it returns come from.
    pub identifiers: Vec<Filled>,
}

/// What a member of a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// A method that calls an operation.
    Action,
    /// A method of a collection, which calls an operation for all.
    Batch,
    /// `load` and `reload`, also called when an attribute is first read.
    Load,
    /// `wait_until_…`.
    Wait,
    /// Another object made without a call: `dynamodb.Table("orders")`, `bucket.Object("key")`.
    Has,
    /// A collection: `bucket.objects`, which calls when it is iterated.
    Many,
}

/// One argument or identifier that is filled in.
#[derive(Debug)]
pub struct Filled {
    /// What is filled: `TableName`, `Delete.Objects[].Key`.
    pub target: String,
    /// From where: `identifier`, `data`, `input`, `response`, `requestParameter`, `string`,
    /// `integer` or `boolean`.
    pub source: String,
    /// Which identifier, or the path, or the text itself.
    pub path: String,
}

impl Model {
    /// Finds a member however it is spelled: `put_item` or `PutItem`.
    pub fn members_named(&self, spelled: &str) -> impl Iterator<Item = &Member> {
        let folded = spelled.replace('_', "");
        self.members.iter().filter(move |member| member.name.eq_ignore_ascii_case(&folded))
    }
}

pub(super) fn read_models(text: &str) -> BTreeMap<String, Model> {
    let mut models: BTreeMap<String, Model> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let kind = match fields.next() {
            Some("resource") => None,
            Some("action") => Some(MemberKind::Action),
            Some("batch") => Some(MemberKind::Batch),
            Some("load") => Some(MemberKind::Load),
            Some("wait") => Some(MemberKind::Wait),
            Some("has") => Some(MemberKind::Has),
            Some("many") => Some(MemberKind::Many),
            _ => continue,
        };
        let mut field = || fields.next().unwrap_or_default().to_owned();
        let name = field();
        match kind {
            None => {
                let identifiers = list(&field());
                current.clone_from(&name);
                models.insert(name, Model { identifiers, members: Vec::new() });
            }
            Some(kind) => {
                let member = Member {
                    kind,
                    name,
                    operation: field(),
                    parameters: filled(&field()),
                    returns: field(),
                    identifiers: filled(&field()),
                };
                models.entry(current.clone()).or_default().members.push(member);
            }
        }
    }
    models
}

fn filled(field: &str) -> Vec<Filled> {
    let one = |text: &str| {
        let (target, from) = text.split_once('=')?;
        let (source, path) = from.split_once(':')?;
        Some(Filled { target: target.into(), source: source.into(), path: path.into() })
    };
    field.split(',').filter_map(one).collect()
}
