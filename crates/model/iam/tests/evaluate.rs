use casemate_iam::Policy;
use casemate_iam::evaluate::{Decision, Layer, Policies, Request, decide};

use crate::sample::{partial, policy};

/// Everything that can have a say, in the words of [`policy`].
#[derive(Default, Clone)]
struct Say<'a> {
    identity: &'a [&'a str],
    resource: &'a [&'a str],
    boundary: &'a [&'a str],
    session: &'a [&'a str],
    service_control: &'a [&'a [&'a str]],
}

const USER: &str = "arn:aws:iam::111122223333:user/ops/anna";
const ROLE: &str = "arn:aws:iam::111122223333:role/app/worker";
const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/worker/one";
const OBJECT: &str = "arn:aws:s3:::shop/a";

/// Asks for `s3:GetObject` on an object.
fn check(principal: &str, say: Say<'_>, expect: &str) {
    let request = Request::new(partial(principal), "s3:GetObject", partial(OBJECT));
    check_request(&request, say, expect);
}

/// Who holds the object is another account.
fn check_across(principal: &str, say: Say<'_>, expect: &str) {
    let mut request = Request::new(partial(principal), "s3:GetObject", partial(OBJECT));
    request.resource_account = partial("999988887777");
    check_request(&request, say, expect);
}

fn check_request(request: &Request, say: Say<'_>, expect: &str) {
    let identity = policy(say.identity);
    let optional = |words: &[&str]| (!words.is_empty()).then(|| policy(words));
    let (resource, boundary) = (optional(say.resource), optional(say.boundary));
    let session = optional(say.session);
    let levels: Vec<Policy> = say.service_control.iter().map(|words| policy(words)).collect();
    let policies = Policies {
        identity: vec![&identity],
        resource: resource.as_ref(),
        boundary: boundary.as_ref(),
        session: session.iter().collect(),
        service_control: levels.iter().map(|level| vec![level]).collect(),
    };
    let evaluation = decide(request, &policies);
    let mut found = match &evaluation.decision {
        Decision::Allowed => "allowed".to_owned(),
        Decision::ExplicitDeny => "denied".to_owned(),
        Decision::ImplicitDeny => "not allowed".to_owned(),
        Decision::Unknown(why) => format!("unknown: {}", why.why),
    };
    if let Some((layer, _)) = evaluation.decided_by {
        let layer = match layer {
            Layer::Identity => "identity",
            Layer::Resource => "resource",
            Layer::Boundary => "boundary",
            Layer::Session => "session",
            Layer::ServiceControl(_) => "service control",
        };
        found = format!("{found} by {layer}");
    }
    assert_eq!(found, expect, "{request:?}");
}

const ALLOW: &[&str] = &["allow s3:* on *"];
const OTHER: &[&str] = &["allow sqs:* on *"];
const DENY: &[&str] = &["allow * on *", "deny s3:Get* on *"];

#[test]
fn a_denial_wins_wherever_it_is() {
    let allow = Say { identity: ALLOW, ..Say::default() };
    check(USER, Say { identity: DENY, ..Say::default() }, "denied by identity");
    check(USER, Say { boundary: DENY, ..allow.clone() }, "denied by boundary");
    check(USER, Say { session: DENY, ..allow.clone() }, "denied by session");
    check(
        USER,
        Say { service_control: &[ALLOW, DENY], ..allow.clone() },
        "denied by service control",
    );
    let resource: &[&str] = &["deny 111122223333 may s3:* on *"];
    check(USER, Say { resource, ..allow.clone() }, "denied by resource");
    let resource: &[&str] = &["deny not arn:aws:iam::111122223333:role/app/worker may s3:* on *"];
    check(USER, Say { resource, ..allow.clone() }, "denied by resource");
    check(SESSION, Say { resource, ..allow }, "allowed by identity");
}

#[test]
fn everything_that_limits_must_allow() {
    let allow = Say { identity: ALLOW, ..Say::default() };
    check(USER, Say::default(), "not allowed");
    check(USER, allow.clone(), "allowed by identity");
    check(USER, Say { boundary: OTHER, ..allow.clone() }, "not allowed");
    check(USER, Say { session: OTHER, ..allow.clone() }, "not allowed");
    check(USER, Say { service_control: &[ALLOW, OTHER], ..allow.clone() }, "not allowed");
    let service_control: &[&[&str]] = &[ALLOW, &["allow * on *"]];
    check(
        USER,
        Say { boundary: ALLOW, session: ALLOW, service_control, ..allow },
        "allowed by identity",
    );
}

#[test]
fn a_resource_policy_grants_by_itself_in_one_account_by_whom_it_names() {
    let user: &[&str] = &["allow arn:aws:iam::111122223333:user/ops/anna may s3:* on *"];
    let role: &[&str] = &["allow arn:aws:iam::111122223333:role/app/worker may s3:* on *"];
    let session: &[&str] =
        &["allow arn:aws:sts::111122223333:assumed-role/worker/one may s3:* on *"];
    let account: &[&str] = &["allow 111122223333 may s3:* on *"];
    let everyone: &[&str] = &["allow * may s3:* on *"];
    for (principal, resource, alone, limited) in [
        (USER, user, "allowed by resource", "allowed by resource"),
        (USER, role, "not allowed", "not allowed"),
        (USER, account, "not allowed", "not allowed"),
        (USER, everyone, "allowed by resource", "allowed by resource"),
        (ROLE, role, "allowed by resource", "not allowed"),
        (SESSION, role, "allowed by resource", "not allowed"),
        (SESSION, session, "allowed by resource", "allowed by resource"),
    ] {
        let say = Say { resource, ..Say::default() };
        check(principal, say.clone(), alone);
        check(principal, Say { boundary: OTHER, ..say.clone() }, limited);
        check(principal, Say { session: OTHER, ..say.clone() }, limited);
        check(principal, Say { service_control: &[OTHER], ..say.clone() }, "not allowed");
        check_across(principal, say, "not allowed");
    }
}

#[test]
fn across_accounts_both_sides_must_allow() {
    let account: &[&str] = &["allow arn:aws:iam::111122223333:root may s3:* on *"];
    let say = Say { identity: ALLOW, resource: account, ..Say::default() };
    check_across(USER, say.clone(), "allowed by identity");
    check_across(USER, Say { identity: OTHER, ..say.clone() }, "not allowed");
    check_across(USER, Say { resource: &[], ..say.clone() }, "not allowed");
    check_across(USER, Say { boundary: OTHER, ..say.clone() }, "not allowed");
    check_across(USER, Say { service_control: &[OTHER], ..say }, "not allowed");
}

#[test]
fn roles_and_keys_decide_by_their_own_policy() {
    let mut request = Request::new(partial(USER), "sts:AssumeRole", partial(ROLE));
    let identity: &[&str] = &["allow sts:* kms:* on *"];
    let say = Say { identity, ..Say::default() };
    let unknown = "unknown: `sts:AssumeRole` needs the resource's own policy too";
    check_request(&request, say.clone(), unknown);
    let trust: &[&str] = &["allow 111122223333 may sts:AssumeRole"];
    check_request(&request, Say { resource: trust, ..say.clone() }, "allowed by identity");
    check_request(&request, Say { resource: trust, ..Say::default() }, "not allowed");
    let trust: &[&str] = &["allow lambda.amazonaws.com may sts:AssumeRole"];
    check_request(&request, Say { resource: trust, ..say }, "not allowed");
    request.principal = partial("lambda.amazonaws.com");
    check_request(&request, Say { resource: trust, ..Say::default() }, "allowed by resource");
}

#[test]
fn the_root_user_needs_no_policy_of_its_own() {
    let root = "arn:aws:iam::111122223333:root";
    check(root, Say::default(), "allowed");
    check(root, Say { service_control: &[OTHER], ..Say::default() }, "not allowed");
    check_across(root, Say::default(), "not allowed");
}

#[test]
fn variables_stand_for_what_the_request_says() {
    for (resource, expect) in [
        ("arn:aws:s3:::shop/${aws:username}", "not allowed"),
        ("arn:aws:s3:::${aws:PrincipalTag/team}/a", "allowed by identity"),
        ("arn:aws:s3:::${aws:PrincipalTag/none}/a", "not allowed"),
        ("arn:aws:s3:::${aws:PrincipalTag/none,'shop'}/a", "allowed by identity"),
        ("arn:aws:s3:::${aws:PrincipalTag/star}/a", "not allowed"),
        ("arn:aws:s3:::sho${?}/a", "not allowed"),
        ("arn:aws:s3:::${*}/a", "not allowed"),
    ] {
        let mut request = Request::new(partial(USER), "s3:GetObject", partial(OBJECT));
        request.context.add("AWS:principaltag/Team", partial("shop"));
        request.context.add("aws:PrincipalTag/star", partial("*"));
        let statement = format!("allow s3:GetObject on {resource}");
        check_request(&request, Say { identity: &[&statement], ..Say::default() }, expect);
    }
    let request = Request::new(partial(USER), "s3:GetObject", partial("arn:aws:s3:::home/anna"));
    let identity: &[&str] = &["allow s3:GetObject on arn:aws:s3:::home/${aws:username}"];
    check_request(&request, Say { identity, ..Say::default() }, "allowed by identity");
}

#[test]
fn what_is_not_known_is_said_where_it_decides() {
    for (identity, expect) in [
        (&["allow s3:GetObject on arn:aws:s3:::{?}"][..], "unknown: imported"),
        (&["allow s3:GetObject on arn:aws:s3:::{?}", "allow s3:* on *"], "allowed by identity"),
        (&["allow s3:GetObject on arn:aws:s3:::{?}", "deny s3:* on *"], "denied by identity"),
        (&["allow sqs:* on arn:aws:sqs:::{?}"], "not allowed"),
        (&["allow s3:* on *", "deny s3:* on arn:aws:s3:::{?}"], "unknown: imported by identity"),
        (&["allow s3:*"], "unknown: the statement names no resource"),
        (&["allow s3:* on {Shop.Arn}/*"], "unknown: `${Shop.Arn}` is known only at deployment"),
        (
            &["allow s3:* on * if Bool aws:SecureTransport true"],
            "unknown: `aws:SecureTransport` is in every request and was not told",
        ),
        (&["allow s3:* on * if FooEquals a b"], "unknown: `FooEquals` is no condition operator"),
    ] {
        check(USER, Say { identity, ..Say::default() }, expect);
    }
}

#[test]
fn what_the_deployment_decides_is_equal_to_itself() {
    for (resource, pattern, expect) in [
        ("{Shop.Arn}/a", "{Shop.Arn}/*", "allowed by identity"),
        ("{Shop.Arn}/a", "{Shop.Arn}", "not allowed"),
        ("{Shop.Arn}/a", "{Logs.Arn}/*", "not allowed"),
        ("{Shop.Arn}/a", "*", "allowed by identity"),
        ("arn:aws:sqs:{Region}:{Account}:a", "arn:aws:sqs:*:{Account}:a", "allowed by identity"),
        ("arn:aws:sqs:{Region}:{Account}:a", "arn:aws:sqs:{Region}:{Account}:b", "not allowed"),
        (
            "arn:aws:sqs:{Region}:{Account}:a",
            "arn:aws:sqs:eu-west-1:{Account}:a",
            "unknown: `${AWS::Region}` is known only at deployment",
        ),
    ] {
        let mut request = Request::new(partial("{Role.Arn}"), "s3:GetObject", partial(resource));
        request.resource_account = request.principal_account.clone();
        let statement = format!("allow s3:GetObject on {pattern}");
        check_request(&request, Say { identity: &[&statement], ..Say::default() }, expect);
    }
}

/// Whether a condition on the key `k` holds where it has these values; `-` for a key that is absent.
fn check_condition(condition: &str, values: &str, expect: bool) {
    let mut request = Request::new(partial(USER), "s3:GetObject", partial(OBJECT));
    for value in values.split(' ').filter(|_| values != "-") {
        request.context.add("K", partial(value));
    }
    let statement = format!("allow s3:GetObject on * if {condition}");
    let identity = policy(&[&statement]);
    let policies = Policies { identity: vec![&identity], ..Policies::default() };
    let expect = if expect { Decision::Allowed } else { Decision::ImplicitDeny };
    assert_eq!(decide(&request, &policies).decision, expect, "{condition} of {values}");
}

#[test]
fn every_operator_compares_as_documented() {
    for (operator, value, holds, fails) in [
        ("StringEquals", "a|b", "b", "B"),
        ("StringNotEquals", "a|b", "c", "a"),
        ("StringEqualsIgnoreCase", "a", "A", "b"),
        ("StringNotEqualsIgnoreCase", "a", "b", "A"),
        ("StringLike", "a*c", "abc", "ab"),
        ("StringNotLike", "a*c", "ab", "abc"),
        ("StringEquals", "a*", "a*", "ab"),
        ("NumericEquals", "7", "7.0", "8"),
        ("NumericNotEquals", "7", "8", "7"),
        ("NumericLessThan", "7", "6.5", "7"),
        ("NumericLessThanEquals", "7", "7", "8"),
        ("NumericGreaterThan", "7", "8", "7"),
        ("NumericGreaterThanEquals", "7", "7", "6"),
        ("NumericEquals", "7", "7", "seven"),
        ("DateEquals", "2026-01-01T00:00:00Z", "2026-01-01", "2026-01-02"),
        ("DateNotEquals", "2026-01-01T00:00:00Z", "2026-01-02T00:00Z", "2026-01-01"),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"),
        ("DateLessThanEquals", "1767225600", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:01Z"),
        ("DateGreaterThan", "2026", "2026-02", "2025"),
        ("DateGreaterThanEquals", "2026-01-01", "2026-01-01T00:00:00.5Z", "2025-12-31"),
        ("Bool", "true", "True", "false"),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "qmluYXJ5"),
        ("IpAddress", "203.0.113.0/24|2001:db8::/32", "203.0.113.9", "203.0.114.9"),
        ("IpAddress", "203.0.113.0/24|2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
        ("IpAddress", "0.0.0.0/0", "8.8.8.8", "::1"),
        ("NotIpAddress", "203.0.113.7", "203.0.113.8", "203.0.113.7"),
        ("ArnEquals", "arn:aws:sns:*:1:a", "arn:aws:sns:eu:1:a", "arn:aws:sns:eu:2:a"),
        ("ArnLike", "arn:aws:sns:*:*", "arn:aws:sns:eu:1:a", "arn:aws:sqs:eu:1:a"),
        ("ArnNotEquals", "arn:aws:sns:*:1:a", "arn:aws:sns:eu:2:a", "arn:aws:sns:eu:1:a"),
        ("ArnNotLike", "arn:aws:sns:*:1:a", "arn:aws:sns:eu:2:a", "arn:aws:sns:eu:1:a"),
        ("Null", "true", "-", "a"),
        ("Null", "false", "a", "-"),
        ("StringEquals", "${aws:username}", "anna", "${aws:username}"),
        ("StringLike", "${*}", "*", "a"),
    ] {
        let condition = format!("{operator} k {value}");
        if (operator, value) != ("ArnLike", "arn:aws:sns:*:*") {
            check_condition(&condition, holds, true);
        }
        check_condition(&condition, fails, false);
    }
}

#[test]
fn an_absent_key_and_many_values_count_as_documented() {
    for (condition, values, expect) in [
        ("StringEquals k a", "-", false),
        ("StringNotEquals k a", "-", true),
        ("StringEqualsIfExists k a", "-", true),
        ("StringEqualsIfExists k a", "b", false),
        ("StringNotEqualsIfExists k a", "a", false),
        ("ForAnyValue:StringEquals k a|b", "b c", true),
        ("ForAnyValue:StringEquals k a|b", "c d", false),
        ("ForAnyValue:StringEquals k a", "-", false),
        ("ForAnyValue:StringNotEquals k a", "a b", true),
        ("ForAnyValue:StringNotEquals k a|b", "a b", false),
        ("ForAnyValue:StringNotEquals k a", "-", false),
        ("ForAllValues:StringEquals k a|b", "a b", true),
        ("ForAllValues:StringEquals k a|b", "a c", false),
        ("ForAllValues:StringEquals k a", "-", true),
        ("ForAllValues:StringNotEquals k a", "b c", true),
        ("ForAllValues:StringNotEquals k a", "a b", false),
        ("ForAnyValue:StringLikeIfExists k a*", "-", true),
        ("StringEquals k a and StringEquals k b", "a", false),
        ("StringEquals aws:username anna", "-", true),
        ("ArnEquals aws:PrincipalArn arn:aws:iam::*:user/ops/*", "-", true),
        ("StringEquals aws:PrincipalAccount 111122223333", "-", true),
    ] {
        check_condition(condition, values, expect);
    }
}
