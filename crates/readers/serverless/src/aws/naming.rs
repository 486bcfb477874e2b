//! Logical ids as the framework makes them.
//!
//! Source: the Serverless Framework's `lib/plugins/aws/lib/naming.js`.

/// A name with its first letter in upper case.
fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn alphanumeric(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A function's or authorizer's key within logical ids: `get-item` → `GetDashitem`.
pub(super) fn normalized(key: &str) -> String {
    upper_first(&alphanumeric(&key.replace('-', "Dash").replace('_', "Underscore")))
}

/// Letters and digits of a name, as in buckets', topics' and queues' logical ids.
pub(super) fn normalized_alphanumeric(name: &str) -> String {
    upper_first(&alphanumeric(name))
}

/// The logical id of a function.
pub(super) fn function_id(key: &str) -> String {
    format!("{}LambdaFunction", normalized(key))
}

/// One part of a REST path: `{userId}` → `UseridVar`.
fn path_part(part: &str) -> String {
    let lower = upper_first(&part.to_lowercase());
    let mut name = lower.replace('-', "Dash");
    if let (Some(open), Some(close)) = (name.find('{'), name.rfind('}'))
        && open < close
    {
        let (before, rest) = name.split_at(open);
        let (inside, after) = rest.split_at(close - open);
        name = format!(
            "{before}{}Var{}",
            inside.trim_start_matches('{'),
            after.trim_start_matches('}')
        );
    }
    upper_first(&alphanumeric(&name))
}

/// A REST path within logical ids: `users/{id}` → `UsersIdVar`.
pub(super) fn path(path: &str) -> String {
    path.split('/').map(path_part).collect()
}

/// A method within logical ids: `GET` → `Get`.
pub(super) fn method(method: &str) -> String {
    upper_first(&method.to_lowercase())
}

/// An HTTP API's route within logical ids: `GET /users/{id}` → `GetUsersIdVar`.
pub(super) fn http_api_route(route: &str) -> String {
    let mut name = String::new();
    for part in route.split(['/', ' ']) {
        name.push_str(&match part {
            "*" | "$default" => "Default".to_owned(),
            part => path_part(part),
        });
    }
    name
}

/// A WebSocket route within logical ids: `$connect` → `SconnectWebsocketsRoute`.
pub(super) fn websocket_route(route: &str) -> String {
    let name = route
        .replace('$', "S")
        .replace('/', "Slash")
        .replace('-', "Dash")
        .replace('_', "Underscore")
        .replace('.', "Period");
    alphanumeric(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logical_ids_are_the_frameworks() {
        assert_eq!(function_id("hello"), "HelloLambdaFunction");
        assert_eq!(function_id("get-user_item"), "GetDashuserUnderscoreitemLambdaFunction");
        assert_eq!(path("users/{userId}/my-files"), "UsersUseridVarMyDashfiles");
        assert_eq!(path("{proxy+}"), "ProxyVar");
        assert_eq!(method("GET"), "Get");
        assert_eq!(http_api_route("GET /users/{id}"), "GetUsersIdVar");
        assert_eq!(websocket_route("$connect"), "Sconnect");
        assert_eq!(normalized_alphanumeric("my.bucket-1"), "Mybucket1");
    }
}
