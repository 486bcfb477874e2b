use iam::api::{Sdk, Service};

use super::object_value;
use crate::evaluate::{Evaluator, Value};

/// An instance of a type that the libraries' stubs name: `mypy_boto3_s3.S3Client`,
/// `mypy_boto3_dynamodb.service_resource.Table`.
pub(crate) fn typed(_evaluator: &mut Evaluator<'_>, name: &str) -> Option<Value> {
    if matches!(name, "boto3.Session" | "boto3.session.Session" | "aioboto3.Session") {
        return Some(object_value("session", "", "", Vec::new()));
    }
    let (package, rest) = name.split_once('.')?;
    let prefixes = ["mypy_boto3_", "types_boto3_", "types_aiobotocore_", "types_aioboto3_"];
    let service = prefixes.iter().find_map(|prefix| package.strip_prefix(prefix))?;
    let service = iam::api::client(Sdk::Python, service)
        .or_else(|| iam::api::client(Sdk::Python, &service.replace('_', "-")))?;
    let class = rest.rsplit('.').next()?;
    if class.ends_with("ServiceResource") {
        return Some(object_value("resource", service.name, "", Vec::new()));
    }
    if class.ends_with("Client") {
        return Some(object_value("client", service.name, "", Vec::new()));
    }
    if let Some(operation) = class.strip_suffix("Paginator") {
        return Some(object_value(
            "paginator",
            service.name,
            service.operation(operation)?,
            Vec::new(),
        ));
    }
    if let Some(operation) = class.strip_suffix("Waiter") {
        return Some(object_value("waiter", service.name, service.waiter(operation)?, Vec::new()));
    }
    is_model(service, class).then(|| object_value("resource", service.name, class, Vec::new()))
}

fn is_model(service: &Service, class: &str) -> bool {
    service.model(class).is_some()
}
