//! What a client signs by itself: a token to connect to a database, a request to an endpoint that no
//! API of the SDK speaks to. It is no operation of an API, and yet needs a permission.

use text::{Part, PartialText, Pseudo};

use super::{Argument, Call, Need};

/// What signs a token, the action that the token stands for, and the resource behind the account.
///
/// Source: AWS service authorization reference, "Actions defined by Amazon RDS IAM authentication",
/// "… by Amazon Aurora DSQL", "… by Amazon OpenSearch Serverless", "… by AWS AppSync", "… by AWS
/// Lambda", "… by Amazon API Gateway", "… by Amazon VPC Lattice Services".
const TOKENS: &[(&str, &str, &str, &str)] = &[
    ("rds", "GenerateDBAuthToken", "rds-db:connect", "dbuser:"),
    ("dsql", "GenerateDbConnectAuthToken", "dsql:DbConnect", "cluster/"),
    ("dsql", "GenerateDbConnectAdminAuthToken", "dsql:DbConnectAdmin", "cluster/"),
    (SIGNED, "aoss", "aoss:APIAccessAll", "collection/"),
    (SIGNED, "appsync", "appsync:GraphQL", "apis/"),
    (SIGNED, "execute-api", "execute-api:Invoke", ""),
    (SIGNED, "lambda", "lambda:InvokeFunctionUrl", "function:"),
    (SIGNED, "vpc-lattice-svcs", "vpc-lattice-svcs:Invoke", "service/"),
];

/// The API of a call whose operation is the name of the service that a request is signed for.
pub const SIGNED: &str = "signed";

/// Whether the permission for a request signed for a service is known without its method and path.
#[must_use]
pub fn is_signed_for(service: &str) -> bool {
    TOKENS.iter().any(|(api, name, ..)| *api == SIGNED && *name == service)
}

/// What a token needs when it is used, if the call signs one.
pub(super) fn need(call: &Call) -> Option<Need> {
    let (_, _, action, kind) = TOKENS.iter().find(|(service, operation, ..)| {
        call.service == *service && call.operation.eq_ignore_ascii_case(operation)
    })?;
    let service = action.split(':').next().unwrap_or_default();
    let mut resource = PartialText::known(format!("arn:aws:{service}:"));
    resource.push(Part::Pseudo(Pseudo::Region));
    resource.push(Part::Literal(":".to_owned()));
    resource.push(Part::Pseudo(Pseudo::Account));
    resource.push(Part::Literal(format!(":{kind}")));
    resource.push(Part::Unknown("the host is named, not the resource".to_owned()));
    let user = call.arguments.iter().find(|(name, _)| name == "DBUsername");
    if *action == "rds-db:connect" {
        resource.push(Part::Literal("/".to_owned()));
        match user {
            Some((_, Argument::Text(user))) => resource.extend(user),
            _ => resource.push(Part::Unknown("the user is not known".to_owned())),
        }
    }
    Some(Need { action: (*action).to_owned(), resource, is_certain: true })
}
