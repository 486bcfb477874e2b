use casemate_iam::containment::within;

use crate::sample::policy;

/// Compares what the first statements allow with the second; `""` where it is within, else the
/// action, resource and conditions that are not.
fn check(inner: &[&str], outer: &[&str], expect: &str) {
    let found = match within(&[&policy(inner)], &[&policy(outer)]) {
        Ok(()) => String::new(),
        Err(found) => {
            let mut words = vec![found.action.clone(), found.resource.to_string()];
            for condition in &found.conditions {
                let values = condition.values.iter().map(|said| said.value.to_string());
                let values: Vec<String> = values.collect();
                words.push(format!(
                    "{} {} {}",
                    condition.operator,
                    condition.key,
                    values.join("|")
                ));
            }
            words.extend(found.doubt.map(|doubt| format!("perhaps: {}", doubt.why)));
            words.join(", ")
        }
    };
    assert_eq!(found, expect, "{inner:?} within {outer:?}");
}

#[test]
fn actions_are_compared_as_languages() {
    check(&["allow s3:GetObject on *"], &["allow s3:Get* on *"], "");
    check(&["allow S3:GETOBJECT on *"], &["allow s3:getobject on *"], "");
    check(
        &["allow s3:Get* on *"],
        &["allow s3:GetObject on *"],
        "s3:GetAccelerateConfiguration, *",
    );
    check(&["allow sqs:Send* on *"], &["allow sqs:SendMessage on *"], "sqs:send, *");
    check(&["allow * on *"], &["allow *:* on *"], "");
    check(&["allow not iam:* on *"], &["allow * on *", "deny iam:* on *"], "");
    check(&["allow * on *", "deny iam:* on *"], &["allow not iam:* on *"], "");
    check(&["allow * on *"], &["allow not iam:* on *"], "iam:AcceptDelegationRequest, *");
    check(&["allow s3:*Object on *"], &["allow s3:Get* s3:Put* on *"], "s3:DeleteObject, *");
}

#[test]
fn resources_are_compared_as_languages() {
    check(&["allow s3:GetObject on arn:aws:s3:::shop/*"], &["allow s3:* on arn:aws:s3:::*"], "");
    check(
        &["allow s3:GetObject on arn:aws:s3:::shop*"],
        &["allow s3:* on arn:aws:s3:::shop/*"],
        "s3:GetObject, arn:aws:s3:::shop",
    );
    check(
        &["allow s3:GetObject on arn:aws:s3:::shop*"],
        &["allow s3:* on arn:aws:s3:::shop arn:aws:s3:::shop?*"],
        "",
    );
    check(
        &["allow sqs:SendMessage on *"],
        &["allow sqs:* on not arn:aws:sqs:*:*:orders"],
        "sqs:SendMessage, arn:aws:sqs:::orders",
    );
}

#[test]
fn what_the_deployment_decides_is_a_letter_of_its_own() {
    check(&["allow s3:GetObject on {Shop.Arn}/*"], &["allow s3:* on {Shop.Arn}*"], "");
    check(&["allow s3:GetObject on {Shop.Arn}/*"], &["allow s3:* on *"], "");
    check(
        &["allow s3:GetObject on {Shop.Arn}/*"],
        &["allow s3:* on {Logs.Arn}/*"],
        "s3:GetObject, ${Shop.Arn}/",
    );
    check(
        &["allow sqs:SendMessage on arn:aws:sqs:{Region}:{Account}:a"],
        &["allow sqs:SendMessage on arn:aws:sqs:*:{Account}:*"],
        "",
    );
    check(
        &["allow s3:GetObject on arn:aws:s3:::home/${aws:username}/*"],
        &["allow s3:GetObject on arn:aws:s3:::home/*"],
        "",
    );
}

#[test]
fn what_is_not_known_is_never_within() {
    check(&["allow s3:GetObject on arn:aws:s3:::{?}"], &["allow s3:* on *"], "");
    let doubt = "s3:GetObject, arn:aws:s3:::x, perhaps: imported";
    let one = ["allow s3:GetObject on arn:aws:s3:::{?}"];
    check(&one, &one, doubt);
    check(&["allow s3:GetObject on arn:aws:s3:::x"], &one, doubt);
}

#[test]
fn conditions_are_symbols() {
    let plain = ["allow s3:GetObject on *"];
    let tagged = ["allow s3:GetObject on * if StringEquals aws:PrincipalTag/team a|b"];
    let one = ["allow s3:GetObject on * if StringEquals aws:principaltag/team a"];
    check(&one, &plain, "");
    check(&one, &tagged, "");
    check(
        &tagged,
        &one,
        "s3:GetObject, *, StringNotEquals aws:PrincipalTag/team a, StringEquals aws:PrincipalTag/team b",
    );
    check(&plain, &one, "s3:GetObject, *, StringNotEquals aws:principaltag/team a");
    // Together they leave nothing out.
    check(
        &plain,
        &[
            "allow s3:GetObject on * if StringEquals k a",
            "allow s3:GetObject on * if StringNotEquals k a",
        ],
        "",
    );
    check(
        &["allow s3:GetObject on * if StringEquals k a"],
        &["allow s3:GetObject on * if StringLike k a*"],
        "",
    );
    check(
        &["allow s3:GetObject on * if StringEquals k a"],
        &["allow s3:GetObject on * if StringEqualsIfExists k a"],
        "",
    );
    check(
        &["allow s3:GetObject on * if ForAllValues:StringEquals k a"],
        &["allow s3:GetObject on * if ForAllValues:StringEquals k a|b"],
        "",
    );
    check(
        &["allow s3:GetObject on *", "deny s3:GetObject on * if Bool aws:SecureTransport false"],
        &plain,
        "",
    );
    check(
        &plain,
        &["allow s3:GetObject on *", "deny s3:GetObject on * if Bool aws:SecureTransport false"],
        "s3:GetObject, *, Bool aws:SecureTransport false",
    );
}

#[test]
fn an_operator_that_does_not_exist_is_never_within() {
    let one = ["allow s3:GetObject on * if StringEqualish k a"];
    check(&one, &one, "*, ${?}, perhaps: there is no condition operator `StringEqualish`");
}

#[test]
fn an_older_policy_has_no_variables() {
    let mut older = policy(&["allow s3:GetObject on arn:aws:s3:::${aws:username}"]);
    let newer = older.clone();
    older.version = casemate_iam::Version::V2008;
    assert!(within(&[&newer], &[&newer]).is_ok());
    assert!(within(&[&newer], &[&older]).is_err());
}

#[test]
fn large_policies_are_compared() {
    let all: Vec<String> =
        casemate_iam::actions::matching("*").map(|(name, _)| name).step_by(15).collect();
    let wide = format!("allow {} on *", all.join(" "));
    let narrow = format!("allow {} on *", all[1..].join(" "));
    check(&[&wide], &[&wide], "");
    check(&[&narrow], &[&wide], "");
    check(&[&wide], &[&narrow], &format!("{}, *", all[0]));
    let each: Vec<String> = all
        .iter()
        .take(200)
        .enumerate()
        .map(|(number, name)| format!("allow {name} on arn:aws:s3:::bucket-{number}/*"))
        .collect();
    let each: Vec<&str> = each.iter().map(String::as_str).collect();
    check(&each, &each, "");
    check(&each, &["allow * on arn:aws:s3:::bucket-*"], "");
}

#[test]
fn entangled_policies_are_not_compared_for_ever() {
    let words = |letters: &str| {
        let pattern = |letter: char| format!("arn:aws:s3:::*{letter}*{letter}*");
        letters.chars().map(pattern).collect::<Vec<_>>().join(" ")
    };
    let inner = format!("allow s3:* on {}", words("abcdefghijklmnopqrstuvwxyz"));
    let outer: Vec<String> = "abcdefghijklmnopqrstuvwxyz"
        .chars()
        .map(|letter| format!("allow s3:* on {}", words(&letter.to_string())))
        .collect();
    let outer: Vec<&str> = outer.iter().map(String::as_str).collect();
    let conditions: Vec<String> =
        (0..24).map(|number| format!("StringEquals k{number} a|b")).collect();
    let conditioned = format!("allow s3:* on * if {}", conditions.join(" and "));
    let doubt = "*, ${?}, perhaps: the policies are too many to compare";
    check(&[&inner], &outer, doubt);
    check(&[&conditioned], &[&conditioned], "");
}
