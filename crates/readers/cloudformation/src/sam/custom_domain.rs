//! `Domain` of REST and HTTP APIs.

use text::{Condition, EntityId, Span};

use crate::sam::Expansion;
use crate::sam::generated::{Properties, alphanumeric, hole, reference, text_value};
use documents::declaration::Declaration;
use documents::value::Value;

/// One `Domain` section with what belongs to it.
struct Section<'a> {
    api: &'a Declaration,
    domain: &'a Value,
    condition: Option<&'a Condition>,
    span: Span,
    stage: &'a EntityId,
}

fn sections<'a>(
    api: &'a Declaration,
    stage: &'a EntityId,
) -> Vec<(Option<Condition>, Section<'a>)> {
    let Some(member) = api.properties.member("Domain") else { return Vec::new() };
    let cases = member.value.at(&[]).into_iter().map(|case| {
        let section =
            Section { api, domain: case.value, condition: None, span: member.key_span, stage };
        (case.condition, section)
    });
    cases.collect()
}

/// Declares the domain name and its mappings of a REST API.
pub(super) fn declare_for_rest_api(
    api: &Declaration,
    stage: &EntityId,
    expansion: &mut Expansion<'_>,
) {
    for (condition, section) in sections(api, stage) {
        let section = Section { condition: condition.as_ref(), ..section };
        let Section { domain, span, .. } = section;
        let endpoint = domain.get("EndpointConfiguration").cloned();
        let endpoint = endpoint.unwrap_or_else(|| Value::text("REGIONAL", span));
        let certificate = match endpoint.as_str() {
            Some("REGIONAL") => "RegionalCertificateArn",
            _ => "CertificateArn",
        };
        let types = Value::map([("Types", Value::list([endpoint], span))], span);
        let properties = Properties::new(domain.span)
            .keep_as(domain, "CertificateArn", certificate)
            .set("EndpointConfiguration", types)
            .keep(
                domain,
                &[
                    "DomainName",
                    "MutualTlsAuthentication",
                    "SecurityPolicy",
                    "OwnershipVerificationCertificateArn",
                    "EndpointAccessMode",
                    "Policy",
                ],
            )
            .build();
        let id = section.declare("AWS::ApiGateway::DomainName", properties, expansion);
        for (suffix, path) in section.paths() {
            let mapping = Properties::new(span)
                .set("DomainName", text_value(reference(&id, "Ref"), span))
                .set("RestApiId", text_value(reference(&api.id, "Ref"), span))
                .set("Stage", text_value(reference(stage, "Ref"), span))
                .set_some("BasePath", path)
                .build();
            let name = format!("{}{suffix}BasePathMapping", api.name);
            let kind = "AWS::ApiGateway::BasePathMapping";
            expansion.declare(api, section.condition, &name, kind, mapping, span);
        }
        section.declare_records(&id, "ApiGateway", expansion);
    }
}

/// Declares the domain name and its mappings of an HTTP API.
pub(super) fn declare_for_http_api(
    api: &Declaration,
    stage: &EntityId,
    expansion: &mut Expansion<'_>,
) {
    for (condition, section) in sections(api, stage) {
        let section = Section { condition: condition.as_ref(), ..section };
        let Section { domain, span, .. } = section;
        let endpoint = domain.get("EndpointConfiguration").cloned();
        let configuration = Properties::new(domain.span)
            .keep(
                domain,
                &["CertificateArn", "SecurityPolicy", "OwnershipVerificationCertificateArn"],
            )
            .set("EndpointType", endpoint.unwrap_or_else(|| Value::text("REGIONAL", span)))
            .build();
        let properties = Properties::new(domain.span)
            .keep(domain, &["DomainName", "MutualTlsAuthentication"])
            .set("DomainNameConfigurations", Value::list([configuration], domain.span))
            .build();
        let id = section.declare("AWS::ApiGatewayV2::DomainName", properties, expansion);
        for (suffix, path) in section.paths() {
            let mapping = Properties::new(span)
                .set("DomainName", text_value(reference(&id, "Ref"), span))
                .set("ApiId", text_value(reference(&api.id, "Ref"), span))
                .set("Stage", text_value(reference(section.stage, "Ref"), span))
                .set_some("ApiMappingKey", path)
                .build();
            let name = format!("{}{suffix}ApiMapping", api.name);
            let kind = "AWS::ApiGatewayV2::ApiMapping";
            expansion.declare(api, section.condition, &name, kind, mapping, span);
        }
        section.declare_records(&id, "ApiGatewayV2", expansion);
    }
}

impl Section<'_> {
    /// Declares the domain name once for all APIs that use it. The transform's id ends in a hash of
    /// the name; here it ends in the name of the first API.
    fn declare(&self, kind: &str, properties: Value, expansion: &mut Expansion<'_>) -> EntityId {
        let wanted = properties.get("DomainName");
        let known = expansion.made.iter().find(|made| {
            let other = made.properties.get("DomainName");
            made.kind == kind
                && wanted.zip(other).is_some_and(|(wanted, other)| wanted.kind == other.kind)
        });
        if let Some(known) = known {
            return known.id.clone();
        }
        let prefix =
            if kind.contains("V2") { "ApiGatewayDomainNameV2" } else { "ApiGatewayDomainName" };
        let name = format!("{prefix}{}", self.api.name);
        expansion.declare(self.api, self.condition, &name, kind, properties, self.span)
    }

    /// Base paths: the piece each gives the logical id, and the path.
    fn paths(&self) -> Vec<(String, Option<Value>)> {
        let paths = self.domain.list_at(&["BasePath"]).into_iter().map(|path| {
            let suffix = path.value.as_str().map(alphanumeric).unwrap_or_default();
            (suffix, Some(path.value.clone()))
        });
        let paths: Vec<_> = paths.collect();
        if paths.is_empty() { vec![(String::new(), None)] } else { paths }
    }

    fn declare_records(&self, domain: &EntityId, prefix: &str, expansion: &mut Expansion<'_>) {
        let Some(route) = self.domain.get("Route53").filter(|route| !route.is_null()) else {
            return;
        };
        let span = self.span;
        let zone = route.get("HostedZoneId").or_else(|| route.get("HostedZoneName"));
        let zone = alphanumeric(&hole(zone).to_string());
        let name = format!("RecordSetGroup{zone}{prefix}{}", self.api.name);
        let part = |attribute| text_value(reference(domain, attribute), span);
        let target = Properties::new(span)
            .set("DNSName", part("RegionalDomainName"))
            .set("HostedZoneId", part("RegionalHostedZoneId"))
            .build();
        let record = Properties::new(span)
            .keep_as(self.domain, "DomainName", "Name")
            .set("Type", Value::text("A", span))
            .set("AliasTarget", target)
            .build();
        let group = Properties::new(route.span)
            .keep(route, &["HostedZoneId", "HostedZoneName"])
            .set("RecordSets", Value::list([record], span))
            .build();
        let kind = "AWS::Route53::RecordSetGroup";
        expansion.declare(self.api, self.condition, &name, kind, group, span);
    }
}
