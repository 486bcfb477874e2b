//! Tokens that a client signs by itself to connect to a database: no operation of an API, and yet a
//! permission.

use text::{Part, PartialText, Pseudo};

use super::{Argument, Call, Need};

/// What signs a token, the action that the token stands for, and the resource behind the account.
///
/// Source: AWS service authorization reference, "Actions defined by Amazon RDS IAM authentication"
/// and "… by Amazon Aurora DSQL".
const TOKENS: &[(&str, &str, &str, &str)] = &[
    ("rds", "GenerateDBAuthToken", "rds-db:connect", "dbuser:"),
    ("dsql", "GenerateDbConnectAuthToken", "dsql:DbConnect", "cluster/"),
    ("dsql", "GenerateDbConnectAdminAuthToken", "dsql:DbConnectAdmin", "cluster/"),
];

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
    resource.push(Part::Unknown("the call names the host, not the database".to_owned()));
    let user = call.arguments.iter().find(|(name, _)| name == "DBUsername");
    if *action == "rds-db:connect" {
        resource.push(Part::Literal("/".to_owned()));
        match user {
            Some((_, Argument::Text(user))) => resource.extend(user),
            _ => resource.push(Part::Unknown("the user is not known".to_owned())),
        }
    }
    Some(Need { action: (*action).to_owned(), resource })
}
