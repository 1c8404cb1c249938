//! What a condition key says about the caller.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

/// The part that a key plays in the question of who is admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    PrincipalAccount,
    PrincipalArn,
    /// `aws:userid`: a unique id that AWS makes.
    PrincipalId,
    PrincipalOrg,
    PrincipalOrgPath,
    IsService,
    ServiceName,
    SourceAccount,
    /// The owner of the topic, of direct callers too: an older key of SNS.
    SourceOwner,
    SourceArn,
    SourceOrg,
    SourceOrgPath,
    /// S3 access points, to which a bucket policy can delegate.
    AccessPointAccount,
    AccessPointArn,
    SourceIp,
    /// A VPC or VPC endpoint, which AWS fills in.
    Network,
    /// EFS: the call comes through a mount target.
    MountTarget,
    /// `lambda:EventSourceToken`
    Token,
    /// `lambda:FunctionUrlAuthType`: `NONE` is the way of callers without credentials.
    UrlAuth,
    /// What the caller asks for or can set itself, or what is true of every caller.
    Request,
    /// Not known to these tables: it may limit or not.
    Unknown,
}

impl Key {
    /// Whether each of its values belongs to somebody: no stranger has one that is not known. Of
    /// `true` and `false`, or an address, a stranger may well have the one that is meant.
    pub(super) fn names_somebody(self) -> bool {
        !matches!(
            self,
            Key::IsService
                | Key::ServiceName
                | Key::SourceIp
                | Key::MountTarget
                | Key::UrlAuth
                | Key::Request
                | Key::Unknown
        )
    }

    /// Whether its values are ARNs.
    pub(super) fn has_arns(self) -> bool {
        matches!(self, Key::PrincipalArn | Key::SourceArn | Key::AccessPointArn)
    }
}

const KEYS: &[(&str, Key)] = &[
    ("aws:PrincipalAccount", Key::PrincipalAccount),
    ("kms:CallerAccount", Key::PrincipalAccount),
    ("aws:PrincipalArn", Key::PrincipalArn),
    ("aws:userid", Key::PrincipalId),
    ("aws:PrincipalOrgID", Key::PrincipalOrg),
    ("aws:PrincipalOrgPaths", Key::PrincipalOrgPath),
    ("aws:PrincipalIsAWSService", Key::IsService),
    ("aws:PrincipalServiceName", Key::ServiceName),
    ("aws:PrincipalServiceNamesList", Key::ServiceName),
    ("aws:SourceAccount", Key::SourceAccount),
    ("aws:SourceOwner", Key::SourceOwner),
    ("aws:SourceArn", Key::SourceArn),
    ("aws:SourceOrgID", Key::SourceOrg),
    ("aws:SourceOrgPaths", Key::SourceOrgPath),
    ("s3:DataAccessPointAccount", Key::AccessPointAccount),
    ("s3:DataAccessPointArn", Key::AccessPointArn),
    ("aws:SourceIp", Key::SourceIp),
    ("aws:SourceVpc", Key::Network),
    ("aws:SourceVpcArn", Key::Network),
    ("aws:SourceVpce", Key::Network),
    ("aws:VpceAccount", Key::Network),
    ("aws:VpceOrgID", Key::Network),
    ("aws:VpceOrgPaths", Key::Network),
    ("elasticfilesystem:AccessedViaMountTarget", Key::MountTarget),
    ("lambda:EventSourceToken", Key::Token),
    ("lambda:FunctionUrlAuthType", Key::UrlAuth),
    // A signed measurement of an enclave limits more than these tables can weigh.
    ("kms:RecipientAttestation:ImageSha384", Key::Unknown),
    ("s3:AccessPointNetworkOrigin", Key::Unknown),
];

/// Global keys that say nothing of who the caller is, or that any caller can arrange.
const REQUEST: &[&str] = &[
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalType",
    "aws:Referer",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceOrgPaths",
    "aws:SecureTransport",
    "aws:SourceIdentity",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:username",
    "aws:ViaAWSService",
    // A private address: any VPC may use it.
    "aws:VpcSourceIp",
];

/// Prefixes of keys that describe the request or the resource.
const REQUEST_PREFIXES: &[&str] = &[
    "aws:PrincipalTag/",
    "aws:RequestTag/",
    "aws:ResourceTag/",
    "dynamodb:",
    "ecr:",
    "elasticfilesystem:",
    "events:",
    "execute-api:",
    "iam:",
    "kinesis:",
    "kms:",
    "lambda:",
    "logs:",
    "s3:",
    "secretsmanager:",
    "sns:",
    "sqs:",
    "ssm:",
    "states:",
    "sts:",
];

pub(super) fn classify(key: &str) -> Key {
    if let Some((_, class)) = KEYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
        return *class;
    }
    let starts = |prefix: &&str| {
        key.get(..prefix.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(prefix))
    };
    let attested = starts(&"kms:RecipientAttestation:");
    let request = REQUEST.iter().any(|name| name.eq_ignore_ascii_case(key)) || REQUEST_PREFIXES.iter().any(starts);
    if request && !attested {
        Key::Request
    } else {
        Key::Unknown
    }
}
