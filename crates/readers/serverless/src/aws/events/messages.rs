//! Buckets' and topics' events.

use super::{Event, add_plain};
use crate::aws::naming;
use crate::aws::template::{Origin, Template, append};
use crate::aws::write::{At, is_intrinsic, is_on, label, scalar};
use documents::value::{Kind, Member, Value};

/// `s3`: a bucket of the service, or one that exists.
pub(super) fn add_bucket(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let bucket = if is_intrinsic(value) || !matches!(value.kind, Kind::Map(_)) {
        value.clone()
    } else {
        match event.get("bucket") {
            Some(bucket) => bucket.clone(),
            None => Value::unknown("the event names no bucket", value.span),
        }
    };
    let exists = is_on(event.get("existing"));
    if exists || bucket.as_str().is_none() || is_intrinsic(&bucket) {
        // The framework hangs the notification on the bucket through a resource of its own.
        let events = match event.get("event") {
            Some(said) => said.clone(),
            None => at.text("s3:ObjectCreated:*"),
        };
        let settings =
            at.properties().set("FunctionName", event.arn()).set("BucketName", bucket.clone()).set(
                "BucketConfigs",
                at.list([at
                    .properties()
                    .set("Event", events)
                    .set_some("Rules", event.get("rules").cloned())
                    .build()]),
            );
        let id = format!("{}CustomS3{}", event.normalized, event.number);
        template.add_numbered(&id, "Custom::S3", settings.build(), &event.origin);
        permit_bucket(event, &label(&bucket), &bucket, template);
        return;
    }
    let key = bucket.as_str().unwrap_or_default();
    let configured = event.aws.provider_at(&["s3", key]);
    let id = format!("S3Bucket{}", naming::normalized_alphanumeric(key));
    let deployed = configured.and_then(|it| it.get("name")).unwrap_or(&bucket).clone();
    if !template.has(&id) {
        let mut properties =
            At(bucket.span).properties().set("BucketName", deployed.clone()).build();
        if let Kind::Map(members) = &mut properties.kind {
            let configured = configured.map(Value::members).unwrap_or_default();
            members.extend(configured.iter().filter(|it| &*it.key != "name").map(pascal_case));
        }
        // Several events may share the bucket: it goes by its own name, not by the first event's.
        let origin = Origin { name: key.to_owned(), ..event.origin.clone() };
        template.add(&id, "AWS::S3::Bucket", properties, &origin);
    }
    let filter = event.get("rules").map(|rules| {
        let at = At(rules.span);
        let rules = rules.items().iter().flat_map(Value::members).map(|rule| {
            At(rule.key_span).map([("Name", at.text(&rule.key)), ("Value", rule.value.clone())])
        });
        at.map([("S3Key", at.map([("Rules", at.list(rules))]))])
    });
    let configuration = at
        .properties()
        .set("Event", event.get("event").cloned().unwrap_or_else(|| at.text("s3:ObjectCreated:*")))
        .set("Function", event.arn())
        .set_some("Filter", filter)
        .build();
    if let Some(resource) = template.get_mut(&id)
        && let Kind::Map(members) = &mut resource.properties.kind
    {
        let key = "NotificationConfiguration";
        if !members.iter().any(|member| &*member.key == key) {
            members.push(Member { key: key.into(), key_span: at.0, value: at.map([]) });
        }
        if let Some(member) = members.iter_mut().find(|member| &*member.key == key) {
            append(&mut member.value, "LambdaConfigurations", configuration);
        }
    }
    permit_bucket(event, key, &deployed, template);
}

fn permit_bucket(event: &Event<'_>, name: &str, bucket: &Value, template: &mut Template) {
    let at = event.at();
    let name = naming::normalized_alphanumeric(name);
    let id = format!("{}LambdaPermission{name}S3", event.normalized);
    let source = if is_intrinsic(bucket) {
        // Left to CloudFormation, as the name is.
        let parts = at.list([at.text("arn:aws:s3:::"), bucket.clone()]);
        at.map([("Fn::Join", at.list([at.text(""), parts]))])
    } else {
        at.pattern("arn:{partition}:s3:::{0}", &[&scalar(bucket)])
    };
    let properties = at
        .properties()
        .set("FunctionName", event.arn())
        .set("Action", at.text("lambda:InvokeFunction"))
        .set("Principal", at.text("s3.amazonaws.com"))
        .set("SourceArn", source)
        .set("SourceAccount", at.pattern("{account}", &[]));
    template.add(&id, "AWS::Lambda::Permission", properties.build(), &event.origin);
}

/// A setting of `provider.s3` under CloudFormation's name.
fn pascal_case(member: &Member) -> Member {
    let mut letters = member.key.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    Member { key: first.chain(letters).collect::<String>().into(), ..member.clone() }
}

/// `sns`: a topic of the service by name, or one by ARN.
pub(super) fn add_topic(event: &Event<'_>, template: &mut Template) {
    let at = event.at();
    let value = event.value;
    let is_settings = matches!(value.kind, Kind::Map(_)) && !is_intrinsic(value);
    let arn = if is_settings { event.get("arn") } else { Some(value) };
    let name = if is_settings { event.get("topicName") } else { None };
    let is_arn = |value: &&Value| {
        is_intrinsic(value) || value.as_str().is_none_or(|text| text.contains(':'))
    };
    let (topic, shown) = match (arn, name) {
        (Some(arn), name) if is_arn(&arn) => {
            if matches!(arn.kind, Kind::Null) {
                return add_plain(event, template);
            }
            (arn.clone(), label(name.filter(|name| name.as_str().is_some()).unwrap_or(arn)))
        }
        (Some(plain), _) | (None, Some(plain)) => {
            let shown = label(plain);
            let id = format!("SNSTopic{}", naming::normalized_alphanumeric(&shown));
            let properties = At(plain.span)
                .properties()
                .set("TopicName", plain.clone())
                .take("DisplayName", value, "displayName")
                .take("KmsMasterKeyId", value, "kmsMasterKeyId");
            template.add(&id, "AWS::SNS::Topic", properties.build(), &event.origin);
            (At(plain.span).reference(&id), shown)
        }
        (None, None) => {
            event.problem("it names no topic", template);
            return add_plain(event, template);
        }
    };
    let shown = naming::normalized_alphanumeric(&shown);
    let redrive = event.get("redrivePolicy").map(|policy| {
        let arn = policy.get("deadLetterTargetArn").cloned().or_else(|| {
            let id = policy.get("deadLetterTargetRef").and_then(Value::as_str)?;
            Some(At(policy.span).attribute(id, "Arn"))
        });
        let imported = policy.get("deadLetterTargetImport").and_then(|import| import.get("arn"));
        let arn = arn.or_else(|| imported.cloned());
        let unknown = || Value::unknown("the queue for failed messages is not named", policy.span);
        At(policy.span).map([("deadLetterTargetArn", arn.unwrap_or_else(unknown))])
    });
    let properties = at
        .properties()
        .set("TopicArn", topic.clone())
        .set("Protocol", at.text("lambda"))
        .set("Endpoint", event.arn())
        .take("FilterPolicy", value, "filterPolicy")
        .take("FilterPolicyScope", value, "filterPolicyScope")
        .set_some("RedrivePolicy", redrive);
    let id = format!("{}SnsSubscription{shown}", event.normalized);
    template.add_numbered(&id, "AWS::SNS::Subscription", properties.build(), &event.origin);
    let id = format!("{}LambdaPermission{shown}SNS", event.normalized);
    let source = Some(("SourceArn", topic));
    template.permit(&id, &event.arn(), "sns.amazonaws.com", source, &event.origin);
}
