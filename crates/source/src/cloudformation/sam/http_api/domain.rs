//! Custom domains of HTTP and WebSocket APIs.

use super::super::api::domain::{base_paths, mutual_tls};
use super::super::api::record::{self, Named, regional};
use super::super::make::Make;
use super::super::{Sam, source::Source};
use maremma_model::{GapKind, Node};

/// `shared` says whether the records may join those of other APIs.
pub(in super::super) fn expand(sam: &mut Sam<'_>, source: Source<'_>, stage: &str, tags: Node, shared: bool) {
    let Some(domain) = source.property("Domain") else {
        return;
    };
    let written = |name: &str| domain.get(name).filter(|node| !node.is_null());
    let (Some(name), Some(certificate)) = (written("DomainName"), written("CertificateArn")) else {
        let reason = format!("{}: a domain needs DomainName and CertificateArn", source.id);
        return sam.gap(GapKind::Unparsed, reason, domain.place);
    };
    let make = Make(domain.place);
    let id = format!("ApiGatewayDomainNameV2{}", sam.hash(name));
    let mut configuration = vec![
        ("CertificateArn", certificate.clone()),
        ("EndpointType", make.text("REGIONAL")),
    ];
    for key in ["OwnershipVerificationCertificateArn", "SecurityPolicy"] {
        configuration.extend(written(key).map(|value| (key, value.clone())));
    }
    let mut properties = vec![
        ("DomainName", name.clone()),
        ("DomainNameConfigurations", make.list(vec![make.map(configuration)])),
    ];
    properties.extend(mutual_tls(domain).map(|tls| ("MutualTlsAuthentication", tls)));
    properties.push(("Tags", tags));
    sam.add(source, &id, make.resource("AWS::ApiGatewayV2::DomainName", properties));
    sam.rename(&format!("{}.DomainName", source.id), &id);
    mappings(sam, source, domain, (&id, stage));
    let alias = regional(make, &id);
    let named = Named {
        written: domain,
        alias,
        shared,
    };
    record::expand(sam, source, &named);
}

fn mappings(sam: &mut Sam<'_>, source: Source<'_>, domain: &Node, (id, stage): (&str, &str)) {
    let mapping = |make: Make, key: Option<&str>| {
        let mut properties = vec![
            ("DomainName", make.reference(id)),
            ("ApiId", make.reference(source.id)),
            ("Stage", make.reference(stage)),
        ];
        properties.extend(key.map(|key| ("ApiMappingKey", make.text(key))));
        make.resource("AWS::ApiGatewayV2::ApiMapping", properties)
    };
    let Some(paths) = base_paths(domain) else {
        let whole = mapping(Make(domain.place), None);
        return sam.add(source, &format!("{}ApiMapping", source.id), whole);
    };
    for written in paths {
        let Some(path) = sam.text(written) else {
            let reason = format!("{}: expected a base path", source.id);
            sam.gap(GapKind::Unparsed, reason, written.place);
            continue;
        };
        let plain = path.replace(['-', '_', '/'], "");
        let key = path.trim_matches('/');
        let one = mapping(Make(written.place), Some(key));
        sam.add(source, &format!("{}{plain}ApiMapping", source.id), one);
    }
}
