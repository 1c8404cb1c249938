//! What is looked up when a template is deployed: parameters of Systems Manager.

use maremma_model::{Text, Why};

const SSM: &str = "{{resolve:ssm:";

/// The look-up of a parameter whose newest value is taken, in a text.
pub(crate) fn newest_in(text: &Text) -> Option<&str> {
    text.holes().find_map(|hole| newest(&hole.why))
}

/// The look-up, where it takes the newest value of a parameter: one without a version. Source: AWS
/// CloudFormation user guide, "Get a plaintext value from Systems Manager Parameter Store".
pub(crate) fn newest(why: &Why) -> Option<&str> {
    let Why::Dynamic(reference) = why else { return None };
    let name = name(reference)?;
    let version = name.rsplit_once(':').map(|(_, version)| version);
    let pinned = version.is_some_and(|version| !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()));
    (!pinned).then_some(reference)
}

/// Whether the parameter is one of AWS's public ones, which nobody else can write. Source: AWS Systems
/// Manager user guide, "Working with public parameters".
pub(crate) fn is_of_aws(reference: &str) -> bool {
    name(reference).is_some_and(|name| name.starts_with("/aws/service/"))
}

fn name(reference: &str) -> Option<&str> {
    reference.strip_prefix(SSM)?.strip_suffix("}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_version_pins_a_parameter() {
        let is_newest = |reference: &str| newest(&Why::Dynamic(reference.into())).is_some();
        assert!(is_newest("{{resolve:ssm:/layers/tools}}"));
        assert!(is_newest(
            "{{resolve:ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/tools}}"
        ));
        assert!(!is_newest("{{resolve:ssm:/layers/tools:3}}"));
        assert!(!is_newest("{{resolve:secretsmanager:tools}}"));
    }

    #[test]
    fn public_parameters_are_of_aws() {
        assert!(is_of_aws(
            "{{resolve:ssm:/aws/service/powertools/python/x86_64/python3.13/latest}}"
        ));
        assert!(!is_of_aws("{{resolve:ssm:/layers/aws/service/tools}}"));
    }
}
