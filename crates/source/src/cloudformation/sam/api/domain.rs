//! Custom domains of REST APIs: public ones, and private ones, which are of a second version.

use super::super::Sam;
use super::super::make::Make;
use super::Api;
use super::record::{self, Named};
use maremma_model::{GapKind, Node, NodeValue};

/// The zone of every CloudFront distribution.
const CLOUDFRONT: &str = "Z2FDTNDATAQYW2";

pub(super) fn expand(sam: &mut Sam<'_>, api: &Api<'_>) {
    let Some(domain) = api.source.property("Domain") else {
        return;
    };
    let (Some(name), Some(certificate)) = (written(domain, "DomainName"), written(domain, "CertificateArn")) else {
        let reason = format!("{}: a domain needs DomainName and CertificateArn", api.source.id);
        return sam.gap(GapKind::Unparsed, reason, domain.place);
    };
    let endpoint = written(domain, "EndpointConfiguration");
    let kind = match endpoint {
        Some(endpoint) => sam.text(endpoint),
        None => Some("REGIONAL".into()),
    };
    let make = Make(domain.place);
    let private = kind.as_deref() == Some("PRIVATE");
    let version = if private { "V2" } else { "" };
    let id = format!("ApiGatewayDomainName{version}{}", sam.hash(name));
    let regional = !matches!(kind.as_deref(), Some("PRIVATE" | "EDGE"));
    let certified = if regional {
        "RegionalCertificateArn"
    } else {
        "CertificateArn"
    };
    let kind_node = match &kind {
        Some(kind) => make.text(kind),
        None => endpoint.cloned().unwrap_or_else(|| make.text("REGIONAL")),
    };
    let mut configuration = vec![("Types", make.list(vec![kind_node]))];
    configuration.extend(written(domain, "IpAddressType").map(|kind| ("IpAddressType", kind.clone())));
    let mut properties = vec![
        ("DomainName", name.clone()),
        (certified, certificate.clone()),
        ("EndpointConfiguration", make.map(configuration)),
    ];
    properties.extend(
        mutual_tls(domain)
            .filter(|_| !private)
            .map(|tls| ("MutualTlsAuthentication", tls)),
    );
    for key in [
        "SecurityPolicy",
        "EndpointAccessMode",
        "Policy",
        "OwnershipVerificationCertificateArn",
    ] {
        properties.extend(written(domain, key).map(|value| (key, value.clone())));
    }
    properties.extend(api.tags.clone().map(|tags| ("Tags", tags)));
    let resource = make.resource(&format!("AWS::ApiGateway::DomainName{version}"), properties);
    sam.add(api.source, &id, resource);
    sam.rename(&format!("{}.DomainName{version}", api.source.id), &id);
    mappings(sam, api, domain, &id, private);
    if private {
        access(sam, api, domain, &id);
    }
    let alias = alias(domain, make, &id, kind.as_deref());
    let named = Named {
        written: domain,
        alias,
        shared: true,
    };
    record::expand(sam, api.source, &named);
}

fn written<'n>(domain: &'n Node, name: &str) -> Option<&'n Node> {
    domain.get(name).filter(|node| !node.is_null())
}

/// What clients must show.
pub(in super::super) fn mutual_tls(domain: &Node) -> Option<Node> {
    let tls = written(domain, "MutualTlsAuthentication").filter(|tls| !tls.entries().is_empty())?;
    let mut entries = Vec::new();
    for key in ["TruststoreUri", "TruststoreVersion"] {
        // The transform leaves out a version that is zero.
        let said = written(tls, key)
            .filter(|value| !matches!(&value.value, NodeValue::Scalar { text, quoted: false } if &**text == "0"));
        entries.extend(said.map(|value| (key, value.clone())));
    }
    Some(Make(tls.place).map(entries))
}

/// The base paths of a domain; `None` where the whole domain leads to the API.
pub(in super::super) fn base_paths(domain: &Node) -> Option<Vec<&Node>> {
    let paths = written(domain, "BasePath")?;
    match (paths.as_str(), paths.items()) {
        (Some(""), _) | (None, []) => None,
        (Some(_), _) => Some(vec![paths]),
        (None, items) => Some(items.iter().collect()),
    }
}

fn mappings(sam: &mut Sam<'_>, api: &Api<'_>, domain: &Node, id: &str, private: bool) {
    let normalized = written(domain, "NormalizeBasePath").and_then(|node| sam.truth(node)) != Some(false);
    let (version, name) = if private {
        ("V2", "DomainNameArn")
    } else {
        ("", "DomainName")
    };
    let Some(paths) = base_paths(domain) else {
        let mapping = mapping(api, Make(domain.place), (version, name, id), None);
        return sam.add(api.source, &format!("{}BasePathMapping", api.source.id), mapping);
    };
    for written in paths {
        let Some(path) = sam.text(written) else {
            let reason = format!("{}: expected a base path", api.source.id);
            sam.gap(GapKind::Unparsed, reason, written.place);
            continue;
        };
        let plain: String = path.chars().filter(|char| char.is_alphanumeric()).collect();
        let base = if normalized { plain.as_str() } else { &path };
        let mapping = mapping(api, Make(written.place), (version, name, id), Some(base));
        sam.add(api.source, &format!("{}{plain}BasePathMapping", api.source.id), mapping);
    }
}

fn mapping(api: &Api<'_>, make: Make, (version, name, id): (&str, &str, &str), base: Option<&str>) -> Node {
    let mut properties = vec![
        (name, make.reference(id)),
        ("RestApiId", make.reference(api.source.id)),
        ("Stage", make.reference(&api.stage)),
    ];
    properties.extend(base.map(|base| ("BasePath", make.text(base))));
    make.resource(&format!("AWS::ApiGateway::BasePathMapping{version}"), properties)
}

/// From which endpoint of a VPC a private domain is reached.
fn access(sam: &mut Sam<'_>, api: &Api<'_>, domain: &Node, id: &str) {
    let Some(association) = written(domain, "AccessAssociation") else {
        return;
    };
    let make = Make(association.place);
    let endpoint = written(association, "VpcEndpointId");
    let own = format!(
        "DomainNameAccessAssociation{}",
        sam.hash_of(&[endpoint, Some(&make.text(id))])
    );
    let mut properties = vec![
        ("DomainNameArn", make.reference(id)),
        ("AccessAssociationSourceType", make.text("VPCE")),
    ];
    properties.extend(endpoint.map(|endpoint| ("AccessAssociationSource", endpoint.clone())));
    properties.extend(api.tags.clone().map(|tags| ("Tags", tags)));
    let resource = make.resource("AWS::ApiGateway::DomainNameAccessAssociation", properties);
    sam.add(api.source, &own, resource);
}

fn alias(domain: &Node, make: Make, id: &str, kind: Option<&str>) -> Vec<(&'static str, Node)> {
    let route = |name: &str| {
        written(domain, "Route53")
            .and_then(|route| written(route, name))
            .cloned()
    };
    match kind {
        Some("EDGE") => {
            let distribution = route("DistributionDomainName");
            let distribution = distribution.unwrap_or_else(|| make.get_att(id, "DistributionDomainName"));
            vec![("HostedZoneId", make.text(CLOUDFRONT)), ("DNSName", distribution)]
        }
        Some("PRIVATE") => {
            let zone = route("VpcEndpointHostedZoneId").map(|zone| ("HostedZoneId", zone));
            let name = route("VpcEndpointDomainName").map(|name| ("DNSName", name));
            zone.into_iter().chain(name).collect()
        }
        _ => record::regional(make, id),
    }
}
