//! Which functions a check of a setting asks: not every kind of function has every setting.

use crate::context::Context;
use crate::subject::image::is_image;
use crate::verdict::findings::{Draft, Findings};
use crate::verdict::given::given;
use crate::verdict::judge::whole;
use maremma_model::noun::CodeSigningConfig;
use maremma_model::{Function, Id, Link, State, Verdict, Why};

/// Whether a function is asked.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Yes,
    /// Not, and why.
    No(&'static str),
    /// Not in some world, and what decides.
    Unless(&'static str, Vec<Why>),
}

impl Asked {
    /// Lambda@Edge runs a copy of the function near the viewer, with fewer features. Source: Amazon CloudFront
    /// developer guide, "Restrictions on Lambda@Edge".
    pub(crate) fn not_at_edge(function: &Function, says: &'static str) -> Self {
        if function.edge { Asked::No(says) } else { Asked::Yes }
    }

    pub(crate) fn no_image(function: &Function, says: &'static str) -> Self {
        match is_image(function) {
            Some(true) => Asked::No(says),
            Some(false) => Asked::Yes,
            None => Asked::Unless("it is an image", why(&function.package_type.state)),
        }
    }

    /// Lambda Managed Instances: the function runs on instances of a capacity provider.
    pub(crate) fn not_managed(function: &Function, says: &'static str) -> Self {
        match given(&function.capacity_provider.state, &|_| false) {
            (Some(true), _) => Asked::No(says),
            (Some(false), _) => Asked::Yes,
            (None, whys) => Asked::Unless("a capacity provider runs it", whys),
        }
    }

    /// Where code is signed, layers have to be signed by an allowed publisher too. Source: AWS Lambda developer
    /// guide, "Using code signing to verify code integrity with Lambda".
    pub(crate) fn not_signed(function: &Function, says: &'static str) -> Self {
        let empty =
            |link: &Link<CodeSigningConfig>| matches!(link, Link::Outside(text) if text.as_literal() == Some(""));
        match given(&function.code_signing_config.state, &empty) {
            (Some(true), _) => Asked::No(says),
            (Some(false), _) => Asked::Yes,
            (None, whys) => Asked::Unless("its code is signed", whys),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (no @ Asked::No(_), _) | (_, no @ Asked::No(_)) => no,
            (Asked::Yes, other) => other,
            (unless, _) => unless,
        }
    }
}

fn why<T>(state: &State<T>) -> Vec<Why> {
    match state {
        State::Unknown(unknown) => vec![unknown.why.clone()],
        _ => Vec::new(),
    }
}

const BY_CDK: &str = "the CDK brings this function";

/// The functions that constructs of the CDK bring, one for a stack, as their logical ids begin. Nobody can set there
/// what the construct does not. Source: aws-cdk-lib 2.276.0.
const OF_CDK: [&str; 16] = [
    "AWS679f53fac002430cb0da5b7982bd2287",
    "AWSCDKCfnUtilsProviderCustomResourceProviderHandler",
    "AWSCDKTriggerCustomResourceProviderCustomResourceProviderHandler",
    "BucketNotificationsHandler050a0587b7544547bf325f094a3db834",
    "CustomAWSCDKOpenIdConnectProviderCustomResourceProviderHandler",
    "CustomCDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C",
    "CustomCrossAccountZoneDelegationCustomResourceProviderHandler",
    "CustomCrossRegionExportReaderCustomResourceProviderHandler",
    "CustomCrossRegionExportWriterCustomResourceProviderHandler",
    "CustomCrossRegionStringParameterReaderCustomResourceProviderHandler",
    "CustomDeleteExistingRecordSetCustomResourceProviderHandler",
    "CustomECRAutoDeleteImagesCustomResourceProviderHandler",
    "CustomS3AutoDeleteObjectsCustomResourceProviderHandler",
    "CustomSyntheticsAutoDeleteUnderlyingResourcesCustomResourceProviderHandler",
    "CustomVpcRestrictDefaultSGCustomResourceProviderHandler",
    "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a",
];

/// Why the settings of a function are not its user's, where a construct of the CDK brings it.
pub(crate) fn brought(function: &Function) -> Option<&'static str> {
    is_brought(&function.resource.address).then_some(BY_CDK)
}

fn is_brought(address: &str) -> bool {
    let mut steps = address.rsplit('/');
    let last = steps.next().unwrap_or_default();
    // A logical id ends in a hash of eight digits.
    let named = last
        .len()
        .checked_sub(8)
        .and_then(|at| last.split_at_checked(at))
        .filter(|(_, hash)| hash.bytes().all(|digit| digit.is_ascii_hexdigit()))
        .is_some_and(|(name, _)| OF_CDK.contains(&name));
    // A construct path has what the id is made of: `Stack/Custom::S3AutoDeleteObjects.../Handler`.
    let construct = steps.next().unwrap_or_default();
    let mut made: String = construct.chars().filter(char::is_ascii_alphanumeric).collect();
    match last {
        "Resource" => {}
        "Handler" => made.push_str(last),
        _ => made.clear(),
    }
    named || OF_CDK.contains(&made.as_str())
}

/// Judges every function that is asked; none that the CDK brings is. `draft` is said of the function alone.
pub(crate) fn each_function<'c>(
    context: &'c Context<'_>,
    findings: &mut Findings<'_>,
    asked: impl Fn(&Function) -> Asked,
    draft: impl Fn(Id<Function>, &'c Function) -> Draft,
) {
    for (id, row) in context.estate.functions.iter() {
        let judged = match brought(row).map_or_else(|| asked(row), Asked::No) {
            Asked::Yes => draft(id, row),
            Asked::No(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)),
            Asked::Unless(doubt, whys) => draft(id, row).unless(doubt, whys),
        };
        findings.add(judged.affects([id]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_the_cdk_by_their_ids_and_paths() {
        for theirs in [
            "AWS679f53fac002430cb0da5b7982bd22872D164C4C",
            "Nested/AWS679f53fac002430cb0da5b7982bd22872D164C4C",
            "Shop/AWS679f53fac002430cb0da5b7982bd2287/Resource",
            "Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler",
            "Shop/AWSCDK.TriggerCustomResourceProviderCustomResourceProvider/Handler",
        ] {
            assert!(is_brought(theirs), "{theirs}");
        }
        for own in [
            "AWS679f53fac002430cb0da5b7982bd2287",
            "Shop/Orders/Resource",
            "LogRetentionD4BFC8A0",
            "CustomOrdersCustomResourceProviderHandler9D90184F",
            "Shop/Custom::S3AutoDeleteObjectsCustomResourceProvider/Other",
            "é",
            "",
        ] {
            assert!(!is_brought(own), "{own}");
        }
    }
}
