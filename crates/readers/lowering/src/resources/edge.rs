use app_graph::{Distribution, ResourceKind};
use text::Setting;

use super::{Context, by_default};
use crate::settings::{and_then, or_else, presence, texts, unknown, within};
use documents::declaration::Declaration;
use documents::value::Value;

/// The provider's response header policies that carry Strict-Transport-Security.
///
/// Source: Amazon CloudFront developer guide, "Use managed response headers policies".
const POLICIES_WITH_HSTS: &[&str] = &[
    "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
];

/// Its response header policies that do not.
const POLICIES_WITHOUT_HSTS: &[&str] =
    &["5cc3b908-e619-4b99-88e5-2cf7f45965bd", "60669652-455b-4ae9-85a4-c4c02393f86c"];

/// Source: `AWS::CloudFront::Distribution`.
pub(super) fn distribution(declaration: &Declaration, context: &Context<'_>) -> ResourceKind {
    let properties = &declaration.properties;
    let config = properties.get("DistributionConfig").unwrap_or(properties);
    let certificate = config.bool_at(&["ViewerCertificate", "CloudFrontDefaultCertificate"]);
    let own = ["AcmCertificateArn", "IamCertificateId"]
        .iter()
        .any(|key| !presence(config, &["ViewerCertificate", key]).is_unset());
    let mut behaviours = config.at(&["DefaultCacheBehavior"]);
    behaviours.extend(config.list_at(&["CacheBehaviors"]));
    let viewer_protocols = behaviours
        .iter()
        .map(|behaviour| behaviour.value.string_at(&["ViewerProtocolPolicy"]))
        .collect();
    let headers = behaviours.iter().map(|behaviour| hsts(behaviour.value, context));
    // All responses carry the header only if those of every behaviour do.
    let hsts = headers.reduce(|worst, next| if is_true(&worst) { next } else { worst });
    let acl = config.text_at(&["WebACLId"]).map(|arn| context.attachments.acl(arn));
    let delivered = context.attachments.of("AWS::Logs::DeliverySource", &declaration.id).first();
    let logging = or_else(presence(config, &["Logging"]), &|| match delivered {
        Some(delivery) => Setting::known(true, delivery.said),
        None => Setting::Unset,
    });
    let origins = config.list_at(&["Origins"]);
    ResourceKind::Distribution(Box::new(Distribution {
        minimum_tls: config.string_at(&["ViewerCertificate", "MinimumProtocolVersion"]),
        default_certificate: by_default(certificate, &!own, declaration.said),
        viewer_protocols,
        hsts: hsts.unwrap_or_default(),
        web_acl: or_else(acl, &|| context.attachments.web_acl(declaration)),
        logging,
        origins: origins.iter().flat_map(|origin| texts(origin.value, &["DomainName"])).collect(),
    }))
}

fn is_true(setting: &Setting<bool>) -> bool {
    setting.single().is_some_and(|said| said.value)
}

/// Whether a behaviour's response header policy carries the header.
fn hsts(behaviour: &Value, context: &Context<'_>) -> Setting<bool> {
    and_then(behaviour.text_at(&["ResponseHeadersPolicyId"]), &|said| {
        let reference = said.value.references().next();
        let policy = reference.and_then(|reference| context.directory.get(&reference.entity));
        if let Some(policy) = policy {
            let path = ["ResponseHeadersPolicyConfig", "SecurityHeadersConfig"];
            let header = within(&policy.properties, &path, &|headers| {
                presence(headers, &["StrictTransportSecurity"])
            });
            let custom = ["ResponseHeadersPolicyConfig", "CustomHeadersConfig", "Items"];
            let items = policy.properties.list_at(&custom);
            let written = items.iter().any(|item| {
                let header = item.value.get("Header").and_then(Value::as_str);
                header.is_some_and(|name| name.eq_ignore_ascii_case("strict-transport-security"))
            });
            return or_else(header, &|| Setting::known(written, said.span));
        }
        match said.value.literal() {
            Some(id) if POLICIES_WITH_HSTS.contains(&id) => Setting::known(true, said.span),
            Some(id) if POLICIES_WITHOUT_HSTS.contains(&id) => Setting::known(false, said.span),
            _ => unknown("its response headers policy is declared elsewhere", said.span),
        }
    })
}
