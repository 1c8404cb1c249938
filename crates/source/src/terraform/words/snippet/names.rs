//! Logical ids and pseudo parameters of CloudFormation as addresses of Terraform.

use super::super::reference::written;
use super::hcl::{Expression, escaped, quoted};
use super::part::cfn_type_of;
use maremma_model::{Node, NodeValue};

/// What the ids in the fixes of checks are, by how they end. Each stands for a resource of the reader's own.
const ENDINGS: &[(&str, &str)] = &[
    ("SecurityGroup", "aws_security_group"),
    ("FlowLogBucket", "aws_s3_bucket"),
    ("UsersClient", "aws_cognito_user_pool_client"),
    ("UsersDomain", "aws_cognito_user_pool_domain"),
    ("Users", "aws_cognito_user_pool"),
    ("FunctionTargets", "aws_lb_target_group"),
    ("KafkaCredentials", "aws_secretsmanager_secret"),
    ("OwnProvider", "aws_lambda_capacity_provider"),
    ("RouteTable", "aws_route_table"),
    ("NatGateway", "aws_nat_gateway"),
    ("ApiEndpoint", "aws_vpc_endpoint"),
    ("Firewall", "aws_wafv2_web_acl"),
    ("AccessLog", "aws_cloudwatch_log_group"),
    ("Order", "aws_api_gateway_model"),
    ("FailedEvents", "aws_sqs_queue"),
    ("UndeliveredEvents", "aws_sqs_queue"),
    ("FailedMessages", "aws_sqs_queue"),
    ("FailedRecords", "aws_sqs_queue"),
    ("SubnetA", "aws_subnet"),
    ("SubnetB", "aws_subnet"),
    ("Function", "aws_lambda_function"),
    ("Role", "aws_iam_role"),
    ("Stage", "aws_api_gateway_stage"),
    ("Api", "aws_api_gateway_rest_api"),
    ("Vpc", "aws_vpc"),
    ("Key", "aws_kms_key"),
];

/// Attributes that Terraform has for `Ref` where the table of references does not say so.
const REFS: &[(&str, &str)] = &[
    ("aws_api_gateway_model", "name"),
    ("aws_cognito_user_pool_domain", "domain"),
    ("aws_api_gateway_stage", "stage_name"),
    ("aws_lb_target_group", "arn"),
    ("aws_wafv2_web_acl", "arn"),
    ("aws_lambda_function", "function_name"),
    ("aws_iam_role", "name"),
];

/// A resource of Terraform by its type and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) ty: String,
    pub(super) name: String,
}

impl Address {
    /// The address in its own module, where it is one of Terraform.
    pub(super) fn parse(address: &str) -> Option<Self> {
        let start = match address.starts_with("aws_") {
            true => 0,
            false => address.find(".aws_")? + 1,
        };
        let (ty, name) = address.get(start..)?.split_once('.')?;
        Some(Address {
            ty: ty.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Without the key of an instance: what a new resource is called after it.
    pub(super) fn label(&self) -> &str {
        self.name.split('[').next().unwrap_or(&self.name)
    }

    pub(super) fn attribute(&self, name: &str) -> String {
        format!("{}.{}.{name}", self.ty, self.name)
    }
}

/// Which ids a fix declares, and what they become.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: Vec<(String, Address)>,
    /// Versions, which Terraform has no resource for, and the function of each.
    pub(super) versions: Vec<(String, Address)>,
}

impl Names {
    pub(super) fn declare(&mut self, id: &str, cfn: &str) -> Option<()> {
        let ty = cfn_type_of(cfn)?.to_owned();
        let name = label(id);
        self.declared.push((id.to_owned(), Address { ty, name }));
        Some(())
    }

    /// What a fix is for.
    pub(super) fn known(&mut self, id: &str, address: &Address) {
        self.declared.push((id.to_owned(), address.clone()));
    }

    /// The resource that an id stands for.
    pub(super) fn of(&self, id: &str) -> Option<Address> {
        let declared = self.declared.iter().find(|(known, _)| known == id);
        if let Some((_, address)) = declared {
            return Some(address.clone());
        }
        Address::parse(id).or_else(|| {
            let (_, ty) = ENDINGS.iter().find(|(ending, _)| id.ends_with(ending))?;
            Some(Address {
                ty: (*ty).to_owned(),
                name: label(id),
            })
        })
    }

    fn reference(&self, id: &str, attribute: &str) -> Option<String> {
        if let Some(function) = self.versions.iter().find(|(known, _)| known == id).map(|(_, of)| of) {
            return (attribute == "Version").then(|| function.attribute("version"));
        }
        let pseudo = match id {
            "AWS::AccountId" => Some("data.aws_caller_identity.current.account_id"),
            // Under this name in every version of the provider.
            "AWS::Region" => Some("data.aws_region.current.id"),
            "AWS::Partition" => Some("data.aws_partition.current.partition"),
            "AWS::URLSuffix" => Some("data.aws_partition.current.dns_suffix"),
            _ => None,
        };
        if let Some(pseudo) = pseudo {
            return Some(pseudo.to_owned());
        }
        let address = self.of(id)?;
        let named = REFS.iter().find(|(ty, _)| *ty == address.ty && attribute == "Ref");
        let name = named.map_or_else(|| written(&address.ty, attribute), |(_, name)| (*name).to_owned());
        Some(address.attribute(&name))
    }

    /// A value with its intrinsic functions; `None` where one of them cannot be said.
    pub(super) fn expression(&self, node: &Node) -> Option<Expression> {
        match (node.tag.as_deref(), &node.value) {
            (Some("Ref"), NodeValue::Scalar { text, .. }) => self.reference(text, "Ref").map(Expression::Plain),
            (Some("GetAtt"), NodeValue::Scalar { text, .. }) => {
                let (id, attribute) = attribute_of(text)?;
                self.reference(id, attribute).map(Expression::Plain)
            }
            (Some("Sub"), NodeValue::Scalar { text, .. }) => self.template(text).map(Expression::Plain),
            (Some(_), _) => None,
            (None, NodeValue::Null) => Some(Expression::Plain("null".to_owned())),
            (None, NodeValue::Scalar { text, quoted: false }) if is_bare(text) => {
                Some(Expression::Plain(text.to_string()))
            }
            // A dynamic reference is resolved by CloudFormation only.
            (None, NodeValue::Scalar { text, .. }) => (!text.contains("{{resolve:")).then(|| quoted(text)),
            (None, NodeValue::Seq(items)) => {
                let items: Option<Vec<_>> = items.iter().map(|item| self.expression(item)).collect();
                items.map(Expression::List)
            }
            (None, NodeValue::Map(entries)) => {
                if entries
                    .iter()
                    .any(|entry| &*entry.key == "Ref" || entry.key.starts_with("Fn::"))
                {
                    return None;
                }
                let field =
                    |entry: &maremma_model::Entry| Some((entry.key.to_string(), self.expression(&entry.value)?));
                entries
                    .iter()
                    .map(field)
                    .collect::<Option<Vec<_>>>()
                    .map(Expression::Object)
            }
        }
    }

    fn template(&self, text: &str) -> Option<String> {
        let mut out = String::from("\"");
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (hole, after) = after.split_once('}')?;
            out.push_str(&escaped(before));
            if let Some(literal) = hole.strip_prefix('!') {
                out.push_str(&escaped(&format!("${{{literal}}}")));
            } else {
                let (id, attribute) = attribute_of(hole).unwrap_or((hole, "Ref"));
                out.push_str(&format!("${{{}}}", self.reference(id, attribute)?));
            }
            rest = after;
        }
        out.push_str(&escaped(rest));
        out.push('"');
        Some(out)
    }
}

/// An id and the attribute after it; an address of Terraform has dots of its own.
fn attribute_of(text: &str) -> Option<(&str, &str)> {
    if Address::parse(text).is_some() {
        return text
            .rsplit_once('.')
            .filter(|(id, name)| Address::parse(id).is_some() && name.starts_with(char::is_uppercase));
    }
    text.split_once('.')
}

fn is_bare(text: &str) -> bool {
    matches!(text, "true" | "false") || (text.parse::<u64>().is_ok() && (text.len() == 1 || !text.starts_with('0')))
}

/// `PrivateSubnetA` as Terraform's users write names: `private_subnet_a`; of an address, what ends it.
pub(super) fn label(id: &str) -> String {
    let id = id.rsplit('.').next().unwrap_or(id);
    snake(id)
}

pub(in super::super) fn snake(text: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in text.chars() {
        if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        match c.is_ascii_alphanumeric() {
            true => out.push(c.to_ascii_lowercase()),
            false if out.ends_with('_') || out.is_empty() => {}
            false => out.push('_'),
        }
        before = c;
    }
    out.trim_end_matches('_').to_owned()
}
